"""Two web processes show one shop: what happens in one is seen in the other's tabs (RUN-2, O-6)."""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from attacker import Socket, order_window
from serving import Server, running

REDIS = os.environ.get("KONTOR_TEST_REDIS", "redis://127.0.0.1:6379/9")


def redis_answers() -> bool:
    """Whether a Redis server listens where the tests look for it."""
    url = urlsplit(REDIS)
    try:
        with socket.create_connection((url.hostname or "127.0.0.1", url.port or 6379), timeout=1):
            return True
    except OSError:
        return False


pytestmark = pytest.mark.skipif(not redis_answers(), reason=f"no Redis at {REDIS}: two web processes are not tested")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Server]]:
    """Two processes on one database and one Redis."""
    data = tmp_path_factory.mktemp("both")
    with ExitStack() as stack:
        first = stack.enter_context(running(data, "demo", "--orders", "12", KONTOR_REDIS_URL=REDIS))
        second = stack.enter_context(running(data, "demo", KONTOR_REDIS_URL=REDIS))
        yield first, second


def test_run2_a_change_in_one_process_is_shown_in_a_tab_of_the_other(both: tuple[Server, Server]) -> None:
    first, second = both

    async def watch() -> None:
        async with order_window(first, "owner@demo.test") as ada, order_window(second, "staff@demo.test") as ben:
            for tab in (ada, ben):
                await tab.until(lambda tab=tab: bool(tab.status()))  # type: ignore[misc]
            for action in ("hold", "resume"):
                await ben.press(action)
                await ada.until(lambda held=action == "hold": (ada.status() == "On hold") is held)  # type: ignore[misc]

    asyncio.run(watch())


def test_run2_a_session_of_one_process_is_one_of_the_other_and_ends_for_both(both: tuple[Server, Server]) -> None:
    first, second = both
    cookie = first.sign_in("reader@demo.test")

    async def use() -> None:
        async with Socket(second, cookie) as socket:
            await socket.settle()

    asyncio.run(use())
