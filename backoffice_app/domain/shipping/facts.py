"""What happens to shipments."""

from collections.abc import Iterable
from decimal import Decimal
from typing import ClassVar

from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.formats import is_pieces
from backoffice_app.i18n import LazyQuantities, LazyText, _


def by_unit(quantities: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Quantities with their units, added up for each unit; "" is pieces, and comes first."""
    sums: dict[str, Decimal] = {}
    for unit, quantity in sorted(quantities, key=lambda pair: not is_pieces(pair[0])):
        own = "" if is_pieces(unit) else unit
        sums[own] = sums.get(own, Decimal(0)) + quantity
    return sums


@fact
class OrderShipped(Fact):
    """A shipment left. `quantities`: how much by unit, "" being pieces; `tracking`: the numbers, or "" without one."""

    about: ClassVar[About] = About.SHIPPING
    shipment: str
    quantities: dict[str, Decimal]
    tracking: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        quantities = LazyQuantities(self.quantities)
        if self.tracking:
            text = _(
                "{actor} shipped {quantities} in shipment {shipment} with the tracking number {tracking}."
            )
            return text.format(quantities=quantities, shipment=self.shipment, tracking=self.tracking)
        return _("{actor} shipped {quantities} in shipment {shipment}.").format(
            quantities=quantities, shipment=self.shipment
        )


@fact
class OrderPickedUp(Fact):
    """The customer fetched what was in a shipment. `quantities`: how much by unit, "" being pieces."""

    about: ClassVar[About] = About.SHIPPING
    shipment: str
    quantities: dict[str, Decimal]

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = _("{actor} noted that the customer picked up {quantities} of shipment {shipment}.")
        return text.format(quantities=LazyQuantities(self.quantities), shipment=self.shipment)


@fact
class ReadyForPickup(Fact):
    """The goods are ready to be fetched."""

    about: ClassVar[About] = About.SHIPPING

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} marked the order as ready for pick-up.")


@fact
class NotReadyForPickup(Fact):
    """The goods are not ready to be fetched after all."""

    about: ClassVar[About] = About.SHIPPING

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} marked the order as not ready for pick-up.")


@fact
class ShippingUndone(Fact):
    """A shipment that was marked as shipped is not shipped after all."""

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
        return _("{actor} set the tracking number of shipment {shipment} to {new}.").format(
            shipment=self.shipment, new=self.new
        )


@fact
class ShipmentSplit(Fact):
    """A part of the open shipment `source` became the shipment `shipment`.

    `quantities`: how much by unit, "" being pieces.
    """

    about: ClassVar[About] = About.SHIPPING
    shipment: str
    source: str
    quantities: dict[str, Decimal]

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = _("{actor} moved {quantities} from shipment {source} to the new shipment {shipment}.")
        return text.format(
            quantities=LazyQuantities(self.quantities), source=self.source, shipment=self.shipment
        )


@fact
class ShipmentsMerged(Fact):
    """What lay in the open shipment `shipment` was put into the open shipment `into`; the empty one is cancelled."""

    about: ClassVar[About] = About.SHIPPING
    shipment: str
    into: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = _(
            "{actor} put what was in shipment {shipment} into shipment {into}; shipment {shipment} is cancelled."
        )
        return text.format(shipment=self.shipment, into=self.into)
