"""Buttons that wait: a pressed one is busy, and can't be pressed again, until what it does was answered or the connection is lost."""

from collections.abc import Sequence

import reflex as rx

from backoffice_app.state.answers import Answers
from backoffice_app.ui.browser import now, tab_var
from backoffice_app.ui.kinds import Event, Flag

BEHIND = 1
"""Milliseconds after which the question follows the press of a button that sends a form: the form has sent its fields then."""
_pressed = tab_var("pressed", {})
"""When each button was pressed last. In the browser alone, so that it is busy at once."""


def is_busy(key: str) -> Flag:
    """Whether the button was pressed and its press is not answered yet."""
    return _pressed.value.to(dict[str, int])[key].to(int) > Answers.last


def once(key: str, does: Event = None, *, refused: Flag = False) -> list[Event]:
    """What a press does: nothing while the button is busy or `refused`; else `does`, and behind it the question that the server
    answers after it.

    Without `does` the press sends a form. The question then follows by itself whatever the form does, also if the browser refuses to
    send it, so no form has to know that its button waits.
    """
    busy = is_busy(key) | refused if refused is not False else is_busy(key)
    times = _pressed.value.to(dict)
    question = Answers.reach(now())
    named = does if isinstance(does, Sequence) else [does]
    events = [question.debounce(BEHIND)] if does is None else [*named, question]
    return [
        _pressed.set_value(rx.cond(busy, times, times.merge({key: now()}))),
        *(rx.cond(busy, rx.prevent_default, event) for event in events),
    ]


def waiting(lost: Flag, unread: Flag) -> rx.Component:
    """Stands once on each page. `lost`: nothing will be answered, so nothing is waited for, nor for what was pressed meanwhile.

    `unread`: the page begins anew, so nothing is waited for; what is pressed before it is read to its end is waited for all the same.
    """
    clear = _pressed.set_value({})
    gone = rx.cond(lost, rx.el.span(hidden=True, on_mount=clear, on_unmount=clear))
    return rx.fragment(gone, rx.cond(unread, rx.el.span(hidden=True, on_mount=clear)))
