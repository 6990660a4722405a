"""Shopify orders: each trap of its JSON in an order of our own (API-2)."""

import copy
import json
from decimal import Decimal
from typing import Any

import pytest

from backoffice_app.domain.intake.files import Row, read_file
from backoffice_app.domain.orders.new_order import NewOrder

ADDRESS = {
    "name": "Bo Lind",
    "address1": "Kungsgatan 1",
    "city": "Malmö",
    "zip": "211 49",
    "country_code": "SE",
    "province_code": None,
}
ORDER: dict[str, Any] = {
    "id": 9001,
    "name": "#1042",
    "order_number": 1042,
    "created_at": "2026-10-05T10:00:00+02:00",
    "currency": "EUR",
    "email": "bo@example.com",
    "financial_status": "authorized",
    "gateway": "klarna",
    "taxes_included": False,
    "subtotal_price": "60.00",
    "total_discounts": "0.00",
    "total_tax": "3.60",
    "total_price": "63.60",
    "discount_codes": [],
    "tax_lines": [{"price": "3.60", "rate": 0.06, "title": "State tax"}],
    "line_items": [
        {
            "id": 1,
            "name": "Lamp - green",
            "sku": "L-G",
            "price": "20.00",
            "quantity": 1,
            "requires_shipping": True,
        },
        {
            "id": 2,
            "name": "Lamp - red",
            "sku": "L-R",
            "price": "20.00",
            "quantity": 2,
            "requires_shipping": True,
        },
    ],
    "shipping_lines": [{"code": "Free", "title": "Free", "price": "0.00"}],
    "billing_address": ADDRESS,
    "shipping_address": ADDRESS,
    "customer": {"id": 5, "first_name": "Bo", "last_name": "Lind"},
    "customer_locale": "sv-SE",
}


def changed(**fields: object) -> dict[str, Any]:
    return copy.deepcopy(ORDER) | fields


def row_of(order: object) -> Row:
    [row] = read_file(json.dumps({"order": order}).encode())
    return row


def taken(order: object) -> NewOrder:
    row = row_of(order)
    assert row.problems == ()
    assert row.order is not None
    return row.order


def refused(order: object) -> dict[str, str]:
    row = row_of(order)
    assert row.order is None
    return {p.field: p.reason.in_language("en") for p in row.problems}


def test_api2_an_order_comes_in_with_tax_named_for_the_whole_of_it() -> None:
    order = taken(ORDER)
    assert (order.source, order.external_reference, order.number_at_source, order.language) == (
        "shopify",
        "9001",
        "#1042",
        "sv",
    )
    assert (order.prices, order.total, [x.vat_rate for x in order.lines]) == ("net", Decimal("63.60"), [6, 6])
    assert row_of(ORDER).name == "#1042"


def test_pay1_authorised_is_not_paid() -> None:
    assert taken(ORDER).payment.state == "authorised"
    assert taken(ORDER).received() == ()
    assert [p.amount for p in taken(changed(financial_status="paid")).received()] == [Decimal("63.60")]


def test_api2_figures_that_contradict_each_other_are_all_said() -> None:
    problems = refused(
        changed(
            subtotal_price="40.00",
            total_price="41.20",
            total_tax="1.20",
            tax_lines=[{"price": "1.20", "rate": 0.06}],
            discount_codes=[{"code": "TENOFF", "amount": "10.00"}],
        )
    )
    assert "60.00" in problems["subtotal_price"]
    assert "40.00" in problems["subtotal_price"]
    assert "10.00" in problems["discount_codes"]
    assert "0.00" in problems["discount_codes"]
    assert "63.60 EUR" in problems["total_price"]
    assert "41.20 EUR" in problems["total_price"]


def test_ship1_a_failed_fulfilment_with_a_tracking_number_ships_nothing() -> None:
    parts = [{"id": 1, "quantity": 1}]
    failed = {
        "id": 7,
        "status": "failure",
        "tracking_number": "1Z",
        "created_at": "2026-10-06T10:00:00Z",
        "line_items": parts,
    }
    sent = failed | {"status": "success", "tracking_numbers": ["2Z"], "tracking_company": "UPS"}
    order = changed(fulfillments=[failed, sent])
    assert [(s.tracking_numbers, s.lines[0].line, s.lines[0].quantity) for s in taken(order).shipments] == [
        (("2Z",), 0, 1)
    ]
    assert "1Z" in row_of(order).remarks[0].in_language("en")


