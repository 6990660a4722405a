"""What stands where nothing is: one sentence what would be here, one what to do, one button."""

import reflex as rx

from backoffice_app.ui.icons import LARGE, icon
from backoffice_app.ui.kinds import Child, Text


def empty(picture: str, what: Text, to_do: Text, *actions: Child) -> rx.Component:
    """The empty state of a page or list."""
    return rx.el.div(icon(picture, LARGE), rx.el.p(what), rx.el.p(to_do), *actions, class_name="empty")


def empty_line(what: Text) -> rx.Component:
    """The empty state of a block: one gray sentence."""
    return rx.el.p(what, class_name="empty-line")
