"""The parts of a list page that all lists but that of the orders share: search, tabs, filters, paging, export
(docs/lists.md).
"""

from typing import Any

import reflex as rx

from backoffice_app.domain.core.keyset import KeysetList, ListView
from backoffice_app.ui.browser import by_id, call
from backoffice_app.ui.button import button, icon_button, icon_link, link_button
from backoffice_app.ui.chips import chip
from backoffice_app.ui.empty import empty
from backoffice_app.ui.field import field, select_field
from backoffice_app.ui.kinds import Child, Event, Text, joined
from backoffice_app.ui.layout import push, quiet, row, side_by_side, stack, toolbar
from backoffice_app.ui.native_form import open_form
from backoffice_app.ui.popover import exports, popover
from backoffice_app.ui.search import Searching, live_search, stay
from backoffice_app.ui.shortcuts import STEP_KEYS, Does, Listed, focus, press, reveal, step
from backoffice_app.ui.skeleton import skeleton_rows
from backoffice_app.ui.table import Column
from backoffice_app.ui.tabs import live_tabs
from backoffice_app.ui.texts import _, text_of

FILTER = "list-filter"
RESET = _("Reset search and filters")
CLOSE_FILTER = call(by_id(FILTER), "hidePopover")
"""A button that sends a form can't be one that closes a popover, so the form closes it."""
View = rx.Var[ListView]


def search_box(label: Text, state: Any) -> rx.Component:
    """The search box of the list that `state` shows."""
    view = state.view
    return live_search(
        label,
        Searching(
            view.query, state.box, view.find, view.unsearched, on_typed=state.typed, on_left=state.left
        ),
    )


def leaves(state: Any) -> list[Event]:
    """What ends when one goes elsewhere: a search that still waits for its last letter."""
    return [stay(), state.left(False)]


def keys(links: str, *, has_filter: bool = False) -> dict[str, Does]:
    """The single keys of a list whose rows are reached by `links`, a selector."""
    steps = {
        "j": step(links, 1),
        "k": step(links, -1),
        **dict.fromkeys(("[", ","), press("newer")),
        **dict.fromkeys(("]", "."), press("older")),
    }
    return {"/": focus("search"), **steps, **({"f": reveal(FILTER)} if has_filter else {})}


def listed_keys(opens: Text, *, has_filter: bool = False) -> list[Listed]:
    """What the list of shortcuts says of them; `opens`: what Enter does on a row."""
    rest: list[Listed] = [
        (STEP_KEYS, _("Next and previous row")),
        ("Enter", opens),
        (", .", _("Previous and next page")),
    ]
    return [("/", _("Search")), *rest, *([("f", _("Filter"))] if has_filter else [])]


def tools(
    of: KeysetList,
    state: Any,
    *,
    prints: Text | None = None,
    on_apply: Event = None,
    more: Child | None = None,
) -> rx.Component:
    """Tabs, filter with its chips, and at the end what is done with all that is listed; `prints`: the word of the
    button that prints.
    """
    view = state.view
    chips = rx.foreach(view.chips, lambda c: chip(c[0], c[2], rx.redirect(c[1])))
    clear = rx.cond(view.cleared != "", rx.el.a(RESET, href=view.cleared, on_click=leaves(state)))
    narrow = (
        [popover(_("Filter"), _filter_form(of, view, on_apply), key=FILTER, picture="list-filter")]
        if on_apply is not None
        else []
    )
    together = (
        [rx.cond(view.prints != "", open_form(view.prints, button(prints, submit=True, picture="printer")))]
        if prints is not None
        else []
    )
    return rx.fragment(
        toolbar(live_tabs(text_of(of.filters[of.tabs].label), view.tabs, view.tab))
        if of.tabs
        else rx.fragment(),
        toolbar(
            *narrow,
            chips,
            clear,
            push(
                *([more] if more is not None else []),
                *together,
                exports(_("Export"), view.csv, view.xlsx, view.files),
                _pages(state),
            ),
        ),
    )


def sorted_by(state: Any, key: str) -> tuple[Text, Text]:
    """What the head of a column needs to sort the list: the address and how it is sorted now."""
    return state.view.sorts[key][0], state.view.sorts[key][1]


def listing(state: Any, rows: rx.Component, none: rx.Component) -> rx.Component:
    """The list once it is read: its `rows`, or `none`, and below them what is to know of them.

    Above the rows a sentence that comes and goes would push them from under a pointer that presses one.
    """
    view = state.view
    note = rx.cond(
        view.note != "", rx.el.div(quiet(view.note, small=True), class_name="toolbar", role="status")
    )
    return rx.cond(
        state.is_read,
        rx.fragment(rx.cond(view.rows.length() > 0, rows, none), note),
        skeleton_rows(),
    )


def _pages(state: Any) -> rx.Component:
    view = state.view
    return rx.cond(view.rows.length() > 0, ways_to_pages(view.first, view.newer, view.older, view.last))


def ways_to_pages(first: Any, newer: Any, older: Any, last: Any) -> rx.Component:
    """To the pages before and after, in the toolbar alone, so that they never move; one that leads nowhere
    stays, gray.
    """

    def step_to(picture: str, label: rx.Var[str], href: rx.Var[str], key: str) -> rx.Component:
        return rx.cond(
            href != "",
            icon_link(picture, label, href, id=key),
            icon_button(picture, label, aria_disabled=True),
        )

    return rx.el.nav(
        step_to("chevrons-left", _("First page"), first, "first-page"),
        step_to("chevron-left", _("Previous"), newer, "newer"),
        step_to("chevron-right", _("Next"), older, "older"),
        step_to("chevrons-right", _("Last page"), last, "last-page"),
        aria_label=_("Pages"),
        class_name="pages",
    )


def nothing(
    state: Any, picture: str, none_yet: tuple[Text, Text], none_match: Text, *action: Child
) -> rx.Component:
    """What stands in the place of rows: with filters or a search that no row matches, else that there is nothing yet
    and what to do.
    """
    filtered = empty(
        "search-x",
        none_match,
        _("Take a filter away or search for a part of the word."),
        link_button(RESET, state.view.cleared, on_click=leaves(state)),
    )
    return rx.cond(state.view.cleared != "", filtered, empty(picture, *none_yet, *action))


def customer(at: int, place: int) -> Column:
    """The column of who ordered, whose name stands at `at` in a row and the company behind it."""

    def cell(r: rx.Var[list[str]]) -> rx.Component:
        return rx.el.span(r[at], rx.cond(r[at + 1] != "", quiet(" · ", r[at + 1])))

    return Column(_("Customer"), cell, place=place, extra_class="fill")


def _filter_form(of: KeysetList, view: Any, on_apply: Event) -> rx.Component:
    """One field a filter; days stand side by side."""
    choices, days = [], []
    for key, part in of.filters.items():
        if key == of.tabs:
            continue
        if part.choices is None:
            days.append(
                field(
                    text_of(part.label), key, value=view.filter[key], key=joined("filter-", key), type="date"
                )
            )
        else:
            options = [("", _("Any")), *((value, text_of(word)) for value, word in part.choices.items())]
            choices.append(
                select_field(
                    text_of(part.label), key, options, value=view.filter[key], key=joined("filter-", key)
                )
            )
    fields = [*choices, *([side_by_side(*days)] if days else [])]
    return rx.el.form(
        stack(*fields, row(button(_("Apply"), look="solid", submit=True), end=True), wide=True),
        on_submit=[on_apply, CLOSE_FILTER],
        key=joined("filter", view.key),  # where another list is shown, the form says what filters that
    )
