"""Shopify orders as shops really send them: pieces taken out, refunded, returned, sold without an address (API-2,
ST-2).
"""

from decimal import Decimal
from typing import Any

import pytest
from databases import OWNER, TestShop
from payloads import SWEDISH, imported, refusals_of, remarks_of, row_of, shopify, shopify_line, taken

from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.intake.given import Home

DAY = "2026-10-08T10:00:00Z"


def refund(
    *parts: dict[str, Any], amount: str = "10.00", status: str = "success", **more: Any
) -> dict[str, Any]:
    move = {
        "id": 8,
        "kind": "refund",
        "status": status,
        "amount": amount,
        "gateway": "shopify_payments",
        "processed_at": DAY,
    }
    return {"id": 6, "created_at": DAY, "refund_line_items": list(parts), "transactions": [move]} | more


def part(
    line: int = 2, quantity: int = 1, restock: str = "cancel", subtotal: str = "10.00", tax: str = "0.00"
) -> dict[str, Any]:
    return {
        "line_item_id": line,
        "quantity": quantity,
        "restock_type": restock,
        "subtotal": subtotal,
        "total_tax": tax,
    }


def shipped(*pieces: tuple[int, int]) -> dict[str, Any]:
    lines = [{"id": line, "quantity": quantity} for line, quantity in pieces]
    return {"id": 1, "status": "success", "created_at": "2026-10-06T10:00:00Z", "line_items": lines}


def left(shop: TestShop, order_id: int) -> list[int]:
    """What is still to be shipped of each line, by the open shipments."""
    order = shop.load(order_id)
    held = {
        packed.order_line_id: packed.quantity
        for s in order.shipments
        if s.state == "open"
        for packed in s.lines
    }
    return [int(held.get(line.id or 0, 0)) for line in order.lines]


# --- 3: pieces that the shop took out or refunded are neither shipped nor invoiced


@pytest.mark.parametrize("status", ["pending", "paid"])
def test_intake3_a_line_that_an_edit_took_out_is_left_out(shop: TestShop, status: str) -> None:
    lines = (shopify_line(1, current_quantity=1), shopify_line(2, current_quantity=0))
    sent = shopify(
        *lines, financial_status=status, current_total_price="10.00", current_subtotal_price="10.00"
    )
    order = shop.load(imported(sent))
    assert ([line.sku for line in order.lines], order.total, left(shop, order.id or 0)) == (["W1"], 1000, [1])
    assert [d.total for d in order.documents] == [1000]
    assert order.payment_state == ("unpaid" if status == "pending" else "overpaid")
    assert "edited at the shop" in remarks_of(sent)


def test_intake3_a_part_of_a_line_that_an_edit_took_out_is_left_out(shop: TestShop) -> None:
    sent = shopify(
        shopify_line(1, quantity=3, current_quantity=2),
        current_total_price="20.00",
        financial_status="pending",
    )
    order = shop.load(imported(sent))
    assert ([line.ordered for line in order.lines], order.total) == ([2], 2000)


def test_intake3_a_line_that_an_edit_added_is_taken(shop: TestShop) -> None:
    lines = (shopify_line(1, current_quantity=1), shopify_line(2, current_quantity=1))
    sent = shopify(
        *lines,
        subtotal_price="10.00",
        total_price="10.00",
        current_total_price="20.00",
        financial_status="pending",
    )
    assert shop.load(imported(sent)).total == 2000


@pytest.mark.parametrize("restock", ["cancel", "no_restock", "return", ""])
def test_intake3_what_is_refunded_before_it_ships_is_cancelled(shop: TestShop, restock: str) -> None:
    lines = (shopify_line(1, current_quantity=1), shopify_line(2, current_quantity=0))
    sent = shopify(
        *lines,
        financial_status="partially_refunded",
        refunds=[refund(part(restock=restock))],
        current_total_price="10.00",
    )
    order = shop.load(imported(sent))
    assert [(line.sku, line.ordered, line.cancelled) for line in order.lines] == [("W1", 1, 0), ("W2", 1, 1)]
    assert ([p.amount for p in order.payments], order.payment_state, order.open_amount) == (
        [2000, -1000],
        "part_refunded",
        0,
    )
    assert (left(shop, order.id or 0), [d.total for d in order.documents]) == ([1, 0], [1000])
    assert "edited" not in remarks_of(sent)


