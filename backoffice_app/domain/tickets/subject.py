"""The subject "ticket", its states, and how its state follows from what was written (T-6)."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from backoffice_app.domain.core.errors import NotFound
from backoffice_app.domain.core.facts import Fact
from backoffice_app.domain.core.search_text import fold
from backoffice_app.domain.core.subjects import Subject, lock_row, register
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail.kinds import MailState
from backoffice_app.domain.order import ORDER
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order, OutboxMail, Ticket, TicketMessage

TOPIC = "tickets"
"""What open lists of tickets listen to."""
UNANSWERED = "tickets-count"
"""The topic of how many tickets are open: all tabs watch it for the menu."""


class TicketState(StrEnum):
    """Where a ticket stands. `OPEN` is the one that waits for an answer."""

    OPEN = "open"
    ANSWERED = "answered"
    TO_DO = "to do"
    CLOSED = "closed"


class Wrote(StrEnum):
    """Who wrote a message, and for whom."""

    CUSTOMER = "in"
    ANSWER = "out"
    MEMO = "memo"


STATE_NAMES: dict[str, LazyText] = {
    TicketState.OPEN: _("Unanswered"),
    TicketState.ANSWERED: _("Answered"),
    TicketState.TO_DO: _("To do"),
    TicketState.CLOSED: _("Closed"),
}
TONES: dict[str, tuple[str, str]] = {
    TicketState.OPEN: ("look", "clock"),
    TicketState.ANSWERED: ("good", "check"),
    TicketState.TO_DO: ("info", "circle-dot"),
    TicketState.CLOSED: ("neutral", "archive"),
}
"""Tone and icon of the badge of each state."""
STOPPED = frozenset({MailState.WITHHELD.value, MailState.FAILED.value})
"""States of the mail of an answer that did not reach the customer: it answers nothing."""

_MESSAGES, _MAILS = TicketMessage.__table__, OutboxMail.__table__  # type: ignore[attr-defined]
_LAST: Select[Any] = (
    select(_MESSAGES.c.kind)
    .select_from(_MESSAGES.outerjoin(_MAILS, _MAILS.c.id == _MESSAGES.c.mail_id))
    .where(_MESSAGES.c.ticket_id == bindparam("ticket"), _MESSAGES.c.kind != Wrote.MEMO.value)
    .where(_MAILS.c.id.is_(None) | _MAILS.c.state.not_in(sorted(STOPPED)))
    .order_by(_MESSAGES.c.id.desc())
    .limit(1)
)
"""Who wrote last, memos and answers that did not go out left aside."""


def state_from(mark: str, wrote_last: str) -> TicketState:
    """The state of a ticket: what a colleague marked it as, else whether the last word is ours."""
    if mark:
        return TicketState(mark)
    return TicketState.ANSWERED if wrote_last == Wrote.ANSWER else TicketState.OPEN


def ticket_id(ticket: Ticket) -> int:
    """The id of a ticket that has one."""
    return TICKET.id_of(ticket)


def id_of_number(session: Session, number: str) -> int:
    """The id of the ticket `number`. Raises NotFound."""
    found = (
        None
        if "\0" in number
        else session.exec(select_rows(Ticket.id).where(Ticket.number == number)).first()
    )
    if found is None:
        raise NotFound(number)
    return found


def record(w: Work, ticket: Ticket, happened: Fact) -> None:
    """Puts a fact into the history of the ticket, and of its order if it has one (T-6, T-7)."""
    w.record(ticket, happened)
    if ticket.order_id is not None:
        w.record((ORDER, ticket.order_id), happened)


def _settle(w: Work, held: Sequence[tuple[Ticket, str | None]]) -> None:
    """Writes the derived state and the search text, counts the version up, and says what changed."""
    for ticket, before in held:
        wrote_last = w.connection.execute(_LAST, {"ticket": ticket_id(ticket)}).scalar_one_or_none()
        ticket.state = state_from(ticket.mark, wrote_last or "").value
        if before is None:
            ticket.search = _search_text(w, ticket)
        elif w.has_facts(ticket):
            ticket.version += 1
        w.touch(TOPIC)
        if (before == TicketState.OPEN) != (ticket.state == TicketState.OPEN):
            w.touch(UNANSWERED)


def _search_text(w: Work, ticket: Ticket) -> str:
    """What the list finds a ticket by."""
    order = w.session.get(Order, ticket.order_id) if ticket.order_id else None
    numbers = (
        [order.number, order.number_at_source, order.external_reference] if order else [ticket.order_given]
    )
    numbers.append(ticket.external_reference)
    return fold(" ".join([ticket.number, ticket.subject, ticket.name, ticket.email, *filter(None, numbers)]))


TICKET: Subject[Ticket] = register(
    Subject(
        key="ticket",
        row=Ticket,
        lock=lock_row(Ticket),
        before=lambda ticket: ticket.state,
        settle=_settle,
        topic=lambda id_: f"ticket-{id_}",
        version=lambda ticket: ticket.version,
        find=id_of_number,
        overtaken=_("This ticket was changed meanwhile, so nothing was done. Read it, then press again."),
    )
)


def is_open(state: str) -> bool:
    """Whether somebody has to do something about a ticket in this state."""
    return state in {TicketState.OPEN, TicketState.TO_DO}


def messages_of(session: Session, id_: int) -> list[TicketMessage]:
    """All messages of a ticket, oldest first."""
    mine = select_rows(TicketMessage).where(TicketMessage.ticket_id == id_)
    return list(session.exec(mine.order_by(col(TicketMessage.id))).all())
