"""WooCommerce orders as shops really send them: nothing that was paid is turned away, and nothing is lost without a
word (API-2).
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from databases import TestShop
from payloads import imported, refusals_of, remarks_of, taken, woo, woo_line

from backoffice_app.domain.intake.given import Home
from backoffice_app.domain.intake.take_in import Outcome

BERLIN = Home("DE", "Europe/Berlin")
BLANK = dict.fromkeys(
    ("first_name", "last_name", "company", "address_1", "address_2", "city", "state", "postcode", "country"),
    "",
)


def test_intake5_two_taxes_that_are_rounded_apart_keep_the_rate_the_shop_names() -> None:
    taxes = [{"rate_id": 1, "rate_percent": 5}, {"rate_id": 2, "rate_percent": 9.975}]
    line = woo_line("10.10", "1.52", taxes=[{"id": 1, "total": "0.51"}, {"id": 2, "total": "1.01"}])
    order = taken(woo(line, tax_lines=taxes, currency="CAD"))
    assert (order.lines[0].vat_rate, order.total) == (Decimal("14.975"), Decimal("11.62"))


@pytest.mark.parametrize(
    ("percents", "net", "taxes", "rate"),
    [
        (("21", "5.2"), "9.97", ("2.09", "0.52"), "26.2"),  # Spain: VAT and recargo de equivalencia
        (("4", "4.875"), "3.33", ("0.13", "0.16"), "8.875"),  # New York
        (("2.9", "1", "4.81"), "7.77", ("0.23", "0.08", "0.37"), "8.71"),  # Denver: state, district, city
    ],
)
def test_intake5_sisters_in_spain_and_in_the_states(
    percents: tuple[str, ...], net: str, taxes: tuple[str, ...], rate: str
) -> None:
    named = [{"rate_id": i, "rate_percent": percent} for i, percent in enumerate(percents)]
    tax = sum(map(Decimal, taxes))
    line = woo_line(net, str(tax), taxes=[{"id": i, "total": one} for i, one in enumerate(taxes)])
    assert taken(woo(line, tax_lines=named)).lines[0].vat_rate == Decimal(rate)


def test_intake29_a_rate_of_three_decimals_that_nobody_names_is_found_and_said() -> None:
    order = woo(woo_line("340.40", "30.21", quantity=2), prices_include_tax=False)
    assert taken(order).lines[0].vat_rate == Decimal("8.875")
    assert "8.875 % gives its tax" in remarks_of(order)


def test_intake29_taxes_with_as_many_digits_as_a_float_has_are_read() -> None:
    line = woo_line("10.00", "1.90", taxes=[{"id": 1, "total": "1.8999999999999999111821580299875"}])
    assert taken(woo(line, tax_lines=[{"rate_id": 1, "rate_percent": 19}])).lines[0].vat_rate == 19


def test_intake20_vat_other_than_the_shops_is_said_where_the_total_hides_it() -> None:
    order = woo(*[woo_line("0.84", "0.16")] * 3, prices_include_tax=True, total="3.00", total_tax="0.50")
    assert taken(order).total == Decimal("3.00")
    assert "The shop says 0.50 EUR of VAT; rounded once for each rate it is 0.48" in remarks_of(order)


@pytest.mark.parametrize("where", ["paid", "cash on delivery"])
def test_intake6_an_order_without_an_address_is_kept_with_the_shops_country(where: str) -> None:
    order = woo(billing=BLANK | {"email": "", "phone": ""}, shipping=BLANK)
    if where == "cash on delivery":
        order |= {"date_paid_gmt": None, "payment_method": "cod"}
    assert taken(order, Home("AT")).billing_address.country == "AT"
    assert "own, AT" in remarks_of(order, Home("AT"))


def test_intake6_a_country_that_only_the_shipping_address_says_is_the_orders() -> None:
    there = BLANK | {
        "last_name": "Holm",
        "address_1": "Nygade 7",
        "city": "Aarhus",
        "postcode": "8000",
        "country": "DK",
    }
    order = woo(billing=BLANK, shipping=there)
    assert (taken(order).billing_address.country, remarks_of(order)) == ("DK", "")


@pytest.mark.parametrize(("sent", "kept"), [("UK", "GB"), ("el", "GR"), ("dk", "DK")])
def test_intake6_country_codes_that_are_in_use_are_understood(sent: str, kept: str) -> None:
    assert taken(woo(billing=BLANK | {"last_name": "Holm", "country": sent})).billing_address.country == kept


def test_intake24_a_shipping_address_with_a_name_alone_is_none() -> None:
    assert taken(woo(shipping=BLANK | {"first_name": "Ida", "last_name": "Holm"})).shipping_address is None


def test_intake24_a_shipping_address_without_its_country_has_that_of_the_bill() -> None:
    order = taken(woo(shipping=BLANK | {"last_name": "Holm", "address_1": "Havnen 2", "city": "Aarhus"}))
    assert order.shipping_address is not None
    assert (order.shipping_address.street, order.shipping_address.country) == ("Havnen 2", "DK")


def test_intake7_what_the_customer_had_engraved_is_kept_with_its_line() -> None:
    told = [
        {
            "key": "engraving",
            "value": "For Gran",
            "display_key": "Engraving",
            "display_value": "<p>For Gran &amp; Co</p>",
        },
        {"key": "_reduced_stock", "value": "1", "display_key": "_reduced_stock", "display_value": "1"},
        {"key": "Gift wrap", "value": "yes"},
        {"key": "Extras", "value": ["ribbon", 2]},
        {"key": "Files", "value": {"url": "x"}},
        {"key": "Empty", "value": ""},
        {"key": 7, "value": True},
    ]
    [line] = taken(woo(woo_line("10.00", meta_data=told))).lines
    assert line.options == "Engraving: For Gran & Co\nGift wrap: yes\nExtras: ribbon, 2"


def test_intake32_titles_are_read_as_people_see_them() -> None:
    way = {"method_id": "dpd", "method_title": "DPD &amp; Co", "total": "0.00", "total_tax": "0.00"}
    order = taken(
        woo(
            woo_line("10.00", name="Tops &amp; trousers"),
            shipping_lines=[way],
            payment_method_title="Card &ndash; now",
            coupon_lines=[{"code": "a&amp;b"}],
        )
    )
    assert (order.lines[0].name, order.shipping.name, order.payment.name) == (
        "Tops & trousers",
        "DPD & Co",
        "Card – now",
    )
    assert order.discount.name == "a&b"


@pytest.mark.parametrize("field", ["fee_lines", "shipping_lines"])
def test_intake18_an_order_of_fees_alone_is_an_order_that_ships_nothing(shop: TestShop, field: str) -> None:
    one = {
        "name": "Own amount",
        "method_id": "flat",
        "method_title": "Own amount",
        "total": "4.20",
        "total_tax": "0.80",
    }
    number = imported(woo(line_items=[], **{field: [one]}, total="5.00", total_tax="0.80"))
    order = shop.load(number)
    assert [(line.name, line.ships, line.total) for line in order.lines] == [("Own amount", False, 420)]
    assert (order.total, order.status) == (500, "completed")


def test_intake18_an_order_of_nothing_is_refused() -> None:
    assert refusals_of(woo(line_items=[])) == {"line_items": "The order has no lines."}


def test_intake18_a_line_that_was_taken_out_again_is_left_out() -> None:
    assert len(taken(woo(woo_line("10.00"), woo_line("0.00", quantity=0))).lines) == 1


@pytest.mark.parametrize("status", ["partly-shipped", "teilversandt", "Order ready"])
def test_intake22_a_status_of_the_shops_own_refuses_nothing_and_is_said(status: str) -> None:
    assert taken(woo(status=status)).payment.state == "paid"
    assert f"“{status}” is a status of the shop's own" in remarks_of(woo(status=status))


def test_intake22_a_status_with_its_prefix_is_the_status() -> None:
    assert (taken(woo(status="wc-processing")).payment.state, remarks_of(woo(status="wc-processing"))) == (
        "paid",
        "",
    )


def local(**dates: str) -> dict[str, Any]:
    order = woo(**dates)
    return {key: value for key, value in order.items() if not key.endswith("_gmt")}


@pytest.mark.parametrize(
    ("told", "placed"),
    [
        ("2026-07-01T00:30:00", datetime(2026, 6, 30, 22, 30, tzinfo=UTC)),
        ("2026-01-01 00:30:00", datetime(2025, 12, 31, 23, 30, tzinfo=UTC)),
        ("2026-07-01T00:30:00+09:00", datetime(2026, 6, 30, 15, 30, tzinfo=UTC)),
    ],
)
def test_intake15_a_date_without_a_zone_is_of_the_shops_zone(told: str, placed: datetime) -> None:
    order = local(date_created=told, date_paid=told)
    assert taken(order, BERLIN).placed_at == placed
    assert ("Europe/Berlin" in remarks_of(order, BERLIN)) is not told.endswith("09:00")


@pytest.mark.parametrize("told", ["2026-02-30T10:00:00", "2026-10-25T02:30:00", "2026-03-29T02:30:00"])
def test_intake15_a_time_that_does_not_exist_or_exists_twice_breaks_nothing(told: str) -> None:
    order = local(date_created=told, date_paid=told)
    if told.startswith("2026-02"):
        assert set(refusals_of(order, BERLIN)) == {"date_created_gmt", "date_paid_gmt"}
    else:
        assert taken(order, BERLIN).placed_at.year == 2026


def test_intake11_refunds_of_an_order_without_a_day_of_payment_are_of_a_paid_one(shop: TestShop) -> None:
    sent = woo(
        status="completed",
        date_paid_gmt=None,
        date_completed_gmt="2026-10-06T10:00:00",
        refunds=[{"id": 7, "total": "-4.00"}],
    )
    order = shop.load(imported(sent))
    assert (order.open_amount, order.payment_state, order.status) == (0, "part_refunded", "completed")
    assert "it is taken as paid" in remarks_of(sent)


@pytest.mark.parametrize("status", ["pending", "on-hold", "cancelled"])
def test_intake11_refunds_of_an_order_that_was_never_paid_are_no_money(shop: TestShop, status: str) -> None:
    sent = woo(status=status, date_paid_gmt=None, refunds=[{"id": 7, "total": "-4.00"}])
    order = shop.load(imported(sent))
    assert (order.payments, order.paid) == ([], 0)
    assert "never paid" in remarks_of(sent)


def test_intake12_an_order_called_refunded_without_a_refund_owes_nothing(shop: TestShop) -> None:
    sent = woo(status="refunded")
    order = shop.load(imported(sent))
    assert ([p.amount for p in order.payments], order.payment_state, order.status) == (
        [1000, -1000],
        "refunded",
        "cancelled",
    )
    assert "lists no refund" in remarks_of(sent)


@pytest.mark.parametrize("status", ["pending", "processing", "on-hold"])
def test_intake3_what_is_refunded_in_full_before_it_shipped_waits_for_nothing(
    shop: TestShop, status: str
) -> None:
    order = shop.load(imported(woo(status=status, refunds=[{"id": 7, "total": "-10.00"}])))
    assert (order.status, order.shipments, order.documents) == ("cancelled", [], [])


def test_intake3_a_refund_of_a_part_is_said_before_anything_ships() -> None:
    assert "Check what is still to be shipped" in remarks_of(woo(refunds=[{"id": 7, "total": "-4.00"}]))


def test_intake3_what_was_refunded_after_it_left_has_left(shop: TestShop) -> None:
    sent = woo(
        status="refunded", date_completed_gmt="2026-10-06T10:00:00", refunds=[{"id": 7, "total": "-10.00"}]
    )
    order = shop.load(imported(sent))
    assert (order.shipping_state, order.payment_state, order.status) == ("shipped", "refunded", "completed")


def test_intake14_two_shops_with_the_same_numbers_are_two_orders(shop: TestShop) -> None:
    sent = woo(payment_method="cod", transaction_id="", refunds=[{"id": 501, "total": "-1.00"}])
    assert imported(sent, source="shop-a") != imported(sent, source="shop-b")
    assert imported(sent, source="shop-a", outcome=Outcome.SKIPPED)


@pytest.mark.parametrize("reference", ["0", "n/a", "-", "None", "ch_1"])
def test_intake14_what_is_no_reference_is_on_many_orders(shop: TestShop, reference: str) -> None:
    imported(woo(id=1, transaction_id=reference))
    outcome = Outcome.REFUSED if reference == "ch_1" else Outcome.IMPORTED
    imported(woo(id=2, transaction_id=reference), outcome=outcome)


def test_intake29_a_text_that_is_too_long_is_cut_and_said() -> None:
    sent = woo(
        woo_line("10.00", name="x" * 600),
        billing=BLANK | {"last_name": "y" * 300, "country": "DK"},
        customer_note="z" * 20_000,
    )
    order = taken(sent)
    assert (len(order.lines[0].name), len(order.comment), order.billing_address.name[-1]) == (
        500,
        10_000,
        "…",
    )
    assert "line_items[0].name is longer" in remarks_of(sent)


def test_intake23_an_odd_e_mail_address_loses_no_order(shop: TestShop) -> None:
    order = shop.load(
        imported(woo(billing=BLANK | {"last_name": "Holm", "country": "DK", "email": "no mail"}))
    )
    assert order.email == "no mail"


def test_a6_no_other_value_of_the_language_or_the_meta_data_breaks_it() -> None:
    for odd in (
        5,
        {},
        [5],
        [{"key": []}],
        [{"key": "_vat_number", "value": {}}],
        [{"key": "wpml_language", "value": 3}],
    ):
        taken(woo(meta_data=odd))
