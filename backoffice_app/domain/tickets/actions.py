"""What is done with tickets: answer, note, close, reopen, mark as to do, assign; and what the customer writes next
(T-6, API-4).
"""

import secrets
from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_validator
from sqlmodel import col, select

from backoffice_app.domain.core.actions import SAID, Done, Input, NoInput, Undo, action
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.facts import Fact, on
from backoffice_app.domain.core.rights import RIGHTS_OF, Actor, ActorKind, Right, Role
from backoffice_app.domain.core.subjects import About
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail import LANGUAGES, MAIL, hold_all_back, write_to
from backoffice_app.domain.mail.facts import MailFailed, MailHeldBack, MailReleased, MailSentAgain
from backoffice_app.domain.mail.outbox import GONE
from backoffice_app.domain.order.whole import order_of_id
from backoffice_app.domain.tickets import mails
from backoffice_app.domain.tickets.facts import (
    AnswerReleased,
    AnswerStopped,
    MemoAdded,
    TicketAnswered,
    TicketAssigned,
    TicketClosed,
    TicketMessageReceived,
    TicketReopened,
    TicketToDo,
)
from backoffice_app.domain.tickets.subject import TICKET, TicketState, Wrote, record, ticket_id
from backoffice_app.domain.tickets.take_in import LONGEST_MESSAGE, require_new_message
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Document, Order, Ticket, TicketMessage, User
from backoffice_app.settings import settings

Once = Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
"""The key of an opened dialog: what it does is done once, however often it is pressed."""
Text = Annotated[str, Field(max_length=LONGEST_MESSAGE)]
Then = Literal["answered", "to do", "closed"]
THEN_NAMES: dict[str, LazyText] = {"answered": _("Answered"), "to do": _("To do"), "closed": _("Closed")}
WRITTEN = _("It was written already.")


class Reply(Input):
    """`message`: the answer; `language`: one of LANGUAGES, the ticket's if empty.

    `then`: how the ticket stands afterwards.

    `attachments`: the numbers of documents of its order that go along. `once`: the key of the opened dialog, which
    answers once.
    """

    long_texts: ClassVar[frozenset[str]] = frozenset({"message"})
    message: Text = ""
    language: Annotated[str, Field(max_length=10)] = ""
    attachments: Annotated[tuple[str, ...], Field(max_length=100)] = ()
    then: Then = "answered"
    once: Once = Field(default_factory=lambda: secrets.token_urlsafe(16))

    @field_validator("attachments", mode="before")
    @classmethod
    def _ticked(cls, value: object) -> object:
        """A form sends each box that is ticked by its name: {"RE-2026-0001": "on"}."""
        return [name for name, tick in value.items() if tick == "on"] if isinstance(value, dict) else value


def why_not_reply(ticket: Ticket) -> LazyText | None:
    """What is closed is reopened first, so that nobody answers what a colleague has settled."""
    return _("The ticket is closed. Reopen it first.") if ticket.mark == TicketState.CLOSED else None


def _written_before(w: Work, ticket: Ticket, data: "Reply | Memo") -> LazyText | None:
    mine = select(TicketMessage.id).where(
        TicketMessage.ticket_id == ticket.id, TicketMessage.once == data.once
    )
    return WRITTEN if w.session.exec(mine).first() is not None else None


