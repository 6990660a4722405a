"""How far the dialogue with the mail server went, for each fault one can make (M-3, M-4)."""

import base64
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from mailserver import free_port, mail_server

from backoffice_app.gateways.smtp import Answer, Outcome, Server, deliver, server_of

TEXT = b"Subject: Probe\r\n\r\nHello\r\n.with a dot\r\n"


def send(server: Server, *recipients: str, copies: tuple[str, ...] = ()) -> Answer:
    return deliver(server, "shop@example.com", recipients or ("ada@example.com",), TEXT, copies)


def local(port: int, **more: object) -> Server:
    return Server("127.0.0.1", port, timeout=1.0, **more)  # type: ignore[arg-type]


def test_m3_a_yes_is_sent() -> None:
    with mail_server() as box:
        answer = send(local(box.port), "ada@example.com", copies=("archive@example.com",))
        assert answer == Answer(Outcome.SENT)
        assert box.got == [TEXT]
        assert box.envelopes == [("shop@example.com", ["ada@example.com", "archive@example.com"])]


@pytest.mark.parametrize(
    ("mode", "outcome", "has_it"),
    [
        ("later", Outcome.RETRY, False),
        ("refuse", Outcome.FAILED, False),
        ("full", Outcome.FAILED, False),
        ("silent", Outcome.UNCLEAR, True),
        ("drop", Outcome.UNCLEAR, True),
    ],
)
def test_m3_each_fault_has_its_outcome(mode: str, outcome: Outcome, has_it: bool) -> None:
    with mail_server() as box:
        box.mode = mode
        answer = send(local(box.port))
        assert answer.outcome is outcome
        assert answer.said
        assert bool(box.got) is has_it


def test_m3_no_listener_is_tried_again() -> None:
    assert send(local(free_port())).outcome is Outcome.RETRY


@contextmanager
def scripted(*answers: bytes) -> Iterator[int]:
    """A server that says these lines one after the other, each to one command, and then hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        connection, _address = listener.accept()
        with connection, connection.makefile("rb") as lines:
            for number, answer in enumerate(answers):
                if number:
                    lines.readline()
                connection.sendall(answer)

    thread = threading.Thread(target=talk)
    thread.start()
    yield int(listener.getsockname()[1])
    thread.join(5)
    listener.close()


@pytest.mark.parametrize("answers", range(5))
def test_m3_hung_up_before_the_text_is_tried_again(answers: int) -> None:
    said = (b"220 hello\r\n", b"250 box\r\n", b"250 ok\r\n", b"250 ok\r\n", b"421 4.3.2 going down\r\n")
    with scripted(*said[: answers + 1]) as port:
        assert send(local(port)).outcome is Outcome.RETRY


def test_m3_hung_up_after_the_text_was_begun_is_unclear() -> None:
    with scripted(b"220 hello\r\n", b"250 box\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n") as port:
        assert send(local(port)).outcome is Outcome.UNCLEAR


def test_m3_hung_up_at_the_goodbye_is_sent() -> None:
    after_text = [b""] * TEXT.count(b"\n")
    with scripted(
        b"220 hello\r\n",
        b"250 box\r\n",
        b"250 ok\r\n",
        b"250 ok\r\n",
        b"354 go\r\n",
        *after_text,
        b"250 queued\r\n",
    ) as port:
        assert send(local(port)).outcome is Outcome.SENT


def test_m3_letters_beyond_ascii_need_a_server_that_takes_them() -> None:
    with mail_server(enable_SMTPUTF8=False) as box:
        assert send(local(box.port), "jürgen@example.com").outcome is Outcome.FAILED
    with mail_server(enable_SMTPUTF8=True) as box:
        assert send(local(box.port), "jürgen@example.com").outcome is Outcome.SENT


CERTIFICATE = Path(__file__).with_name("certificate.pem")
"""Key and self-made certificate of 127.0.0.1, which nobody trusts but who is told to."""


def tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def authenticate(
    server: object, session: object, envelope: object, mechanism: str, data: LoginPassword
) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"shop", b"p@ss:word"), handled=False)


def test_m4_starttls_with_login(monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server(
        tls_context=tls(), require_starttls=True, auth_required=True, authenticator=authenticate
    ) as box:
        url = f"smtp+starttls://shop:p%40ss%3Aword@127.0.0.1:{box.port}?timeout=2"
        assert send(server_of(url)).outcome is Outcome.RETRY  # nobody vouches for the certificate
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        assert send(server_of(url)).outcome is Outcome.SENT
        assert send(server_of(url.replace("p%40ss%3Aword", "wrong"))).outcome is Outcome.RETRY
        assert send(local(box.port)).outcome is Outcome.RETRY  # 530: TLS is asked for
        assert len(box.got) == 1


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_m4_user_and_password_may_be_of_any_script(mechanism: str) -> None:
    def knows(
        server: object, session: object, envelope: object, used: str, data: LoginPassword
    ) -> AuthResult:
        return AuthResult(
            success=(used, data.login, data.password) == (mechanism, "köln".encode(), "☂ pässwörd".encode()),
            handled=False,
        )

    others = [one for one in ("PLAIN", "LOGIN") if one != mechanism]
    options = {
        "auth_required": True,
        "auth_require_tls": False,
        "auth_exclude_mechanism": others,
        "authenticator": knows,
    }
    with mail_server(**options) as box:
        assert send(local(box.port, user="köln", password="☂ pässwörd")).outcome is Outcome.SENT
        wrong = send(local(box.port, user="köln", password="☂ passwort"))
        assert (wrong.outcome, wrong.said[:4]) == (Outcome.RETRY, "535 ")


def test_sec2_what_a_server_repeats_of_the_login_is_not_kept() -> None:
    login = base64.b64encode(b"\0shop\0top-secret").decode()
    greeting = (b"220 hello\r\n", b"250-box\r\n250 AUTH PLAIN\r\n")
    with scripted(*greeting, f"535 can't read AUTH PLAIN {login} of top-secret\r\n".encode(), b"") as port:
        answer = send(local(port, user="shop", password="top-secret"))
    assert answer == Answer(Outcome.RETRY, "535 can't read AUTH PLAIN [password] of [password]")


def test_m4_tls_from_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with mail_server(ssl_context=tls()) as box:
        assert send(server_of(f"smtps://127.0.0.1:{box.port}?timeout=2")).outcome is Outcome.SENT
        box.mode = "drop"
        assert send(server_of(f"smtps://127.0.0.1:{box.port}?timeout=2")).outcome is Outcome.UNCLEAR


def test_m4_urls_are_read_and_wrong_ones_named() -> None:
    assert server_of("smtp://localhost") == Server("localhost", 25)
    assert server_of("smtps://a%40b:c%3Ad@mail.example.com") == Server(
        "mail.example.com", 465, "a@b", "c:d", "tls"
    )
    assert server_of("smtp+starttls://mail.example.com:2587").port == 2587
    for wrong in ("mail.example.com", "http://mail.example.com", "smtp://"):
        with pytest.raises(ValueError, match="KONTOR_SMTP_URL"):
            server_of(wrong)
