"""P-8, and what P-1, P-6 and P-7 owe painted: from the click to the frame in which Chromium shows what it led to.

Playwright looks for it at each frame and says so over a pipe, which adds some milliseconds.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from importlib.util import find_spec
from itertools import cycle
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from backoffice_app.bench.chromium import chromium
from backoffice_app.bench.orders import Intake, to_ship
from backoffice_app.bench.shops import BenchShop
from backoffice_app.bench.starts import running
from backoffice_app.bench.tab import open_session
from backoffice_app.bench.timing import Job
from backoffice_app.db import reading
from backoffice_app.marks import COOKIE

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

ROWS = "tbody a[href^='/orders/']"
ORDER = "#tab-history"
NOTICE = "[role=status] .notice"


def jobs(shop: BenchShop) -> Iterator[Job]:
    """First loads with an empty and a warm cache, and clicks; nothing where Playwright is not installed, as
    in a shop.
    """
    if find_spec("playwright") is None:
        return
    tabs = Tabs(shop)
    with reading() as session:
        newest = "SELECT number FROM orders WHERE status = 'completed' ORDER BY position DESC LIMIT 1"
        number = session.execute(text(newest)).scalar_one()
    waiting = to_ship(Intake(shop))
    try:
        for name, path, shown, most in (
            ("list", "/orders", ROWS, 160),
            ("an order", f"/orders/{number}", ORDER, 168),
        ):
            for what, owed, read in (
                ("kB", most, "kilobytes"),
                ("requests", 10, "requests"),
                ("ms until painted", 500, "painted"),
            ):
                yield Job(
                    "P-8",
                    f"{name}, empty cache: {what}",
                    owed,
                    tabs.first_load(path, shown, read),
                    times=3,
                    tells=True,
                )
            yield Job(
                "P-8",
                f"{name}, warm cache: ms until painted",
                250,
                tabs.again(path, shown),
                times=5,
                tells=True,
            )
        yield Job("P-8", "from the list to an order: kB", 20, tabs.further(), times=3, tells=True)
        yield Job("P-1", "a view, click to painted", 45, tabs.view(), times=15, tells=True)
        yield Job("P-6", "open an order, click to painted", 80, tabs.opened(), times=15, tells=True)
        yield Job("P-7", "Shipped, click to painted", 50, tabs.shipped(waiting), times=15, tells=True)
    finally:
        tabs.close()


class Tabs:
    """Tabs of the owner in Chromium on a server of this shop; both start when they are first needed."""

    def __init__(self, shop: BenchShop) -> None:
        self.shop = shop
        self._ends = ExitStack()
        self._chromium: Any = None
        self._page: Page | None = None
        self._url = ""

    def close(self) -> None:
        """Ends browser and server."""
        self._ends.close()

    def first_load(self, path: str, shown: str, read: str) -> Callable[[], float]:
        """Loads a page in a fresh profile; `read` says which figure is wanted."""

        def run() -> float:
            context = self._profile()
            figures = self._load(context, path, shown)
            context.close()
            return figures[read]

        return run

    def again(self, path: str, shown: str) -> Callable[[], float]:
        """Loads a page that this profile has loaded before."""
        kept: list[BrowserContext] = []

        def run() -> float:
            if not kept:
                kept.append(self._profile())
                self._load(kept[0], path, shown)
            return self._load(kept[0], path, shown)["painted"]

        return run

    def further(self) -> Callable[[], float]:
        """What comes over the wire when an order is opened from the list, in a fresh profile."""

        def run() -> float:
            context = self._profile()
            page = context.new_page()
            self._show_list(page)
            page.wait_for_timeout(500)  # what is fetched ahead belongs to the first load
            traffic = _Traffic(page)
            page.locator(ROWS).first.click()
            page.locator(ORDER).wait_for()
            context.close()
            return traffic.kilobytes

        return run

    def view(self) -> Callable[[], float]:
        """From a click on a view to its rows, to and fro."""
        ways = cycle(("a[role=tab][href*='to-ship']", "[role=tablist] a[href='/orders']"))
        begun: list[bool] = []

        def run() -> float:
            tab = self._tab()
            if not begun:
                begun.append(True)
                self._show_list(tab)
            link = next(ways)
            return _clicked(tab, link, f"{link}[aria-selected=true]")

        return run

    def opened(self) -> Callable[[], float]:
        """From a click on a row to its order."""

        def run() -> float:
            tab = self._tab()
            self._show_list(tab)
            return _clicked(tab, ROWS, ORDER)

        return run

    def shipped(self, numbers: Sequence[str]) -> Callable[[], float]:
        """From a click on `Shipped` to what says so, each time on another of these orders."""
        waiting = iter(numbers)

        def run() -> float:
            tab = self._tab()
            tab.goto(f"{self._url}/orders/{next(waiting)}")
            tab.locator("#ship:enabled").wait_for()
            return _clicked(tab, "#ship", NOTICE)

        return run

    def _tab(self) -> "Page":
        """One tab for all clicks."""
        if self._page is None:
            self._page = self._profile().new_page()
        return self._page

    def _show_list(self, tab: "Page") -> None:
        tab.goto(f"{self._url}/orders")
        tab.locator(ROWS).first.wait_for()

    def _profile(self) -> "BrowserContext":
        if self._chromium is None:
            self._url = self._ends.enter_context(running(self.shop))
            self._chromium = self._ends.enter_context(chromium())
        made: BrowserContext = self._chromium.new_context(
            viewport={"width": 1440, "height": 900}, locale="en-GB", reduced_motion="reduce"
        )
        made.add_cookies([{"name": COOKIE, "value": open_session(), "url": self._url}])
        return made

    def _load(self, context: "BrowserContext", path: str, shown: str) -> dict[str, float]:
        page = context.new_page()
        traffic = _Traffic(page)
        begun = time.perf_counter()
        page.goto(f"{self._url}{path}", wait_until="commit")
        page.locator(shown).first.wait_for()
        painted = _milliseconds_since(begun)
        page.wait_for_timeout(300)
        page.close()
        return {"painted": painted, "kilobytes": traffic.kilobytes, "requests": float(traffic.requests)}


def _clicked(page: "Page", what: str, shown: str) -> float:
    """Milliseconds from a click on the first `what` until the first `shown`, which is not there before, is."""
    begun = time.perf_counter()
    page.locator(what).first.dispatch_event("click")
    page.locator(shown).first.wait_for()
    return _milliseconds_since(begun)


def _milliseconds_since(begun: float) -> float:
    return (time.perf_counter() - begun) * 1000


class _Traffic:
    """What a page fetches from now on, as it comes over the wire."""

    def __init__(self, page: "Page") -> None:
        self.bytes = self.requests = 0
        devtools = page.context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.on("Network.loadingFinished", self._finished)

    def _finished(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])
        self.requests += (
            event["encodedDataLength"] > 0
        )  # what came from the cache or stood in the page does not count

    @property
    def kilobytes(self) -> float:
        return self.bytes / 1000
