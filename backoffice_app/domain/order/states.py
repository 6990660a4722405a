"""The four states of an order, derived from its rows and never set by hand (ST-1)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import takewhile

from backoffice_app.domain.core.document_kinds import CANCELLATION, CREDIT_NOTE, asks_for_money
from backoffice_app.domain.core.payment_methods import Pays, when_paid
from backoffice_app.domain.order.pickup import is_pickup
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Document, Order, OrderLine, OrderReturn, Payment, ReturnLine


class Status(StrEnum):
    """The system status: where the order as a whole stands."""

    DRAFT = "draft"
    ON_HOLD = "on_hold"
    AWAITING_PAYMENT = "awaiting_payment"
    AWAITING_SHIPMENT = "awaiting_shipment"
    AWAITING_PICKUP = "awaiting_pickup"
    READY_FOR_PICKUP = "ready_for_pickup"
    COMPLETED = "completed"
    PICKED_UP = "picked_up"
    CANCELLED = "cancelled"


TO_SHIP = frozenset({Status.AWAITING_SHIPMENT, Status.AWAITING_PICKUP})
"""Somebody has to pack it."""
STILL_OPEN = frozenset({Status.AWAITING_PAYMENT, *TO_SHIP, Status.READY_FOR_PICKUP})
"""Money or goods are still to come."""
FINISHED = frozenset({Status.COMPLETED, Status.PICKED_UP})
"""Everything is handed over and settled."""


class PaymentState(StrEnum):
    """What the customer has paid of what they owe."""

    UNPAID = "unpaid"
    AUTHORISED = "authorised"
    PART_PAID = "part_paid"
    PAID = "paid"
    OVERPAID = "overpaid"
    PART_REFUNDED = "part_refunded"
    REFUNDED = "refunded"
    CHARGED_BACK = "charged_back"


MOVED, CHARGED_BACK, CREDIT = "moved", "charge back", "credit"
"""`Payment.kind` of money that was moved between two orders, of what the provider took back, or gave back, and of what
became credit of the customer, or was paid from it (PAY-2).
"""


class ShippingState(StrEnum):
    """What has left the house of what is to leave it."""

    NOT_SHIPPED = "not_shipped"
    PART_SHIPPED = "part_shipped"
    SHIPPED = "shipped"
    NOT_NEEDED = "not_needed"


class ShipmentState(StrEnum):
    """Where one shipment is."""

    OPEN = "open"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"


class ReturnStep(StrEnum):
    """Where one return is, as it is stored (RET-3)."""

    REQUESTED = "requested"
    APPROVED = "approved"
    RECEIVED = "received"
    COMPLETED = "completed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


RETURN_CLOSED = frozenset({ReturnStep.COMPLETED, ReturnStep.REJECTED, ReturnStep.CANCELLED})
"""Nothing of such a return is waited for any more."""
RETURN_OPEN = frozenset(ReturnStep) - RETURN_CLOSED
IN_PROGRESS = "in progress"
"""What is shown of a return of which a part has arrived and the rest is waited for."""


class ReturnState(StrEnum):
    """What has come back."""

    NONE = "none"
    OPEN = "open"
    PART_RETURNED = "part_returned"
    RETURNED = "returned"


STATE_NAMES: dict[StrEnum, LazyText] = {
    Status.DRAFT: _("Draft"),
    Status.ON_HOLD: _("On hold"),
    Status.AWAITING_PAYMENT: _("Awaiting payment"),
    Status.AWAITING_SHIPMENT: _("Awaiting shipment"),
    Status.AWAITING_PICKUP: _("Awaiting pick-up"),
    Status.READY_FOR_PICKUP: _("Ready for pick-up"),
    Status.COMPLETED: _("Completed"),
    Status.PICKED_UP: _("Picked up"),
    Status.CANCELLED: _("Cancelled"),
    PaymentState.UNPAID: _("Unpaid"),
    PaymentState.AUTHORISED: _("Authorised"),
    PaymentState.PART_PAID: _("Part paid"),
    PaymentState.PAID: _("Paid"),
    PaymentState.OVERPAID: _("Overpaid"),
    PaymentState.PART_REFUNDED: _("Part refunded"),
    PaymentState.REFUNDED: _("Refunded"),
    PaymentState.CHARGED_BACK: _("Charged back"),
    ShippingState.NOT_SHIPPED: _("To ship"),
    ShippingState.PART_SHIPPED: _("Part shipped"),
    ShippingState.SHIPPED: _("Shipped"),
    ShippingState.NOT_NEEDED: _("No shipping"),
    ReturnState.NONE: _("No return"),
    ReturnState.OPEN: _("Return open"),
    ReturnState.PART_RETURNED: _("Part returned"),
    ReturnState.RETURNED: _("Returned"),
}


WAITS = "waits"
"""`Order.invoicing` of an order whose invoice the shop's policy wants, while something is missing for it."""


