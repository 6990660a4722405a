"""Payments: what was received is booked, never changed; a correction is a counter-entry (PAY-1, W-2)."""

from datetime import date, timedelta
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field

from backoffice_app.domain.allocating import allocate
from backoffice_app.domain.core import clock, money
from backoffice_app.domain.core.actions import Done, Input, Undo, action
from backoffice_app.domain.core.errors import Invalid, all_at_once, noting
from backoffice_app.domain.core.facts import About, Fact, fact, on
from backoffice_app.domain.core.forms import Asked
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.typed import amount_of
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.mail import write
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.states import (
    charge_backs,
    open_amount,
    surplus,
)
from backoffice_app.domain.orders.facts import OrderPlaced
from backoffice_app.i18n import LazyDay, LazyMoment, LazyMoney, LazyText, _
from backoffice_app.models import Order, Payment
from backoffice_app.settings import settings

MILLION = 1_000_000
BOOKING = 10
"""Money comes first of all that listens to an order that came in: the invoice is made of what was paid."""
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
        text = _("{actor} booked a payment of {amount} by {method}, dated {day}.")
        amount = LazyMoney(self.amount, self.currency)
        return text.format(amount=amount, method=self.method or "–", day=LazyDay(self.booked_on))


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


BookedOn = Annotated[
    date | None,
    BeforeValidator(lambda value: value or None),
    Asked(_("Booked on"), _("Today if it is empty.")),
]
"""The day on which money moved, as the bank or the provider says; today if it is empty."""


class Pay(Input):
    """`amount` as people write it, the open amount if empty; `booked_on`: the day, today if empty; `method`: the
    order's if empty.

    `mail`: whether the customer is told that the payment came in.
    """

    amount: str = Field(default="", max_length=50)
    booked_on: BookedOn = None
    method: str = Field(default="", max_length=100)
    mail: Annotated[bool, Asked(_("Notify customer"))] = True


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
    wrong, amount, day = list[Invalid](), 0, data.booked_on or w.today
    with noting(wrong):
        amount = (
            amount_of(w.actor, data.amount, order.currency, "amount") if data.amount else open_amount(order)
        )
        _judge_amount(order, amount)
    with noting(wrong):
        judge_day(w, order, day)
    all_at_once(wrong)
    return amount, day


def judge_day(w: Work, order: Order, day: date) -> None:
    """Raises Invalid for a day on which no money of this order can have moved: one that is still to come, or is a year
    typed wrong.
    """
    if day > w.today:
        raise Invalid("booked_on", _("The day is in the future."))
    if day < clock.day_of(order.placed_at, w.shop.regional.zone) - LONGEST_BEFORE:
        raise Invalid("booked_on", _("The day lies more than a year before the order."))


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


def number_of(order: Order, payment: Payment) -> str:
    """What a payment is called on its order: its rank, from 1. No payment is ever removed, so the number stays."""
    return next(str(rank) for rank, one in enumerate(order.payments, 1) if one is payment)


PaymentNumber = Annotated[
    str, BeforeValidator(lambda value: str(value) if type(value) is int else value), Field(max_length=10)
]
"""The number of a payment on its order, as `number_of` gives it."""
