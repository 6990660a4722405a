"""Icons: lucide, 16 px, hidden from screen readers because a word always stands beside them or names their button."""

import json
from difflib import get_close_matches
from functools import cache
from pathlib import Path

import reflex as rx

SMALL = 16
LARGE = 24
_OUTLINES = Path(__file__).parent / "lucide" / "outlines.json"


def icon(name: str, size: int = SMALL) -> rx.Component:
    """The lucide icon `name` ("printer"), `size` in px. The page holds its outline: a file for each would be a request for each.

    Raises ValueError for a name that lucide does not have.
    """
    return rx.el.svg(
        rx.el.path(d=outline(name)),
        view_box="0 0 24 24",
        width=str(size),
        height=str(size),
        class_name="icon",
        custom_attrs={"aria-hidden": "true"},
    )


def outline(name: str) -> str:
    """The path of an icon on a grid of 24. Raises ValueError, which names those with a name like it."""
    known = outlines()
    if name not in known:
        near = get_close_matches(name, known, 4) or sorted(known)[:4]
        raise ValueError(f"There is no icon {name!r} in lucide. Similar names: {', '.join(near)}.")
    return known[name]


@cache
def outlines() -> dict[str, str]:
    """All icons of lucide by name (ISC licence, in `lucide/LICENSE`). `tools/make_icons.py` makes the file."""
    read: dict[str, str] = json.loads(_OUTLINES.read_text("utf-8"))
    return read
