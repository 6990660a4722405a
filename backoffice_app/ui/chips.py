"""Filters: as links to choose one of, as chips that are on and can be taken away; and the pill that says
what is new.
"""

import reflex as rx

from backoffice_app.ui.badge import count
from backoffice_app.ui.icons import icon
from backoffice_app.ui.kinds import Event, Text


def filter_links(name: Text, items: rx.Var[list[list[str]]], chosen: rx.Var[str]) -> rx.Component:
    """Addresses to choose one of, from rows [key, word, count, address] that the server made; `chosen` is the key of
    the one shown.
    """
    link = rx.foreach(
        items,
        lambda item: rx.el.a(
            rx.el.span(item[1]),
            count(item[2]),
            href=item[3],
            class_name="tab",
            aria_current=rx.cond(item[0] == chosen, "true", "false"),
        ),
    )
    return rx.el.nav(link, aria_label=name, class_name="tabs")


def chip(label: Text, remove_name: Text, on_remove: Event) -> rx.Component:
    """An active filter; `remove_name` is the name of its button: "Remove filter Paid"."""
    return rx.el.span(
        label,
        rx.el.button(icon("x", 12), type="button", aria_label=remove_name, on_click=on_remove),
        class_name="chip",
    )


def pill(label: Text, on_click: Event) -> rx.Component:
    """News that waits until it is asked for: "3 new orders" (O-6)."""
    return rx.el.button(label, type="button", class_name="pill", on_click=on_click)
