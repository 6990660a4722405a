"""What tests share: a real server on a fresh data folder, and a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from serving import Server, running

from backoffice_app.bench.chromium import FLAGS, chromium_path


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


@pytest.hookimpl(tryfirst=True)  # before the groups are read
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a module makes once, such as a Chromium or servers of its own, is made once: its tests run in one process."""
    for item in items:
        if isinstance(item, pytest.Function) and (group := _group_of(item)):
            item.add_marker(pytest.mark.xdist_group(group))


def _group_of(item: pytest.Function) -> str:
    """The tests this one shares something costly with; "" for none."""
    if "big_shop" in item.fixturenames:
        return f"big_shop {item.callspec.params['big_shop']}"
    scopes = {made[-1].scope for made in item._fixtureinfo.name2fixturedefs.values()}
    return item.nodeid.split("::")[0] if "module" in scopes or item.path.parent.name == "soak" else ""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium for one module: while its driver lives, no other event loop can run in this process."""
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """A browser profile of its own for this test, pointed at `server`."""
    made = browser.new_context(base_url=server.url, viewport={"width": 1280, "height": 900}, locale="en-GB", reduced_motion="reduce")
    made.set_default_timeout(10_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty tab. Nobody is signed in; `sign_in` does that."""
    return context.new_page()


from databases import database, shop, small_shop, sqlite  # noqa: E402, F401
