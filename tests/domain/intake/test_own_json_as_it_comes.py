"""Orders in Kontor's own JSON as callers really send them: nulls, blanks, odd addresses, wishes, tags (API-1, W-20)."""

from typing import Any

import pypdfium2 as pdfium
import pytest
from callers import client
from databases import OWNER, WAREHOUSE, TestShop
from sqlmodel import select

from backoffice_app.db import reading
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.money import as_text
from backoffice_app.domain.history import history_of
from backoffice_app.domain.intake.take_in import take_in
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.orders.new_order import InvalidOrder, NewOrder, parse_order
from backoffice_app.domain.window import order_window
from backoffice_app.models import Customer, OutboxMail
from backoffice_app.printing import find_packing_slip

ORDERS = "/api/v1/orders"
LATER = "2026-11-21T10:00:00+01:00"


def customer(shop: TestShop, **fields: Any) -> dict[str, Any]:
    who: dict[str, Any] = shop.new_order().as_json()["customer"]
    return who | fields


def line_of(**fields: Any) -> dict[str, Any]:
    return {"sku": "T", "name": "Thing", "quantity": "3", "unit_price": "10.00", "vat_rate": "19"} | fields


def one_line(shop: TestShop, total: str, line: dict[str, Any], **changes: Any) -> NewOrder:
    return parse_order(
        shop.new_order().as_json() | {"lines": [line], "shipping": None, "total": total} | changes
    )


def problems(shop: TestShop, total: str, line: dict[str, Any], **changes: Any) -> dict[str, str]:
    with pytest.raises(InvalidOrder) as refused:
        one_line(shop, total, line, **changes)
    return {p.field: p.reason.in_language("en") for p in refused.value.problems}


def nulls(value: object) -> object:
    """The same order with null in each field that is empty or a default."""
    if isinstance(value, dict):
        return {name: nulls(inner) for name, inner in value.items()}
    if isinstance(value, list) and value:
        return [nulls(inner) for inner in value]
    return None if value in ("", "0", "0.00", [], None) else value


def test_intake17_null_in_any_optional_field_is_as_if_left_out(small_shop: TestShop) -> None:
    sent = small_shop.new_order().as_json()
    assert parse_order(nulls(sent)) == parse_order(sent)


@pytest.mark.parametrize("blank", ["", " ", None])
def test_intake24_a_form_that_nobody_filled_in_is_no_shipping_address(
    small_shop: TestShop, blank: object
) -> None:
    fields = dict.fromkeys(
        ("name", "company", "street", "addition", "postcode", "city", "region", "country"), blank
    )
    assert small_shop.new_order(shipping_address=fields).shipping_address is None
    assert small_shop.new_order(shipping_address={}).shipping_address is None


def test_intake24_a_shipping_address_with_anything_in_it_needs_its_country(small_shop: TestShop) -> None:
    with pytest.raises(InvalidOrder) as refused:
        small_shop.new_order(shipping_address={"name": "Mia", "country": ""})
    assert [p.field for p in refused.value.problems] == ["shipping_address.country"]


@pytest.mark.parametrize(
    ("email", "goes_to"),
    [
        ("mia@shop.test", "mia@shop.test"),
        ("mia.@docomo.ne.jp", "mia.@docomo.ne.jp"),
        ("mia..x@docomo.ne.jp", "mia..x@docomo.ne.jp"),
        ("mia@example.com, max@example.com", "mia@example.com, max@example.com"),
        ("mia@example.com;MIA@example.com", "mia@example.com"),
        ("mia@localhost", "mia@localhost"),
    ],
)
def test_intake23_an_unusual_e_mail_address_is_mailed_to(shop: TestShop, email: str, goes_to: str) -> None:
    caller = client()
    answer = caller.post(ORDERS, json=shop.new_order(customer=customer(shop, email=email)).as_json())
    assert answer.status_code == 201, answer.text
    with reading() as session:
        assert session.exec(select(OutboxMail.recipient)).all() == [goes_to]


@pytest.mark.parametrize("email", ["no mail", "@", "mia@", "mia at example.com", "mia @example.com"])
def test_intake23_what_is_no_e_mail_address_loses_no_order_and_is_said(shop: TestShop, email: str) -> None:
    taken = take_in(OWNER, shop.new_order(customer=customer(shop, email=email)))
    with reading() as session:
        told = [
            entry.sentence
            for entry in history_of(session, (ORDER, taken.order_id), OWNER, "de", "Europe/Berlin")
        ]
    assert f"„{email}“ ist keine E-Mail-Adresse: dieser Kunde bekommt keine Mails." in told


def test_intake9_tags_come_back_as_they_were_sent(shop: TestShop) -> None:
    caller = client()
    made = caller.post(ORDERS, json=shop.new_order(tags=["Call first", "VIP", "VIP"]).as_json()).json()
    assert made["tags"] == caller.get(f"{ORDERS}/{made['number']}").json()["tags"] == ["Call first", "VIP"]
    assert caller.post(ORDERS, json=shop.new_order().as_json()).json()["tags"] == []


