"""The worker hands mails to the server that the owner chose, over real SMTP, without a restart (M-3, M-4)."""

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from databases import OWNER, TestShop
from mailserver import MailServer, free_port, mail_server
from sqlmodel import Session

from backoffice_app import db, kept_secrets
from backoffice_app.domain import settings as shop_settings
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.work import work
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.mail import write
from backoffice_app.domain.mail.unsent import count_unsent, send_unsent
from backoffice_app.domain.order import ORDER
from backoffice_app.models import OutboxMail
from backoffice_app.settings import settings
from backoffice_app.worker import Worker, asking

USER, PASSWORD = "shop@example.com", "pässwörd & ☂"
CERTIFICATE = Path(__file__).with_name("certificate.pem")


def knows(
    server: object, session: object, envelope: object, mechanism: str, data: LoginPassword
) -> AuthResult:
    return AuthResult(
        success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False
    )


def choose(box: MailServer, **more: str) -> None:
    """The owner chooses a server, as the form of Settings > Mail does."""
    typed = {"host": "127.0.0.1", "port": str(box.port), "tls": "none", "user": "", "password": "", **more}
    shop_settings.save(OWNER, shop_settings.MAILSERVER, typed, {})


def mail(id_: int) -> OutboxMail:
    with Session(db.reading_engine(), expire_on_commit=False) as session:
        return session.get_one(OutboxMail, id_)


def written(shop: TestShop) -> int:
    """The id of a mail about a new order."""
    with work(OWNER) as w:
        made = write(w, mail_kinds.SHIPPED, w.lock(ORDER, shop.order().id or 0), about="test")
        assert made is not None
        return made.id or 0


def becomes(id_: int, state: str, seconds: float = 30) -> OutboxMail:
    """The mail, once it is in this state."""
    end = time.monotonic() + seconds
    while (now := mail(id_)).state != state:
        assert time.monotonic() < end, f"it is {now.state}: {now.error}"
        time.sleep(0.02)
    return now


@contextmanager
def running() -> Iterator[Worker]:
    worker = Worker("worker")
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


@pytest.fixture(autouse=True)
def no_server_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KONTOR_SMTP_URL", raising=False)
    settings.cache_clear()


def test_m4_a_wrong_password_says_so_and_the_right_one_sends_what_waits_without_a_restart(
    shop: TestShop,
) -> None:
    with mail_server(auth_required=True, auth_require_tls=False, authenticator=knows) as box, running():
        choose(box, user=USER, password="wröng")
        id_ = written(shop)
        refused = becomes(id_, "retrying")
        assert refused.error.startswith("535 ")
        assert box.got == []

        choose(box, user=USER, password=PASSWORD)
        assert send_unsent(OWNER) == (1, 0)
        becomes(id_, "sent")
        assert send_unsent(OWNER) == (0, 0)
        becomes(written(shop), "sent")
        assert len(box.got) == 2


def test_p16_a_mail_leaves_at_once_though_its_queue_is_seldom_asked_without_one(shop: TestShop) -> None:
    with mail_server() as box, running():
        choose(box)
        time.sleep(4 * asking.POLL)  # from now on each queue waits until something is found in it
        for _n in range(2):
            becomes(written(shop), "sent", seconds=asking.SELDOM / 3)
        assert len(box.got) == 2


def test_m4_starttls_with_login(shop: TestShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with (
        mail_server(
            tls_context=context, require_starttls=True, auth_required=True, authenticator=knows
        ) as box,
        running(),
    ):
        choose(box)
        unsafe = written(shop)
        assert becomes(unsafe, "retrying").error.startswith("530 ")
        choose(box, tls="STARTTLS", user=USER, password=PASSWORD)
        becomes(written(shop), "sent")
        assert len(box.got) == 1


def test_m4_a_running_worker_takes_another_server_and_none(shop: TestShop) -> None:
    with mail_server() as first, mail_server() as second, running():
        choose(first)
        becomes(written(shop), "sent")
        choose(second)
        becomes(written(shop), "sent")
        assert (len(first.got), len(second.got)) == (1, 1)
        choose(second, host="", port="")
        id_ = written(shop)
        assert mail(id_).state == "no-server"
        assert (len(first.got), len(second.got)) == (1, 1)


def test_m3_what_waits_leaves_once_however_often_and_from_wherever_it_is_pressed(shop: TestShop) -> None:
    ids = [written(shop) for _ in range(6)]
    with pytest.raises(Refused, match="no mail server"):
        send_unsent(OWNER)
    with mail_server() as box:
        choose(box)
        with running():
            pressed = [threading.Thread(target=send_unsent, args=(OWNER,)) for _ in range(3)]
            for one in pressed:
                one.start()
            for one in pressed:
                one.join()
            for id_ in ids:
                becomes(id_, "sent")
            time.sleep(1)
        assert len(box.got) == len(ids)
    with db.reading() as session:
        assert count_unsent(session) == 0


def test_m4_no_more_than_so_many_go_at_once(shop: TestShop) -> None:
    for _ in range(3):
        written(shop)
    with mail_server() as box:
        choose(box)
        assert send_unsent(OWNER, most=2) == (2, 1)


def test_m4_a_server_that_is_not_there_is_tried_again(shop: TestShop) -> None:
    with running():
        choose(MailServer(port=free_port()))
        assert "refused" in becomes(written(shop), "retrying").error


def test_m4_without_its_password_nothing_is_said_to_the_server_and_the_mail_says_why(
    shop: TestShop, tmp_path: Path
) -> None:
    with mail_server(auth_required=True, auth_require_tls=False, authenticator=knows) as box, running():
        choose(box, user=USER, password=PASSWORD)
        for file in (tmp_path / kept_secrets.FOLDER).iterdir():
            file.unlink()
        waits = becomes(written(shop), "retrying")
        assert "enter it again at Settings > Mail" in waits.error
        assert box.got == []


def test_m4_the_environment_goes_first(shop: TestShop, monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server() as chosen, mail_server() as given:
        choose(chosen)
        monkeypatch.setenv("KONTOR_SMTP_URL", given.url)
        settings.cache_clear()
        with running():
            becomes(written(shop), "sent")
        assert (len(chosen.got), len(given.got)) == (0, 1)
