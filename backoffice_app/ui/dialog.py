"""Dialogs, the browser's own: 480 px, or 920, named like the button that opened them; focus goes in and back to the
opener, Esc closes.
"""

from collections.abc import Callable

import reflex as rx
from reflex_components_core.el.elements.other import Dialog

from backoffice_app.ui.browser import by_id, by_selector, call, press
from backoffice_app.ui.button import Look, button, icon_button
from backoffice_app.ui.kinds import Child, Event, Flag, Text
from backoffice_app.ui.texts import _
from backoffice_app.ui.typed_form import ChosenForm, TypedForm

WAIT = 500
"""Milliseconds after the last key before what was typed is told."""
KEY = "dialog"
"""The id of the dialog that is open; there is one at a time."""
CLOSE = KEY + "-close"
_SHOW = call(by_id(KEY), "showModal")
_PASS_LETTER = call(
    by_selector(f"#{KEY}:has(.letter:focus) :is(input:not([type=hidden]), textarea, select)"), "focus"
)
"""A letter can be scrolled by keyboard, so it would have the focus; it goes on to the first field, where
there is one.
"""
_SELECT = call(by_selector(f"#{KEY} input:focus"), "select")
"""What stands in the first field is replaced by what is typed."""


class Box(Dialog):
    """A <dialog> that tells when the browser wants to close it, and when it did."""

    on_cancel: rx.EventHandler[rx.event.no_args_event_spec]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]


def dialog(
    title: Text,
    *children: Child,
    shown: Flag,
    on_open_change: Event,
    opener: Text,
    description: Text | None = None,
    wide: bool = False,
    preview: Child | None = None,
) -> rx.Component:
    """A modal dialog that a state opens and closes.

    `opener` is the id of the element that gets the focus when it closes.

    It is open exactly while `shown` is true: Esc, a click beside it and its close button ask the state to close it, so
    what is typed stays as long as the server can't be reached. `wide`: for a form that needs the room. `preview`: what
    the form makes, at its right from the title down; under it where there is no room.
    """
    closes = on_open_change(False)
    described = {"aria_describedby": KEY + "-about"} if description is not None else {}
    about = (
        [rx.el.p(description, class_name="quiet-text", id=KEY + "-about")] if description is not None else []
    )
    body: list[Child] = [*about, *children]
    if preview is not None:
        body = [
            rx.el.div(rx.el.div(*body, class_name="stack stack-wide"), preview, class_name="dialog-split")
        ]
    box = Box.create(
        rx.el.h2(title, id=KEY + "-title"),
        *body,
        icon_button(
            "x", _("Close"), on_click=closes, key=CLOSE
        ),  # last, so that the first field has the focus; drawn at the top
        id=KEY,
        aria_labelledby=KEY + "-title",
        class_name="dialog dialog-wide" if wide or preview is not None else "dialog",
        custom_attrs={"closedby": "any"},
        on_mount=[_SHOW, _PASS_LETTER, _SELECT],
        on_cancel=closes.prevent_default,
        on_close=_SHOW,  # the browser closes it by itself at the second Esc in a row; only the state does
        on_unmount=call(by_id(opener), "focus", {"preventScroll": True}),
        **described,
    )
    return rx.cond(shown, box)


def dialog_form(
    *fields: Child,
    on_submit: Event,
    submit: Text,
    keep: Text | None = None,
    error: Text = "",
    look: Look = "solid",
    on_typed: Callable[..., Event] | None = None,
    ticks: bool = False,
    note: Text | None = None,
) -> rx.Component:
    """The form of a dialog: fields, then what is wrong and the verb as its button, which stay in sight while the fields
    scroll.

    `keep` is the word of the other button where it says what stays ("Keep order"); it keeps a draft, as Escape does. A
    form that is longer than the window asks and refuses beside its button: what is asked there must be read before it
    is pressed again.

    Fields carry `name` and `default_value`; `on_submit` gets them all as one dict of texts, once a press.
    `on_typed` gets name, text and kind of a field half a second after the last key, and when it is left; with `ticks`
    the text of a box that is not ticked is "". `note`: what follows from the button, in one line beside it.
    """
    wrong = (
        rx.el.div(rx.cond(error != "", rx.el.p(error, class_name="errors")), role="alert")
        if not isinstance(error, str)
        else None
    )
    other = button(_("Cancel") if keep is None else keep, on_click=press(CLOSE))
    heard = {}
    if on_typed is not None:
        heard = {
            "on_change": lambda name, text, kind: on_typed(name, text, kind).debounce(WAIT),
            "on_blur": on_typed,
        }
    noted = [rx.el.span(note, class_name="note small quiet-text")] if note is not None else []
    buttons = [other, button(submit, look=look, submit=True, waits=True)]
    return (ChosenForm if ticks else TypedForm).create(
        *fields,
        rx.el.div(
            *([wrong] if wrong is not None else []),
            rx.el.div(*noted, *buttons, class_name="dialog-foot"),
            class_name="dialog-end",
        ),
        on_submit=on_submit,
        class_name="form",
        no_validate=True,
        **heard,
    )
