"""Which invoices the money on an order pays: allocations, and their counter-entries (PAY-1)."""

from datetime import date

from sqlmodel import col, select

from backoffice_app.domain.core.document_kinds import asks_for_money
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.order import order_id
from backoffice_app.domain.order.set_off import set_off
from backoffice_app.domain.order.states import (
    CHARGED_BACK,
    paid_towards,
)
from backoffice_app.models import Allocation, Document, Order, Payment


def allocate(w: Work, order: Order) -> None:
    """Ties money that is not yet tied to the open invoices, oldest due first (PAY-1). The order is locked and whole.

    What credit notes still owe the customer is set off first. What was moved away or charged back is tied no more.
    """
    set_off(order)
    invoices = [d for d in order.documents if asks_for_money(d.kind) and d.open_amount > 0]
    if not invoices:
        return
    tied: dict[int, int] = {}
    known = [p.id for p in order.payments if p.id]
    if known:
        for allocation in w.session.exec(select(Allocation).where(col(Allocation.payment_id).in_(known))):
            tied[allocation.payment_id] = tied.get(allocation.payment_id, 0) + allocation.amount
    reversed_ids = {p.reverses_id for p in order.payments if p.reverses_id}
    free = paid_towards(order) - sum(tied.values())
    parts: list[tuple[Payment, Document, int]] = []
    for payment in order.payments:
        rest = payment.amount - tied.get(payment.id or 0, 0)
        if (
            payment.amount < 0
            or (payment.reverses_id and payment.kind != CHARGED_BACK)
            or payment.id in reversed_ids
        ):
            continue
        for invoice in sorted(invoices, key=lambda d: (d.due_on or d.issued_on, d.id or 0)):
            part = min(rest, invoice.open_amount, free)
            if part > 0:
                parts.append((payment, invoice, part))
                invoice.open_amount -= part
                rest -= part
                free -= part
    if parts:
        w.flush()  # both have their ids then
        w.session.add_all(
            Allocation(payment=payment, document=invoice, amount=part) for payment, invoice, part in parts
        )


def entry(
    w: Work,
    order: Order,
    amount: int,
    *,
    method: str,
    kind: str = "",
    reason: str = "",
    key: str = "",
    of_id: int | None = None,
    reverses_id: int | None = None,
    booked_on: date | None = None,
) -> Payment:
    """A payment of `amount` minor units on a locked order, of today unless `booked_on` says otherwise, and by who acts;
    it has its id, and is tied to nothing.
    """
    payment = Payment(
        order_id=order_id(order),
        amount=amount,
        booked_on=booked_on or w.today,
        booked_at=w.at,
        method=method,
        kind=kind,
        reason=reason,
        key=key,
        of_id=of_id,
        reverses_id=reverses_id,
        actor_name=w.actor.name,
    )
    order.payments.append(payment)
    w.session.flush()
    return payment


def counter_entry(w: Work, order: Order, payment: Payment, *, reason: str = "") -> Payment:
    """What takes a payment of the order back; what that was tied to is untied."""
    counter = entry(
        w,
        order,
        -payment.amount,
        method=payment.method,
        kind=payment.kind,
        reason=reason,
        reverses_id=payment.id,
    )
    release(w, order, payment, counter)
    return counter


def release(w: Work, order: Order, payment: Payment, counter: Payment) -> None:
    """Unties what `payment` was tied to, by counter-allocations of `counter`; what was paid too much elsewhere on the
    order pays it from now on.
    """
    documents = {d.id: d for d in order.documents}
    for allocation in w.session.exec(select(Allocation).where(Allocation.payment_id == payment.id)):
        document = documents[allocation.document_id]
        w.session.add(Allocation(payment=counter, document=document, amount=-allocation.amount))
        document.open_amount += (
            allocation.amount if asks_for_money(document.kind) else -allocation.amount
        )  # both are positive when open
    w.session.flush()
    allocate(w, order)


def pay_out(w: Work, order: Order, payment: Payment, first: Document | None = None) -> None:
    """Ties a negative payment that goes back, or elsewhere, to the open credit notes, oldest first; `first`: the one
    that it is for.
    """
    rest = -payment.amount
    for document in sorted(open_credits(order), key=lambda one: one is not first):
        if part := min(rest, document.open_amount):
            document.open_amount -= part
            rest -= part
            w.session.add(Allocation(payment=payment, document=document, amount=-part))


def open_credits(order: Order) -> list[Document]:
    """Credit notes and cancellations that are not fully paid out, oldest first."""
    found = (one for one in order.documents if not asks_for_money(one.kind) and one.open_amount)
    return sorted(found, key=lambda one: (one.issued_on, one.id or 0))