@dataclass(frozen=True)
class States:
    """All that is derived of an order's money and goods. Amounts in minor units; `paid` is received less refunded."""

    status: Status
    payment: PaymentState
    shipping: ShippingState
    returns: ReturnState
    paid: int
    open_amount: int


def derive(order: Order) -> States:
    """The states that follow from the order's rows, with everything loaded (`Work.lock`)."""
    shipping = shipping_state(order)
    paid = sum(p.amount for p in order.payments)
    payment = payment_state(order, paid, received(order), amount_owed(order))
    still_open = open_amount(order)
    status = (
        Status.DRAFT
        if order.is_draft
        else system_status(order, payment, shipping, is_settled=still_open == 0)
    )
    return States(status, payment, shipping, return_state(order), paid, still_open)


def received(order: Order) -> int:
    """What came in at all and stayed, in minor units: not what was booked back, moved to another order or charged back.

    Refunds do not lessen it, nor does one that came back raise it.
    """
    return sum(p.amount for p in order.payments if p.kind or (p.amount > 0) != bool(p.reverses_id))


def is_refund(payment: Payment) -> bool:
    """Whether a payment is money that went back to the customer; one that was booked back later is one too."""
    return payment.amount < 0 and not payment.kind and not payment.reverses_id


def charge_backs(order: Order) -> list[Payment]:
    """What the provider took back and did not give back, oldest first (PAY-2)."""
    won = {p.reverses_id for p in order.payments}
    return [p for p in order.payments if p.kind == CHARGED_BACK and p.amount < 0 and p.id not in won]


def paid_towards(order: Order) -> int:
    """What stands against what the customer owes, in minor units: what was received, less what went back of what was
    too much.

    A refund that no surplus covered when it was made is a gift and changes nothing, unless it pays a credit note or a
    cancellation. Without a charge-back, and where no pieces were added after it, this is what was received
    wherever it matters.
    """
    if not any(p.kind or is_refund(p) for p in order.payments):
        return received(order)
    undone = {p.reverses_id for p in order.payments if p.reverses_id}
    of_documents = {refund.payment_id for refund in order.refunds if refund.document_id}
    so_far = 0
    for payment in order.payments:
        if payment.reverses_id or payment.id in undone:
            continue
        if is_refund(payment):
            owed = _owed_at(order, payment.booked_at, by_documents=payment.id in of_documents)
            so_far += max(payment.amount, min(owed - so_far, 0))
        else:
            so_far += payment.amount
    return so_far


def _owed_at(order: Order, moment: datetime, *, by_documents: bool) -> int:
    """What was owed by the documents that were there, in minor units; the amount due now where no invoice stood, unless
    it is asked for `by_documents` alone.
    """
    issued = [d for d in order.documents if d.issued_at <= moment]
    gone = {d.credits_id for d in issued if d.kind == CANCELLATION.key}
    stands = any(asks_for_money(d.kind) and d.id not in gone for d in issued)
    return sum(d.total for d in issued) if stands or by_documents else amount_owed(order)


