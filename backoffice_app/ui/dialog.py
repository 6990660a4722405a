"""Dialogs: 480 px, named like the button that opened them; focus goes in and returns to the opener, Esc closes."""

from collections.abc import Callable
from dataclasses import dataclass

import reflex as rx
from reflex_base.vars.object import ObjectVar
from reflex_components_core.el.elements.forms import Form

from backoffice_app.ui.button import Look, button, icon_button
from backoffice_app.ui.kinds import Child, Event, Flag, Text
from backoffice_app.ui.texts import _

WAIT = 500
"""Milliseconds after the last key before what was typed is told."""
_dialog = rx.radix.primitives.dialog


def dialog(
    title: Text,
    *children: Child,
    shown: Flag,
    on_open_change: Event,
    opener: Text,
    description: Text | None = None,
) -> rx.Component:
    """A modal dialog that a state opens. `opener` is the id of the element that gets the focus when it closes."""
    close = _dialog.close(icon_button("x", _("Close")), as_child=True)
    return _dialog.root(
        _dialog.portal(
            _dialog.overlay(class_name="overlay"),
            _dialog.content(
                _dialog.title(title),
                *([_dialog.description(description, class_name="quiet-text")] if description is not None else []),
                *children,
                close,  # last, so that the first field has the focus; drawn at the top
                class_name="dialog",
                on_close_auto_focus=_focus(opener),
            ),
        ),
        open=shown,
        on_open_change=on_open_change,
    )


def _focus(element: Text) -> Event:
    wanted = rx.Var.create(element)
    return rx.run_script(rx.Var(f"document.getElementById({wanted!s})?.focus()", _var_data=wanted._get_all_var_data()))


@dataclass(frozen=True)
class _Field:
    """A field as the browser's event knows it."""

    name: str = ""
    value: str = ""
    type: str = ""


@dataclass(frozen=True)
class _Typing:
    """The browser's event of a field that is typed into, or left."""

    target: _Field = _Field()


def _typed(event: ObjectVar[_Typing]) -> tuple[rx.Var[str], rx.Var[str], rx.Var[str]]:
    """Of the field that is typed into: its name, what it holds, and its kind."""
    return event.target.name, event.target.value, event.target.type


class TypedForm(Form):
    """A form that tells what is typed into any of its fields."""

    on_change: rx.EventHandler[_typed]
    on_blur: rx.EventHandler[_typed]


def dialog_form(
    *fields: Child,
    on_submit: Event,
    submit: Text,
    keep: Text | None = None,
    error: Text = "",
    look: Look = "solid",
    on_typed: Callable[..., Event] | None = None,
) -> rx.Component:
    """The form of a dialog: fields, what is wrong on top, and the verb as its button; `keep` is the word of the other ("Keep order").

    Fields carry `name` and `default_value`; `on_submit` gets them all as one dict of texts, once a press.
    `on_typed` gets name, text and kind of a field half a second after the last key, and when it is left.
    """
    wrong = rx.el.div(rx.cond(error != "", rx.el.p(error, class_name="errors")), role="alert") if not isinstance(error, str) else None
    other = [_dialog.close(button(keep), as_child=True)] if keep is not None else []
    heard = {}
    if on_typed is not None:
        heard = {
            "on_change": lambda name, text, kind: on_typed(name, text, kind).debounce(WAIT),
            "on_blur": on_typed,
        }
    return TypedForm.create(
        *([wrong] if wrong is not None else []),
        *fields,
        rx.el.div(*other, button(submit, look=look, submit=True, waits=True), class_name="dialog-foot"),
        on_submit=on_submit,
        class_name="form",
        no_validate=True,
        **heard,
    )
