"""The API's JSON as a NewOrder: what is taken, what is refused, and in which words (API-1, API-2)."""

import copy
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice_app.domain.core.money import round_half_up
from backoffice_app.domain.invoicing.totals import Cost, Goods, invoice_totals
from backoffice_app.domain.orders.new_order import InvalidOrder, parse_order
from backoffice_app.domain.orders.sums import total_of

ORDER: dict[str, Any] = {
    "external_reference": "A-1",
    "source": "my-shop",
    "placed_at": "2026-11-20T18:04:11+01:00",
    "language": "de",
    "currency": "EUR",
    "prices": "gross",
    "customer": {"email": "zoe@example.com", "last_name": "Brand"},
    "billing_address": {
        "name": "Zoë Brand",
        "street": "Am Markt 3",
        "postcode": "20095",
        "city": "Hamburg",
        "country": "de",
    },
    "shipping_address": None,
    "lines": [
        {
            "sku": "TEA",
            "name": "Tea",
            "quantity": "2",
            "unit_price": "9.95",
            "discount": "0.90",
            "vat_rate": "7",
        },
        {
            "sku": "ROPE",
            "name": "Rope",
            "quantity": "1.5",
            "unit": "m",
            "unit_price": "3.33",
            "vat_rate": "19",
        },
    ],
    "discount": {"name": "HELLO", "amount": "2.00"},
    "shipping": {"method": "dhl", "name": "DHL", "price": "4.90", "vat_rate": "19"},
    "payment": {
        "method": "card",
        "name": "Card",
        "cost": "0.10",
        "vat_rate": "19",
        "state": "paid",
        "paid_at": "2026-11-20T18:05:00Z",
    },
    "total": "27.00",
    "comment": "Ring twice.\r\nThank you.",
    "tags": ["gift"],
}


def changed(**fields: object) -> dict[str, Any]:
    """ORDER with some fields set; `lines__0__quantity` reaches into it."""
    order = copy.deepcopy(ORDER)
    for path, value in fields.items():
        place: Any = order
        *way, last = path.split("__")
        for step in way:
            place = place[int(step)] if step.isdigit() else place[step]
        place[last] = value
    return order


def refusal(order: object) -> dict[str, str]:
    with pytest.raises(InvalidOrder) as refused:
        parse_order(order)
    return {p.field: p.reason.in_language("en") for p in refused.value.problems}


def test_api1_an_order_becomes_exact_figures_in_utc() -> None:
    order = parse_order(ORDER)
    assert order.placed_at == datetime(2026, 11, 20, 17, 4, 11, tzinfo=UTC)
    assert order.billing_address.country == "DE"
    assert order.shipping_address is None
    assert [order.line_total(line) for line in order.lines] == [1900, 500]
    assert order.minor(order.total) == total_of(order) == 2700
    assert order.comment == "Ring twice.\nThank you."


@pytest.mark.parametrize("number", [19.95, 20, Decimal("19.95"), True, float("nan")])
def test_api2_a_json_number_is_no_money(number: object) -> None:
    problems = refusal(changed(lines__0__unit_price=number, total=number))
    assert set(problems) == {"lines[0].unit_price", "total"}
    assert "JSON number" in problems["total"]


@pytest.mark.parametrize(
    "value", ["", "1e5", "NaN", "Infinity", "1,50", "0x10", "١٢", " ", "1_000", "--1", None, [], "9" * 40]
)
def test_api2_only_plain_decimal_text_is_money(value: object) -> None:
    assert set(refusal(changed(total=value))) == {"total"}


def test_api2_lines_that_do_not_add_up_are_said_with_both_figures() -> None:
    reason = refusal(changed(total="27.01"))["total"]
    assert "27.01 EUR" in reason
    assert "27.00 EUR" in reason


def test_api2_net_prices_get_vat_once_per_rate() -> None:
    net = changed(prices="net", total="33.19", lines__0__discount="0.00", discount=None)
    assert total_of(parse_order(net)) == (1990 + 139) + (500 + 490 + 10 + 190) == 3319


def test_api1_every_wrong_field_is_named_as_the_caller_wrote_it() -> None:
    order = changed(
        lines__1__quantity="0",
        lines__0__vat_rate="101",
        prices="brutto",
        customer__email="x" * 255,
        placed_at="2026-11-20T18:04:11",
    )
    order["lines"][0]["colour"] = "red"
    del order["billing_address"]["country"]
    assert set(refusal(order)) == {
        "lines[1].quantity",
        "lines[0].vat_rate",
        "lines[0].colour",
        "prices",
        "customer.email",
        "placed_at",
        "billing_address.country",
    }


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("placed_at", "2026-02-30T10:00:00Z"),
        ("placed_at", "0001-01-01T00:00:00+14:00"),
        ("currency", "EURO"),
        ("billing_address__country", "XX"),
        ("language", "xx-yy-zz"),
        ("comment", "half \ud83d"),
        ("tags", ["x" * 256]),
        ("lines", []),
        ("lines__0__name", "\x00\x07"),
        ("lines__0__discount", "19.91"),
        ("discount__amount", "24.01"),
        ("payment__state", "maybe"),
        ("lines__0__vat_category", "E"),
        ("lines__0__unit_price", "1.1234567"),
        ("shipping__price", "4.905"),
        ("lines", ["tea"]),
        ("lines", "tea"),
    ],
)
def test_api1_what_cannot_be_is_refused(path: str, value: object) -> None:
    wanted = path.replace("__0", "[0]").replace("__", ".")
    assert any(field.startswith(wanted) for field in refusal(changed(**{path: value})))


