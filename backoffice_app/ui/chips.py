"""Chips: the filters that are on, each with a button that takes it away; and the pill that says what is new."""

import reflex as rx

from backoffice_app.ui.icons import icon
from backoffice_app.ui.kinds import Event, Text


def chip(label: Text, remove_name: Text, on_remove: Event) -> rx.Component:
    """An active filter; `remove_name` is the name of its button: "Remove filter Paid"."""
    return rx.el.span(label, rx.el.button(icon("x", 12), type="button", aria_label=remove_name, on_click=on_remove), class_name="chip")


def pill(label: Text, on_click: Event) -> rx.Component:
    """News that waits until it is asked for: "3 new orders" (O-6)."""
    return rx.el.button(label, type="button", class_name="pill", on_click=on_click)
