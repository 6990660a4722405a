"""Shipments leave: all that is left with one click, or one in its pop-up; both can be taken back (W-5, W-6, W-21)."""

from typing import Annotated

from pydantic import Field

from backoffice_app.domain.core.actions import Done, Input, Undo, action
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.forms import Asked
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.mail import release_about, undo_writing, write
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.states import ShipmentState, left_to_ship
from backoffice_app.domain.orders.place import prepare_shipment
from backoffice_app.domain.shipping.leaving import (
    ABOUT,
    TrackingNumber,
    TrackingNumbers,
    ask_for_money,
    numbers_in,
    numbers_of,
    relabel,
    send_off,
    take_back,
    take_back_later,
    undo_of,
    why_not_unasked,
)
from backoffice_app.domain.shipping.rules import (
    open_shipments,
    shipment_of,
    why_not_edit_shipment,
    why_not_leave,
    why_not_ship,
    why_not_undo_ship,
)
from backoffice_app.i18n import LazyMoment, LazyText, _, one_after_the_other
from backoffice_app.models import Order
from backoffice_app.settings import settings


def shipped_already(w: Work, order: Order) -> LazyText | None:
    """Pressed by two at once, all but the first read who shipped it, when and with which number; that is no error.

    Anyone who typed another number sees that it was not taken.
    """
    said = shipped_by(w, order, _("Shipped already, by {name} at {time}."))
    numbers = ", ".join(
        parcel.tracking_number for s in order.shipments if s.state == "shipped" for parcel in s.parcels
    )
    if said is None or not numbers:
        return said
    return one_after_the_other(said, _("Its tracking number: {numbers}.").format(numbers=numbers))


def shipped_by(w: Work, order: Order, sentence: LazyText) -> LazyText | None:
    """The sentence with {name} and {time} of the last shipment, where nothing is left to ship."""
    shipped = [s for s in order.shipments if s.state == ShipmentState.SHIPPED and s.shipped_at]
    if not shipped or any(left_to_ship(line) for line in order.lines):
        return None
    last = max(shipped, key=lambda s: (s.shipped_at, s.id))
    at = LazyMoment(last.shipped_at or w.at, w.shop.regional.zone, w.at)
    return sentence.format(name=last.shipped_by, time=at)


class Ship(Input):
    """`tracking`: the number of the parcel, if there is one, or of several, parted by commas; `carrier`: key of
    `carriers.py`, the shipping method's if empty.

    `mail`: whether the customer is told.
    """

    tracking: TrackingNumbers = ""
    carrier: str = Field(default="", max_length=50)
    mail: Annotated[bool, Asked(_("Notify customer"))] = True


@action(
    subject=ORDER,
    key="ship",
    label=_("Shipped"),
    right=Right.SHIP,
    why_not=why_not_ship,
    already=shipped_already,
    input=Ship,
    shortcut="s",
    bulk=True,
    why_not_unasked=why_not_unasked,
)
def ship(w: Work, order: Order, data: Ship) -> Done:
    """Mark all that is left as shipped, in however many shipments it lies, and mail the customer once of all of it
    (W-5).

    Where that is more than one, the window says so beforehand, and the answer which left.

    The mail is the tracking mail where a number is there. The number typed is the parcel of what has none yet
    (`send_off`).
    """
    ask_for_money(w, order)
    prepare_shipment(w, order)
    leaving = open_shipments(order)
    undo = undo_of(leaving)
    if len(leaving) > 1:
        w.say(
            _("Shipments {numbers} left together.").format(numbers=", ".join(one.number for one in leaving))
        )
    send_off(w, order, leaving, data.tracking, data.carrier, mail=data.mail)
    return Done(_("Order shipped."), undo=undo)


class UndoShip(Input):
    """`shipments`: the numbers of those to take back; `before`: by number, the tracking numbers it had; kept where it
    is not named.

    `ready_mail`: what the mail is about that said that the goods are ready, where picking them up held it back.
    """

    shipments: tuple[str, ...] = Field(min_length=1, max_length=100)
    before: dict[str, Annotated[tuple[TrackingNumber, ...], Field(max_length=100)]] = Field(
        default={}, max_length=100
    )
    ready_mail: str = Field(default="", max_length=100, pattern=r"^(pickup-\d+)?$")