def test_api1_what_is_no_object_is_refused() -> None:
    assert refusal([ORDER]) == {"": "An order must be a JSON object."}


def test_api1_control_characters_do_not_come_in() -> None:
    order = parse_order(changed(lines__0__name="\tTea\x00\x1b[31m \u200fשלום"))
    assert order.lines[0].name == "Tea[31m שלום"


def test_api1_currencies_without_cents_have_none() -> None:
    yen = changed(
        currency="JPY",
        lines=[{"name": "Tea", "quantity": "3", "unit_price": "333.5", "vat_rate": "10"}],
        total="1001",
    )
    yen |= {"discount": None, "shipping": None, "payment": None}
    assert parse_order(yen).minor(parse_order(yen).total) == 1001
    assert set(refusal(yen | {"total": "1000.5"})) == {"total"}


def test_pay1_a_gift_card_is_a_payment_and_the_rest_is_the_chosen_one() -> None:
    order = parse_order(
        ORDER
        | {"payments": [{"amount": "24.00", "method": "gift-card"}, {"amount": "-5.00", "reason": "Broken"}]}
    )
    assert [p.amount for p in order.received()] == [Decimal("3.00"), Decimal("24.00"), Decimal("-5.00")]


def test_pay1_an_open_payment_is_no_money() -> None:
    assert parse_order(changed(payment__state="authorised")).received() == ()


def test_ship1_no_more_is_shipped_than_was_ordered() -> None:
    shipment = {
        "shipped_at": "2026-11-21T10:00:00Z",
        "tracking_numbers": ["00340"],
        "lines": [{"line": 0, "quantity": "2"}],
    }
    assert parse_order(ORDER | {"shipments": [shipment]}).shipments[0].lines[0].line == 0
    assert set(refusal(ORDER | {"shipments": [shipment, shipment]})) == {"shipments[1].lines[0].quantity"}


def test_api1_ten_thousand_lines_are_an_order_and_one_more_is_not() -> None:
    line = {"name": "Pin", "quantity": "1", "unit_price": "0.01", "vat_rate": "19"}
    order = ORDER | {
        "lines": [line] * 10_000,
        "discount": None,
        "shipping": None,
        "payment": None,
        "total": "100.00",
    }
    assert len(parse_order(order).lines) == 10_000
    assert set(refusal(order | {"lines": [line] * 10_001})) == {"lines"}


cents = st.integers(0, 10**7).map(lambda minor: f"{Decimal(minor).scaleb(-2):f}")
rates = st.sampled_from(["0", "5.5", "7", "19", "20", "25.5"])
words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
lines = st.fixed_dictionaries(
    {
        "sku": words,
        "name": words.map(lambda text: f"x{text}"),
        "quantity": st.decimals("0.001", 5000, places=3).map(lambda d: f"{d:f}"),
        "unit_price": st.decimals(0, 500, places=4).map(lambda d: f"{d:f}"),
        "vat_rate": rates,
        "ships": st.booleans(),
    }
)
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.builds(
    lambda second, zone: datetime.fromtimestamp(second, zone).isoformat(), st.integers(0, 17 * 10**8), zones
)


orders = st.fixed_dictionaries(
    {
        "lines": st.lists(lines, min_size=1, max_size=6),
        "prices": st.sampled_from(["gross", "net"]),
        "placed_at": moments,
        "shipping": st.fixed_dictionaries({"price": cents, "vat_rate": rates}),
        "comment": words,
        "payment": st.fixed_dictionaries({"state": st.sampled_from(["open", "authorised", "paid"])}),
        "payments": st.lists(
            st.fixed_dictionaries({"amount": st.sampled_from(["5.00", "-0.01"])}), max_size=3
        ),
    }
)


@settings(max_examples=100, deadline=None)
@given(orders)
def test_api1_a_dumped_order_parses_back_equal(drawn: dict[str, Any]) -> None:
    data = changed(**drawn, discount=None)
    with pytest.raises(InvalidOrder) as first:
        parse_order(data | {"total": "123456789.01"})
    amount, _currency = str(first.value.problems[0].reason.values["sum"]).split(" ")
    order = parse_order(data | {"total": amount})
    again = parse_order(order.as_json())
    assert again == order
    assert again.as_json() == order.as_json()


@settings(max_examples=200, deadline=None)
@given(orders, st.integers(0, 10_000))
def test_inv4_an_order_that_adds_up_gives_an_invoice_of_the_same_total(
    drawn: dict[str, Any], discount: int
) -> None:
    goods = [
        Goods(
            Decimal(x["quantity"]),
            Decimal(x["unit_price"]),
            Decimal(x["vat_rate"]),
            "S" if x["vat_rate"] != "0" else "Z",
        )
        for x in drawn["lines"]
    ]
    worth = sum(round_half_up(g.quantity * g.unit_price * 100) for g in goods)
    discount = min(discount, worth)
    data = changed(**drawn | {"discount": {"amount": f"{Decimal(discount).scaleb(-2):f}"}})
    shipping, rate = data["shipping"], Decimal(data["shipping"]["vat_rate"])
    costs = [Cost("shipping", int(Decimal(shipping["price"]).scaleb(2)), rate, "S" if rate else "Z")]
    issued = invoice_totals(data["prices"], "EUR", goods, costs, discount=discount)
    assert parse_order(data | {"total": f"{Decimal(issued.total).scaleb(-2):f}"}).total == Decimal(
        issued.total
    ).scaleb(-2)
