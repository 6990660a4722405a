"""The mail server: one dialogue for one mail, and exactly how far it went (M-3)."""

import base64
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
TIMEOUT = 60.0
TAKEN = frozenset({250, 251})
LINE = 500
"""Letters of a server's answer that are kept."""


class Outcome(StrEnum):
    """What became of a mail."""

    SENT = "sent"  # the server said yes
    RETRY = "retry"  # nothing was handed over; another time may do
    FAILED = "failed"  # the server said no, and will again
    UNCLEAR = "unclear"  # the text went out and no answer came


@dataclass(frozen=True)
class Answer:
    """The outcome, and in the server's own words why."""

    outcome: Outcome
    said: str = ""


@dataclass(frozen=True)
class Server:
    """Where mails are handed over. `tls`: "" none, "starttls" or "tls".

    `timeout`: seconds of silence that end the dialogue.
    """

    host: str
    port: int
    user: str = ""
    password: str = ""
    tls: str = ""
    timeout: float = TIMEOUT


def server_of(url: str) -> Server:
    """The server of a `KONTOR_SMTP_URL`: `smtp://user:password@host:port`, `smtps://`, `smtp+starttls://`; `?timeout=`
    in seconds.

    Raises ValueError that says what is wrong; it does not repeat the password.
    """
    parts = urlsplit(url)
    if parts.scheme not in PORTS:
        raise ValueError(
            f"KONTOR_SMTP_URL must begin with one of {', '.join(f'{scheme}://' for scheme in PORTS)}"
        )
    if not parts.hostname:
        raise ValueError("KONTOR_SMTP_URL names no host")
    timeout = parse_qs(parts.query).get("timeout", [str(TIMEOUT)])[0]
    tls = {"smtp": "", "smtp+starttls": "starttls", "smtps": "tls"}[parts.scheme]
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(parts.hostname, parts.port or PORTS[parts.scheme], user, password, tls, float(timeout))


class _Phases:
    """Knows whether the text of the mail was handed over and is unanswered; an error then means "unclear"."""

    handed_over = False

    def send(self, s: Any) -> None:  # the name smtplib gives it
        """Commands come as text, the text of the mail as bytes."""
        if isinstance(s, bytes):
            self.handed_over = True
        super().send(s)  # type: ignore[misc]

    def data(self, msg: Any) -> tuple[int, bytes]:
        """The answer to the text, be it yes or no, makes everything clear again."""
        answer: tuple[int, bytes] = super().data(msg)  # type: ignore[misc]
        self.handed_over = False
        return answer


class _Utf8(str):
    """Text that smtplib, which says ASCII everywhere, sends as UTF-8 (RFC 4616)."""

    def encode(self, *_said: str) -> bytes:
        return super().encode("utf-8")


class _Login:
    """Users and passwords in any script."""

    def auth_plain(self, challenge: Any = None) -> str:
        return _Utf8(super().auth_plain(challenge))  # type: ignore[misc]

    def auth_login(self, challenge: Any = None) -> str:
        return _Utf8(super().auth_login(challenge))  # type: ignore[misc]

    def auth_cram_md5(self, challenge: Any = None) -> Any:
        said = super().auth_cram_md5(challenge)  # type: ignore[misc]
        return None if said is None else _Utf8(said)


class _Plain(_Phases, _Login, smtplib.SMTP):
    pass


class _Tls(_Phases, _Login, smtplib.SMTP_SSL):
    pass


def deliver(
    server: Server, sender: str, recipients: Sequence[str], message: bytes, copies: Sequence[str] = ()
) -> Answer:
    """Hands one mail over to `server` and says what became of it; raises nothing that a network or a server can cause.

    Domains are given in ASCII. `copies` get it too (Bcc); one of them that is refused changes nothing. The answer never
    holds the password, whatever the server repeats.
    """
    answer = _delivered(server, sender, recipients, message, copies)
    return replace(answer, said=_without_password(answer.said, server))


