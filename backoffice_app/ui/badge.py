"""Status badges: an icon and a word, never colour alone. Contrast is that of step 12 on step 3 (WCAG 1.4.3)."""

from collections.abc import Mapping

import reflex as rx

from backoffice_app.ui.kinds import Text, classes

TONES = ("neutral", "info", "good", "look", "held", "act", "ended")
"""Nothing to do; in the normal flow; good; look here; look here and stopped; act now; ended."""

HUES = ("slate", "indigo", "green", "amber", "red", "orange", "violet")
"""The colours a custom status may have (W-7)."""

STATES: Mapping[str, Mapping[str, str]] = {
    "status": {
        "draft": "neutral",
        "on_hold": "held",
        "awaiting_payment": "info",
        "awaiting_shipment": "info",
        "completed": "neutral",
        "cancelled": "ended",
    },
    "payment": {
        "unpaid": "look",
        "overdue": "act",
        "authorised": "info",
        "part_paid": "info",
        "paid": "good",
        "overpaid": "act",
        "part_refunded": "info",
        "refunded": "ended",
    },
    "shipping": {"not_shipped": "look", "part_shipped": "info", "shipped": "good", "not_needed": "neutral"},
    "shipment": {"open": "look", "shipped": "good", "cancelled": "ended", "came_back": "act"},
    "invoice": {"open": "look", "overdue": "act", "part_paid": "info", "paid": "good", "cancelled": "ended", "credited": "ended"},
    "mail": {
        "waiting": "info",
        "sending": "info",
        "sent": "neutral",
        "retrying": "look",
        "unclear": "act",
        "failed": "act",
        "withheld": "ended",
        "no_server": "look",
    },
    "ticket": {"unanswered": "look", "answered": "good"},
}
"""Which tone each state of each kind has; a state that is not named is neutral."""


def badge(tone: Text, label: Text, *, quiet: bool = False) -> rx.Component:
    """A badge of one of the TONES. `quiet`, for lists: normal states are drawn without fill, so that only exceptions have colour."""
    return rx.el.span(label, class_name=classes("badge", "badge-" + tone, "badge-quiet" if quiet else ""))


def state_badge(kind: str, state: Text, label: Text, *, quiet: bool = False) -> rx.Component:
    """The badge of a state such as ("payment", "part_paid"); `label` is its word in the user's language."""
    tones = STATES[kind]
    if isinstance(state, str):
        return badge(tones.get(state, "neutral"), label, quiet=quiet)
    return badge(rx.match(state, *tones.items(), "neutral").to(str), label, quiet=quiet)


def custom_badge(hue: Text, name: Text) -> rx.Component:
    """The badge of a custom status in one of the HUES; it stands in the place of the system status (W-7)."""
    return rx.el.span(name, class_name=classes("badge badge-hue", "badge-" + hue))


def count(number: Text) -> rx.Component:
    """A small gray number beside a word: of a tab, of a filter."""
    return rx.el.span(number, class_name="count")
