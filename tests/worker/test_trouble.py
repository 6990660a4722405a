"""The worker while something of its own is away: disk, handles, share, database.

No mail is lost, none goes twice (R-4, R-10).
"""

import ctypes
import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from databases import OWNER, TestShop
from door import Door, door
from mailserver import MailServer, mail_server
from serving import until
from sqlalchemy import make_url, text
from sqlmodel import Session
from starting import ROOT, started_worker

from backoffice_app import db
from backoffice_app.cli.worker import END_WITHIN
from backoffice_app.db import reading
from backoffice_app.db_errors import AWAY
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.errors import Away
from backoffice_app.domain.core.work import work
from backoffice_app.domain.mail import delivery, write
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.mail.delivery import PAUSES, TRIES_AT_HOME, begin_sending, put_off, put_off_at_home
from backoffice_app.domain.mail.write import stamp_of
from backoffice_app.domain.order import ORDER
from backoffice_app.models import OutboxMail, WorkerProcess
from backoffice_app.settings import settings
from backoffice_app.worker import Worker, mails, process


@pytest.fixture
def server(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server, and pauses so short that a test can wait for them."""
    monkeypatch.setattr(delivery, "PAUSES", (0.2,) * len(PAUSES))
    with mail_server() as found:
        monkeypatch.setenv("KONTOR_SMTP_URL", found.url)
        settings.cache_clear()
        yield found


@contextmanager
def running() -> Iterator[Worker]:
    worker = Worker("worker")
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


def with_invoice(shop: TestShop) -> int:
    """The id of a mail with the order's invoice."""
    order = shop.order()
    with work(OWNER) as w:
        locked = w.lock(ORDER, order.id or 0)
        mail = write(w, mail_kinds.INVOICE, locked, about="test", documents=locked.documents)
        assert mail is not None
        return mail.id or 0


def mail(mail_id: int) -> OutboxMail:
    with Session(db.reading_engine(), expire_on_commit=False) as session:
        return session.get_one(OutboxMail, mail_id)


def is_sent(mail_id: int) -> bool:
    return mail(mail_id).state == "sent"


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of a megabyte, mounted at `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], check=False, capture_output=True
    ).returncode:
        pytest.skip("only root may mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_r4_a_full_disk_puts_a_mail_off(shop: TestShop, server: MailServer) -> None:
    with small_disk(settings().archive_dir) as archive:
        filler = archive / "filler"
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            while file.write(b"x" * 4096):
                pass
        with running():
            id_ = with_invoice(shop)
            until(lambda: mail(id_).attempts == TRIES_AT_HOME, 30, "the fourth try")
            assert mail(id_).state == "retrying"
            assert mail(id_).error == "attachment RE-2026-0001.pdf: No space left on device"
            assert [found for found in archive.rglob("*") if found.is_file()] == [filler], (
                "half a file keeps a full disk full"
            )
            filler.unlink()
            until(lambda: is_sent(id_), 30, "the mail")
    assert len(server.got) == 1


@pytest.mark.parametrize("code", [errno.EMFILE, errno.ENFILE, errno.EIO, errno.EROFS, errno.ESTALE])
def test_r4_trouble_of_this_machine_puts_a_mail_off(
    code: int, shop: TestShop, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_handle: int) -> None:
        raise OSError(code, os.strerror(code))

    with running():
        with monkeypatch.context() as broken:
            broken.setattr(os, "fsync", fail)
            id_ = with_invoice(shop)
            until(lambda: mail(id_).state == "retrying", 30, "the first try")
        assert mail(id_).error.endswith(os.strerror(code))
        until(lambda: is_sent(id_), 30, "the mail")
    assert len(server.got) == 1


def test_r4_an_archive_that_is_away_puts_a_mail_off(shop: TestShop, server: MailServer) -> None:
    with running():
        first = with_invoice(shop)
        until(lambda: is_sent(first), 30, "the first mail")
        away = settings().archive_dir.rename(settings().data_dir / "not mounted")
        with work(OWNER) as w:
            order = w.lock(ORDER, mail(first).order_id or 0)
            again = write(w, mail_kinds.INVOICE, order, about="again", documents=order.documents)
            assert again is not None
        until(lambda: mail(again.id or 0).state == "retrying", 30, "the first try")
        away.rename(settings().archive_dir)
        until(lambda: is_sent(again.id or 0), 30, "the mail")
    assert len(server.got) == 2


def test_r4_trouble_of_our_own_never_fails_a_mail_nor_uses_up_the_servers_tries(
    shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KONTOR_SMTP_URL", "smtp://127.0.0.1:1")
    settings.cache_clear()
    id_ = with_invoice(shop)
    pauses = []
    for _n in range(30):
        put_off_at_home(id_, stamp_of(mail(id_)), "attachment: full")
        pauses.append(round((mail(id_).send_after - clock.now()).total_seconds()))
    assert mail(id_).state == "retrying"
    assert pauses[:4] == list(PAUSES[:4])
    assert set(pauses[4:]) == {PAUSES[3]}
    for _attempt in PAUSES[TRIES_AT_HOME:]:
        assert begin_sending(id_, stamp_of(mail(id_)))
        put_off(id_, stamp_of(mail(id_)), "away")
        assert mail(id_).state == "retrying"


@pytest.fixture
def behind(shop: TestShop, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    """Kontor and its worker reach PostgreSQL through a door."""
    url = make_url(settings().database)
    with door(url.host, url.port) as found:
        monkeypatch.setenv(
            "KONTOR_DATABASE_URL",
            url.set(host="127.0.0.1", port=found.port).render_as_string(hide_password=False),
        )
        settings.cache_clear()
        db.forget_engines()
        yield found
        found.mend()
        db.forget_engines()


ON_POSTGRES = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@ON_POSTGRES
def test_r4_the_servers_answer_is_noted_when_the_database_is_back(
    shop: TestShop, server: MailServer, behind: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a mail that arrived would be unclear, and a person would have to ask the customer."""
    real = mails.deliver
    monkeypatch.setattr(mails, "PATIENCE", (0.2,) * 100)

    def deliver_and_lose_the_database(*told: object) -> object:
        answer = real(*told)  # type: ignore[arg-type]
        behind.fail("refuse")
        threading.Timer(2, behind.mend).start()
        return answer

    monkeypatch.setattr(mails, "deliver", deliver_and_lose_the_database)
    with running():
        id_ = with_invoice(shop)
        until(lambda: len(server.got) == 1, 30, "the mail")

        def has_rest() -> bool:
            with suppress(Exception):
                return mail(id_).state in {"sent", "unclear"}
            return False

        until(has_rest, 30, "its answer")
    assert is_sent(id_)
    assert len(server.got) == 1


def test_r4_an_answer_that_can_never_be_noted_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mails, "PATIENCE", (0, 0))
    tries = []

    def fail() -> None:
        tries.append(1)
        raise Away(AWAY)

    with pytest.raises(Away):
        mails.keep(fail)
    assert len(tries) == 3


@ON_POSTGRES
def test_r10_the_watch_of_the_worker_outlives_the_database(
    shop: TestShop, behind: Door, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(process, "BEAT", 0.2)
    with running() as worker:
        behind.fail("refuse")
        until(
            lambda: caplog.text.count("round of the worker's watch failed") >= 2,
            30,
            "two rounds without the database",
        )
        behind.mend()
        with reading() as session:
            before = session.get_one(WorkerProcess, "worker-0").heard_at

        def is_heard_again() -> bool:
            with reading() as session:
                return session.get_one(WorkerProcess, "worker-0").heard_at > before

        until(is_heard_again, 30, "a sign of life")
        assert worker.thread is not None
        assert worker.thread.is_alive()


@contextmanager
def all_locked() -> Iterator[None]:
    """Within, somebody holds the whole database (SQLite), or the table of signs of life (PostgreSQL)."""
    with db.engine().connect() as holder:
        if holder.dialect.name == "sqlite":
            statement = "INSERT INTO worker_process (executor_id, heard_at) VALUES ('somebody', '2026-01-01')"
        else:
            statement = "LOCK TABLE worker_process IN ACCESS EXCLUSIVE MODE"
        holder.execute(text(statement))
        yield
        holder.rollback()


@pytest.mark.twins
def test_run2_a_worker_told_to_end_ends_though_the_database_is_locked(
    shop: TestShop, server: MailServer
) -> None:
    """Its threads would ask again without end; what they were at is taken over by others."""
    with started_worker(env=os.environ) as worker, all_locked():
        began = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0
    assert time.monotonic() - began < END_WITHIN + 5


def test_run2_a_worker_ends_by_a_signal_that_reached_another_of_its_threads(
    shop: TestShop, server: MailServer
) -> None:
    """The system chooses the thread. The one that waits for the end must hear of it all the same."""
    with started_worker(env=os.environ) as worker:
        time.sleep(1)  # until it waits
        others = {int(name) for name in os.listdir(f"/proc/{worker.pid}/task")} - {worker.pid}
        assert ctypes.CDLL(None).tgkill(worker.pid, max(others), signal.SIGTERM) == 0
        assert worker.wait(30) == 0


def test_run2_a_worker_in_which_no_thread_runs_any_more_is_ended_by_the_system() -> None:
    """As when foreign code holds the interpreter: a timer of Python would never be heard."""
    stuck = (
        "import ctypes; from backoffice_app.cli.worker import _end_in_time; _end_in_time(1); "
        "ctypes.PyDLL(None).sleep(60)"
    )
    assert (
        subprocess.run([sys.executable, "-c", stuck], cwd=ROOT, check=False, timeout=30).returncode
        == -signal.SIGALRM
    )
