"""Files of orders: recognised by themselves, refused as a whole or row by row, and read without losing a
digit (API-2).
"""

import json
from pathlib import Path
from typing import Any

import pytest

from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.intake import json_text
from backoffice_app.domain.intake.files import Format, count_orders, read_file, recognise

ORDER: dict[str, Any] = {
    "external_reference": "K-1",
    "placed_at": "2026-11-20T18:04:11+01:00",
    "currency": "EUR",
    "prices": "gross",
    "billing_address": {"name": "Li Wu", "country": "NL"},
    "lines": [{"name": "Tea", "quantity": "1", "unit_price": "5.00", "vat_rate": "9"}],
    "total": "5.00",
}


def file_of(value: object) -> bytes:
    return json.dumps(value).encode()


def whole_refusal(raw: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        read_file(raw)
    return str(refused.value.reason.in_language("en"))


@pytest.mark.parametrize("value", [ORDER, [ORDER], {"orders": [ORDER]}, [{"data": ORDER}], {"data": [ORDER]}])
def test_api2_single_orders_arrays_and_envelopes_are_read(value: object, tmp_path: Path) -> None:
    file = tmp_path / "orders.json"
    file.write_bytes(b"\xef\xbb\xbf" + file_of(value))
    [row] = read_file(file)
    assert (row.index, row.name, row.problems) == (1, "K-1", ())
    assert row.order is not None
    assert count_orders(file) == 1


def test_api2_a_bad_row_is_named_and_the_others_are_read() -> None:
    bad = ORDER | {"external_reference": "K-2", "total": 5.0}
    rows = list(read_file(file_of([ORDER, bad, 7, ORDER | {"external_reference": "K-3"}])))
    assert [(r.index, r.name, r.order is not None) for r in rows] == [
        (1, "K-1", True),
        (2, "K-2", False),
        (3, "", False),
        (4, "K-3", True),
    ]
    assert "JSON number" in rows[1].problems[0].reason.in_language("en")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"a": [1],\n}', "Line 2, column 1"),
        ('[\n{"a": 1}\n{"b": 2}]', "Line 3, column 1"),
        ('[{"a": 1},\n]', "Line 2, column 1"),
        ('[{"a": 1}', "Line 1, column 10"),
        ('{"a": 1} x', "Line 1, column 10"),
        ("[" * 100_000, "Line 1, column"),
    ],
)
def test_api2_a_file_that_is_no_json_is_refused_with_line_and_column(text: str, place: str) -> None:
    assert place in whole_refusal(text.encode())


@pytest.mark.parametrize(
    ("text", "said"),
    [(" \n", "The file is empty."), ("number;total\n1;2", "as CSV or Excel are not read here")],
)
def test_api2_a_file_that_holds_something_else_is_told_so(text: str, said: str) -> None:
    assert said in whole_refusal(text.encode())


def test_api2_a_file_that_breaks_off_after_good_orders_is_refused_as_a_whole() -> None:
    assert "no valid JSON" in whole_refusal(file_of([ORDER, ORDER])[:-1])


def test_api2_a_file_that_is_not_utf8_is_refused_with_its_line() -> None:
    assert "Line 2" in whole_refusal(b'{"a":\n"\xff"}')


def test_api2_a_field_that_stands_twice_is_refused_by_name() -> None:
    with pytest.raises(Invalid) as refused:
        read_file(b'{"total": "1.00", "total": "2.00"}')
    assert refused.value.field == "total"


def test_api2_very_many_fields_take_no_longer_to_refuse_than_to_read() -> None:
    """A quarter of a million names before the one that stands twice: compared with one another they would take half an
    hour.
    """
    fields = ",".join(f'"k{number}":1' for number in range(250_000))
    with pytest.raises(Invalid) as refused:
        list(json_text.values(f'{{{fields},"k249999":1}}'))
    assert refused.value.field == "k249999"


@pytest.mark.parametrize("number", ["10.799999999999999", "0.1", "1e-7"])
def test_api2_a_json_number_keeps_all_its_digits(number: str) -> None:
    [value] = json_text.values(f'{{"price": {number}}}')
    assert isinstance(value, dict)
    assert value["price"] == json_text.Decimal(number)


def test_api2_numbers_without_end_are_refused_not_computed() -> None:
    [row] = read_file(b'{"lines": [], "total": ' + b"9" * 100_000 + b"}")
    assert row.order is None


def test_api2_formats_are_recognised() -> None:
    assert recognise(ORDER) is Format.KONTOR
    assert recognise({"line_items": [], "order_key": "x"}) is Format.WOOCOMMERCE
    assert recognise({"line_items": [], "total_price": "1"}) is Format.SHOPIFY


@pytest.mark.parametrize(
    ("order", "says"),
    [
        (
            {
                "number": "R-1",
                "addressBillingCity": "Delft",
                "addressBillingCountry": {"code": "nl"},
                "priceIncl": 9.5,
            },
            "Lightspeed",
        ),
        ({"colour": "red"}, "colour"),
        ("tea", "JSON object"),
    ],
)
def test_api2_what_is_no_order_is_refused_saying_what_it_is(order: object, says: str) -> None:
    [row] = read_file(file_of([order]))
    assert says in row.problems[0].reason.in_language("en")


def test_api2_a_format_that_does_not_fit_is_said() -> None:
    [row] = read_file(file_of(ORDER), Format.SHOPIFY)
    assert "kontor" in row.problems[0].reason.in_language("en")
