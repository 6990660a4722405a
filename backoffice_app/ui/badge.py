"""States: an icon and a word, never colour alone.

Only exceptions have a ground; contrast is that of step 12 on step 3 (WCAG 1.4.3).
"""

from typing import Any

import reflex as rx

from backoffice_app.ui.kinds import Text, classes, joined

TONES = ("neutral", "info", "good", "look", "act", "ended", "draft", "silent")
"""Waits for something else; normal work; done; look here; act now; over; a draft; said by the states beside it, so not
seen.

Only "look" and "act", a draft and a status of the shop's own have a ground of their own.
"""

MARKS = ("circle", "archive", "circle-dot", "check", "clock", "pause", "triangle-alert", "ban")
"""The icons of badges, by their lucide names. The style sheet draws them: a list of 50 rows has no <svg> for them."""

HUES = ("slate", "indigo", "green", "amber", "red", "orange", "violet")
"""The colours a custom status may have (W-7)."""


def state(of: rx.Var[Any]) -> rx.Component:
    """A state as a view has it, with `tone`, `icon` and `label`; it stays in one line."""
    return badge(of.tone, of.icon, of.label)


def badge(tone: Text, mark: Text, label: Text) -> rx.Component:
    """A state of one of the TONES with one of the MARKS."""
    return rx.el.span(label, class_name=classes("badge", joined("badge-", tone), joined("mark-", mark)))


def custom_badge(hue: Text, name: Text) -> rx.Component:
    """The badge of a custom status in one of the HUES; it stands in the place of the system status (W-7)."""
    return rx.el.span(name, class_name=classes("badge", joined("badge-hue-", hue)))


def count(number: Text, *, waits: rx.Var[bool] | None = None) -> rx.Component:
    """A small gray number beside a word: of a tab, of a filter.

    `waits`: something of it waits for a person, so that it stands out.
    """
    return rx.el.span(
        number, class_name="count" if waits is None else rx.cond(waits, "count count-waits", "count")
    )
