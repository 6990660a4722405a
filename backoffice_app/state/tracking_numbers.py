"""Tracking numbers of many orders, pasted, typed or from a file, and begun as one run (O-8)."""

import secrets
from collections.abc import Mapping

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.domain.bulk.tracking import (
    KIND,
    TrackingRow,
    forget_text,
    judged,
    kept_text,
    rows_in,
    start_tracking,
    typed_in,
)
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.state.base import act, actor_of, changes, look, needs
from backoffice_app.state.subjects import subject

NUMBERS = subject(KIND)
BLANK = 20
"""Empty rows of a new grid."""


class TrackingState(rx.State):
    """The grid, and what is wrong with what was pasted."""

    rows: list[TrackingRow] = []
    wrong: str = ""
    about: str = ""
    """What the grid is about: a name that makes two presses one run."""
    counts: int = 0
    """How many rows have a problem."""

    @rx.event
    @needs(Right.SHIP)
    async def load(self) -> None:
        """An empty page, or the grid of the file that was just sent."""
        actor = await actor_of(self)
        self._show([], "")
        text = await look(kept_text, actor)
        if text:
            await self._read(actor, text)
            await look(forget_text, actor)

    @rx.event
    @needs(Right.SHIP)
    async def refresh(self) -> None:
        """What is typed stays."""

    @rx.event
    @needs(Right.SHIP)
    async def check(self, values: dict[str, str]) -> None:
        """Shows the rows that were pasted as a grid, each with its order and what is wrong with it."""
        await self._read(await actor_of(self), values.get("text", ""))

    @rx.event
    @needs(Right.SHIP)
    async def blank(self) -> None:
        """Shows an empty grid to type into."""
        self._show([TrackingRow(str(place)) for place in range(1, BLANK + 1)], "")

    @rx.event
    @needs(Right.SHIP)
    async def begin_again(self) -> None:
        """Shows the field to paste into."""
        self._show([], "")

    @rx.event(temporal=True)
    @needs(Right.SHIP)
    @changes(NUMBERS)
    async def start(self, about: str, values: dict[str, str]) -> EventSpec | None:
        """Begins the run for the rows of the grid, and leads to its results."""
        actor = await actor_of(self)
        try:
            run = await act(_start, actor, Shown.parse(about).number, values)
        except (Invalid, Refused) as no:
            self.wrong = no.reason.in_language(actor.language)
            return None
        self._show([], "")
        return rx.redirect(f"/bulk/{run}")

    async def _read(self, actor: Actor, text: str) -> None:
        try:
            self._show(await look(_judged, actor, text), "")
        except (Invalid, Refused) as no:
            self.wrong = no.reason.in_language(actor.language)

    def _show(self, rows: list[TrackingRow], wrong: str) -> None:
        self.rows, self.wrong = rows, wrong
        self.counts = sum(bool(row.problem) for row in rows)
        self.about = Shown(NUMBERS, secrets.token_urlsafe(8)).text


def _judged(actor: Actor, text: str) -> list[TrackingRow]:
    return judged(actor, rows_in(text))


def _start(actor: Actor, once: str, values: Mapping[str, str]) -> int:
    return start_tracking(actor, typed_in(values), mail=values.get("mail") == "on", once=f"tracking-{once}")
