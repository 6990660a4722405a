"""Payments: what was received is booked, never changed; a correction is a counter-entry (PAY-1, W-2)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, field_validator

from backoffice_app.domain.allocating import allocate, release
from backoffice_app.domain.core import clock, money
from backoffice_app.domain.core.actions import Done, Input, Undo, action
from backoffice_app.domain.core.errors import Invalid, Refused, all_at_once
from backoffice_app.domain.core.facts import About, Fact, fact, on
from backoffice_app.domain.core.forms import Asked
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.typed import amount_of
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail import hold_back_about, release_about, write
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.states import (
    CREDIT,
    MOVED,
    charge_backs,
    open_amount,
    refundable,
    surplus,
)
from backoffice_app.domain.orders.facts import OrderPlaced
from backoffice_app.i18n import LazyMoment, LazyMoney, LazyNumber, LazyText, _
from backoffice_app.models import Order, Payment
from backoffice_app.settings import settings

MILLION = 1_000_000
BOOKING = 10
"""Money comes first of all that listens to an order that came in: the invoice is made of what was paid."""
REFUNDED = _("It was refunded, or a refund is under way. Note the refund as failed first.")
MOVED_ON = _("A part of it was refunded, moved to another order or kept as credit. Take that back first.")
AGAIN = "again "
"""What the reason of a payment begins with that was booked once more by `Undo`; the id of the first one follows."""


@fact
class PaymentBooked(Fact):
    """Money was booked on an order; `amount` in minor units, signed.

    `again`: by the `Undo` of a step that had taken it back.
    """

    about: ClassVar[About] = About.PAYMENT
    prices: ClassVar[bool] = True
    amount: int
    currency: str
    method: str
    booked_on: date
    again: bool = False

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} booked a payment of {amount} by {method}.").format(
            amount=LazyMoney(self.amount, self.currency), method=self.method or "–"
        )


@fact
class PaymentReversed(Fact):
    """A payment that was booked by hand was taken back by a counter-entry. `amount`: of the payment, in minor units."""

    about: ClassVar[About] = About.PAYMENT
    prices: ClassVar[bool] = True
    amount: int
    currency: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} took back the payment of {amount}.").format(
            amount=LazyMoney(self.amount, self.currency)
        )


@fact
class PaymentCameIn(Fact):
    """Money that had moved before the order came in: paid at the checkout, or (negative) refunded by the shop."""

    about: ClassVar[About] = About.PAYMENT
    prices: ClassVar[bool] = True
    amount: int
    currency: str
    method: str
    booked_on: date

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = (
            _("{amount} were paid with the order by {method}.")
            if self.amount > 0
            else _("{amount} were refunded by the shop before.")
        )
        return text.format(amount=LazyMoney(abs(self.amount), self.currency), method=self.method or "–")


@on(OrderPlaced, order=BOOKING)
def tell_what_came_in(w: Work, order: Order, placed: OrderPlaced) -> None:  # noqa: ARG001
    """What was paid at the checkout stands in the history too (T-7)."""
    for payment in order.payments:
        w.record(
            order,
            PaymentCameIn(
                amount=payment.amount,
                currency=order.currency,
                method=payment.method,
                booked_on=payment.booked_on,
            ),
        )


def by_hand(order: Order) -> list[Payment]:
    """The payments that colleagues booked and neither they nor the provider took back: what `Not paid`
    undoes (PAY-1).
    """
    gone = {p.reverses_id for p in order.payments} | {p.of_id for p in charge_backs(order)}
    return [p for p in order.payments if p.by_hand and p.amount > 0 and p.id not in gone]


def _why_kept(order: Order) -> LazyText:
    """Why what was booked by hand can't be taken back any more: a part of it is elsewhere by now."""
    return MOVED_ON if any(p.kind in {MOVED, CREDIT} and p.amount < 0 for p in order.payments) else REFUNDED


def why_not_pay(order: Order) -> LazyText | None:
    """W-2.

    Money may be booked whatever else the order is waiting for; only where nothing is open there is nothing to book.
    """
    if order.cancelled_at:
        return (
            _("The order is cancelled. What was paid is to be refunded.")
            if surplus(order)
            else _("The order is cancelled.")
        )
    if open_amount(order) == 0:
        return _("Nothing is open.")
    return None


def paid_already(w: Work, order: Order) -> LazyText | None:
    """Pressed by two at once, one of them reads who was first."""
    mine = by_hand(order)
    if order.cancelled_at or open_amount(order) or not mine:
        return None
    last = mine[-1]
    at = LazyMoment(last.booked_at, w.shop.regional.zone, w.at)
    return _("Paid already, booked by {name} at {time}.").format(name=last.actor_name, time=at)


LONGEST_BEFORE = timedelta(days=366)
"""So long before its order a payment may have come, such as a deposit; what lies further back is a year typed wrong."""


