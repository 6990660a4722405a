"""Panels that float beside their button, by the browser's own popover: Esc and a click beside it close them, focus
returns.
"""

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex_base.vars import ObjectVar
from reflex_components_core.el.elements.typography import Div

from backoffice_app.ui.browser import by_id, call
from backoffice_app.ui.icons import icon
from backoffice_app.ui.kinds import Child, Event, Text, classes


def popover(
    label: Text,
    *children: Child,
    key: str,
    picture: str = "",
    name: Text | None = None,
    slim: bool = False,
) -> rx.Component:
    """A button `label` and the panel it opens. `key` is unique on the page; `slim`: no wider than what is in it.

    The panel is in the page all the time, so what is typed in it stays when it closes.
    """
    return rx.el.span(
        opener(key, *([icon(picture)] if picture else []), rx.el.span(label), class_name="btn btn-soft"),
        rx.el.div(
            *children,
            id=key,
            role="group",
            aria_label=label if name is None else name,
            class_name="float popover" if slim else "float popover popover-panel",
            custom_attrs={"popover": "auto"},
        ),
    )


def exports(label: Text, csv: Text, xlsx: Text, more: rx.Var[Any] | None = None) -> rx.Component:
    """A button `label` and the kinds of file it offers, each with its address; `more`: (word, address) of others."""

    def kind(name: Text, href: Text) -> rx.Component:
        return rx.el.a(
            name,
            href=href,
            class_name="menu-item",
            download=True,
            reload_document=True,
            on_click=call(by_id("exports"), "hidePopover"),
        )

    others = [] if more is None else [rx.foreach(more, lambda one: kind(one[0], one[1]))]
    kinds = kind("CSV", csv), kind("XLSX", xlsx), *others
    return popover(label, *kinds, key="exports", picture="download", slim=True)


@dataclass(frozen=True)
class Toggled:
    """The browser's event of a popover that was opened or closed."""

    newState: str = ""  # noqa: N815


def _toggled(event: ObjectVar[Toggled]) -> tuple[rx.Var[bool]]:
    """Whether it is open now."""
    return (event.newState.to(str) == "open",)


class Panel(Div):
    """A <div> that says when it is opened or closed."""

    on_toggle: rx.EventHandler[_toggled]


def read_when_opened(
    head: Child, inside: Child, *, key: str, name: Text, on_toggle: Event, extra_class: str = ""
) -> rx.Component:
    """The button `head`, made with `opener`, and the panel it opens, called `name`; `on_toggle` is told whether it is
    open.
    """
    panel = Panel.create(
        inside,
        id=key,
        role="group",
        aria_label=name,
        class_name=classes("float popover", extra_class),
        custom_attrs={"popover": "auto"},
        on_toggle=on_toggle,
    )
    return rx.el.span(head, panel)


def opener(key: str, *children: Child, **attributes: object) -> rx.Component:
    """A button that shows or hides the panel with the id `key`."""
    return rx.el.button(
        *children, type="button", id=f"{key}-opener", custom_attrs={"popoverTarget": key}, **attributes
    )


def closer(key: str, label: Text) -> rx.Component:
    """A button that closes the panel with the id `key`; the focus goes back to where it was opened."""
    hides = {"popoverTarget": key, "popoverTargetAction": "hide"}
    return rx.el.button(label, type="button", class_name="btn btn-soft btn-small", custom_attrs=hides)
