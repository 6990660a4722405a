"""What was booked by hand is taken back by a counter-entry, and booked again by its Undo (W-2, PAY-1)."""

from decimal import Decimal

from pydantic import Field

from backoffice_app.domain.allocating import release
from backoffice_app.domain.core.actions import Done, Input, Undo, action
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail import hold_back_about, release_about
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.states import (
    CREDIT,
    MOVED,
    open_amount,
    refundable,
)
from backoffice_app.domain.payments import AGAIN, PaymentNumber, PaymentReversed, book, by_hand, number_of
from backoffice_app.i18n import LazyMoney, LazyNumber, LazyText, _
from backoffice_app.models import Order, Payment
from backoffice_app.settings import settings

REFUNDED = _("It was refunded, or a refund is under way. Note the refund as failed first.")
MOVED_ON = _("A part of it was refunded, moved to another order or kept as credit. Take that back first.")


def why_not_unpay(order: Order) -> LazyText | None:
    """W-2, PAY-1: only what was booked by hand can be taken back, and not what went back to the customer
    since (PAY-2).
    """
    if mine := by_hand(order):
        return _why_kept(order) if min(payment.amount for payment in mine) > refundable(order) else None
    if order.payment_by_provider:
        return _("{method} took the money at once, so the order can't be marked as not paid.").format(
            method=order.payment_method_name
        )
    if _taken_back(order):
        return _("What was booked by hand was taken back already.")
    return _("Nothing was booked by hand.")


def _why_kept(order: Order) -> LazyText:
    """Why what was booked by hand can't be taken back any more: a part of it is elsewhere by now."""
    return MOVED_ON if any(p.kind in {MOVED, CREDIT} and p.amount < 0 for p in order.payments) else REFUNDED


class NotPaid(Input):
    """`payment`: the number of the one payment to take back; all that colleagues booked if it is empty."""

    payment: PaymentNumber = ""


@action(
    subject=ORDER,
    key="not-paid",
    label=_("Not paid"),
    right=Right.PAY,
    why_not=why_not_unpay,
    input=NotPaid,
)
def not_paid(w: Work, order: Order, data: NotPaid) -> Done:
    """Take back what was booked by hand, by counter-entries; no payment is changed or deleted (W-2).

    A person is asked first where that is more than one payment.
    """
    taken = _to_take_back(order, data.payment)
    if sum(payment.amount for payment in taken) > refundable(order):
        raise Refused(_why_kept(order))
    total = LazyMoney(sum(payment.amount for payment in taken), order.currency)
    if len(taken) > 1:
        question = _("All {count} payments that were booked by hand are taken back: {total} together. Go on?")
        w.ask(
            f"all-{len(taken)}-{total.amount}",
            question.format(count=LazyNumber(Decimal(len(taken))), total=total),
        )
    told = [_take_back(w, order, payment) for payment in taken]
    if any(told):
        w.say(_("The customer has a mail that says the payment came in."))
    message = (
        _("The payment of {amount} was taken back.")
        if len(taken) == 1
        else _("The payments were taken back: {amount} together.")
    )
    return Done(
        message.format(amount=total),
        undo=Undo("restore-payments", {"payments": [number_of(order, payment) for payment in taken]}),
    )


def _to_take_back(order: Order, number: str) -> list[Payment]:
    """The payment of this number, or all that were booked by hand.

    Raises Refused where it can't be taken back, Invalid for none.
    """
    taken = by_hand(order)
    if not number:
        return taken
    chosen = next((payment for payment in order.payments if number_of(order, payment) == number), None)
    if chosen is None:
        raise Invalid("payment", _("The order has no payment {number}.").format(number=number))
    if any(payment is chosen for payment in taken):
        return [chosen]
    reason = (
        _("This payment was taken back already.")
        if chosen.by_hand
        else _("Only what was booked by hand can be taken back.")
    )
    raise Refused(reason)


