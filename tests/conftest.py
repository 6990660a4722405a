"""What tests share: a real server on a fresh data folder, and a real browser."""

import gc
import os
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import hypothesis
import pytest
from httpx._transports import default as http
from kept_chromium import KeptChromium
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from serving import Server, running
from starting import forks

from backoffice_app.domain.people import passwords

PATIENCE = 15
"""Seconds a page may take to show what a test expects, on a busy or slow machine."""
expect.set_options(timeout=PATIENCE * 1000)
CHROMIUM = KeptChromium()
# The same examples in each run, so that a change is judged and not a throw of dice; `make nightly` draws new ones.
hypothesis.settings.register_profile("same", derandomize=True)
hypothesis.settings.register_profile("new")
hypothesis.settings.load_profile(os.environ.get("KONTOR_EXAMPLES", "same"))


def pytest_configure(config: pytest.Config) -> None:
    """Tests start `kontor` as forks of a process beside this run; all processes of the run share it."""
    started = forks()
    started.__enter__()
    config.add_cleanup(lambda: started.__exit__(None, None, None))


def pytest_addoption(parser: pytest.Parser) -> None:
    """How much of what is random is tried."""
    parser.addoption(
        "--unicode-orders", type=int, default=20, help="orders with texts of all of Unicode, on each database"
    )
    parser.addoption("--unicode-seed", type=int, default=2026, help="which ones")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A demo shop with 40 orders and one account of each role, on its own data folder, for all tests of one process."""
    with running(tmp_path_factory.mktemp("shop"), "demo", "--orders", "40") as found:
        yield found


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[Server]:
    """`kontor run` on an empty data folder: no owner yet, no orders."""
    with running(tmp_path / "data", "run") as found:
        yield found


@pytest.fixture(autouse=True, scope="session")
def quick_passwords() -> Iterator[None]:
    """A password costs a fifth of a second and all cores, by intention; within the process of the tests it costs a
    millisecond.
    """
    usual = passwords._ARGON2
    passwords._ARGON2 = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=1024, parallelism=1),))
    yield
    passwords._ARGON2 = usual


@pytest.fixture(autouse=True, scope="session")
def quick_clients() -> Iterator[None]:
    """What an HTTP client trusts takes 30 ms to read, for each that is made and also where it speaks no TLS; here it is
    read once.
    """
    usual = http.create_ssl_context
    http.create_ssl_context = cache(usual)
    yield
    http.create_ssl_context = usual


def pytest_sessionfinish() -> None:
    """The Chromium ends; a loop that tests share lives in a thread, and the process waits for its end."""
    CHROMIUM.end()
    if shared := sys.modules.get("callers"):
        shared.close()


@pytest.hookimpl(tryfirst=True)  # before the groups are read
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a module makes once, such as a Chromium or servers of its own, is made once: its tests run in
    one process.
    """
    for item in items:
        if isinstance(item, pytest.Function) and (group := _group_of(item)):
            item.add_marker(pytest.mark.xdist_group(group))
        if isinstance(item, pytest.Function) and "browser" in item.fixturenames:
            item.add_marker(pytest.mark.browser)
        if isinstance(item, pytest.Function) and "postgresql" in item.name:
            item.add_marker(pytest.mark.postgres)
            if item.get_closest_marker("twins"):
                item.add_marker(pytest.mark.slow)
    items.sort(
        key=lambda item: item.path.parent.name != "soak"
    )  # the longest first, or the other processes wait for it at the end


def pytest_collection_finish() -> None:
    """What was loaded stays to the end, so the collector of garbage need not look at it again, a twelfth of the time of
    a test.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says what was not tested and why: a green last line alone would hide it."""
    reasons = Counter(_reason_of(report) for report in terminalreporter.stats.get("skipped", []))
    of_postgres = sum(reasons.pop(reason) for reason in list(reasons) if "PostgreSQL" in reason)
    if of_postgres:
        terminalreporter.write_line(
            f"NOT TESTED ON POSTGRESQL: {of_postgres} tests were skipped. {why_no_postgres()}"
        )
        terminalreporter.write_line(
            "KONTOR_TEST_POSTGRES names another server, as in postgresql+psycopg://user:password@host:5432/postgres."
        )
    for reason, times in sorted(reasons.items()):
        terminalreporter.write_line(f"NOT TESTED: {times} skipped, {reason}")


def _reason_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Why a test, or a whole module, was skipped."""
    told = report.longrepr
    return str(told[2] if isinstance(told, tuple) else told).removeprefix("Skipped: ")


def _group_of(item: pytest.Function) -> str:
    """The tests this one shares something costly with; "" for none."""
    if "big_shop" in item.fixturenames:
        return f"big_shop {item.callspec.params['big_shop']}"
    scopes = {made[-1].scope for made in item._fixtureinfo.name2fixturedefs.values()}
    shares = "module" in scopes or "browser" in item.fixturenames or item.path.parent.name == "soak"
    return item.nodeid.split("::")[0] if shares else ""


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A headless Chromium, which tests share; profiles of its own that a test leaves open are closed."""
    yield CHROMIUM.browser()
    CHROMIUM.close_others()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test without a browser may run an event loop of its own: there is no Chromium then."""
    if not item.get_closest_marker("browser"):
        CHROMIUM.end()


@pytest.fixture
def context(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """A browser profile that is as good as new, pointed at `server`."""
    made = CHROMIUM.profile(server.url)
    made.set_default_timeout(PATIENCE * 1000)
    yield made
    CHROMIUM.tidy()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty tab. Nobody is signed in; `sign_in` does that."""
    return context.new_page()


from databases import database, shop, small_shop, sqlite, why_no_postgres  # noqa: E402, F401
