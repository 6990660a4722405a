"""Tabs that are addresses: each is a link, Back works, and arrow keys move between them."""

from collections.abc import Sequence
from dataclasses import dataclass

import reflex as rx
from reflex_base.event import key_event
from reflex_components_core.el.elements.typography import Div

from backoffice_app.ui.badge import count
from backoffice_app.ui.kinds import Child, Flag, Text

_MOVE = (
    "{const all=[...document.activeElement.parentElement.children],at=all.indexOf(document.activeElement);"
    "all[(at+%s+all.length)%%all.length]?.focus()}"
)
NEXT = rx.run_script(_MOVE % "1")
PREVIOUS = rx.run_script(_MOVE % "-1")


class TabList(Div):
    """A <div> that hears keys."""

    on_key_down: rx.EventHandler[key_event]


@dataclass(frozen=True)
class Tab:
    """One tab: word, address, whether it is the one shown, and how many are behind it ("" for none)."""

    label: Text
    href: Text
    selected: Flag
    count: Text = ""
    key: str = ""


def tabs(name: Text, items: Sequence[Tab], *, in_head: bool = False) -> rx.Component:
    """A tablist of links called `name`. What it shows stands in a `tab_panel`."""
    return _list(name, *map(_tab, items), in_head=in_head)


def live_tabs(name: Text, items: rx.Var[list[list[str]]], selected: rx.Var[str], *, in_head: bool = False) -> rx.Component:
    """A tablist from rows [key, word, count, address] that the server made; `selected` is the key of the one shown."""
    return _list(name, rx.foreach(items, lambda item: _tab(Tab(item[1], item[3], item[0] == selected, item[2]))), in_head=in_head)


def tab_panel(name: Text, *children: Child) -> rx.Component:
    """What the selected tab shows; `name` is that tab's word."""
    return rx.el.div(*children, role="tabpanel", aria_label=name)


def _list(name: Text, *children: Child, in_head: bool) -> rx.Component:
    return TabList.create(
        *children,
        role="tablist",
        aria_label=name,
        class_name="tabs tabs-in-head" if in_head else "tabs",
        on_key_down=lambda key, info: rx.cond(key == "ArrowRight", NEXT, rx.cond(key == "ArrowLeft", PREVIOUS, rx.noop())),  # noqa: ARG005
    )


def _tab(tab: Tab) -> rx.Component:
    number = tab.count
    shown = [] if isinstance(number, str) and not number else [count(number)]
    return rx.el.a(
        rx.el.span(tab.label),
        *shown,
        href=tab.href,
        role="tab",
        class_name="tab",
        aria_selected=tab.selected,
        **({"id": tab.key} if tab.key else {}),
    )
