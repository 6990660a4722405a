"""What was paid too much becomes credit of the customer, which pays other orders: never more than there is (PAY-1,
PAY-2, W-13).
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from callers import client
from customer_records import another, shown
from databases import BEN, OWNER, WAREHOUSE, TestShop
from policies import invoice_by_hand, invoice_when_paid
from saying_yes import say_yes
from sqlmodel import Session, select
from wholeness import wrongs

from backoffice_app import db
from backoffice_app.db import reading
from backoffice_app.domain.core.actions import Done, perform, preview
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import Actor, ActorKind
from backoffice_app.domain.customer_credit import balances
from backoffice_app.domain.history import history_of
from backoffice_app.domain.invoicing.policy import issue_when_due
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.window import order_window
from backoffice_app.models import Customer, Order, OutboxMail

NOBODY: dict[str, Any] = {
    "customer": {"email": ""},
    "billing_address": {
        "company": "Kasse",
        "street": "Weg 1",
        "postcode": "10827",
        "city": "Berlin",
        "country": "DE",
    },
}


def paid_too_much(shop: TestShop, paid: str = "64.80", **changes: Any) -> Order:
    """An order of 44.80 on which `paid` came in."""
    order = shop.order(**changes)
    say_yes(BEN, "pay", order.id or 0, {"amount": paid, "mail": False})
    return shop.load(order.id or 0)


def with_credit(shop: TestShop, paid: str = "64.80") -> Order:
    """An order of which 20.00, unless said otherwise, became credit of its customer."""
    order = paid_too_much(shop, paid)
    perform(BEN, "keep-credit", order.id or 0)
    return shop.load(order.id or 0)


def do(what: str, order: Order, **values: Any) -> Done:
    return perform(BEN, what, order.id or 0, values)


def credit(order: Order) -> int:
    """The credit of the customer of an order in its currency."""
    with reading() as session:
        return (
            balances(session, [order.customer_id or 0]).get(order.customer_id or 0, {}).get(order.currency, 0)
        )


def booked(shop: TestShop, order: Order) -> list[tuple[int, str]]:
    return [(payment.amount, payment.kind) for payment in shop.load(order.id or 0).payments]


def told(order: Order) -> list[str]:
    with reading() as session:
        entries = history_of(session, (ORDER, order.id or 0), OWNER, "en", "Europe/Berlin")
    return [entry.sentence for entry in entries]


@pytest.mark.parametrize("by_policy", [True, False])
def test_pay2_a_surplus_becomes_credit_and_pays_another_order(shop: TestShop, *, by_policy: bool) -> None:
    if not by_policy:
        invoice_by_hand()
    order, other = paid_too_much(shop), shop.order()
    foreseen = preview(BEN, "keep-credit", order.id or 0)
    assert (foreseen.message.in_language("en"), credit(order)) == (
        "€20.00 kept as credit. The customer now has a credit of €20.00.",
        0,
    )
    done = do("keep-credit", order)
    after = shop.load(order.id or 0)
    assert (booked(shop, order), done.made["payments"]) == ([(6480, ""), (-2000, "credit")], ("2",))
    assert (after.paid, after.open_amount, after.payment_state, credit(order)) == (4480, 0, "paid", 2000)
    assert "Ben Beier kept €20.00 as credit of the customer." in told(order)

    done = do("pay-from-credit", other, mail=False)
    there = shop.load(other.id or 0)
    assert done.message.in_language("en") == "€20.00 paid from the credit. The customer has €0.00 of it left."
    assert (booked(shop, other), there.payment_state, there.open_amount, credit(order)) == (
        [(2000, "credit")],
        "part_paid",
        2480,
        0,
    )
    assert [d.open_amount for d in there.documents] == ([2480] if by_policy else [])
    assert "Ben Beier paid €20.00 from the credit of the customer." in told(other)
    assert wrongs() == []


def test_pay2_it_pays_no_more_than_is_open_and_the_rest_stays(small_shop: TestShop) -> None:
    order, other = with_credit(small_shop, "99.80"), small_shop.order()
    do("pay-from-credit", other)
    assert (small_shop.load(other.id or 0).payment_state, credit(order)) == ("paid", 1020)
    with pytest.raises(Refused, match="Nothing is open"):
        do("pay-from-credit", other)


@pytest.mark.parametrize("amount", ["20.01", "0", "-1.00", "x"])
def test_pay2_an_amount_that_is_not_there_is_refused_and_named(small_shop: TestShop, amount: str) -> None:
    order, other = paid_too_much(small_shop), small_shop.order()
    with pytest.raises(Invalid) as no:
        do("keep-credit", order, amount=amount)
    assert (no.value.field, credit(order)) == ("amount", 0)
    do("keep-credit", order)
    with pytest.raises(Invalid) as no:
        do("pay-from-credit", other, amount=amount)
    assert (no.value.field, credit(order)) == ("amount", 2000)


def test_pay2_a_refund_under_way_is_no_credit_as_well(small_shop: TestShop) -> None:
    order = paid_too_much(small_shop)
    do("refund", order, amount="15.00", state="asked")
    do("keep-credit", order)
    assert credit(order) == 500
    with pytest.raises(Refused, match="Nothing was paid too much"):
        do("keep-credit", order)


@pytest.mark.parametrize(
    "second", [{"customer": {"email": "max@example.com", "last_name": "Max"}}, {"currency": "CHF"}]
)
def test_pay2_the_credit_is_of_one_customer_and_one_currency(
    small_shop: TestShop, second: dict[str, Any]
) -> None:
    with_credit(small_shop)
    other = small_shop.order(**second)
    with pytest.raises(Refused, match="no credit in") as no:
        do("pay-from-credit", other)
    listed = client("orders:read pay").get(f"/api/v1/orders/{other.number}/actions").json()
    [told] = [one for one in listed if one["key"] == "pay-from-credit"]
    assert (told["may"], told["why"]) == (False, no.value.reason.in_language("en"))


def test_pay2_an_order_of_nobody_has_no_credit(small_shop: TestShop) -> None:
    order = small_shop.order(**NOBODY)
    assert order.customer_id is None
    say_yes(BEN, "pay", order.id or 0, {"amount": "64.80"})
    for key in ("keep-credit", "pay-from-credit"):
        with pytest.raises(Refused):
            perform(BEN, key, order.id or 0)


def test_pay2_one_form_books_once(small_shop: TestShop) -> None:
    order, other = paid_too_much(small_shop), small_shop.order()
    assert [do("keep-credit", order, amount="10.00", key="a").changed for _n in range(2)] == [True, False]
    assert [do("pay-from-credit", other, amount="1.00", key="b").changed for _n in range(2)] == [True, False]
    assert credit(order) == 900


def test_pay2_both_are_undone_and_the_mail_stays(small_shop: TestShop) -> None:
    order, other = paid_too_much(small_shop), small_shop.order()
    kept = do("keep-credit", order)
    used = do("pay-from-credit", other)
    assert used.undo is not None
    assert kept.undo is not None
    perform(BEN, used.undo.key, other.id or 0, used.undo.values)
    assert (small_shop.load(other.id or 0).open_amount, credit(order)) == (4480, 2000)
    assert "Ben Beier gave €20.00 back to the credit of the customer." in told(other)
    perform(BEN, kept.undo.key, order.id or 0, kept.undo.values)
    assert (small_shop.load(order.id or 0).payment_state, credit(order)) == ("overpaid", 0)
    assert "Ben Beier took €20.00 back from the credit of the customer." in told(order)
    with pytest.raises(Refused, match="Nothing was kept as credit"):
        perform(BEN, kept.undo.key, order.id or 0, kept.undo.values)
    assert wrongs() == []


def test_pay2_what_was_not_used_comes_back_and_can_be_refunded(shop: TestShop) -> None:
    """There is always a way to the end: the credit goes back to its order, from where the money goes back to the
    customer.
    """
    order, other = with_credit(shop), shop.order()
    do("pay-from-credit", other, amount="5.00")
    done = do("credit-back", order, payment="2")
    assert done.message.in_language("en") == "€15.00 came back from the credit."
    assert booked(shop, order) == [(6480, ""), (-2000, "credit"), (2000, "credit"), (-500, "credit")]
    assert credit(order) == 0
    with pytest.raises(Refused, match="was used for other orders"):
        do("credit-back", order, payment="4")
    do("refund", order, amount="15.00")
    assert (shop.load(order.id or 0).paid, shop.load(order.id or 0).payment_state) == (4480, "paid")
    do("credit-back", other, payment="1")
    do("credit-back", order, payment="4")
    assert (shop.load(order.id or 0).paid, credit(order)) == (4980, 0)
    assert wrongs() == []


def test_pay2_what_an_order_has_no_more_does_not_go_back_to_the_credit(small_shop: TestShop) -> None:
    order, other = with_credit(small_shop), small_shop.order()
    do("pay-from-credit", other)
    say_yes(BEN, "refund", other.id or 0, {"amount": "20.00"})
    with pytest.raises(Refused, match="no longer has the money"):
        do("credit-back", other, payment="1")
    with pytest.raises(Refused, match="refunded, moved to another order or kept as credit"):
        do("not-paid", order)
    assert credit(order) == 0


def test_pay2_a_credit_note_is_paid_out_by_it_and_open_again_when_it_comes_back(shop: TestShop) -> None:
    order = paid_too_much(shop, "44.80")
    say_yes(BEN, "credit-note", order.id or 0, {"invoice": order.documents[0].number, "amount": "10.00"})
    do("keep-credit", order)
    assert [d.open_amount for d in shop.load(order.id or 0).documents] == [0, 0]
    do("pay-from-credit", shop.order(), amount="4.00")
    do("credit-back", order, payment="2")
    after = shop.load(order.id or 0)
    assert ([d.open_amount for d in after.documents], after.paid) == ([0, 600], 4080)
    assert wrongs() == []


def test_pay2_what_comes_back_pays_what_was_charged_back_meanwhile(shop: TestShop) -> None:
    order = with_credit(shop)
    do("charge-back", order, payment="1", amount="30.00")
    do("credit-back", order, payment="2")
    after = shop.load(order.id or 0)
    assert (after.open_amount, [d.open_amount for d in after.documents], after.payment_state) == (
        1000,
        [1000],
        "charged_back",
    )
    assert wrongs() == []


@pytest.mark.parametrize("invoiced", [True, False])
def test_w13_the_money_of_the_rest_becomes_credit_in_the_same_transaction(
    shop: TestShop, *, invoiced: bool
) -> None:
    if not invoiced:
        invoice_by_hand()
    order = shop.order(paid=True)
    do("part-shipment", order, shipment=order.shipments[0].number, quantities={"1": "1"}, shipped=True)
    with reading() as session:
        choices = dict(order_window(session, order.number, BEN, "en", dialog="cancel-rest").dialog.choices)
    assert choices["credit"] == "€19.95 become credit of the customer: other orders can be paid from it."
    assert credit(order) == 0
    done = do("cancel-rest", order, money="credit")
    after = shop.load(order.id or 0)
    assert (after.paid, after.open_amount, after.status, after.refunds) == (2485, 0, "completed", [])
    assert (after.payment_state, credit(order), done.made["payments"]) == ("paid", 1995, ("2",))
    assert "€19.95 become credit of the customer" in done.message.in_language("en")
    other = shop.order()
    do("pay-from-credit", other)
    assert shop.load(other.id or 0).open_amount == 2485
    assert wrongs() == []


def test_w13_of_an_order_of_nobody_the_choice_of_credit_is_not_offered_and_refused(
    small_shop: TestShop,
) -> None:
    order = small_shop.order(paid=True, **NOBODY)
    do("part-shipment", order, shipment=order.shipments[0].number, quantities={"1": "1"}, shipped=True)
    with reading() as session:
        choices = dict(order_window(session, order.number, BEN, "en", dialog="cancel-rest").dialog.choices)
    assert set(choices) == {"refund", "lines"}
    with pytest.raises(Invalid) as no:
        do("cancel-rest", order, money="credit")
    assert no.value.field == "money"
    assert small_shop.load(order.id or 0).lines[0].cancelled == 0


def test_st1_a_cancelled_order_whose_money_became_credit_reads_refunded(small_shop: TestShop) -> None:
    order = small_shop.order(paid=True)
    do("cancel", order, mail=False)
    do("keep-credit", order)
    after = small_shop.load(order.id or 0)
    assert (after.payment_state, after.paid, [d.open_amount for d in after.documents], credit(order)) == (
        "refunded",
        0,
        [0, 0],
        4480,
    )
    assert wrongs() == []


def test_w8_the_credit_goes_over_with_a_customer_who_is_merged(small_shop: TestShop) -> None:
    order, other = with_credit(small_shop), another(small_shop)
    with Session(db.engine()) as session:
        into = session.get_one(Customer, other.customer_id).number
    say_yes(BEN, "merge-customer", order.customer_id or 0, {"into": into})
    assert credit(other) == 2000
    do("pay-from-credit", other)
    assert (small_shop.load(other.id or 0).paid, credit(other)) == (2000, 0)


def test_w2_what_was_paid_is_the_money_that_came_and_not_what_left_for_the_credit(
    small_shop: TestShop,
) -> None:
    order = with_credit(small_shop)
    with reading() as session:
        seen = order_window(session, order.number, BEN, "en").blocks["payment"]
    assert seen.paid.endswith("\u00a0· €64.80")
    other = small_shop.order()
    do("pay-from-credit", other, amount="10")
    with reading() as session:
        assert order_window(session, other.number, BEN, "en").blocks["payment"].paid == ""


def test_m6_the_dialog_of_a_refund_shows_the_mail_about_the_amount_it_proposes(small_shop: TestShop) -> None:
    order = paid_too_much(small_shop)

    def shown(actor: Actor = BEN) -> list[str]:
        with reading() as session:
            window = order_window(session, order.number, actor, "en", dialog="refund")
        letter: list[str] = window.dialog.letter
        return letter

    subject, text, language = shown()
    perform(BEN, "refund", order.id or 0, {"amount": "20.00"})
    with Session(db.engine()) as session:
        mail = session.exec(select(OutboxMail).where(OutboxMail.kind == "refund-made")).one()
    assert (subject, text, language) == (mail.subject, mail.body, mail.language)
    assert shown() == [], "nothing is proposed any more"


def test_w8_the_credit_is_seen_in_the_window_on_the_page_and_by_the_api_and_not_without_prices(
    small_shop: TestShop,
) -> None:
    order, other = with_credit(small_shop), small_shop.order()
    with Session(db.engine()) as session:
        customer = session.get_one(Customer, order.customer_id)
    with reading() as session:
        seen = order_window(session, other.number, BEN, "en")
        done = order_window(session, order.number, BEN, "en")
        hidden = order_window(session, other.number, WAREHOUSE, "en")
    assert (seen.blocks["customer"].credit, seen.blocks["payment"].credit) == ("€20.00", "€20.00")
    assert [offer.about for offer in seen.offers if offer.key.startswith("pay-from-credit")] == ["€20.00"]
    assert done.blocks["payment"].payments[1].back == "credit-back"
    assert (done.blocks["payment"].credit, hidden.blocks["customer"].credit) == ("", "")
    [block] = [one for column in shown(customer).columns for one in column if one.key == "customer-credit"]
    assert (block.parts[0].rows, block.parts[1].listed[0].title) == ([["Available", "€20.00"]], order.number)
    assert "20.00" not in repr(shown(customer, WAREHOUSE))
    caller = client("orders:read")
    assert caller.get(f"/api/v1/customers/{customer.number}").json()["credit"] == {"EUR": "20.00"}
    payments = caller.get(f"/api/v1/orders/{order.number}").json()["payments"]
    assert [(one["amount"], one["kind"]) for one in payments] == [("64.80", ""), ("-20.00", "credit")]


def test_inv1_a_policy_that_waits_for_the_money_invoices_what_the_credit_paid(small_shop: TestShop) -> None:
    invoice_when_paid()
    with_credit(small_shop, "99.80")
    other = small_shop.order()
    do("pay-from-credit", other)
    issue_when_due(other.id or 0)
    assert len(small_shop.load(other.id or 0).documents) == 1


def at_once(clicks: list[tuple[str, Order, dict[str, Any]]]) -> list[bool]:
    """Everybody presses at the same moment; whether each did it."""

    def press(n: int) -> bool:
        clerk = Actor(ActorKind.USER, f"Clerk {n}", BEN.rights, id=n)
        key, order, values = clicks[n]
        try:
            return perform(clerk, key, order.id or 0, values).changed
        except (Refused, Invalid):
            return False

    with ThreadPoolExecutor(len(clicks)) as threads:
        return list(threads.map(press, range(len(clicks))))


def test_pay2_ten_orders_that_draw_on_one_credit_at_once_never_overdraw_it(shop: TestShop) -> None:
    order = with_credit(shop)
    others = [shop.order() for _n in range(10)]
    done = at_once([("pay-from-credit", other, {"amount": "6.00", "mail": False}) for other in others])
    assert (sum(done), credit(order)) == (3, 200)
    assert sum(shop.load(other.id or 0).paid for other in others) == 1800
    assert wrongs() == []


def test_pay2_ten_who_take_use_and_give_one_credit_at_once_leave_it_whole(shop: TestShop) -> None:
    orders = [with_credit(shop) for _n in range(2)]
    others = [shop.order() for _n in range(4)]
    more = [paid_too_much(shop) for _n in range(2)]
    clicks: list[tuple[str, Order, dict[str, Any]]] = [
        ("pay-from-credit", other, {"mail": False}) for other in others
    ]
    clicks += [("credit-back", order, {"payment": "2"}) for order in (*orders, *orders)]
    clicks += [("keep-credit", order, {}) for order in more]
    assert len(at_once(clicks)) == 10
    used = sum(shop.load(other.id or 0).paid for other in others)
    back = sum(shop.load(order.id or 0).paid for order in orders) - 2 * 4480
    assert (credit(orders[0]) + used + back, credit(orders[0]) >= 0) == (4 * 2000, True)
    assert wrongs() == []


def test_w8_a_merge_and_a_payment_from_the_credit_at_once_end_without_a_deadlock(shop: TestShop) -> None:
    order, other = with_credit(shop), another(shop)
    mine = shop.order()
    with Session(db.engine()) as session:
        into = session.get_one(Customer, other.customer_id).number

    def press(n: int) -> bool:
        if n == 0:
            return say_yes(BEN, "merge-customer", order.customer_id or 0, {"into": into}).changed
        try:
            return perform(BEN, "pay-from-credit", mine.id or 0, {"amount": "6.00", "mail": False}).changed
        except Invalid:
            return False

    with ThreadPoolExecutor(10) as threads:
        done = list(threads.map(press, range(10)))
    assert (done[0], sum(done[1:])) == (True, 3)
    assert credit(shop.load(order.id or 0)) == 200
    assert wrongs() == []
