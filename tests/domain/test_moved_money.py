"""What was paid too much moves to another order of the same customer, once and never more than that (PAY-2)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from callers import client
from databases import BEN, OWNER, TestShop
from policies import invoice_by_hand, invoice_when_paid
from saying_yes import say_yes
from sqlmodel import col, select
from wholeness import wrongs

from backoffice_app.db import reading
from backoffice_app.domain.core.actions import Done, perform, preview
from backoffice_app.domain.core.errors import Asks, Invalid, Refused
from backoffice_app.domain.core.rights import Actor, ActorKind
from backoffice_app.domain.history import history_of
from backoffice_app.domain.invoicing.policy import issue_when_due
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.window import order_window
from backoffice_app.models import Order, OutboxMail


def two_orders(shop: TestShop, paid: str = "50.00", **second: Any) -> tuple[Order, Order]:
    """44.80 are owed on each; `paid` was paid on the first one."""
    first, other = shop.order(), shop.order(**second)
    say_yes(BEN, "pay", first.id or 0, {"amount": paid, "mail": False})
    return shop.load(first.id or 0), other


def move(order: Order, other: Order, **values: Any) -> Done:
    return say_yes(BEN, "move-payment", order.id or 0, {"order": other.number, "mail": False, **values})


def told(order: Order) -> list[str]:
    with reading() as session:
        entries = history_of(session, (ORDER, order.id or 0), OWNER, "en", "Europe/Berlin")
    return [entry.sentence for entry in entries]


@pytest.mark.parametrize("by_policy", [True, False])
def test_pay2_a_surplus_moves_and_pays_the_other_order(shop: TestShop, by_policy: bool) -> None:
    if not by_policy:
        invoice_by_hand()
    order, other = two_orders(shop)
    done = move(order, other)
    after, there = shop.load(order.id or 0), shop.load(other.id or 0)
    assert [(p.amount, p.kind) for p in after.payments] == [(5000, ""), (-520, "moved")]
    assert (after.paid, after.open_amount, after.payment_state) == (4480, 0, "paid")
    assert (there.paid, there.open_amount, there.payment_state) == (520, 3960, "part_paid")
    assert [d.open_amount for d in there.documents] == ([3960] if by_policy else [])
    assert done.made["payments"] == ("2",)
    assert any(f"moved €5.20 to order {other.number}" in sentence for sentence in told(order))
    assert any(f"moved €5.20 from order {order.number} to this one" in sentence for sentence in told(other))
    assert wrongs() == []


def test_pay2_never_more_than_the_surplus_and_no_amount_is_named(small_shop: TestShop) -> None:
    order, other = two_orders(small_shop)
    for amount in ("5.21", "0", "-1.00", "x"):
        with pytest.raises(Invalid) as no:
            move(order, other, amount=amount)
        assert no.value.field == "amount"
    move(order, other, amount="5.00")
    perform(BEN, "refund", order.id or 0, {"amount": "0.20", "state": "asked"})
    with pytest.raises(Refused, match="Nothing was paid too much"):
        move(order, other)
    assert [p.amount for p in small_shop.load(order.id or 0).payments] == [5000, -500]


@pytest.mark.parametrize(
    ("second", "why"),
    [
        ({"customer": {"email": "max@example.com"}}, "of another customer"),
        ({"currency": "CHF"}, "in another currency"),
        ({"cancelled_at": "2026-11-20T12:00:00+01:00"}, "is cancelled"),
    ],
)
def test_pay2_money_goes_to_an_order_of_the_same_customer_and_currency_only(
    small_shop: TestShop, second: dict[str, Any], why: str
) -> None:
    order, other = two_orders(small_shop, **second)
    small_shop.order()  # one that it could go to
    with pytest.raises(Invalid, match=why) as no:
        move(order, other)
    assert no.value.field == "order"
    for number in (order.number, "77", "x"):
        with pytest.raises(Invalid) as no:
            perform(BEN, "move-payment", order.id or 0, {"order": number})
        assert no.value.field == "order"
    assert len(small_shop.load(order.id or 0).payments) == 1


def test_st3_money_that_has_nowhere_to_go_is_refused_by_list_button_and_call_in_the_same_words(
    small_shop: TestShop,
) -> None:
    order, _other = two_orders(small_shop, customer={"email": "max@example.com"})
    sentence = "The customer has no other order that the money could go to. Refund it or keep it as credit."

    listed = {
        one["key"]: one
        for one in client("orders:read pay").get(f"/api/v1/orders/{order.number}/actions").json()
    }
    assert (listed["move-payment"]["may"], listed["move-payment"]["why"]) == (False, sentence)
    with reading() as session:
        button = order_window(session, order.number, BEN, "en").actions["move-payment"]
    assert (button.shown, button.enabled, button.reason) == (True, False, sentence)
    with pytest.raises(Refused, match=sentence):
        perform(BEN, "move-payment", order.id or 0, {"order": "77"})
    small_shop.order()
    with reading() as session:
        assert order_window(session, order.number, BEN, "en").actions["move-payment"].enabled


def test_pay2_the_same_address_is_the_same_customer_whatever_its_case(small_shop: TestShop) -> None:
    order, other = two_orders(small_shop, customer={"email": "ADA.Kovac@Example.com"})
    move(order, other)
    assert small_shop.load(other.id or 0).paid == 520


def test_pay2_more_than_is_open_there_is_asked_first(small_shop: TestShop) -> None:
    order, other = two_orders(small_shop, "99.60")
    with pytest.raises(Asks, match=r"€54\.80 is €10\.00 more than is open on order"):
        perform(BEN, "move-payment", order.id or 0, {"order": other.number})
    move(order, other)
    assert small_shop.load(other.id or 0).payment_state == "overpaid"


def test_api1_a_payment_says_what_it_is_and_which_order_it_moved_to(small_shop: TestShop) -> None:
    order, other = two_orders(small_shop)
    move(order, other)
    perform(BEN, "charge-back", order.id or 0, {"amount": "1.00", "reason": "why"})
    told = client("orders:read").get(f"/api/v1/orders/{order.number}").json()
    assert [(one["amount"], one["kind"], one["reason"]) for one in told["payments"]] == [
        ("50.00", "", ""),
        ("-5.20", "moved", other.number),
        ("-1.00", "charge_back", "why"),
    ]
    assert told["payment_state"] == "charged_back"


def test_pay2_one_form_moves_once(small_shop: TestShop) -> None:
    order, other = two_orders(small_shop)
    assert move(order, other, amount="1.00", key="form").changed
    assert not move(order, other, amount="1.00", key="form").changed
    assert [p.amount for p in small_shop.load(other.id or 0).payments] == [100]


def test_pay2_two_opposite_moves_at_once_end_without_a_deadlock(shop: TestShop) -> None:
    """Both lock the two orders in the order of their ids: anyone who comes second waits, and neither is refused."""
    order, other = two_orders(shop, "60.00")
    say_yes(BEN, "pay", other.id or 0, {"amount": "60.00", "mail": False})

    def click(n: int) -> bool:
        clerk = Actor(ActorKind.USER, f"Clerk {n}", BEN.rights, id=n)
        here, there = (order, other) if n % 2 else (other, order)
        return say_yes(
            clerk, "move-payment", here.id or 0, {"order": there.number, "amount": "1.00", "mail": False}
        ).changed

    with ThreadPoolExecutor(12) as threads:
        assert all(threads.map(click, range(12)))
    assert [shop.load(one.id or 0).paid for one in (order, other)] == [6000, 6000]
    assert wrongs() == []


def test_pay2_twenty_moves_of_one_surplus_move_it_once(shop: TestShop) -> None:
    order, other = two_orders(shop)

    def click(n: int) -> bool:
        try:
            return perform(BEN, "move-payment", order.id or 0, {"order": other.number, "mail": False}).changed
        except Refused:
            return False

    with ThreadPoolExecutor(20) as threads:
        assert sum(threads.map(click, range(20))) == 1
    assert shop.load(other.id or 0).paid == 520
    assert wrongs() == []


def test_pay2_what_was_moved_comes_back_by_undo_and_its_mail_stays(shop: TestShop) -> None:
    order, other = two_orders(shop)
    done = perform(BEN, "move-payment", order.id or 0, {"order": other.number})
    assert done.undo is not None
    perform(BEN, done.undo.key, order.id or 0, done.undo.values)
    after, there = shop.load(order.id or 0), shop.load(other.id or 0)
    assert (after.paid, after.payment_state, there.paid, there.open_amount) == (5000, "overpaid", 0, 4480)
    assert [d.open_amount for d in there.documents] == [4480]
    with pytest.raises(Refused, match="No money was moved"):
        perform(BEN, done.undo.key, order.id or 0, done.undo.values)
    assert wrongs() == []


def test_pay2_what_was_refunded_there_does_not_come_back(small_shop: TestShop) -> None:
    order, other = two_orders(small_shop)
    move(order, other)
    say_yes(BEN, "refund", other.id or 0, {"amount": "5.20"})
    with pytest.raises(Refused, match="no longer has the money"):
        perform(BEN, "move-back", order.id or 0, {"payment": "2"})
    with pytest.raises(Refused, match="refunded, moved to another order or kept as credit"):
        perform(BEN, "not-paid", order.id or 0)
    assert wrongs() == []


def test_pay2_a_credit_note_that_is_moved_is_paid_out(shop: TestShop) -> None:
    order, other = two_orders(shop, "44.80")
    invoice = order.documents[0].number
    say_yes(BEN, "credit-note", order.id or 0, {"invoice": invoice, "amount": "10.00"})
    move(order, other)
    after = shop.load(order.id or 0)
    assert ([d.open_amount for d in after.documents], after.paid, after.payment_state) == (
        [0, 0],
        3480,
        "paid",
    )
    assert shop.load(other.id or 0).paid == 1000
    assert wrongs() == []


def test_pay2_an_added_line_is_open_though_it_was_once_paid_too_much(small_shop: TestShop) -> None:
    invoice_by_hand()
    order, other = two_orders(small_shop, "64.75")
    move(order, other)
    lines = [{"rank": 1, "quantity": "3"}]
    say_yes(BEN, "edit-lines", order.id or 0, {"lines": lines})
    perform(BEN, "invoice", order.id or 0)
    after = small_shop.load(order.id or 0)
    assert (after.total, after.open_amount, after.documents[0].open_amount) == (6475, 1995, 1995)
    assert wrongs() == []


def test_pay2_the_other_order_is_told_by_a_mail_unless_it_is_left_out(small_shop: TestShop) -> None:
    order, other = two_orders(small_shop)
    foreseen = preview(BEN, "move-payment", order.id or 0, {"order": other.number})
    assert len(foreseen.made["mails"]) == 1
    perform(BEN, "move-payment", order.id or 0, {"order": other.number})
    with reading() as session:
        kinds = session.exec(
            select(OutboxMail.kind).where(OutboxMail.order_id == other.id).order_by(col(OutboxMail.id))
        ).all()
    assert "payment-received" in kinds


def test_pay2_a_policy_that_waits_for_the_money_invoices_what_was_moved_here(small_shop: TestShop) -> None:
    invoice_when_paid()
    order, other = two_orders(small_shop, "89.60")
    move(order, other)
    issue_when_due(other.id or 0)
    assert len(small_shop.load(other.id or 0).documents) == 1
