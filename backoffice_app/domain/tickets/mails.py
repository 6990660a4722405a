"""The mails of tickets: the receipt at once, and the answers.

They can name nothing that colleagues noted (M-1, W-11).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail.kinds import mail_kind
from backoffice_app.domain.mail.message_ids import is_message_id
from backoffice_app.domain.mail.write import Thread
from backoffice_app.domain.order.addressee import known_number
from backoffice_app.domain.tickets.subject import STOPPED, Wrote, ticket_id
from backoffice_app.formats import format_moment
from backoffice_app.i18n import _
from backoffice_app.models import Order, OutboxMail, Ticket, TicketMessage

LONGEST_QUOTE = 40
"""Lines of the question that a mail repeats."""
LONGEST_THREAD = 20
"""Mails that one refers to: the first, and the newest of the rest."""


@dataclass(frozen=True)
class TicketText:
    """A ticket as mails tell of it.

    `order`: the number that the customer knows; `question`: what they wrote last, line by line.

    It is made from what the customer wrote and nothing beside it.
    """

    number: str
    subject: str
    name: str
    order: str
    question: tuple[str, ...]
    asked_at: str


def example(order: Any, language: str) -> Mapping[str, object]:
    """A ticket about `order` as an example, for the preview of the texts."""
    lines = tuple(line for line in str(order.comment).splitlines() if line) or ("…",)
    number = known_number(order) or order.number
    at = format_moment(order.placed_at, language, "UTC", "short")
    return {"ticket": TicketText("T-0001", f"{number}", order.customer_name, number, lines, at)}


RECEIVED = mail_kind("ticket-received", _("Ticket received"), values=example)
REPLY = mail_kind("ticket-reply", _("Ticket reply"), values=example, by_hand=True)


def told(
    w: Work, ticket: Ticket, order: Order | None, question: TicketMessage | None, language: str
) -> Mapping[str, object]:
    """The names that the texts may use besides those of all mails. `question`: what the customer wrote last."""
    lines = question.text.splitlines() if question else []
    cut = [*lines[:LONGEST_QUOTE], "…"] if len(lines) > LONGEST_QUOTE else lines
    return {
        "ticket": TicketText(
            number=ticket.number,
            subject=" ".join(ticket.subject.split()),
            name=" ".join(ticket.name.split()),
            order=(known_number(order) or order.number) if order else "",
            question=tuple(cut),
            asked_at=format_moment(question.at, language, w.shop.regional.zone, "short") if question else "",
        )
    }


def thread_of(session: Session, ticket: Ticket) -> Thread:
    """The mails of a ticket so far, by their Message-IDs: those that came in with one, and those that went out."""
    statement = (
        select(
            col(TicketMessage.kind),
            col(TicketMessage.message_id),
            col(OutboxMail.message_id),
            col(OutboxMail.state),
        )
        .outerjoin(OutboxMail, col(OutboxMail.id) == col(TicketMessage.mail_id))
        .where(col(TicketMessage.ticket_id) == ticket_id(ticket))
        .order_by(col(TicketMessage.id))
    )
    mine: list[str] = []
    is_receipt = col(OutboxMail.key) == receipt_key(ticket)
    receipt = session.scalars(select(col(OutboxMail.message_id)).where(is_receipt)).first()
    for kind, came_as, went_as, state in session.execute(statement).all():
        name = came_as if kind == Wrote.CUSTOMER else went_as if state not in STOPPED else ""
        if name and is_message_id(name):
            mine.append(name)
        if receipt and kind == Wrote.CUSTOMER:
            mine.append(receipt)
            receipt = None
    return Thread(mine[-1], tuple(shortest(mine))) if mine else Thread()


def shortest(ids: Sequence[str]) -> list[str]:
    """As many of them as a mail refers to: the first, which begins the thread, and the newest."""
    return [*ids[:1], *ids[1:][-(LONGEST_THREAD - 1) :]]


def receipt_key(ticket: Ticket) -> str:
    """The business key of the receipt of a ticket (M-3)."""
    return f"ticket/{ticket_id(ticket)}/{RECEIVED.key}/1"


def reply_key(ticket: Ticket, message: TicketMessage) -> str:
    """The business key of an answer (M-3)."""
    return f"ticket/{ticket_id(ticket)}/{REPLY.key}/{message.id}"
