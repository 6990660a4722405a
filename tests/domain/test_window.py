"""What the order window reads: everything about one order, for the one who looks at it (W, T)."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from databases import OWNER, WAREHOUSE, TestShop
from sqlalchemy import event

from backoffice_app import db
from backoffice_app.db import reading
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.carriers import CARRIERS, tracking_url
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.window import OrderWindow, history_tab, order_window
from backoffice_app.domain.window.views import HistoryTab
from backoffice_app.models import Order


def window(order: Order, actor: Actor = OWNER, language: str = "en") -> OrderWindow:
    with reading() as session:
        return order_window(session, order.number, actor, language)


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
    [invoice] = window(order).documents
    assert (invoice.number, invoice.kind, invoice.total, invoice.state.label) == ("RE-2026-0001", "Invoice", "€44.80", "Open")
    assert invoice.date
    assert invoice.due
    assert invoice.pdf_url == f"/documents/{order.documents[0].public_id}.pdf"
    perform(OWNER, "pay", order.id or 0)
    [settled] = window(order).documents
    assert (settled.state.label, settled.due) == ("Paid", "")


def test_w4_the_button_that_makes_an_invoice_says_why_it_does_not(small_shop: TestShop) -> None:
    button = window(small_shop.order()).actions["invoice"]
    assert (button.shown, button.enabled, button.reason) == (True, False, "Invoice RE-2026-0001 was issued already.")


def test_w8_t1_who_ordered_and_what_else_is_open(small_shop: TestShop) -> None:
    first, second = small_shop.order(), small_shop.order(lines=2)
    who = window(second).customer
    assert (who.name, who.email, who.phone) == ("Ada Kovač", "ada.kovac@example.com", "+49 30 1234567")
    assert (who.orders, who.total) == ("2 orders", "€129.50")
    assert [(other.number, other.status, other.total) for other in who.others] == [(first.number, "Awaiting payment", "€44.80")]
    unpriced = window(second, WAREHOUSE).customer
    assert (unpriced.total, unpriced.others[0].total) == ("", "")


def test_w12_lines_and_sums_add_up_for_the_one_who_reads_them(small_shop: TestShop) -> None:
    seen = window(small_shop.order(lines=2))
    assert [(line.sku, line.quantity, line.unit_price, line.vat_rate, line.total) for line in seen.lines] == [
        ("MUG-1", "2", "€19.95", "19 %", "€39.90"),
        ("MUG-2", "2", "€19.95", "19 %", "€39.90"),
    ]
    assert [(row.label, row.amount) for row in seen.sums] == [
        ("Goods", "€79.80"),
        ("Shipping", "€4.90"),
        ("of which 19 % VAT on €71.18", "€13.52"),
        ("Total", "€84.70"),
    ]
    assert seen.shop_total == "€84.70"


def test_w12_a_cancelled_order_shows_its_sums_as_it_was_placed(small_shop: TestShop) -> None:
    """Nothing is left of it, so its discount was more than what is left, and the window could not be opened."""
    wishes = {"lines": 2, "discount": {"name": "Welcome", "amount": "9.80"}, "total": "74.90", "cancelled_at": "2026-11-20T12:00:00+01:00"}

    seen = window(small_shop.order(**wishes))

    assert [(row.label, row.amount) for row in seen.sums] == [
        ("Goods", "€79.80"),
        ("Welcome", "-€9.80"),
        ("Shipping", "€4.90"),
        ("of which 19 % VAT on €62.94", "€11.96"),
        ("Total", "€74.90"),
    ]


def test_w12_who_may_not_see_prices_is_given_none(small_shop: TestShop) -> None:
    seen = window(small_shop.order(paid=True), WAREHOUSE)
    assert (seen.total, seen.paid, seen.shop_total, seen.sums, seen.payments, seen.documents) == ("", "", "", [], [], [])
    assert {(line.unit_price, line.discount, line.total) for line in seen.lines} == {("", "", "")}
    assert "€" not in repr(seen)


def test_t2_each_line_tells_what_became_of_its_pieces(small_shop: TestShop) -> None:
    order = small_shop.order()
    assert [(line.invoiced, line.shipped, line.returned) for line in window(order).lines] == [("2", "", "")]
    perform(OWNER, "ship", order.id or 0)
    assert [(line.invoiced, line.shipped, line.returned) for line in window(order).lines] == [("2", "2", "")]


def test_t4_ship2_a_shipment_shows_its_parcels_with_the_carriers_page_and_its_slip(small_shop: TestShop) -> None:
    order = small_shop.order()
    perform(OWNER, "ship", order.id or 0, {"tracking": "00340434161094042557"})
    [shipment] = window(order).shipments
    [parcel] = shipment.parcels
    assert (shipment.contents, shipment.slip_url) == (["2\u00a0×\u00a0Becher 1"], f"/packing-slips/{shipment.number}.pdf")
    assert parcel.url == tracking_url("dhl", "00340434161094042557")


@pytest.mark.parametrize("carrier", CARRIERS)
def test_ship2_the_template_of_each_carrier_takes_the_number(carrier: str) -> None:
    assert "AB%2F12" in tracking_url(carrier, "AB/ 12")
    assert tracking_url("a carrier nobody knows", "AB12") == ""


def test_w19_the_customers_comment_is_shown(small_shop: TestShop) -> None:
    assert window(small_shop.order(comment="Please ring twice.")).comment == "Please ring twice."


def test_inv5_an_invoice_is_sent_and_says_when(small_shop: TestShop) -> None:
    order = small_shop.order()
    done = perform(OWNER, "send-invoice", order.id or 0, {"number": "RE-2026-0001"})
    assert done.message.in_language("en") == "Invoice RE-2026-0001 is on its way."
    assert window(order).documents[0].sent
    silent = small_shop.order(customer={"email": "", "first_name": "Ada", "last_name": "Kovač"})
    with pytest.raises(Refused) as no:
        perform(OWNER, "send-invoice", silent.id or 0, {"number": "RE-2026-0002"})
    assert no.value.reason.in_language("en") == "The customer has no e-mail address."


def history(order: Order, actor: Actor = OWNER, kind: str = "") -> HistoryTab:
    with reading() as session:
        return history_tab(session, order_window(session, order.number, actor, "en"), actor, "en", kind)


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
    assert {key: url for key, _word, _number, url in tab.kinds}["invoice"] == f"/orders/{order.number}/history?kind=invoice"


def test_t7_a_kind_shows_what_is_about_it_and_nothing_else(small_shop: TestShop) -> None:
    order = small_shop.order()
    perform(OWNER, "pay", order.id or 0)
    tab = history(order, kind="payment")
    assert tab.kind == "payment"
    assert [entry.sentence for entry in tab.facts] == ["Olga Owner booked a payment of €44.80 by Rechnung."]


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
        assert window(order, actor).happened == len(history(order, actor).facts) == int(history(order, actor).kinds[0][2])
    assert window(order, WAREHOUSE).happened == window(order).happened - 1
    assert "payment" not in [key for key, *_rest in history(order, WAREHOUSE).kinds]
    assert history(order, WAREHOUSE, kind="payment").facts == []


def test_p6_a_window_takes_as_many_statements_for_fifty_lines_as_for_one(small_shop: TestShop) -> None:
    small, large = small_shop.order(), small_shop.order(lines=50)
    with counted() as few:
        window(small)
    with counted() as many:
        window(large)
    assert len(many) == len(few) <= 13  # BEGIN is one of them