def test_intake7_what_was_wished_stands_in_answer_window_and_on_the_slip(shop: TestShop) -> None:
    wished = shop.new_order(lines=2, options="Day: 2026-12-20\nWrap: red").as_json()
    wished["lines"][0]["options"] = "Engraving: For Gran"
    order = shop.load(take_in(OWNER, parse_order(wished)).order_id)
    made = client("orders:read").get(f"{ORDERS}/{order.number}").json()
    assert (made["options"], made["lines"][0]["options"], made["lines"][1]["options"]) == (
        "Day: 2026-12-20\nWrap: red",
        "Engraving: For Gran",
        "",
    )
    for actor in (OWNER, WAREHOUSE):
        with reading() as session:
            seen = order_window(session, order.number, actor, "en").blocks
        assert (seen["comment"].options, seen["products"].lines[0].options) == (
            "Day: 2026-12-20\nWrap: red",
            "Engraving: For Gran",
        )
        assert "Engraving: For Gran" in seen["shipments"].shipments[0].contents[0]
    slip = pdfium.PdfDocument(find_packing_slip(WAREHOUSE, order.shipments[0].number).draw())
    text = slip[0].get_textpage().get_text_bounded()
    assert all(wish in text for wish in ("Engraving: For Gran", "Day: 2026-12-20", "Wrap: red"))


def test_st2_cancelled_pieces_cost_nothing_and_are_not_shipped(shop: TestShop) -> None:
    order = shop.load(take_in(OWNER, one_line(shop, "20.00", line_of(cancelled="1"))).order_id)
    [line] = order.lines
    assert (line.ordered, line.cancelled, line.total, order.total) == (3, 1, 2000, 2000)
    assert (order.shipments[0].lines[0].quantity, order.documents[0].total) == (2, 2000)
    perform(OWNER, "ship", order.id or 0)
    assert (shop.load(order.id or 0).lines[0].shipped, shop.load(order.id or 0).shipping_state) == (
        2,
        "shipped",
    )


def test_st2_returned_pieces_came_back_of_what_was_shipped(shop: TestShop) -> None:
    new = one_line(shop, "30.00", line_of(returned="1"), shipments=[{"shipped_at": LATER}])
    order = shop.load(take_in(OWNER, new).order_id)
    assert (order.lines[0].returned, order.return_state) == (1, "part_returned")


def test_st2_what_cannot_have_become_of_the_pieces_is_refused(small_shop: TestShop) -> None:
    gone = [{"shipped_at": LATER, "lines": [{"line": 0, "quantity": "3"}]}]
    assert set(problems(small_shop, "0.00", line_of(cancelled="4"))) >= {"lines[0].cancelled"}
    assert set(problems(small_shop, "0.00", line_of(cancelled="3"))) == {"lines"}
    assert set(problems(small_shop, "20.00", line_of(cancelled="1"), cancelled_at=LATER)) == {
        "lines[0].cancelled"
    }
    assert set(problems(small_shop, "20.00", line_of(cancelled="1"), shipments=gone)) == {
        "shipments[0].lines[0].quantity"
    }
    assert set(problems(small_shop, "30.00", line_of(returned="1"))) == {"lines[0].returned"}
    assert set(problems(small_shop, "30.00", line_of(returned="4"), shipments=gone)) == {"lines[0].returned"}


def test_api1_a_line_below_zero_says_what_to_do(small_shop: TestShop) -> None:
    reason = problems(small_shop, "30.00", line_of(unit_price="-1.00"))["lines[0].unit_price"]
    assert reason == "-1.00 is less than zero. What comes off an order is sent as a discount."


@pytest.mark.parametrize(
    ("currency", "total", "line"),
    [
        ("JPY", "3300", {"quantity": "3", "unit_price": "1100", "vat_rate": "10"}),
        ("KWD", "3.765", {"quantity": "3", "unit_price": "1.255", "vat_rate": "0", "vat_category": "Z"}),
        ("EUR", "10.00", {"quantity": "1.333333", "unit_price": "7.500002", "unit": "m"}),
        ("EUR", "0.00", {"unit_price": "0.00"}),
    ],
)
def test_st2_currencies_and_quantities_of_all_sorts_are_exact(
    shop: TestShop, currency: str, total: str, line: dict[str, Any]
) -> None:
    order = shop.load(take_in(OWNER, one_line(shop, total, line_of(**line), currency=currency)).order_id)
    assert as_text(order.total, currency) == total
    assert order.documents[0].total == order.total


def test_st1_nothing_to_pay_is_paid(shop: TestShop) -> None:
    free = one_line(shop, "0.00", line_of(), discount={"name": "ALL", "amount": "30.00"})
    order = shop.load(take_in(OWNER, free).order_id)
    assert (order.payment_state, order.status, order.open_amount) == ("paid", "awaiting_shipment", 0)


def test_ship1_digital_goods_need_no_parcel(shop: TestShop) -> None:
    order = shop.load(take_in(OWNER, one_line(shop, "30.00", line_of(ships=False))).order_id)
    assert (order.shipments, order.shipping_state) == ([], "not_needed")


def test_w8_two_spellings_of_one_e_mail_address_are_one_customer(shop: TestShop) -> None:
    for email in ("Mia@Example.com", "mia@example.com"):
        take_in(OWNER, shop.new_order(customer={"email": email, "last_name": "Probe"}))
    with reading() as session:
        assert len(session.exec(select(Customer)).all()) == 1


def test_l3_the_day_of_an_order_is_that_of_the_shops_zone(shop: TestShop) -> None:
    order = shop.load(take_in(OWNER, shop.new_order(placed_at="2025-12-31T23:30:00-01:00")).order_id)
    with reading() as session:
        assert "Jan" in order_window(session, order.number, OWNER, "en").blocks["head"].placed_at


def test_o1_a_company_alone_and_nobody_at_all_have_a_name_in_the_list(shop: TestShop) -> None:
    address = {
        "company": "Probe GmbH",
        "street": "Testweg 1",
        "postcode": "10115",
        "city": "Berlin",
        "country": "DE",
    }
    order = shop.load(take_in(OWNER, shop.new_order(customer=None, billing_address=address)).order_id)
    assert (order.customer_name, order.company, order.sort_name) == ("", "Probe GmbH", "probe gmbh")
