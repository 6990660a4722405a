"""WooCommerce orders: each trap of its JSON in an order of our own (API-2)."""

import copy
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from databases import OWNER, TestShop

from backoffice_app.domain.intake.figures import rate_of, unit_price
from backoffice_app.domain.intake.files import Row, read_file
from backoffice_app.domain.intake.take_in import import_files
from backoffice_app.domain.orders.new_order import NewOrder

ADDRESS = {
    "first_name": "Ida",
    "last_name": "Holm",
    "company": "",
    "address_1": "Nygade 7",
    "city": "Aarhus",
    "postcode": "8000",
    "country": "DK",
}
ORDER: dict[str, Any] = {
    "id": 71,
    "number": "71",
    "status": "processing",
    "currency": "EUR",
    "date_created_gmt": "2026-10-05T08:00:00",
    "date_paid_gmt": "2026-10-05T08:01:00",
    "date_completed": None,
    "prices_include_tax": False,
    "total": "44.03",
    "total_tax": "7.03",
    "billing": ADDRESS | {"email": "ida@example.com", "phone": "+45 1"},
    "shipping": ADDRESS,
    "payment_method": "stripe",
    "payment_method_title": "Card",
    "transaction_id": "ch_1",
    "line_items": [
        {
            "name": "Cup &amp; saucer",
            "quantity": 3,
            "subtotal": "32.40",
            "subtotal_tax": "6.16",
            "total": "32.40",
            "total_tax": "6.16",
            "sku": 17,
            "price": 10.799999999999999,
        },
    ],
    "shipping_lines": [
        {"method_id": "flat", "method_title": "Flat rate", "total": "4.60", "total_tax": "0.87"}
    ],
}


def rows(order: object) -> list[Row]:
    return list(read_file(json.dumps(order).encode()))


def changed(**fields: object) -> dict[str, Any]:
    return copy.deepcopy(ORDER) | fields


def taken(order: object) -> NewOrder:
    [row] = rows(order)
    assert row.problems == ()
    assert row.order is not None
    return row.order


def refused(order: object) -> dict[str, str]:
    [row] = rows(order)
    assert row.order is None
    return {p.field: p.reason.in_language("en") for p in row.problems}


def remarks(order: object) -> str:
    [row] = rows(order)
    return " ".join(r.in_language("en") for r in row.remarks)


VAT_19 = [{"rate_id": 1, "rate_percent": 19}]


def line(total: str, tax: str = "0.00", **more: object) -> dict[str, object]:
    return {
        "name": "Thing",
        "quantity": 1,
        "subtotal": total,
        "subtotal_tax": tax,
        "total": total,
        "total_tax": tax,
        "sku": "T",
    } | more


def test_api2_an_order_in_the_data_envelope_comes_in_exactly() -> None:
    order = taken({"data": ORDER})
    assert (order.source, order.external_reference, order.number_at_source) == ("woocommerce", "71", "71")
    assert order.placed_at == datetime(2026, 10, 5, 8, tzinfo=UTC)
    assert order.total == Decimal("44.03")
    assert order.shipping_address is None
    assert [(p.amount, p.provider_reference) for p in order.received()] == [(Decimal("44.03"), "ch_1")]


def test_api2_a_unit_price_is_worked_out_of_the_line_not_of_the_float() -> None:
    [cup] = taken(ORDER).lines
    assert (cup.sku, cup.name, cup.quantity, cup.unit_price, cup.vat_rate) == (
        "17",
        "Cup & saucer",
        3,
        Decimal("10.80"),
        19,
    )


def test_api2_gross_prices_stay_gross() -> None:
    order = taken(changed(prices_include_tax=True))
    assert order.prices == "gross"
    assert order.line_total(order.lines[0]) == 3856
    assert order.shipping.price == Decimal("5.47")


def test_api2_a_total_that_no_sum_gives_is_said_with_both_figures() -> None:
    problems = refused(changed(total="31.20", total_tax="1.20"))
    assert set(problems) == {"total"}
    assert "31.20 EUR" in problems["total"]
    assert "44.03 EUR" in problems["total"]


