"""Shipments: the block, the dialog of one, the tab; each with its packing slip (W-6, T-4)."""

import reflex as rx

from backoffice_app.domain.window.blocks.shipments import (
    EDIT,
    MERGE,
    NOT_SHIPPED,
    PART,
    SHIPMENT,
    PackedView,
    ShipmentsView,
    ShipmentView,
)
from backoffice_app.pages.order_window.buttons import (
    ABOUT,
    ASKED,
    action_button,
    closing,
    keep,
    kept,
    may,
    sure,
    tell_customer,
    wrong,
    wrong_beside,
)
from backoffice_app.pages.order_window.components import draws, draws_dialog
from backoffice_app.state.order import OrderState
from backoffice_app.state.order_blocks import Blocks, Dialogs
from backoffice_app.ui.badge import state
from backoffice_app.ui.button import button, icon_button
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.empty import empty, empty_line
from backoffice_app.ui.field import check, field, hidden_field, quantity_field, select_field
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.layout import block as brick
from backoffice_app.ui.layout import figure, grow, item, items, new_tab, panel, quiet, row, whole_line
from backoffice_app.ui.native_form import open_form
from backoffice_app.ui.table import Column, table
from backoffice_app.ui.texts import _

S = Dialogs.shipment
P = Dialogs.part_shipment
Shipment = rx.Var[ShipmentView]
QUANTITY = "quantities."
"""What the names of the quantities begin with; the rank of the line follows."""


@draws("shipments")
def block(v: rx.Var[ShipmentsView]) -> rx.Component:
    """Number, date, state of each, what is in it where there are several; `Part shipment` makes one of a part."""
    listed = items(rx.foreach(v.shipments, _line), name=_("Shipments"))
    none = rx.cond(
        Blocks.head.is_draft,
        empty_line(_("No shipment yet.")),
        empty_line(_("Nothing in this order is shipped.")),
    )
    return brick(
        _("Shipments"),
        rx.cond(v.shipments.length() > 0, listed, none),
        action=action_button(PART, look="text", on_click=OrderState.open(PART, ABOUT, "")),
        key="shipments",
    )


def _line(shipment: Shipment) -> rx.Component:
    return item(
        grow(
            rx.el.div(figure(shipment.number)),
            rx.el.div(
                quiet(
                    figure(
                        shipment.date, rx.cond(shipment.tracking != "", joined(" · ", shipment.tracking), "")
                    ),
                    small=True,
                ),
                class_name="cut",
            ),
        ),
        state(shipment.state),
        _editing(shipment),
        _print(shipment),
        rx.cond(shipment.summary != "", whole_line(quiet(shipment.summary, small=True))),
    )


def _editing(shipment: Shipment) -> rx.Component:
    """Not there for a cancelled one, nor for who may not ship."""
    return rx.cond(may(EDIT) & ~shipment.is_cancelled, _edit(shipment))


def _edit(shipment: Shipment) -> rx.Component:
    name = _("Edit shipment") + " " + shipment.number
    return icon_button(
        "info",
        name,
        look="blue",
        key=joined("edit-", shipment.number),
        on_click=OrderState.open(SHIPMENT, ABOUT, shipment.number),
    )


def _print(shipment: Shipment) -> rx.Component:
    """Not there for a cancelled one: nothing is packed by it."""
    button = icon_button("printer", _("Print packing slip") + " " + shipment.number, submit=True)
    return rx.cond(shipment.is_cancelled, rx.fragment(), open_form(shipment.slip_url, button))


@draws_dialog(SHIPMENT)
def edit_dialog() -> rx.Component:
    """Shipped, the tracking number, and for one that has left whether the customer is told the number (W-6, SHIP-1)."""
    form = dialog_form(
        hidden_field("shipment", S.number),
        field(
            _("Tracking number"),
            "tracking",
            value=kept("tracking", S.tracking),
            key="shipment-tracking",
            auto_complete="off",
            spell_check=False,
            max_length=1000,
        ),
        rx.cond(
            S.is_open,
            rx.fragment(check(_("Shipped", "box"), "shipped"), _mail()),
            check(_("Send the tracking mail"), "notify"),
        ),
        rx.cond(S.is_open, rx.fragment(), quiet(Blocks.customer.mail_to, small=True)),
        sure(),
        on_submit=OrderState.act(EDIT, ASKED),
        on_typed=keep(S.number),
        submit=_("Save"),
        error=OrderState.wrong,
    )
    merge = button(
        _("Merge into") + " " + S.merges_into,
        key="merge-shipment",
        on_click=OrderState.act(MERGE, ASKED, {"shipment": S.number, "into": S.merges_into}),
    )
    takes_back = action_button(
        NOT_SHIPPED, about=ASKED, on_click=OrderState.act(NOT_SHIPPED, ASKED, {"shipment": S.number})
    )
    return dialog(
        _("Edit shipment") + " " + S.number,
        form,
        rx.cond(S.merges_into != "", row(merge)),
        rx.cond(S.is_open | S.is_cancelled, rx.fragment(), row(takes_back)),
        shown=OrderState.form == SHIPMENT,
        on_open_change=closing,
        opener=joined("edit-", S.number),
    )


