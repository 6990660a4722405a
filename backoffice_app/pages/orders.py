"""Sales > Orders: the list that a team lives in (O)."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

import reflex as rx

from backoffice_app import i18n
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.listing.parts import COLUMNS, CONTROLS, FILTERS, OF_THE_CORE, Filter
from backoffice_app.domain.listing.parts import Column as ListColumn
from backoffice_app.domain.listing.rows import NUMBER, WHY, place_of
from backoffice_app.domain.listing.views import ColumnView, FieldView
from backoffice_app.pages.bulk import bulk_bar, tick_column
from backoffice_app.pages.frame import page
from backoffice_app.pages.plain import own_look
from backoffice_app.state.me import Me
from backoffice_app.state.order import OrderState
from backoffice_app.state.orders import BEGIN, VIEW, OrdersState
from backoffice_app.state.pages import SALES, page_at
from backoffice_app.ui.badge import badge
from backoffice_app.ui.browser import by_id, call
from backoffice_app.ui.button import button, icon_button, icon_link, link_button
from backoffice_app.ui.chips import chip, pill
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.empty import empty
from backoffice_app.ui.field import check, field, hidden_field, select_field
from backoffice_app.ui.floating import room_below
from backoffice_app.ui.frame import page_header
from backoffice_app.ui.icons import icon
from backoffice_app.ui.kinds import Text, joined
from backoffice_app.ui.later import later
from backoffice_app.ui.layout import figure, push, quiet, row, side_by_side, stack, toolbar
from backoffice_app.ui.popover import popover
from backoffice_app.ui.returning import focus_on_return
from backoffice_app.ui.search import Searching, live_search, stay
from backoffice_app.ui.shortcuts import focus, press, press_in_row, reveal, step
from backoffice_app.ui.skeleton import skeleton_rows
from backoffice_app.ui.table import Column, More, Row, table
from backoffice_app.ui.tabs import live_tabs
from backoffice_app.ui.texts import _, text_of
from backoffice_app.ui.ticks import ticks

S = OrdersState
TYPED_AMOUNT = r"[0-9.,'’\s]{1,25}"
"""What may be an amount in some language; which one it is, the server reads in the language of the person."""
V = OrdersState.view
LINKS = "a[id^=order-]"
TICK = ".pick input"
FILTER = "order-filter"
KEEP = "save-view"
NEW_VIEW = Shown(VIEW, "new").text
"""What the event of a new view is about."""
RESET = _("Reset search and filters")
CLOSE_FILTER = call(by_id(FILTER), "hidePopover")
"""A button that sends a form can't be one that closes a popover, so the form closes it."""


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
            "x": press_in_row(TICK),
            **dict.fromkeys(("[", ","), press("newer-orders")),
            **dict.fromkeys(("]", "."), press("older-orders")),
        },
        listed=[
            ("/", _("Search orders")),
            ("j k", _("Next and previous row")),
            ("Enter", _("Open the order")),
            ("x", _("Select the row")),
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
        popover(_("Filter"), _filter_form(), key=FILTER, picture="list-filter"),
        chips,
        clear,
        _kept(),
        rx.cond(S.fresh != "", pill(S.fresh, S.refresh)),
        push(matching, _pages()),
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
        field(_("Name"), "name", error=rx.cond(S.wrong_field == "name", S.wrong, ""), auto_complete="off", max_length=40, key="view-name"),
        check(_("For everybody"), "shared"),
        on_submit=S.keep(NEW_VIEW),
        submit=_("Save"),
        error=rx.cond(S.wrong_field == "", S.wrong, ""),
    )
    return dialog(_("Save as view"), form, shown=S.form == "keep", on_open_change=S.close, opener=KEEP)


def _filter_form() -> rx.Component:
    """The filters; they combine (O-3). Those of a line stand side by side; what plug-ins add comes below."""
    built = sorted((part for part in FILTERS if part.control and part.built), key=lambda part: part.line)
    lines = [list(parts) for _line, parts in groupby(built, key=lambda part: part.line)]
    return rx.el.form(
        stack(
            *(_line(parts) for parts in lines),
            rx.foreach(V.fields, _field_of_a_plugin),
            row(button(_("Apply"), look="solid", submit=True), end=True),
            wide=True,
        ),
        on_submit=[S.apply, CLOSE_FILTER],
        key=joined("filter", V.carried),  # where another list is shown, the form says what filters that
    )


def _line(parts: Sequence[Filter]) -> rx.Component:
    """Fields beside each other. Parts that the rights do not reach are not there."""
    drawn = [_field(part.key, text_of(part.label), part.control) for part in parts]
    rights = {part.right for part in parts}
    if len(rights) == 1:
        line = drawn[0] if len(drawn) == 1 else side_by_side(*drawn)
        return line if parts[0].right == Right.READ else rx.cond(_may(parts[0].right), line)
    return side_by_side(*(rx.cond(_may(part.right), one) for part, one in zip(parts, drawn, strict=True)))