def test_intake3_a_part_of_a_line_with_a_discount_is_cancelled_by_its_share(shop: TestShop) -> None:
    line = shopify_line(
        1, quantity=3, current_quantity=2, discount_allocations=[{"amount": "6.00"}], tax="3.83"
    )
    sent = shopify(
        line,
        total_discounts="6.00",
        subtotal_price="24.00",
        total_price="24.00",
        current_total_price="16.00",
        current_total_tax="2.55",
        refunds=[refund(part(1, subtotal="8.00"), amount="8.00")],
        financial_status="partially_refunded",
    )
    order = shop.load(imported(sent))
    [line_row] = order.lines
    assert (line_row.ordered, line_row.cancelled, line_row.discount, line_row.total) == (3, 1, 400, 1600)
    assert (order.total, order.documents[0].total, left(shop, order.id or 0)) == (1600, 1600, [2])


def test_intake3_net_prices_lose_the_tax_of_what_is_cancelled_too(shop: TestShop) -> None:
    lines = (shopify_line(1, tax="1.90", current_quantity=1), shopify_line(2, tax="1.90", current_quantity=0))
    sent = shopify(
        *lines,
        taxes_included=False,
        total_price="23.80",
        current_total_price="11.90",
        refunds=[refund(part(tax="1.90"), amount="11.90")],
        financial_status="partially_refunded",
    )
    order = shop.load(imported(sent))
    assert (order.total, order.documents[0].total, order.documents[0].vat) == (1190, 1190, 190)


def test_intake3_the_sum_is_worked_out_where_shipping_was_refunded_too(shop: TestShop) -> None:
    lines = (shopify_line(1, current_quantity=1), shopify_line(2, current_quantity=0))
    way = {"title": "Post", "price": "5.00"}
    sent = shopify(
        *lines,
        shipping_lines=[way],
        total_price="25.00",
        current_total_price="10.00",
        refunds=[refund(part(), amount="15.00")],
        financial_status="partially_refunded",
    )
    order = shop.load(imported(sent))
    assert (order.total, order.shipping_price, [p.amount for p in order.payments]) == (
        1500,
        500,
        [2500, -1500],
    )


@pytest.mark.parametrize("current", [0, None])
def test_intake3_what_is_refunded_in_full_before_it_ships_is_cancelled_as_a_whole(
    shop: TestShop, current: int | None
) -> None:
    lines = [shopify_line(n, current_quantity=current) for n in (1, 2)]
    sent = shopify(
        *lines,
        financial_status="refunded",
        refunds=[refund(part(1), part(2), amount="20.00")],
        current_total_price="0.00",
    )
    order = shop.load(imported(sent))
    assert (order.status, order.payment_state, order.total, order.shipments, order.documents) == (
        "cancelled",
        "refunded",
        2000,
        [],
        [],
    )


def test_intake3_a_refund_that_is_pending_is_said() -> None:
    sent = shopify(refunds=[refund(status="pending")])
    assert taken(sent).payments == ()
    assert "A refund of 10.00 EUR is still pending" in remarks_of(sent)


def test_intake3_a_cancelled_order_stays_as_it_was_placed(shop: TestShop) -> None:
    lines = [shopify_line(n, current_quantity=0) for n in (1, 2)]
    sent = shopify(
        *lines,
        cancelled_at=DAY,
        refunds=[refund(part(1), part(2), amount="20.00")],
        financial_status="refunded",
    )
    order = shop.load(imported(sent))
    assert (order.status, order.total, [line.cancelled for line in order.lines]) == (
        "cancelled",
        2000,
        [1, 1],
    )


@pytest.mark.parametrize("restock", ["return", "legacy_restock"])
def test_intake34_what_came_back_after_it_left_is_returned(shop: TestShop, restock: str) -> None:
    lines = (shopify_line(1, current_quantity=1), shopify_line(2, current_quantity=0))
    sent = shopify(
        *lines,
        fulfillments=[shipped((1, 1), (2, 1))],
        refunds=[refund(part(restock=restock))],
        financial_status="partially_refunded",
        current_total_price="10.00",
    )
    order = shop.load(imported(sent))
    assert ([line.returned for line in order.lines], order.return_state, order.total) == (
        [0, 1],
        "part_returned",
        2000,
    )
    assert (order.status, order.payment_state) == ("completed", "part_refunded")


def test_intake34_pieces_that_left_came_back_and_never_left_are_told_apart(shop: TestShop) -> None:
    """Of five: two left and one of them came back, one was refunded before it left, two are still to be shipped."""
    line = shopify_line(1, quantity=5, current_quantity=3)
    refunds = [refund(part(1, restock="return")), refund(part(1, restock="cancel"), id=7)]
    refunds[1]["transactions"][0]["id"] = 9
    sent = shopify(
        line,
        fulfillments=[shipped((1, 2))],
        refunds=refunds,
        financial_status="partially_refunded",
        current_total_price="30.00",
    )
    order = shop.load(imported(sent))
    [row] = order.lines
    assert (row.ordered, row.cancelled, row.shipped, row.returned, left(shop, order.id or 0)) == (
        5,
        1,
        2,
        1,
        [2],
    )
    assert order.total == 4000


