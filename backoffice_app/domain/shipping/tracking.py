"""Tracking numbers that come in for many orders: they mark them shipped, or follow what has left already
(O-8, SHIP-1).
"""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from backoffice_app.domain.core.actions import Done, Input, action
from backoffice_app.domain.core.carriers import key_of
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.mail import write
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.states import ShipmentState, left_to_ship
from backoffice_app.domain.orders.place import prepare_shipment
from backoffice_app.domain.shipping.leaving import (
    TrackingNumber,
    ask_for_money,
    label,
    numbers_of,
    relabel,
    send_off,
    undo_of,
    why_not_unasked,
)
from backoffice_app.domain.shipping.rules import open_shipments, why_not_ship
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order, Shipment
from backoffice_app.settings import settings

KEY = "add-tracking"


class AddTracking(Input):
    """`numbers`: of the parcels of the order; `carrier`: its key or name, that of the shipping method if empty.

    `mail`: whether the customer is told.
    """

    numbers: tuple[Annotated[TrackingNumber, Field(min_length=1)], ...] = Field(min_length=1, max_length=100)
    carrier: str = Field(default="", max_length=50)
    mail: bool = True


THERE = _("Shipped already with this tracking number.")


def why_not_these(order: Order, numbers: Sequence[str]) -> LazyText | None:
    """Why these numbers change nothing: all are there, or all has left with others."""
    if not _new(order, numbers):
        return THERE
    gone = _gone(order)
    if not gone or not gone[-1].parcels or any(map(left_to_ship, order.lines)):
        return None
    return _("Shipped already with tracking number {numbers}.").format(
        numbers=", ".join(numbers_of(gone[-1]))
    )


def _gone(order: Order) -> list[Shipment]:
    return [one for one in order.shipments if one.state == ShipmentState.SHIPPED]


def _new(order: Order, numbers: Sequence[str]) -> list[str]:
    known = {number for one in _gone(order) for number in numbers_of(one)}
    return [number for number in dict.fromkeys(numbers) if number not in known]


def why_not_add_tracking(order: Order) -> LazyText | None:
    """As `why_not_ship`; what has left already can have a number all the same."""
    is_gone = any(one.state == ShipmentState.SHIPPED for one in order.shipments) and not any(
        map(left_to_ship, order.lines)
    )
    return None if is_gone and not order.cancelled_at else why_not_ship(order)


@action(
    subject=ORDER,
    key=KEY,
    label=_("Add tracking numbers"),
    right=Right.SHIP,
    why_not=why_not_add_tracking,
    input=AddTracking,
    offered=False,
    why_not_unasked=why_not_unasked,
)
def add_tracking(w: Work, order: Order, data: AddTracking) -> Done:
    """Mark what is left as shipped in these parcels; of an order that has left without a number, they are the numbers
    (O-8).

    One mail tells of all of them. Numbers that are there already change nothing; raises Refused where it left with
    others.
    """
    carrier = key_of(data.carrier) or data.carrier
    numbers = _new(order, data.numbers)
    if not numbers:
        return Done(THERE, changed=False)
    if reason := why_not_these(order, numbers):
        raise Refused(reason)
    if any(map(left_to_ship, order.lines)):
        ask_for_money(w, order)
        prepare_shipment(w, order)
        leaving = open_shipments(order)
        undo = undo_of(leaving)
        for number in numbers:
            label(leaving, number, carrier)
        send_off(w, order, leaving, mail=data.mail)
        return Done(_("Order shipped."), undo=undo)
    last = _gone(order)[-1]
    relabel(w, order, last, numbers)
    for parcel in last.parcels:
        parcel.carrier = carrier or parcel.carrier
    if data.mail:
        about = f"shipment-{last.id}-number-{numbers[0]}"
        write(w, mail_kinds.TRACKING, order, about=about, shipments=[last], delay=settings().undo_seconds)
    return Done(_("Tracking number saved."))
