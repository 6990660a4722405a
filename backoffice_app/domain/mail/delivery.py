"""The way of one mail through the worker: due, `sending`, and what became of it (M-3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import selectinload
from sqlmodel import col, select

from backoffice_app.db import reading
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.rights import WORKER
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.core.work import Work, work
from backoffice_app.domain.mail.addressing import addresses
from backoffice_app.domain.mail.facts import MailFailed, MailSent, MailUnclear
from backoffice_app.domain.mail.kinds import MailState
from backoffice_app.domain.mail.message import message_of
from backoffice_app.domain.mail.outbox import record
from backoffice_app.domain.mail.sender import read_sender, with_ascii_domain
from backoffice_app.domain.mail.shop_files import LOGO
from backoffice_app.domain.mail.subject import MAIL
from backoffice_app.domain.mail.write import NEEDS_A_PERSON, enqueue, job_key, mail_id, stamp_of
from backoffice_app.models import OutboxMail, ShopFile

DUE = frozenset({MailState.WAITING, MailState.RETRYING})
PAUSES = (60, 300, 900, 3_600, 10_800, 21_600, 43_200, 86_400)
"""Seconds before each further attempt; after the last one the mail has failed."""
TRIES_AT_HOME = 4
"""After trouble of our own the first so many `PAUSES` apply, then always the last of them, an hour.

