"""On PostgreSQL two web processes are one shop: what one does, a list that is open at the other shows (RUN-2, O-6)."""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from databases import SERVER, TestShop, postgres_answers
from playwright.sync_api import Browser, Locator, Page, expect
from serving import Server, running, sign_in
from sqlalchemy import create_engine, text
from wholeness import wrongs

from backoffice_app import db
from backoffice_app.settings import settings

ORDERS = 40
pytestmark = [pytest.mark.browser, pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture(scope="module")
def database_url() -> Iterator[str]:
    """A PostgreSQL database of its own."""
    if not postgres_answers():
        pytest.skip("no PostgreSQL answers: two web processes on it are not tested")
    name = f"kontor_scale_{os.getpid()}"
    server = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield SERVER.rsplit("/", 1)[0] + f"/{name}"
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(scope="module")
def both(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Server]]:
    """Two web processes on one database."""
    data = tmp_path_factory.mktemp("both")
    with ExitStack() as stack:
        demo = ("demo", "--database-url", database_url)
        first = stack.enter_context(running(data, *demo, "--orders", str(ORDERS)))
        yield first, stack.enter_context(running(data, *demo))


def colleague(browser: Browser, server: Server, email: str, path: str) -> Page:
    """A browser of its own, signed in at this process and on this page."""
    page = browser.new_context(
        base_url=server.url, viewport={"width": 1280, "height": 900}, locale="en-GB", reduced_motion="reduce"
    ).new_page()
    page.set_default_timeout(20_000)
    sign_in(page, email)
    page.goto(path)
    return page


def row(page: Page, number: str) -> Locator:
    return (
        page.get_by_role("table", name="Orders")
        .get_by_role("row")
        .filter(has=page.get_by_role("link", name=number, exact=True))
    )


def test_run2_a_change_through_one_process_shows_in_a_list_that_is_open_at_the_other(
    both: tuple[Server, Server], browser: Browser
) -> None:
    first, second = both
    ada = colleague(browser, first, "owner@demo.test", "/orders?view=to-ship")
    links = ada.get_by_role("table", name="Orders").get_by_role("link", name=re.compile(r"^\d+$"))
    expect(links.first).to_be_visible(timeout=30_000)
    number = links.first.inner_text()
    ben = colleague(browser, second, "staff@demo.test", f"/orders/{number}")
    ben.get_by_role("button", name="Shipped").first.click()
    expect(row(ada, number)).to_contain_text("Shipped", timeout=30_000)  # nobody has touched her browser
    for page in (ada, ben):
        page.context.close()


def test_run2_what_two_processes_wrote_is_whole(
    both: tuple[Server, Server], database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KONTOR_DATABASE_URL", database_url)
    monkeypatch.setenv("KONTOR_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    db.forget_engines()
    shop = TestShop()
    assert shop.load(1).number
    found = wrongs()
    db.forget_engines()
    settings.cache_clear()
    assert found == []
