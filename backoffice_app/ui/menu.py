"""Menus: a button that shows a list of actions and links; on the browser's own popover, so it costs no script."""

import reflex as rx

from backoffice_app.ui.icons import icon
from backoffice_app.ui.kinds import Child, Event, Flag, Text
from backoffice_app.ui.popover import closing, opener


def menu(label: Text, *items: Child, key: str, picture: str = "", at_end: bool = False, icon_only: bool = False) -> rx.Component:
    """A button `label` with a list of `menu_item`s; `icon_only`: the label is its name and only the picture shows."""
    face = [icon(picture)] if picture else []
    named = {"aria_label": label, "title": label, "class_name": "btn btn-icon"} if icon_only else {"class_name": "btn btn-soft"}
    return rx.el.span(
        opener(key, *face, *([] if icon_only else [rx.el.span(label), icon("chevron-down")]), **named),
        rx.el.div(*items, id=key, class_name="float popover" + (" popover-end" if at_end else ""), custom_attrs={"popover": "auto"}),
    )


def menu_item(label: Text, *, key: str, on_click: Event, picture: str = "", disabled: Flag = False, why_not: Text = "") -> rx.Component:
    """One action of the menu `key`; pressing it closes the menu. `why_not` stands under a word that can't be pressed."""
    refused = disabled if isinstance(why_not, str) and not why_not else why_not != ""
    return rx.el.button(
        *([icon(picture)] if picture else []),
        rx.el.span(label, rx.cond(refused, rx.el.span(why_not, class_name="why"))) if refused is not False else rx.el.span(label),
        type="button",
        class_name="menu-item",
        on_click=on_click,
        custom_attrs=closing(key),
        **({"disabled": refused} if refused is not False else {}),
    )


def menu_line() -> rx.Component:
    """A line between groups of items."""
    return rx.el.hr(class_name="menu-line")