def _field_of_a_plugin(part: rx.Var[FieldView]) -> rx.Component:
    others = [(control, _field(part.key, part.label, control)) for control in CONTROLS if control != "text"]
    return rx.match(part.control, *others, _field(part.key, part.label, "text"))


def _field(key: Text, label: Text, control: str) -> rx.Component:
    """One field of the form; `key`: that of its filter."""
    if control == "ticks":
        return ticks(label, V.options[key], chosen=V.chosen[key])
    if control == "choice":
        return select_field(label, key, V.options[key], value=V.filter[key], key=joined("filter-", key))
    # What can't be an amount in any language, the browser itself says at the field, and the panel stays open.
    amount: dict[str, Text] = {"input_mode": "decimal", "pattern": TYPED_AMOUNT, "title": _("An amount such as 12.50")}
    attributes: dict[str, dict[str, Text]] = {"amount": amount, "day": {"type": "date"}}
    return field(label, key, value=V.filter[key], key=joined("filter-", key), **attributes.get(control, {}))


def _may(right: Right) -> rx.Var[bool]:
    return V.rights.contains(right.value)


def _rows() -> rx.Component:
    """The rows, and below them what is to know of them: above, it would push them from under a pointer that presses one."""
    note = rx.cond(V.note != "", rx.el.p(V.note, class_name="toolbar quiet-text small", role="status"))
    return rx.fragment(rx.cond(V.rows.length() > 0, _table(), _nothing()), note, room_below())


def _table() -> rx.Component:
    """The registered columns; those that this role has no right to are not there."""
    built = [part for part in COLUMNS if part.built]
    shared = {place for place, count in Counter(part.card for part in built).items() if place and count > 1}
    return table(
        _("Orders"),
        [
            tick_column(),
            *(_column(part, part.card if part.card not in shared else 0) for part in built),
            *(_together([part for part in built if part.card == place]) for place in sorted(shared)),
        ],
        V.rows,
        sticky=True,
        cards=True,
        fixed=True,
        on_row_press=stay(),
        on_row_click=lambda r: rx.redirect(_window(r)),
        known_by=NUMBER,
        more=More(V.columns, _cell_of_a_plugin),
    )


def _column(part: ListColumn, place: int) -> Column:
    at, classes = (
        place_of(part.key),
        [f"w-{part.key}" if part.key in WIDTHS else CLASSES.get(part.kind, ""), "wide-only" if part.wide else ""],
    )
    return Column(
        text_of(part.label),
        lambda r: DRAWN[part.kind](r, at),
        number=part.kind == "money",
        place=place,
        extra_class=" ".join(filter(None, classes)),
        sort=(V.sorts[part.key][0], V.sorts[part.key][1]) if part.sort is not None else None,
        shown=V.has_sources if part.key == "source" else None if part.right == Right.READ else _may(part.right),
    )


def _together(parts: Sequence[ListColumn]) -> Column:
    """What stands at one place of a phone card: the cells of several columns."""

    def cells(r: Row) -> rx.Component:
        drawn = [(part, DRAWN[part.kind](r, place_of(part.key))) for part in parts]
        return rx.fragment(*(one if part.right == Right.READ else rx.cond(_may(part.right), one) for part, one in drawn))

    return Column("", cells, place=parts[0].card, hide_head=True, extra_class="cards-only")


def _cell_of_a_plugin(part: rx.Var[ColumnView], r: Row) -> rx.Component:
    kinds = [kind for kind in DRAWN if kind not in {*OF_THE_CORE, "text"}]
    plain = rx.fragment(rx.match(part.kind, *((kind, DRAWN[kind](r, part.at)) for kind in kinds), DRAWN["text"](r, part.at)))
    return own_look(part.key, ((one.key, one.draw) for one in COLUMNS), r[part.at], plain)


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
    return rx.el.span(*(_mark(order[at + n], picture) for n, picture in enumerate(PICTURES)), class_name="signs")


def _mark(word: rx.Var[str], picture: str) -> rx.Component:
    there = rx.el.span(icon(picture), role="img", aria_label=word, title=word, class_name=f"sign sign-{picture}")
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
CLASSES = {"moment": "one-line", "customer": "", "word": "short"}
WIDTHS = {"number", "date", "total", "status", "payment", "shipping", "source", "marks"}
"""The columns whose width the style sheet knows, so that it is the same in each view and on each page; the customer gets the rest."""


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
        _("They come in through the API as soon as your shop is connected, or from a file with “kontor import”."),
        link_button(_("How to connect a shop"), "/api/docs", reload_document=True),
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
