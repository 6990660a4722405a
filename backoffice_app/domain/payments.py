"""Payments: what was received is booked, never changed; a correction is a counter-entry (PAY-1, W-2)."""

from datetime import date
from typing import ClassVar

from pydantic import Field, field_validator
from sqlmodel import col, select

from backoffice_app.domain.core import money
from backoffice_app.domain.core.actions import Done, Input, Undo, action
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.facts import About, Fact, fact, on
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.states import amount_owed, open_amount
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail import MailKind, hold_back_about, write
from backoffice_app.domain.orders.facts import OrderPlaced
from backoffice_app.i18n import LazyMoment, LazyMoney, LazyText, _
from backoffice_app.models import Allocation, Document, Order, Payment
from backoffice_app.settings import settings

MILLION = 1_000_000


@fact
class PaymentBooked(Fact):
    """Money was booked on an order; `amount` in minor units, signed."""

    about: ClassVar[About] = About.PAYMENT
    prices: ClassVar[bool] = True
    amount: int
    currency: str
    method: str
    booked_on: date

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} booked a payment of {amount} by {method}.").format(
            amount=LazyMoney(self.amount, self.currency), method=self.method or "–"
        )


@fact
class PaymentReversed(Fact):
    """A payment that was booked by hand was taken back by a counter-entry."""

    about: ClassVar[About] = About.PAYMENT
    prices: ClassVar[bool] = True
    amount: int
    currency: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} marked the order as not paid; {amount} were booked back.").format(amount=LazyMoney(self.amount, self.currency))


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
        text = _("{amount} were paid with the order by {method}.") if self.amount > 0 else _("{amount} were refunded by the shop before.")
        return text.format(amount=LazyMoney(abs(self.amount), self.currency), method=self.method or "–")


@on(OrderPlaced)
def tell_what_came_in(w: Work, order: Order, placed: OrderPlaced) -> None:  # noqa: ARG001
    """What was paid at the checkout stands in the history too (T-7)."""
    for payment in order.payments:
        w.record(order, PaymentCameIn(amount=payment.amount, currency=order.currency, method=payment.method, booked_on=payment.booked_on))


def by_hand(order: Order) -> list[Payment]:
    """The payments that colleagues booked and nobody took back: what `Not paid` undoes (PAY-1)."""
    reversed_ids = {p.reverses_id for p in order.payments}
    return [p for p in order.payments if p.by_hand and p.amount > 0 and p.id not in reversed_ids]


def why_not_pay(order: Order) -> LazyText | None:
    """W-2. Money may be booked whatever else the order is waiting for; only where nothing is open there is nothing to book."""
    if order.cancelled_at:
        return _("The order is cancelled. What was paid is to be refunded.")
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


