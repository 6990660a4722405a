"""Whatever well-typed nonsense an order holds, it is taken in or refused by a sentence (API-1, API-2, A-6)."""

import copy
import json
import logging
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from babel.numbers import list_currencies
from databases import BEN, OWNER, TestShop
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backoffice_app.domain.core import clock
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.intake import files, take_in
from backoffice_app.domain.intake.files import read_file
from backoffice_app.domain.intake.take_in import ImportedRow, Outcome, import_files
from backoffice_app.domain.orders.new_order import InvalidOrder, NewOrder, parse_order
from backoffice_app.domain.rest_view import order_page
from backoffice_app.formats import format_moment, format_money
from backoffice_app.i18n import _

MOMENTS = ("placed_at", "payment.paid_at", "payments[0].paid_at", "shipments[0].shipped_at", "cancelled_at")
TEXTS = [
    "",
    " ",
    "\ud800",
    "\0",
    "\u202e",
    "\u200b",
    "x" * 10_001,
    "🇩🇪",
    "{value}{0}%s",
    "'; DROP TABLE orders",
    "\r\n.\r\n",
    "\ufffe",
]
NUMBERS = [
    "0",
    "-0.00",
    "0.000001",
    "10000000000",
    "9999999999.99",
    "10000000",
    "1e5",
    "NaN",
    "-1",
    "٢",
    "9" * 15,
    "0." + "0" * 12,
    "1.0",
]
WHEN = [
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "1970-01-01T00:00:00Z",
    "1970-01-01T00:00:00+14:00",
    "2300-01-01T00:00:00Z",
]
WHEN += [
    "2026-11-20T18:04:11.9999999999+01:00",
    "2026-11-20t10:00:00z",
    "2026-11-20T10:00:00+99:99",
    "2242-04-01T00:00:00Z",
    "٢٠٢٦-11-20T10:00:00Z",
]
LANGUAGES = [
    "w",
    "zz",
    "C",
    "xx-YY",
    "é",
    "i-klingon",
    "de-FR",
    "sv-DE",
    "ja-US",
    "azb",
    "haz",
    "POSIX",
    "de_DE_formal",
    "pt_BR",
    "iw",
    "de-",
]
EMPTY = [[], {}, None, [[]], [None], {"": {}}, "", 0, False]

texts = st.one_of(st.sampled_from(TEXTS), st.text(st.characters(exclude_categories=[]), max_size=20))
numbers = st.one_of(
    st.sampled_from(NUMBERS), st.decimals(-(10**16), 10**16, allow_nan=False).map(lambda d: f"{d:f}")
)
zones = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.one_of(st.sampled_from(WHEN), st.datetimes(timezones=zones).map(datetime.isoformat))
languages = st.one_of(st.sampled_from(LANGUAGES), st.text("abcdexyz-_@.", max_size=12))
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "texts": texts,
    "numbers": numbers,
    "moments": moments,
    "languages": languages,
    "currencies": st.sampled_from(sorted(list_currencies())),
    "empty": st.sampled_from(EMPTY),
}
FIELDS = {
    "texts": (
        "external_reference source number_at_source comment tags.0 customer.external_reference "
        "customer.email customer.phone "
        "customer.first_name customer.last_name customer.company customer.vat_id billing_address.name "
        "billing_address.street "
        "billing_address.postcode billing_address.country lines.0.sku lines.0.name lines.0.unit "
        "lines.0.vat_category shipping.method "
        "shipping.name payment.method payment.name payment.state payment.provider_reference prices discount.name"
    ),
    "numbers": (
        "lines.0.quantity lines.0.unit_price lines.0.discount lines.0.vat_rate shipping.price "
        "payment.cost discount.amount total"
    ),
    "moments": "placed_at payment.paid_at shipments.0.shipped_at payments.0.paid_at cancelled_at",
    "languages": "language",
    "currencies": "currency",
    "empty": (
        "customer lines lines.0 tags payments payments.0 shipments shipments.0.lines billing_address "
        "shipping_address discount total"
    ),
}


def place_in(order: dict[str, Any], path: str, value: object) -> None:
    """Puts `value` at `path`, where it can be reached."""
    here: Any = order
    *way, last = path.split(".")
    for step in way:
        here = (
            here[int(step)]
            if step.isdigit() and isinstance(here, list) and here
            else here.get(step)
            if isinstance(here, dict)
            else None
        )
    if isinstance(here, dict):
        here[last] = value
    elif isinstance(here, list) and here:
        here[0] = value


