"""One ticket to look at: its thread, its facts, and what may be done about it now (T-6)."""

from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select

from backoffice_app.domain.core.actions import ACTIONS
from backoffice_app.domain.core.errors import NotFound
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import Shop, load_shop
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.history import history_of
from backoffice_app.domain.mail.kinds import STATE_NAMES as MAIL_STATES
from backoffice_app.domain.mail.kinds import MailState
from backoffice_app.domain.order.states import STATE_NAMES as ORDER_STATES
from backoffice_app.domain.order.states import ShipmentState, ShippingState, Status
from backoffice_app.domain.tickets.actions import may_answer
from backoffice_app.domain.tickets.subject import STATE_NAMES, TICKET, TONES, Wrote
from backoffice_app.formats import format_moment, locale
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import (
    Customer,
    Document,
    MailAttachment,
    Order,
    OutboxMail,
    Parcel,
    Shipment,
    Ticket,
    TicketMessage,
    User,
)

UNDER_WAY = frozenset({MailState.WAITING, MailState.SENDING, MailState.RETRYING})
"""States of a mail that will be another one soon."""
MAIL_TONES: dict[str, tuple[str, str]] = {
    MailState.FAILED: ("act", "triangle-alert"),
    MailState.UNCLEAR: ("act", "triangle-alert"),
    MailState.WITHHELD: ("ended", "ban"),
    MailState.NO_SERVER: ("look", "pause"),
}


@dataclass(frozen=True)
class MessageView:
    """A message of the thread.

    `kind`: "in" of the customer, "out" to them, "memo" between colleagues; `files`: names of what went along.

    `tone`, `mark`, `state`: what became of its mail, "" for none; `mail`: its address in the outbox, "" for who may not
    see that.
    """

    id: str = ""
    kind: str = "in"
    who: str = ""
    what: str = ""
    at: str = ""
    text: str = ""
    language: str = ""
    tone: str = "neutral"
    mark: str = "circle"
    state: str = ""
    mail: str = ""
    files: str = ""


@dataclass(frozen=True)
class TicketView:
    """One ticket. `about`: as events name it.

    `facts`: [word, value] each; `may`: by key of an action whether its button is there.

    `why_not_reply`: the reason that greys the button, or "". `warning`: what must be seen before one answers.
    `documents`: numbers of what can go along; `colleagues`: [id, name] of those to whom it can be given. `question`:
    the last one. `happened`: when, sentence, by whom. `is_moving`: a mail of it will soon be in another state.
    """

    id: int = 0
    about: str = ""
    number: str = ""
    subject: str = ""
    tone: str = "neutral"
    mark: str = "circle"
    state: str = ""
    language: str = ""
    language_name: str = ""
    name: str = ""
    email: str = ""
    order: str = ""
    customer: str = ""
    assignee: str = ""
    assignee_id: str = ""
    facts: list[list[str]] = field(default_factory=list)
    warning: str = ""
    messages: list[MessageView] = field(default_factory=list)
    question: str = ""
    documents: list[str] = field(default_factory=list)
    colleagues: list[list[str]] = field(default_factory=list)
    happened: list[list[str]] = field(default_factory=list)
    may: dict[str, bool] = field(default_factory=dict)
    why_not_reply: str = ""
    is_moving: bool = False


def ticket_view(session: Session, number: str, actor: Actor) -> TicketView:
    """The ticket `number` as this actor sees it. Raises NotFound, and Refused without the right to read tickets."""
    actor.require(Right.TICKETS)
    ticket = (
        session.exec(select(Ticket).where(Ticket.number == number)).first() if "\0" not in number else None
    )
    if ticket is None:
        raise NotFound(number)
    shop, language = load_shop(session), actor.language
    order = session.get(Order, ticket.order_id) if ticket.order_id else None
    customer = session.get(Customer, ticket.customer_id) if ticket.customer_id else None
    colleagues = session.exec(
        select(User).where(col(User.retired_at).is_(None)).order_by(col(User.name))
    ).all()
    assignee = session.get(User, ticket.assignee_id) if ticket.assignee_id else None
    rows = _rows(session, ticket)
    messages = [_message(message, mail, files, actor, shop) for message, mail, files in rows]
    asked = [message.text for message, _mail, _files in rows if message.kind == Wrote.CUSTOMER]
    zone = shop.regional.zone
    happened = history_of(session, (TICKET, ticket.id or 0), actor, language, zone, limit=100)
    return TicketView(
        id=ticket.id or 0,
        about=Shown(TICKET.key, ticket.number, str(ticket.version)).text,
        number=ticket.number,
        subject=ticket.subject,
        tone=TONES[ticket.state][0],
        mark=TONES[ticket.state][1],
        state=STATE_NAMES[ticket.state].in_language(language),
        language=ticket.language,
        language_name=str(locale(language).languages.get(ticket.language, ticket.language)),
        name=ticket.name,
        email=ticket.email,
        order=order.number if order else "",
        customer=customer.number if customer else "",
        assignee=assignee.name if assignee else "",
        assignee_id=str(ticket.assignee_id or ""),
        facts=_facts(ticket, _of_order(session, order, language), assignee, zone, language),
        warning=_warning(ticket, order, language),
        messages=messages,
        question=asked[-1] if asked else "",
        documents=_documents(session, ticket, actor),
        colleagues=[
            ["", _("Nobody").in_language(language)],
            *(
                [str(user.id), user.name]
                for user in colleagues
                if may_answer(user) or user.id == ticket.assignee_id
            ),
        ],
        happened=[
            [entry.at, entry.sentence, "" if entry.actor in entry.sentence else entry.actor]
            for entry in happened
        ],
        may=_may(ticket, actor),
        why_not_reply=_why_not_reply(ticket, actor, shop),
        is_moving=any(mail is not None and mail.state in UNDER_WAY for _message, mail, _files in rows),
    )


