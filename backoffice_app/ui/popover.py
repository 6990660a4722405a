"""Panels that float beside their button, by the browser's own popover: Esc and a click beside it close them, focus returns."""

import reflex as rx

from backoffice_app.ui.icons import icon
from backoffice_app.ui.kinds import Child, Text


def popover(label: Text, *children: Child, key: str, picture: str = "", name: Text | None = None) -> rx.Component:
    """A button `label` and the panel it opens. `key` is unique on the page.

    The panel is in the page all the time, so what is typed in it stays when it closes.
    """
    return rx.el.span(
        opener(key, *([icon(picture)] if picture else []), rx.el.span(label), class_name="btn btn-soft"),
        rx.el.div(
            *children,
            id=key,
            role="group",
            aria_label=label if name is None else name,
            class_name="float popover popover-panel",
            custom_attrs={"popover": "auto"},
        ),
    )


def opener(key: str, *children: Child, **attributes: object) -> rx.Component:
    """A button that shows or hides the panel with the id `key`."""
    return rx.el.button(*children, type="button", id=f"{key}-opener", custom_attrs={"popoverTarget": key}, **attributes)