@action(
    subject=TICKET,
    key="reply",
    label=_("Reply"),
    right=Right.ANSWER,
    why_not=why_not_reply,
    input=Reply,
    asks="must",
    known=_written_before,
    shortcut="r",
)
def reply(w: Work, ticket: Ticket, data: Reply) -> Done:
    """The answer goes to the customer by mail, and can be read by the shop; a second press of the same dialog sends
    nothing (T-6).
    """
    if not data.message:
        raise Invalid("message", _("Write a message first."))
    if data.language and data.language not in LANGUAGES:
        raise Invalid("language", _("There is no text in this language."))
    order = order_of_id(w.session, ticket.order_id) if ticket.order_id else None
    documents = _attached(order, data.attachments)
    language = data.language or ticket.language
    message = _add(w, ticket, Wrote.ANSWER, data.message, language=language, once=data.once)
    message.mark_before = ticket.mark
    question = _asked_last(w, ticket)
    mail = write_to(
        w,
        mails.REPLY,
        ticket.email,
        key=mails.reply_key(ticket, message),
        language=language,
        more=mails.told(w, ticket, order, question, language),
        order=order,
        documents=documents,
        thread=mails.thread_of(w.session, ticket),
        delay=settings().undo_seconds,
        title=ticket.subject,
        message=data.message,
    )
    message.mail_id = mail.id if mail else None
    ticket.mark = "" if data.then == "answered" else data.then
    record(w, ticket, TicketAnswered(ticket=ticket.number))
    if data.then == "closed":
        record(w, ticket, TicketClosed(ticket=ticket.number))
    w.made("messages", str(message.id))
    if mail is None:
        return Done(_("The answer is saved. No mail goes out: its template is off."))
    return Done(SAID, undo=Undo("hold-back-reply", {"message": str(message.id)}))


class HeldReply(Input):
    """`message`: the id of the answer."""

    message: Annotated[str, Field(pattern=r"^[0-9]{1,18}$")]


@action(
    subject=TICKET,
    key="hold-back-reply",
    label=_("Undo"),
    right=Right.ANSWER,
    why_not=lambda _ticket: None,
    input=HeldReply,
    even_if_changed=True,
    offered=False,
)
def hold_back_reply(w: Work, ticket: Ticket, data: HeldReply) -> Done:
    """The answer stays in the outbox while it still waits there, and the ticket stands as before it (W-21)."""
    message = w.session.get(TicketMessage, int(data.message))
    if message is None or message.ticket_id != ticket.id or message.mail_id is None:
        raise Refused(_("There is no such answer in this ticket."))
    if not hold_all_back(w, [w.lock(MAIL, message.mail_id)]):
        raise Refused(GONE)
    ticket.mark = message.mark_before
    return Done(_("The answer is held back. It stays in the outbox."))


class NewMessage(Input):
    """What the customer wrote.

    `message_id`: what the sender knows it by, or its Message-ID: sent twice, it is taken in once.

    `author`: who wrote it, if that is not the customer of the ticket.
    """

    long_texts: ClassVar[frozenset[str]] = frozenset({"message"})
    message: Annotated[str, Field(min_length=1, max_length=LONGEST_MESSAGE)]
    message_id: Annotated[str, Field(max_length=500)] = ""
    author: Annotated[str, Field(max_length=200)] = ""


def _received_before(w: Work, ticket: Ticket, data: NewMessage) -> LazyText | None:
    if not data.message_id:
        return None
    same = (
        TicketMessage.message_id == data.message_id,
        TicketMessage.sent_by == _sender(w.actor),
        col(TicketMessage.message_id) != "",
    )
    found = w.session.exec(
        select(TicketMessage.id).where(TicketMessage.ticket_id == ticket.id, *same)
    ).first()
    return _("This message was received already.") if found is not None else None


@action(
    subject=TICKET,
    key="receive-reply",
    label=_("Receive a reply of the customer"),
    right=Right.TICKETS_WRITE,
    why_not=lambda _ticket: None,
    input=NewMessage,
    known=_received_before,
    even_if_changed=True,
)
def receive_reply(w: Work, ticket: Ticket, data: NewMessage) -> Done:
    """What the customer wrote next joins the thread; a ticket that was answered, to do or closed is open again (T-6,
    API-4).
    """
    if data.message_id:
        require_new_message(w, data.message_id)
    message = _add(
        w,
        ticket,
        Wrote.CUSTOMER,
        data.message,
        author=data.author or ticket.name or ticket.email,
        language=ticket.language,
    )
    message.message_id, message.sent_by = data.message_id, _sender(w.actor)
    ticket.mark = ""
    w.session.flush()
    record(w, ticket, TicketMessageReceived(ticket=ticket.number))
    w.made("messages", str(message.id))
    return Done(_("The message is in ticket {ticket}.").format(ticket=ticket.number))


