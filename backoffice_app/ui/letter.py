"""A text as it is written: line for line, such as that of a mail."""

import reflex as rx

from backoffice_app.ui.kinds import Text


def letter(text: Text, language: Text, name: Text) -> rx.Component:
    """A plain text in its own language and direction; long lines break, and it scrolls by keyboard."""
    return rx.el.div(text, lang=language, dir="auto", aria_label=name, role="region", tab_index=0, class_name="letter")
