"""Shipments with their packing slips: the block, the tab, the dialog of one and of a part of one (W-6, T-4, SHIP-1)."""

from dataclasses import dataclass, field

from backoffice_app.domain.core.carriers import tracking_url
from backoffice_app.domain.order.pickup import is_pickup
from backoffice_app.domain.order.states import ShipmentState, Status
from backoffice_app.domain.shipping.rules import can_be_parted, open_shipments
from backoffice_app.domain.window.look import Look
from backoffice_app.domain.window.registry import (
    Block,
    Button,
    Dialog,
    Tab,
    Way,
    add_block,
    add_dialog,
    add_tab,
    block,
    ways,
)
from backoffice_app.domain.window.tones import shipment_badge
from backoffice_app.domain.window.views import BadgeView
from backoffice_app.formats import format_quantity, is_pieces
from backoffice_app.i18n import _
from backoffice_app.models import OrderLine, Shipment

EDIT, PART, NOT_SHIPPED, MERGE = "edit-shipment", "part-shipment", "not-shipped", "merge-shipments"
SHIPMENT = "shipment"
"""The dialog of one shipment."""
TIMES = "×\u00a0"
"""Between a number of pieces and what they are; a measure such as "1.5 m" goes without."""
IN_SUMMARY = 3
"""Lines that tell a shipment from the others of its order."""


@dataclass(frozen=True)
class ParcelView:
    """A parcel: its number, and the carrier's page about it."""

    tracking_number: str = ""
    url: str = ""


@dataclass(frozen=True)
class PackedView:
    """How much of a line is in a shipment. `rank`: the line's place in the order, from 1; `most`: "of 1.5 m"."""

    rank: str = ""
    sku: str = ""
    name: str = ""
    most: str = ""


@dataclass(frozen=True)
class ShipmentView:
    """A shipment with its packing slip.

    `contents`: "2 × Mug" or "1.5 m Cloth", one a line; `summary`: its beginning, to tell it from others."""

    number: str = ""
    state: BadgeView = field(default_factory=BadgeView)
    is_cancelled: bool = False
    date: str = ""
    tracking: str = ""
    parcels: list[ParcelView] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)
    summary: str = ""
    slip_url: str = ""


@dataclass(frozen=True)
class ShipmentsView:
    """All shipments, oldest first."""

    shipments: list[ShipmentView] = field(default_factory=list)


@dataclass(frozen=True)
class ShipmentDialogView:
    """One shipment that is changed. `merges_into`: the number of the open one that it could be put into."""

    number: str = ""
    tracking: str = ""
    is_open: bool = False
    is_cancelled: bool = False
    merges_into: str = ""


@dataclass(frozen=True)
class PartDialogView:
    """The shipment of which a part is moved out, and what is in it; `to_part`: (value, word) of all that
    can be parted.
    """

    number: str = ""
    packed: list[PackedView] = field(default_factory=list)
    to_part: list[tuple[str, str]] = field(default_factory=list)


add_tab(Tab("shipments", _("Shipments"), 50, count=lambda look: len(look.order.shipments)))


@block(
    key="shipments",
    tab="order",
    column=2,
    rank=30,
    buttons=[Button(PART), Button(EDIT), Button(NOT_SHIPPED), Button(MERGE, "merge-shipment")],
)
def shipments(look: Look) -> ShipmentsView:
    """Number, date, state and contents of each."""
    return ShipmentsView([_shipment(one, look) for one in look.order.shipments])


add_block(Block("shipment-list", "shipments", 0, 10, shows="shipments"))


def _edited(look: Look, which: str) -> ShipmentDialogView:
    one = next((one for one in look.order.shipments if one.number == which), None)
    if one is None:
        return ShipmentDialogView()
    return ShipmentDialogView(
        one.number,
        _tracking(one),
        one.state == ShipmentState.OPEN,
        one.state == ShipmentState.CANCELLED,
        _merges_into(one, look),
    )


