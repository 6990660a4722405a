"""What stands where something is still being fetched: nothing for 200 ms, then the final geometry in gray."""

import reflex as rx

from backoffice_app.ui.texts import _


def skeleton_rows(number: int = 12) -> rx.Component:
    """The gray rows of a list."""
    return _skeleton(*(rx.el.div(class_name="bone bone-row") for _row in range(number)))


def skeleton_block(lines: int = 4) -> rx.Component:
    """The gray lines of a block."""
    return _skeleton(*(rx.el.div(class_name="bone") for _line in range(lines)))


def _skeleton(*bones: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.span(_("Loading"), class_name="hidden-text"), *bones, class_name="skeleton", aria_busy="true"
    )
