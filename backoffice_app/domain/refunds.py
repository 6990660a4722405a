"""Refunds: money that goes back to the customer, asked for, sent, done or failed; never more than there is (PAY-2)."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from backoffice_app.domain.allocating import counter_entry, entry, open_credits, pay_out
from backoffice_app.domain.core.actions import Done, Input, action
from backoffice_app.domain.core.document_kinds import asks_for_money
from backoffice_app.domain.core.errors import Invalid, Refused, all_at_once, noting
from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.forms import was_sent
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.typed import amount_of
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail import hold_back_about, write
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.states import received, refundable, refunds_under_way, to_refund
from backoffice_app.domain.payments import BookedOn, PaymentNumber, judge_day, number_of
from backoffice_app.i18n import LazyDay, LazyMoney, LazyText, _
from backoffice_app.models import Document, Order, Refund
from backoffice_app.settings import settings

State = Literal["asked", "sent", "done", "failed"]
STATE_NAMES: dict[str, LazyText] = {
    "asked": _("Asked for", "refund"),
    "sent": _("Sent", "refund"),
    "done": _("Done", "refund"),
    "failed": _("Failed", "refund"),
}
STEP_NAMES: dict[str, LazyText] = {
    "sent": _("Note as sent"),
    "done": _("Note as done"),
    "failed": _("Note as failed"),
}
"""What a button says that notes such a state; the state alone would read as if it were so already."""
NEXT: dict[str, tuple[State, ...]] = {
    "asked": ("sent", "done", "failed"),
    "sent": ("done", "failed"),
    "done": ("failed",),
    "failed": (),
}
"""What a refund can become; one that failed is over, its amount is open again."""
REASON = "refund"
"""`Payment.reason` of a refund that is booked."""


@fact
class RefundRecorded(Fact):
    """Money is to go, goes, or has gone back to the customer; `amount` in minor units, `state` as in `Refund`.

    `booked_on`: the day of one that is done, if it is known.
    """

    about: ClassVar[About] = About.PAYMENT
    prices: ClassVar[bool] = True
    amount: int
    currency: str
    method: str
    state: str
    booked_on: date | None = None

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = {
            "asked": _("{actor} asked for a refund of {amount} by {method}."),
            "sent": _("{actor} noted that a refund of {amount} by {method} was sent."),
        }.get(self.state, _("{actor} refunded {amount} by {method}."))
        given = {"amount": LazyMoney(self.amount, self.currency), "method": self.method or "–"}
        if self.booked_on and self.state == "done":
            text = _("{actor} refunded {amount} by {method}, dated {day}.")
            return text.format(day=LazyDay(self.booked_on), **given)
        return text.format(**given)


@fact
class RefundSettled(Fact):
    """A refund became `state`."""

    about: ClassVar[About] = About.PAYMENT
    prices: ClassVar[bool] = True
    amount: int
    currency: str
    state: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = {
            "sent": _("{actor} noted that the refund of {amount} was sent."),
            "failed": _(
                "{actor} noted that the refund of {amount} failed; the amount is to be refunded again."
            ),
        }.get(self.state, _("{actor} noted that the refund of {amount} is done."))
        return text.format(amount=LazyMoney(self.amount, self.currency))


def number_of_refund(order: Order, refund: Refund) -> str:
    """What a refund is called on its order: its rank, from 1. No refund is ever removed, so the number stays."""
    return next(str(rank) for rank, one in enumerate(order.refunds, 1) if one is refund)


def why_not_refund(order: Order) -> LazyText | None:
    """PAY-2, A22: whatever was received can go back, whether or not something is open."""
    if received(order) <= 0:
        return _("Nothing was paid.")
    if refundable(order):
        return None
    return (
        _("A refund of all that was paid is under way.")
        if refunds_under_way(order)
        else _("All that was paid has been refunded.")
    )


class RecordRefund(Input):
    """`amount` as people write it; `method`: how it goes back, as the order was paid if empty; `state`: how far it is.

    `document`: the number of the credit note that it pays, the oldest open one if it is empty. `mail`: whether the
    customer is told once it is done. `key`: what the form is known by on this order, so that one form works once.
    `booked_on`: the day on which the money left, of one that is done.
    """

    amount: str = Field(min_length=1, max_length=50)
    method: str = Field(default="", max_length=100)
    state: Literal["asked", "sent", "done"] = "done"
    booked_on: BookedOn = None
    reason: str = Field(default="", max_length=500)
    document: str = Field(default="", max_length=50)
    mail: bool = True
    key: str = Field(default="", max_length=100)


def _known(w: Work, order: Order, data: RecordRefund) -> LazyText | None:  # noqa: ARG001
    """One form works once (A23)."""
    return _("This refund is recorded already.") if was_sent(data.key, order.refunds) else None


@action(
    subject=ORDER,
    key="refund",
    label=_("Record refund"),
    right=Right.PAY,
    why_not=why_not_refund,
    input=RecordRefund,
    known=_known,
)
def refund(w: Work, order: Order, data: RecordRefund) -> Done:
    """Note that money goes back; one that is done is booked and pays the oldest open credit note (PAY-2).

    A person who refunds more than was paid too much is asked first: no credit note says why.
    """
    amount = _amount_of(w, order, data)
    pays = _credit_of(order, data.document, amount) if data.document else None
    if (over := amount - to_refund(order)) > 0:
        question = _(
            "{over} of it are not paid too much, and no credit note says why they go back. Refund {amount} "
            "all the same?"
        )
        figures = {"amount": LazyMoney(amount, order.currency), "over": LazyMoney(over, order.currency)}
        w.ask(f"refund-{amount}-{over}", question.format(**figures))
    made = record_refund(
        w,
        order,
        amount,
        data.method,
        state=data.state,
        reason=data.reason,
        key=data.key,
        pays=pays,
        booked_on=data.booked_on,
    )
    if data.mail and made.state == "done":
        _tell(w, order, made)
    said = {"asked": _("Refund of {amount} is asked for."), "sent": _("Refund of {amount} is noted as sent.")}
    return Done(
        said.get(made.state, _("Refund of {amount} is booked.")).format(
            amount=LazyMoney(amount, order.currency)
        )
    )


def record_refund(
    w: Work,
    order: Order,
    amount: int,
    method: str = "",
    *,
    state: Literal["asked", "sent", "done"] = "asked",
    reason: str = "",
    key: str = "",
    pays: Document | None = None,
    booked_on: date | None = None,
) -> Refund:
    """Records a refund of `amount` minor units on a locked order; booked at once if it is done.

    Raises Invalid for more than there is.

    `pays`: the credit note that it is for, else the oldest open one. `booked_on`: the day of one that is done, else
    today.
    """
    _judge(order, amount)
    new = Refund(
        order_id=order.id or 0,
        amount=amount,
        method=method or order.payment_method_name,
        state=state,
        reason=reason,
        key=key,
        document_id=pays.id if pays else next((document.id for document in open_credits(order)), None),
        asked_at=w.at,
        actor_name=w.actor.name,
    )
    order.refunds.append(new)
    w.session.flush()
    w.made("refunds", number_of_refund(order, new))
    day = (booked_on or w.today) if state == "done" else None
    w.record(
        order,
        RefundRecorded(amount=amount, currency=order.currency, method=new.method, state=state, booked_on=day),
    )
    if state == "done":
        _book(w, order, new, day)
    return new


def why_not_settle(order: Order) -> LazyText | None:
    """PAY-2: there is a refund that can still change."""
    if not order.refunds:
        return _("No refund was recorded.")
    if all(not NEXT[one.state] for one in order.refunds):
        return _("All refunds have failed. Record a new one.")
    return None


class SettleRefund(Input):
    """`refund`: its number on the order; `state`: what became of it; `mail`: whether the customer is told of one that
    is done; `booked_on`: the day on which its money left.
    """

    refund: Annotated[PaymentNumber, Field(min_length=1)]
    state: Literal["sent", "done", "failed"]
    mail: bool = True
    booked_on: BookedOn = None


@action(
    subject=ORDER,
    key="settle-refund",
    label=_("Settle refund"),
    right=Right.PAY,
    why_not=why_not_settle,
    input=SettleRefund,
    even_if_changed=True,
)
def settle_refund(w: Work, order: Order, data: SettleRefund) -> Done:
    """Note what became of a refund.

    Done books it; one that failed opens its amount again, by a counter-entry if it was booked (A12). A person is asked
    before that, as nothing takes it back.
    """
    one = next((one for one in order.refunds if number_of_refund(order, one) == data.refund), None)
    if one is None:
        raise Invalid("refund", _("The order has no refund {number}.").format(number=data.refund))
    amount = LazyMoney(one.amount, order.currency)
    if one.state == data.state:
        return Done(_("It is noted already: {state}.").format(state=STATE_NAMES[one.state]), changed=False)
    if data.state not in NEXT[one.state]:
        raise Refused(
            _("This refund can't be changed like that: it is noted as “{state}”.").format(
                state=STATE_NAMES[one.state]
            )
        )
    _judge_day(w, order, data.booked_on, data.state)
    if data.state == "failed" and one.state == "done":
        question = _(
            "Did the refund of {amount} fail? Its booking is taken back, and the amount is to be refunded again. "
            "This can't be undone."
        )
        w.ask(f"failed-{data.refund}-{one.amount}", question.format(amount=amount))
    was_done, one.state, one.settled_at = one.state == "done", data.state, w.at
    w.made("refunds", data.refund)
    w.record(order, RefundSettled(amount=one.amount, currency=order.currency, state=data.state))
    if data.state == "done":
        _book(w, order, one, data.booked_on)
        if data.mail:
            _tell(w, order, one)
    if data.state == "failed" and was_done:
        _unbook(w, order, one)
        if not hold_back_about(w, order, mail_kinds.REFUND_MADE, _about(one)):
            w.say(_("The customer has a mail that says the refund was made."))
    said = {
        "sent": _("The refund of {amount} is noted as sent."),
        "failed": _("The refund of {amount} failed: the amount is open again."),
    }
    return Done(said.get(data.state, _("The refund of {amount} is booked.")).format(amount=amount))


def _amount_of(w: Work, order: Order, data: RecordRefund) -> int:
    """What goes back, in minor units, judged with its day. Raises Invalid naming each field that is wrong."""
    wrong, amount = list[Invalid](), 0
    with noting(wrong):
        amount = amount_of(w.actor, data.amount, order.currency, "amount")
        _judge(order, amount)
    with noting(wrong):
        _judge_day(w, order, data.booked_on, data.state)
    all_at_once(wrong)
    return amount


def _judge_day(w: Work, order: Order, day: date | None, state: State) -> None:
    """Raises Invalid for a day that can't be, and for one of a refund that is not booked yet."""
    if day is None:
        return
    if state != "done":
        raise Invalid("booked_on", _("Only a refund that is done has a day. Leave it empty."))
    judge_day(w, order, day)


