"""Settings > Payment methods: the list, and a dialog for each (PAY-0)."""

import reflex as rx

from backoffice_app import i18n
from backoffice_app.documents.texts import LANGUAGES
from backoffice_app.domain.core.choice_lists import NAME
from backoffice_app.domain.core.payment_methods import COLLECTS_NAMES, INVOICED_NAMES
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.methods.payment import COLLECTS, INVOICED_BY
from backoffice_app.pages.choice_list import names, value_of
from backoffice_app.pages.frame import held, page
from backoffice_app.state.pages import SETTINGS, SHOP, page_at
from backoffice_app.state.settings_methods import METHODS, MethodsState
from backoffice_app.ui.button import button
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.empty import empty
from backoffice_app.ui.field import field, select_field
from backoffice_app.ui.frame import banner, page_header
from backoffice_app.ui.kinds import Child, Text, joined
from backoffice_app.ui.layout import push, strong
from backoffice_app.ui.skeleton import skeleton_rows
from backoffice_app.ui.table import Column, Row, table
from backoffice_app.ui.texts import _, text_of
from backoffice_app.ui.wrong import Wrong

S = MethodsState
W = Wrong(S.wrong, S.wrong_field)
M = MethodsState.chosen
LIST = Shown(METHODS, "").text
"""What a new method is about: the list as a whole."""
INVOICED = [(value, text_of(name)) for value, name in INVOICED_NAMES.items()]
WHO = [(collects.value, text_of(name)) for collects, name in COLLECTS_NAMES.items()]


@page_at(
    "/settings/payment-methods",
    i18n._("Payment methods"),
    group=SETTINGS,
    rank=30,
    under=SHOP,
    right=Right.SETTINGS,
    on_load=[MethodsState.load],
)
def settings_methods() -> rx.Component:
    """The page; who is not the owner reads that it is for the owner."""
    add = push(button(_("Add payment method"), look="solid", key="add-method", on_click=S.open("add", "")))
    listed = rx.cond(S.rows.length() > 0, _methods(), _none())
    mine = rx.fragment(rx.cond(S.ready, listed, skeleton_rows()), _add(), _method())
    not_mine = empty(
        "lock", _("This page is for the owner of the shop."), _("Ask the owner to change the settings.")
    )
    unknown = banner(
        _(
            "Say who collects the money of each payment method. Until then its invoices show no account and "
            "no due date."
        )
    )
    return page(
        rx.cond(held(Right.SETTINGS), mine, not_mine),
        header=page_header(_("Payment methods"), rx.cond(held(Right.SETTINGS), add)),
        here="/settings/payment-methods",
        refresh=S.refresh,
        flush=True,
        banner=rx.cond(S.has_unknown, unknown),
    )


def _methods() -> rx.Component:
    return table(
        _("Payment methods"),
        [
            Column(_("Name"), lambda one: strong(one.name), place=1),
            Column(_("Code"), lambda one: one.id, place=3),
            Column(_("Who collects the money"), lambda one: one.collects_name, place=2),
            Column(_("Who issues the invoice"), lambda one: one.invoiced_name, place=5),
            Column(_("Edit payment method"), _edit, hide_head=True, place=4),
        ],
        S.rows,
        cards=True,
        sticky=True,
    )


def _none() -> rx.Component:
    return empty(
        "receipt-text",
        _("No payment methods yet."),
        _("They appear here by themselves with the first orders."),
    )


def _edit(one: Row) -> rx.Component:
    name = _("Edit payment method") + " " + one.name
    return button(
        _("Edit"),
        look="text",
        key=joined("edit-method-", one.id),
        on_click=S.open("method", one.id),
        aria_label=name,
    )


def _method() -> rx.Component:
    form = dialog_form(
        *_fields("edit", M.texts),
        on_submit=S.save(M.about, S.seen),
        submit=_("Save"),
        error=W.beside(COLLECTS, INVOICED_BY, *(NAME + code for code in LANGUAGES)),
    )
    return _dialog("method", M.name, form, opener=joined("edit-method-", M.id), description=M.id)


def _add() -> rx.Component:
    code = field(
        _("Code"),
        "code",
        error=W.at("code"),
        hint=_("As your web shop sends it, such as bacs."),
        key="new-code",
        auto_complete="off",
    )
    form = dialog_form(
        code,
        *_fields("new", M.texts),
        on_submit=S.add(LIST),
        submit=_("Add payment method"),
        error=W.beside("code", COLLECTS, INVOICED_BY, *(NAME + code for code in LANGUAGES)),
    )
    return _dialog("add", _("Add payment method"), form, opener="add-method")


def _fields(key: str, values: rx.Var[dict[str, str]]) -> list[Child]:
    """Who collects, who issues the invoice, and the name in each language of the documents."""
    who = select_field(
        _("Who collects the money"),
        COLLECTS,
        WHO,
        value=value_of(values, COLLECTS),
        error=W.at(COLLECTS),
        key=f"{key}-collects",
    )
    invoiced = select_field(
        _("Who issues the invoice"),
        INVOICED_BY,
        INVOICED,
        value=value_of(values, INVOICED_BY),
        error=W.at(INVOICED_BY),
        key=f"{key}-invoiced",
        hint=_("Holds for orders that come in from now on."),
    )
    own, others = names(values, W, key, longest=200)
    return [own, who, invoiced, others]


def _dialog(
    form: str, title: Text, *children: Child, opener: Text, description: Text | None = None
) -> rx.Component:
    return dialog(
        title, *children, shown=S.form == form, on_open_change=S.close, opener=opener, description=description
    )
