"""How many mails need a person, at the menu's entry of the outbox, on each page and live (M-3, R-5)."""

import asyncio
import time
from collections.abc import Iterable
from threading import Lock

import reflex as rx

from backoffice_app.db import reading
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.work import AFTER_COMMIT
from backoffice_app.domain.mail.queries import CAP, needs_a_person
from backoffice_app.domain.mail.write import NEEDS_A_PERSON
from backoffice_app.i18n import ngettext
from backoffice_app.state import hub
from backoffice_app.state.base import actor_of, needs

KEPT = 5.0
"""Seconds a count is good for all tabs of this process: pages ask for it at each load, and a change of this process ends it at once."""


class OutboxCount(rx.State):
    """What the menu shows beside the outbox; both are "" where nothing needs a person, or the role does not see mails."""

    shown: str = ""
    label: str = ""
    """The number as a sentence, for those who do not see the colour: "3 need a person"."""

    @rx.event
    @needs(Right.MAIL)
    async def refresh(self) -> None:
        """The count as it is now."""
        self._show(await _number(), (await actor_of(self)).language)

    def _show(self, number: int, language: str) -> None:
        self.shown = f"{CAP}+" if number > CAP else str(number) if number else ""
        self.label = ngettext("{count} needs a person", "{count} need a person", number).in_language(language) if number else ""


async def follow(tab: rx.State, actor: Actor, language: str = "") -> None:
    """This tab shows the count and hears when it changes, if the role has the outbox. `Me` calls it with each page and language."""
    count = await tab.get_state(OutboxCount)
    if not actor.may(Right.MAIL):
        count._show(0, actor.language)
        return
    count._show(await _number(), language or actor.language)
    hub.watch(tab, NEEDS_A_PERSON, OutboxCount.refresh)  # type: ignore[arg-type]  # the decorator makes it a handler


class _Kept:
    """The last count, and until when it is good."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.number = 0
        self.until = 0.0

    def forget(self, topics: Iterable[str]) -> None:
        """Told after each commit of this process."""
        if NEEDS_A_PERSON in topics:
            self.until = 0.0

    def read(self) -> int:
        """The count as the database has it; of many who ask at once one reads."""
        with self.lock:
            if time.monotonic() >= self.until:
                self.until = time.monotonic() + KEPT
                with reading() as session:
                    self.number = needs_a_person(session)
            return self.number


KEPT_COUNT = _Kept()
AFTER_COMMIT.insert(0, KEPT_COUNT.forget)  # before the hub makes tabs ask


async def _number() -> int:
    if time.monotonic() < KEPT_COUNT.until:
        return KEPT_COUNT.number
    return await asyncio.to_thread(KEPT_COUNT.read)