def _judge(order: Order, amount: int) -> None:
    """Raises Invalid for what was never an amount, and for more than was received less refunded."""
    if amount <= 0:
        raise Invalid("amount", _("The amount must be more than 0."))
    if amount > (most := refundable(order)):
        reason = _(
            "At most {most} can be refunded: {received} were received, {refunded} are refunded or under way."
        )
        came = received(order)
        figures = {
            name: LazyMoney(n, order.currency)
            for name, n in {"most": most, "received": came, "refunded": came - most}.items()
        }
        raise Invalid("amount", reason.format(**figures))


def _credit_of(order: Order, number: str, amount: int) -> Document:
    """The credit note of this number.

    Raises Refused where it is settled, Invalid for none and for more than it still owes.
    """
    found = next(
        (one for one in order.documents if one.number == number and not asks_for_money(one.kind)), None
    )
    if found is None:
        raise Invalid("document", _("The order has no credit note {number}.").format(number=number))
    if not found.open_amount:
        raise Refused(_("{number} is settled already.").format(number=number))
    if amount > found.open_amount:
        most = LazyMoney(found.open_amount, order.currency)
        raise Invalid(
            "amount",
            _("At most {most} of {number} are still to be refunded.").format(most=most, number=number),
        )
    return found


def _tell(w: Work, order: Order, one: Refund) -> None:
    """The customer reads that the money is on its way back; the mail can be held back for some seconds (M-1)."""
    write(w, mail_kinds.REFUND_MADE, order, about=_about(one), delay=settings().undo_seconds)


def _about(one: Refund) -> str:
    return f"refund-{one.id}"


def _book(w: Work, order: Order, one: Refund, day: date | None = None) -> None:
    """The negative payment of a refund that is done, of `day` or today, tied to the open credit notes, oldest first."""
    payment = entry(w, order, -one.amount, method=one.method, reason=REASON, booked_on=day)
    one.payment_id, one.settled_at = payment.id, w.at
    w.made("payments", number_of(order, payment))
    pay_out(
        w,
        order,
        payment,
        next((document for document in order.documents if document.id == one.document_id), None),
    )


def _unbook(w: Work, order: Order, one: Refund) -> None:
    """The counter-entry of a refund that came back after it was booked."""
    payment = next(payment for payment in order.payments if payment.id == one.payment_id)
    counter = counter_entry(w, order, payment, reason="refund failed")
    w.made("payments", number_of(order, counter))