def test_intake34_what_was_refunded_and_kept_by_the_customer_is_neither(shop: TestShop) -> None:
    sent = shopify(
        shopify_line(1, current_quantity=0),
        fulfillments=[shipped((1, 1))],
        refunds=[refund(part(1, restock="no_restock"))],
        financial_status="refunded",
        current_total_price="0.00",
    )
    order = shop.load(imported(sent))
    assert (order.lines[0].cancelled, order.lines[0].returned, order.total, order.payment_state) == (
        0,
        0,
        1000,
        "refunded",
    )


# --- what stands outside the lines


def test_intake19_duties_and_additional_fees_are_lines_that_do_not_ship(shop: TestShop) -> None:
    def sum_of(amount: str) -> dict[str, Any]:
        return {"shop_money": {"amount": amount, "currency_code": "EUR"}}

    sent = shopify(
        original_total_duties_set=sum_of("5.00"),
        current_total_duties_set=sum_of("5.00"),
        original_total_additional_fees_set=sum_of("1.50"),
        total_tip_received="2.00",
        total_price="28.50",
    )
    order = shop.load(imported(sent))
    assert [(line.name, line.ships, line.total) for line in order.lines[2:]] == [
        ("Tip", False, 200),
        ("Duties", False, 500),
        ("Additional fees", False, 150),
    ]


def test_intake19_the_tax_on_duties_is_known_by_its_rate() -> None:
    line = shopify_line(1, price="20.00", duties=[{"tax_lines": [{"price": "0.80", "rate": 0.19}]}])
    sent = shopify(
        line,
        original_total_duties_set={"shop_money": {"amount": "5.00"}},
        total_price="25.00",
        total_tax="0.80",
    )
    assert taken(sent).lines[1].vat_rate == 19


def test_intake28_money_of_another_country_is_said() -> None:
    paid = {"presentment_money": {"amount": "19.00", "currency_code": "CHF"}}
    assert "The customer paid 19.00 CHF; the order is kept in EUR" in remarks_of(
        shopify(presentment_currency="CHF", total_price_set=paid)
    )
    assert "The customer paid in CHF" in remarks_of(shopify(presentment_currency="CHF"))
    assert remarks_of(shopify(shopify_line(1), presentment_currency="EUR", total_price_set=paid)) == ""


def test_intake27_two_ways_to_pay_are_said_and_the_gift_card_is_not_all_of_it() -> None:
    sent = shopify(payment_gateway_names=["gift_card", "shopify_payments"])
    assert (taken(sent).payment.method, taken(sent).payment.name) == (
        "shopify_payments",
        "Gift card + Shopify payments",
    )
    assert "paid by Gift card, Shopify payments" in remarks_of(sent)


def test_intake27_transactions_tell_how_much_came_by_which(shop: TestShop) -> None:
    moves = [
        {"id": 1, "kind": "sale", "status": "success", "gateway": "gift_card", "amount": "5.00"},
        {
            "id": 2,
            "kind": "authorization",
            "status": "success",
            "gateway": "shopify_payments",
            "amount": "15.00",
        },
        {"id": 3, "kind": "capture", "status": "success", "gateway": "shopify_payments", "amount": "15.00"},
        {"id": 4, "kind": "sale", "status": "failure", "gateway": "shopify_payments", "amount": "15.00"},
    ]
    order = shop.load(
        imported(shopify(payment_gateway_names=["gift_card", "shopify_payments"], transactions=moves))
    )
    assert [(p.method, p.amount) for p in order.payments] == [("Gift card", 500), ("Shopify payments", 1500)]
    assert order.payment_state == "paid"


# --- who ordered, and what they wrote


@pytest.mark.parametrize("home", ["DE", "CH"])
def test_intake6_a_sale_at_the_counter_is_kept_with_the_shops_country(home: str) -> None:
    sent = shopify(billing_address=None, shipping_address=None, customer=None, email="")
    assert taken(sent, Home(home)).billing_address.country == home
    assert f"own, {home}" in remarks_of(sent, Home(home))


def test_intake6_the_address_that_is_known_of_the_customer_stands_in() -> None:
    known = {"id": 5, "default_address": SWEDISH}
    order = taken(shopify(billing_address=None, shipping_address=None, customer=known))
    assert (order.billing_address.street, order.billing_address.country) == ("Kungsgatan 1", "SE")


def test_intake6_a_name_is_kept_though_there_is_no_address() -> None:
    sent = shopify(billing_address=None, shipping_address=None)
    assert taken(sent).billing_address.name == "Bo Lind"