def test_pay1_gift_cards_are_payments_not_discounts() -> None:
    cards = [{"id": 2, "code": "AAAA-BBBB", "amount": 30}, {"id": 4, "code": "CCCC-DDDD", "amount": 4}]
    order = taken(changed(total="10.03", gift_cards=cards))
    assert order.total == Decimal("44.03")
    assert [p.amount for p in order.received()] == [Decimal("10.03"), Decimal(30), Decimal(4)]
    assert "AAAA" not in json.dumps(order.as_json())


def test_api2_refunds_inside_are_recorded_and_deleted_ones_are_not() -> None:
    refunds = [
        {"id": 549, "reason": "Sold out", "total": "-16.20"},
        {"id": 0, "reason": "", "total": "-0.00"},
    ]
    order = taken(changed(refunds=refunds))
    assert [(p.amount, p.reason) for p in order.payments] == [(Decimal("-16.20"), "Sold out")]
    assert "16.20 EUR" in remarks(changed(refunds=refunds))


def test_st3_an_order_refunded_in_full_before_it_shipped_waits_for_nothing() -> None:
    order = taken(
        changed(
            status="refunded", date_modified_gmt="2026-10-09T10:00:00", refunds=[{"id": 5, "total": "-44.03"}]
        )
    )
    assert order.cancelled_at == datetime(2026, 10, 9, 10, tzinfo=UTC)
    assert sum(p.amount for p in order.received()) == 0


def test_api2_ids_as_text_and_quantities_with_decimals_come_in() -> None:
    order = taken(
        changed(id="71", line_items=[line("30.00", "5.70", quantity=1.5)], total="41.17", total_tax="6.57")
    )
    assert order.external_reference == "71"
    assert (order.lines[0].quantity, order.lines[0].unit_price) == (Decimal("1.5"), Decimal("20.00"))


def test_api2_fees_are_lines_that_do_not_ship_and_coupons_are_named() -> None:
    order = taken(
        changed(
            line_items=[line("30.00", subtotal="50.00")],
            fee_lines=[line("1.50", name="$1.50 fee"), line("-0.50", name="Thanks")],
            coupon_lines=[{"code": "20$off", "discount": "20"}],
            shipping_lines=[],
            total="31.00",
            total_tax="0.00",
        )
    )
    assert [(x.name, x.discount, x.ships) for x in order.lines] == [
        ("Thing", Decimal("20.00"), True),
        ("$1.50 fee", 0, False),
    ]
    assert (order.discount.name, order.discount.amount) == ("20$off, Thanks", Decimal("0.50"))


def test_inv4_a_cent_of_the_shops_rounding_does_not_change_what_the_customer_paid() -> None:
    # Each line's tax is rounded up by the shop: 3 x 0.10 instead of 0.29 (19 % of 1.50).
    order_data = changed(
        line_items=[line("0.50", "0.10")] * 3,
        shipping_lines=[],
        total="1.80",
        total_tax="0.30",
        tax_lines=VAT_19,
    )
    order = taken(order_data)
    assert (order.prices, order.total) == ("gross", Decimal("1.80"))
    assert "1.80" in remarks(order_data)


def test_inv4_tax_rounded_on_the_subtotal_is_put_on_the_largest_line() -> None:
    order = taken(
        changed(
            line_items=[line("0.50", "0.10")] * 3,
            shipping_lines=[],
            total="1.79",
            total_tax="0.29",
            prices_include_tax=True,
        )
    )
    assert order.total == Decimal("1.79")
    assert sum(order.line_total(x) for x in order.lines) == 179


def test_inv4_a_tax_that_is_no_rate_is_refused_with_both_figures() -> None:
    problems = refused(changed(line_items=[line("100.00", "119.13")], total="224.60", total_tax="120.00"))
    assert set(problems) == {"line_items[0].total_tax"}
    assert "119.13" in problems["line_items[0].total_tax"]
    assert "100.00" in problems["line_items[0].total_tax"]


def test_inv4_a_rate_that_only_its_tax_tells_is_remarked() -> None:
    odd = changed(line_items=[line("100.00", "19.13")], total="124.60", total_tax="20.00")
    assert taken(odd).lines[0].vat_rate == Decimal("19.13")
    assert "19.13 % gives its tax" in remarks(odd)


