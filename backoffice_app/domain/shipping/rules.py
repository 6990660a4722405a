"""What may be done with the shipments of an order now, and if not, why; nothing here reads the database (ST-3)."""

from decimal import Decimal

from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.typed import SMALLEST
from backoffice_app.domain.order.pickup import is_pickup
from backoffice_app.domain.order.states import ShipmentState, left_to_ship
from backoffice_app.formats import is_measured
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order, OrderLine, Shipment, ShipmentLine


def why_not_ship(order: Order) -> LazyText | None:
    """W-5: as `why_not_leave`; and what the customer fetches is not shipped."""
    if reason := why_not_leave(order):
        return reason
    return _("The customer picks this order up: press “Picked up”.") if is_pickup(order) else None


def why_not_leave(order: Order) -> LazyText | None:
    """W-5, W-13: whether what is left of the order may leave the house now. Payment never decides it (D7)."""
    if order.cancelled_at:
        return _("The order is cancelled.")
    if order.on_hold_since:
        return on_hold(order)
    if any(left_to_ship(line) for line in order.lines):
        return None
    if not any(line.shipped for line in order.lines):
        return _("Nothing in this order is shipped.")
    return _("Everything has been picked up.") if is_pickup(order) else _("Everything has been shipped.")


def on_hold(order: Order) -> LazyText:
    """W-13: that an order is on hold, and whom to ask."""
    asked = _("The order is on hold. Resume it first, or ask {name}.")
    return asked.format(name=order.held_by) if order.held_by else _("The order is on hold. Resume it first.")


def why_not_print_slip(order: Order, shipment: Shipment) -> LazyText | None:
    """W-6, W-13: a slip is printed of what leaves or has left; of what waits on hold there isn't one."""
    if shipment.state == ShipmentState.CANCELLED:
        return _("Shipment {number} is cancelled.").format(number=shipment.number)
    if order.on_hold_since and shipment.state == ShipmentState.OPEN:
        return on_hold(order)
    return None


def why_not_print_slips(order: Order) -> LazyText | None:
    """O-5: whether any packing slip of the order can be printed."""
    reasons = [
        why_not_print_slip(order, shipment)
        for shipment in order.shipments
        if shipment.state != ShipmentState.CANCELLED
    ]
    if not reasons:
        return _("There is no shipment to print a packing slip for.")
    return reasons[0] if all(reasons) else None


def why_not_undo_ship(order: Order) -> LazyText | None:
    """W-21: only what is not completed business yet; whether the mail still waits is judged for each shipment."""
    if order.cancelled_at:
        return _("The order is cancelled.")
    if any(line.returned for line in order.lines):
        return _("Something was returned already.")
    if not any(s.state == ShipmentState.SHIPPED for s in order.shipments):
        return _("Nothing was shipped.")
    return None


def why_not_edit_shipment(order: Order) -> LazyText | None:
    """W-6, W-17: a tracking number may be set even when all is done."""
    return _("The order has no shipment.") if not order.shipments else None


def why_not_part_shipment(order: Order) -> LazyText | None:
    """SHIP-1, W-13: something is open, and more of it than one piece."""
    if reason := why_not_leave(order):
        return reason
    still_open = open_shipments(order)
    if not still_open:
        return _("No shipment is open.")
    if any(can_be_parted(order, shipment) for shipment in still_open):
        return None
    if len(still_open) > 1:
        return _("Each open shipment holds one piece only.")
    return _("Only one piece is left: {name}.").format(name=line_of(order, still_open[0].lines[0]).name)


def why_not_merge_shipments(order: Order) -> LazyText | None:
    """SHIP-1: there are two that could become one; a part that left a moment ago can come back too (W-21)."""
    if order.cancelled_at:
        return _("The order is cancelled.")
    if sum(
        shipment.state != ShipmentState.CANCELLED for shipment in order.shipments
    ) < 2 or not open_shipments(order):
        return _("There are no two shipments that could be merged.")
    return None


def open_shipments(order: Order) -> list[Shipment]:
    """What still has to leave, oldest first."""
    return [shipment for shipment in order.shipments if shipment.state == ShipmentState.OPEN]


def can_be_parted(order: Order, shipment: Shipment) -> bool:
    """Whether a part of an open shipment can be moved out while something stays in it (SHIP-1)."""
    if shipment.state != ShipmentState.OPEN or not shipment.lines:
        return False
    held = shipment.lines[0]
    return len(shipment.lines) > 1 or held.quantity > smallest_part(line_of(order, held))


def smallest_part(line: OrderLine) -> Decimal:
    """The least that can be taken of a line: one piece, or next to nothing of what is measured (ST-2)."""
    return SMALLEST if is_measured(line.unit) else Decimal(1)


def line_of(order: Order, held: ShipmentLine) -> OrderLine:
    """The order line that a part of a stored shipment is of."""
    return next(line for line in order.lines if line.id == held.order_line_id)


def shipment_of(order: Order, number: str, field: str = "shipment") -> Shipment:
    """The order's shipment of this number. Raises Invalid naming `field`."""
    found = next((shipment for shipment in order.shipments if shipment.number == number), None)
    if found is None:
        raise Invalid(field, _("The order has no shipment {number}.").format(number=number))
    return found


def why_not_open(shipment: Shipment) -> LazyText | None:
    """Only what is still open can be packed anew."""
    if shipment.state == ShipmentState.SHIPPED:
        return _("Shipment {number} has left already.").format(number=shipment.number)
    if shipment.state == ShipmentState.CANCELLED:
        return _("Shipment {number} is cancelled.").format(number=shipment.number)
    return None
