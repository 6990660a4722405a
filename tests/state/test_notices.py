"""Notices leave by themselves, also from a tab that is gone (W-21)."""

import asyncio
from typing import Any

import pytest

from backoffice_app.state import notices


class Tab:
    """What a background event holds of a tab."""

    def __init__(self, *keys: str, held: bool = False) -> None:
        self.items = [{"key": key} for key in keys]
        self._held = held

    async def __aenter__(self) -> "Tab":
        return self

    async def __aexit__(self, *_error: object) -> None:
        return None

    def _is_there(self, key: str) -> bool:
        return notices.Notices._is_there(self, key)  # type: ignore[arg-type]

    def _forget(self, key: str) -> None:
        notices.Notices._forget(self, key)  # type: ignore[arg-type]


def leave(tab: Tab, key: str) -> Any:
    return notices.Notices.event_handlers["clear_later"].fn(tab, key)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "SECONDS", 0.001)


def test_w21_a_notice_leaves_after_its_time() -> None:
    tab = Tab("a", "b")
    asyncio.run(leave(tab, "a"))
    assert tab.items == [{"key": "b"}]


def test_w21_one_that_a_pointer_rests_on_stays_but_not_for_ever() -> None:
    """The pointer may have rested on it when the tab was closed: then nobody ever says that it left."""
    tab = Tab("a", held=True)

    async def rest() -> int:
        leaving = asyncio.create_task(leave(tab, "a"))
        await asyncio.sleep(0.002)
        seen = len(tab.items)
        await asyncio.wait_for(leaving, 5)
        return seen

    assert (asyncio.run(rest()), tab.items) == (1, [])


def test_a1_a_notice_that_is_not_there_or_leaves_already_is_not_waited_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "SECONDS", 60)

    async def ask() -> None:
        tab = Tab("a")
        first = asyncio.create_task(leave(tab, "a"))
        await asyncio.sleep(0)
        for key in ("a", "made-up"):
            await asyncio.wait_for(leave(tab, key), 1)
        first.cancel()

    asyncio.run(ask())
    assert set() == notices._LEAVING
