"""Shipments: the block, the dialog of one, the tab; each with its packing slip (W-6, T-4)."""

import reflex as rx

from backoffice_app.domain.window.views import ShipmentView
from backoffice_app.pages.order_window.buttons import may
from backoffice_app.state.order import OrderState
from backoffice_app.ui.badge import badge
from backoffice_app.ui.button import icon_button
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.empty import empty, empty_line
from backoffice_app.ui.field import check, field, hidden_field
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.layout import block as brick
from backoffice_app.ui.layout import figure, grow, item, items, new_tab, panel, quiet
from backoffice_app.ui.native_form import open_form
from backoffice_app.ui.table import Column, table
from backoffice_app.ui.texts import _

V = OrderState.view
S = OrderState.shipment
Shipment = rx.Var[ShipmentView]


def block() -> rx.Component:
    """Number, date, state of each."""
    listed = items(rx.foreach(V.shipments, _line), name=_("Shipments"))
    return brick(
        _("Shipments"), rx.cond(V.shipments.length() > 0, listed, empty_line(_("Nothing in this order is shipped."))), key="shipments"
    )


def _line(shipment: Shipment) -> rx.Component:
    tracking = rx.cond(shipment.tracking != "", rx.el.span(" · ", shipment.tracking))
    return item(
        grow(rx.el.div(figure(shipment.number)), rx.el.div(quiet(figure(shipment.date), tracking, small=True))),
        badge(shipment.state.tone, shipment.state.icon, shipment.state.label),
        rx.cond(may("edit-shipment"), _edit(shipment)),
        _print(shipment),
    )


def _edit(shipment: Shipment) -> rx.Component:
    name = _("Edit shipment") + " " + shipment.number
    return icon_button("info", name, key=joined("edit-", shipment.number), on_click=OrderState.open("shipment", shipment.number))


def _print(shipment: Shipment) -> rx.Component:
    return open_form(shipment.slip_url, icon_button("printer", _("Print packing slip") + " " + shipment.number, submit=True))


def edit_dialog() -> rx.Component:
    """Shipped, the tracking number, and for one that has left whether the customer is told the number (W-6, SHIP-1)."""
    form = dialog_form(
        hidden_field("shipment", S.number),
        field(
            _("Tracking number"),
            "tracking",
            value=S.tracking,
            key="shipment-tracking",
            auto_complete="off",
            spell_check=False,
            max_length=100,
        ),
        rx.cond(S.is_open, check(_("Shipped"), "shipped"), check(_("Send the tracking mail"), "notify")),
        on_submit=OrderState.act("edit-shipment"),
        submit=_("Save"),
        error=OrderState.wrong,
    )
    return dialog(
        _("Edit shipment") + " " + S.number,
        form,
        shown=OrderState.form == "shipment",
        on_open_change=OrderState.close,
        opener=joined("edit-", S.number),
    )


def tab() -> rx.Component:
    """All packing slips with what lies in them (T-4)."""
    rows = table(
        _("Shipments"),
        [
            Column(_("Number"), lambda s: figure(s.number), place=1),
            Column(_("Date"), lambda s: figure(s.date), place=3),
            Column(_("State"), lambda s: badge(s.state.tone, s.state.icon, s.state.label), place=2),
            Column(_("Tracking number"), _parcels, place=5),
            Column(_("Contents"), lambda s: rx.foreach(s.contents, rx.el.div)),
            Column(_("Packing slip"), _print, hide_head=True, place=4),
        ],
        V.shipments,
        cards=True,
    )
    nothing = empty("package", _("No shipment yet."), _("It is made when the order comes in, if something in it is shipped."))
    return panel(rx.cond(V.shipments.length() > 0, rows, nothing))


def _parcels(shipment: Shipment) -> rx.Component:
    return rx.foreach(
        shipment.parcels,
        lambda parcel: rx.el.div(
            rx.cond(parcel.url != "", new_tab(parcel.tracking_number, parcel.url), rx.el.span(parcel.tracking_number))
        ),
    )
