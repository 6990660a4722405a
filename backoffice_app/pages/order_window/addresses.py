"""Billing and shipping address, each with its dialog (W-1)."""

from typing import Literal

import reflex as rx

from backoffice_app.pages.order_window.buttons import ABOUT, ASKED, action_button, closing, keep, kept, wrong, wrong_beside
from backoffice_app.state.order import OrderState
from backoffice_app.ui.address import address
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.field import field, hidden_field
from backoffice_app.ui.kinds import Text
from backoffice_app.ui.layout import block, quiet, side_by_side, stack
from backoffice_app.ui.texts import _

FIELDS = ("name", "company", "street", "addition", "postcode", "city", "region", "country")
Kind = Literal["billing", "shipping"]
V = OrderState.view


def billing() -> rx.Component:
    """Where the invoice goes."""
    return block(_("Billing address"), address(V.billing.lines), action=_edit("billing"), key="billing-address")


def shipping() -> rx.Component:
    """Where the parcel goes; says so where that is the same place."""
    same = rx.cond(V.shipping.is_same, quiet(_("Same as the billing address"), small=True))
    return block(_("Shipping address"), stack(address(V.shipping.lines), same), action=_edit("shipping"), key="shipping-address")


def dialogs() -> rx.Component:
    """The two dialogs."""
    return rx.fragment(_dialog("billing", _("Billing address")), _dialog("shipping", _("Shipping address")))


def _edit(kind: Kind) -> rx.Component:
    return action_button("edit-address", look="text", key=f"edit-{kind}", on_click=OrderState.open(kind, ABOUT, ""))


def _dialog(kind: Kind, which: Text) -> rx.Component:
    known = V.billing if kind == "billing" else V.shipping

    def line(label: Text, name: str, complete: str, value: rx.Var[str]) -> rx.Component:
        return field(label, name, value=kept(name, value), error=wrong(name), key=f"{kind}-{name}", auto_complete=f"{kind} {complete}")

    form = dialog_form(
        hidden_field("kind", kind),
        rx.foreach(known.stays, lambda sentence: rx.el.div(quiet(sentence))),
        line(_("Name"), "name", "name", known.name),
        line(_("Company"), "company", "organization", known.company),
        line(_("Street and number"), "street", "address-line1", known.street),
        line(_("Addition"), "addition", "address-line2", known.addition),
        side_by_side(
            line(_("Postcode"), "postcode", "postal-code", known.postcode),
            line(_("Town"), "city", "address-level2", known.city),
        ),
        side_by_side(
            line(_("Region"), "region", "address-level1", known.region),
            line(_("Country code"), "country", "country", known.country),
        ),
        on_submit=OrderState.act("edit-address", ASKED),
        on_typed=keep(),
        submit=_("Save"),
        error=wrong_beside(*FIELDS),
    )
    opener = f"edit-{kind}"
    return dialog(_("Edit"), form, shown=OrderState.form == kind, on_open_change=closing, opener=opener, description=which)
