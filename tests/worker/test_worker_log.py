"""`kontor worker` logs what it does with mails, into a file of its own (reliability 9)."""

import os
import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from databases import OWNER, TestShop
from mailserver import MailServer, mail_server
from serving import until
from starting import Process, started_worker

from backoffice_app.domain.core.work import work
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.mail import write
from backoffice_app.domain.order import ORDER
from backoffice_app.settings import settings


@pytest.fixture
def server(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with mail_server() as found:
        monkeypatch.setenv("KONTOR_SMTP_URL", found.url)
        settings.cache_clear()
        yield found


def worker() -> AbstractContextManager[Process]:
    """A worker of its own, as `kontor worker` starts it, by somebody whose files are usually readable by all."""
    return started_worker(env=os.environ, umask=0o022)


def end(*workers: Process) -> None:
    for one in workers:
        one.send_signal(signal.SIGTERM)
    assert [one.wait(30) for one in workers] == [0] * len(workers)


def mail(shop: TestShop) -> int:
    """The id of a mail about a new order."""
    order = shop.order()
    with work(OWNER) as w:
        written = write(w, mail_kinds.SHIPPED, w.lock(ORDER, order.id or 0), about="test")
        assert written is not None
        return written.id or 0


def log_of(folder: Path, name: str) -> str:
    file = folder / f"logs/{name}.log"
    return file.read_text() if file.exists() else ""


def test_r9_a_worker_logs_its_mails(shop: TestShop, server: MailServer, tmp_path: Path) -> None:
    with worker() as running:
        sent = mail(shop)
        until(
            lambda: f"kontor.mail: Mail {sent}: sent" in log_of(tmp_path, "kontor-worker"),
            30,
            "the line of the mail",
        )
        server.mode = "refuse"
        refused = mail(shop)
        until(
            lambda: f"kontor.mail: Mail {refused}: failed 550" in log_of(tmp_path, "kontor-worker"),
            30,
            "the line of the refused mail",
        )
        end(running)

    assert "INFO kontor.worker: Worker worker-0 runs" in log_of(tmp_path, "kontor-worker")
    assert {path.stat().st_mode & 0o077 for path in tmp_path.glob("logs/*")} == {0}
    assert not (tmp_path / "logs/kontor.log").exists()


def test_a5_two_workers_on_one_folder_have_a_log_each(
    shop: TestShop, server: MailServer, tmp_path: Path
) -> None:
    with worker() as first, worker() as second:
        end(first, second)

    assert "Worker worker-0 runs" in log_of(tmp_path, "kontor-worker")
    assert "Worker worker-1 runs" in log_of(tmp_path, "kontor-worker-2")
    assert "worker-1" not in log_of(tmp_path, "kontor-worker")