def invoices(order: Order) -> list[Document]:
    """The order's invoices that no cancellation has taken back, and of which pieces are left that were
    ordered (W-17).
    """
    gone = {d.credits_id for d in order.documents if d.kind == CANCELLATION.key}
    taken_out: dict[int | None, int] = {}
    for credit in order.documents:
        if credit.is_difference:
            taken_out[credit.credits_id] = taken_out.get(credit.credits_id, 0) - credit.total
    return [
        d
        for d in order.documents
        if asks_for_money(d.kind) and d.id not in gone and taken_out.get(d.id) != d.total
    ]


def open_amount(order: Order) -> int:
    """What is still to be paid, in minor units, never below 0.

    What was refunded without a credit note is not owed again.
    """
    return max(amount_owed(order) - paid_towards(order), 0)


def surplus(order: Order) -> int:
    """What the customer has paid too much, less what was refunded, in minor units; all that they paid once the order is
    cancelled.
    """
    return max(sum(p.amount for p in order.payments) - amount_owed(order), 0)


def refunds_under_way(order: Order) -> int:
    """What is asked to be refunded, or sent, and not booked yet, in minor units (PAY-2)."""
    return sum(refund.amount for refund in order.refunds if refund.state in {"asked", "sent"})


def refundable(order: Order) -> int:
    """The most that can go back now, in minor units: what was received less all refunds that did not fail (PAY-2)."""
    return max(sum(payment.amount for payment in order.payments) - refunds_under_way(order), 0)


def to_refund(order: Order) -> int:
    """What was paid too much and no refund was recorded for yet, in minor units."""
    return max(surplus(order) - refunds_under_way(order), 0)


def invoice_waits(order: Order) -> bool:
    """Whether the shop's policy wanted the order's invoice and something is still missing for it (INV-1)."""
    return order.invoicing == WAITS and not order.cancelled_at


def amount_owed(order: Order) -> int:
    """What the customer owes in all: the total of the order less its credit notes and cancellations; nothing once
    cancelled.

    An invoice that was cancelled as a whole is as if it had never been, so its cancellation takes nothing off the
    order. Nor does the credit note on pieces that were taken out of the order: its total fell with them.
    """
    if order.cancelled_at:
        return 0
    as_never = _cancelled_whole(order)
    counted = [d for d in order.documents if not asks_for_money(d.kind) and not d.is_difference]
    return order.total + sum(d.total for d in counted if d.credits_id not in as_never)


def gave_back(order: Order) -> list[Document]:
    """The credit notes that gave something of the order back, oldest first: not those that follow what was ordered
    (W-17).
    """
    return [d for d in order.documents if d.kind == CREDIT_NOTE.key and not d.is_difference]


def _cancelled_whole(order: Order) -> set[int | None]:
    """The ids of invoices that were cancelled before anything was given back: the order could be invoiced anew
    afterwards.
    """
    before = takewhile(lambda d: d.kind != CREDIT_NOTE.key or d.is_difference, order.documents)
    return {d.credits_id for d in before if d.kind == CANCELLATION.key}


def payment_state(order: Order, paid: int, received: int, owed: int) -> PaymentState:
    """`paid`: received less refunded; `received`: what came in at all; `owed`: after credits; all in minor units.

    As long as more was paid than is owed, the rest is to be refunded, whatever went back already: only so does the
    order stay among those that wait for it.
    """
    gave = _gave_back(order, paid, received, owed)
    if paid > owed:
        return PaymentState.OVERPAID
    if charge_backs(order) and open_amount(order):
        return PaymentState.CHARGED_BACK
    if gave > 0 or (paid <= owed == 0 and _is_elsewhere(order)):
        return PaymentState.REFUNDED if paid <= 0 else PaymentState.PART_REFUNDED
    if paid >= owed and (received > 0 or order.total == 0):
        return PaymentState.PAID
    if paid > 0:
        return PaymentState.PART_PAID
    return PaymentState.AUTHORISED if order.authorised_at else PaymentState.UNPAID


