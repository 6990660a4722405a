"""What floats over the lower edge of a page and moves nothing: the bar of a choice, how far runs are."""

import reflex as rx

from backoffice_app.ui.kinds import Child, Event, Text


def floating_bar(*children: Child, name: Text) -> rx.Component:
    """A bar of buttons in the middle of the lower edge.

    What scrolls below it keeps room for it (`room_below`).
    """
    return rx.el.div(*children, class_name="floating-bar", role="toolbar", aria_label=name)


def room_below() -> rx.Component:
    """The room that a list keeps free at its end, also without the bar, so nothing moves when it comes."""
    return rx.el.div(class_name="floating-room", aria_hidden="true")


def menu_button(label: Text, on_click: Event) -> rx.Component:
    """A line of a menu in a popover."""
    return rx.el.button(rx.el.span(label), type="button", class_name="menu-item", on_click=on_click)


def floating_list(*children: Child, name: Text) -> rx.Component:
    """Cards at the lower right corner, the newest at the bottom; read out when they change."""
    return rx.el.div(*children, class_name="floating-list", role="region", aria_label=name)


def floating_card(*children: Child) -> rx.Component:
    """One card of it."""
    return rx.el.div(*children, class_name="floating-card")


def progress_bar(name: Text, done: rx.Var[int], size: rx.Var[int]) -> rx.Component:
    """How much of `size` is done; `name` says of what."""
    return rx.el.progress(value=done, max=size, aria_label=name)