class Memo(Input):
    """`memo`: for colleagues; no mail and no answer of the API shows it. `once`: the key of the opened dialog."""

    long_texts: ClassVar[frozenset[str]] = frozenset({"memo"})
    memo: Text = ""
    once: Once = Field(default_factory=lambda: secrets.token_urlsafe(16))


@action(
    subject=TICKET,
    key="add-memo",
    label=_("Add memo"),
    right=Right.ANSWER,
    why_not=lambda _ticket: None,
    input=Memo,
    asks="must",
    known=_written_before,
    even_if_changed=True,
)
def add_memo(w: Work, ticket: Ticket, data: Memo) -> Done:
    """A note between colleagues stands in the thread, and never leaves the house (W-11)."""
    if not data.memo:
        raise Invalid("memo", _("Write a message first."))
    message = _add(w, ticket, Wrote.MEMO, data.memo, once=data.once)
    record(w, ticket, MemoAdded(ticket=ticket.number))
    w.made("messages", str(message.id))
    return Done(_("Memo added."))


@action(
    subject=TICKET,
    key="close-ticket",
    label=_("Close", "ticket"),
    right=Right.ANSWER,
    why_not=lambda _ticket: None,
    input=NoInput,
    already=lambda _w, ticket: (
        _("The ticket is closed already.") if ticket.mark == TicketState.CLOSED else None
    ),
)
def close_ticket(w: Work, ticket: Ticket, data: NoInput) -> Done:  # noqa: ARG001
    """Nothing is left to do about it."""
    before = ticket.mark
    _mark(w, ticket, TicketState.CLOSED, TicketClosed(ticket=ticket.number))
    undo = Undo("ticket-to-do") if before == TicketState.TO_DO else Undo("reopen-ticket")
    return Done(_("Ticket {ticket} closed.").format(ticket=ticket.number), undo=undo)


def why_not_reopen(ticket: Ticket) -> LazyText | None:
    """Only what was closed or marked can be taken up again."""
    return None if ticket.mark else _("The ticket is open.")


@action(
    subject=TICKET,
    key="reopen-ticket",
    label=_("Reopen"),
    right=Right.ANSWER,
    why_not=why_not_reopen,
    input=NoInput,
)
def reopen_ticket(w: Work, ticket: Ticket, data: NoInput) -> Done:  # noqa: ARG001
    """It is unanswered or answered again, as the last message says."""
    _mark(w, ticket, None, TicketReopened(ticket=ticket.number))
    return Done(_("Ticket {ticket} reopened.").format(ticket=ticket.number))


@action(
    subject=TICKET,
    key="ticket-to-do",
    label=_("To do"),
    right=Right.ANSWER,
    why_not=lambda _ticket: None,
    input=NoInput,
    already=lambda _w, ticket: (
        _("The ticket is marked as to do already.") if ticket.mark == TicketState.TO_DO else None
    ),
)
def ticket_to_do(w: Work, ticket: Ticket, data: NoInput) -> Done:  # noqa: ARG001
    """Something is to be done for it before it is answered or closed."""
    before = ticket.mark
    _mark(w, ticket, TicketState.TO_DO, TicketToDo(ticket=ticket.number))
    undo = Undo("close-ticket") if before == TicketState.CLOSED else Undo("reopen-ticket")
    return Done(_("Ticket {ticket} is marked as to do.").format(ticket=ticket.number), undo=undo)


def may_answer(user: User) -> bool:
    """Whether the role of this colleague lets them answer tickets."""
    return Right.ANSWER in RIGHTS_OF[Role(user.role)]


class AssignTicket(Input):
    """`to`: the id of a colleague who may answer tickets, "" for nobody."""

    to: Annotated[str, Field(pattern=r"^[0-9]{0,18}$")] = ""