def _gave_back(order: Order, paid: int, received: int, owed: int) -> int:
    """How much of the price of the order was refunded: for its credit notes, for cancelled pieces, or as a gift.

    What was paid too much is not part of it. Where some pieces were cancelled, the price itself may have fallen with
    them, so all that went back counts.
    """
    if not order.cancelled_at and any(line.cancelled for line in order.lines):
        return received - paid
    too_much = max(received - order.total, 0)
    credited = min(max(received - paid - too_much, 0), order.total - owed)
    gift = paid_towards(order) - paid
    return credited + gift


def _is_elsewhere(order: Order) -> bool:
    """Whether money that came in stands on another order now, or is credit of the customer (PAY-2)."""
    return sum(p.amount for p in order.payments if p.kind in {MOVED, CREDIT}) < 0


def left_to_ship(line: OrderLine) -> Decimal:
    """How much of a line still has to leave the house (ST-2)."""
    return line.ordered - line.cancelled - line.shipped if line.ships else Decimal(0)


def shipping_state(order: Order) -> ShippingState:
    """From the quantities of the lines that ship at all."""
    goods = [line for line in order.lines if line.ships and line.ordered > line.cancelled]
    if not goods:
        return (
            ShippingState.SHIPPED if any(line.shipped for line in order.lines) else ShippingState.NOT_NEEDED
        )
    if all(left_to_ship(line) == 0 for line in goods):
        return ShippingState.SHIPPED
    return ShippingState.PART_SHIPPED if any(line.shipped for line in goods) else ShippingState.NOT_SHIPPED


def return_state(order: Order) -> ReturnState:
    """Open while a return is not closed, else from the quantities that came back."""
    if any(came_back.state not in RETURN_CLOSED for came_back in order.returns):
        return ReturnState.OPEN
    shipped, returned = sum(line.shipped for line in order.lines), sum(line.returned for line in order.lines)
    if not returned:
        return ReturnState.NONE
    return ReturnState.RETURNED if returned == shipped else ReturnState.PART_RETURNED


def missing(held: ReturnLine) -> Decimal:
    """How much of what was announced has not arrived; 0 where more arrived than was announced."""
    return max(held.quantity - held.received, Decimal(0))


def step_of(came_back: OrderReturn) -> str:
    """Where a return is, for people and the API: `IN_PROGRESS` while a part of what was announced is still missing
    (RET-3).
    """
    is_part = came_back.state == ReturnStep.RECEIVED and any(missing(held) for held in came_back.lines)
    return IN_PROGRESS if is_part else came_back.state


def system_status(
    order: Order, payment: PaymentState, shipping: ShippingState, *, is_settled: bool
) -> Status:
    """Where the order stands: goods first, then money; an order is completed when neither is missing.

    Goods that go out before the money (cash on delivery, at the counter, invoice) wait for their shipment, not for the
    payment.
    """
    if order.cancelled_at:
        return Status.CANCELLED
    if order.on_hold_since:
        return Status.ON_HOLD
    gone = shipping in {ShippingState.SHIPPED, ShippingState.NOT_NEEDED}
    fetched = is_pickup(order)
    if gone:
        finished = Status.PICKED_UP if fetched and shipping is ShippingState.SHIPPED else Status.COMPLETED
        return finished if is_settled else Status.AWAITING_PAYMENT
    if fetched and order.pickup_ready_at:
        return Status.READY_FOR_PICKUP
    if not is_settled and payment is not PaymentState.AUTHORISED and when_paid(order) is not Pays.AFTER:
        return Status.AWAITING_PAYMENT
    return Status.AWAITING_PICKUP if fetched else Status.AWAITING_SHIPMENT
