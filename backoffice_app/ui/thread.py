"""A thread of messages: who wrote, when, and the text as it was written; what stays in the house looks different."""

import reflex as rx

from backoffice_app.ui.kinds import Child, Text, classes, joined

KINDS = ("in", "out", "memo")
"""From outside, to outside, and between colleagues."""


def thread(*messages: Child, name: Text) -> rx.Component:
    """A list of `message`s, the oldest first."""
    return rx.el.ol(*messages, class_name="thread", aria_label=name)


def message(kind: Text, *head: Child, text: Text, language: Text, foot: Child) -> rx.Component:
    """A message of one of the KINDS; the text keeps its lines and has its own direction."""
    return rx.el.li(
        rx.el.div(*head, class_name="message-head"),
        rx.el.div(text, lang=language, dir="auto", class_name="message-text"),
        foot,
        class_name=classes("message", joined("message-", kind)),
    )


def with_side(main: Child, side: Child) -> rx.Component:
    """The main part of a page with what is known beside it; under it where there is no room."""
    return rx.el.div(rx.el.div(main), rx.el.div(side), class_name="with-side")
