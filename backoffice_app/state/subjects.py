"""What the address of a page names, by kind of subject: each page that shows one says here how its address names it
(SEC-2).
"""

from collections.abc import Callable
from urllib.parse import unquote

import reflex as rx

from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.core.shown import NOT_SHOWN, Shown
from backoffice_app.state.base import page_of

Named = Callable[[rx.State, Actor], str]
NAMED: dict[str, Named | None] = {}
"""Kind of subject -> the number of the one that address or session names; None for a kind that no address names."""


def subject(kind: str, named: Named | None = None) -> str:
    """Registers a kind of subject that events may be about; returns it.

    Raises ValueError for one that is there already.
    """
    if kind in NAMED:
        raise ValueError(f"two subjects are called {kind}")
    NAMED[kind] = named
    return kind


def path_parts(state: rx.State) -> list[str]:
    """The parts of the address' path: "orders" and "10001" of "/orders/10001"; one that is "" for none."""
    return [unquote(part) for part in str(page_of(state).path).strip("/").split("/")]


def path_part(state: rx.State, place: int) -> str:
    """The part of the address' path at `place`, 0 being the first: "10001" of "/orders/10001" at 1."""
    parts = path_parts(state)
    return parts[place] if place < len(parts) else ""


def require_shown(state: rx.State, actor: Actor, kind: str, about: str, *, here: bool) -> None:
    """Raises Refused where `about`, as an event brought it, is not of this `kind`, or not what the page's address names
    now.
    """
    shown, named = Shown.parse(about), NAMED[kind]
    if shown.kind != kind or (here and named is not None and named(state, actor) != shown.number):
        raise Refused(NOT_SHOWN)
