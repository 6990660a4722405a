"""How fast the shop is over the wire, with a million orders: tabs at full speed, one process beside two, and what a
colleague changed.

`python -m soak.wire` prints for each number of processes how many list loads a second eight tabs get (P-20), how long a
change takes to show in a tab of a colleague, at another process where there is one (P-19), and how long the slowest
event of a mixed day waits.
"""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from soak import contract
from soak.colleagues import VIEWS
from soak.contract import ORDERS
from soak.ledger import Ledger
from soak.premises import Premises, name_of, premises
from soak.tab import Tab
from sqlalchemy import create_engine, text

TABS = 8
CHANGES = 100
SLOWEST = 10
"""Events of a mixed day that are named."""


class Took(NamedTuple):
    """How many seconds an event took, what it was, and when it began, in seconds since its measurement began."""

    seconds: float
    what: str
    at: float


async def full_speed(tabs: list[Tab], seconds: float, once: Callable[[Tab], Awaitable[str]]) -> list[Took]:
    """Each tab does `once`, which says what it did, over and over."""
    took: list[Took] = []
    start = time.monotonic()

    async def go(tab: Tab) -> None:
        while (began := time.monotonic()) < start + seconds:
            what = await once(tab)
            took.append(Took(time.monotonic() - began, what, began - start))

    await asyncio.gather(*map(go, tabs))
    return took


async def load_list(tab: Tab, view: str = "") -> str:
    """The list of orders, as a link leads there."""
    before = tab.value(ORDERS, "view")
    path = f"/orders?{urlencode({'view': view})}" if view else "/orders"
    assert await tab.go("list", path, lambda: tab.value(ORDERS, "view") is not before, 20), (
        f"no list came: {tab.notices()}"
    )
    return f"list {view}"


async def something(tab: Tab, numbers: list[str]) -> str:
    """A view, a search or an order."""
    roll = tab.dice.random()
    if roll < 0.4:
        return await load_list(tab, tab.dice.choice(VIEWS))
    if roll < 0.6 and tab.here["pathname"] == "/orders":
        before = tab.value(ORDERS, "view")
        words = (
            f"{tab.dice.choice(('Müller', 'hafen', 'Meyer 1', 'schmidt', 'zzzz', '1000'))} "
            f"{tab.dice.randint(1, 99)}"
        )
        await tab.go(
            "search", f"/orders?{urlencode({'q': words})}", lambda: tab.value(ORDERS, "view") is not before
        )
        return f"search for {words}"
    number = tab.dice.choice([one for one in numbers if one != tab.shown])
    assert await tab.go("open an order", f"/orders/{number}", lambda: tab.shown == number, 20), (
        f"{number} did not come: {tab.notices()}"
    )
    return f"order {number}"


async def shows_after(one: Tab, other: Tab, number: str) -> list[float]:
    """Seconds from a press in one tab until the other tab of the same order shows it."""
    for tab in (one, other):
        assert await tab.go("open an order", f"/orders/{number}", lambda tab=tab: tab.shown == number, 20)  # type: ignore[misc]
    took = []
    for n in range(CHANGES):
        key = "hold" if n % 2 == 0 else "resume"
        before = other.view["about"]
        began = time.monotonic()
        await one.emit(*contract.act(one.view, key, {}))
        await other.until(lambda before=before: other.view["about"] != before, 10)  # type: ignore[misc]
        took.append(time.monotonic() - began)
        await one.until(lambda before=before: one.view["about"] != before, 10)  # type: ignore[misc]
        await asyncio.sleep(one.dice.uniform(0.05, 0.15))
    return took


def figures(took: list[float]) -> str:
    """Median, p95 and maximum in ms."""
    row = sorted(took)
    return (
        f"median {statistics.median(row) * 1000:.0f} ms, p95 {row[int(len(row) * 0.95)] * 1000:.0f} ms, "
        f"max {row[-1] * 1000:.0f} ms"
    )


async def measure(shop: Premises, seconds: float, mixed: float, numbers: list[str]) -> str:
    """One line for each figure."""
    ledger, web = Ledger(), len(shop.servers)
    tabs = [
        Tab(name_of(n), shop.cookie(n), [shop.servers[n % web]], ledger, random.Random(n))
        for n in range(TABS)
    ]
    for tab in tabs:
        await tab.open("/orders")
    await full_speed(tabs, 3, load_list)  # warm
    lists = await full_speed(tabs, seconds, load_list)
    rows = [
        f"{web} web: {len(lists) / seconds:.0f} list loads a second; {figures([one.seconds for one in lists])}"
    ]
    if mixed:
        events = await full_speed(tabs, mixed, lambda tab: something(tab, numbers))
        said = f"{figures([one.seconds for one in events])}; unanswered: {ledger.lost or 'none'}"
        rows.append(f"{web} web: {len(events)} events of a mixed day in {mixed:.0f} s; {said}")
        rows += [
            f"    {one.seconds * 1000:.0f} ms: {one.what}, after {one.at:.1f} s"
            for one in sorted(events, reverse=True)[:SLOWEST]
        ]
    rows.append(
        f"{web} web: a colleague's change shows after {figures(await shows_after(tabs[0], tabs[1], numbers[0]))}"
    )
    for tab in tabs:
        await tab.close()
    return "\n".join(rows)


def some_numbers(shop: Premises) -> list[str]:
    """Numbers of orders all over the shop, first one that can be put on hold."""
    engine = create_engine(shop.database)
    with engine.connect() as connection:
        first = connection.execute(
            text("SELECT number FROM orders WHERE status = 'awaiting_shipment' ORDER BY id DESC LIMIT 1")
        ).scalar_one()
        most = connection.execute(text("SELECT max(id) FROM orders")).scalar_one()
        ids = sorted({1 + most * n // 500 for n in range(500)})
        found = [
            connection.execute(text("SELECT number FROM orders WHERE id = :id"), {"id": id_}).scalar()
            for id_ in ids
        ]
    engine.dispose()
    return [first, *(number for number in found if number and number != first)]


def main() -> int:
    """The command."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--orders", type=int, default=1_000_000)
    ask.add_argument("--seconds", type=float, default=20, help="of list loads alone")
    ask.add_argument("--mixed", type=float, default=600, help="seconds of a mixed day")
    ask.add_argument(
        "--keep", default="", help="the name of a database that is kept, and used again if it is there"
    )
    ask.add_argument("web", nargs="*", type=int, default=[1, 2], help="with how many web processes")
    given = ask.parse_args()
    with tempfile.TemporaryDirectory(prefix="kontor-wire-") as folder:
        name = given.keep
        for web in given.web:
            with premises(
                Path(folder),
                postgres=True,
                web=web,
                workers=1,
                colleagues=TABS,
                orders=given.orders,
                keep=name,
            ) as shop:
                sys.stdout.write(
                    asyncio.run(measure(shop, given.seconds, given.mixed, some_numbers(shop))) + "\n"
                )
                sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
