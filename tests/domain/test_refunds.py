"""Money goes back: never more than there is, one effect for a form, and one that failed is owed again (PAY-2, A12 to
A23).
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from databases import BEN, OWNER, TestShop
from policies import invoice_by_hand as by_hand
from saying_yes import say_yes
from sqlmodel import col, select, update
from wholeness import wrongs

from backoffice_app.db import reading
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Asks, Invalid, Refused
from backoffice_app.domain.core.rights import Actor, ActorKind
from backoffice_app.domain.core.work import work
from backoffice_app.domain.order.states import refundable, to_refund
from backoffice_app.domain.order.views import OVERPAID, views_of
from backoffice_app.domain.window import order_window
from backoffice_app.domain.window.blocks.invoices import DocumentView, InvoiceDialogView
from backoffice_app.models import Order, OutboxMail
from backoffice_app.settings import settings
from backoffice_app.worker.states import derive_states


def overpaid(shop: TestShop, amount: str = "50.00") -> Order:
    """44.80 are owed and `amount` was paid."""
    by_hand()
    order = shop.order()
    say_yes(BEN, "pay", order.id or 0, {"amount": amount})
    return shop.load(order.id or 0)


def refund(order: Order, amount: str, **values: Any) -> None:
    say_yes(BEN, "refund", order.id or 0, {"amount": amount, **values})


def test_a20_what_was_paid_too_much_goes_back_without_a_credit_note(shop: TestShop) -> None:
    order = overpaid(shop)
    done = perform(BEN, "refund", order.id or 0, {"amount": "5.20", "method": "PayPal"})
    after = shop.load(order.id or 0)
    assert [(p.amount, p.method) for p in after.payments] == [(5000, "Rechnung"), (-520, "PayPal")]
    assert [(r.amount, r.state, r.payment_id) for r in after.refunds] == [(520, "done", after.payments[1].id)]
    assert (after.paid, after.open_amount, after.payment_state) == (4480, 0, "paid")
    assert done.made["refunds"] == ("1",)
    assert wrongs() == []


def test_pay2_what_went_back_for_a_cancellation_is_owed_again_by_a_new_invoice(shop: TestShop) -> None:
    order = overpaid(shop, "44.80")
    say_yes(BEN, "invoice", order.id or 0, {})
    say_yes(BEN, "cancel-invoice", order.id or 0, {"invoice": "RE-2026-0001"})
    refund(order, "44.80")
    say_yes(BEN, "ship", order.id or 0, {})
    say_yes(BEN, "invoice", order.id or 0, {})

    after = shop.load(order.id or 0)
    assert [d.open_amount for d in after.documents] == [0, 0, 4480]
    assert (after.paid, after.open_amount, after.payment_state) == (0, 4480, "unpaid")
    assert wrongs() == []


Steps = list[tuple[str, dict[str, Any]]]
CREDIT_10: tuple[str, dict[str, Any]] = ("credit-note", {"invoice": "RE-2026-0001", "amount": "10.00"})


@pytest.mark.parametrize(
    ("paid", "steps", "reads"),
    [
        ("50.00", [("refund", {"amount": "3.00"})], "overpaid"),
        ("50.00", [("refund", {"amount": "5.20"})], "paid"),
        ("50.00", [("refund", {"amount": "5.21"})], "part_refunded"),
        ("44.80", [("refund", {"amount": "5.00"})], "part_refunded"),
        ("50.00", [CREDIT_10, ("refund", {"amount": "5.20"})], "overpaid"),
        ("50.00", [CREDIT_10, ("refund", {"amount": "15.20"})], "part_refunded"),
        (
            "50.00",
            [("refund", {"amount": "5.20"}), ("edit-lines", {"lines": [{"rank": 1, "quantity": "3"}]})],
            "part_paid",
        ),
        ("50.00", [("refund", {"amount": "5.20"}), ("cancel", {})], "overpaid"),
        (
            "50.00",
            [("refund", {"amount": "5.20"}), ("cancel", {}), ("refund", {"amount": "44.80"})],
            "refunded",
        ),
        (
            "50.00",
            [("edit-lines", {"lines": [{"rank": 1, "quantity": "1"}]}), ("refund", {"amount": "25.15"})],
            "paid",
        ),
    ],
)
def test_st1_what_was_too_much_and_goes_back_is_no_refund_of_the_price(
    small_shop: TestShop, paid: str, steps: Steps, reads: str
) -> None:
    order = small_shop.order()
    for key, values in [("pay", {"amount": paid}), *steps]:
        say_yes(BEN, key, order.id or 0, values)
    assert small_shop.load(order.id or 0).payment_state == reads
    assert wrongs() == []


def test_st1_an_order_whose_money_moved_on_reads_refunded_once_nothing_is_owed(small_shop: TestShop) -> None:
    order, other = small_shop.order(paid=True), small_shop.order()
    for key, values in (("cancel", {}), ("move-payment", {"order": other.number})):
        say_yes(BEN, key, order.id or 0, values)
    assert small_shop.load(order.id or 0).payment_state == "refunded"
    say_yes(BEN, "move-back", order.id or 0, {"payment": "2"})
    assert small_shop.load(order.id or 0).payment_state == "overpaid"


def test_st1_orders_from_before_follow_the_rule_in_the_background(shop: TestShop) -> None:
    """Their states were stored by an older rule; their facets and counts follow with them, and nobody changed them."""
    order, other, gift = overpaid(shop), shop.order(), overpaid(shop, "44.80")
    refund(order, "5.20")
    refund(gift, "5.00")
    with work(OWNER) as w:
        before = {"payment_state": "part_refunded", "facet": gift.facet}
        w.session.execute(update(Order).where(col(Order.id) == order.id).values(**before))
    version = shop.load(order.id or 0).version
    derive_states()
    after = shop.load(order.id or 0)
    assert (after.payment_state, after.version) == ("paid", version)
    assert (shop.load(gift.id or 0).payment_state, shop.load(other.id or 0).payment_state) == (
        "part_refunded",
        "unpaid",
    )
    assert wrongs() == []


def test_a22_goodwill_beyond_that_is_asked_first_and_is_not_owed_again(small_shop: TestShop) -> None:
    order = overpaid(small_shop, "44.80")
    with pytest.raises(Asks, match="no credit note says why"):
        perform(BEN, "refund", order.id or 0, {"amount": "10.00"})
    refund(order, "10.00")
    refund(order, "34.80")
    after = small_shop.load(order.id or 0)
    assert (after.paid, after.open_amount, after.payment_state) == (0, 0, "refunded")
    with pytest.raises(Refused, match="All that was paid has been refunded"):
        perform(BEN, "refund", order.id or 0, {"amount": "0.01"})


def test_a18_each_refund_counts_whatever_its_state_but_failed(small_shop: TestShop) -> None:
    order = overpaid(small_shop)
    refund(order, "20.00", state="asked")
    refund(order, "20.00", state="sent")
    refund(order, "5.00", state="done")
    with pytest.raises(
        Invalid,
        match=r"At most €5\.00 can be refunded: €50\.00 were received, €45\.00 are refunded or under way",
    ) as no:
        perform(BEN, "refund", order.id or 0, {"amount": "5.01"})
    assert no.value.field == "amount"
    perform(BEN, "settle-refund", order.id or 0, {"refund": "2", "state": "failed"})
    assert refundable(small_shop.load(order.id or 0)) == 2500


@pytest.mark.parametrize("amount", ["0", "-1.00", "x", "1.001"])
def test_pay2_what_is_no_amount_is_named(small_shop: TestShop, amount: str) -> None:
    order = overpaid(small_shop)
    with pytest.raises(Invalid) as no:
        perform(BEN, "refund", order.id or 0, {"amount": amount})
    assert no.value.field == "amount"


def test_pay2_a_refund_is_booked_on_the_day_the_money_left(small_shop: TestShop) -> None:
    order = overpaid(small_shop)
    refund(order, "3.00", booked_on="2026-11-21")
    refund(order, "2.00", state="sent")
    perform(BEN, "settle-refund", order.id or 0, {"refund": "2", "state": "done", "booked_on": "2026-11-23"})
    after = small_shop.load(order.id or 0)
    assert [p.booked_on.isoformat() for p in after.payments[1:]] == ["2026-11-21", "2026-11-23"]
    with reading() as session:
        told = order_window(session, order.number, BEN, "de", tab="history")
        shown = order_window(session, order.number, BEN, "de").blocks["payment"]
    assert [one.date for one in shown.refunds] == ["21.11.2026", "23.11.2026"]
    assert "Ben Beier hat am 21.11.2026 3,00\xa0€ über Rechnung erstattet." in [
        entry.sentence for entry in told.blocks["history"].facts
    ]
    assert wrongs() == []


@pytest.mark.parametrize(
    "values",
    [{"booked_on": "2999-01-01"}, {"booked_on": "1926-11-21"}, {"booked_on": "2026-11-21", "state": "sent"}],
)
def test_pay2_a_day_that_can_not_be_is_named_beside_what_else_is_wrong(
    small_shop: TestShop, values: dict[str, str]
) -> None:
    order = overpaid(small_shop)
    with pytest.raises(Invalid) as no:
        perform(BEN, "refund", order.id or 0, {"amount": "-1", **values})
    assert [one.field for one in (no.value, *no.value.others)] == ["amount", "booked_on"]
    assert small_shop.load(order.id or 0).refunds == []


def test_a12_a_refund_that_comes_back_opens_its_amount_again(shop: TestShop) -> None:
    order = overpaid(shop)
    refund(order, "5.20", state="asked")
    assert shop.load(order.id or 0).payment_state == "overpaid"
    for state in ("sent", "done", "failed"):
        say_yes(OWNER, "settle-refund", order.id or 0, {"refund": "1", "state": state})
    after = shop.load(order.id or 0)
    assert [p.amount for p in after.payments] == [5000, -520, 520]
    assert (after.paid, after.open_amount, after.payment_state) == (5000, 0, "overpaid")
    assert to_refund(after) == 520
    with pytest.raises(Refused, match="All refunds have failed"):
        perform(OWNER, "settle-refund", order.id or 0, {"refund": "1", "state": "done"})
    refund(order, "5.20")
    assert shop.load(order.id or 0).payment_state == "paid"
    assert wrongs() == []


def test_pay2_a_booked_refund_does_not_fail_by_one_click(small_shop: TestShop) -> None:
    order = overpaid(small_shop)
    refund(order, "2.00", state="asked")
    refund(order, "3.20")
    with pytest.raises(Asks, match=r"Did the refund of €3\.20 fail"):
        perform(BEN, "settle-refund", order.id or 0, {"refund": "2", "state": "failed"})
    perform(BEN, "settle-refund", order.id or 0, {"refund": "1", "state": "failed"})
    after = small_shop.load(order.id or 0)
    assert [(one.state, one.payment_id is not None) for one in after.refunds] == [
        ("failed", False),
        ("done", True),
    ]
    assert len(after.payments) == 2


def test_pay2_settling_twice_is_no_error_and_no_second_booking(small_shop: TestShop) -> None:
    order = overpaid(small_shop)
    refund(order, "5.20", state="asked")
    perform(BEN, "settle-refund", order.id or 0, {"refund": "1", "state": "done"})
    assert not perform(OWNER, "settle-refund", order.id or 0, {"refund": "1", "state": "done"}).changed
    assert len(small_shop.load(order.id or 0).payments) == 2
    with pytest.raises(Refused, match="it is noted as “Done”"):
        perform(OWNER, "settle-refund", order.id or 0, {"refund": "1", "state": "sent"})
    with pytest.raises(Invalid, match="no refund 7"):
        perform(OWNER, "settle-refund", order.id or 0, {"refund": "7", "state": "done"})


def test_pay2_what_was_refunded_can_not_be_taken_back_as_well(small_shop: TestShop) -> None:
    order = overpaid(small_shop)
    refund(order, "5.20", state="sent")
    with pytest.raises(Refused, match="It was refunded, or a refund is under way"):
        perform(BEN, "not-paid", order.id or 0)
    perform(BEN, "settle-refund", order.id or 0, {"refund": "1", "state": "failed"})
    perform(BEN, "not-paid", order.id or 0)
    after = small_shop.load(order.id or 0)
    assert (after.paid, after.open_amount) == (0, 4480)


def clerk(n: int) -> Actor:
    return Actor(ActorKind.USER, f"Clerk {n}", BEN.rights, id=n)


def test_a23_twenty_clicks_in_one_form_refund_once(shop: TestShop) -> None:
    order = overpaid(shop, "90.00")

    def click(n: int) -> bool:
        return perform(clerk(n), "refund", order.id or 0, {"amount": "1.00", "key": "form-1"}).changed

    with ThreadPoolExecutor(20) as threads:
        assert sorted(threads.map(click, range(20))) == [False] * 19 + [True]
    after = shop.load(order.id or 0)
    assert [p.amount for p in after.payments] == [9000, -100]
    assert wrongs() == []


def test_a18_twenty_forms_never_refund_more_than_there_is(shop: TestShop) -> None:
    order = overpaid(shop, "90.00")

    def click(n: int) -> bool:
        try:
            return say_yes(clerk(n), "refund", order.id or 0, {"amount": "45.00", "key": f"form-{n}"}).changed
        except (Invalid, Refused):
            return False

    with ThreadPoolExecutor(20) as threads:
        assert sum(threads.map(click, range(20))) == 2
    after = shop.load(order.id or 0)
    assert (after.paid, after.payment_state, after.open_amount) == (0, "refunded", 0)
    assert wrongs() == []


def test_a14_cancelled_and_refunded_ends_at_zero(shop: TestShop) -> None:
    order = overpaid(shop, "44.80")
    perform(BEN, "cancel", order.id or 0)
    refund(order, "40.00")
    half_way = shop.load(order.id or 0)
    assert (half_way.payment_state, OVERPAID.key in views_of(half_way)) == ("overpaid", True)
    refund(order, "4.80")
    after = shop.load(order.id or 0)
    assert (after.status, after.payment_state, after.paid, to_refund(after)) == (
        "cancelled",
        "refunded",
        0,
        0,
    )
    assert wrongs() == []


def test_pay2_the_key_of_a_form_is_that_of_one_order(small_shop: TestShop) -> None:
    orders = [small_shop.order(paid=True) for _order in range(2)]
    for order in orders:
        assert say_yes(BEN, "refund", order.id or 0, {"amount": "1.00", "key": "1"}).changed
        assert not say_yes(BEN, "refund", order.id or 0, {"amount": "1.00", "key": "1"}).changed
    assert [[refund.amount for refund in small_shop.load(order.id or 0).refunds] for order in orders] == [
        [100],
        [100],
    ]


def mails(order: Order, kind: str = "refund-made") -> list[OutboxMail]:
    with reading() as session:
        return list(
            session.exec(select(OutboxMail).where(OutboxMail.order_id == order.id, OutboxMail.kind == kind))
        )


@pytest.mark.parametrize("language", ["de", "en", "fr", "nl"])
def test_m1_the_customer_reads_of_a_refund_once_it_is_done(small_shop: TestShop, language: str) -> None:
    by_hand()
    order = small_shop.order(language=language, paid=True)
    perform(
        BEN,
        "refund",
        order.id or 0,
        {"amount": "5.20", "method": "PayPal", "state": "asked"},
        answers=["refund-520-520"],
    )
    assert mails(order) == []
    perform(BEN, "settle-refund", order.id or 0, {"refund": "1", "state": "sent"})
    assert mails(order) == []
    perform(BEN, "settle-refund", order.id or 0, {"refund": "1", "state": "done"})
    [mail] = mails(order)
    assert mail.language == language
    assert "5" in mail.subject
    assert "PayPal" in mail.body
    assert "{{" not in mail.body


def test_m1_the_mail_of_a_refund_can_be_left_out_and_one_that_failed_is_held_back(
    small_shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KONTOR_SMTP_URL", "smtp://127.0.0.1:1")
    settings.cache_clear()
    order = overpaid(small_shop)
    refund(order, "1.00", mail=False)
    assert mails(order) == []
    refund(order, "2.00")
    [mail] = mails(order)
    assert ("2.00" in mail.subject or "2,00" in mail.subject, mail.state) == (True, "waiting")
    say_yes(BEN, "settle-refund", order.id or 0, {"refund": "2", "state": "failed"})
    assert [mail.state for mail in mails(order)] == ["withheld"]


def pop_up(order: Order, number: str) -> DocumentView:
    """The document in its pop-up."""
    with reading() as session:
        view = order_window(session, order.number, BEN, "en", dialog="invoice", which=number).dialog
    assert isinstance(view, InvoiceDialogView)
    return view.document


def credited(shop: TestShop) -> tuple[Order, list[str]]:
    """44.80 were paid, and two credit notes of 5.00 and 7.00 are to be refunded."""
    order = shop.order(paid=True)
    for amount in ("5.00", "7.00"):
        say_yes(BEN, "credit-note", order.id or 0, {"invoice": order.documents[0].number, "amount": amount})
    after = shop.load(order.id or 0)
    return after, [document.number for document in after.documents[1:]]


def test_inv6_a_credit_note_is_paid_in_its_own_pop_up_and_not_paid_again(shop: TestShop) -> None:
    order, [older, newer] = credited(shop)
    dialog = pop_up(order, newer)
    assert (dialog.owes, dialog.refund) == ("7.00", "")
    perform(BEN, "refund", order.id or 0, {"amount": dialog.owes, "document": newer})
    after = shop.load(order.id or 0)
    assert [document.open_amount for document in after.documents] == [0, 500, 0]
    dialog = pop_up(order, newer)
    assert (dialog.owes, dialog.refund, pop_up(order, older).refund) == ("", "1", "")
    with pytest.raises(Refused, match="is settled already"):
        perform(BEN, "refund", order.id or 0, {"amount": "7.00", "document": newer})
    say_yes(BEN, "settle-refund", order.id or 0, {"refund": dialog.refund, "state": "failed"})
    assert [document.open_amount for document in shop.load(order.id or 0).documents] == [0, 500, 700]
    assert wrongs() == []


def test_inv6_no_more_than_a_credit_note_owes_is_refunded_for_it(small_shop: TestShop) -> None:
    order, [older, _newer] = credited(small_shop)
    with pytest.raises(Invalid, match=r"At most €5\.00 of") as no:
        perform(BEN, "refund", order.id or 0, {"amount": "5.01", "document": older})
    assert no.value.field == "amount"
    for number in ("GU-0", order.documents[0].number):
        with pytest.raises(Invalid, match="no credit note") as no:
            perform(BEN, "refund", order.id or 0, {"amount": "1.00", "document": number})
        assert no.value.field == "document"