class Pay(Input):
    """`amount` as people write it, the open amount if empty; `booked_on`: the day, today if empty; `method`: the
    order's if empty.

    `mail`: whether the customer is told that the payment came in.
    """

    amount: str = Field(default="", max_length=50)
    booked_on: Annotated[date | None, Asked(_("Booked on"), _("Today if it is empty."))] = None
    method: str = Field(default="", max_length=100)
    mail: Annotated[bool, Asked(_("Notify customer"))] = True

    @field_validator("booked_on", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return value or None


@action(
    subject=ORDER,
    key="pay",
    label=_("Paid"),
    right=Right.PAY,
    why_not=why_not_pay,
    already=paid_already,
    input=Pay,
    shortcut="p",
    bulk=True,
)
def pay(w: Work, order: Order, data: Pay) -> Done:
    """Book a payment, of the open amount and dated today unless said otherwise, and tell the customer once (W-2).

    A person who books more than is open is asked first: the rest would be a surplus that nobody sees.
    """
    still_open = open_amount(order)
    amount, day = _amount_and_day(w, order, data)
    if (over := amount - still_open) > 0:
        question = _("{amount} is {over} more than is open. Book it all the same?")
        figures = {"amount": LazyMoney(amount, order.currency), "over": LazyMoney(over, order.currency)}
        w.ask(f"over-{amount}-{over}", question.format(**figures))
    method = data.method or order.payment_method_name
    payment = Payment(
        order_id=order.id or 0,
        amount=amount,
        booked_on=day,
        booked_at=w.at,
        method=method,
        by_hand=True,
        actor_name=w.actor.name,
    )
    book(w, order, payment)
    if data.mail:
        write(
            w,
            mail_kinds.PAYMENT_RECEIVED,
            order,
            about=f"payment-{payment.id}",
            delay=settings().undo_seconds,
        )
    return Done(
        _booked(order, still_open - amount), undo=Undo("not-paid", {"payment": number_of(order, payment)})
    )


def _amount_and_day(w: Work, order: Order, data: Pay) -> tuple[int, date]:
    """What is booked, in minor units, and of which day. Raises Invalid naming each field that is wrong."""
    wrong, amount, day = [], 0, data.booked_on or w.today
    try:
        amount = (
            amount_of(w.actor, data.amount, order.currency, "amount") if data.amount else open_amount(order)
        )
        _judge_amount(order, amount)
    except Invalid as no:
        wrong.append(no)
    if day > w.today:
        wrong.append(Invalid("booked_on", _("The day is in the future.")))
    if day < clock.day_of(order.placed_at, w.shop.regional.zone) - LONGEST_BEFORE:
        wrong.append(Invalid("booked_on", _("The day lies more than a year before the order.")))
    all_at_once(wrong)
    return amount, day


def _judge_amount(order: Order, amount: int) -> None:
    """Raises Invalid for what was never an amount."""
    if amount <= 0:
        raise Invalid("amount", _("The amount must be more than 0."))
    if amount > (most := most_at_once(order)):
        reason = _("At most {most} can be booked at once on this order.")
        raise Invalid("amount", reason.format(most=LazyMoney(most, order.currency)))


def _booked(order: Order, left: int) -> LazyText:
    """What is said of a payment that leaves `left` minor units open; less than 0 is a surplus."""
    if left > 0:
        return _("Payment booked. {left} are still open.").format(left=LazyMoney(left, order.currency))
    if left < 0:
        return _("Payment booked. {over} were paid too much.").format(over=LazyMoney(-left, order.currency))
    return _("Payment booked.")


def most_at_once(order: Order) -> int:
    """The largest payment, in minor units, that is booked by hand: ten times the order's total, or a million if that is
    more.

    One transfer may pay for many orders, and what was typed wrong is taken back by `Not paid`. Beyond it stands no slip
    but a number that was never an amount, such as an order's or an account's, and it would spoil every sum of the day.
    """
    return max(10 * order.total, MILLION * int(10 ** money.digits(order.currency)))


def book(w: Work, order: Order, payment: Payment) -> None:
    """Books a payment on a locked order, allocates it to its documents, and records the fact."""
    order.payments.append(payment)
    w.session.flush()
    w.made("payments", number_of(order, payment))
    allocate(w, order)
    w.record(
        order,
        PaymentBooked(
            amount=payment.amount,
            currency=order.currency,
            method=payment.method,
            booked_on=payment.booked_on,
            again=payment.reason.startswith(AGAIN),
        ),
    )


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


def number_of(order: Order, payment: Payment) -> str:
    """What a payment is called on its order: its rank, from 1. No payment is ever removed, so the number stays."""
    return next(str(rank) for rank, one in enumerate(order.payments, 1) if one is payment)


PaymentNumber = Annotated[
    str, BeforeValidator(lambda value: str(value) if type(value) is int else value), Field(max_length=10)
]
"""The number of a payment on its order, as `number_of` gives it."""


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
