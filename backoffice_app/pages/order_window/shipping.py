"""The block of shipping: the method, the tracking number, `Shipped`; or `Ready for pick-up` and `Picked up` (W-5)."""

import reflex as rx

from backoffice_app.domain.orders.change_methods import KEY as CHANGE
from backoffice_app.domain.window.blocks.shipments import EDIT, SHIPMENT, ParcelView
from backoffice_app.domain.window.blocks.shipping import ShippingView
from backoffice_app.pages.order_window.buttons import (
    ABOUT,
    action_button,
    enabled,
    known_as,
    may,
    next_step,
    said_at,
    tell_customer,
)
from backoffice_app.pages.order_window.components import draws
from backoffice_app.state.order import OrderState
from backoffice_app.state.order_blocks import Blocks
from backoffice_app.ui.button import icon_button
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.layout import block as brick
from backoffice_app.ui.layout import figure, kept_line, line, new_tab, quiet, row
from backoffice_app.ui.texts import _
from backoffice_app.ui.typed_form import TypedForm

V = OrderState.view
WAIT = 500
"""Milliseconds after the last key before the tracking number is kept."""


@draws("shipping-method")
def block(v: rx.Var[ShippingView]) -> rx.Component:
    """The method, and what is to be done with the goods."""
    method = line(
        rx.el.span(rx.cond(v.method != "", v.method, _("No shipping method"))), quiet(figure(v.price))
    )
    change = action_button(CHANGE, look="text", on_click=OrderState.open(CHANGE, ABOUT, ""))
    return brick(
        _("Shipping method"),
        method,
        rx.cond(v.is_pickup, _fetched(), _shipped(v)),
        action=rx.cond(enabled(CHANGE), change),
        key="shipping-method",
    )


def _shipped(v: rx.Var[ShippingView]) -> rx.Component:
    """All that is left becomes shipped in one click; Enter in the number does the same, as a scanner sends it.

    What was shipped stands at the same places: its number in that of the field, the day in that of the reason.
    """
    can, is_done = enabled("ship"), v.left_on != ""
    number = rx.el.div(
        rx.el.label(_("Tracking number"), html_for="tracking"),
        rx.el.input(
            name="tracking",
            default_value=v.tracking,
            id="tracking",
            auto_complete="off",
            spell_check=False,
            max_length=1000,
            class_name="input tabular",
        ),
        class_name="inline-field",
    )
    edit = icon_button(
        "pencil",
        _("Edit shipment") + " " + v.shipment,
        key=joined("edit-left-", v.shipment),
        on_click=OrderState.open(SHIPMENT, ABOUT, v.shipment),
    )
    known = rx.el.div(
        quiet(_("Tracking number")),
        rx.el.div(
            rx.foreach(v.parcels, _parcel),
            rx.cond(v.parcels.length() > 0, rx.fragment(), quiet("–")),
            class_name="row",
        ),
        rx.cond(may(EDIT), edit),
        class_name="line inline-known",
    )
    why = rx.cond(
        is_done,
        figure(v.left_on),
        rx.cond(can | (said_at(known_as("ship").reason) != ""), "", known_as("ship").reason),
    )
    asks = rx.cond(Blocks.head.next_step == "pay", _("Not paid yet. Kontor asks before it is shipped."), "")
    look = next_step("ship", is_open=can, is_done=is_done)
    return TypedForm.create(
        rx.cond(is_done, known, rx.cond(can, number, rx.el.div(class_name="inline-field"))),
        rx.el.div(
            action_button("ship", look=look, submit=True, says="elsewhere"),
            rx.cond(is_done & ~may("ship"), quiet(_("Shipped"))),
            rx.cond(can & ~is_done, tell_customer(small=True)),
            class_name="line",
        ),
        kept_line(rx.cond(can & ~is_done, asks, why)),
        rx.cond(can & (v.together != ""), quiet(v.together, small=True)),
        on_submit=OrderState.act("ship", ABOUT),
        on_change=lambda name, text, kind: _typed(name, text, kind).debounce(WAIT),
        on_blur=_typed,
        key=joined("ship-", V.number),
    )


def _parcel(parcel: rx.Var[ParcelView]) -> rx.Component:
    leads = new_tab(parcel.tracking_number, parcel.url)
    return rx.cond(parcel.url != "", leads, rx.el.span(parcel.tracking_number, class_name="tabular"))


def _typed(name: rx.Var[str], text: rx.Var[str], kind: rx.Var[str]) -> rx.event.EventSpec:
    """Tells what is typed; the handler keeps the tracking number and nothing else."""
    return OrderState.keep_tracking(ABOUT, name, text, kind)


def _fetched() -> rx.Component:
    """The customer is told that it is ready, and comes."""
    ready = enabled("ready-for-pickup")
    return rx.el.form(
        row(
            action_button("ready-for-pickup", look=next_step("ready-for-pickup", is_open=ready), submit=True),
            action_button("picked-up", look=next_step("picked-up", is_open=enabled("picked-up") & ~ready)),
            rx.cond(enabled("not-ready"), action_button("not-ready", look="text")),
        ),
        rx.cond(ready, tell_customer(small=True)),
        on_submit=OrderState.act("ready-for-pickup", ABOUT),
        key=joined("pick-up-", V.number),
    )
