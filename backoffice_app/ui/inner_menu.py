"""The menu of a part that has pages of its own, such as the settings: beside the page, a row above it on narrow
screens.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

import reflex as rx

from backoffice_app.ui.kinds import Child, Flag, Text


@dataclass(frozen=True)
class Item:
    """An entry. `shown`: whether this role has something to see there."""

    label: Text
    route: str
    current: bool
    shown: Flag = True


@dataclass(frozen=True)
class Part:
    """Entries under a common word; "" for those that stand alone."""

    title: Text
    items: Sequence[Item]


def with_inner_menu(name: Text, parts: Sequence[Part], *children: Child) -> rx.Component:
    """The children with a menu called `name` beside them."""
    menu = rx.el.nav(*map(_part, parts), aria_label=name, class_name="inner-menu")
    return rx.el.div(menu, rx.el.div(*children, class_name="inner-body"), class_name="inner")


def _part(part: Part) -> rx.Component:
    alone = isinstance(part.title, str) and not part.title
    title = [] if alone else [rx.el.div(part.title, class_name="side-title")]
    drawn = rx.el.div(*title, rx.el.ul(*map(_item, part.items)))
    shown = [item.shown for item in part.items]
    return drawn if any(isinstance(flag, bool) for flag in shown) else rx.cond(reduce(or_, shown), drawn)


def _item(item: Item) -> rx.Component:
    current = {"aria_current": "page"} if item.current else {}
    entry = rx.el.li(rx.el.a(item.label, href=item.route, class_name="side-link", **current))
    return entry if item.shown is True else rx.cond(item.shown, entry)
