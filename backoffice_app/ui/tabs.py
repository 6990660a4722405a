"""Tabs that are addresses: each is a link, Back works, and arrow keys move between them."""

from collections.abc import Sequence
from dataclasses import dataclass

import reflex as rx
from reflex.event import EventSpec
from reflex_base.vars import ObjectVar
from reflex_components_core.el.elements.typography import Div

from backoffice_app.ui.badge import count
from backoffice_app.ui.browser import Element, KeyPress, call, nothing
from backoffice_app.ui.kinds import Child, Event, Flag, Text, joined


def _pressed(event: ObjectVar[KeyPress]) -> tuple[rx.Var[str], Element, Element]:
    """The key, and the tabs at the left and at the right; beside the first is the last."""
    tab = event.target.to(ObjectVar, dict)
    whole = tab.parentElement.to(ObjectVar, dict)
    left, right = tab.previousElementSibling, tab.nextElementSibling
    return (
        event.key.to(str),
        rx.cond(left.to(bool), left, whole.lastElementChild).to(dict),
        rx.cond(right.to(bool), right, whole.firstElementChild).to(dict),
    )


class TabList(Div):
    """A <div> that hears keys."""

    on_key_down: rx.EventHandler[_pressed]


@dataclass(frozen=True)
class Tab:
    """One tab: word, address, whether it is the one shown, and how many are behind it ("" for none).

    `waits`: whether one of them waits for a person, so that the number stands out.
    """

    label: Text
    href: Text
    selected: Flag
    count: Text = ""
    key: Text = ""
    waits: rx.Var[bool] | None = None


def tabs(name: Text, items: Sequence[Tab]) -> rx.Component:
    """A tablist of links called `name`. What it shows stands in a `tab_panel`."""
    return _list(name, *map(_tab, items))


def live_tabs(name: Text, items: rx.Var[list[list[str]]], selected: rx.Var[str]) -> rx.Component:
    """A tablist from rows [key, word, count, address] that the server made; `selected` is the key of the one shown.

    A row may have a fifth text: then something behind it waits for a person, and its count stands out.
    """
    return _list(name, rx.foreach(items, lambda item: _live(item, selected)))


def tab_panel(name: Text, *children: Child) -> rx.Component:
    """What the selected tab shows; `name` is that tab's word."""
    return rx.el.div(*children, role="tabpanel", aria_label=name)


def _list(name: Text, *children: Child) -> rx.Component:
    return TabList.create(
        *children,
        role="tablist",
        aria_label=name,
        class_name="tabs",
        on_key_down=_move,
    )


def _move(key: rx.Var[str], left: Element, right: Element) -> Event:
    moves = (("ArrowLeft", call(left, "focus")), ("ArrowRight", call(right, "focus")))
    return rx.match(key, *moves, nothing()).to(EventSpec)


def _live(item: rx.Var[list[str]], selected: rx.Var[str]) -> rx.Component:
    return _tab(
        Tab(item[1], item[3], item[0] == selected, item[2], joined("tab-", item[0]), item[4].to(bool))
    )


def _tab(tab: Tab) -> rx.Component:
    number = tab.count
    shown = (
        [rx.cond(number != "", count(number, waits=tab.waits))]
        if isinstance(number, rx.Var)
        else [count(number)]
        if number
        else []
    )
    return rx.el.a(
        rx.el.span(tab.label),
        *shown,
        href=tab.href,
        role="tab",
        class_name="tab",
        aria_selected=tab.selected,
        **({"id": tab.key} if not isinstance(tab.key, str) or tab.key else {}),
    )
