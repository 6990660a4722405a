"""Two web processes show one shop: what happens in one is seen in the other's tabs (RUN-2, O-6)."""

import asyncio
import os
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import psycopg
import pytest
from attacker import ORDER, Socket
from databases import SERVER, postgres_answers
from serving import Server, running
from sqlalchemy import make_url

ON = make_url(SERVER)
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(not postgres_answers(), reason="no PostgreSQL: two web processes are not tested"),
]
NO_REDIS = {"KONTOR_REDIS_URL": "redis://127.0.0.1:1/0", "REDIS_URL": "redis://127.0.0.1:1/0"}
"""Names that Kontor once took and Reflex takes, with nobody there: what a tab remembers is in memory all the same."""


@dataclass
class Both:
    """Two processes on one database, and the number of an order that is open."""

    first: Server
    second: Server
    number: str

    def window(self, server: Server, email: str) -> Socket:
        """A tab with the window of the open order."""
        path = f"/orders/{self.number}"
        return Socket(
            server, server.cookie(email), path=path, route="/orders/[number]/[[tab]]", number=self.number
        )


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """Two processes on one database."""
    data, name = tmp_path_factory.mktemp("both"), f"kontor_both_{os.getpid()}"
    admin_url = ON.set(drivername="postgresql").render_as_string(hide_password=False)
    url = ON.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    with psycopg.connect(admin_url, autocommit=True) as admin, ExitStack() as stack:
        admin.execute(f"CREATE DATABASE {name}")
        stack.callback(admin.execute, f"DROP DATABASE {name} WITH (FORCE)")
        first = stack.enter_context(
            running(data, "demo", "--orders", "12", "--database-url", url, **NO_REDIS)
        )
        second = stack.enter_context(running(data, "demo", "--database-url", url, **NO_REDIS))
        with psycopg.connect(url) as database:
            row = database.execute(
                "SELECT number FROM orders WHERE status LIKE 'awaiting%' ORDER BY id LIMIT 1"
            ).fetchone()
        assert row is not None
        yield Both(first, second, row[0])


def test_p19_a_change_in_one_process_shows_in_a_tab_of_the_other_within_half_a_second(both: Both) -> None:
    """After who did it sees it, in the median of ten: this machine may be busy.

    `make soak-wire` measures all of it in peace.
    """

    async def seen(tab: Socket, *, held: bool) -> float:
        await tab.until(lambda: (tab.status() == "On hold") is held)
        return time.monotonic()

    async def watch() -> list[float]:
        later = []
        async with (
            both.window(both.first, "owner@demo.test") as ada,
            both.window(both.second, "staff@demo.test") as ben,
        ):
            for tab in (ada, ben):
                await tab.until(lambda tab=tab: bool(tab.status()))  # type: ignore[misc]
            for action in ("hold", "resume") * 5:
                await ben.press(action)
                by_ada, by_ben = await asyncio.gather(
                    *(seen(tab, held=action == "hold") for tab in (ada, ben))
                )
                later.append(by_ada - by_ben)
                await ben.until(lambda: ben.about() == ada.about())
        return later

    assert statistics.median(asyncio.run(watch())) < 0.5


def here(tab: Socket) -> object:
    """The names of those who look at the order of this tab too, as it shows them."""
    return tab.value(ORDER, "also_here_rx_state_")


def test_w16_who_looks_at_one_order_sees_the_others_and_sees_them_go(both: Both) -> None:
    async def look() -> None:
        async with both.window(both.first, "owner@demo.test") as ada:
            async with (
                both.window(both.second, "staff@demo.test") as ben,
                both.window(both.first, "owner@demo.test") as ada_again,
            ):
                await ada.until(lambda: here(ada) == ["Ben Beier"])
                await ben.until(lambda: here(ben) == ["Olga Ohm"])
                await ada_again.until(lambda: here(ada_again) == ["Ben Beier"])
                assert ada.value(ORDER, "also_here_said_rx_state_") == "Ben Beier is here too"
                async with both.window(both.first, "warehouse@demo.test") as wanda:
                    await wanda.until(lambda: here(wanda) == ["Ben Beier", "Olga Ohm"])
                    await ben.until(lambda: here(ben) == ["Olga Ohm", "Wanda Werk"])
                await ben.until(lambda: here(ben) == ["Olga Ohm"])
            await ada.until(lambda: here(ada) == [])

    asyncio.run(look())


def test_r6_no_event_waits_for_a_lock_of_what_its_tab_remembers(both: Both) -> None:
    """With a tab's state in Redis about every thirtieth event of two processes waited exactly ten seconds."""

    async def press_on() -> None:
        async with (
            both.window(both.first, "owner@demo.test") as ada,
            both.window(both.second, "staff@demo.test") as ben,
        ):
            for _n in range(60):
                await asyncio.gather(ada.settle(), ben.settle())  # each within five seconds, or it fails

    asyncio.run(press_on())


def test_run2_a_session_of_one_process_is_one_of_the_other_and_ends_for_both(both: Both) -> None:
    first, second = both.first, both.second
    cookie = first.sign_in("reader@demo.test")

    async def use() -> None:
        async with Socket(second, cookie) as socket:
            await socket.settle()

    asyncio.run(use())
