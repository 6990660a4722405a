"""Tickets as the REST API tells them: what the customer wrote and what they were answered, and nothing between
colleagues (API-4).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import BaseModel
from sqlmodel import Session, col, select

from backoffice_app.db import reading
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.cursor import row_after
from backoffice_app.domain.core.errors import Invalid, NotFound
from backoffice_app.domain.core.resources import Resource, offer
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.mail.kinds import MailState
from backoffice_app.domain.tickets.subject import TICKET, TicketState, Wrote
from backoffice_app.i18n import _
from backoffice_app.models import Order, OutboxMail, Ticket, TicketMessage


class AskerView(BaseModel):
    """Who asked."""

    name: str
    email: str


class MessageView(BaseModel):
    """A message of the thread. `kind`: "question" of the customer, or "answer" to them.

    `message_id`: of a question what its sender knows it by, of an answer the Message-ID of its mail. `mail`: of an
    answer what became of its mail: waiting, sending, sent, retrying, failed, unclear or no_server; "" for a question.
    """

    kind: str
    author: str
    text: str
    language: str
    at: datetime
    message_id: str
    mail: str


class TicketView(BaseModel):
    """A ticket without its messages. `state`: open (unanswered), answered, to_do or closed.

    `order`: the number of its order, null where it belongs to none; `order_given`: a number that came along and is
    unknown here.
    """

    number: str
    subject: str
    state: str
    answered: bool
    language: str
    customer: AskerView
    order: str | None
    order_given: str
    source: str
    external_reference: str
    created_at: datetime
    last_at: datetime
    version: int


class ThreadView(TicketView):
    """A ticket with its messages, oldest first."""

    messages: list[MessageView]


class TakenTicketView(ThreadView):
    """A ticket that was handed in. `notes`: what is to be known of it, such as that its order is unknown."""

    notes: list[str]


class TicketPage(BaseModel):
    """Some tickets, newest first; `next`: what `after` is for the following ones, null at the end."""

    tickets: list[TicketView]
    next: str | None


def ticket_page(limit: int, after: str, sent_by: int | None, wanted: Mapping[str, str]) -> TicketPage:
    """At most `limit` (up to 200) tickets that follow the cursor `after`; with `sent_by` only those of this API key.

    `wanted`: "state", "email" and "order", each narrows the list if it is not "". Raises Invalid naming the parameter.
    """
    follows = row_after(limit, after)
    states = {_word(state): state.value for state in TicketState}
    if wanted["state"] and wanted["state"] not in states:
        raise Invalid("state", _("There are: {choices}.").format(choices=", ".join(states)))
    statement = select(Ticket, Order.number).outerjoin(Order, col(Order.id) == col(Ticket.order_id))
    statement = statement.order_by(col(Ticket.id).desc()).limit(limit + 1)
    if follows is not None:
        statement = statement.where(col(Ticket.id) < follows)
    if sent_by is not None:
        statement = statement.where(Ticket.sent_by == sent_by)
    if wanted["state"]:
        statement = statement.where(Ticket.state == states[wanted["state"]])
    if wanted["email"]:
        statement = statement.where(Ticket.email == wanted["email"])
    if wanted["order"]:
        statement = statement.where(Order.number == wanted["order"])
    with reading() as session:
        found = session.exec(statement).all()
    following = str(found[limit - 1][0].id) if len(found) > limit else None
    return TicketPage(
        tickets=[TicketView(**_told(ticket, order)) for ticket, order in found[:limit]], next=following
    )


def thread_view(number: str, sent_by: int | None) -> ThreadView:
    """The ticket `number` with its messages; with `sent_by` one of this API key. Raises NotFound.

    Memos are left out, and so are answers that were held back, or still can be.
    """
    with reading() as session:
        ticket = _readable(session, number, sent_by)
        order = (
            session.exec(select(Order.number).where(Order.id == ticket.order_id)).first()
            if ticket.order_id
            else None
        )
        rows: Sequence[tuple[TicketMessage, OutboxMail | None]] = session.exec(
            select(TicketMessage, OutboxMail)
            .outerjoin(OutboxMail, col(OutboxMail.id) == col(TicketMessage.mail_id))
            .where(TicketMessage.ticket_id == ticket.id, TicketMessage.kind != Wrote.MEMO.value)
            .order_by(col(TicketMessage.id))
        ).all()
        return ThreadView(**_told(ticket, order), messages=_messages(rows))


def _messages(rows: Sequence[tuple[TicketMessage, OutboxMail | None]]) -> list[MessageView]:
    now = clock.now()
    found = []
    for message, mail in rows:
        if mail is not None and (
            mail.state == MailState.WITHHELD or (mail.send_after > now and not mail.attempts)
        ):
            continue
        is_answer = message.kind == Wrote.ANSWER
        found.append(
            MessageView(
                kind="answer" if is_answer else "question",
                author="" if is_answer else message.author,
                text=message.text,
                language=message.language,
                at=message.at,
                message_id=mail.message_id if mail is not None else message.message_id,
                mail=_word(mail.state) if mail is not None else "",
            )
        )
    return found


def _told(ticket: Ticket, order: str | None) -> dict[str, object]:
    return {
        "number": ticket.number,
        "subject": ticket.subject,
        "state": _word(ticket.state),
        "answered": ticket.state == TicketState.ANSWERED,
        "language": ticket.language,
        "customer": AskerView(name=ticket.name, email=ticket.email),
        "order": order,
        "order_given": ticket.order_given,
        "source": ticket.source,
        "external_reference": ticket.external_reference,
        "created_at": ticket.created_at,
        "last_at": ticket.last_at,
        "version": ticket.version,
    }


def _word(value: str) -> str:
    return value.replace(" ", "_").replace("-", "_")


def _readable(session: Session, number: str, sent_by: int | None) -> Ticket:
    """The ticket of this number; with the id of an API key, only one that it handed in. Raises NotFound."""
    statement = select(Ticket).where(Ticket.number == number)
    if sent_by is not None:
        statement = statement.where(Ticket.sent_by == sent_by)
    found = None if "\0" in number else session.exec(statement).first()
    if found is None:
        raise NotFound(number)
    return found


TICKETS = offer(Resource(TICKET, "tickets", Right.TICKETS, _readable, reads_all=Right.TICKETS))
"""Tickets, whose actions the API offers."""