@action(
    subject=ORDER,
    key="undo-ship",
    label=_("Undo"),
    right=Right.SHIP,
    why_not=why_not_undo_ship,
    input=UndoShip,
    offered=False,
)
def undo_ship(w: Work, order: Order, data: UndoShip) -> Done:
    """Take shipments back soon after, while their mail still waits in the outbox; the mail is held back (W-21)."""
    taken = [s for s in order.shipments if s.number in data.shipments and s.state == ShipmentState.SHIPPED]
    if not taken:
        raise Refused(_("These shipments are not marked as shipped."))
    take_back(w, order, taken, data.before)
    if data.ready_mail and order.pickup_ready_at:
        release_about(w, order, mail_kinds.READY_FOR_PICKUP, data.ready_mail, settings().undo_seconds)
    return Done(_("The order is not shipped."))


class NotShipped(Input):
    """`shipment`: the number of the one that has not left."""

    shipment: str


@action(
    subject=ORDER,
    key="not-shipped",
    label=_("Not shipped"),
    right=Right.SHIP,
    why_not=why_not_undo_ship,
    input=NotShipped,
)
def not_shipped(w: Work, order: Order, data: NotShipped) -> Done:
    """Take back a shipment that was marked as shipped by mistake, also days later; what was mailed stays in the history
    (W-5).
    """
    shipment = shipment_of(order, data.shipment)
    if shipment.state != ShipmentState.SHIPPED:
        raise Refused(_("Shipment {number} is not marked as shipped.").format(number=shipment.number))
    take_back_later(w, order, shipment)
    return Done(_("Shipment {number} is not shipped.").format(number=shipment.number))


class EditShipment(Input):
    """`shipment`: its number; `tracking`: the numbers of its parcels, parted by commas, which stay as they are where
    this is left out.

    `shipped`: mark it as shipped, `mail`: and tell the customer.
    `notify`: of one that has left, send the tracking mail.
    """

    shipment: str
    tracking: TrackingNumbers | None = None
    shipped: bool = False
    mail: bool = True
    notify: bool = False


@action(
    subject=ORDER,
    key="edit-shipment",
    label=_("Edit shipment"),
    right=Right.SHIP,
    why_not=why_not_edit_shipment,
    input=EditShipment,
    overwrites=True,
)
def edit_shipment(w: Work, order: Order, data: EditShipment) -> Done:
    """Set shipped and tracking number of one shipment; a number added later sends the tracking mail once, if wished
    (W-6, SHIP-1).
    """
    shipment = shipment_of(order, data.shipment)
    if shipment.state == ShipmentState.CANCELLED:
        raise Refused(_("Shipment {number} is cancelled.").format(number=shipment.number))
    leaves = data.shipped and shipment.state == ShipmentState.OPEN
    if leaves and (reason := why_not_leave(order)):
        raise Refused(reason)
    if leaves:
        ask_for_money(w, order)
    undo = undo_of([shipment])
    same = data.tracking in {None, ", ".join(numbers_of(shipment))}
    changed = not same and relabel(w, order, shipment, numbers_in(data.tracking or ""))
    if leaves:
        send_off(w, order, [shipment], mail=data.mail)
        return Done(_("Shipment {number} shipped.").format(number=shipment.number), undo=undo)
    if not changed:
        return Done(_("Nothing was changed."), changed=False)
    if data.notify and data.tracking and shipment.state == ShipmentState.SHIPPED:
        about = f"shipment-{shipment.id}-number-{data.tracking}"
        mail = write(
            w, mail_kinds.TRACKING, order, about=about, shipments=[shipment], delay=settings().undo_seconds
        )
        return Done(
            _("Tracking number saved."), undo=Undo("hold-back-tracking", {"about": about}) if mail else None
        )
    return Done(_("Tracking number saved."))


class HoldBackTracking(Input):
    """`about`: what the tracking mail is known by."""

    about: str = Field(pattern=ABOUT.pattern)


@action(
    subject=ORDER,
    key="hold-back-tracking",
    label=_("Undo"),
    right=Right.SHIP,
    why_not=lambda _order: None,
    input=HoldBackTracking,
    offered=False,
)
def hold_back_tracking(w: Work, order: Order, data: HoldBackTracking) -> Done:
    """The tracking mail stays in the outbox while it still waits there; the number stays with its shipment (W-21)."""
    return undo_writing(w, order, mail_kinds.TRACKING, data.about)
