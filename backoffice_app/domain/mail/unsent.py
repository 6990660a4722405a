"""Mails that no server took yet: how many there are, and sending them once there is a server (M-4)."""

from sqlmodel import Session, col, func, select

from backoffice_app.db import reading
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import NotFound, Refused
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.mail.kinds import MailState
from backoffice_app.domain.mail.server import NONE_SET, is_set
from backoffice_app.domain.mail.subject import MAIL
from backoffice_app.models import OutboxMail

MOST = 200
"""So many mails are sent in one call; nobody waits longer than some seconds for an answer."""
_STATES = (MailState.NO_SERVER.value, MailState.RETRYING.value)
_IS_UNSENT = col(OutboxMail.state).in_(_STATES)


def count_unsent(session: Session) -> int:
    """How many mails stay here because there was no server, or it took none so far."""
    return session.exec(select(func.count()).select_from(OutboxMail).where(_IS_UNSENT)).one()


def send_unsent(actor: Actor, most: int = MOST) -> tuple[int, int]:
    """Sends them, the oldest first, each in its own transaction; how many go, and how many are left.

    One that went meanwhile, or was held back, is left alone (M-3). Raises Refused without a server, or without the
    right.
    """
    actor.require(Right.MAIL)
    with reading() as session:
        if not is_set(load_shop(session)):
            raise Refused(NONE_SET)
        wanted = (
            select(OutboxMail.id, OutboxMail.state).where(_IS_UNSENT).order_by(col(OutboxMail.id)).limit(most)
        )
        found = session.exec(wanted).all()
    sent = 0
    for id_, state in found:
        try:
            perform(actor, "send-again", id_ or 0, subject=MAIL, seen=state)
        except (Refused, NotFound):  # such as Overtaken: the others go all the same
            continue
        sent += 1
    with reading() as session:
        return sent, count_unsent(session)