def test_intake7_properties_of_a_line_and_attributes_of_the_cart_are_kept() -> None:
    wishes = [
        {"name": "Engraving", "value": "For Gran"},
        {"name": "_id", "value": "7"},
        {"name": "Empty", "value": ""},
    ]
    sent = shopify(
        shopify_line(properties=wishes),
        note_attributes=[{"name": "Day", "value": "2026-10-20"}, {"name": "_x", "value": "y"}],
    )
    assert (taken(sent).lines[0].options, taken(sent).options) == ("Engraving: For Gran", "Day: 2026-10-20")


@pytest.mark.parametrize("tags", ["Call first, VIP", ["Call first", "VIP"], " VIP ,Call first, VIP,"])
def test_intake9_tags_of_several_words_stay_whole(shop: TestShop, tags: object) -> None:
    order = shop.load(imported(shopify(tags=tags)))
    assert sorted(order.tags.split("\n")) == ["Call first", "VIP"]


def test_intake29_long_tags_are_kept_and_longer_ones_cut(shop: TestShop) -> None:
    assert [len(tag) for tag in taken(shopify(tags=f"{'x' * 255}, {'y' * 300}")).tags] == [255, 255]


def test_intake16_a_test_order_is_refused_and_called_so() -> None:
    assert "test order" in refusals_of(shopify(test=True))["test"]
    assert row_of(shopify(test=False)).order is not None


@pytest.mark.parametrize(
    "draft",
    [
        {"draft_order": {"id": 1, "name": "#D1", "status": "open", "line_items": [shopify_line()]}},
        {
            "id": 1,
            "name": "#D1",
            "status": "open",
            "line_items": [shopify_line()],
            "invoice_url": "https://x",
            "applied_discount": None,
        },
    ],
)
def test_intake26_a_draft_is_called_a_draft(draft: dict[str, Any]) -> None:
    assert refusals_of(draft) == {"": "This is a draft order of Shopify: nothing was ordered yet."}
    assert row_of(draft).name == "#D1"


@pytest.mark.parametrize(
    ("order", "shop"),
    [
        (
            {"items": [{"increment_id": "1", "grand_total": 11.9}], "search_criteria": {}},
            "Magento (Adobe Commerce)",
        ),
        (
            {"increment_id": "1", "base_currency_code": "EUR", "billing_address": {}},
            "Magento (Adobe Commerce)",
        ),
        ({"orders": [{"id": 1, "current_state": 2, "reference": "X"}]}, "PrestaShop"),
        ({"data": {"id": "a0", "attributes": {"amountTotal": 11.9}}}, "Shopware"),
        ({"orderCustomer": {}, "amountTotal": 1}, "Shopware"),
        ({"order": {"id": 7, "priceIncl": 11.9}}, "Lightspeed eCom"),
        ({"id": 1, "subtotal_inc_tax": "1"}, "BigCommerce"),
        ({"AmazonOrderId": "1"}, "Amazon"),
    ],
)
def test_intake26_orders_of_shops_that_are_not_read_are_called_by_their_name(
    order: dict[str, Any], shop: str
) -> None:
    assert refusals_of(order) == {"": f"This is an order of {shop}. Kontor does not read this format."}


def test_intake26_the_first_reason_is_said_not_that_of_the_second_try() -> None:
    sent = shopify(total_price="31.00", current_total_price="29.00")
    assert set(refusals_of(sent)) == {"total_price"}
    assert "31.00 EUR" in refusals_of(sent)["total_price"]


def test_intake26_an_order_without_its_state_of_payment_is_not_paid() -> None:
    sent = shopify(financial_status=None)
    assert taken(sent).payment.state == "open"
    assert "does not say whether the order is paid" in remarks_of(sent)


def test_st2_the_invoice_made_by_hand_holds_what_is_left(shop: TestShop) -> None:
    sent = shopify(
        shopify_line(1, current_quantity=1),
        shopify_line(2, current_quantity=0),
        refunds=[refund(part())],
        financial_status="pending",
    )
    order = shop.load(imported(sent | {"current_total_price": "10.00"}))
    assert [d.total for d in order.documents] == [1000]
    perform(OWNER, "ship", order.id or 0, answers=["unpaid-1000"])
    assert [line.shipped for line in shop.load(order.id or 0).lines] == [1, 0]


def test_inv4_the_rate_of_two_taxes_is_their_sum() -> None:
    taxes = [{"price": "0.51", "rate": 0.05}, {"price": "1.01", "rate": 0.09975}]
    line = shopify_line(price="10.10") | {"tax_lines": taxes}
    sent = shopify(line, taxes_included=False, total_price="11.62", total_tax="1.52", tax_lines=taxes)
    assert (taken(sent).lines[0].vat_rate, taken(sent).total) == (Decimal("14.975"), Decimal("11.62"))
