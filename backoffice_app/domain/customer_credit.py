"""Credit of a customer: what was paid too much on one order leaves it, and pays another one later (PAY-2, W-13).

The balance is no number of its own: it is what all orders of the customer gave to it less what they took from it, by
currency.
"""

from collections.abc import Collection
from datetime import date
from typing import Annotated, ClassVar, NamedTuple

from pydantic import Field
from sqlalchemy import bindparam, literal_column
from sqlmodel import Session, col, func, select

from backoffice_app.db import hold
from backoffice_app.domain.allocating import allocate, counter_entry, entry, pay_out
from backoffice_app.domain.core.actions import Done, Input, Undo, action
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.forms import Asked, was_sent
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.typed import amount_of
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.customer.subject import CUSTOMER
from backoffice_app.domain.mail import hold_back_about, write
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.states import CREDIT, open_amount, refundable, to_refund
from backoffice_app.domain.payments import PaymentNumber, number_of, why_not_pay
from backoffice_app.i18n import LazyMoney, LazyText, _
from backoffice_app.models import Order, Payment
from backoffice_app.settings import settings

# The kind stands in the statement as it is: SQLite takes the index of these payments alone only if it sees that.
_OF_CREDIT = col(Payment.kind) == literal_column(f"'{CREDIT}'")


@fact
class CreditKept(Fact):
    """What was paid too much on the order became credit of its customer; `amount` in minor units."""

    about: ClassVar[About] = About.PAYMENT
    prices: ClassVar[bool] = True
    amount: int
    currency: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} kept {amount} as credit of the customer.").format(
            amount=LazyMoney(self.amount, self.currency)
        )


@fact
class CreditUsed(Fact):
    """The order was paid, or a part of it, from the credit of its customer; `amount` in minor units."""

    about: ClassVar[About] = About.PAYMENT
    prices: ClassVar[bool] = True
    amount: int
    currency: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} paid {amount} from the credit of the customer.").format(
            amount=LazyMoney(self.amount, self.currency)
        )


@fact
class CreditTakenBack(Fact):
    """What an order gave to the credit came back to it (`is_here`), or what it was paid went back to the credit."""

    about: ClassVar[About] = About.PAYMENT
    prices: ClassVar[bool] = True
    amount: int
    currency: str
    is_here: bool

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        here = _("{actor} took {amount} back from the credit of the customer.")
        text = here if self.is_here else _("{actor} gave {amount} back to the credit of the customer.")
        return text.format(amount=LazyMoney(self.amount, self.currency))


def balances(session: Session, customers: Collection[int]) -> dict[int, dict[str, int]]:
    """The credit of each of these customers who has some, by currency, in minor units; derived from the payments of all
    their orders.
    """
    wanted = (
        select(Order.customer_id, Order.currency, -func.sum(Payment.amount))
        .join(Payment, col(Payment.order_id) == col(Order.id))
        .where(col(Order.customer_id).in_(customers), _OF_CREDIT)
        .group_by(col(Order.customer_id), Order.currency)
        .order_by(Order.currency)
    )
    found: dict[int, dict[str, int]] = {}
    for customer_id, currency, amount in session.exec(wanted).all():
        if customer_id is not None and amount:
            found.setdefault(customer_id, {})[currency] = int(amount)
    return found


CREDIT_OF = (
    select(func.coalesce(-func.sum(Payment.amount), 0))
    .join(Order, col(Payment.order_id) == col(Order.id))
    .where(Order.customer_id == bindparam("customer"), Order.currency == bindparam("currency"), _OF_CREDIT)
)
"""The credit of a customer in one currency, in minor units; 0 for no customer."""


def credit_of(session: Session, order: Order) -> int:
    """What credit the customer of an order has in its currency, in minor units."""
    return int(
        session.connection()
        .execute(CREDIT_OF, {"customer": order.customer_id, "currency": order.currency})
        .scalar_one()
    )


class Booked(NamedTuple):
    """A booking of a customer's credit: the number of its order, the day, who did it; `amount` above 0: the order gave
    it.
    """

    order: str
    day: date
    by: str
    amount: int
    currency: str


def of_customer(session: Session, customer_id: int, most: int) -> list[Booked]:
    """The newest `most` bookings of a customer's credit, the newest first."""
    wanted = (
        select(Payment, Order.number, Order.currency)
        .join(Order, col(Payment.order_id) == col(Order.id))
        .where(Order.customer_id == customer_id, _OF_CREDIT)
        .order_by(col(Payment.id).desc())
        .limit(most)
    )
    found = session.exec(wanted).all()
    return [
        Booked(number, one.booked_on, one.actor_name, -one.amount, currency)
        for one, number, currency in found
    ]


def _credit_alone(w: Work, order: Order) -> int:
    """The credit that an order can draw on; until this transaction ends nobody else draws on it.

    It is held after the order. A customer is merged only when all their orders are free, so the order stays theirs
    meanwhile.
    """
    hold_credit(w, order)
    w.flush()
    return credit_of(w.session, order)


