"""Icons: lucide, 16 px, hidden from screen readers because a word always stands beside them or names their button."""

import reflex as rx

from backoffice_app.ui.outlines import OUTLINES

SMALL = 16
LARGE = 24


def icon(name: str, size: int = SMALL) -> rx.Component:
    """The lucide icon `name` ("printer"), `size` in px. Its outline stands in the page itself: a file for each would be a request for each.

    Raises KeyError for one that `outlines.py` lacks.
    """
    return rx.el.svg(
        rx.el.path(d=OUTLINES[name]),
        view_box="0 0 24 24",
        width=str(size),
        height=str(size),
        class_name="icon",
        custom_attrs={"aria-hidden": "true"},
    )
