"""Icons: lucide, 16 px, hidden from screen readers because a word always stands beside them or names their button."""

import reflex as rx

from backoffice_app.lucide import outline
from backoffice_app.ui.kinds import Text

SMALL = 16
LARGE = 24


def icon(name: str, size: int = SMALL) -> rx.Component:
    """The lucide icon `name` ("printer"), `size` in px.

    The page holds its outline: a file for each would be a request for each.

    Raises ValueError for a name that lucide does not have.
    """
    return drawn_icon(outline(name), size)


def drawn_icon(path: Text, size: int = SMALL) -> rx.Component:
    """An icon whose outline is known at run time only."""
    return rx.el.svg(
        rx.el.path(d=path),
        view_box="0 0 24 24",
        width=str(size),
        height=str(size),
        class_name="icon",
        custom_attrs={"aria-hidden": "true"},
    )
