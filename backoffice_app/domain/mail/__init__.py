"""Mail: written into the outbox in the transaction of its cause, once; sent later by the worker (M-1 to M-5)."""

from backoffice_app.domain.mail.addressing import addresses
from backoffice_app.domain.mail.along import Paper
from backoffice_app.domain.mail.kinds import (
    LANGUAGES,
    MAIL_KINDS,
    STATE_NAMES,
    MailKind,
    MailState,
    mail_kind,
)
from backoffice_app.domain.mail.outbox import (
    hold_all_back,
    hold_back,
    hold_back_about,
    lock_mails_about,
    release,
    release_about,
    send_again,
    undo_writing,
    was_sent,
    why_not_hold_back,
)
from backoffice_app.domain.mail.subject import MAIL
from backoffice_app.domain.mail.write import Thread, write, write_to

__all__ = [
    "LANGUAGES",
    "MAIL",
    "MAIL_KINDS",
    "STATE_NAMES",
    "MailKind",
    "MailState",
    "Paper",
    "Thread",
    "addresses",
    "hold_all_back",
    "hold_back",
    "hold_back_about",
    "lock_mails_about",
    "mail_kind",
    "release",
    "release_about",
    "send_again",
    "undo_writing",
    "was_sent",
    "why_not_hold_back",
    "write",
    "write_to",
]
