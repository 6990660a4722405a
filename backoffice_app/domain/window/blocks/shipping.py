"""The shipping method, and the next step with the goods: ship them, or have them picked up (W-5)."""

from dataclasses import dataclass, field, replace

from backoffice_app.domain.core import clock
from backoffice_app.domain.core.forms import Filled
from backoffice_app.domain.order.pickup import is_pickup
from backoffice_app.domain.order.states import ShipmentState, ShippingState
from backoffice_app.domain.orders.change_methods import KEY as CHANGE
from backoffice_app.domain.orders.change_methods import payment_choices, shipping_choices
from backoffice_app.domain.shipping.rules import open_shipments
from backoffice_app.domain.window.blocks.shipments import ParcelView, parcels_of
from backoffice_app.domain.window.look import Look
from backoffice_app.domain.window.registry import Button, Dialog, Way, add_dialog, block, ways
from backoffice_app.formats import format_day
from backoffice_app.i18n import _


@dataclass(frozen=True)
class ShippingView:
    """`price`: of the shipping; `tracking`: a number typed, not sent off yet; `left_on`: when the last of it left, ""
    before that.

    `together`: that more than one shipment leaves with `Shipped`, and which. `parcels`: what was shipped, each with its
    carrier's page; `shipment`: the number of the newest one that has left.
    """

    method: str = ""
    price: str = ""
    is_pickup: bool = False
    tracking: str = ""
    left_on: str = ""
    together: str = ""
    parcels: list[ParcelView] = field(default_factory=list)
    shipment: str = ""


@block(
    key="shipping-method",
    tab="order",
    column=2,
    rank=20,
    buttons=[
        Button("ship", listed=_("Shipped, or ready for pick-up")),
        Button("ready-for-pickup"),
        Button("picked-up"),
        Button("not-ready"),
        Button(CHANGE),
    ],
)
def shipping_method(look: Look) -> ShippingView:
    """How the goods leave, and what has left."""
    order = look.order
    view = ShippingView(
        look.shipping.name_in(look.language),
        look.money(order.shipping_price),
        is_pickup(order),
        look.beside.tracking,
    )
    left = [one for one in order.shipments if one.state == ShipmentState.SHIPPED]
    if order.shipping_state != ShippingState.SHIPPED or not left:
        return replace(view, together=_together(look))
    last = left[-1]
    day = format_day(clock.day_of(last.shipped_at, look.zone), look.language) if last.shipped_at else ""
    return replace(
        view,
        left_on=day,
        parcels=[parcel for one in left for parcel in parcels_of(one, look)],
        shipment=last.number,
    )


def _together(look: Look) -> str:
    """That several shipments leave with one click; "" where only one is open."""
    numbers = [one.number for one in open_shipments(look.order)]
    text = _("“Shipped” is for all open shipments: {numbers}.")
    return look.text(text.format(numbers=", ".join(numbers))) if len(numbers) > 1 else ""


def _filled(look: Look, _which: str) -> Filled:
    """The methods that there are, with those of the order chosen."""
    order = look.order
    return Filled(
        {"payment_method": order.payment_method, "shipping_method": order.shipping_method},
        choices={
            "payment_method": payment_choices(look.session, order, look.language),
            "shipping_method": shipping_choices(look.session, order, look.language),
        },
    )


add_dialog(
    Dialog(
        CHANGE,
        CHANGE,
        title=_("Change methods"),
        description=_("What shipping costs stays as it is: it is changed with the lines."),
        submit=_("Save"),
        fill=_filled,
        merges=True,
    )
)


@ways("ship")
def ways_to_ship(look: Look) -> list[Way]:
    """One: with the tracking number that is typed into the page, whatever tab one is on; it is named, so that nobody
    ships it unseen.
    """
    typed = look.beside.tracking
    return [Way(about=typed, values={"tracking": typed} if typed else {})]