It never fails a mail.
"""
OVERDUE = timedelta(minutes=1)
_FILES = (
    selectinload(OutboxMail.attachments),  # type: ignore[arg-type]
    selectinload(OutboxMail.papers),  # type: ignore[arg-type]
    selectinload(OutboxMail.files),  # type: ignore[arg-type]
)
"""What goes along with a mail."""


@dataclass(frozen=True)
class DueMail:
    """A mail that may go now: envelope, the row its bytes are made of, and the files that were promised.

    `files`: (version id, name) of documents; `papers`: (snapshot, name) of what is no issued document, after them; then
    `shop_files`, the files that the shop keeps.
    """

    mail: OutboxMail
    sender: str
    recipients: tuple[str, ...]
    copies: tuple[str, ...]
    files: tuple[tuple[int, str], ...]
    papers: tuple[tuple[str, str], ...] = ()
    shop_files: tuple[ShopFile, ...] = ()

    def message(self, contents: Sequence[bytes]) -> bytes:
        """The bytes to hand over, with the contents of `files`, then of `papers`, then of `shop_files` in
        their order.
        """
        names = [name for _what, name in (*self.files, *self.papers)]
        known = list(zip([*names, *(file.name for file in self.shop_files)], contents, strict=True))
        logos = [
            content
            for file, (_name, content) in zip(self.shop_files, known[len(names) :], strict=True)
            if file.use == LOGO
        ]
        rest = [
            one for one, file in zip(known[len(names) :], self.shop_files, strict=True) if file.use != LOGO
        ]
        return message_of(self.mail, [*known[: len(names)], *rest], logo=logos[0] if logos else None)


def due_mail(id_: int, stamp: int) -> DueMail | None:
    """The mail, if this job is the one that may send it; None if it was held back, sent, or put off to another job."""
    with reading() as session:
        mail = session.exec(select(OutboxMail).where(OutboxMail.id == id_).options(*_FILES)).first()
        if mail is None or mail.state not in DUE or stamp_of(mail) != stamp:
            return None
        recipients = tuple(map(with_ascii_domain, addresses(mail.recipient)))
        told = {recipient.casefold() for recipient in recipients}
        bcc = map(with_ascii_domain, addresses(load_shop(session).mailing.bcc))
        copies = tuple(address for address in bcc if address.casefold() not in told)
        files = tuple((file.version_id, file.name) for file in mail.attachments)
        papers = tuple((paper.snapshot, paper.name) for paper in mail.papers)
        shop_files = tuple(one.file for one in mail.files)
        session.expunge_all()
    return DueMail(mail, read_sender(mail.sender)[1], recipients, copies, files, papers, shop_files)


def seconds_until(mail: OutboxMail) -> float:
    """How long a mail still has to wait."""
    return (mail.send_after - clock.now()).total_seconds()


def begin_sending(id_: int, stamp: int) -> bool:
    """Marks the mail as `sending`, committed before a word is said to the server. False if it may not go (any more).

    A mail that is `sending` for this very job was left so by a run of it that died in the dialogue: it becomes unclear.
    """
    with work(WORKER) as w:
        mail = w.lock(MAIL, id_)
        if stamp_of(mail) != stamp:
            return False
        if mail.state == MailState.SENDING:
            _become_unclear(w, mail)
            return False
        if mail.state not in DUE:
            return False
        mail.state, mail.attempts, mail.error = MailState.SENDING.value, mail.attempts + 1, ""
        w.touch("outbox")
    return True


def mark_sent(id_: int, stamp: int, said: str) -> None:
    """The server took it. `said`: whom it did not take, where there were several."""
    with work(WORKER) as w:
        if mail := _in_dialogue(w, id_, stamp):
            if mail.state == MailState.UNCLEAR:
                w.touch(NEEDS_A_PERSON)
            mail.state, mail.sent_at, mail.error = MailState.SENT.value, w.at, said
            record(w, mail, MailSent(mail=mail_id(mail), kind=mail.kind, recipient=mail.recipient))


def mark_unclear(id_: int, stamp: int, said: str) -> None:
    """The text went out and no answer came: a person decides; it is never sent again by itself."""
    with work(WORKER) as w:
        if mail := _in_dialogue(w, id_, stamp):
            _become_unclear(w, mail, said)


def mark_failed(id_: int, stamp: int, said: str) -> None:
    """The server said no for good, or a promised file can never be made: `said` names it."""
    with work(WORKER) as w:
        mail = w.lock(MAIL, id_)
        if stamp_of(mail) == stamp and mail.state in DUE | {MailState.SENDING}:
            _fail(w, mail, said)


def put_off(id_: int, stamp: int, said: str) -> None:
    """Nothing was handed over: another job tries it again after a pause, which grows; after the last one it
    has failed.
    """
    with work(WORKER) as w:
        mail = _in_dialogue(w, id_, stamp)
        if mail is None:
            return
        if mail.attempts > len(PAUSES):
            _fail(w, mail, said)
            return
        _try_again_after(w, mail, PAUSES[mail.attempts - 1], said)


def put_off_at_home(id_: int, stamp: int, said: str) -> None:
    """The mail could not be made here and now: another job tries again after a pause, which grows to an hour, as often
    as it takes.

    No server was asked, so the attempts that are left for one are never used up.
    """
    with work(WORKER) as w:
        mail = w.lock(MAIL, id_)
        if stamp_of(mail) != stamp or mail.state not in DUE:
            return
        tried = min(mail.attempts + 1, TRIES_AT_HOME)
        mail.attempts = max(mail.attempts, tried)
        _try_again_after(w, mail, PAUSES[tried - 1], said)


def mark_no_server(id_: int, stamp: int) -> None:
    """There is no mail server any more: the mail stays readable until a person sends it again (M-4)."""
    with work(WORKER) as w:
        mail = w.lock(MAIL, id_)
        if stamp_of(mail) == stamp and mail.state in DUE:
            mail.state = MailState.NO_SERVER.value
            w.touch("outbox")


@dataclass(frozen=True)
class LooseMail:
    """A mail that should have moved on, and the job that has to move it."""

    id: int
    stamp: int
    state: str

    @property
    def job(self) -> str:
        """The name of its job."""
        return job_key(self.id, self.stamp)


def loose_mails(limit: int) -> list[LooseMail]:
    """Mails in the dialogue, and mails overdue by a minute: whether their jobs are alive, the worker knows."""
    overdue: datetime = clock.now() - OVERDUE
    with reading() as session:
        sending = select(OutboxMail).where(OutboxMail.state == MailState.SENDING.value)
        late = select(OutboxMail).where(
            col(OutboxMail.state).in_(sorted(DUE)), OutboxMail.send_after < overdue
        )
        found = [
            mail
            for which in (sending, late)
            for mail in session.exec(which.order_by(col(OutboxMail.send_after)).limit(limit))
        ]
        return [LooseMail(mail_id(mail), stamp_of(mail), mail.state) for mail in found]


def pick_up(loose: LooseMail) -> None:
    """A mail whose job is gone: one in the dialogue becomes unclear, one that waits gets a new job."""
    with work(WORKER) as w:
        mail = w.lock(MAIL, loose.id)
        if stamp_of(mail) != loose.stamp or mail.state != loose.state:
            return
        if mail.state == MailState.SENDING:
            _become_unclear(w, mail)
            return
        mail.send_after = max(w.at, mail.send_after + timedelta(microseconds=1))
        w.session.flush()
        enqueue(w, mail, 0)


def _try_again_after(w: Work, mail: OutboxMail, pause: float, said: str) -> None:
    """The mail waits `pause` seconds, with a job of its own."""
    mail.state, mail.error, mail.send_after = MailState.RETRYING.value, said, w.at + timedelta(seconds=pause)
    w.session.flush()
    enqueue(w, mail, pause)
    w.touch("outbox")


def _in_dialogue(w: Work, id_: int, stamp: int) -> OutboxMail | None:
    """The mail, locked, if this job is the one that talks about it; also if somebody gave it up as unclear
    meanwhile.
    """
    mail = w.lock(MAIL, id_)
    return mail if stamp_of(mail) == stamp and mail.state in {MailState.SENDING, MailState.UNCLEAR} else None


def _become_unclear(w: Work, mail: OutboxMail, said: str = "") -> None:
    if mail.state != MailState.UNCLEAR:
        mail.state, mail.error = MailState.UNCLEAR.value, said
        w.touch(NEEDS_A_PERSON)
        record(w, mail, MailUnclear(mail=mail_id(mail), kind=mail.kind))


def _fail(w: Work, mail: OutboxMail, said: str) -> None:
    mail.state, mail.error = MailState.FAILED.value, said
    w.touch(NEEDS_A_PERSON)
    record(w, mail, MailFailed(mail=mail_id(mail), kind=mail.kind, reason=said))