def _delivered(
    server: Server, sender: str, recipients: Sequence[str], message: bytes, copies: Sequence[str]
) -> Answer:
    try:
        smtp = _greet(server)
    except (OSError, smtplib.SMTPException) as error:
        return Answer(Outcome.RETRY, _words(error))
    try:
        return _hand_over(smtp, sender, recipients, message, copies)
    except (OSError, smtplib.SMTPException) as error:
        return Answer(Outcome.UNCLEAR if smtp.handed_over else Outcome.RETRY, _words(error))
    finally:
        _part(smtp)


def _greet(server: Server) -> _Plain | _Tls:
    """Connected, secured by a checked certificate where TLS is asked for, and signed in."""
    context = ssl.create_default_context()  # without one smtplib checks nothing
    smtp: _Plain | _Tls
    if server.tls == "tls":
        smtp = _Tls(server.host, server.port, timeout=server.timeout, context=context)
    else:
        smtp = _Plain(server.host, server.port, timeout=server.timeout)
    try:
        if server.tls == "starttls":
            smtp.starttls(context=context)
        if server.user:
            smtp.login(_Utf8(server.user), _Utf8(server.password))
        smtp.ehlo_or_helo_if_needed()
    except (OSError, smtplib.SMTPException):
        smtp.close()
        raise
    return smtp


def _hand_over(
    smtp: _Plain | _Tls, sender: str, recipients: Sequence[str], message: bytes, copies: Sequence[str]
) -> Answer:
    options = _international(smtp, [sender, *recipients])
    if options is None:
        return Answer(Outcome.FAILED, "The mail server can't handle letters beyond ASCII in an address.")
    code, said = smtp.mail(sender, options)
    if code != 250:
        # 530 and its like ask for TLS or a login: that is ours to set right, and the mail may go then.
        return _refused(code, said, again=code in {530, 534, 535, 538})
    answers = [smtp.rcpt(recipient) for recipient in recipients]
    if all(code not in TAKEN for code, _said in answers):
        return _refused(*answers[0])
    for copy in copies:
        smtp.rcpt(copy)
    code, said = smtp.data(message)
    if code != 250:
        return _refused(code, said)
    told = zip(recipients, answers, strict=True)
    return Answer(
        Outcome.SENT,
        "; ".join(f"{who}: {code} {_text(said)}" for who, (code, said) in told if code not in TAKEN)[:LINE],
    )


def _refused(code: int, said: bytes, *, again: bool = False) -> Answer:
    """4xx: another time; 5xx: no. -1 is what smtplib says when the connection is gone."""
    outcome = Outcome.RETRY if again or code < 500 else Outcome.FAILED
    return Answer(outcome, f"{code} {_text(said)}"[:LINE])


def _international(smtp: _Plain | _Tls, addresses: Sequence[str]) -> list[str] | None:
    """What MAIL needs to be told for these addresses; None where the server can't take them (RFC 6531)."""
    if all(address.isascii() for address in addresses):
        return []
    if not smtp.has_extn("smtputf8"):
        return None
    smtp.command_encoding = "utf-8"
    return ["SMTPUTF8", "BODY=8BITMIME"]


def _part(smtp: _Plain | _Tls) -> None:
    """Says goodbye; a server that is gone by now changes nothing."""
    try:
        smtp.quit()
    except (OSError, smtplib.SMTPException):
        smtp.close()


def _without_password(said: str, server: Server) -> str:
    """What a server said, without the login that some repeat as they got it."""
    forms = (f"\0{server.user}\0{server.password}", server.password)
    for secret in (*(base64.b64encode(form.encode()).decode() for form in forms), server.password):
        said = said.replace(secret, "[password]") if server.password else said
    return said


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"[:LINE]
    return (str(error) or type(error).__name__)[:LINE]


def _text(said: bytes | str) -> str:
    return " ".join((said.decode("utf-8", "replace") if isinstance(said, bytes) else said).split())
