"""An order ends before it is shipped: as a whole, or the rest of it (W-13, D1, D4, D8, D9)."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from databases import BEN, WAREHOUSE, TestShop
from policies import invoice_by_hand as by_hand
from saying_yes import say_yes
from sqlmodel import Session, select
from wholeness import wrongs

from backoffice_app import db
from backoffice_app.db import reading
from backoffice_app.domain.core.actions import ACTIONS, perform, preview
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.rights import Actor, ActorKind, Right
from backoffice_app.domain.core.work import work
from backoffice_app.domain.history import history_of
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.states import surplus
from backoffice_app.domain.orders.new_order import parse_order
from backoffice_app.domain.orders.place import place_order
from backoffice_app.domain.window import order_window
from backoffice_app.models import Order, OutboxMail


def mails(order: Order, kind: str = "order-cancelled") -> list[OutboxMail]:
    with Session(db.engine()) as session:
        return list(
            session.exec(select(OutboxMail).where(OutboxMail.order_id == order.id, OutboxMail.kind == kind))
        )


def test_w13_cancelling_releases_what_was_to_ship_and_shows_what_was_paid_as_to_refund(
    shop: TestShop,
) -> None:
    by_hand()
    order = shop.order(paid=True)
    perform(BEN, "hold", order.id or 0, {"reason": "wartet"})
    done = perform(BEN, "cancel", order.id or 0, {"reason": "Nicht lieferbar"})
    after = shop.load(order.id or 0)
    assert (after.status, after.payment_state, after.paid, after.open_amount) == (
        "cancelled",
        "overpaid",
        4480,
        0,
    )
    assert [shipment.state for shipment in after.shipments] == ["cancelled"]
    assert [line.cancelled for line in after.lines] == [Decimal(2)]
    assert (after.cancel_reason, after.on_hold_since, after.held_by) == ("Nicht lieferbar", None, "")
    [mail] = mails(order)
    assert "Grund: Nicht lieferbar" in mail.body
    assert "44,80" in mail.body
    assert "To refund: €44.80." in done.message.in_language("en")
    assert wrongs() == []


def test_w13_unpaid_it_asks_for_nothing_more_and_says_so(shop: TestShop) -> None:
    by_hand()
    order = shop.order(payment={"method": "card", "name": "Karte", "state": "authorised"})
    perform(BEN, "cancel", order.id or 0, {"mail": False})
    after = shop.load(order.id or 0)
    assert (after.payment_state, after.authorised_at, mails(order)) == ("unpaid", None, [])
    with Session(db.engine()) as session:
        told = [
            entry.sentence
            for entry in history_of(session, (ORDER, order.id or 0), BEN, "en", "Europe/Berlin")
        ]
    assert {"Ben Beier cancelled the order.", "The authorised payment is not collected any more."} <= set(
        told
    )
    assert wrongs() == []


def test_w13_the_preview_says_in_numbers_what_will_happen_and_changes_nothing(shop: TestShop) -> None:
    by_hand()
    order = shop.order(lines=2, paid=True)
    shown = preview(BEN, "cancel", order.id or 0, {"reason": "x"})
    told = [one.in_language("en") for one in shown.told]
    number = order.shipments[0].number
    assert told[:3] == [
        f"Shipment {number} is cancelled.",
        "Not shipped any more: 4 pieces.",
        "To refund: €84.70.",
    ]
    assert "ada.kovac@example.com" in told[3]
    assert shop.load(order.id or 0).version == order.version
    assert perform(BEN, "cancel", order.id or 0, {"reason": "x"}).told == shown.told


def part_shipped(shop: TestShop, **wishes: Any) -> Order:
    order = shop.order(**wishes)
    number = order.shipments[0].number
    say_yes(
        BEN, "part-shipment", order.id or 0, {"shipment": number, "quantities": {"1": "1"}, "shipped": True}
    )
    return shop.load(order.id or 0)


def test_w13_what_has_shipped_is_returned_and_part_shipped_the_rest_is_cancelled(
    small_shop: TestShop,
) -> None:
    by_hand()
    order = part_shipped(small_shop)
    with pytest.raises(Refused, match=r"A part of the order has been shipped\. Press “Cancel the rest”"):
        perform(BEN, "cancel", order.id or 0)
    say_yes(BEN, "ship", order.id or 0)
    with pytest.raises(Refused, match=r"Everything has been shipped\. Create a return"):
        perform(BEN, "cancel", order.id or 0)
    with pytest.raises(Refused, match="Nothing is left to ship"):
        perform(BEN, "cancel-rest", order.id or 0)


def test_d4_the_rest_is_cancelled_pieces_so_nothing_waits_for_ever(shop: TestShop) -> None:
    by_hand()
    order = part_shipped(shop, discount={"name": "Rabatt", "amount": "1.00"}, total="43.80", paid=True)
    done = perform(BEN, "cancel-rest", order.id or 0, {"reason": "ausverkauft", "money": "refund"})
    after = shop.load(order.id or 0)
    [line] = after.lines
    assert (line.ordered, line.cancelled, line.shipped, line.total) == (2, 1, 1, 1995)
    assert (after.total, after.paid, after.payment_state, after.status) == (
        2385,
        4380,
        "overpaid",
        "completed",
    )
    assert [(refund.amount, refund.state) for refund in after.refunds] == [(1995, "asked")]
    assert "1 piece" in done.message.in_language("en")
    assert wrongs() == []


@pytest.mark.parametrize("invoiced", [True, False])
def test_w12_t2_a_line_says_how_much_of_it_was_cancelled(small_shop: TestShop, *, invoiced: bool) -> None:
    if not invoiced:
        by_hand()
    order = part_shipped(small_shop, paid=True)
    perform(BEN, "cancel-rest", order.id or 0)
    with reading() as session:
        [line] = order_window(session, order.number, BEN, "en").blocks["products"].lines
        fates = order_window(session, order.number, BEN, "en", tab="products").blocks["product-lines"]
    assert (line.quantity, line.cancelled) == ("2", "of which 1 cancelled")
    assert (fates.has_cancelled, [(fate.quantity, fate.cancelled, fate.shipped) for fate in fates.lines]) == (
        True,
        [("2", "1", "1")],
    )


def test_w12_of_a_cancelled_order_the_head_says_it_and_no_line(small_shop: TestShop) -> None:
    order = small_shop.order()
    perform(BEN, "cancel", order.id or 0)
    with reading() as session:
        lines = order_window(session, order.number, BEN, "en").blocks["products"].lines
    assert {line.cancelled for line in lines} == {""}


def test_d8_the_money_may_stay_as_the_customers_credit(small_shop: TestShop) -> None:
    by_hand()
    order = part_shipped(small_shop, paid=True)
    perform(BEN, "cancel-rest", order.id or 0)
    after = small_shop.load(order.id or 0)
    assert (after.payment_state, after.refunds, after.status) == ("overpaid", [], "completed")


@pytest.mark.parametrize("invoiced", [True, False])
def test_w13_each_choice_for_the_money_is_said_in_figures_beforehand(
    small_shop: TestShop, *, invoiced: bool
) -> None:
    if not invoiced:
        by_hand()
    order = part_shipped(small_shop, paid=True)
    with reading() as session:
        view = order_window(session, order.number, BEN, "en", dialog="cancel-rest").dialog
    assert dict(view.choices) == {
        "refund": "A refund of €19.95 is asked for.",
        "credit": "€19.95 become credit of the customer: other orders can be paid from it.",
        "lines": (
            "€19.95 stay on the order: they can move to another order of the customer, with the lines "
            "that are wanted instead."
        ),
    }
    assert [(one.text, one.value) for one in view.will if "19.95" in one.text + one.value] == (
        [("GS-2026-0001 credits a part of RE-2026-0001", "\u2212€19.95")] if invoiced else []
    )


def test_w13_what_cancelling_does_is_listed_in_figures_with_the_number_it_will_issue(shop: TestShop) -> None:
    order = shop.order(lines=2, paid=True)
    perform(BEN, "add-task", order.id or 0, {"title": "Anrufen"})
    with reading() as session:
        view = order_window(session, order.number, BEN, "en", dialog="cancel").dialog
    number = order.shipments[0].number
    assert [(one.text, one.value, one.when) for one in view.will] == [
        ("ST-2026-0001 cancels RE-2026-0001", "\u2212€84.70", ""),
        ("To refund by Vorkasse", "€84.70", ""),
        ("Not shipped: 2 lines", "4 pieces", ""),
        ("Back for sale: 2 lines", "4 pieces", "restock"),
        ("Not back for sale: 2 lines", "4 pieces", "no-restock"),
        (f"Shipment {number} will be cancelled", "", ""),
        ("1 open task stays", "", ""),
        ("The mail to ada.kovac@example.com stays in the outbox: there is no mail server.", "", "mail"),
    ]
    assert all(one.icon for one in view.will)
    assert perform(BEN, "cancel", order.id or 0).made["documents"] == ("ST-2026-0001",)


def test_w13_who_may_not_see_prices_reads_no_amount_beforehand(small_shop: TestShop) -> None:
    order = small_shop.order(paid=True)
    clerk = Actor(ActorKind.USER, "Clerk", BEN.rights - {Right.PRICES}, id=7)
    with reading() as session:
        view = order_window(session, order.number, clerk, "en", dialog="cancel").dialog
    assert [(one.text, one.value) for one in view.will][:2] == [
        ("ST-2026-0001 cancels RE-2026-0001", ""),
        ("Not shipped: 1 line", "2 pieces"),
    ]
    assert not any("€" in one.text + one.value for one in view.will)
    assert view.letter == []


def test_w13_the_mail_is_shown_before_an_order_or_its_rest_is_cancelled(small_shop: TestShop) -> None:
    whole: tuple[str, dict[str, object]] = ("cancel", {})
    rest: tuple[str, dict[str, object]] = ("cancel-rest", {"money": "refund"})
    for order, (key, values), kind in (
        (small_shop.order(paid=True), whole, "order-cancelled"),
        (part_shipped(small_shop, paid=True), rest, "rest-cancelled"),
    ):
        letters = []
        for actor in (BEN, WAREHOUSE):
            with reading() as session:
                letters.append(order_window(session, order.number, actor, "en", dialog=key).dialog)
        perform(BEN, key, order.id or 0, values)
        [mail] = mails(order, kind)
        assert letters[0].letter == [mail.subject, mail.body, mail.language]
        assert "44,80" in mail.body or "19,95" in mail.body
        assert getattr(letters[1], "letter", []) == [], (
            "who may not see amounts sees none in the mail (SEC-4)"
        )


def test_w13_what_stays_for_other_lines_pays_an_order_with_them(small_shop: TestShop) -> None:
    by_hand()
    order, other = part_shipped(small_shop, paid=True), small_shop.order()
    perform(BEN, "cancel-rest", order.id or 0, {"money": "lines"})
    assert surplus(small_shop.load(order.id or 0)) == 1995
    perform(BEN, "move-payment", order.id or 0, {"order": other.number})
    assert small_shop.load(other.id or 0).open_amount == 2485
    assert small_shop.load(order.id or 0).payment_state == "paid"


def test_w13_twenty_who_cancel_at_once_cancel_once_and_nineteen_read_who_did(shop: TestShop) -> None:
    by_hand()
    order = shop.order(paid=True)

    def click(n: int) -> str:
        clerk = Actor(ActorKind.USER, f"Clerk {n}", BEN.rights, id=n)
        return perform(clerk, "cancel", order.id or 0).message.in_language("en")

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(click, range(20)))
    [winner] = [n for n, answer in enumerate(answers) if answer.startswith("The order is cancelled.")]
    assert sum(answer.startswith(f"Cancelled already, by Clerk {winner} at ") for answer in answers) == 19
    assert len(mails(order)) == 1
    assert wrongs() == []


def test_d9_of_two_who_ship_and_cancel_at_once_one_reads_why_not(shop: TestShop) -> None:
    by_hand()
    order = shop.order(paid=True)

    def press(key: str) -> str:
        try:
            return say_yes(BEN, key, order.id or 0).message.in_language("en")
        except Refused as no:
            return no.reason.in_language("en")

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(press, ["ship", "cancel"]))
    after = shop.load(order.id or 0)
    assert (after.status == "cancelled") != (after.shipping_state == "shipped")
    assert wrongs() == []


def test_w13_a_cancelled_order_takes_no_other_action(small_shop: TestShop) -> None:
    by_hand()
    order = small_shop.order()
    perform(BEN, "cancel", order.id or 0)
    after = small_shop.load(order.id or 0)
    for key in ("ship", "pay", "hold", "invoice", "cancel", "cancel-rest", "edit-address"):
        assert ACTIONS[key].why_not(after) is not None, key


@pytest.mark.parametrize("paid", [True, False])
def test_w13_what_was_invoiced_is_reversed_and_ends_at_zero(shop: TestShop, *, paid: bool) -> None:
    order = shop.order(paid=paid)
    told = [one.in_language("en") for one in preview(BEN, "cancel", order.id or 0, {"mail": False}).told]
    assert any(
        one.startswith(f"Invoice {order.documents[0].number} is reversed by a cancellation document: ")
        for one in told
    )
    done = perform(BEN, "cancel", order.id or 0, {"reason": "Nicht lieferbar"})
    after = shop.load(order.id or 0)
    assert [(document.kind, document.total) for document in after.documents] == [
        ("invoice", 4480),
        ("cancellation", -4480),
    ]
    assert done.made["documents"] == (after.documents[1].number,)
    assert [document.open_amount for document in after.documents] == [0, 4480 if paid else 0]
    assert (after.open_amount, after.paid, after.status) == (0, 4480 if paid else 0, "cancelled")
    assert after.documents[1].number in mails(order)[0].body
    if paid:
        perform(BEN, "refund", order.id or 0, {"amount": "44.80"})
        after = shop.load(order.id or 0)
        assert ([document.open_amount for document in after.documents], after.payment_state) == (
            [0, 0],
            "refunded",
        )
        say_yes(BEN, "settle-refund", order.id or 0, {"refund": "1", "state": "failed"})
        assert shop.load(order.id or 0).documents[1].open_amount == 4480
    assert wrongs() == []


@pytest.mark.parametrize(
    ("money", "says"),
    [
        ("refund", "Wir erstatten Ihnen 19,95\u00a0€."),
        ("credit", "19,95\u00a0€ behalten wir als Ihr Guthaben"),
        ("lines", ""),
    ],
)
def test_w13_the_customer_is_told_once_what_does_not_come_and_of_the_money(
    small_shop: TestShop, money: str, says: str
) -> None:
    order = part_shipped(small_shop, paid=True)
    values = {"money": money, "reason": "ausverkauft"}
    assert len(preview(BEN, "cancel-rest", order.id or 0, values).made["mails"]) == 1
    perform(BEN, "cancel-rest", order.id or 0, values)
    [mail] = mails(order, "rest-cancelled")
    assert (mail.subject, mail.language) == ("Ein Teil Ihrer Bestellung SHOP-1 ist storniert", "de")
    assert "  1 × Becher 1\n" in mail.body
    assert "Grund: ausverkauft" in mail.body
    assert says in mail.body
    assert ("erstatten" in mail.body, "Guthaben" in mail.body) == (money == "refund", money == "credit")
    assert small_shop.load(order.id or 0).documents[1].number in mail.body
    assert wrongs() == []


def test_m6_the_mail_about_the_rest_can_be_left_out(small_shop: TestShop) -> None:
    order = part_shipped(small_shop, paid=True)
    perform(BEN, "cancel-rest", order.id or 0, {"mail": False})
    assert mails(order, "rest-cancelled") == []


@pytest.mark.parametrize("paid", [True, False])
def test_d4_the_rest_of_an_invoiced_order_is_credited(shop: TestShop, *, paid: bool) -> None:
    order = part_shipped(shop, paid=paid, lines=2)
    done = perform(BEN, "cancel-rest", order.id or 0, {"reason": "ausverkauft", "money": "refund"})
    after = shop.load(order.id or 0)
    assert [document.kind for document in after.documents] == ["invoice", "credit note"]
    assert [(line.cancelled, line.credited, line.shipped) for line in after.lines] == [(1, 1, 1), (2, 2, 0)]
    assert after.open_amount == (0 if paid else 2485)
    assert [(refund.amount, refund.state) for refund in after.refunds] == ([(5985, "asked")] if paid else [])
    assert after.status == ("completed" if paid else "awaiting_payment")
    assert (after.shipping_state, len(done.made["documents"])) == ("shipped", 1)
    assert wrongs() == []


def test_w13_a_free_gift_of_the_rest_is_cancelled_and_needs_no_credit_note(shop: TestShop) -> None:
    gift = {
        "sku": "GIFT",
        "name": "Gift",
        "quantity": "1",
        "unit_price": "0.00",
        "discount": "0.00",
        "vat_rate": "19",
    }
    mug = {
        "sku": "MUG-1",
        "name": "Becher",
        "quantity": "1",
        "unit_price": "10.00",
        "discount": "0.00",
        "vat_rate": "19",
    }
    with work(BEN) as w:
        placed = place_order(
            w, parse_order(shop.new_order(paid=True).as_json() | {"lines": [mug, gift], "total": "14.90"})
        )
    order = shop.load(placed.id or 0)
    perform(
        BEN,
        "part-shipment",
        order.id or 0,
        {"shipment": order.shipments[0].number, "quantities": {"1": "1"}, "shipped": True},
    )

    perform(BEN, "cancel-rest", order.id or 0)

    after = shop.load(order.id or 0)
    assert [document.kind for document in after.documents] == ["invoice"]
    assert ([line.cancelled for line in after.lines], after.status) == ([0, 1], "completed")
    assert wrongs() == []
