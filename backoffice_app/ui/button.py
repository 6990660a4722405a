"""Buttons. One that can't be used stays, gray, with its reason as text: touch and keyboard never meet a tooltip."""

from collections.abc import Sequence
from typing import Literal

import reflex as rx

from backoffice_app.ui.browser import nothing
from backoffice_app.ui.icons import icon
from backoffice_app.ui.kbd import kbd
from backoffice_app.ui.kinds import Child, Event, Flag, Text, classes, joined
from backoffice_app.ui.waiting import refusable_button, waiting_button

Look = Literal["solid", "tint", "soft", "text", "text-danger", "danger", "done"]


def button(
    label: Text,
    *,
    on_click: Event = None,
    look: Look | rx.Var[str] = "soft",
    key: Text = "",
    why_not: Text = "",
    reason_at: Text = "",
    on_refused: Event = None,
    says: Literal["below", "elsewhere"] = "below",
    waits: bool = False,
    picture: str = "",
    shortcut: str = "",
    submit: bool = False,
    small: bool = False,
    **attributes: object,
) -> rx.Component:
    """A button with its word; `key` becomes its id and is needed where it may be refused or focus comes back to it.

    `why_not`: "" where it may be pressed; else the reason, which is tied to it. Such a button keeps the focus, is
    `aria-disabled` and, pressed, does `on_refused` and nothing else. `says`: where the reason is read: "below" the
    button, or "elsewhere" in the block, and then only read out with it. `reason_at`: the id of what says the same
    reason once for all buttons of the page; "" for none. `waits`: once pressed it is busy and can't be pressed again
    until that was answered; it keeps its width (`ui.waiting`).
    `look`: solid for the one next step of a page, tint for a step that is not the next, done for one that is done, soft
    for others, text in a block's head, danger only inside a confirming dialog. `small`: 28 px, in toolbars and rows.
    """
    refused = _is_text(why_not)
    inside = [
        *([icon(picture)] if picture else []),
        rx.el.span(label),
        *([kbd(shortcut)] if shortcut else []),
    ]
    looks = {
        "type": "submit" if submit else "button",
        "class_name": classes("btn", "btn-small" if small else "", joined("btn-", look)),
        **attributes,
    }
    named = {"id": key} if not isinstance(key, str) or key else {}
    slot = key if isinstance(key, str) and key else "form"
    if waits and refused is False:
        return waiting_button(*inside, slot=slot, does=on_click, **named, **looks)
    if waits:
        said = {
            "why_not": why_not,
            "reason_at": reason_at,
            "is_below": says == "below",
            "on_refused": on_refused,
        }
        return refusable_button(*inside, key=key, slot=slot, does=on_click, **said, **looks)
    heard = _unless(refused, on_click)
    if refused is False:
        return rx.el.button(*inside, **named, **looks, **({"on_click": heard} if heard else {}))
    if on_refused is not None:
        heard = [*heard, rx.cond(refused, on_refused, nothing())]
    own = joined(key, "-why")
    described = {
        "aria_disabled": refused,
        "aria_describedby": rx.cond(refused, joined(own, " ", reason_at), ""),
    }
    drawn = rx.el.button(*inside, **named, **described, **looks, on_click=heard)
    said_here = refused if isinstance(reason_at, str) and not reason_at else refused & (reason_at == "")
    shown = (
        {"class_name": "why", "custom_attrs": {"data-whole": why_not}}
        if says == "below"
        else {"class_name": "hidden-text"}
    )
    reason = rx.el.span(rx.el.span(why_not), id=own, **shown)
    return rx.el.span(drawn, rx.cond(said_here, reason), class_name="act")


def _unless(refused: Flag, does: Event) -> list[Event]:
    """What a press does that is not waited for; a refused one sends no form."""
    events = [] if does is None else list(does) if isinstance(does, Sequence) else [does]
    if refused is False:
        return events
    return [rx.cond(refused, rx.prevent_default, event) for event in events or [nothing()]]


def split(main: Child, variants: Child) -> rx.Component:
    """A button and, joined to it, the small one that does the same in another way."""
    return rx.el.span(main, variants, class_name="split")


def joined_controls(*controls: Child) -> rx.Component:
    """Controls that belong together, in one frame: a button and the choice of what it does."""
    return rx.el.span(*controls, class_name="joined")


def icon_button(
    picture: str,
    name: Text,
    *,
    on_click: Event = None,
    key: Text = "",
    submit: bool = False,
    look: Literal["", "blue", "solid", "tint"] | rx.Var[str] = "",
    **attributes: object,
) -> rx.Component:
    """A button with a 16-px picture. `name` says verb and object: "Print packing slip L-2026-0193".

    `look` "blue": it shows details.
    """
    return rx.el.button(
        icon(picture),
        type="submit" if submit else "button",
        aria_label=name,
        title=name,
        class_name=classes("btn btn-icon", joined("btn-", look) if not isinstance(look, str) or look else ""),
        **({"id": key} if not isinstance(key, str) or key else {}),
        **({"on_click": on_click} if on_click is not None else {}),
        **attributes,
    )


def link_button(
    label: Text, href: Text, *, look: Look = "soft", picture: str = "", **attributes: object
) -> rx.Component:
    """A link drawn as a button: for what leads to another page of Kontor."""
    return rx.el.a(
        *([icon(picture)] if picture else []),
        rx.el.span(label),
        href=href,
        class_name="btn btn-" + look,
        **attributes,
    )


def icon_link(picture: str, name: Text, href: Text, **attributes: object) -> rx.Component:
    """A 32-px link with a 16-px picture and a name."""
    return rx.el.a(
        icon(picture), href=href, aria_label=name, title=name, class_name="btn btn-icon", **attributes
    )


def _is_text(why_not: Text) -> Flag:
    return bool(why_not) if isinstance(why_not, str) else (why_not != "")
