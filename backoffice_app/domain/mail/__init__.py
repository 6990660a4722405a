"""Mail: written into the outbox in the transaction of its cause, once; sent later by the worker (M-1 to M-5)."""

from backoffice_app.domain.mail.kinds import KIND_NAMES, LANGUAGES, STATE_NAMES, MailKind, MailState
from backoffice_app.domain.mail.outbox import (
    act_on_mail,
    hold_all_back,
    hold_back,
    hold_back_about,
    lock_mails_about,
    release,
    send_again,
    was_sent,
)
from backoffice_app.domain.mail.write import write

__all__ = [
    "KIND_NAMES",
    "LANGUAGES",
    "STATE_NAMES",
    "MailKind",
    "MailState",
    "act_on_mail",
    "hold_all_back",
    "hold_back",
    "hold_back_about",
    "lock_mails_about",
    "release",
    "send_again",
    "was_sent",
    "write",
]
