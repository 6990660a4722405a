"""Notices leave by themselves, also from a tab that is gone, and no `Undo` outlives what it can take back (W-21)."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from backoffice_app.settings import settings
from backoffice_app.state import notices


class Tab:
    """What a background event holds of a tab."""

    def __init__(self, *keys: str, undo: str = "") -> None:
        self.items = [{"key": key, "undo": undo} for key in keys]

    async def __aenter__(self) -> "Tab":
        return self

    async def __aexit__(self, *_error: object) -> None:
        return None

    def _forget(self, key: str) -> None:
        notices.Notices._forget(self, key)  # type: ignore[arg-type]

    @property
    def keys(self) -> list[str]:
        return [item["key"] for item in self.items]


def leave(tab: Tab, key: str) -> Any:
    return notices.Notices.event_handlers["clear_later"].fn(tab, key)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "SECONDS", 0.001)


def test_w21_a_notice_leaves_after_its_time() -> None:
    tab = Tab("a", "b")
    asyncio.run(leave(tab, "a"))
    assert tab.keys == ["b"]


def test_c7_an_undo_is_offered_as_long_as_it_can_be_done_and_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither the pointer nor anything else prolongs it: there is no handler that could."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(notices.asyncio, "sleep", sleep)
    tab = Tab("a", undo="not-paid")
    asyncio.run(leave(tab, "a"))

    assert (slept, tab.keys) == ([settings().undo_seconds], [])
    assert {"show", "clear_later", "close", "clear_errors", "setvar"} >= set(notices.Notices.event_handlers)


def test_a1_a_notice_that_is_not_there_or_leaves_already_is_not_waited_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
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


def test_w21_the_time_of_undo_stands_in_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """`Undo` is offered as long as it can be done, whatever KONTOR_UNDO_SECONDS says."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(notices, "SECONDS", 0.0)
    monkeypatch.setattr(notices.asyncio, "sleep", sleep)
    for given in ("25", "1"):
        monkeypatch.setenv("KONTOR_UNDO_SECONDS", given)
        settings.cache_clear()
        asyncio.run(leave(Tab("a"), "a"))
    settings.cache_clear()
    assert slept == [25, notices.SHORTEST]


class Page:
    """What the handlers of a tab at `path` hold."""

    def __init__(self, path: str, *items: tuple[str, str]) -> None:
        self._get_root_state = lambda: SimpleNamespace(
            rx_router_url=SimpleNamespace(href=SimpleNamespace(path=path))
        )
        self.items = [{"key": f"{kind} {at}", "kind": kind, "at": at} for kind, at in items]

    def do(self, handler: str) -> list[str]:
        """The keys of the notices that are left."""
        asyncio.run(notices.Notices.event_handlers[handler].fn(self))
        return [item["key"] for item in self.items]


def test_w21_refusals_and_errors_leave_with_the_page_and_what_was_done_stays() -> None:
    told = [("error", "/orders"), ("refused", "/orders/7"), ("done", "/orders"), ("error", "/orders/7")]
    arrived = Page("/orders/7", *told)
    notices.Notices._arrive(arrived)
    assert [item["key"] for item in arrived.items] == ["refused /orders/7", "done /orders", "error /orders/7"]
    assert Page("/orders/7", *told).do("clear_errors") == ["done /orders"]
