"""`Part shipment`: a part of an open shipment becomes a shipment of its own; two open ones become one again
(SHIP-1).
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from pydantic import Field

from backoffice_app.domain.core.actions import Done, Input, Undo, action
from backoffice_app.domain.core.errors import Invalid, Refused, all_at_once, noting
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.series import draw
from backoffice_app.domain.core.typed import quantity_of
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.states import ShipmentState
from backoffice_app.domain.shipping.facts import ShipmentsMerged, ShipmentSplit, by_unit
from backoffice_app.domain.shipping.leaving import (
    TrackingNumbers,
    ask_for_money,
    numbers_in,
    relabel,
    send_off,
    take_back,
)
from backoffice_app.domain.shipping.rules import (
    can_be_parted,
    open_shipments,
    shipment_of,
    smallest_part,
    why_not_merge_shipments,
    why_not_open,
    why_not_part_shipment,
    why_not_undo_ship,
)
from backoffice_app.i18n import LazyQuantities, _
from backoffice_app.models import Order, Shipment, ShipmentLine

Chosen = Sequence[tuple[ShipmentLine, Decimal]]


class PartShipment(Input):
    """`shipment`: the number of the open one to take from; `quantities`: by rank of the order line, from 1, as decimal
    text.

    `tracking`: of the parcels of the new shipment, parted by commas; `shipped`: it leaves at once, `mail`: and the
    customer is told.
    """

    shipment: str
    quantities: dict[str, str] = Field(max_length=10_000)
    tracking: TrackingNumbers = ""
    shipped: bool = False
    mail: bool = True


@action(
    subject=ORDER,
    key="part-shipment",
    label=_("Part shipment"),
    right=Right.SHIP,
    why_not=why_not_part_shipment,
    input=PartShipment,
    overwrites=True,
)
def part_shipment(w: Work, order: Order, data: PartShipment) -> Done:
    """Move the chosen quantities of one open shipment to a new one with a number of its own, which may leave at once
    (SHIP-1).

    Never nothing, never all of it, never more than is in it: Invalid names `quantities.<rank>`, or `quantities` where
    none is to blame alone. The tracking number belongs to the new shipment.
    """
    source = shipment_of(order, data.shipment)
    if reason := why_not_open(source):
        raise Refused(reason)
    if not can_be_parted(order, source):
        raise Refused(_("Shipment {number} holds one piece only.").format(number=source.number))
    if data.shipped:
        ask_for_money(w, order)
    new = _split(w, order, source, _chosen(w.actor, source, data.quantities))
    undo = Undo("merge-shipments", {"shipment": new.number, "into": source.number})
    if data.shipped:
        send_off(w, order, [new], data.tracking, mail=data.mail)
        return Done(_("Shipment {number} shipped.").format(number=new.number), undo=undo)
    relabel(w, order, new, numbers_in(data.tracking))
    return Done(_("Shipment {number} created.").format(number=new.number), undo=undo)


class MergeShipments(Input):
    """`shipment`: the number of the one that goes; `into`: the open one that takes all of it, the oldest other one if
    empty.
    """

    shipment: str
    into: str = ""


@action(
    subject=ORDER,
    key="merge-shipments",
    label=_("Merge"),
    right=Right.SHIP,
    why_not=why_not_merge_shipments,
    input=MergeShipments,
)
def merge_shipments(w: Work, order: Order, data: MergeShipments) -> Done:
    """Put all of one shipment into another open one; the empty one is cancelled, for its number was given out (SHIP-1,
    SHIP-2).

    A part that left a moment ago is taken back first, its mail held back (W-21). The numbers on its parcels stay with
    it.
    """
    shipment = shipment_of(order, data.shipment)
    others = [other.number for other in open_shipments(order) if other is not shipment]
    if not others:
        raise Refused(_("No other shipment is open that it could be merged with."))
    into = shipment_of(order, data.into or others[0], "into")
    if into is shipment:
        raise Invalid("into", _("A shipment can't be merged with itself."))
    if reason := why_not_open(into):
        raise Refused(reason)
    if shipment.state == ShipmentState.SHIPPED:
        if reason := why_not_undo_ship(order):
            raise Refused(reason)
        take_back(w, order, [shipment], {})
    if reason := why_not_open(shipment):
        raise Refused(reason)
    _merge(shipment, into)
    w.made("shipments", into.number)
    w.record(order, ShipmentsMerged(shipment=shipment.number, into=into.number))
    return Done(
        _("Shipment {number} was merged into {into}.").format(number=shipment.number, into=into.number)
    )


def _chosen(actor: Actor, source: Shipment, wishes: Mapping[str, str]) -> Chosen:
    """What is to move, by line; lines of which nothing moves are left out.

    Raises Invalid naming each field that is wrong.
    """
    held = {str(packed.line.rank): packed for packed in source.lines}
    chosen, wrong = [], list[Invalid]()
    for rank, text in wishes.items():
        with noting(wrong):
            if quantity := _quantity(actor, source, held.get(rank), text, f"quantities.{rank}"):
                chosen.append((held[rank], quantity))
    all_at_once(wrong)
    if not chosen:
        raise Invalid("quantities", _("Say of one line at least how much goes into the new shipment."))
    if len(chosen) == len(held) and all(quantity == packed.quantity for packed, quantity in chosen):
        raise Invalid(
            "quantities",
            _("Leave something in shipment {number}: all of it is no part.").format(number=source.number),
        )
    return chosen


def _quantity(actor: Actor, source: Shipment, packed: ShipmentLine | None, text: str, field: str) -> Decimal:
    """How much of one line is to move: never more than there is, and of pieces a whole number, unless it is all of them
    (ST-2).
    """
    if packed is None:
        raise Invalid(field, _("There is no such line in shipment {number}.").format(number=source.number))
    quantity = quantity_of(actor, text, field, packed.quantity) if text.strip() else Decimal(0)
    if quantity < 0:
        raise Invalid(field, _("The quantity can't be less than 0."))
    if quantity > packed.quantity:
        there = LazyQuantities(by_unit([(packed.line.unit, packed.quantity)]))
        raise Invalid(
            field,
            _("Shipment {number} holds no more than {quantity} of it.").format(
                number=source.number, quantity=there
            ),
        )
    if quantity != packed.quantity and quantity % smallest_part(packed.line):
        raise Invalid(
            field, _("Only whole numbers: “{name}” can't be divided.").format(name=packed.line.name)
        )
    return quantity


def _split(w: Work, order: Order, source: Shipment, chosen: Chosen) -> Shipment:
    for packed, quantity in chosen:
        if quantity == packed.quantity:
            source.lines.remove(packed)
        else:
            packed.quantity -= quantity
    number, _day = draw(w.session, "shipment", w.today)
    new = Shipment(number=number, order_id=order.id or 0, created_at=w.at, carrier=source.carrier)
    new.lines = [ShipmentLine(line=packed.line, quantity=quantity) for packed, quantity in chosen]
    new.parcels = []
    order.shipments.append(new)
    w.made("shipments", number)
    w.session.flush()
    moved = by_unit((packed.line.unit, quantity) for packed, quantity in chosen)
    w.record(order, ShipmentSplit(shipment=number, source=source.number, quantities=moved))
    return new


def _merge(shipment: Shipment, into: Shipment) -> None:
    held = {packed.line.rank: packed for packed in into.lines}
    for moved in shipment.lines:
        if there := held.get(moved.line.rank):
            there.quantity += moved.quantity
        else:
            into.lines.append(ShipmentLine(line=moved.line, quantity=moved.quantity))
    shipment.state, shipment.merged_into = ShipmentState.CANCELLED.value, into.number
