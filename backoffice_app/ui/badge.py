"""Status badges: an icon and a word, never colour alone. Contrast is that of step 12 on step 3 (WCAG 1.4.3)."""

import reflex as rx

from backoffice_app.ui.kinds import Text, classes, joined

TONES = ("neutral", "info", "good", "look", "act", "ended")
"""Nothing to do, or over; in the normal flow; good; look here; act now; ended."""

MARKS = ("circle", "archive", "circle-dot", "check", "clock", "pause", "triangle-alert", "ban")
"""The icons of badges, by their lucide names. The style sheet draws them: a list of 50 rows has no <svg> for them."""

HUES = ("slate", "indigo", "green", "amber", "red", "orange", "violet")
"""The colours a custom status may have (W-7)."""


def badge(tone: Text, mark: Text, label: Text, *, quiet: bool = False) -> rx.Component:
    """A badge of one of the TONES with one of the MARKS.

    `quiet`, for lists: normal states are drawn without fill, so that only exceptions have colour.
    """
    return rx.el.span(label, class_name=classes("badge", joined("badge-", tone), joined("mark-", mark), "badge-quiet" if quiet else ""))


def custom_badge(hue: Text, name: Text) -> rx.Component:
    """The badge of a custom status in one of the HUES; it stands in the place of the system status (W-7)."""
    return rx.el.span(name, class_name=classes("badge badge-hue", joined("badge-", hue)))


def count(number: Text) -> rx.Component:
    """A small gray number beside a word: of a tab, of a filter."""
    return rx.el.span(number, class_name="count")
