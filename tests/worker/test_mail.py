"""The worker sends mails: once, over real SMTP, on both databases (M-3)."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from databases import OWNER, TestShop
from mailserver import MailServer, free_port, mail_server
from sqlmodel import Session, select

from backoffice_app import db
from backoffice_app.domain.core.work import work
from backoffice_app.domain.mail import MailKind, hold_back, release, send_again, was_sent, write
from backoffice_app.models import Document, History, MailAttachment, OutboxMail
from backoffice_app.settings import settings
from backoffice_app.worker import Worker

KEPT_SECONDS = 20.0


def wait_for(condition: Callable[[], bool], seconds: float = KEPT_SECONDS) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.02)


def mail(mail_id: int) -> OutboxMail:
    with Session(db.engine(), expire_on_commit=False) as session:
        return session.get_one(OutboxMail, mail_id)


def state(mail_id: int) -> str:
    return mail(mail_id).state


def facts(order_id: int) -> list[str]:
    with Session(db.engine()) as session:
        return list(session.exec(select(History.kind).where(History.subject_id == order_id, History.subject == "order").order_by(History.sequence)).all())


@pytest.fixture
def server(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with mail_server() as found:
        monkeypatch.setenv("KONTOR_SMTP_URL", found.url)
        settings.cache_clear()
        yield found


@pytest.fixture
def worker(server: MailServer) -> Iterator[Worker]:
    running = Worker("worker")
    running.start()
    yield running
    running.stop()


def confirmation(shop: TestShop, delay: float = 0, **wishes: object) -> int:
    """A new order with a mail about it; the mail's id."""
    order = shop.order(**wishes)
    with work(OWNER) as w:
        written = write(w, MailKind.SHIPPED, w.lock(order.id or 0), about="test", delay=delay)
        assert written is not None
        return written.id or 0


def test_m3_a_mail_arrives_within_a_second_of_the_commit(shop: TestShop, server: MailServer, worker: Worker) -> None:
    confirmation(shop)
    wait_for(lambda: len(server.got) == 1)
    id_ = confirmation(shop, language="fr")
    began = time.monotonic()
    wait_for(lambda: len(server.got) == 2)
    took = time.monotonic() - began
    wait_for(lambda: state(id_) == "sent")
    print(f"commit to 250: {took * 1000:.0f} ms")
    assert took < 1.0 or "CI" in os.environ
    got = server.mails()[1]
    assert got["To"] == "ada.kovac@example.com"
    assert got["From"] == "Kontor Probe GmbH <shop@example.com>"
    assert got["Message-ID"] == mail(id_).message_id
    assert "est en route" in got["Subject"]
    assert server.envelopes[1] == ("shop@example.com", ["ada.kovac@example.com"])
