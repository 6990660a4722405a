"""Settings > Workflow > Order status: the shop's own statuses, and a dialog for each (W-7)."""

import reflex as rx

from backoffice_app import i18n
from backoffice_app.domain.core.choice_lists import NAME
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.custom_status.manage import CLEAR, COLOUR, MAILS, StatusRow
from backoffice_app.domain.custom_status.statuses import COLOURS, USUAL_COLOUR
from backoffice_app.domain.order.custom import CLEARS
from backoffice_app.i18n import DOCUMENT_LANGUAGES
from backoffice_app.pages.choice_list import changing, names, value_of
from backoffice_app.pages.frame import held, page
from backoffice_app.state.order_status import STATUSES, OrderStatusState
from backoffice_app.state.pages import WORKFLOW, page_at
from backoffice_app.ui.badge import badge
from backoffice_app.ui.button import button
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.empty import empty
from backoffice_app.ui.field import check, checks, select_field
from backoffice_app.ui.frame import page_header
from backoffice_app.ui.kinds import Child, Text, joined
from backoffice_app.ui.layout import push, quiet
from backoffice_app.ui.skeleton import skeleton_rows
from backoffice_app.ui.table import Column, table
from backoffice_app.ui.texts import _, text_of
from backoffice_app.ui.wrong import Wrong

S = OrderStatusState
W = Wrong(S.wrong, S.wrong_field)
FIELDS = [COLOUR, *(NAME + code for code in DOCUMENT_LANGUAGES)]
C = OrderStatusState.chosen
LIST = Shown(STATUSES, "").text
"""What a new status is about: the list as a whole."""


@page_at(
    "/settings/workflow/order-status",
    i18n._("Order status"),
    group=WORKFLOW,
    rank=10,
    right=Right.SETTINGS,
    on_load=[OrderStatusState.load],
)
def settings_order_status() -> rx.Component:
    """The page; who is not the owner reads that it is for the owner."""
    add = push(button(_("Add status"), look="solid", key="add-status", on_click=S.open("add", "")))
    listed = rx.cond(S.rows.length() > 0, _statuses(), _none())
    mine = rx.fragment(rx.cond(S.ready, listed, skeleton_rows()), _add(), _edit())
    not_mine = empty(
        "lock", _("This page is for the owner of the shop."), _("Ask the owner to change the settings.")
    )
    return page(
        rx.cond(held(Right.SETTINGS), mine, not_mine),
        header=page_header(_("Order status"), rx.cond(held(Right.SETTINGS), add)),
        here="/settings/workflow/order-status",
        refresh=S.refresh,
        flush=True,
    )


def _statuses() -> rx.Component:
    return table(
        _("Order status"),
        [
            Column(_("Name"), lambda one: badge(one.tone, "", one.name), place=1),
            Column(_("Tells the customer"), lambda one: rx.cond(one.mails, _("Yes"), quiet("–"))),
            Column(
                _("Taken off when"),
                lambda one: rx.cond(one.clears != "", one.clears, quiet("–")),
                place=5,
                named=True,
            ),
            Column(
                _("State"),
                lambda one: rx.cond(one.is_retired, badge("neutral", "archive", _("Retired"))),
                place=2,
            ),
            Column(_("Orders"), _orders),
            Column(_("Actions"), _changing, hide_head=True, place=7),
        ],
        S.rows,
        cards=True,
        sticky=True,
    )


def _orders(one: rx.Var[StatusRow]) -> rx.Component:
    return rx.el.a(_("Show"), href=one.orders, aria_label=_("Show the orders") + " " + one.name)


def _none() -> rx.Component:
    return empty(
        "settings",
        _("No custom status yet."),
        _(
            "A status of your own, such as “Being engraved”, stands on an order in place of the system status."
        ),
    )


def _changing(one: rx.Var[StatusRow]) -> rx.Component:
    return changing(
        one, "status", on_edit=S.open("status", one.id), on_change=lambda what: S.change(one.about, what)
    )


def _add() -> rx.Component:
    none: dict[str, str] = {}
    form = dialog_form(
        *_fields("new", rx.Var.create(none).to(dict[str, str])),
        on_submit=S.add(LIST),
        submit=_("Add status"),
        error=W.beside(*FIELDS),
    )
    return _dialog("add", _("Add status"), form, opener="add-status")


def _edit() -> rx.Component:
    form = dialog_form(
        *_fields("edit", C.texts),
        on_submit=S.save(C.about, S.seen),
        submit=_("Save"),
        error=W.beside(*FIELDS),
    )
    return _dialog("status", C.name, form, opener=joined("edit-status-", C.id))


def _fields(key: str, values: rx.Var[dict[str, str]]) -> list[Child]:
    """The name in each language of the documents, the colour, whether the customer is told, and what takes it off."""
    own, others = names(values, W, key, longest=60)
    colours = [(value, text_of(word)) for value, word in COLOURS.items()]
    colour = select_field(
        _("Colour"),
        COLOUR,
        colours,
        value=value_of(values, COLOUR, USUAL_COLOUR),
        error=W.at(COLOUR),
        key=f"{key}-colour",
    )
    mails = check(_("Tell the customer by mail"), MAILS, checked=value_of(values, MAILS) == "on")
    boxes = [
        check(text_of(word), CLEAR + name, checked=value_of(values, CLEAR + name) == "on")
        for name, word in CLEARS.items()
    ]
    return [own, colour, mails, checks(_("Taken off when"), *boxes), others]


def _dialog(form: str, title: Text, *children: Child, opener: Text) -> rx.Component:
    return dialog(title, *children, shown=S.form == form, on_open_change=S.close, opener=opener)