def test_inv4_taxes_included_and_several_taxes_on_one_line() -> None:
    taxes = [{"price": "2.00", "rate": 0.10}, {"price": "2.00", "rate": 0.10}]
    lines = [{"id": 1, "name": "Lamp", "price": "24.00", "quantity": 1, "tax_lines": taxes}]
    order = taken(
        changed(
            taxes_included=True,
            line_items=lines,
            subtotal_price="24.00",
            total_tax="4.00",
            total_price="24.00",
        )
    )
    assert (order.prices, order.lines[0].vat_rate, order.lines[0].unit_price) == (
        "gross",
        20,
        Decimal("24.00"),
    )


def test_inv4_discounts_of_lines_and_of_the_order_are_told_apart() -> None:
    lines = copy.deepcopy(ORDER["line_items"])
    lines[1]["discount_allocations"] = [{"amount": "5.00"}]
    order = taken(
        changed(
            line_items=lines,
            discount_codes=[{"code": "EIGHT", "amount": "8.00", "type": "fixed_amount"}],
            total_discounts="8.00",
            subtotal_price="52.00",
            total_tax="3.12",
            tax_lines=[{"price": "3.12", "rate": 0.06}],
            total_price="55.12",
        )
    )
    assert (order.lines[1].discount, order.discount.amount, order.discount.name) == (
        Decimal("5.00"),
        Decimal("3.00"),
        "EIGHT",
    )


def test_pay1_refunds_inside_are_recorded_when_they_succeeded() -> None:
    moves = [
        {"id": 3, "kind": "refund", "status": status, "amount": "20.00", "created_at": "2026-10-08T10:00:00Z"}
        for status in ("success", "failure")
    ]
    order = taken(
        changed(financial_status="partially_refunded", refunds=[{"note": "Broken", "transactions": moves}])
    )
    assert [(p.amount, p.reason) for p in order.received()] == [
        (Decimal("63.60"), ""),
        (Decimal("-20.00"), "Broken"),
    ]


def test_pay1_a_part_payment_is_what_is_not_outstanding() -> None:
    order = taken(changed(financial_status="partially_paid", total_outstanding="13.60"))
    assert [p.amount for p in order.received()] == [Decimal("50.00")]
    assert set(refused(changed(financial_status="partially_paid"))) == {"total_outstanding"}


def test_api2_an_order_edited_at_the_shop_is_taken_as_it_is_now() -> None:
    lines = copy.deepcopy(ORDER["line_items"])
    lines[0]["current_quantity"], lines[1]["current_quantity"] = 0, 2
    edited = changed(
        line_items=lines,
        total_price="50.00",
        current_total_price="42.40",
        current_total_tax="2.40",
        current_subtotal_price="40.00",
        financial_status="paid",
    )
    order = taken(edited)
    assert ([x.sku for x in order.lines], order.total) == (["L-R"], Decimal("42.40"))
    assert [p.amount for p in order.received()] == [Decimal("50.00")]
    assert "edited" in row_of(edited).remarks[-1].in_language("en")


def test_api2_a_refund_alone_is_refused_and_names_its_order() -> None:
    [row] = read_file(
        json.dumps({"refund": {"id": 5, "order_id": 9001, "refund_line_items": [], "restock": True}}).encode()
    )
    assert (row.name, row.problems[0].field) == ("5", "refund")
    assert "9001" in row.problems[0].reason.in_language("en")


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"currency": "€"}, "currency"),
        ({"line_items": []}, "line_items"),
        ({"financial_status": "new"}, "financial_status"),
        ({"billing_address": ADDRESS | {"country_code": "Sweden"}}, "billing_address.country_code"),
        ({"created_at": "yesterday"}, "created_at"),
        ({"total_price": "sixty"}, "total_price"),
    ],
)
def test_api2_problems_carry_the_shops_own_field_names(fields: dict[str, object], wanted: str) -> None:
    assert wanted in refused(changed(**fields))
