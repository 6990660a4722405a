"""What waits for a person, at entries of the menu, on each page and live (M-3, R-5): declared with `menu_count`, for
instance beside the state of the page.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import reflex as rx
from sqlmodel import Session

from backoffice_app.db import reading
from backoffice_app.domain.core.rights import Actor, AnyRight, Right
from backoffice_app.domain.core.work import AFTER_COMMIT
from backoffice_app.i18n import LazyText
from backoffice_app.registry import Registry
from backoffice_app.state import hub
from backoffice_app.state.base import actor_of, needs

KEPT = 5.0
"""Seconds a count is good for all tabs of this process: pages ask for it at each load, and a change of this process
ends it at once.
"""


@dataclass(eq=False)
class MenuCount:
    """A count at an entry of the menu, with the numbers that were read last.

    `topic`: what is told when it changes. `read`: the number for this actor, up to `cap` and one more. `sentence`: the
    number as words, for those who do not see its colour: "3 need a person". `of_each`: it differs from colleague to
    colleague. `alarms`: it counts what went wrong, and only such a count has a colour.
    """

    key: str
    right: AnyRight
    topic: str
    read: Callable[[Session, Actor], int]
    sentence: Callable[[int], LazyText]
    of_each: bool = False
    alarms: bool = False
    cap: int = 1_000
    lock: Lock = field(default_factory=Lock)
    kept: dict[int, tuple[int, float]] = field(default_factory=dict)
    """By the colleague, 0 for all: the number, and until when it is good."""

    @property
    def vars(self) -> tuple[Any, Any, bool]:
        """What `page_at(..., count=...)` takes: number and sentence as vars, "" where nothing waits or the role sees
        none; `alarms`.
        """
        shown: Any = MenuCounts.shown
        label: Any = MenuCounts.label
        return shown[self.key].to(str), label[self.key].to(str), self.alarms

    def known(self, actor: Actor) -> int | None:
        """The count for this actor, if it is still good."""
        number, until = self.kept.get(self._whose(actor), (0, 0.0))
        return number if time.monotonic() < until else None

    def now(self, actor: Actor) -> int:
        """The count as the database has it; of many who ask at once one reads."""
        with self.lock:
            number = self.known(actor)
            if number is None:
                until = time.monotonic() + KEPT
                with reading() as session:
                    number = self.read(session, actor)
                self.kept[self._whose(actor)] = (number, until)
            return number

    def _whose(self, actor: Actor) -> int:
        return actor.id if self.of_each else 0


COUNTS: Registry[MenuCount] = Registry("menu count")
"""Key -> count at an entry of the menu."""


def menu_count(
    key: str,
    *,
    right: AnyRight,
    topic: str,
    read: Callable[[Session, Actor], int],
    sentence: Callable[[int], LazyText],
    of_each: bool = False,
    alarms: bool = False,
) -> MenuCount:
    """Registers a count at an entry of the menu; returns it.

    The parameters are those of `MenuCount`; for whom, `right` says.
    """
    return COUNTS.add(key, MenuCount(key, right, topic, read, sentence, of_each, alarms))


class MenuCounts(rx.State):
    """What the menu shows beside its entries, by key of the count; "" where nothing waits, or the role does
    not see it.
    """

    shown: dict[str, str] = {}
    label: dict[str, str] = {}

    @rx.event
    @needs(Right.READ)
    async def refresh(self) -> None:
        """The counts as they are now."""
        actor = await actor_of(self)
        self._show(await _numbers(actor), actor.language)

    def _show(self, numbers: Mapping[str, int], language: str) -> None:
        shown, label = dict.fromkeys(COUNTS, ""), dict.fromkeys(COUNTS, "")
        for key, number in numbers.items():
            if number:
                shown[key] = f"{COUNTS[key].cap}+" if number > COUNTS[key].cap else str(number)
                label[key] = COUNTS[key].sentence(number).in_language(language)
        if (self.shown, self.label) != (shown, label):
            self.shown, self.label = shown, label


async def follow(tab: rx.State, actor: Actor, language: str = "") -> None:
    """This tab shows the counts that its role may see and hears when they change.

    `Me` calls it with each page and language.
    """
    counts = await tab.get_state(MenuCounts)
    counts._show(await _numbers(actor), language or actor.language)
    for count in COUNTS.values():
        if actor.may(count.right):
            hub.watch(tab, count.topic, MenuCounts.refresh)  # type: ignore[arg-type]  # the decorator makes it a handler


def _forget(topics: Iterable[str]) -> None:
    """Told after each commit of this process."""
    changed = set(topics)
    for count in COUNTS.values():
        if count.topic in changed:
            count.kept.clear()


AFTER_COMMIT.insert(0, _forget)  # before the hub makes tabs ask


async def _numbers(actor: Actor) -> dict[str, int]:
    """The counts that this actor may see, by key; those that are still good are not read."""
    seen = [count for count in COUNTS.values() if actor.may(count.right)]
    known = {count.key: count.known(actor) for count in seen}
    if (fresh := {key: number for key, number in known.items() if number is not None}) and len(fresh) == len(
        seen
    ):
        return fresh
    return await asyncio.to_thread(lambda: {count.key: count.now(actor) for count in seen})
