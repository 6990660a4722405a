"""What happened to the goods of an order at its shop after it came here: cancelled, shipped, returned
(ST-2, SHIP-1).
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.order.states import ShipmentState, left_to_ship
from backoffice_app.domain.orders.new_order import NewOrder, NewShipment
from backoffice_app.domain.orders.place import contents_of, past_shipment
from backoffice_app.domain.shipping.facts import OrderShipped, TrackingChanged, by_unit
from backoffice_app.domain.stock.movements import follow
from backoffice_app.i18n import LazyQuantities, LazyText, _
from backoffice_app.models import Order, Parcel, Shipment


@fact
class CancelledAtShop(Fact):
    """The shop cancelled the whole order."""

    about: ClassVar[About] = About.ORDER
    source: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{source} cancelled the order.").format(source=self.source or "–")


@fact
class PiecesCancelledAtShop(Fact):
    """The shop took pieces out before they were shipped. `quantities`: how much by unit, "" being pieces."""

    about: ClassVar[About] = About.ORDER
    source: str
    quantities: dict[str, Decimal]

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{source} cancelled {quantities}.").format(
            source=self.source or "–", quantities=LazyQuantities(self.quantities)
        )


@fact
class PiecesReturnedAtShop(Fact):
    """Pieces came back to the shop. `quantities`: how much by unit, "" being pieces."""

    about: ClassVar[About] = About.SHIPPING
    source: str
    quantities: dict[str, Decimal]

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = _("{source} took {quantities} back.")
        return text.format(source=self.source or "–", quantities=LazyQuantities(self.quantities))


follow(CancelledAtShop, PiecesCancelledAtShop)


def cancel_whole(w: Work, order: Order, at: datetime) -> None:
    """Nothing of the order is shipped any more."""
    order.cancelled_at = at
    for line in order.lines:
        line.cancelled = line.ordered - line.shipped
    for shipment in order.shipments:
        if shipment.state == ShipmentState.OPEN:
            shipment.state = ShipmentState.CANCELLED.value
    w.record(order, CancelledAtShop(source=order.source))


def cancel_pieces(w: Work, order: Order, new: NewOrder, more: Mapping[int, Decimal]) -> bool:
    """Takes pieces out of what is still to be shipped, by index of the line; False, and nothing is done, where they
    have left.

    As long as nothing is invoiced the sums of the order follow; afterwards they stay, and a credit note is due.
    """
    if order.on_hold_since or any(quantity > _there(order, i) for i, quantity in more.items()):
        return False
    _unpack(order, more)
    for i, quantity in more.items():
        order.lines[i].cancelled += quantity
    if not any(line.invoiced for line in order.lines):
        for line, sent in zip(order.lines, new.lines, strict=True):
            line.discount, line.total = new.minor(sent.discount), new.line_total(sent)
        order.total = new.minor(new.total)
    quantities = by_unit((order.lines[i].unit, quantity) for i, quantity in more.items())
    w.record(order, PiecesCancelledAtShop(source=order.source, quantities=quantities))
    return True


def ship_since(w: Work, order: Order, new: NewOrder) -> bool | None:
    """Books what has left the shop since, in one shipment; False if nothing did, None if it does not go with how the
    order stands here.
    """
    sent = [part for shipment in new.shipments for part in contents_of(new, shipment)]
    gone: dict[int, Decimal] = {}
    for i, quantity in sent:
        gone[i] = gone.get(i, Decimal(0)) + quantity
    more = {
        i: quantity - order.lines[i].shipped
        for i, quantity in gone.items()
        if quantity > order.lines[i].shipped
    }
    known = {parcel.tracking_number for shipment in order.shipments for parcel in shipment.parcels}
    numbers = tuple(
        dict.fromkeys(n for shipment in new.shipments for n in shipment.tracking_numbers if n not in known)
    )
    if not more:
        return _label(w, order, numbers) if numbers else False
    if order.on_hold_since or any(quantity > _there(order, i) for i, quantity in more.items()):
        return None
    last = new.shipments[-1].model_copy(update={"tracking_numbers": numbers})
    shipment = _left(w, order, last, more)
    shipment.shipped_by = (
        w.actor.name
    )  # who brought the news; what came with the order itself says its source
    for i, quantity in more.items():
        order.lines[i].shipped += quantity
    w.session.flush()
    quantities = by_unit((order.lines[i].unit, quantity) for i, quantity in more.items())
    w.record(
        order, OrderShipped(shipment=shipment.number, quantities=quantities, tracking=", ".join(numbers))
    )
    return True


def return_pieces(w: Work, order: Order, new: NewOrder) -> bool:
    """Books what came back since; whether anything did."""
    more = {
        i: min(sent.returned, order.lines[i].shipped) - order.lines[i].returned
        for i, sent in enumerate(new.lines)
    }
    more = {i: quantity for i, quantity in more.items() if quantity > 0}
    for i, quantity in more.items():
        order.lines[i].returned += quantity
    if more:
        quantities = by_unit((order.lines[i].unit, quantity) for i, quantity in more.items())
        w.record(order, PiecesReturnedAtShop(source=order.source, quantities=quantities))
    return bool(more)


def _there(order: Order, index: int) -> Decimal:
    line = order.lines[index]
    return left_to_ship(line) if line.ships else line.ordered - line.cancelled - line.shipped


def _left(w: Work, order: Order, past: NewShipment, more: Mapping[int, Decimal]) -> Shipment:
    """The open shipment itself if all of it has left, else a new one with what is taken out of the open ones."""
    ranks = {order.lines[i].rank: quantity for i, quantity in more.items()}
    for shipment in order.shipments:
        if (
            shipment.state == ShipmentState.OPEN
            and {packed.line.rank: packed.quantity for packed in shipment.lines} == ranks
        ):
            shipment.state, shipment.shipped_at = ShipmentState.SHIPPED.value, past.shipped_at
            shipment.carrier = past.carrier or shipment.carrier
            shipment.parcels += [
                Parcel(tracking_number=number, carrier=past.carrier) for number in past.tracking_numbers
            ]
            return shipment
    _unpack(order, more)
    new = past_shipment(w, order, past, list(more.items()))
    order.shipments.append(new)
    return new


def _unpack(order: Order, more: Mapping[int, Decimal]) -> None:
    """Takes quantities, by index of the line, out of the open shipments; one that is left empty is cancelled."""
    rest = {order.lines[i].rank: quantity for i, quantity in more.items()}
    for shipment in order.shipments:
        if shipment.state != ShipmentState.OPEN:
            continue
        for packed in list(shipment.lines):
            taken = min(rest.get(packed.line.rank, Decimal(0)), packed.quantity)
            if taken == packed.quantity:
                shipment.lines.remove(packed)
            elif taken:
                packed.quantity -= taken
            if taken:
                rest[packed.line.rank] -= taken
        if not shipment.lines:
            shipment.state = ShipmentState.CANCELLED.value


def _label(w: Work, order: Order, numbers: tuple[str, ...]) -> bool | None:
    """A tracking number that came later goes to the one parcel that left without any."""
    bare = [
        shipment
        for shipment in order.shipments
        if shipment.state == ShipmentState.SHIPPED and not shipment.parcels
    ]
    if len(bare) != 1:
        return None
    bare[0].parcels += [Parcel(tracking_number=number, carrier=bare[0].carrier) for number in numbers]
    w.session.flush()
    w.record(order, TrackingChanged(shipment=bare[0].number, old="", new=", ".join(numbers)))
    return True
