"""What was paid too much on one order moves to another one of the same customer, and back (PAY-2)."""

from typing import Annotated, ClassVar

from pydantic import Field
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, false, func, or_, select
from sqlmodel.sql.expression import Select

from backoffice_app.domain.allocating import allocate, counter_entry, entry, pay_out
from backoffice_app.domain.core.actions import Done, Input, Undo, action
from backoffice_app.domain.core.errors import Invalid, NotFound, Refused
from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.forms import Asked, was_sent
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.typed import amount_of
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail import hold_back_about, write
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.states import MOVED, open_amount, refundable, to_refund
from backoffice_app.domain.order.whole import id_of_number
from backoffice_app.domain.payments import PaymentNumber, number_of
from backoffice_app.i18n import LazyMoney, LazyText, _
from backoffice_app.models import Order, Payment
from backoffice_app.settings import settings


@fact
class PaymentMoved(Fact):
    """What was paid too much moved to the order with the number `to`; `amount` in minor units."""

    about: ClassVar[About] = About.PAYMENT
    prices: ClassVar[bool] = True
    amount: int
    currency: str
    to: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} moved {amount} to order {number}.").format(
            amount=LazyMoney(self.amount, self.currency), number=self.to
        )


@fact
class PaymentMovedHere(Fact):
    """Money came from the order with the number `origin`, where it was too much; `amount` in minor units."""

    about: ClassVar[About] = About.PAYMENT
    prices: ClassVar[bool] = True
    amount: int
    currency: str
    origin: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = _("{actor} moved {amount} from order {number} to this one.")
        return text.format(amount=LazyMoney(self.amount, self.currency), number=self.origin)


@fact
class PaymentMovedBack(Fact):
    """Money that had been moved went back. `other`: the other order's number; `is_here`: it came back to this one."""

    about: ClassVar[About] = About.PAYMENT
    prices: ClassVar[bool] = True
    amount: int
    currency: str
    other: str
    is_here: bool

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = (
            _("{actor} took {amount} back from order {number}.")
            if self.is_here
            else _("{actor} gave {amount} back to order {number}.")
        )
        return text.format(amount=LazyMoney(self.amount, self.currency), number=self.other)


def why_not_move(order: Order) -> LazyText | None:
    """PAY-2: something was paid too much, and no refund of it is under way."""
    return None if to_refund(order) else _("Nothing was paid too much.")


def other_orders(order: Order) -> Select[str, int]:
    """The customer's other orders that its money can go to, by number, with what is open of each; those with something
    open first.
    """
    same: list[ColumnElement[bool]] = [false()]
    if order.customer_id is not None:
        same.append(col(Order.customer_id) == order.customer_id)
    if order.email:
        same.append(func.lower(col(Order.email)) == order.email.lower())
    here = (
        Order.id != order.id,
        Order.currency == order.currency,
        col(Order.cancelled_at).is_(None),
        ~col(Order.is_draft),
    )
    wanted = select(Order.number, Order.open_amount).where(or_(*same), *here)
    return wanted.order_by((col(Order.open_amount) == 0), col(Order.position).desc())


def why_nowhere_to_move(session: Session, order: Order) -> LazyText | None:
    """PAY-2: the customer has another order that the money can go to."""
    if session.exec(other_orders(order).limit(1)).first() is not None:
        return None
    return _("The customer has no other order that the money could go to. Refund it or keep it as credit.")


class MovePayment(Input):
    """`order`: the number of the order that the money goes to; `amount` as people write it, all that is too much if
    it is empty.

    `mail`: whether the customer is told that the payment came in there. `key`: what the form is known by, so that one
    form works once.
    """

    order: Annotated[str, Asked(_("Goes to order"), kind="choice")] = Field(min_length=1, max_length=50)
    amount: Annotated[str, Asked(_("Amount"), kind="amount")] = Field(default="", max_length=50)
    mail: Annotated[bool, Asked(_("Notify customer"))] = True
    key: str = Field(default="", max_length=100)


def _other(w: Work, id_: int, data: MovePayment) -> set[int]:  # noqa: ARG001
    """The order that the money goes to is locked too, if there is one."""
    try:
        return {id_of_number(w.session, data.order)}
    except NotFound:
        return set()


def _known(w: Work, order: Order, data: MovePayment) -> LazyText | None:  # noqa: ARG001
    """One form works once."""
    return _("This money was moved already.") if was_sent(data.key, order.payments) else None


@action(
    subject=ORDER,
    key="move-payment",
    label=_("Move to another order"),
    right=Right.PAY,
    why_not=why_not_move,
    why_not_beside=why_nowhere_to_move,
    input=MovePayment,
    locks=_other,
    known=_known,
)
def move_payment(w: Work, order: Order, data: MovePayment) -> Done:
    """Move what was paid too much to another order of the customer; both are judged under their locks and say so
    (PAY-2).

    Never more than is too much. A person who moves more than is open there is asked first.
    """
    try:
        other = w.lock(ORDER, id_of_number(w.session, data.order))
    except NotFound:
        raise Invalid("order", _("There is no order {number}.").format(number=data.order)) from None
    _judge_other(order, other)
    amount = amount_of(w.actor, data.amount, order.currency, "amount") if data.amount else to_refund(order)
    _judge(order, amount)
    figures = {"amount": LazyMoney(amount, order.currency), "number": other.number}
    if (over := amount - open_amount(other)) > 0:
        question = _("{amount} is {over} more than is open on order {number}. Move it all the same?")
        w.ask(
            f"move-{other.number}-{amount}-{over}",
            question.format(over=LazyMoney(over, order.currency), **figures),
        )
    away = _book_away(w, order, other, amount, data.key)
    here = _book_here(w, order, other, away)
    if data.mail:
        write(
            w, mail_kinds.PAYMENT_RECEIVED, other, about=f"payment-{here.id}", delay=settings().undo_seconds
        )
    return Done(
        _("{amount} moved to order {number}.").format(**figures),
        undo=Undo("move-back", {"payment": number_of(order, away)}),
    )