def hold_credit(w: Work, order: Order) -> None:
    """To the end of this transaction nobody else changes the credit of the customer. `order` is locked."""
    hold(w.session, f"credit of customer {order.customer_id}")


def credit_bookings(order: Order) -> list[Payment]:
    """What the order gave to the credit of its customer (negative) or was paid from it, and was not taken back, oldest
    first.
    """
    back = {one.reverses_id for one in order.payments}
    return [
        one for one in order.payments if one.kind == CREDIT and not one.reverses_id and one.id not in back
    ]


def why_not_keep(order: Order) -> LazyText | None:
    """PAY-2: something was paid too much, no refund of it is under way, and there is a customer to have the credit."""
    if not to_refund(order):
        return _("Nothing was paid too much.")
    return NOBODY if order.customer_id is None else None


NOBODY = _("The order belongs to no customer who could have a credit.")


class KeepCredit(Input):
    """`amount` as people write it, all that is too much if it is empty.

    `key`: what the form is known by, so that one form works once.
    """

    amount: Annotated[str, Asked(_("Amount"), _("Empty: all of it"), kind="amount")] = Field(
        default="", max_length=50
    )
    key: str = Field(default="", max_length=100)


def _known(w: Work, order: Order, data: "KeepCredit | UseCredit") -> LazyText | None:  # noqa: ARG001
    """One form works once."""
    return _("This is booked already.") if was_sent(data.key, order.payments) else None


@action(
    subject=ORDER,
    key="keep-credit",
    label=_("Keep as credit"),
    right=Right.PAY,
    why_not=why_not_keep,
    input=KeepCredit,
    known=_known,
)
def keep_credit(w: Work, order: Order, data: KeepCredit) -> Done:
    """What was paid too much, or a part of it, becomes credit of the customer, who pays another order with it later
    (PAY-2).
    """
    amount = amount_of(w.actor, data.amount, order.currency, "amount") if data.amount else to_refund(order)
    if amount <= 0:
        raise Invalid("amount", _("The amount must be more than 0."))
    if amount > (most := to_refund(order)):
        reason = _("At most {most} can be kept as credit: no more was paid too much.")
        raise Invalid("amount", reason.format(most=LazyMoney(most, order.currency)))
    away = book_credit(w, order, amount, key=data.key)
    text = _("{amount} kept as credit. The customer now has a credit of {balance}.")
    figures = {
        "amount": LazyMoney(amount, order.currency),
        "balance": LazyMoney(credit_of(w.session, order), order.currency),
    }
    return Done(text.format(**figures), undo=Undo("credit-back", {"payment": number_of(order, away)}))


def book_credit(w: Work, order: Order, amount: int, *, key: str = "") -> Payment:
    """`amount` minor units leave a locked order for the credit of its customer; the counter-entry pays out open credit
    notes.
    """
    hold_credit(w, order)
    away = _book(w, order, -amount, key=key)
    w.made("payments", number_of(order, away))
    pay_out(w, order, away)
    w.record(order, CreditKept(amount=amount, currency=order.currency))
    _tell_others(w, order)
    return away


def why_not_use(order: Order) -> LazyText | None:
    """PAY-2: something is open, and there is a customer."""
    return why_not_pay(order) or (NOBODY if order.customer_id is None else None)


def why_no_credit(session: Session, order: Order) -> LazyText | None:
    """PAY-2: the customer has credit. How much is judged again when nobody else can draw on it."""
    return no_credit(order, credit_of(session, order))


def no_credit(order: Order, credit: int) -> LazyText | None:
    """That there isn't one, where `credit` minor units are left."""
    return (
        None if credit > 0 else _("The customer has no credit in {currency}.").format(currency=order.currency)
    )


class UseCredit(Input):
    """`amount` as people write it, as much as is open and the credit has if it is empty.

    `mail`: whether the customer is told.

    `key`: what the form is known by, so that one form works once.
    """

    amount: Annotated[
        str, Asked(_("Amount"), _("Empty: as much as is open and the credit has"), kind="amount")
    ] = Field(default="", max_length=50)
    mail: Annotated[bool, Asked(_("Notify customer"))] = True
    key: str = Field(default="", max_length=100)


