"""The icons of lucide by name: their outlines, for components and for what is drawn from data alone."""

import json
from difflib import get_close_matches
from functools import cache
from pathlib import Path

_OUTLINES = Path(__file__).parent / "ui" / "lucide" / "outlines.json"


def outline(name: str) -> str:
    """The path of an icon on a grid of 24. Raises ValueError, which names those with a name like it."""
    known = outlines()
    if name not in known:
        near = get_close_matches(name, known, 4) or sorted(known)[:4]
        raise ValueError(f"There is no icon {name!r} in lucide. Similar names: {', '.join(near)}.")
    return known[name]


@cache
def outlines() -> dict[str, str]:
    """All icons of lucide by name (ISC licence, in `ui/lucide/LICENSE`). `tools/make_icons.py` makes the file."""
    read: dict[str, str] = json.loads(_OUTLINES.read_text("utf-8"))
    return read