def is_same_customer(order: Order, other: Order) -> bool:
    """Whether two orders are of one customer: the same in the list of customers, or the same e-mail address."""
    if order.customer_id is not None and order.customer_id == other.customer_id:
        return True
    return bool(order.email) and order.email.casefold() == other.email.casefold()


def _judge_other(order: Order, other: Order) -> None:
    """Raises Invalid for an order that this one's money can't go to."""
    if other.id == order.id:
        raise Invalid("order", _("Choose another order than this one."))
    if other.is_draft:
        raise Invalid("order", _("Order {number} is a draft. Place it first.").format(number=other.number))
    if not is_same_customer(order, other):
        raise Invalid("order", _("Order {number} is of another customer.").format(number=other.number))
    if other.currency != order.currency:
        raise Invalid("order", _("Order {number} is in another currency.").format(number=other.number))
    if other.cancelled_at:
        raise Invalid("order", _("Order {number} is cancelled.").format(number=other.number))


def _judge(order: Order, amount: int) -> None:
    """Raises Invalid for what was never an amount, and for more than was paid too much."""
    if amount <= 0:
        raise Invalid("amount", _("The amount must be more than 0."))
    if amount > (most := to_refund(order)):
        reason = _("At most {most} can be moved: no more was paid too much.")
        raise Invalid("amount", reason.format(most=LazyMoney(most, order.currency)))


def _book_away(w: Work, order: Order, other: Order, amount: int, key: str) -> Payment:
    payment = entry(
        w, order, -amount, method=order.payment_method_name, kind=MOVED, reason=other.number, key=key
    )
    w.made("payments", number_of(order, payment))
    pay_out(w, order, payment)
    w.record(order, PaymentMoved(amount=amount, currency=order.currency, to=other.number))
    return payment


def _book_here(w: Work, order: Order, other: Order, away: Payment) -> Payment:
    payment = entry(
        w,
        other,
        -away.amount,
        method=order.payment_method_name,
        kind=MOVED,
        reason=order.number,
        of_id=away.id,
    )
    allocate(w, other)
    w.record(other, PaymentMovedHere(amount=payment.amount, currency=other.currency, origin=order.number))
    return payment


def moved_away(order: Order) -> list[Payment]:
    """What was moved to other orders and did not come back, oldest first; `reason` holds the other order's number."""
    back = {payment.reverses_id for payment in order.payments}
    return [
        one
        for one in order.payments
        if one.kind == MOVED and one.amount < 0 and not one.reverses_id and one.id not in back
    ]


def why_not_move_back(order: Order) -> LazyText | None:
    """PAY-2: something was moved away. What the other order needs by now is judged under its lock."""
    return None if moved_away(order) else _("No money was moved from here to another order.")


class MoveBack(Input):
    """`payment`: the number of the booking by which the money left this order."""

    payment: Annotated[PaymentNumber, Field(min_length=1)]


def _where_it_went(w: Work, id_: int, data: MoveBack) -> set[int]:
    """The order that the money went to is locked too."""
    mine = w.session.exec(select(Payment).where(Payment.order_id == id_).order_by(col(Payment.id))).all()
    rank = int(data.payment) if data.payment.isascii() and data.payment.isdecimal() else 0
    if not 0 < rank <= len(mine):
        return set()
    return set(
        w.session.exec(
            select(Payment.order_id).where(Payment.of_id == mine[rank - 1].id, Payment.kind == MOVED)
        )
    )


@action(
    subject=ORDER,
    key="move-back",
    label=_("Take back from the other order"),
    right=Right.PAY,
    why_not=why_not_move_back,
    input=MoveBack,
    locks=_where_it_went,
)
def move_back(w: Work, order: Order, data: MoveBack) -> Done:
    """Money that was moved comes back, by counter-entries on both orders; not what the other one refunded (PAY-2)."""
    away = next((one for one in moved_away(order) if number_of(order, one) == data.payment), None)
    if away is None:
        raise Refused(_("This payment was taken back already, or was never moved to another order."))
    other = w.lock(ORDER, id_of_number(w.session, away.reason))
    here = next(one for one in other.payments if one.kind == MOVED and one.of_id == away.id)
    is_refunded = any(one.state != "failed" for one in other.refunds)
    if here.amount > (to_refund(other) if is_refunded else refundable(other)):
        raise Refused(
            _("Order {number} no longer has the money: it was refunded or moved on from there.").format(
                number=other.number
            )
        )
    for one, payment, elsewhere in ((other, here, order), (order, away, other)):
        _take_back(w, one, payment, elsewhere)
    if not hold_back_about(w, other, mail_kinds.PAYMENT_RECEIVED, f"payment-{here.id}"):
        w.say(_("The customer has a mail that says the payment came in."))
    amount = LazyMoney(here.amount, order.currency)
    return Done(_("{amount} came back from order {number}.").format(amount=amount, number=other.number))


def _take_back(w: Work, order: Order, payment: Payment, other: Order) -> None:
    """Books the counter-entry of one half of a move."""
    counter = counter_entry(w, order, payment, reason=other.number)
    is_here = counter.amount > 0
    if is_here:
        w.made("payments", number_of(order, counter))
    w.record(
        order,
        PaymentMovedBack(
            amount=abs(counter.amount), currency=order.currency, other=other.number, is_here=is_here
        ),
    )
