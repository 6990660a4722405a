"""Buttons that wait: a pressed one is busy, and can't be pressed again, until what it does was answered or the
connection is lost.
"""

from collections.abc import Sequence

import reflex as rx
from reflex_base.event import no_args_event_spec

from backoffice_app.state.answers import Answers
from backoffice_app.ui.browser import nothing, now, tab_var
from backoffice_app.ui.kinds import Child, Event, Flag, Text
from backoffice_app.ui.shared import shared

BEHIND = 1
"""Milliseconds after which the question follows the press of a button that sends a form: the form has sent its fields
then.
"""
_pressed = tab_var("pressed", {})
"""When each button was pressed last. In the browser alone, so that it is busy at once."""


def is_busy(key: Text) -> rx.Var[bool]:
    """Whether the button was pressed and its press is not answered yet."""
    return _pressed.value.to(dict[str, int])[key].to(int) > Answers.last


def waiting_button(*children: Child, slot: str, does: Event = None, **attributes: object) -> rx.Component:
    """A button whose press does nothing while it is busy; else `does`, and behind it the question that the server
    answers after it.

    Without `does` the press sends a form. The question then follows by itself whatever the form does, also if the
    browser refuses to send it, so no form has to know that its button waits. `slot`: by what it is known whether it is
    busy.
    """
    return pressed_once(*children, slot=slot, on_press=_asking(does), **attributes)


def refusable_button(
    *children: Child,
    key: Text,
    slot: str,
    does: Event,
    why_not: Text,
    reason_at: Text,
    is_below: bool,
    on_refused: Event,
    **attributes: object,
) -> rx.Component:
    """A `waiting_button` that is drawn with its reason, as `ui.button.button` says, unless `why_not` is ""; pressed
    then, it does `on_refused`.
    """
    told = nothing() if on_refused is None else on_refused
    said = {"name": key, "why_not": why_not, "reason_at": reason_at, "is_below": is_below}
    return refused_or_pressed(
        *children, **said, slot=slot, on_press=_asking(does), on_refused=told, **attributes
    )


def _asking(does: Event) -> list[Event]:
    """What is done, and the question behind it."""
    question = Answers.reach(now())
    return (
        [question.debounce(BEHIND)]
        if does is None
        else [*(does if isinstance(does, Sequence) else [does]), question]
    )


@shared
def pressed_once(
    children: rx.Var[rx.Component],
    rest: rx.RestProp,
    *,
    slot: rx.Var[str],
    on_press: rx.EventHandler[no_args_event_spec],
) -> rx.Component:
    """The button itself."""
    return rx.el.button(
        children, rest, aria_busy=is_busy(slot), on_click=_once(slot, is_busy(slot), on_press())
    )


@shared
def refused_or_pressed(
    children: rx.Var[rx.Component],
    rest: rx.RestProp,
    *,
    name: rx.Var[str],
    slot: rx.Var[str],
    why_not: rx.Var[str],
    reason_at: rx.Var[str],
    is_below: rx.Var[bool],
    on_press: rx.EventHandler[no_args_event_spec],
    on_refused: rx.EventHandler[no_args_event_spec],
) -> rx.Component:
    """The button itself, with its reason."""
    refused, own = why_not != "", name + "-why"
    pressed = rx.el.button(
        children,
        rest,
        id=name,
        aria_busy=is_busy(slot),
        aria_disabled=refused,
        aria_describedby=rx.cond(
            refused, own + " " + reason_at, ""
        ),  # of two ids the one that is there counts
        on_click=[
            *_once(slot, is_busy(slot) | refused, on_press()),
            rx.cond(refused, on_refused(), nothing()),
        ],
    )
    said = rx.el.span(
        rx.el.span(why_not),
        id=own,
        class_name=rx.cond(is_below, "why", "hidden-text"),
        custom_attrs={"data-whole": why_not},
    )
    return rx.el.span(pressed, rx.cond(refused & (reason_at == ""), said), class_name="act")


def _once(slot: rx.Var[str], held: rx.Var[bool], event: Event) -> list[Event]:
    """A press as it is heard.

    All that it does comes in one `event`, so that the question stays behind the rest of it.
    """
    times = _pressed.value.to(dict)
    return [
        _pressed.set_value(rx.cond(held, times, times.merge({slot: now()}))),
        rx.cond(held, rx.prevent_default, event),
    ]


def waiting(lost: Flag, unread: Flag) -> rx.Component:
    """Stands once on each page.

    `lost`: nothing will be answered, so nothing is waited for, nor for what was pressed meanwhile.

    `unread`: the page begins anew, so nothing is waited for; what is pressed before it is read to its end is waited for
    all the same.
    """
    return rx.fragment(rx.cond(lost, waits_for_nothing()), rx.cond(unread, begins_without_presses()))


@shared
def waits_for_nothing() -> rx.Component:
    """While it is there, and what was pressed meanwhile."""
    return rx.el.span(hidden=True, on_mount=_pressed.set_value({}), on_unmount=_pressed.set_value({}))


@shared
def begins_without_presses() -> rx.Component:
    """From the moment it is there."""
    return rx.el.span(hidden=True, on_mount=_pressed.set_value({}))
