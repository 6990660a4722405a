"""A text as it is written: line for line, such as that of a mail."""

import reflex as rx

from backoffice_app.ui.kinds import Flag, Text


def letter(text: Text, language: Text, name: Text) -> rx.Component:
    """A plain text in its own language and direction; long lines break, and it scrolls by keyboard."""
    return rx.el.div(
        text, lang=language, dir="auto", aria_label=name, role="region", tab_index=0, class_name="letter"
    )


def mail_frame(html: Text, name: Text, *, narrow: Flag) -> rx.Component:
    """A mail as HTML in a frame of its own, in which nothing runs and nothing is loaded; `narrow`: as wide
    as a phone.
    """
    shown = rx.cond(narrow, "mail-frame mail-narrow", "mail-frame")
    return rx.el.iframe(src_doc=html, title=name, sandbox="", class_name=shown)