def test_api2_problems_carry_the_shops_own_field_names() -> None:
    order = changed(billing=ADDRESS | {"country": "Denmark", "email": "x" * 255}, shipping=None)
    order["line_items"][0]["quantity"] = 0
    assert set(refused(order)) == {"billing.country", "billing.email", "line_items[0].quantity"}


def test_ship1_a_completed_order_has_shipped_with_its_tracking_number() -> None:
    tracking = [
        {
            "key": "_wc_shipment_tracking_items",
            "value": [{"tracking_provider": "fedex", "tracking_number": "1175"}],
        }
    ]
    order = taken(
        changed(
            status="completed",
            date_completed_gmt="2026-10-07T12:00:00",
            date_completed="2026-10-07T14:00:00",
            meta_data=tracking,
        )
    )
    assert [(s.carrier, s.tracking_numbers, s.lines) for s in order.shipments] == [("fedex", ("1175",), ())]
    assert taken(changed(meta_data=tracking)).shipments == ()
    assert "1175" in remarks(changed(meta_data=tracking))


@pytest.mark.parametrize("status", ["failed", "checkout-draft", "trash", "wc-failed"])
def test_api2_what_is_no_placed_order_is_refused(status: str) -> None:
    assert set(refused(changed(status=status))) == {"status"}


def test_pay1_what_is_not_captured_is_authorised() -> None:
    order = taken(
        changed(
            date_paid_gmt=None,
            status="on-hold",
            meta_data=[{"key": "_stripe_charge_captured", "value": "no"}],
        )
    )
    assert order.payment.state == "authorised"
    assert order.received() == ()


def test_api2_a_refund_alone_is_refused_with_its_order() -> None:
    assert (
        "71"
        in refused({"id": 99, "parent_id": 71, "amount": "5.00", "refunded_by": 1, "line_items": []})[
            "refund"
        ]
    )


@pytest.mark.parametrize(
    ("net", "tax", "known", "rate"),
    [
        ("88.00", "7.48", [], "8.5"),
        ("23.50", "2.00", ["8.5"], "8.5"),
        ("0.10", "0.02", ["19"], "19"),
        ("0.84", "0.16", ["19"], "19"),
        ("10.00", "0.00", ["19"], "0"),
        ("340.40", "30.21", [], "8.875"),
        ("100.00", "19.13", [], "19.13"),
        ("100.00", "100.20", [], None),
        ("-5.00", "1.00", [], None),
    ],
)
def test_inv4_a_rate_gives_its_tax_to_the_cent(
    net: str, tax: str, known: list[str], rate: str | None
) -> None:
    assert rate_of(Decimal(net), Decimal(tax), map(Decimal, known), "EUR") == (
        None if rate is None else Decimal(rate)
    )


def test_inv4_a_unit_price_gives_its_line_even_for_many_pieces() -> None:
    price, odd = unit_price(Decimal("10.00"), Decimal(3), "EUR")
    assert (round(price * 3, 2), odd) == (Decimal("10.00"), 0)
    price, odd = unit_price(Decimal("1234567.89"), Decimal(999_999), "EUR")
    assert round(price * 999_999, 2) - odd == Decimal("1234567.89")


def test_inv4_an_order_without_vat_has_no_category_and_the_import_says_what_to_do(
    small_shop: TestShop, tmp_path: Path
) -> None:
    exempt = [{"key": "is_vat_exempt", "value": "yes"}, {"key": "_billing_vat_number", "value": "DK13585628"}]
    line = ORDER["line_items"][0] | {"subtotal_tax": "0.00", "total_tax": "0.00"}
    way = ORDER["shipping_lines"][0] | {"total_tax": "0.00"}
    untaxed = changed(
        line_items=[line], shipping_lines=[way], total="37.00", total_tax="0.00", meta_data=exempt
    )
    assert [part.vat_category for part in taken(untaxed).lines] == [""]
    file = tmp_path / "order.json"
    file.write_text(json.dumps(untaxed))
    for issue in (True, False):
        [row] = import_files(OWNER, [file], dry_run=True, issue=issue)
        assert "Choose the tax case" in row.remarks[-1].in_language("en")
