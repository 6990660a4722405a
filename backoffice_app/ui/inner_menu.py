"""The menu of a part that has pages of its own, such as the settings: beside the page, above it on narrow screens."""

from collections.abc import Sequence
from dataclasses import dataclass

import reflex as rx

from backoffice_app.ui.kinds import Child, Flag, Text


@dataclass(frozen=True)
class Item:
    """An entry. `shown`: whether this role has something to see there."""

    label: Text
    route: str
    current: bool
    shown: Flag = True


def with_inner_menu(name: Text, items: Sequence[Item], *children: Child) -> rx.Component:
    """The children with a menu called `name` beside them."""
    menu = rx.el.nav(rx.el.ul(*map(_item, items)), aria_label=name, class_name="inner-menu")
    return rx.el.div(menu, rx.el.div(*children, class_name="inner-body"), class_name="inner")


def _item(item: Item) -> rx.Component:
    current = {"aria_current": "page"} if item.current else {}
    entry = rx.el.li(rx.el.a(item.label, href=item.route, class_name="side-link", **current))
    return entry if item.shown is True else rx.cond(item.shown, entry)
