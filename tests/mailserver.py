"""A real mail server for tests, with the faults real ones have."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import aiosmtpd.controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class MailServer:
    """What the server took, and how it behaves.

    `mode`: ok, refuse, later, full, drop (after it stored the mail), silent.

    `known`: the end of addresses that have a mailbox in each mode, such as those of colleagues.
    """

    port: int = 0
    mode: str = "ok"
    known: str = ""
    got: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    in_data: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """For `KONTOR_SMTP_URL`; a server that is silent for two seconds counts as gone."""
        return f"smtp://127.0.0.1:{self.port}?timeout=2"

    def mails(self) -> list[EmailMessage]:
        """What it took, parsed."""
        return [message_from_bytes(raw, policy=policy.default) for raw in self.got]  # type: ignore[misc]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Takes the recipient, or says no for now or for good."""
        has_mailbox = self.known and address.endswith(self.known)
        if self.mode == "later" and not has_mailbox:
            return "450 4.2.0 greylisted, come again"
        if self.mode == "refuse" and not has_mailbox:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Takes the mail and answers, or does not."""
        if self.mode == "full":
            return "552 5.3.4 too large"
        self.got.append(bytes(envelope.content or b""))
        self.envelopes.append((str(envelope.mail_from), list(envelope.rcpt_tos)))
        self.in_data.set()
        if self.mode == "drop":
            server.transport.abort()
        if self.mode == "silent":
            await asyncio.to_thread(self.go_on.wait, 60)
        return "250 2.0.0 queued"


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mail_server(**options: Any) -> Iterator[MailServer]:
    """A mail server on a free port. `options` are those of aiosmtpd: TLS, login."""
    box = MailServer(port=free_port())
    controller = aiosmtpd.controller.Controller(box, hostname="127.0.0.1", port=box.port, **options)
    controller.start()
    try:
        yield box
    finally:
        box.go_on.set()
        controller.stop()