def _take_back(w: Work, order: Order, payment: Payment) -> bool:
    """Books the counter-entry of one payment and holds its mail back; True where that mail can't be held
    back any more.
    """
    counter = Payment(
        order_id=order.id or 0,
        amount=-payment.amount,
        booked_on=w.today,
        booked_at=w.at,
        method=payment.method,
        by_hand=True,
        reason="not paid",
        actor_name=w.actor.name,
        reverses_id=payment.id,
    )
    order.payments.append(counter)
    w.session.flush()
    w.made("payments", number_of(order, counter))
    release(w, order, payment, counter)
    w.record(order, PaymentReversed(amount=payment.amount, currency=order.currency))
    return not hold_back_about(w, order, mail_kinds.PAYMENT_RECEIVED, _about(order, payment))


def _about(order: Order, payment: Payment) -> str:
    """What the mail about a payment is known by: a payment that was booked again has the mail of the first booking."""
    known = {str(one.id): one for one in order.payments}
    while payment.reason.startswith(AGAIN) and payment.reason.removeprefix(AGAIN) in known:
        payment = known[payment.reason.removeprefix(AGAIN)]
    return f"payment-{payment.id}"


class RestorePayments(Input):
    """`payments`: the numbers of payments that were taken back."""

    payments: tuple[PaymentNumber, ...] = Field(min_length=1, max_length=1_000)


def why_not_restore(order: Order) -> LazyText | None:
    """W-21: what was not taken back, or was booked anew since, is not booked a second time."""
    if order.cancelled_at:
        return _("The order is cancelled. What was paid is to be refunded.")
    return None if _taken_back(order) else _("No payment was taken back.")


def _taken_back(order: Order) -> list[Payment]:
    """The payments that colleagues booked and took back: no refund, and nothing that was moved or charged back."""
    reversed_ids = {payment.reverses_id for payment in order.payments}
    return [
        payment
        for payment in order.payments
        if payment.by_hand and payment.amount > 0 and payment.id in reversed_ids
    ]


def _came_since(order: Order, lost: list[Payment]) -> int:
    """What came in after the first of `lost` was taken back, and is there still, in minor units."""
    ids, gone = {payment.id for payment in lost}, {payment.reverses_id for payment in order.payments}
    first = next(rank for rank, payment in enumerate(order.payments) if payment.reverses_id in ids)
    return sum(
        p.amount for p in order.payments[first:] if p.amount > 0 and not p.reverses_id and p.id not in gone
    )


@action(
    subject=ORDER,
    key="restore-payments",
    label=_("Undo"),
    right=Right.PAY,
    why_not=why_not_restore,
    input=RestorePayments,
    offered=False,
)
def restore_payments(w: Work, order: Order, data: RestorePayments) -> Done:
    """Book again what was taken back a moment ago: the same amount, day and method, in a payment of its own (W-21,
    PAY-1).

    Where a colleague booked the money in between, it is not booked a second time.
    """
    again = {payment.reason for payment in order.payments}
    chosen = [payment for payment in _taken_back(order) if number_of(order, payment) in data.payments]
    lost = [payment for payment in chosen if f"{AGAIN}{payment.id}" not in again]
    if not lost:
        raise Refused(_("This payment is booked again already."))
    if (since := _came_since(order, lost)) and sum(payment.amount for payment in lost) > open_amount(order):
        reason = _(
            "{amount} came in since, and with the old payment it would be too much. Book with “Paid” what "
            "was really received."
        )
        raise Refused(reason.format(amount=LazyMoney(since, order.currency)))
    for payment in lost:
        new = Payment(
            order_id=order.id or 0,
            amount=payment.amount,
            booked_on=payment.booked_on,
            booked_at=w.at,
            method=payment.method,
            by_hand=True,
            reason=f"{AGAIN}{payment.id}",
            actor_name=w.actor.name,
        )
        book(w, order, new)
        release_about(w, order, mail_kinds.PAYMENT_RECEIVED, _about(order, payment), settings().undo_seconds)
    return Done(_("The payment is booked again."))
