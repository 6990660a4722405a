"""What the order window reads: everything about one order, for the one who looks at it (W, T)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from databases import BEN, OWNER, READER, WAREHOUSE, TestShop
from sqlalchemy import event

from backoffice_app import db
from backoffice_app.db import reading
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.carriers import CARRIERS, tracking_url
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.core.shop import Administration, save_section
from backoffice_app.domain.core.work import work
from backoffice_app.domain.orders.new_order import parse_order
from backoffice_app.domain.orders.place import ELSEWHERE, place_order
from backoffice_app.domain.window import OrderWindow, order_window
from backoffice_app.domain.window.blocks.history import HistoryTab
from backoffice_app.domain.window.blocks.needs import NeedsView
from backoffice_app.domain.window.blocks.products import FatesView, LineFateView
from backoffice_app.models import Order


def window(
    order: Order, actor: Actor = OWNER, language: str = "en", tab: str = "order", kind: str = ""
) -> OrderWindow:
    with reading() as session:
        return order_window(session, order.number, actor, language, tab=tab, kind=kind)


def fates(order: Order) -> list[LineFateView]:
    found: FatesView = window(order, tab="products").blocks["product-lines"]
    return found.lines


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    yield sent
    event.remove(db.engine(), "before_cursor_execute", note)


def test_w4_t3_an_invoice_is_shown_with_kind_day_total_state_and_its_file(small_shop: TestShop) -> None:
    order = small_shop.order()
    [invoice] = window(order).blocks["invoices"].documents
    assert (invoice.number, invoice.kind, invoice.total, invoice.state.label) == (
        "RE-2026-0001",
        "Invoice",
        "€44.80",
        "Open",
    )
    assert invoice.date
    assert invoice.due
    assert invoice.pdf_url == f"/documents/{order.documents[0].public_id}.pdf"
    perform(OWNER, "pay", order.id or 0)
    [settled] = window(order).blocks["invoices"].documents
    assert (settled.state.label, settled.due) == ("Paid", "")


def test_w4_the_button_that_makes_an_invoice_says_why_it_does_not(small_shop: TestShop) -> None:
    button = window(small_shop.order()).actions["invoice"]
    assert (button.shown, button.enabled, button.reason) == (
        True,
        False,
        "Invoice RE-2026-0001 was issued already.",
    )


def test_w8_t1_who_ordered_and_what_else_is_open(small_shop: TestShop) -> None:
    first, second = small_shop.order(), small_shop.order(lines=2)
    who = window(second).blocks["customer"]
    assert (who.name, who.email, who.phone) == ("Ada Kovač", "ada.kovac@example.com", "+49 30 1234567")
    assert (who.orders, who.total) == ("2 orders", "€129.50")
    assert [(other.number, other.status, other.total) for other in who.others] == [
        (first.number, "Awaiting shipment", "€44.80")
    ]
    unpriced = window(second, WAREHOUSE).blocks["customer"]
    assert (unpriced.total, unpriced.others[0].total) == ("", "")


@pytest.mark.parametrize(
    ("phone", "calls"),
    [
        ("+49 (0)40 765-4321", "tel:+49407654321"),
        ("0049 40 7654321", "tel:+49407654321"),
        ("040 / 765 43 21", "tel:0407654321"),
        ("none", ""),
    ],
)
def test_w8_the_phone_number_is_there_to_dial(small_shop: TestShop, phone: str, calls: str) -> None:
    order = small_shop.order(customer={"email": "p@example.com", "phone": phone})
    shown = window(order).blocks["customer"]
    assert (shown.phone, shown.calls) == (phone, calls)


def test_w8_amounts_of_different_currencies_are_never_added(shop: TestShop) -> None:
    euro, swiss, dinar = shop.order(), shop.order(currency="CHF"), shop.order(currency="KWD")
    shop.order(currency="CHF")
    totals = {
        order.currency: window(order, language="de").blocks["customer"].total.replace("\u00a0", " ")
        for order in (euro, swiss, dinar)
    }
    assert totals == {
        "EUR": "44,80 € + 89,60 CHF + 44,800 KWD",
        "CHF": "89,60 CHF + 44,80 € + 44,800 KWD",
        "KWD": "44,800 KWD + 89,60 CHF + 44,80 €",
    }
    assert window(dinar).blocks["customer"].orders == "4 orders"


def test_inv1_the_window_says_why_there_is_no_invoice_and_what_it_lacks(small_shop: TestShop) -> None:
    assert window(small_shop.order()).blocks["invoices"].needs == NeedsView()
    untaxed = [{"name": "Becher", "quantity": "2", "unit_price": "19.95", "vat_rate": "0"}]
    data = small_shop.new_order().as_json() | {"lines": untaxed}
    with work(OWNER) as w:
        waits = place_order(w, parse_order(data))
    with work(OWNER) as w:
        past = place_order(w, small_shop.new_order(), invoicing=ELSEWHERE)
    needs = window(small_shop.load(waits.id or 0), language="de").blocks["invoices"].needs
    assert (needs.head, len(needs.missing), needs.cases[1][0]) == ("Die Rechnung wartet.", 1, "K")
    assert not window(small_shop.load(waits.id or 0)).actions["invoice"].enabled
    needs = window(small_shop.load(past.id or 0)).blocks["invoices"].needs
    assert (needs.head[:32], needs.missing, needs.cases) == ("This order came in as one of the", [], [])
    assert window(small_shop.load(past.id or 0)).actions["invoice"].enabled
    assert "invoices" not in window(small_shop.load(waits.id or 0), WAREHOUSE).blocks


def test_w12_lines_and_sums_add_up_for_the_one_who_reads_them(small_shop: TestShop) -> None:
    seen = window(small_shop.order(lines=2))
    assert [
        (line.sku, line.quantity, line.unit_price, line.vat_rate, line.total)
        for line in seen.blocks["products"].lines
    ] == [
        ("MUG-1", "2", "€19.95", "19 %", "€39.90"),
        ("MUG-2", "2", "€19.95", "19 %", "€39.90"),
    ]
    assert [(row.label, row.amount) for row in seen.blocks["products"].sums] == [
        ("Goods", "€79.80"),
        ("Shipping", "€4.90"),
        ("Total", "€84.70"),
        ("of which 19 % VAT on €71.18", "€13.52"),
    ]
    assert seen.blocks["products"].shop_total == "€84.70"


def test_inv4_a_small_business_sees_no_vat_but_what_its_invoices_showed(small_shop: TestShop) -> None:
    before = small_shop.order()
    with work(OWNER) as w:
        save_section(w.session, "administration", Administration(small_business=True))
    labels = [row.label for row in window(small_shop.order()).blocks["products"].sums]
    assert labels == ["Goods", "Shipping", "Total"]
    kept = [row.label for row in window(before).blocks["products"].sums]
    assert kept[-1].startswith("of which 19 % VAT")


def test_w12_what_was_credited_stands_below_the_total(small_shop: TestShop) -> None:
    order = small_shop.order(paid=True)
    perform(OWNER, "ship", order.id or 0)
    for amount in ("5.00", "2.50"):
        perform(
            OWNER, "credit-note", order.id or 0, {"invoice": order.documents[0].number, "reduction": amount}
        )
    sums = window(small_shop.load(order.id or 0)).blocks["products"].sums
    assert (sums[-1].label, sums[-1].amount) == ("Credited", "−€7.50")
    assert [row.amount for row in sums if row.is_total] == ["€44.80"]


def test_w12_a_rate_that_nothing_is_at_has_no_row(small_shop: TestShop) -> None:
    free = {"method": "dhl", "name": "DHL Paket", "price": "0.00", "vat_rate": "7"}
    seen = window(small_shop.order(shipping=free, total="39.90"))
    assert [row.label for row in seen.blocks["products"].sums] == [
        "Goods",
        "Shipping",
        "Total",
        "of which 19 % VAT on €33.53",
    ]


def test_w_the_head_names_the_number_that_the_customer_knows(small_shop: TestShop) -> None:
    assert window(small_shop.order(number_at_source="#1036")).blocks["head"].known == "#1036"
    assert (
        window(small_shop.order(external_reference="7f0c2f6e-8a8e-4f0e-9a52-2d2f5e1f2a11"))
        .blocks["head"]
        .known
        == ""
    )


def test_w12_a_cancelled_order_shows_its_sums_as_it_was_placed(small_shop: TestShop) -> None:
    """Nothing is left of it, so its discount was more than what is left, and the window could not be opened."""
    wishes = {
        "lines": 2,
        "discount": {"name": "Welcome", "amount": "9.80"},
        "total": "74.90",
        "cancelled_at": "2026-11-20T12:00:00+01:00",
    }

    seen = window(small_shop.order(**wishes))

    assert [(row.label, row.amount) for row in seen.blocks["products"].sums] == [
        ("Goods", "€79.80"),
        ("Welcome", "−€9.80"),
        ("Shipping", "€4.90"),
        ("Total", "€74.90"),
        ("of which 19 % VAT on €62.94", "€11.96"),
    ]


def test_w12_who_may_not_see_prices_is_given_none(small_shop: TestShop) -> None:
    seen = window(small_shop.order(paid=True), WAREHOUSE)
    assert (seen.blocks["head"].total, seen.blocks["products"].shop_total, seen.blocks["products"].sums) == (
        "",
        "",
        [],
    )
    assert {"payment", "invoices"}.isdisjoint(seen.blocks)
    assert "invoices" not in {key for key, *_rest in seen.tabs}
    assert {(line.unit_price, line.discount, line.total) for line in seen.blocks["products"].lines} == {
        ("", "", "")
    }
    assert "€" not in repr(seen)


def test_t2_each_line_tells_what_became_of_its_pieces(small_shop: TestShop) -> None:
    order = small_shop.order()
    assert [(line.invoiced, line.shipped, line.returned) for line in fates(order)] == [("2", "", "")]
    perform(OWNER, "ship", order.id or 0)
    assert [(line.invoiced, line.shipped, line.returned) for line in fates(order)] == [("2", "2", "")]


def test_w6_contents_of_a_shipment_name_a_unit_or_count_pieces(small_shop: TestShop) -> None:
    wish: dict[str, Any] = small_shop.new_order(lines=3).as_json()
    for line, unit in zip(wish["lines"], ("", "m", "pcs"), strict=True):
        line |= {"name": "Stoff", "unit": unit}
    with work(OWNER) as w:
        order = place_order(w, parse_order(wish))
    [shipment] = window(order).blocks["shipments"].shipments
    assert [text.replace("\u00a0", " ") for text in shipment.contents] == [
        "2 × Stoff",
        "2 m Stoff",
        "2 × Stoff",
    ]


def test_t4_ship2_a_shipment_shows_its_parcels_with_the_carriers_page_and_its_slip(
    small_shop: TestShop,
) -> None:
    order = small_shop.order()
    perform(OWNER, "ship", order.id or 0, {"tracking": "00340434161094042557"})
    [shipment] = window(order).blocks["shipments"].shipments
    [parcel] = shipment.parcels
    assert (shipment.contents, shipment.slip_url) == (
        ["2\u00a0×\u00a0Becher 1"],
        f"/packing-slips/{shipment.number}.pdf",
    )
    assert parcel.url == tracking_url("dhl", "00340434161094042557")


@pytest.mark.parametrize("carrier", CARRIERS)
def test_ship2_the_template_of_each_carrier_takes_the_number(carrier: str) -> None:
    assert "AB%2F12" in tracking_url(carrier, "AB/ 12")
    assert tracking_url("a carrier nobody knows", "AB12") == ""


def test_w19_the_customers_comment_is_shown(small_shop: TestShop) -> None:
    assert (
        window(small_shop.order(comment="Please ring twice.")).blocks["comment"].comment
        == "Please ring twice."
    )


def test_inv5_an_invoice_is_sent_and_says_when(small_shop: TestShop) -> None:
    order = small_shop.order()
    done = perform(OWNER, "send-invoice", order.id or 0, {"number": "RE-2026-0001"})
    assert done.message.in_language("en").startswith("Invoice RE-2026-0001 was put into the outbox. ")
    assert window(order).blocks["invoices"].documents[0].sent
    silent = small_shop.order(customer={"email": "", "first_name": "Ada", "last_name": "Kovač"})
    with pytest.raises(Refused) as no:
        perform(OWNER, "send-invoice", silent.id or 0, {"number": "RE-2026-0002"})
    assert no.value.reason.in_language("en") == "The customer has no e-mail address."


def history(order: Order, actor: Actor = OWNER, kind: str = "") -> HistoryTab:
    found: HistoryTab = window(order, actor, tab="history", kind=kind).blocks["history"]
    return found


def test_t7_only_the_kinds_that_occur_are_offered_with_their_numbers(small_shop: TestShop) -> None:
    order = small_shop.order()
    perform(OWNER, "hold", order.id or 0, {"reason": "Stock"})
    tab = history(order)
    assert [(key, word) for key, word, _number, _url in tab.kinds] == [
        ("", "All"),
        ("order", "Order"),
        ("invoice", "Invoice"),
    ]
    everything, *each = [int(number) for _key, _word, number, _url in tab.kinds]
    assert everything == sum(each) == len(tab.facts)
    assert {key: url for key, _word, _number, url in tab.kinds}[
        "invoice"
    ] == f"/orders/{order.number}/history?kind=invoice"


def test_t7_a_kind_shows_what_is_about_it_and_nothing_else(small_shop: TestShop) -> None:
    order = small_shop.order()
    perform(OWNER, "pay", order.id or 0, {"booked_on": "2026-11-21"})
    tab = history(order, kind="payment")
    assert tab.kind == "payment"
    assert [entry.sentence for entry in tab.facts] == [
        "Olga Owner booked a payment of €44.80 by Rechnung, dated 21 Nov 2026."
    ]


def test_t7_a_kind_without_facts_is_empty_and_one_that_is_none_shows_all(small_shop: TestShop) -> None:
    order = small_shop.order()
    empty = history(order, kind="shipping")
    assert (empty.facts, empty.kind) == ([], "shipping")
    assert ["shipping", "Shipping", "0", f"/orders/{order.number}/history?kind=shipping"] in empty.kinds
    assert history(order, kind="OrderPlaced' --").facts == history(order).facts


def test_t7_sec4_the_tab_counts_what_this_colleague_may_read(small_shop: TestShop) -> None:
    order = small_shop.order()
    perform(OWNER, "pay", order.id or 0)
    for actor in (OWNER, WAREHOUSE):
        assert (
            window(order, actor).order.happened
            == len(history(order, actor).facts)
            == int(history(order, actor).kinds[0][2])
        )
    assert window(order, WAREHOUSE).order.happened == window(order).order.happened - 1
    assert "payment" not in [key for key, *_rest in history(order, WAREHOUSE).kinds]
    assert history(order, WAREHOUSE, kind="payment").facts == []


def test_p6_a_window_takes_as_many_statements_for_fifty_lines_as_for_one(small_shop: TestShop) -> None:
    small, large = small_shop.order(), small_shop.order(lines=50)
    with counted() as few:
        window(small)
    with counted() as many:
        window(large)
    assert len(many) == len(few) <= 13  # BEGIN is one of them


def test_d1_the_order_warns_of_characters_that_no_font_has(small_shop: TestShop) -> None:
    plain = window(small_shop.order())
    odd = small_shop.order(
        billing_address={"name": "Ada 💐", "country": "DE"},
        shipping={"name": "Бот ไ", "price": "4.90", "vat_rate": "19"},
    )

    assert plain.blocks["warnings"].unprinted == ""
    for actor in (OWNER, WAREHOUSE):
        assert window(odd, actor, "de").blocks["warnings"].unprinted == (
            "Für diese Zeichen gibt es keine Schrift. Auf Dokumenten steht an ihrer Stelle ein Kästchen mit dem Code: "
            "ไ (U+0E44), 💐 (U+1F490)."
        )


def test_c22_a_line_of_the_history_leads_to_its_mail_and_its_document_and_says_who_once(
    small_shop: TestShop,
) -> None:
    order = small_shop.order()
    perform(OWNER, "pay", order.id or 0)
    facts, seen_by_reader = history(order).facts, history(order, READER).facts
    [mail] = [fact for fact in facts if "Payment received" in fact.sentence]
    assert mail.mail.startswith("/outbox?mail=")
    [issued] = [fact for fact in facts if "issued invoice" in fact.sentence]
    assert issued.file == window(order).blocks["invoices"].documents[0].pdf_url
    assert issued.at.count(":") == 2  # to the second
    assert issued.actor == ""
    assert not any(fact.mail for fact in seen_by_reader)


def test_c20_quantities_bear_their_unit_and_amounts_a_real_minus(small_shop: TestShop) -> None:
    cloth = {
        "sku": "C",
        "name": "Stoff",
        "quantity": "1.5",
        "unit": "m",
        "unit_price": "12.00",
        "discount": "1.00",
        "vat_rate": "19",
    }
    wish = small_shop.new_order().as_json() | {"lines": [cloth], "total": "21.90"}
    with work(OWNER) as w:
        order = place_order(w, parse_order(wish))
    [line] = window(order, language="de").blocks["products"].lines
    [fate] = window(order, language="de", tab="products").blocks["product-lines"].lines
    assert (fate.invoiced, line.discount) == ("1,5 m", "−1,00\xa0€")


def warned(order: Order) -> str:
    return str(window(order).blocks["warnings"].on_hold)


def test_w13_the_window_says_who_put_the_order_on_hold_since_when_and_why(small_shop: TestShop) -> None:
    order = small_shop.order(paid=True)
    assert warned(order) == ""
    perform(BEN, "hold", order.id or 0, {"reason": "Colour is missing"})
    held = window(order, WAREHOUSE)
    assert re.fullmatch(
        r"On hold since .*\d\d:\d\d.*, by Ben Beier: Colour is missing", held.blocks["warnings"].on_hold
    )
    assert held.actions["ship"].reason == "The order is on hold. Resume it first, or ask Ben Beier."
    perform(OWNER, "resume", order.id or 0)
    perform(OWNER, "hold", order.id or 0)
    assert re.fullmatch(r"On hold since .*, by Olga Owner\.", warned(order))