def full_order(shop: TestShop, **wishes: Any) -> dict[str, Any]:
    """An order with something in every container, all of it right."""
    placed = "2026-11-20T10:00:00+01:00"
    more = {
        "payment": {"method": "card", "name": "Card", "state": "paid", "paid_at": placed},
        "payments": [{"amount": "5.00", "method": "gift-card", "paid_at": placed}],
        "shipments": [{"shipped_at": placed, "lines": [{"line": 0, "quantity": "1"}]}],
        "cancelled_at": None,
        "tags": ["gift"],
    }
    return copy.deepcopy(shop.new_order(lines=2).as_json() | more | wishes)


def with_its_sum(data: dict[str, Any]) -> NewOrder:
    """The order, with the total that its lines come to, so that extreme figures get as far as the database."""
    try:
        return parse_order(data)
    except InvalidOrder as refused:
        [*others, last] = refused.problems
        if others or last.field != "total" or "sum" not in last.reason.values:
            raise
        return parse_order(data | {"total": str(last.reason.values["sum"]).split(" ")[0]})


changes = st.lists(
    st.sampled_from([(path, kind) for kind, paths in FIELDS.items() for path in paths.split()]).flatmap(
        lambda place: st.tuples(st.just(place[0]), KINDS[place[1]])
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes)
def test_a6_no_value_of_an_order_is_an_error_of_ours(shop: TestShop, drawn: list[tuple[str, Any]]) -> None:
    data = full_order(shop)
    for path, value in drawn:
        place_in(data, path, value)
    try:
        taken = take_in.take_in(BEN, with_its_sum(data))
    except (InvalidOrder, Invalid, Refused) as no:
        for problem in getattr(no, "problems", [no]):
            assert problem.reason.in_language("de").encode()
    else:
        order = shop.load(taken.order_id)
        assert format_moment(order.placed_at, order.language, "Pacific/Kiritimati")
        assert format_money(order.total, order.currency, order.language)


@pytest.mark.parametrize("field", MOMENTS)
@pytest.mark.parametrize(
    ("when", "says"),
    [
        ("0001-01-01T00:00:00Z", "lies before 1970"),
        ("1969-12-31T23:59:59Z", "lies before 1970"),
        ("9999-12-31T23:59:59Z", "more than two days in the future"),
        ("2242-04-01T00:00:00Z", "more than two days in the future"),
    ],
)
def test_a6_a_moment_lies_between_1970_and_the_day_after_tomorrow(
    small_shop: TestShop, field: str, when: str, says: str
) -> None:
    data = full_order(small_shop)
    place_in(data, field.replace("[0]", ".0"), when)
    with pytest.raises(InvalidOrder) as refused:
        parse_order(data)
    assert [(p.field, says in p.reason.in_language("en")) for p in refused.value.problems] == [(field, True)]


@pytest.mark.parametrize("field", MOMENTS)
def test_a6_the_clock_of_a_shop_may_be_a_day_ahead(small_shop: TestShop, field: str) -> None:
    data = full_order(small_shop)
    with clock.at(datetime(2026, 11, 20, 12, tzinfo=UTC)):
        place_in(data, field.replace("[0]", ".0"), "2026-11-22T11:59:59Z")
        parse_order(data)
        place_in(data, field.replace("[0]", ".0"), "2026-11-22T12:00:01Z")
        with pytest.raises(InvalidOrder):
            parse_order(data)


def test_a6_the_first_second_of_1970_is_an_order_in_every_zone(shop: TestShop) -> None:
    taken = take_in.take_in(BEN, shop.new_order(placed_at="1970-01-01T00:00:00Z"))
    assert order_page(1, "").orders[0].number == taken.order_number
    assert (
        format_moment(shop.load(taken.order_id).placed_at, "de", "America/Los_Angeles")
        == "31.12.1969, 16:00:00"
    )


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("de-FR", "de"),
        ("sv-DE", "sv"),
        ("ja-US", "ja"),
        ("de_DE_formal", "de"),
        ("pt_BR", "pt-BR"),
        ("pt-AO", "pt"),
        ("iw", "he"),
        ("", ""),
    ],
)
def test_a6_a_language_is_known_by_its_first_part(small_shop: TestShop, sent: str, kept: str) -> None:
    assert small_shop.new_order(language=sent).language == kept


