"""What floats over the lower edge of a page and moves nothing: the bar of a choice, how far runs are."""

import reflex as rx

from backoffice_app.ui.badge import count
from backoffice_app.ui.browser import by_id, call, exists, nothing
from backoffice_app.ui.kinds import Child, Event, Text, joined


def floating_bar(*children: Child, name: Text) -> rx.Component:
    """A bar of buttons in the middle of the lower edge. Where it goes the focus that it had is that of the page.

    What scrolls below it keeps room for it (`room_below`).
    """
    to_page = rx.cond(exists(":focus"), nothing(), call(by_id("main"), "focus", {"preventScroll": True}))
    return rx.el.div(
        *children, class_name="floating-bar", role="toolbar", aria_label=name, on_unmount=to_page
    )


def room_below() -> rx.Component:
    """The room that a list keeps free at its end, also without the bar, so nothing moves when it comes."""
    return rx.el.div(class_name="floating-room", aria_hidden="true")


def menu_button(label: Text, on_click: Event) -> rx.Component:
    """A line of a menu in a popover."""
    return rx.el.button(rx.el.span(label), type="button", class_name="menu-item", on_click=on_click)


def counted_button(label: Text, on_click: Event, *, number: rx.Var[str], why: rx.Var[str]) -> rx.Component:
    """A line of a menu with the `number` that it is for, and as its tip `why` it is for none; "" where that is not
    known.

    Its name is the label. The number may come later: nothing moves then.
    """
    return rx.el.button(
        rx.el.span(label, class_name=rx.cond(why != "", "grow quiet-text", "grow")),
        rx.cond(number != "", count(number)),
        type="button",
        title=why,
        aria_label=label,
        class_name="menu-item",
        on_click=on_click,
        custom_attrs={"aria-description": joined(number, " ", why)},
    )


def floating_list(*children: Child, name: Text) -> rx.Component:
    """Cards at the lower right corner, the newest at the bottom; read out when they change."""
    return rx.el.div(*children, class_name="floating-list", role="region", aria_label=name)


def floating_card(*children: Child, is_over: bool = False) -> rx.Component:
    """One card of it. `is_over`: one line that covers little: what it says, links, the button that closes it."""
    return rx.el.div(*children, class_name="floating-card floating-card-over" if is_over else "floating-card")


def progress_bar(name: Text, done: rx.Var[int], size: rx.Var[int]) -> rx.Component:
    """How much of `size` is done; `name` says of what."""
    return rx.el.progress(value=done, max=size, aria_label=name)
