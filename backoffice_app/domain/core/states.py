"""The four states of an order, derived from its rows and never set by hand (ST-1)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order, OrderLine


class Status(StrEnum):
    """The system status: where the order as a whole stands."""

    DRAFT = "draft"
    ON_HOLD = "on_hold"
    AWAITING_PAYMENT = "awaiting_payment"
    AWAITING_SHIPMENT = "awaiting_shipment"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class PaymentState(StrEnum):
    """What the customer has paid of what is owed."""

    UNPAID = "unpaid"
    AUTHORISED = "authorised"
    PART_PAID = "part_paid"
    PAID = "paid"
    OVERPAID = "overpaid"
    PART_REFUNDED = "part_refunded"
    REFUNDED = "refunded"


class ShippingState(StrEnum):
    """What has left the house of what is to leave it."""

    NOT_SHIPPED = "not_shipped"
    PART_SHIPPED = "part_shipped"
    SHIPPED = "shipped"
    NOT_NEEDED = "not_needed"


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
    Status.COMPLETED: _("Completed"),
    Status.CANCELLED: _("Cancelled"),
    PaymentState.UNPAID: _("Unpaid"),
    PaymentState.AUTHORISED: _("Authorised"),
    PaymentState.PART_PAID: _("Part paid"),
    PaymentState.PAID: _("Paid"),
    PaymentState.OVERPAID: _("Overpaid"),
    PaymentState.PART_REFUNDED: _("Part refunded"),
    PaymentState.REFUNDED: _("Refunded"),
    ShippingState.NOT_SHIPPED: _("To ship"),
    ShippingState.PART_SHIPPED: _("Part shipped"),
    ShippingState.SHIPPED: _("Shipped"),
    ShippingState.NOT_NEEDED: _("No shipping"),
    ReturnState.NONE: _("No return"),
    ReturnState.OPEN: _("Return open"),
    ReturnState.PART_RETURNED: _("Part returned"),
    ReturnState.RETURNED: _("Returned"),
}


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
    status = system_status(order, payment, shipping, is_settled=still_open == 0)
    return States(status, payment, shipping, return_state(order.lines), paid, still_open)


def received(order: Order) -> int:
    """What came in at all and was not booked back, in minor units; refunds do not lessen it."""
    return sum(p.amount for p in order.payments if p.amount > 0 or p.reverses_id)


def open_amount(order: Order) -> int:
    """What is still to be paid, in minor units, never below 0. What was refunded without a credit note is not owed again."""
    return max(amount_owed(order) - received(order), 0)


def amount_owed(order: Order) -> int:
    """What the customer owes in all: the total of the order less its credit notes and cancellations; nothing once cancelled."""
    if order.cancelled_at:
        return 0
    return order.total + sum(d.total for d in order.documents if d.kind != "invoice")


def payment_state(order: Order, paid: int, received: int, owed: int) -> PaymentState:
    """`paid`: received less refunded; `received`: what came in at all; `owed`: after credits; all in minor units."""
    refunded = received - paid
    if paid > owed and (refunded == 0 or owed > 0):
        return PaymentState.OVERPAID
    if refunded > 0:
        return PaymentState.REFUNDED if paid <= 0 else PaymentState.PART_REFUNDED
    if paid >= owed and (received > 0 or order.total == 0):
        return PaymentState.PAID
    if paid > 0:
        return PaymentState.PART_PAID
    return PaymentState.AUTHORISED if order.authorised_at else PaymentState.UNPAID


def left_to_ship(line: OrderLine) -> Decimal:
    """How much of a line still has to leave the house (ST-2)."""
    return line.ordered - line.cancelled - line.shipped if line.ships else Decimal(0)


def shipping_state(order: Order) -> ShippingState:
    """From the quantities of the lines that ship at all."""
    goods = [line for line in order.lines if line.ships and line.ordered > line.cancelled]
    if not goods:
        return ShippingState.SHIPPED if any(line.shipped for line in order.lines) else ShippingState.NOT_NEEDED
    if all(left_to_ship(line) == 0 for line in goods):
        return ShippingState.SHIPPED
    return ShippingState.PART_SHIPPED if any(line.shipped for line in goods) else ShippingState.NOT_SHIPPED


def return_state(lines: list[OrderLine]) -> ReturnState:
    """From the quantities that came back."""
    shipped, returned = sum(line.shipped for line in lines), sum(line.returned for line in lines)
    if not returned:
        return ReturnState.NONE
    return ReturnState.RETURNED if returned == shipped else ReturnState.PART_RETURNED


def system_status(order: Order, payment: PaymentState, shipping: ShippingState, *, is_settled: bool) -> Status:
    """Where the order stands: goods first, then money; an order is completed when neither is missing."""
    if order.cancelled_at:
        return Status.CANCELLED
    if order.on_hold_since:
        return Status.ON_HOLD
    gone = shipping in {ShippingState.SHIPPED, ShippingState.NOT_NEEDED}
    if gone:
        return Status.COMPLETED if is_settled else Status.AWAITING_PAYMENT
    return Status.AWAITING_SHIPMENT if is_settled or payment is PaymentState.AUTHORISED else Status.AWAITING_PAYMENT