@pytest.mark.parametrize("code", ["w", "zz", "C", "xx-YY", "é", "i-klingon", "de-", "azb", "POSIX"])
def test_a6_a_language_that_nobody_knows_is_refused_by_name(small_shop: TestShop, code: str) -> None:
    with pytest.raises(InvalidOrder) as refused:
        small_shop.new_order(language=code)
    assert [p.field for p in refused.value.problems] == ["language"]


@pytest.mark.parametrize("code", ["zz", "azb", "i-klingon", "C"])
def test_a6_a_code_without_a_locale_is_written_as_in_english(code: str) -> None:
    assert format_money(1999, "EUR", code) == "€19.99"


WOO = {
    "id": 7,
    "status": "processing",
    "currency": "EUR",
    "prices_include_tax": True,
    "date_created_gmt": "2026-11-20T10:00:00",
    "billing": {"last_name": "Brand", "country": "DE"},
    "line_items": [{"name": "Tea", "quantity": 1, "total": "10.00", "total_tax": "0.00", "taxes": []}],
    "total": "10.00",
    "total_tax": "0.00",
}
SHOPIFY = {
    "id": 8,
    "currency": "EUR",
    "financial_status": "pending",
    "taxes_included": True,
    "created_at": "2026-11-20T10:00:00Z",
    "billing_address": {"last_name": "Brand", "country_code": "DE"},
    "line_items": [{"name": "Tea", "quantity": 1, "price": "10.00", "taxable": False}],
    "subtotal_price": "10.00",
    "total_price": "10.00",
    "total_tax": "0.00",
}


@pytest.mark.parametrize(
    "order",
    [WOO | {"meta_data": [{"key": "wpml_language", "value": "zz"}]}, SHOPIFY | {"customer_locale": "zz"}],
)
def test_a6_a_language_another_shop_makes_up_is_a_remark_and_no_wall(
    small_shop: TestShop, tmp_path: Path, order: dict[str, Any]
) -> None:
    file = tmp_path / "orders.json"
    file.write_text(json.dumps(order))
    [row] = import_files(OWNER, [file])
    assert (row.outcome, row.remarks[0].in_language("en")[:24]) == (
        Outcome.IMPORTED,
        "“zz” is no language that",
    )
    assert order_page(1, "").orders[0].language == "en"


def number_in(row: ImportedRow) -> str:
    [problem] = row.problems
    assert problem.reason.message == _("Something broke here. In the log it has the number {number}.").message
    return str(problem.reason.values["number"])


@pytest.mark.parametrize("where", ["reading", "taking in"])
@pytest.mark.parametrize("dry_run", [True, False])
def test_a6_an_order_that_breaks_kontor_stops_no_import(
    shop: TestShop,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    where: str,
    dry_run: bool,
) -> None:
    module, name = (files, "read_order") if where == "reading" else (take_in, "place_order")
    right, calls = getattr(module, name), []

    def breaks_at_the_second(*arguments: Any, **named: Any) -> Any:
        calls.append(arguments)
        if len(calls) == 2:
            raise OverflowError("too large for anything")
        return right(*arguments, **named)

    monkeypatch.setattr(module, name, breaks_at_the_second)
    file = tmp_path / "orders.json"
    file.write_text(json.dumps([shop.new_order().as_json() for _n in range(3)]))
    with caplog.at_level(logging.ERROR):
        rows = list(import_files(OWNER, [file], dry_run=dry_run))

    good = Outcome.WOULD_BE if dry_run else Outcome.IMPORTED
    assert [row.outcome for row in rows] == [good, Outcome.REFUSED, good]
    [record] = [r for r in caplog.records if r.name == "kontor.intake"]
    assert number_in(rows[1]) in record.getMessage()
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], OverflowError)
    assert len(order_page(10, "").orders) == (0 if dry_run else 2)


@pytest.mark.parametrize(
    "odd",
    [
        {"refund": "x"},
        WOO | {"meta_data": 5},
        WOO | {"meta_data": [{"key": "_vat_number", "value": {}}]},
        SHOPIFY | {"note": []},
    ],
)
def test_a6_no_shape_of_another_shops_order_ends_a_file(small_shop: TestShop, odd: dict[str, Any]) -> None:
    rows = list(read_file(json.dumps([odd, small_shop.new_order().as_json()]).encode()))
    assert [bool(row.order) for row in rows][1:] == [True]