@action(
    subject=TICKET,
    key="assign-ticket",
    label=_("Assign"),
    right=Right.ANSWER,
    why_not=lambda _ticket: None,
    input=AssignTicket,
    asks="must",
    even_if_changed=True,
)
def assign_ticket(w: Work, ticket: Ticket, data: AssignTicket) -> Done:
    """It is this colleague's, or assigned to nobody."""
    wanted = int(data.to) if data.to else None
    if wanted == ticket.assignee_id:
        return Done(_("The ticket is assigned so already."), changed=False)
    user = w.session.get(User, wanted) if wanted else None
    if wanted and (user is None or user.retired_at is not None):
        raise Invalid("to", _("There is no such colleague."))
    if user is not None and not may_answer(user):
        raise Invalid("to", _("{name} may not answer tickets.").format(name=user.name))
    ticket.assignee_id = wanted
    record(w, ticket, TicketAssigned(ticket=ticket.number, to=user.name if user else ""))
    if user is None:
        return Done(_("Ticket {ticket} is assigned to nobody now.").format(ticket=ticket.number))
    return Done(_("Ticket {ticket} assigned to {name}.").format(ticket=ticket.number, name=user.name))


@on(MailHeldBack)
def stop_answer(w: Work, about: About, happened: MailHeldBack) -> None:  # noqa: ARG001
    """An answer that does not reach the customer answers nothing: the ticket is unanswered again (S68)."""
    _note_about_answer(w, happened.mail, happened.kind, AnswerStopped)


@on(MailFailed)
def miss_answer(w: Work, about: About, happened: MailFailed) -> None:  # noqa: ARG001
    """The same where the mail server refused it; a ticket that was closed meanwhile is open again, as the customer
    knows of nothing.
    """
    ticket = _note_about_answer(w, happened.mail, happened.kind, AnswerStopped)
    if ticket is not None:
        ticket.mark = ""


@on(MailReleased)
@on(MailSentAgain)
def release_answer(w: Work, about: About, happened: MailReleased | MailSentAgain) -> None:  # noqa: ARG001
    """It goes after all, so the ticket is answered again."""
    _note_about_answer(w, happened.mail, happened.kind, AnswerReleased)


def _note_about_answer(
    w: Work, mail_id: int, kind: str, fact: type[AnswerStopped] | type[AnswerReleased]
) -> Ticket | None:
    """Records it about the ticket whose answer this mail is, locked; None for any other mail."""
    if kind != mails.REPLY.key:
        return None
    is_it = (
        TicketMessage.mail_id == mail_id,
        col(TicketMessage.mail_id).is_not(None),
    )  # the index holds only these
    id_ = w.session.exec(select(TicketMessage.ticket_id).where(*is_it)).first()
    if id_ is None:
        return None
    ticket = w.lock(TICKET, id_)
    record(w, ticket, fact(ticket=ticket.number))
    return ticket


def _mark(w: Work, ticket: Ticket, mark: TicketState | None, fact: Fact) -> None:
    ticket.mark = mark.value if mark else ""
    record(w, ticket, fact)


def _add(
    w: Work, ticket: Ticket, kind: Wrote, text: str, *, author: str = "", language: str = "", once: str = ""
) -> TicketMessage:
    """A new message at the end of the thread, with its id."""
    message = TicketMessage(
        ticket_id=ticket_id(ticket),
        kind=kind.value,
        author=author or w.actor.name,
        text=text,
        language=language,
        at=w.at,
        once=once,
    )
    w.session.add(message)
    w.session.flush()
    if kind is not Wrote.MEMO:
        ticket.last_at = w.at
    return message


def _asked_last(w: Work, ticket: Ticket) -> TicketMessage | None:
    asked = select(TicketMessage).where(
        TicketMessage.ticket_id == ticket.id, TicketMessage.kind == Wrote.CUSTOMER.value
    )
    return w.session.exec(asked.order_by(col(TicketMessage.id).desc()).limit(1)).first()


def _attached(order: Order | None, numbers: tuple[str, ...]) -> list[Document]:
    """The documents of these numbers. Raises Invalid for one that the ticket's order does not have."""
    known = {document.number: document for document in order.documents} if order else {}
    if missing := next((number for number in numbers if number not in known), None):
        raise Invalid("attachments", _("The order has no invoice {number}.").format(number=missing))
    return [known[number] for number in dict.fromkeys(numbers)]


def _sender(actor: Actor) -> int:
    return actor.id if actor.kind is ActorKind.API_KEY else 0
