"""`kontor worker` logs what it does with mails, into a file of its own (reliability 9)."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import OWNER, TestShop
from mailserver import MailServer, mail_server
from serving import ROOT, until

from backoffice_app.domain.core.work import work
from backoffice_app.domain.mail import MailKind, write
from backoffice_app.settings import settings


@pytest.fixture
def server(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with mail_server() as found:
        monkeypatch.setenv("KONTOR_SMTP_URL", found.url)
        settings.cache_clear()
        yield found


def worker() -> "subprocess.Popen[str]":
    """A worker of its own, as `kontor worker` starts it, by somebody whose files are usually readable by all."""
    command = [sys.executable, "-m", "backoffice_app.cli.main", "worker"]
    pipe = subprocess.PIPE
    started = subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=subprocess.DEVNULL, text=True, umask=0o022)
    assert started.stdout is not None
    assert "runs" in started.stdout.readline()
    return started


def end(*workers: "subprocess.Popen[str]") -> None:
    for one in workers:
        one.send_signal(signal.SIGTERM)
    assert [one.wait(30) for one in workers] == [0] * len(workers)


def mail(shop: TestShop) -> int:
    """The id of a mail about a new order."""
    order = shop.order()
    with work(OWNER) as w:
        written = write(w, MailKind.SHIPPED, w.lock(order.id or 0), about="test")
        assert written is not None
        return written.id or 0


def log_of(folder: Path, name: str) -> str:
    file = folder / f"logs/{name}.log"
    return file.read_text() if file.exists() else ""


def test_r9_a_worker_logs_its_mails(shop: TestShop, server: MailServer, tmp_path: Path) -> None:
    running = worker()
    sent = mail(shop)
    until(lambda: f"kontor.mail: Mail {sent}: sent" in log_of(tmp_path, "kontor-worker"), 30, "the line of the mail")
    server.mode = "refuse"
    refused = mail(shop)
    until(lambda: f"kontor.mail: Mail {refused}: failed 550" in log_of(tmp_path, "kontor-worker"), 30, "the line of the refused mail")
    end(running)

    assert "INFO kontor.worker: Worker worker-0 runs" in log_of(tmp_path, "kontor-worker")
    assert {path.stat().st_mode & 0o077 for path in tmp_path.glob("logs/*")} == {0}
    assert not (tmp_path / "logs/kontor.log").exists()


def test_a5_two_workers_on_one_folder_have_a_log_each(shop: TestShop, server: MailServer, tmp_path: Path) -> None:
    first, second = worker(), worker()
    end(first, second)

    assert "Worker worker-0 runs" in log_of(tmp_path, "kontor-worker")
    assert "Worker worker-1 runs" in log_of(tmp_path, "kontor-worker-2")
    assert "worker-1" not in log_of(tmp_path, "kontor-worker")
