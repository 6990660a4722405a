"""The database is away, full, slow, or held by somebody else: what a person is told, and that it is true
(R-7, R-10).
"""

import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from databases import OWNER, TestShop
from door import Door, door
from serving import until
from sqlalchemy import make_url, text, update

from backoffice_app import db
from backoffice_app.db import reading
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Away, Busy, Refused, Unknown
from backoffice_app.domain.core.work import work
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.people import actor_of_session
from backoffice_app.models import User
from backoffice_app.settings import settings

ON_POSTGRES = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
"""SQLite has no connections that break: the file is there, or the disk is full."""


@pytest.fixture
def behind(shop: TestShop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    """Kontor reaches its PostgreSQL through a door; the shop of the test does too."""
    url = make_url(settings().database)
    with door(url.host, url.port) as found:
        reset(
            monkeypatch,
            KONTOR_DATABASE_URL=url.set(host="127.0.0.1", port=found.port).render_as_string(
                hide_password=False
            ),
        )
        yield found
        found.mend()
        db.forget_engines()


def reset(monkeypatch: pytest.MonkeyPatch, **environment: str) -> None:
    """New settings, and engines that follow them."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    db.forget_engines()


def held(shop: TestShop, order_id: int) -> bool:
    return shop.load(order_id).on_hold_since is not None


@contextmanager
def locked(order_id: int) -> Iterator[None]:
    """Somebody else is in a transaction that has the order."""
    with work(OWNER) as w:
        w.lock(ORDER, order_id)
        yield


# --- somebody else has the lock
# -------------------------------------------------------------------------------------------------------


def test_r7_a_lock_that_is_held_too_long_is_a_sentence_and_nothing_was_done(
    shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    reset(monkeypatch, KONTOR_LOCK_SECONDS="1")
    order_id = shop.order().id or 0
    refusals: list[Refused] = []

    def press() -> None:
        try:
            perform(OWNER, "hold", order_id)
        except Refused as refused:
            refusals.append(refused)

    with locked(order_id):
        began = time.monotonic()
        presses = [threading.Thread(target=press) for _n in range(3)]
        for thread in presses:
            thread.start()
        for thread in presses:
            thread.join(10)
        assert time.monotonic() - began < 5
    assert [type(refused) for refused in refusals] == [Busy] * 3
    assert refusals[0].reason.in_language("en") == "A colleague is just changing this order. Try again."
    assert "Ein Kollege" in refusals[0].reason.in_language("de")
    assert not held(shop, order_id)
    perform(OWNER, "hold", order_id)
    assert held(shop, order_id)


def test_r7_another_process_that_writes_to_the_file_is_waited_for_as_long(
    small_shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    reset(monkeypatch, KONTOR_LOCK_SECONDS="1")
    order_id = small_shop.order().id or 0
    other = sqlite3.connect(settings().data_dir / "kontor.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy):
        perform(OWNER, "hold", order_id)
    other.execute("ROLLBACK")
    perform(OWNER, "hold", order_id)


# --- the way to the database
# ----------------------------------------------------------------------------------------------------------


@ON_POSTGRES
def test_r10_connections_that_died_at_rest_cost_nobody_a_click(shop: TestShop) -> None:
    order_id = shop.order().id or 0
    with reading() as first, reading() as second:
        pids = [session.execute(text("SELECT pg_backend_pid()")).scalar_one() for session in (first, second)]
    with psycopg.connect(
        str(make_url(settings().database).set(drivername="postgresql")), autocommit=True
    ) as killer:
        for pid in pids:
            killer.execute("SELECT pg_terminate_backend(%s)", (pid,))
        until(
            lambda: (
                killer.execute("SELECT 1 FROM pg_stat_activity WHERE pid = ANY(%s)", (pids,)).fetchone()
                is None
            ),
            what="the end of both",
        )
    with reading() as session:
        assert session.execute(text("SELECT 1")).scalar_one() == 1
    perform(OWNER, "hold", order_id)
    assert held(shop, order_id)


@ON_POSTGRES
def test_r8_a_database_that_refuses_is_away_and_comes_back(shop: TestShop, behind: Door) -> None:
    order_id = shop.order().id or 0
    behind.fail("refuse")
    asked = {
        lambda: perform(OWNER, "hold", order_id): " Nothing was done.",
        lambda: actor_of_session("x"): "",
        shop_name: "",
    }
    for ask, more in asked.items():  # who only reads says nothing of what may have been done before
        with pytest.raises(Away) as away:
            ask()
        assert away.value.reason.in_language("en") == "The database does not answer." + more
        assert away.value.reason.in_language("de").startswith("Die Datenbank antwortet nicht.")
    behind.mend()
    perform(OWNER, "hold", order_id)
    assert held(shop, order_id)


def shop_name() -> object:
    with reading() as session:
        return session.execute(text("SELECT 1")).scalar_one()


@ON_POSTGRES
def test_r10_a_connection_that_breaks_in_a_transaction_has_done_nothing(shop: TestShop, behind: Door) -> None:
    order_id = shop.order().id or 0

    def change_half() -> None:
        with work(OWNER) as w:
            order = w.lock(ORDER, order_id)
            order.email = "half@example.com"
            w.flush()
            behind.fail("cut")

    with pytest.raises(Away):
        change_half()
    assert shop.load(order_id).email != "half@example.com"


@ON_POSTGRES
def test_r3_a_connection_that_breaks_in_the_commit_says_that_nobody_knows(
    shop: TestShop, behind: Door
) -> None:
    """It was done here; had the answer been lost a moment earlier, it would not have been: both look the same from this
    side.
    """
    order_id = shop.order().id or 0
    behind.cut_before_answer_to = b"COMMIT"
    with pytest.raises(Unknown) as unknown:
        perform(OWNER, "hold", order_id)
    assert "not known" in unknown.value.reason.in_language("en")
    assert "nicht bekannt" in unknown.value.reason.in_language("de")
    assert held(shop, order_id)


@ON_POSTGRES
def test_r10_a_database_that_takes_connections_and_says_nothing_is_away_within_seconds(
    shop: TestShop, behind: Door
) -> None:
    shop.order()
    db.engine().dispose()
    behind.fail("hang")
    began = time.monotonic()
    with pytest.raises(Away):
        shop_name()
    assert time.monotonic() - began < 10


@ON_POSTGRES
def test_r10_the_way_has_its_limits(shop: TestShop) -> None:
    assert db.limits(make_url("postgresql://h/d?connect_timeout=2")).keys() == db.LIMITS.keys() - {
        "connect_timeout"
    }
    with db.engine().connect() as connection:
        info = connection.connection.driver_connection.info  # type: ignore[union-attr]
        assert {name: info.get_parameters().get(name) for name in db.LIMITS} == {
            name: str(value) for name, value in db.LIMITS.items()
        }


@ON_POSTGRES
def test_r7_a_statement_that_takes_too_long_is_ended(shop: TestShop, monkeypatch: pytest.MonkeyPatch) -> None:
    reset(monkeypatch, KONTOR_STATEMENT_SECONDS="1")
    with pytest.raises(Away), reading() as session:
        session.execute(text("SELECT pg_sleep(30)"))


def test_r7_who_gets_no_connection_is_told_within_seconds(
    shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(db.POOL, "pool_size", 1)
    monkeypatch.setitem(db.POOL, "max_overflow", 0)
    monkeypatch.setitem(db.POOL, "pool_timeout", 0.2)
    db.forget_engines()
    with reading() as session:
        session.execute(text("SELECT 1"))
        with pytest.raises(Away):
            shop_name()
    shop_name()


# --- no room
# --------------------------------------------------------------------------------------------------


def fill(file: Path) -> None:
    """Writes the file until there is no room left."""
    with suppress(OSError), file.open("wb", buffering=0) as filler:
        while True:
            filler.write(b"x" * 65_536)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 24 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    db.forget_engines()
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_r11_a_full_disk_is_a_sentence_of_its_own_and_nothing_was_done(
    small_shop: TestShop, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = small_shop.order().id or 0
    db.engine().dispose()
    with (
        sqlite3.connect(settings().data_dir / "kontor.sqlite3") as here,
        sqlite3.connect(small_disk / "kontor.sqlite3") as there,
    ):
        here.backup(there)
    reset(monkeypatch, KONTOR_DATABASE_URL=f"sqlite:///{small_disk / 'kontor.sqlite3'}")
    perform(OWNER, "hold", order_id)
    filler = small_disk / "filler"
    fill(filler)

    def write_until_it_is_full() -> None:
        for _n in range(2_000):
            perform(OWNER, "resume", order_id)
            perform(OWNER, "hold", order_id)

    with pytest.raises(Away) as away:
        write_until_it_is_full()
    assert away.value.reason.in_language("en") == "The disk of the database is full. Nothing was done."
    before = held(small_shop, order_id)
    filler.unlink()
    perform(OWNER, "resume" if before else "hold", order_id)
    assert held(small_shop, order_id) is not before


def test_r7_a_note_that_may_be_lost_never_stops_an_event(
    shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(db.POOL, "pool_size", 1)
    monkeypatch.setitem(db.POOL, "max_overflow", 0)
    monkeypatch.setitem(db.POOL, "pool_timeout", 0.2)
    db.forget_engines()
    with reading() as session:
        session.execute(text("SELECT 1"))
        db.note(update(User).values(name="Nobody"))