def _rows(session: Session, ticket: Ticket) -> list[tuple[TicketMessage, OutboxMail | None, list[str]]]:
    """The messages, oldest first, each with its mail and the names of its files; in two statements."""
    joined = (
        select(TicketMessage, OutboxMail)
        .outerjoin(OutboxMail, col(OutboxMail.id) == col(TicketMessage.mail_id))
        .where(TicketMessage.ticket_id == ticket.id)
        .order_by(col(TicketMessage.id))
    )
    rows = session.exec(joined).all()
    ids = [mail.id for _message, mail in rows if mail is not None]
    files: dict[int, list[str]] = {}
    wanted = (
        select(MailAttachment).where(col(MailAttachment.mail_id).in_(ids)).order_by(col(MailAttachment.id))
    )
    for file in session.exec(wanted).all() if ids else ():
        files.setdefault(file.mail_id, []).append(file.name)
    return [
        (message, mail, files.get(mail.id or 0, []) if mail is not None else []) for message, mail in rows
    ]


def _message(
    message: TicketMessage, mail: OutboxMail | None, files: list[str], actor: Actor, shop: Shop
) -> MessageView:
    words: dict[str, Any] = {Wrote.CUSTOMER: _("Customer"), Wrote.ANSWER: _("Answer"), Wrote.MEMO: _("Memo")}
    tone, mark = (
        MAIL_TONES.get(mail.state, ("neutral", "circle")) if mail is not None else ("neutral", "circle")
    )
    return MessageView(
        id=str(message.id),
        kind=message.kind,
        who=message.author,
        what=words[message.kind].in_language(actor.language),
        at=format_moment(message.at, actor.language, shop.regional.zone, "short"),
        text=message.text,
        language=message.language,
        tone=tone,
        mark=mark,
        state=MAIL_STATES[mail.state].in_language(actor.language) if mail is not None else "",
        mail=f"/outbox?mail={mail.id}" if mail is not None and actor.may(Right.MAIL) else "",
        files=", ".join(files),
    )


def _of_order(session: Session, order: Order | None, language: str) -> list[tuple[LazyText, str]]:
    """How the order of a ticket stands, and its parcels: what most customers ask for."""
    if order is None:
        return []
    sent = (
        select(Parcel.tracking_number)
        .join(Shipment, col(Shipment.id) == col(Parcel.shipment_id))
        .where(Shipment.order_id == order.id, Shipment.state != ShipmentState.CANCELLED.value)
    )
    status, shipping = Status(order.status), ShippingState(order.shipping_state)
    is_sent = shipping in {ShippingState.PART_SHIPPED, ShippingState.SHIPPED}
    return [
        (_("Order"), f"{order.number} · {ORDER_STATES[status].in_language(language)}"),
        (_("Shipping"), ORDER_STATES[shipping].in_language(language) if is_sent else ""),
        (_("Tracking number"), ", ".join(session.exec(sent.order_by(col(Parcel.id))).all())),
    ]


def _facts(
    ticket: Ticket, of_order: list[tuple[LazyText, str]], assignee: User | None, zone: str, language: str
) -> list[list[str]]:
    pairs = [
        (_("Ticket"), ticket.number),
        (_("Customer"), ticket.name),
        (_("E-mail"), ticket.email),
        *of_order,
    ]
    pairs += (
        [(_("Order"), _("{number} (unknown)").format(number=ticket.order_given).in_language(language))]
        if ticket.order_given
        else []
    )
    pairs.append((_("Language"), str(locale(language).languages.get(ticket.language, ticket.language))))
    pairs.append((_("Assigned to"), assignee.name if assignee else _("Nobody").in_language(language)))
    pairs.append((_("Created"), format_moment(ticket.created_at, language, zone, "short")))
    pairs += [(_("Reference"), ticket.external_reference)] if ticket.external_reference else []
    return [[word.in_language(language), value] for word, value in pairs if value]


def _warning(ticket: Ticket, order: Order | None, language: str) -> str:
    """What of an order goes to an address that is not its own is easily sent to the wrong person."""
    if order is None or not order.email or order.email.casefold() == ticket.email.casefold():
        return ""
    text = _(
        "The question came from {email}, order {order} has another e-mail address. Attach its documents only "
        "if you know who asks."
    )
    return text.format(email=ticket.email, order=order.number).in_language(language)


def _documents(session: Session, ticket: Ticket, actor: Actor) -> list[str]:
    """The documents of its order, for who may see them."""
    if ticket.order_id is None or not actor.may(Right.PRICES):
        return []
    return list(
        session.exec(
            select(Document.number).where(Document.order_id == ticket.order_id).order_by(col(Document.id))
        ).all()
    )


def _may(ticket: Ticket, actor: Actor) -> dict[str, bool]:
    """Which buttons are there: those that this actor may press, and that would do something."""
    held = actor.may(Right.ANSWER)
    keys = ("reply", "add-memo", "close-ticket", "reopen-ticket", "ticket-to-do", "assign-ticket")
    useful = {
        "close-ticket": ticket.mark != "closed",
        "ticket-to-do": ticket.mark != "to do",
        "reopen-ticket": bool(ticket.mark),
    }
    return {key: held and ACTIONS[key].right == Right.ANSWER and useful.get(key, True) for key in keys}


def _why_not_reply(ticket: Ticket, actor: Actor, shop: Shop) -> str:
    reason = ACTIONS["reply"].reason(shop, ticket)
    return reason.in_language(actor.language) if reason else ""
