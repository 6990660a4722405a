"""An order that is sent again: what happened to it since is booked, what else differs is said and waits for a person
(API-1, API-2).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from sqlmodel import select

from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.money import as_text
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.intake.differing import differences, has_same_costs, has_same_goods
from backoffice_app.domain.intake.since import cancel_pieces, cancel_whole, return_pieces, ship_since
from backoffice_app.domain.invoicing.credit import standing
from backoffice_app.domain.order.states import is_refund
from backoffice_app.domain.orders.differing import NAMES, Difference, keep_differences
from backoffice_app.domain.orders.new_order import BookedPayment, NewOrder, PayState
from backoffice_app.domain.orders.place import booked_on, came_in, is_by_provider, provider_of
from backoffice_app.domain.payments import PaymentCameIn, book
from backoffice_app.i18n import LazyMoney, LazyText, _
from backoffice_app.models import History, Order, Payment


@fact
class OrderSentAgain(Fact):
    """The order came once more and differs.

    `fields`: in what, by the first parts of their names; `digest`: of what was sent.
    """

    about: ClassVar[About] = About.ORDER
    source: str
    fields: str
    digest: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        names = [NAMES[name] for name in self.fields.split() if name in NAMES]
        listed = LazyText(
            ", ".join(f"{{n{n}}}" for n in range(len(names))), {f"n{n}": name for n, name in enumerate(names)}
        )
        text = _("{source} sent the order again, and it differs: {fields}. Kontor keeps what it has.")
        return text.format(source=self.source or "–", fields=listed)


@dataclass(frozen=True)
class Again:
    """What came of an order that was sent again: what was booked, as sentences, and what still differs."""

    booked: tuple[LazyText, ...] = ()
    differs: tuple[Difference, ...] = ()


@dataclass
class _Found:
    booked: list[LazyText] = field(default_factory=list)
    differs: list[Difference] = field(default_factory=list)


def take_again(w: Work, order: Order, new: NewOrder, digest: str) -> Again:
    """Books what happened to a locked order since it came: payments, refunds, parcels, returns, what was cancelled.

    Once, however often it is sent. All else that differs is named; the history says so once for the same body, and the
    order bears it until a person has dealt with it.
    """
    found = _Found()
    if order.currency == new.currency and has_same_goods(order, new):
        _goods(w, order, new, found)
    elif new.cancelled_at and not order.cancelled_at:
        _cancel(w, order, new, found)
    if order.currency == new.currency:
        _money(w, order, new, found)
    found.differs[:0] = differences(order, new)
    is_new = bool(found.differs) and not _is_known(w, order, digest)
    if is_new or order.differing:
        keep_differences(order, found.differs)
    if is_new:
        fields = dict.fromkeys(one.field.split(".")[0].split("[")[0] for one in found.differs)
        w.record(order, OrderSentAgain(source=new.source, fields=" ".join(fields), digest=digest))
    return Again(tuple(found.booked), tuple(found.differs))


def _goods(w: Work, order: Order, new: NewOrder, found: _Found) -> None:
    """What became of the pieces. A colleague who holds an order back decides whether something may leave it."""
    if new.cancelled_at and not order.cancelled_at:
        _cancel(w, order, new, found)
    if order.cancelled_at:
        return
    more = {i: line.cancelled - order.lines[i].cancelled for i, line in enumerate(new.lines)}
    more = {i: quantity for i, quantity in more.items() if quantity > 0}
    if more:
        if (any(line.invoiced for line in order.lines) or has_same_costs(order, new)) and cancel_pieces(
            w, order, new, more
        ):
            found.booked.append(_("Pieces that the shop cancelled are not shipped."))
        else:
            kept = ((i, f"{order.lines[i].cancelled:f}") for i in more)
            found.differs += [
                Difference(f"lines[{i}].cancelled", here, f"{new.lines[i].cancelled:f}") for i, here in kept
            ]
    shipped = ship_since(w, order, new)
    if shipped is None:
        found.differs.append(Difference("shipments", str(len(order.shipments)), str(len(new.shipments))))
    elif shipped:
        found.booked.append(_("A shipment that left the shop is booked."))
    if return_pieces(w, order, new):
        found.booked.append(_("Pieces that came back to the shop are booked as returned."))


def _cancel(w: Work, order: Order, new: NewOrder, found: _Found) -> None:
    if new.cancelled_at and not any(line.shipped for line in order.lines):
        cancel_whole(w, order, new.cancelled_at)
        found.booked.append(_("The order is cancelled, as it is at the shop."))
        for invoice in standing(order):
            found.booked.append(
                _("Invoice {number} was issued before and has to be cancelled.").format(number=invoice.number)
            )
    else:
        found.differs.append(
            Difference("cancelled_at", "", new.cancelled_at.isoformat() if new.cancelled_at else "")
        )


def _money(w: Work, order: Order, new: NewOrder, found: _Found) -> None:
    """Books what came in and what went out since, never more than the shop has seen in all; what colleagues booked by
    hand counts.
    """
    sent = new.received()
    for sign in (1, -1):
        theirs = [p for p in sent if sign * p.amount > 0]
        missing = sum(abs(new.minor(p.amount)) for p in theirs) - _moved(order, sign)
        for payment in _unknown(order, new, theirs):
            amount = abs(new.minor(payment.amount))
            if amount > missing or (payment.provider_reference and booked_on(w, new.source, payment)):
                continue
            _book(w, order, came_in(w, new, order, payment), found)
            missing -= amount
        if missing > 0:
            kept = as_text(sign * _moved(order, sign), order.currency)
            given = as_text(sum(new.minor(p.amount) for p in theirs), order.currency)
            found.differs.append(Difference("payments", kept, given))
    if new.payment.state is PayState.AUTHORISED and order.authorised_at is None and not order.payments:
        order.authorised_at = new.payment.paid_at or w.at
    if found.booked and is_by_provider(w, new):
        order.payment_by_provider = True


def _moved(order: Order, sign: int) -> int:
    """What came in, or what was refunded, in minor units: as the shop knows it, whatever was moved or charged back
    since.
    """
    if sign > 0:
        return sum(p.amount for p in order.payments if not p.kind and (p.amount > 0) != bool(p.reverses_id))
    return -sum(p.amount for p in order.payments if is_refund(p))


def _unknown(order: Order, new: NewOrder, theirs: list[BookedPayment]) -> Iterator[BookedPayment]:
    """Those that are not on the order yet: by their reference, else by their amount."""
    kept = list(order.payments)
    for payment in theirs:
        known = next((p for p in kept if _is_same(p, new, payment)), None)
        if known:
            kept.remove(known)
        else:
            yield payment


def _is_same(kept: Payment, new: NewOrder, sent: BookedPayment) -> bool:
    if kept.provider_reference and sent.provider_reference:
        return (kept.provider, kept.provider_reference) == (
            provider_of(new.source, sent),
            sent.provider_reference,
        )
    return kept.amount == new.minor(sent.amount)


def _book(w: Work, order: Order, payment: Payment, found: _Found) -> None:
    amount = LazyMoney(abs(payment.amount), order.currency)
    if payment.amount > 0:
        book(w, order, payment)
        found.booked.append(_("A payment of {amount} is booked.").format(amount=amount))
        return
    order.payments.append(payment)
    w.session.flush()
    w.record(order, PaymentCameIn(payment.amount, order.currency, payment.method, payment.booked_on))
    found.booked.append(_("A refund of {amount} is booked.").format(amount=amount))


def _is_known(w: Work, order: Order, digest: str) -> bool:
    kind = History.kind == OrderSentAgain.__name__
    told = w.session.exec(
        select(History.data).where(History.subject == "order", History.subject_id == order.id, kind)
    ).all()
    return any(json.loads(data).get("digest") == digest for data in told)
