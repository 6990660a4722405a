"""Settings > Shipping methods: the list, and a dialog for each (SHIP-2, W-5)."""

import reflex as rx

from backoffice_app import i18n
from backoffice_app.documents.texts import LANGUAGES
from backoffice_app.domain.core.carriers import CARRIERS
from backoffice_app.domain.core.choice_lists import NAME
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shipping_methods import PICKUP_NAMES, Pickup
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.methods.shipping import CARRIER, PICKUP, ShippingRow
from backoffice_app.pages.choice_list import changing, names, value_of
from backoffice_app.pages.frame import held, page
from backoffice_app.state.pages import SETTINGS, SHOP, page_at
from backoffice_app.state.settings_shipping import METHODS, ShippingMethodsState
from backoffice_app.ui.badge import badge
from backoffice_app.ui.button import button
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.empty import empty
from backoffice_app.ui.field import field, select_field
from backoffice_app.ui.frame import page_header
from backoffice_app.ui.kinds import Child, Text, joined
from backoffice_app.ui.layout import push, quiet, strong
from backoffice_app.ui.skeleton import skeleton_rows
from backoffice_app.ui.table import Column, table
from backoffice_app.ui.texts import _, text_of
from backoffice_app.ui.wrong import Wrong

S = ShippingMethodsState
W = Wrong(S.wrong, S.wrong_field)
M = ShippingMethodsState.chosen
LIST = Shown(METHODS, "").text
"""What a new method is about: the list as a whole."""
FIELDS = [CARRIER, PICKUP, *(NAME + code for code in LANGUAGES)]


@page_at(
    "/settings/shipping-methods",
    i18n._("Shipping methods"),
    group=SETTINGS,
    rank=35,
    under=SHOP,
    right=Right.SETTINGS,
    on_load=[ShippingMethodsState.load],
)
def settings_shipping() -> rx.Component:
    """The page; who is not the owner reads that it is for the owner."""
    add = push(button(_("Add shipping method"), look="solid", key="add-shipping", on_click=S.open("add", "")))
    listed = rx.cond(S.rows.length() > 0, _methods(), _none())
    mine = rx.fragment(rx.cond(S.ready, listed, skeleton_rows()), _add(), _method())
    not_mine = empty(
        "lock", _("This page is for the owner of the shop."), _("Ask the owner to change the settings.")
    )
    return page(
        rx.cond(held(Right.SETTINGS), mine, not_mine),
        header=page_header(_("Shipping methods"), rx.cond(held(Right.SETTINGS), add)),
        here="/settings/shipping-methods",
        refresh=S.refresh,
        flush=True,
    )


def _methods() -> rx.Component:
    return table(
        _("Shipping methods"),
        [
            Column(_("Name"), lambda one: strong(one.name), place=1),
            Column(_("Code"), lambda one: one.id, place=3),
            Column(_("Carrier"), _carrier, place=5, named=True),
            Column(_("Way to the customer"), lambda one: one.leaves, place=4),
            Column(
                _("State"),
                lambda one: rx.cond(one.is_retired, badge("neutral", "archive", _("Retired"))),
                place=2,
            ),
            Column(_("Actions"), _changing, hide_head=True, place=7),
        ],
        S.rows,
        cards=True,
        sticky=True,
    )


def _carrier(one: rx.Var[ShippingRow]) -> rx.Component:
    """The carrier, and where its parcels are followed."""
    return rx.cond(one.carrier != "", rx.fragment(one.carrier, " ", quiet(one.page, small=True)), quiet("–"))


def _none() -> rx.Component:
    return empty(
        "truck", _("No shipping methods yet."), _("They appear here by themselves with the first orders.")
    )


def _changing(one: rx.Var[ShippingRow]) -> rx.Component:
    return changing(
        one, "shipping", on_edit=S.open("method", one.id), on_change=lambda what: S.change(one.about, what)
    )


def _method() -> rx.Component:
    form = dialog_form(
        *_fields("edit", M.texts),
        on_submit=S.save(M.about, S.seen),
        submit=_("Save"),
        error=W.beside(*FIELDS),
    )
    return _dialog("method", M.name, form, opener=joined("edit-shipping-", M.id), description=M.id)


def _add() -> rx.Component:
    code = field(
        _("Code"),
        "code",
        error=W.at("code"),
        hint=_("As your web shop sends it, such as flat_rate."),
        key="new-code",
        auto_complete="off",
    )
    form = dialog_form(
        code,
        *_fields("new", M.texts),
        on_submit=S.add(LIST),
        submit=_("Add shipping method"),
        error=W.beside("code", *FIELDS),
    )
    return _dialog("add", _("Add shipping method"), form, opener="add-shipping")


def _fields(key: str, values: rx.Var[dict[str, str]]) -> list[Child]:
    """The names, the carrier, and who comes for the goods."""
    carriers = [("", text_of(PICKUP_NAMES[Pickup.WORDS])), *((one, CARRIERS[one].name) for one in CARRIERS)]
    carrier = select_field(
        _("Carrier"),
        CARRIER,
        carriers,
        value=value_of(values, CARRIER),
        error=W.at(CARRIER),
        key=f"{key}-carrier",
        hint=_("Holds for shipments that are made from now on. Customers follow their parcels on its page."),
    )
    ways = [(value.value, text_of(name)) for value, name in PICKUP_NAMES.items()]
    way = select_field(
        _("Way to the customer"),
        PICKUP,
        ways,
        value=value_of(values, PICKUP),
        error=W.at(PICKUP),
        key=f"{key}-pickup",
        hint=_("Orders that have not left follow it."),
    )
    own, others = names(values, W, key, longest=200)
    return [own, carrier, way, others]


def _dialog(
    form: str, title: Text, *children: Child, opener: Text, description: Text | None = None
) -> rx.Component:
    return dialog(
        title, *children, shown=S.form == form, on_open_change=S.close, opener=opener, description=description
    )
