"""The days in which a customer may send goods back, counted from the last shipment (RET-3)."""

from dataclasses import dataclass
from datetime import date, timedelta

from backoffice_app.domain.core import clock
from backoffice_app.domain.core.shop import Shop
from backoffice_app.domain.order.states import ShipmentState
from backoffice_app.models import Order


@dataclass(frozen=True)
class Period:
    """`until`: the last day on which goods may be sent back; `is_over`: it is past."""

    until: date
    is_over: bool


def return_period(shop: Shop, order: Order, today: date) -> Period | None:
    """The return period of an order; None while nothing has left. Legal days, in the shop's zone (L-3)."""
    gone = [
        shipment.shipped_at
        for shipment in order.shipments
        if shipment.state == ShipmentState.SHIPPED and shipment.shipped_at
    ]
    if not gone:
        return None
    until = clock.day_of(max(gone), shop.regional.zone) + timedelta(days=shop.administration.return_days)
    return Period(until, today > until)
