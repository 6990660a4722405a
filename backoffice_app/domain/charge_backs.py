"""Charge-backs: the provider takes a payment back, and gives it back where the shop wins (PAY-2)."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field
from sqlmodel import col, select

from backoffice_app.domain.allocating import allocate, entry
from backoffice_app.domain.core.actions import Done, Input, action
from backoffice_app.domain.core.errors import Invalid, Refused, all_at_once, noting
from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.forms import Asked, was_sent
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.typed import amount_of
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.order import ORDER, order_id
from backoffice_app.domain.order.set_off import set_off
from backoffice_app.domain.order.states import (
    CHARGED_BACK,
    charge_backs,
    open_amount,
    paid_towards,
    refunds_under_way,
)
from backoffice_app.domain.payments import BookedOn, PaymentNumber, judge_day, number_of
from backoffice_app.i18n import LazyMoney, LazyText, _
from backoffice_app.models import Allocation, Order, Payment

PROVIDER = "charge-back"
"""`Payment.provider` of a charge-back that has a reference: each is booked once."""


@fact
class PaymentChargedBack(Fact):
    """The provider took a payment, or a part of it, back.

    `amount`, `fee` in minor units; `reason`, `reference`: as typed, or "".
    """

    about: ClassVar[About] = About.PAYMENT
    prices: ClassVar[bool] = True
    amount: int
    currency: str
    fee: int = 0
    method: str = ""
    reason: str = ""
    reference: str = ""

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        given = {
            "amount": LazyMoney(self.amount, self.currency),
            "method": self.method or "–",
            "reason": self.reason,
        }
        if self.reason:
            return _("{actor} noted a charge-back of {amount} by {method}: {reason}").format(**given)
        return _("{actor} noted a charge-back of {amount} by {method}.").format(**given)


@fact
class ChargeBackWon(Fact):
    """The provider gave back what it had charged back; `amount` in minor units."""

    about: ClassVar[About] = About.PAYMENT
    prices: ClassVar[bool] = True
    amount: int
    currency: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} noted that the charge-back of {amount} was won.").format(
            amount=LazyMoney(self.amount, self.currency)
        )


def chargeable(order: Order) -> list[tuple[Payment, int]]:
    """The payments that can still be charged back, with how much of each in minor units, oldest first."""
    undone = {one.reverses_id for one in order.payments if one.reverses_id}
    gone: dict[int | None, int] = {}
    for one in charge_backs(order):
        gone[one.of_id] = gone.get(one.of_id, 0) - one.amount
    received = (
        one
        for one in order.payments
        if one.amount > 0 and not one.kind and not one.reverses_id and one.id not in undone
    )
    return [(one, left) for one in received if (left := one.amount - gone.get(one.id, 0)) > 0]


def why_not_charge_back(order: Order) -> LazyText | None:
    """PAY-2: something was received that was not charged back yet, and that no refund under way still needs."""
    if chargeable(order):
        return _NEEDED if refunds_under_way(order) and _not_needed(order) <= 0 else None
    return _("All that was paid was charged back already.") if charge_backs(order) else _("Nothing was paid.")


_NEEDED = _("A refund is under way. Note first whether it is done or failed.")


def _not_needed(order: Order) -> int:
    """How much of what was paid is left beside the refunds under way."""
    return sum(one.amount for one in order.payments) - refunds_under_way(order)


class ChargeBack(Input):
    """`payment`: the number of the payment, the only one if it is empty; `amount` as people write it, else all of it.

    `fee`: what the provider asks for it, which the customer is not charged. `reference`: the provider's, booked once.
    `booked_on`: the day on which the provider took it.
    """

    payment: Annotated[PaymentNumber, Asked(_("Payment"), kind="choice")] = ""
    amount: Annotated[str, Asked(_("Amount"), _("Empty: all of it"), kind="amount")] = Field(
        default="", max_length=50
    )
    booked_on: BookedOn = None
    fee: Annotated[
        str, Asked(_("Fee of the provider"), _("The customer is not charged for it."), kind="amount")
    ] = Field(default="", max_length=50)
    reason: Annotated[str, Asked(_("Reason"))] = Field(default="", max_length=500)
    reference: Annotated[str, Asked(_("Reference of the provider"))] = Field(default="", max_length=200)
    key: str = Field(default="", max_length=100)


def _known(w: Work, order: Order, data: ChargeBack) -> LazyText | None:
    """One form, and one reference, is one charge-back. Raises Invalid where another order has the reference."""
    noted = _("This charge-back is noted already.")
    if was_sent(data.key, order.payments):
        return noted
    if not data.reference:
        return None
    same = select(Payment.order_id).where(
        Payment.provider == PROVIDER, Payment.provider_reference == data.reference
    )
    found = w.session.exec(same).first()
    if found is not None and found != order.id:
        raise Invalid("reference", _("A charge-back with this reference is noted on another order."))
    return noted if found is not None else None


@action(
    subject=ORDER,
    key="charge-back",
    label=_("Charge-back"),
    right=Right.PAY,
    why_not=why_not_charge_back,
    input=ChargeBack,
    asks="must",  # it takes money away
    known=_known,
)
def charge_back(w: Work, order: Order, data: ChargeBack) -> Done:
    """Note that the provider took a payment back: its amount is open again (PAY-2).

    Not more than a refund under way leaves of what was paid: what became of it must be noted first.
    """
    payment, most = _chosen(order, data.payment)
    amount, fee, day = _figures(w, order, data, most)
    booked = Payment(
        order_id=order_id(order),
        amount=-amount,
        booked_on=day,
        booked_at=w.at,
        method=payment.method,
        provider=PROVIDER if data.reference else "",
        provider_reference=data.reference,
        kind=CHARGED_BACK,
        reason=data.reason,
        of_id=payment.id,
        fee=fee,
        key=data.key,
        actor_name=w.actor.name,
    )
    order.payments.append(booked)
    w.session.flush()
    w.made("payments", number_of(order, booked))
    _untie(w, order, payment, booked)
    w.record(
        order,
        PaymentChargedBack(
            amount=amount,
            currency=order.currency,
            fee=fee,
            method=payment.method,
            reason=data.reason,
            reference=data.reference,
        ),
    )
    text = _("Charge-back of {amount} noted. {left} are open now.")
    figures = {
        "amount": LazyMoney(amount, order.currency),
        "left": LazyMoney(open_amount(order), order.currency),
    }
    return Done(text.format(**figures))


def _chosen(order: Order, number: str) -> tuple[Payment, int]:
    """The payment of this number, or the only one there is, with how much of it can be charged back.

    Raises Invalid where that does not say which, Refused for one that is gone.
    """
    there = chargeable(order)
    if not number:
        if len(there) > 1:
            raise Invalid("payment", _("Say which payment was charged back."))
        return there[0]
    found = next((one for one in order.payments if number_of(order, one) == number), None)
    if found is None:
        raise Invalid("payment", _("The order has no payment {number}.").format(number=number))
    for one, left in there:
        if one is found:
            return one, left
    raise Refused(_("This payment was charged back or taken back already, or did not come in."))


def _figures(w: Work, order: Order, data: ChargeBack, most: int) -> tuple[int, int, date]:
    """Amount and fee in minor units, and the day, judged; what is wrong with them is said at once."""
    amount, fee, day, wrong = most, 0, data.booked_on or w.today, list[Invalid]()
    with noting(wrong):
        if data.amount:
            amount = amount_of(w.actor, data.amount, order.currency, "amount")
        _judge(order, amount, most)
    with noting(wrong):
        if data.fee:
            fee = amount_of(w.actor, data.fee, order.currency, "fee")
        if fee < 0:
            raise Invalid("fee", _("The amount can't be less than 0."))
    with noting(wrong):
        judge_day(w, order, day)
    all_at_once(wrong)
    return amount, fee, day


def _judge(order: Order, amount: int, most: int) -> None:
    if amount <= 0:
        raise Invalid("amount", _("The amount must be more than 0."))
    if amount > most:
        text = _("At most {most} of this payment can be charged back.")
        raise Invalid("amount", text.format(most=LazyMoney(most, order.currency)))
    if refunds_under_way(order) and amount > (left := _not_needed(order)):
        text = _(
            "A refund is under way, so at most {most} can be charged back until it is noted whether it is "
            "done or failed."
        )
        raise Invalid("amount", text.format(most=LazyMoney(left, order.currency)))


def _untie(w: Work, order: Order, payment: Payment, booked: Payment) -> None:
    """What the money had paid is open again: what is free of it goes first, then its own invoices, then others."""
    documents = {d.id: d for d in order.documents}
    known = [one.id for one in order.payments if one.id]
    rows = w.session.exec(
        select(Allocation).where(col(Allocation.payment_id).in_(known)).order_by(col(Allocation.id))
    ).all()
    mine = [row.document_id for row in rows if row.payment_id == payment.id]
    tied: dict[int, int] = {}
    for row in rows:
        tied[row.document_id] = tied.get(row.document_id, 0) + row.amount
    rest = sum(tied.values()) - paid_towards(order)
    for id_ in sorted(
        (id_ for id_, amount in tied.items() if amount > 0), key=lambda id_: (id_ not in mine, -id_)
    ):
        part = min(rest, tied[id_])
        if part > 0:
            w.session.add(Allocation(payment=booked, document=documents[id_], amount=-part))
            documents[id_].open_amount += part
            rest -= part
    set_off(order)


def why_not_win(order: Order) -> LazyText | None:
    """PAY-2: something was charged back and did not come back."""
    return None if charge_backs(order) else _("Nothing was charged back.")


class WinChargeBack(Input):
    """`payment`: the number of the charge-back, the only one if it is empty."""

    payment: PaymentNumber = ""


@action(
    subject=ORDER,
    key="charge-back-won",
    label=_("Won back"),
    right=Right.PAY,
    why_not=why_not_win,
    input=WinChargeBack,
)
def charge_back_won(w: Work, order: Order, data: WinChargeBack) -> Done:
    """The provider gave back what it had charged back: a counter-entry that pays what is open (PAY-2)."""
    there = charge_backs(order)
    if not data.payment and len(there) > 1:
        raise Invalid("payment", _("Say which charge-back was won."))
    one = next((one for one in there if data.payment in {"", number_of(order, one)}), None)
    if one is None:
        raise Invalid(
            "payment",
            _("The order has no charge-back {number} that could be won.").format(number=data.payment),
        )
    back = entry(w, order, -one.amount, method=one.method, kind=CHARGED_BACK, reverses_id=one.id)
    w.made("payments", number_of(order, back))
    allocate(w, order)
    w.record(order, ChargeBackWon(amount=back.amount, currency=order.currency))
    return Done(_("{amount} came back.").format(amount=LazyMoney(back.amount, order.currency)))
