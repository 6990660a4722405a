"""Billing and shipping address, each with the map of its place, what looks wrong in it, and its dialog (W-1, W-20)."""

import reflex as rx

from backoffice_app.domain.window.blocks.addresses import EDIT, IS_RIGHT, AddressDialogView, AddressView
from backoffice_app.pages.order_window.buttons import (
    ABOUT,
    ASKED,
    action_button,
    closing,
    keep,
    kept,
    known_as,
    may,
    wrong,
    wrong_beside,
)
from backoffice_app.pages.order_window.components import draws, draws_dialog
from backoffice_app.state.order import OrderState
from backoffice_app.state.order_blocks import Dialogs
from backoffice_app.ui.address import address, place_map
from backoffice_app.ui.button import button
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.field import field, hidden_field, select_field
from backoffice_app.ui.icons import icon
from backoffice_app.ui.kinds import Text, joined
from backoffice_app.ui.layout import block, quiet, row, side_by_side
from backoffice_app.ui.texts import _

FIELDS = ("name", "company", "street", "addition", "postcode", "city", "region", "country")


@draws("billing")
def billing(v: rx.Var[AddressView]) -> rx.Component:
    """Where the invoice goes."""
    return _billing(v, _of_order(view=v))


@draws("shipping")
def shipping(v: rx.Var[AddressView]) -> rx.Component:
    """Where the parcel goes; says so where that is the same place."""
    return _shipping(v, _of_order(view=v))


@draws("billing-of-customer")
def billing_of_customer(v: rx.Var[AddressView]) -> rx.Component:
    """The same in the tab of the customer, which is loaded later; a file of both would be one more request (P-8)."""
    return _billing(v, _written(v))


@draws("shipping-of-customer")
def shipping_of_customer(v: rx.Var[AddressView]) -> rx.Component:
    """As `billing_of_customer`."""
    return _shipping(v, _written(v))


def _billing(v: rx.Var[AddressView], written: rx.Component) -> rx.Component:
    return block(_("Billing address"), written, action=_edit("billing", v), key="billing-address")


def _shipping(v: rx.Var[AddressView], written: rx.Component) -> rx.Component:
    return block(_("Shipping address"), written, action=_edit("shipping", v), key="shipping-address")


@rx.memo
def _of_order(view: rx.Var[AddressView]) -> rx.Component:
    """Compiled once for both blocks."""
    return _written(view)


def _written(view: rx.Var[AddressView]) -> rx.Component:
    """The lines with the map beside them, and what looks wrong below."""
    same = rx.cond(view.is_same, quiet(_("Same as the billing address"), small=True))
    shown = place_map(
        view.map,
        view.place,
        _("Not found: please check"),
        link=view.link,
        opens=view.opens,
        source=view.source,
    )
    right = OrderState.act(IS_RIGHT, ABOUT, {"kind": view.kind})
    said = button(known_as(IS_RIGHT).label, look="text", key=joined("right-", view.kind), on_click=right)
    warned = rx.el.div(
        icon("triangle-alert"),
        rx.el.div(rx.foreach(view.warnings, rx.el.div), class_name="grow"),
        rx.cond(may(IS_RIGHT), said),
        class_name="warn",
    )
    return rx.fragment(
        rx.el.div(
            rx.el.div(address(view.lines), same), rx.cond(view.place != "", shown), class_name="address"
        ),
        rx.cond(view.warnings.length() > 0, warned),
    )


@draws_dialog("billing")
def billing_dialog() -> rx.Component:
    """Changes where the invoice goes."""
    return _dialog("billing", _("Edit", "billing address"), _("Billing address", "dialog"), Dialogs.billing)


@draws_dialog("shipping")
def shipping_dialog() -> rx.Component:
    """Changes where the parcel goes."""
    return _dialog(
        "shipping", _("Edit", "shipping address"), _("Shipping address", "dialog"), Dialogs.shipping
    )


def _edit(kind: str, v: rx.Var[AddressView]) -> rx.Component:
    opens = OrderState.open(kind, ABOUT, "")
    return action_button(EDIT, look="text", key=f"edit-{kind}", why_not=v.why_not, on_click=opens)


def _dialog(kind: str, title: Text, which: Text, known: rx.Var[AddressDialogView]) -> rx.Component:
    # Its name is that of the button that opens it; languages in which that says too little name the address.
    form = dialog_form(
        hidden_field("kind", kind),
        rx.foreach(known.stays, lambda sentence: rx.el.div(quiet(sentence))),
        *_fields(),
        rx.cond(OrderState.drafted.length() > 0, _unsaved(kind)),
        on_submit=OrderState.act(EDIT, ASKED),
        on_typed=keep(),
        submit=_("Save"),
        error=wrong_beside(*FIELDS),
    )
    opener = f"edit-{kind}"
    return dialog(
        title, form, shown=OrderState.form == kind, on_open_change=closing, opener=opener, description=which
    )


def _fields() -> tuple[rx.Component, ...]:
    """The fields of the dialog that is open: the same components in both, so that a browser loads them once."""
    return (
        _line(_("Name"), "name", "name"),
        _line(_("Company"), "company", "organization"),
        _line(_("Street and number"), "street", "address-line1"),
        _line(_("Addition"), "addition", "address-line2"),
        side_by_side(
            _line(_("Postcode"), "postcode", "postal-code"), _line(_("Town"), "city", "address-level2")
        ),
        side_by_side(
            _line(_("Region"), "region", "address-level1"),
            select_field(
                _("Country"),
                "country",
                _of_open("countries"),
                value=_value("country"),
                error=wrong("country"),
                key="address-country",
                auto_complete=_completed("country"),
            ),
        ),
    )


def _line(label: Text, name: str, complete: str) -> rx.Component:
    return field(
        label,
        name,
        value=_value(name),
        error=wrong(name),
        key=f"address-{name}",
        auto_complete=_completed(complete),
    )


def _value(name: str) -> rx.Var[str]:
    return kept(name, _of_open(name))


def _of_open(name: str) -> rx.Var:
    """What the address of the open dialog holds."""
    return rx.cond(
        OrderState.form == "shipping", getattr(Dialogs.shipping, name), getattr(Dialogs.billing, name)
    )


def _completed(by: str) -> Text:
    """What a browser may fill in: the part of this kind of address."""
    return joined(OrderState.form, f" {by}")


def _unsaved(kind: str) -> rx.Component:
    """The fields hold what was typed before and not saved; it can be thrown away."""
    discard = button(
        _("Discard"), look="text", key=f"discard-{kind}", on_click=OrderState.discard(ASKED, kind)
    )
    return row(quiet(_("You typed this before and did not save it.")), discard, middle=True)
