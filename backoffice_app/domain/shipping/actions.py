"""What one may do with shipments: rule, fact and action stand together."""

from datetime import timedelta
from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from backoffice_app.domain.core.actions import Done, Input, Undo, action
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.states import left_to_ship
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail import MailKind, hold_back_about, write
from backoffice_app.domain.orders.place import prepare_shipment
from backoffice_app.i18n import LazyMoment, LazyNumber, LazyText, _
from backoffice_app.models import Order, Parcel, Shipment
from backoffice_app.settings import settings

UNDO_WITHIN = timedelta(minutes=10)
"""Longer than any notice offers `Undo`; what left before, or came in as shipped, stays shipped."""


@fact
class OrderShipped(Fact):
    """All that was left was shipped. `quantity`: pieces; `tracking`: the number, or "" without one."""

    about: ClassVar[About] = About.SHIPPING
    shipment: str
    quantity: Decimal
    tracking: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        quantity = LazyNumber(self.quantity)
        if self.tracking:
            text = _("{actor} shipped {quantity} pieces in shipment {shipment} with the tracking number {tracking}.")
            return text.format(quantity=quantity, shipment=self.shipment, tracking=self.tracking)
        return _("{actor} shipped {quantity} pieces in shipment {shipment}.").format(quantity=quantity, shipment=self.shipment)


@fact
class ShippingUndone(Fact):
    """A shipment that was marked as shipped was taken back before its mail went out."""

    about: ClassVar[About] = About.SHIPPING
    shipment: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} took shipment {shipment} back: it is not shipped.").format(shipment=self.shipment)


@fact
class TrackingChanged(Fact):
    """The tracking number of a shipment was set or changed."""

    about: ClassVar[About] = About.SHIPPING
    shipment: str
    old: str
    new: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        if self.old:
            text = _("{actor} changed the tracking number of shipment {shipment} from {old} to {new}.")
            return text.format(shipment=self.shipment, old=self.old, new=self.new or "–")
        return _("{actor} set the tracking number of shipment {shipment} to {new}.").format(shipment=self.shipment, new=self.new)


def why_not_ship(order: Order) -> LazyText | None:
    """W-5, W-13: whether what is left of the order may leave the house now. Payment never decides it (D7)."""
    if order.cancelled_at:
        return _("The order is cancelled.")
    if order.on_hold_since:
        return _("The order is on hold. Resume it first.")
    if not any(left_to_ship(line) for line in order.lines):
        return _("Everything has been shipped.") if any(line.shipped for line in order.lines) else _("Nothing in this order is shipped.")
    return None


def shipped_already(w: Work, order: Order) -> LazyText | None:
    """Pressed by two at once, all but the first read who shipped it and when; that is no error."""
    shipped = [s for s in order.shipments if s.state == "shipped" and s.shipped_at]
    if not shipped or any(left_to_ship(line) for line in order.lines):
        return None
    last = max(shipped, key=lambda s: (s.shipped_at, s.id))
    at = LazyMoment(last.shipped_at or w.at, w.shop.regional.zone, w.at)
    return _("Shipped already, by {name} at {time}.").format(name=last.shipped_by, time=at)


def _on_one_line(number: str) -> str:
    return "".join(letter for letter in " ".join(number.split()) if letter.isprintable() or letter == "\0")  # Input refuses NUL by name


TrackingNumber = Annotated[str, Field(max_length=100), AfterValidator(_on_one_line)]
"""As it can be read off a label: one line and no control characters, since it stands in a mail to the customer."""


class Ship(Input):
    """`tracking`: the parcel's number, if there is one; `carrier`: key of `carriers.py`, the shipping method's if empty."""

    tracking: TrackingNumber = ""
    carrier: str = Field(default="", max_length=50)


@action(
    key="ship", label=_("Shipped"), right=Right.SHIP, why_not=why_not_ship, already=shipped_already, input=Ship, shortcut="s", bulk=True
)
def ship(w: Work, order: Order, data: Ship) -> Done:
    """Mark all that is left as shipped and mail the customer once: the tracking mail where a number is there (W-5)."""
    prepare_shipment(w, order)
    leaving = [shipment for shipment in order.shipments if shipment.state == "open"]
    added = [_send_off(w, order, shipment, data.tracking, data.carrier) for shipment in leaving]
    return Done(_("Order shipped."), undo=_take_back(leaving, data.tracking if any(added) else ""))


def _take_back(shipments: list[Shipment], added: str) -> Undo:
    """What puts these shipments back as they were: `added` is the tracking number they got with this click."""
    return Undo("undo-ship", {"shipments": [s.number for s in shipments], "tracking": added})


