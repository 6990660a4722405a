"""Sales > Orders: the list that a team lives in (O)."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from backoffice_app import i18n
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.listing.parts import COLUMNS
from backoffice_app.domain.listing.rows import NUMBER, WHY
from backoffice_app.domain.listing.views import ColumnView
from backoffice_app.pages.bulk import bulk_bar, tick_column, tick_keys
from backoffice_app.pages.frame import held, page
from backoffice_app.pages.order_columns import order_columns
from backoffice_app.pages.order_filter import FILTER, order_filter
from backoffice_app.pages.plain import own_look
from backoffice_app.state.me import Me
from backoffice_app.state.order import OrderState
from backoffice_app.state.orders import BEGIN, VIEW, OrdersState
from backoffice_app.state.pages import SALES, page_at
from backoffice_app.ui.badge import badge
from backoffice_app.ui.button import button, icon_button, icon_link, link_button
from backoffice_app.ui.chips import chip, pill
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.empty import empty
from backoffice_app.ui.field import check, field, hidden_field
from backoffice_app.ui.floating import room_below
from backoffice_app.ui.frame import page_header
from backoffice_app.ui.icons import icon
from backoffice_app.ui.kinds import Text, joined
from backoffice_app.ui.later import later
from backoffice_app.ui.layout import figure, push, quiet, toolbar
from backoffice_app.ui.returning import focus_on_return
from backoffice_app.ui.search import Searching, live_search, stay
from backoffice_app.ui.shortcuts import STEP_KEYS, focus, press, reveal, step
from backoffice_app.ui.skeleton import skeleton_rows
from backoffice_app.ui.table import More, Row, table
from backoffice_app.ui.tabs import live_tabs
from backoffice_app.ui.texts import _

S = OrdersState
V = OrdersState.view
LINKS = "a[id^=order-]"
KEEP = "save-view"
NEW_VIEW = Shown(VIEW, "new").text
"""What the event of a new view is about."""
RESET = _("Reset search and filters")


@page_at("/orders", i18n._("Orders"), group=SALES, rank=10, icon="inbox", key="o", on_load=[OrdersState.load])
def orders() -> rx.Component:
    """The page: search, views with their counts, filters as chips, the rows."""
    how = Searching(V.query, S.box, V.find, V.unsearched, on_typed=S.typed, on_left=S.left, on_enter=S.enter)
    return page(
        toolbar(live_tabs(_("Views"), V.tabs, V.tab)),
        rx.cond(S.is_read, rx.fragment(_narrowed(), _rows()), skeleton_rows()),
        bulk_bar(),
        rx.cond(S.form == "keep", _keeping()),
        focus_on_return(joined("order-", OrderState.view.number)),
        header=page_header(_("Orders"), live_search(_("Search orders"), how), _new()),
        here="/orders",
        refresh=S.refresh,
        on_menu_press=[stay(), S.left(False)],
        flush=True,
        keys={
            "/": focus("search"),
            "j": step(LINKS, 1),
            "k": step(LINKS, -1),
            "f": reveal(FILTER),
            **tick_keys(LINKS),
            **dict.fromkeys(("[", ","), press("newer-orders")),
            **dict.fromkeys(("]", "."), press("older-orders")),
        },
        listed=[
            ("/", _("Search orders")),
            (STEP_KEYS, _("Next and previous row")),
            ("Enter", _("Open the order")),
            ("x", _("Select the row")),
            (_("Shift x"), _("Select all rows up to this one")),
            ("Esc", _("Clear selection")),
            ("f", _("Filter")),
            (", .", _("Previous and next page")),
            ("[ ]", _("Previous and next page")),
        ],
    )


def _new() -> rx.Component:
    """An order that a colleague enters, for who may."""
    made = button(_("New order"), picture="plus", key="new-order", waits=True, on_click=S.begin(BEGIN))
    return rx.cond(Me.may[Right.EDIT.value].to(bool), made)


def _narrowed() -> rx.Component:
    """Filter, chips, what matches, and what is new."""
    chips = rx.foreach(V.chips, lambda c: chip(c[0], c[2], rx.redirect(c[1])))
    clear = rx.cond(V.cleared != "", rx.el.a(RESET, href=V.cleared, on_click=[stay(), S.left(False)]))
    matching = rx.el.span(figure(V.matching), role="status", class_name="quiet-text small")
    return toolbar(
        order_filter(),
        chips,
        clear,
        _kept(),
        rx.cond(S.fresh != "", pill(S.fresh, S.refresh)),
        push(matching, _pages(), order_columns()),
    )


def _kept() -> rx.Component:
    """The list is kept as a view, or the one in sight is deleted (O-4)."""
    keep = button(_("Save as view"), look="text", key=KEEP, on_click=S.open_keeping)
    forget = button(_("Delete view"), look="text", key="delete-view", waits=True, on_click=S.forget(V.kept))
    return rx.fragment(rx.cond(V.to_keep != "", keep), rx.cond(V.kept != "", forget))


@later
def _keeping() -> rx.Component:
    """The dialog that keeps the list as a view; the browser asks for it when it is opened for the first time."""
    form = dialog_form(
        hidden_field("query", V.to_keep),
        field(
            _("Name"),
            "name",
            error=rx.cond(S.wrong_field == "name", S.wrong, ""),
            auto_complete="off",
            max_length=40,
            key="view-name",
        ),
        check(_("For everybody"), "shared"),
        on_submit=S.keep(NEW_VIEW),
        submit=_("Save"),
        error=rx.cond(S.wrong_field == "", S.wrong, ""),
    )
    return dialog(_("Save as view"), form, shown=S.form == "keep", on_open_change=S.close, opener=KEEP)


def _rows() -> rx.Component:
    """The rows, and below them what is to know of them: above, it would push them from under a pointer that presses
    one.
    """
    note = rx.cond(V.note != "", rx.el.p(V.note, class_name="toolbar quiet-text small", role="status"))
    return rx.fragment(rx.cond(V.rows.length() > 0, _table(), _nothing()), note, room_below())


def _table() -> rx.Component:
    """The columns that the colleague chose, of those that their role has the right to."""
    return table(
        _("Orders"),
        [tick_column()],
        V.rows,
        sticky=True,
        cards=True,
        fixed=True,
        on_row_press=stay(),
        on_row_click=lambda r: rx.redirect(_window(r)),
        known_by=NUMBER,
        more=More(V.columns, _cell, V.cards),
    )


def _cell(part: rx.Var[ColumnView], r: Row) -> rx.Component:
    kinds = [kind for kind in DRAWN if kind != "text"]
    drawn = rx.fragment(
        rx.match(part.kind, *((kind, DRAWN[kind](r, part.at)) for kind in kinds), DRAWN["text"](r, part.at))
    )
    return own_look(part.key, ((one.key, one.draw) for one in COLUMNS), r[part.at], drawn)


def _number(order: Row) -> rx.Component:
    return rx.el.a(order[NUMBER], href=_window(order), id=joined("order-", order[NUMBER]), class_name="key")


def _window(order: Row) -> Text:
    """The address of the order, with that of this list."""
    return joined("/orders/", order[NUMBER], V.carried)


def _customer(order: Row, at: int) -> rx.Component:
    company = rx.cond(order[at + 1] != "", quiet(" · ", order[at + 1]))
    return rx.el.span(order[at], company, rx.cond(order[WHY] != "", quiet(" · ", order[WHY], small=True)))


def _marks(order: Row, at: int) -> rx.Component:
    """An icon at its own place for each mark that is there, so that one sees at a glance which (O-1)."""
    return rx.el.span(
        *(_mark(order[at + n], picture) for n, picture in enumerate(PICTURES)), class_name="signs"
    )


def _mark(word: rx.Var[str], picture: str) -> rx.Component:
    there = rx.el.span(
        icon(picture), role="img", aria_label=word, title=word, class_name=f"sign sign-{picture}"
    )
    return rx.cond(word != "", there, rx.el.span(class_name="sign"))


PICTURES = ("message-square-text", "sticky-note", "circle-check", "messages-square", "undo-2", "map-pin")
"""The icons of comment, note, task, ticket, return, and address warning."""
DRAWN: dict[str, Callable[[Row, Any], rx.Component]] = {
    "order": lambda r, _at: _number(r),
    "customer": _customer,
    "moment": lambda r, at: quiet(figure(r[at])),
    "money": lambda r, at: rx.fragment(r[at]),
    "badge": lambda r, at: badge(r[at], r[at + 1], r[at + 2]),
    "word": lambda r, at: quiet(r[at], small=True),
    "text": lambda r, at: quiet(r[at], small=True),
    "marks": _marks,
}
"""The component for each kind of cell, whose texts stand in the row from `at` on."""


def _pages() -> rx.Component:
    """To the other pages, in the toolbar alone, so that they never move; one that leads nowhere stays, gray."""

    def step_to(picture: str, label: rx.Var[str], href: rx.Var[str], key: str) -> rx.Component:
        there = icon_link(picture, label, href, id=key)
        return rx.cond(href != "", there, icon_button(picture, label, aria_disabled=True))

    return rx.el.nav(
        step_to("chevrons-left", _("Newest"), V.first, "newest-orders"),
        step_to("chevron-left", _("Previous"), V.newer, "newer-orders"),
        step_to("chevron-right", _("Next"), V.older, "older-orders"),
        step_to("chevrons-right", _("Oldest"), V.last, "oldest-orders"),
        aria_label=_("Pages"),
        class_name="pages",
    )


@later
def _nothing() -> rx.Component:
    """What an empty list says."""
    none_yet = empty(
        "inbox",
        _("No orders yet."),
        _("They come in through the API as soon as your shop is connected, or from a file."),
        link_button(_("How to connect a shop"), "/api/docs", reload_document=True),
        rx.cond(held(Right.IMPORT), link_button(_("Import from a file"), "/settings/import")),
    )
    none_match = empty(
        "search-x",
        _("No order matches."),
        _("Take a filter away or search for a part of the word."),
        rx.cond(
            V.cleared != "",
            link_button(RESET, V.cleared, on_click=[stay(), S.left(False)]),
            link_button(_("Show all orders"), "/orders"),
        ),
    )
    return rx.cond(V.is_empty_shop, none_yet, none_match)
