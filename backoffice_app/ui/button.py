"""Buttons. One that can't be used stays, greyed, with its reason as text under it: touch and keyboard never meet a tooltip."""

from typing import Literal

import reflex as rx

from backoffice_app.ui.icons import icon
from backoffice_app.ui.kbd import kbd
from backoffice_app.ui.kinds import Event, Flag, Text, joined
from backoffice_app.ui.waiting import WAITS

Look = Literal["solid", "soft", "text", "danger"]


def button(
    label: Text,
    *,
    on_click: Event = None,
    look: Look = "soft",
    key: Text = "",
    why_not: Text = "",
    waits: bool = False,
    picture: str = "",
    shortcut: str = "",
    submit: bool = False,
    **attributes: object,
) -> rx.Component:
    """A button with its word; `key` becomes its id and is needed where it may be refused or focus comes back to it.

    `why_not`: "" where it may be pressed; else the reason, shown under it and tied to it.
    `waits`: once pressed it is busy and can't be pressed again until that was answered; it keeps its width (`ui.waiting`).
    `look`: solid for the one next step of a block, soft for others, text in a block's head, danger only inside a confirming dialog.
    """
    refused = _is_text(why_not)
    reason = joined(key, "-why")
    pressed = rx.el.button(
        *([icon(picture)] if picture else []),
        rx.el.span(label),
        *([kbd(shortcut)] if shortcut else []),
        type="submit" if submit else "button",
        class_name=f"btn btn-{look} {WAITS}" if waits else f"btn btn-{look}",
        **({"id": key} if not isinstance(key, str) or key else {}),
        **({"disabled": refused, "aria_describedby": rx.cond(refused, reason, "")} if refused is not False else {}),
        **({"on_click": on_click} if on_click is not None else {}),
        **attributes,
    )
    if refused is False:
        return pressed
    return rx.el.span(pressed, rx.cond(refused, rx.el.span(why_not, id=reason, class_name="why")), class_name="act")


def icon_button(
    picture: str, name: Text, *, on_click: Event = None, key: Text = "", submit: bool = False, **attributes: object
) -> rx.Component:
    """A 32-px button with a 16-px picture. `name` says verb and object: "Print packing slip L-2026-0193"."""
    return rx.el.button(
        icon(picture),
        type="submit" if submit else "button",
        aria_label=name,
        title=name,
        class_name="btn btn-icon",
        **({"id": key} if not isinstance(key, str) or key else {}),
        **({"on_click": on_click} if on_click is not None else {}),
        **attributes,
    )


def link_button(label: Text, href: Text, *, look: Look = "soft", picture: str = "", **attributes: object) -> rx.Component:
    """A link drawn as a button: for what leads to another page of Kontor."""
    return rx.el.a(*([icon(picture)] if picture else []), rx.el.span(label), href=href, class_name="btn btn-" + look, **attributes)


def icon_link(picture: str, name: Text, href: Text, **attributes: object) -> rx.Component:
    """A 32-px link with a 16-px picture and a name."""
    return rx.el.a(icon(picture), href=href, aria_label=name, title=name, class_name="btn btn-icon", **attributes)


def _is_text(why_not: Text) -> Flag:
    return bool(why_not) if isinstance(why_not, str) else (why_not != "")
