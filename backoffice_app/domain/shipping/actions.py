"""Shipments leave: all that is left with one click, or one in its pop-up; both can be taken back (W-5, W-6, W-21)."""

from typing import Annotated

from pydantic import Field

from backoffice_app.domain.core.actions import Done, Input, action
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.states import left_to_ship
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail import MailKind, write
from backoffice_app.domain.orders.place import prepare_shipment
from backoffice_app.domain.shipping.leaving import TrackingNumber, numbers_of, relabel, send_off, take_back, undo_of
from backoffice_app.domain.shipping.rules import open_shipments, shipment_of, why_not_edit_shipment, why_not_ship, why_not_undo_ship
from backoffice_app.i18n import LazyMoment, LazyText, _
from backoffice_app.models import Order
from backoffice_app.settings import settings


def shipped_already(w: Work, order: Order) -> LazyText | None:
    """Pressed by two at once, all but the first read who shipped it and when; that is no error."""
    shipped = [s for s in order.shipments if s.state == "shipped" and s.shipped_at]
    if not shipped or any(left_to_ship(line) for line in order.lines):
        return None
    last = max(shipped, key=lambda s: (s.shipped_at, s.id))
    at = LazyMoment(last.shipped_at or w.at, w.shop.regional.zone, w.at)
    return _("Shipped already, by {name} at {time}.").format(name=last.shipped_by, time=at)


class Ship(Input):
    """`tracking`: the parcel's number, if there is one; `carrier`: key of `carriers.py`, the shipping method's if empty."""

    tracking: TrackingNumber = ""
    carrier: str = Field(default="", max_length=50)


@action(
    key="ship", label=_("Shipped"), right=Right.SHIP, why_not=why_not_ship, already=shipped_already, input=Ship, shortcut="s", bulk=True
)
def ship(w: Work, order: Order, data: Ship) -> Done:
    """Mark all that is left as shipped, in however many shipments it lies, and mail the customer once of all of it (W-5).

    The mail is the tracking mail where a number is there. The number typed is the parcel of what has none yet (`send_off`).
    """
    prepare_shipment(w, order)
    leaving = open_shipments(order)
    undo = undo_of(leaving)
    send_off(w, order, leaving, data.tracking, data.carrier)
    return Done(_("Order shipped."), undo=undo)


class UndoShip(Input):
    """`shipments`: the numbers of those to take back; `before`: by number, the tracking numbers it had; kept where it is not named."""

    shipments: tuple[str, ...] = Field(min_length=1, max_length=100)
    before: dict[str, Annotated[tuple[TrackingNumber, ...], Field(max_length=100)]] = Field(default={}, max_length=100)


@action(key="undo-ship", label=_("Undo"), right=Right.SHIP, why_not=why_not_undo_ship, input=UndoShip)
def undo_ship(w: Work, order: Order, data: UndoShip) -> Done:
    """Take shipments back soon after, while their mail still waits in the outbox; the mail is held back (W-21)."""
    taken = [s for s in order.shipments if s.number in data.shipments and s.state == "shipped"]
    if not taken:
        raise Refused(_("These shipments are not marked as shipped."))
    take_back(w, order, taken, data.before)
    return Done(_("The order is not shipped."))


class EditShipment(Input):
    """`shipment`: its number; `tracking`: the number to set; `shipped`: mark it as shipped; `notify`: send the tracking mail."""

    shipment: str
    tracking: TrackingNumber = ""
    shipped: bool = False
    notify: bool = False


@action(key="edit-shipment", label=_("Edit shipment"), right=Right.SHIP, why_not=why_not_edit_shipment, input=EditShipment, fills=True)
def edit_shipment(w: Work, order: Order, data: EditShipment) -> Done:
    """Set shipped and tracking number of one shipment; a number added later sends the tracking mail once, if wished (W-6, SHIP-1)."""
    shipment = shipment_of(order, data.shipment)
    if shipment.state == "cancelled":
        raise Refused(_("Shipment {number} is cancelled.").format(number=shipment.number))
    leaves = data.shipped and shipment.state == "open"
    if leaves and (reason := why_not_ship(order)):
        raise Refused(reason)
    undo = undo_of([shipment])
    old = ", ".join(numbers_of(shipment))
    changed = data.tracking != old and relabel(w, order, shipment, [data.tracking] if data.tracking else [])
    if leaves:
        send_off(w, order, [shipment])
        return Done(_("Shipment {number} shipped.").format(number=shipment.number), undo=undo)
    if not changed:
        return Done(_("Nothing was changed."), changed=False)
    if data.notify and data.tracking and shipment.state == "shipped":
        about = f"shipment-{shipment.id}-number-{data.tracking}"
        write(w, MailKind.TRACKING, order, about=about, shipments=[shipment], delay=settings().undo_seconds)
    return Done(_("Tracking number saved."))
