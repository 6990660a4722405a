"""Icons: lucide, 16 px, hidden from screen readers because a word always stands beside them or names their button."""

import reflex as rx

SMALL = 16
LARGE = 24


def icon(name: str, size: int = SMALL) -> rx.Component:
    """The lucide icon `name` ("printer"), `size` in px. Each costs a page under 1 kB."""
    return rx.icon(name, size=size, custom_attrs={"aria-hidden": "true"})