def _to_part(look: Look) -> list[str]:
    return [one.number for one in look.order.shipments if can_be_parted(look.order, one)]


def _oldest(look: Look) -> str:
    """The oldest open shipment that has more than one piece."""
    return next(iter(_to_part(look)), "")


def _parted(look: Look, which: str) -> PartDialogView:
    one = next((one for one in look.order.shipments if one.number == which), None)
    packed = (
        [_packed(line, quantity, look) for line, quantity in _parts(one, look)]
        if one and one.state == ShipmentState.OPEN
        else []
    )
    return PartDialogView(one.number if one else "", packed, [(number, number) for number in _to_part(look)])


add_dialog(Dialog(SHIPMENT, EDIT, _edited))
add_dialog(Dialog(PART, PART, _parted, first=_oldest))


@ways(EDIT)
def edit_ways(look: Look) -> list[Way]:
    """Each that is not cancelled."""
    return [Way(one.number, one.number, dialog=SHIPMENT) for one in _kept(look)]


@ways(NOT_SHIPPED)
def take_back_ways(look: Look) -> list[Way]:
    """Each that has left."""
    return [
        Way(one.number, one.number, values={"shipment": one.number})
        for one in _kept(look)
        if one.state != ShipmentState.OPEN
    ]


@ways(MERGE)
def merge_ways(look: Look) -> list[Way]:
    """Each that could be put into another."""
    return [
        Way(one.number, f"{one.number} → {into}", values={"shipment": one.number, "into": into})
        for one in _kept(look)
        if (into := _merges_into(one, look))
    ]


def _shipment(one: Shipment, look: Look) -> ShipmentView:
    contents = [
        f"{quantity}\u00a0{TIMES if is_pieces(line.unit) else ''}{line.name}{_chosen(line)}"
        for line, quantity in _parts(one, look)
    ]
    summary = "\u00a0· ".join(contents[:IN_SUMMARY]) + " …" * (len(contents) > IN_SUMMARY)
    is_fetched = is_pickup(look.order)
    return ShipmentView(
        number=one.number,
        state=shipment_badge(
            one.state,
            look.language,
            is_fetched=is_fetched,
            merged_into=one.merged_into,
            status=Status(look.order.status),
        ),
        is_cancelled=one.state == ShipmentState.CANCELLED,
        date=look.moment(one.shipped_at or one.created_at),
        tracking=_tracking(one),
        parcels=parcels_of(one, look),
        contents=contents,
        summary=summary if len(look.order.shipments) > 1 else "",
        slip_url=f"/packing-slips/{one.number}.pdf",
    )


def parcels_of(one: Shipment, look: Look) -> list[ParcelView]:
    """The parcels of a shipment, each with its carrier's page."""
    return [
        ParcelView(
            parcel.tracking_number,
            tracking_url(parcel.carrier or one.carrier, parcel.tracking_number, look.language),
        )
        for parcel in one.parcels
    ]


def _kept(look: Look) -> list[Shipment]:
    return [one for one in look.order.shipments if one.state != ShipmentState.CANCELLED]


def _merges_into(one: Shipment, look: Look) -> str:
    """The number of the first other open shipment; "" for a shipment that is not open."""
    others = (
        other.number
        for other in open_shipments(look.order)
        if one.state == ShipmentState.OPEN and other is not one
    )
    return next(others, "")


def _tracking(one: Shipment) -> str:
    return ", ".join(parcel.tracking_number for parcel in one.parcels)


def _parts(one: Shipment, look: Look) -> list[tuple[OrderLine, str]]:
    return [
        (packed.line, format_quantity(packed.quantity, packed.line.unit, look.language))
        for packed in one.lines
    ]


def _chosen(line: OrderLine) -> str:
    return f" ({line.options.replace(chr(10), '; ')})" if line.options else ""


def _packed(line: OrderLine, quantity: str, look: Look) -> PackedView:
    most = look.text(_("of {quantity}").format(quantity=quantity))
    return PackedView(rank=str(line.rank), sku=line.sku or line.name, name=line.name, most=most)