class Pay(Input):
    """`amount` as people write it, the open amount if empty; `booked_on`: the day, today if empty; `method`: the order's if empty."""

    amount: str = ""
    booked_on: date | None = None
    method: str = Field(default="", max_length=100)

    @field_validator("booked_on", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return value or None


@action(key="pay", label=_("Paid"), right=Right.PAY, why_not=why_not_pay, already=paid_already, input=Pay, shortcut="p", bulk=True)
def pay(w: Work, order: Order, data: Pay) -> Done:
    """Book a payment, of the open amount and dated today unless said otherwise, and tell the customer once (W-2)."""
    still_open = open_amount(order)
    amount = money.parse(money.as_typed(data.amount), order.currency, "amount") if data.amount.strip() else still_open
    if amount <= 0:
        raise Invalid("amount", _("The amount must be more than 0."))
    if amount > (most := most_at_once(order)):
        reason = _("At most {most} can be booked at once on this order.")
        raise Invalid("amount", reason.format(most=LazyMoney(most, order.currency)))
    day = data.booked_on or w.today
    if day > w.today:
        raise Invalid("booked_on", _("The day lies in the future."))
    method = data.method or order.payment_method_name
    payment = Payment(
        order_id=order.id or 0, amount=amount, booked_on=day, booked_at=w.at, method=method, by_hand=True, actor_name=w.actor.name
    )
    book(w, order, payment)
    write(w, MailKind.PAYMENT_RECEIVED, order, about=f"payment-{payment.id}", delay=settings().undo_seconds)
    undo = Undo("not-paid", {"payment": payment.id})
    if amount < still_open:
        left = LazyMoney(still_open - amount, order.currency)
        return Done(_("Payment booked. {left} are still open.").format(left=left), undo=undo)
    return Done(_("Payment booked."), undo=undo)


def most_at_once(order: Order) -> int:
    """The largest payment, in minor units, that is booked by hand: ten times the order's total, or a million if that is more.

    One transfer may pay for many orders, and what was typed wrong is taken back by `Not paid`. Beyond it stands no slip but a number
    that was never an amount, such as an order's or an account's, and it would spoil every sum of the day.
    """
    return max(10 * order.total, MILLION * int(10 ** money.digits(order.currency)))


def book(w: Work, order: Order, payment: Payment) -> None:
    """Books a payment on a locked order, allocates it to its documents, and records the fact."""
    order.payments.append(payment)
    w.session.flush()
    allocate(w, order)
    w.record(order, PaymentBooked(amount=payment.amount, currency=order.currency, method=payment.method, booked_on=payment.booked_on))


def why_not_unpay(order: Order) -> LazyText | None:
    """W-2, PAY-1: only what was booked by hand can be taken back."""
    if by_hand(order):
        return None
    if order.payment_by_provider:
        return _("{method} took the money at once, so the order can't be marked as not paid.").format(method=order.payment_method_name)
    return _("Nothing was booked by hand.")


class NotPaid(Input):
    """`payment`: the id of the one payment to take back, as `Undo` does (W-21); all that colleagues booked if there is none."""

    payment: int | None = None


@action(key="not-paid", label=_("Not paid"), right=Right.PAY, why_not=why_not_unpay, input=NotPaid)
def not_paid(w: Work, order: Order, data: NotPaid) -> Done:
    """Take back what was booked by hand, by counter-entries; no payment is changed or deleted (W-2)."""
    taken = [payment for payment in by_hand(order) if data.payment in {None, payment.id}]
    if not taken:
        raise Refused(_("This payment was taken back already."))
    total = 0
    for payment in taken:
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
        release(w, order, payment, counter)
        hold_back_about(w, order, MailKind.PAYMENT_RECEIVED, f"payment-{payment.id}")
        total += payment.amount
    w.record(order, PaymentReversed(amount=total, currency=order.currency))
    if open_amount(order) < amount_owed(order):
        return Done(_("The payment is booked back."))
    return Done(_("The order is marked as not paid."))


def allocate(w: Work, order: Order) -> None:
    """Ties money that is not yet tied to the open invoices, oldest due first (PAY-1). The order is locked and whole."""
    invoices = [d for d in order.documents if d.kind == "invoice" and d.open_amount > 0]
    if not invoices:
        return
    tied: dict[int, int] = {}
    known = [p.id for p in order.payments if p.id]
    if known:
        for allocation in w.session.exec(select(Allocation).where(col(Allocation.payment_id).in_(known))):
            tied[allocation.payment_id] = tied.get(allocation.payment_id, 0) + allocation.amount
    reversed_ids = {p.reverses_id for p in order.payments if p.reverses_id}
    parts: list[tuple[Payment, Document, int]] = []
    for payment in order.payments:
        rest = payment.amount - tied.get(payment.id or 0, 0)
        if payment.amount < 0 or payment.id in reversed_ids:
            continue
        for invoice in sorted(invoices, key=lambda d: (d.due_on or d.issued_on, d.id or 0)):
            part = min(rest, invoice.open_amount)
            if part > 0:
                parts.append((payment, invoice, part))
                invoice.open_amount -= part
                rest -= part
    if parts:
        w.flush()  # both have their ids then
        w.session.add_all(Allocation(payment=payment, document=invoice, amount=part) for payment, invoice, part in parts)


def release(w: Work, order: Order, payment: Payment, counter: Payment) -> None:
    """Unties what `payment` was tied to, by counter-allocations of `counter`."""
    documents = {d.id: d for d in order.documents}
    for allocation in w.session.exec(select(Allocation).where(Allocation.payment_id == payment.id)):
        document = documents[allocation.document_id]
        w.session.add(Allocation(payment=counter, document=document, amount=-allocation.amount))
        document.open_amount += allocation.amount