@draws_dialog(PART)
def part_dialog() -> rx.Component:
    """How much of each line goes into the new shipment, its tracking number, and whether it leaves at once (SHIP-1)."""
    one = hidden_field("shipment", P.number)
    which = select_field(
        _("Part of shipment"),
        "shipment",
        P.to_part,
        value=P.number,
        on_change=lambda number: OrderState.open(PART, ABOUT, number),
    )
    form = dialog_form(
        rx.cond(P.to_part.length() > 1, which, one),
        rx.foreach(P.packed, _quantity),
        field(
            _("Tracking number"),
            "tracking",
            value=kept("tracking", ""),
            error=wrong("tracking"),
            auto_complete="off",
            spell_check=False,
            max_length=1000,
        ),
        check(_("Shipped", "box"), "shipped"),
        _mail(),
        sure(),
        on_submit=OrderState.act(PART, ASKED),
        on_typed=keep(P.number),
        submit=_("Create"),
        error=rx.cond(OrderState.wrong_field.startswith(QUANTITY), "", wrong_beside("tracking")),
    )
    # The number comes after the sentence in each language, with its full stop.
    words = _(
        "What you choose goes into a new shipment with a packing slip of its own. The rest stays in shipment",
        "before its number",
    )
    what = joined(words, " ", P.number, ".")
    return dialog(
        _("Part shipment"),
        form,
        shown=OrderState.form == PART,
        on_open_change=closing,
        opener=PART,
        description=what,
    )


def _mail() -> rx.Component:
    """Mails tell of what leaves, so none goes where nothing leaves; what the customer fetches leaves without one."""
    told = tell_customer(when=_("A mail goes only if it is shipped at once."))
    return rx.cond(Blocks.shipping_method.is_pickup, rx.fragment(), told)


def _quantity(packed: rx.Var[PackedView]) -> rx.Component:
    name = joined(QUANTITY, packed.rank)
    return quantity_field(
        _("Quantity of") + " " + packed.sku,
        name,
        what=packed.name,
        most=packed.most,
        value=kept(name, "0"),
        error=wrong(name),
        key=joined("part-", P.number, "-", packed.rank),
    )


@draws("shipment-list")
def tab(v: rx.Var[ShipmentsView]) -> rx.Component:
    """All packing slips with what is in them (T-4)."""
    rows = table(
        _("Shipments"),
        [
            Column(_("Number"), lambda s: figure(s.number), place=1),
            Column(_("Date"), lambda s: figure(s.date), place=3),
            Column(_("State"), lambda s: state(s.state), place=2),
            Column(_("Tracking number"), _parcels, place=5),
            Column(_("Contents"), lambda s: rx.foreach(s.contents, rx.el.div), place=7),
            Column(_("Actions"), _buttons, hide_head=True, place=4),
        ],
        v.shipments,
        cards=True,
    )
    nothing = empty(
        "package",
        _("No shipment yet."),
        _("It is made when the order comes in, if something in it is shipped."),
    )
    return panel(rx.cond(v.shipments.length() > 0, rows, nothing))


def _buttons(shipment: Shipment) -> rx.Component:
    return row(_editing(shipment), _print(shipment), middle=True)


def _parcels(shipment: Shipment) -> rx.Component:
    return rx.foreach(
        shipment.parcels,
        lambda parcel: rx.el.div(
            rx.cond(
                parcel.url != "",
                new_tab(parcel.tracking_number, parcel.url),
                rx.el.span(parcel.tracking_number),
            )
        ),
    )