def _send_off(w: Work, order: Order, shipment: Shipment, tracking: str, carrier: str) -> bool:
    """One open shipment leaves: quantities, fact, one mail. True if `tracking` is new to it."""
    quantity = Decimal(0)
    for packed in shipment.lines:
        packed.line.shipped += packed.quantity
        quantity += packed.quantity
    shipment.state, shipment.shipped_at, shipment.shipped_by = "shipped", w.at, w.actor.name
    added = bool(tracking) and all(parcel.tracking_number != tracking for parcel in shipment.parcels)
    if added:
        shipment.parcels.append(Parcel(tracking_number=tracking, carrier=carrier or shipment.carrier))
    numbers = ", ".join(parcel.tracking_number for parcel in shipment.parcels)
    w.session.flush()
    w.record(order, OrderShipped(shipment=shipment.number, quantity=quantity, tracking=numbers))
    kind = MailKind.TRACKING if numbers else MailKind.SHIPPED
    write(w, kind, order, about=f"shipment-{shipment.id}-{order.version}", shipment=shipment, delay=settings().undo_seconds)
    return added


class UndoShip(Input):
    """The numbers of the shipments to take back; `tracking`: the number that goes with them, because it came with the click."""

    shipments: tuple[str, ...] = Field(min_length=1, max_length=100)
    tracking: TrackingNumber = ""


def why_not_undo_ship(order: Order) -> LazyText | None:
    """W-21: only what is not completed business yet; whether the mail still waits is judged for each shipment."""
    if order.cancelled_at:
        return _("The order is cancelled.")
    if any(line.returned for line in order.lines):
        return _("Something was returned already.")
    if not any(s.state == "shipped" for s in order.shipments):
        return _("Nothing was shipped.")
    return None


@action(key="undo-ship", label=_("Undo"), right=Right.SHIP, why_not=why_not_undo_ship, input=UndoShip)
def undo_ship(w: Work, order: Order, data: UndoShip) -> Done:
    """Take shipments back soon after, while their mail still waits in the outbox; the mail is held back (W-21)."""
    taken = [s for s in order.shipments if s.number in data.shipments and s.state == "shipped"]
    if not taken:
        raise Refused(_("These shipments are not marked as shipped."))
    for shipment in taken:
        if shipment.shipped_at is None or w.at - shipment.shipped_at > UNDO_WITHIN:
            raise Refused(_("This was shipped a while ago, so shipping can't be undone any more."))
        for kind in (MailKind.TRACKING, MailKind.SHIPPED):
            if not hold_back_about(w, order, kind, f"shipment-{shipment.id}-"):
                raise Refused(_("The mail to the customer is on its way, so shipping can't be undone any more."))
        for packed in shipment.lines:
            packed.line.shipped -= packed.quantity
        shipment.state, shipment.shipped_at, shipment.shipped_by = "open", None, ""
        shipment.parcels = [parcel for parcel in shipment.parcels if not data.tracking or parcel.tracking_number != data.tracking]
        w.record(order, ShippingUndone(shipment=shipment.number))
    return Done(_("The order is not shipped."))


class EditShipment(Input):
    """`shipment`: its number; `tracking`: the number to set; `shipped`: mark it as shipped; `notify`: send the tracking mail."""

    shipment: str
    tracking: TrackingNumber = ""
    shipped: bool = False
    notify: bool = False


def why_not_edit_shipment(order: Order) -> LazyText | None:
    """W-6, W-17: a tracking number may be set even when all is done."""
    return _("The order has no shipment.") if not order.shipments else None


@action(key="edit-shipment", label=_("Edit shipment"), right=Right.SHIP, why_not=why_not_edit_shipment, input=EditShipment)
def edit_shipment(w: Work, order: Order, data: EditShipment) -> Done:
    """Set shipped and tracking number of one shipment; a number added later sends the tracking mail once, if wished (W-6, SHIP-1)."""
    shipment = next((s for s in order.shipments if s.number == data.shipment), None)
    if shipment is None:
        raise Invalid("shipment", _("The order has no shipment {number}.").format(number=data.shipment))
    if data.shipped and shipment.state == "open":
        if reason := why_not_ship(order):
            raise Refused(reason)
        added = _send_off(w, order, shipment, data.tracking, "")
        message = _("Shipment {number} shipped.").format(number=shipment.number)
        return Done(message, undo=_take_back([shipment], data.tracking if added else ""))
    old = ", ".join(parcel.tracking_number for parcel in shipment.parcels)
    if data.tracking == old:
        return Done(_("Nothing was changed."), changed=False)
    shipment.parcels = [Parcel(tracking_number=data.tracking, carrier=shipment.carrier)] if data.tracking else []
    w.session.flush()
    w.record(order, TrackingChanged(shipment=shipment.number, old=old, new=data.tracking))
    if data.notify and data.tracking and shipment.state == "shipped":
        write(
            w,
            MailKind.TRACKING,
            order,
            about=f"shipment-{shipment.id}-number-{data.tracking}",
            shipment=shipment,
            delay=settings().undo_seconds,
        )
    return Done(_("Tracking number saved."))
