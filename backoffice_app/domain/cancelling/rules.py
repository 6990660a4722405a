"""Whether an order, or the rest of it, can be cancelled now, and if not, why; nothing here reads the
database (ST-3).
"""

from decimal import Decimal

from backoffice_app.domain.order.pickup import is_pickup
from backoffice_app.domain.order.states import left_to_ship
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order, OrderLine


def why_not_cancel(order: Order) -> LazyText | None:
    """W-13: only an order of which nothing has left ends as a whole."""
    if order.cancelled_at:
        return _("The order is cancelled.")
    if not any(line.shipped for line in order.lines):
        return None
    if any(left_to_ship(line) for line in order.lines):
        return _("A part of the order has been shipped. Press “Cancel the rest”.")
    if is_pickup(order):
        return _("Everything has been picked up. Create a return.")
    return _("Everything has been shipped. Create a return.")


def why_not_cancel_rest(order: Order) -> LazyText | None:
    """W-13: a part has left, and a part has not."""
    if order.cancelled_at:
        return _("The order is cancelled.")
    if not any(line.shipped for line in order.lines):
        return _("Nothing has been shipped. Press “Cancel order”.")
    if not any(left_to_ship(line) for line in order.lines):
        return _("Nothing is left to ship.")
    return None


def the_rest(order: Order) -> list[tuple[OrderLine, Decimal]]:
    """What still has to leave, by line."""
    return [(line, quantity) for line in order.lines if (quantity := left_to_ship(line))]