@action(
    subject=ORDER,
    key="pay-from-credit",
    label=_("Pay from credit"),
    right=Right.PAY,
    why_not=why_not_use,
    why_not_beside=why_no_credit,
    input=UseCredit,
    known=_known,
)
def pay_from_credit(w: Work, order: Order, data: UseCredit) -> Done:
    """The credit of the customer pays the order, or a part of it: never more than is open, nor than the credit has
    (PAY-2).
    """
    credit, still_open = _credit_alone(w, order), open_amount(order)
    if reason := no_credit(order, credit):
        raise Refused(reason)
    most = min(credit, still_open)
    amount = amount_of(w.actor, data.amount, order.currency, "amount") if data.amount else most
    if amount <= 0:
        raise Invalid("amount", _("The amount must be more than 0."))
    if amount > most:
        reason = _("At most {most}: {open} are open, and the customer has a credit of {credit}.")
        figures = {
            name: LazyMoney(n, order.currency)
            for name, n in {"most": most, "open": still_open, "credit": credit}.items()
        }
        raise Invalid("amount", reason.format(**figures))
    here = _book(w, order, amount, key=data.key)
    w.made("payments", number_of(order, here))
    allocate(w, order)
    w.record(order, CreditUsed(amount=amount, currency=order.currency))
    _tell_others(w, order)
    if data.mail:
        write(
            w, mail_kinds.PAYMENT_RECEIVED, order, about=f"payment-{here.id}", delay=settings().undo_seconds
        )
    text = _("{amount} paid from the credit. The customer has {left} of it left.")
    figures = {
        "amount": LazyMoney(amount, order.currency),
        "left": LazyMoney(credit - amount, order.currency),
    }
    return Done(text.format(**figures), undo=Undo("credit-back", {"payment": number_of(order, here)}))


def why_not_take_back(order: Order) -> LazyText | None:
    """PAY-2: there is such a booking.

    Whether its money is still where it went is judged when nobody else can draw on it.
    """
    return (
        None
        if credit_bookings(order)
        else _("Nothing was kept as credit here, and nothing was paid from it.")
    )


class CreditBack(Input):
    """`payment`: the number of the booking by which money left this order for the credit, or came from it."""

    payment: Annotated[PaymentNumber, Field(min_length=1)]


@action(
    subject=ORDER,
    key="credit-back",
    label=_("Take the credit back"),
    right=Right.PAY,
    why_not=why_not_take_back,
    input=CreditBack,
)
def credit_back(w: Work, order: Order, data: CreditBack) -> Done:
    """A booking of credit is taken back by its counter-entry (PAY-2).

    What the order gave comes back, as much of it as was not used elsewhere, and can be refunded then. What it was paid
    goes back to the credit, unless it was refunded or moved on from here.
    """
    booked = next((one for one in credit_bookings(order) if number_of(order, one) == data.payment), None)
    if booked is None:
        raise Refused(_("This was taken back already, or has nothing to do with a credit."))
    credit = _credit_alone(w, order)
    return _give_back(w, order, booked) if booked.amount > 0 else _take_back(w, order, booked, credit)


def _take_back(w: Work, order: Order, away: Payment, credit: int) -> Done:
    """What the order gave to the credit, as far as it is there: all of it is taken back, and what was used elsewhere
    given anew.
    """
    amount = min(-away.amount, credit)
    if amount <= 0:
        raise Refused(_("The credit was used for other orders. Take it back there first."))
    _counter(w, order, away)
    if used := -away.amount - amount:
        pay_out(w, order, _book(w, order, -used))
    allocate(w, order)  # what is open by now, such as after a charge-back
    _say_taken_back(w, order, amount, is_here=True)
    return Done(_("{amount} came back from the credit.").format(amount=LazyMoney(amount, order.currency)))


def _give_back(w: Work, order: Order, here: Payment) -> Done:
    """What the order was paid from the credit goes back to it."""
    is_refunded = any(one.state != "failed" for one in order.refunds)
    if here.amount > (to_refund(order) if is_refunded else refundable(order)):
        raise Refused(
            _("The order no longer has the money: it was refunded, moved to another order or kept as credit.")
        )
    _counter(w, order, here)
    _say_taken_back(w, order, here.amount, is_here=False)
    if not hold_back_about(w, order, mail_kinds.PAYMENT_RECEIVED, f"payment-{here.id}"):
        w.say(_("The customer has a mail that says the payment came in."))
    return Done(
        _("{amount} went back to the credit of the customer.").format(
            amount=LazyMoney(here.amount, order.currency)
        )
    )


def _say_taken_back(w: Work, order: Order, amount: int, *, is_here: bool) -> None:
    w.record(order, CreditTakenBack(amount=amount, currency=order.currency, is_here=is_here))
    _tell_others(w, order)


def _tell_others(w: Work, order: Order) -> None:
    """Open pages of the customer read the credit anew."""
    if CUSTOMER.topic and order.customer_id is not None:
        w.touch(CUSTOMER.topic(order.customer_id))


def _counter(w: Work, order: Order, payment: Payment) -> None:
    """Books the counter-entry of a booking of credit, and unties what it was tied to."""
    w.made("payments", number_of(order, counter_entry(w, order, payment)))


def _book(w: Work, order: Order, amount: int, *, key: str = "") -> Payment:
    return entry(w, order, amount, method=order.payment_method_name, kind=CREDIT, key=key)
