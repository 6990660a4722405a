"""A question comes in, once, no matter who sends it and how often (API-4)."""

import hashlib
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, or_, select

from backoffice_app.domain.core.actions import Input
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.facts import as_json
from backoffice_app.domain.core.languages import spoken
from backoffice_app.domain.core.rights import Actor, ActorKind, Right
from backoffice_app.domain.core.series import draw
from backoffice_app.domain.core.work import Work, work
from backoffice_app.domain.mail.addressing import addresses
from backoffice_app.domain.mail.kinds import LANGUAGES
from backoffice_app.domain.mail.message_ids import is_message_id
from backoffice_app.domain.mail.write import Thread, write_to
from backoffice_app.domain.order.whole import order_of_id
from backoffice_app.domain.tickets import mails
from backoffice_app.domain.tickets.facts import TicketOpened
from backoffice_app.domain.tickets.subject import Wrote, record, ticket_id
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Customer, Order, Ticket, TicketMessage

ATTEMPTS = 5
LONGEST_KEY = 255
LONGEST_MESSAGE = 20_000
KEY = "Idempotency-Key"
Line = Annotated[str, Field(max_length=200)]


class Asker(Input):
    """Who asks. `email`: where the answer goes; the order's, if it is left out and there is an order."""

    email: Annotated[str, Field(max_length=320)] = ""
    name: Line = ""


class NewTicket(Input):
    """A question as the shop hands it over.

    `order`: the number of the order it is about, as Kontor or the shop calls it; an unknown one is taken and said.
    `language`: of the customer, in which they are answered. `source`, `external_reference`: what the shop knows it by,
    so that it is taken in once. `message_id`: what the shop knows this message by, or its Message-ID. `receipt`:
    whether the customer is told by mail that it came.
    """

    long_texts: ClassVar[frozenset[str]] = frozenset({"message"})
    subject: Annotated[str, Field(min_length=1, max_length=200)]
    message: Annotated[str, Field(min_length=1, max_length=LONGEST_MESSAGE)]
    customer: Asker = Asker()
    order: Annotated[str, Field(max_length=100)] = ""
    language: Annotated[str, Field(max_length=20)] = ""
    source: Annotated[str, Field(max_length=100)] = ""
    external_reference: Annotated[str, Field(max_length=200)] = ""
    message_id: Annotated[str, Field(max_length=500)] = ""
    receipt: bool = True


@dataclass(frozen=True)
class TakenTicket:
    """Where a question went: the number of its ticket, whether this call made it, and what is to be said of
    it besides.
    """

    number: str
    created: bool
    said: tuple[LazyText, ...] = ()


def take_in_ticket(actor: Actor, new: NewTicket, key: str = "") -> TakenTicket:
    """The ticket is there exactly once: made by this call, or by an earlier or simultaneous one with the same reference
    or key.

    One transaction, with the receipt to the customer. The same `external_reference` of a source, or the same
    `Idempotency-Key` of an API key, gives the same ticket. Raises Refused without the right and for a reference that
    another sender has, Invalid for a key that came with something else, and for a question whose answer could go
    nowhere.
    """
    actor.require(Right.TICKETS_WRITE)
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Invalid(KEY, _("A key has at most {longest} printable characters.").format(longest=LONGEST_KEY))
    digest = hashlib.sha256(as_json(new.model_dump()).encode()).hexdigest()
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with work(actor) as w:
                return _by_key(w, key, digest) or _by_reference(w, new, digest) or _make(w, new, key, digest)
        except IntegrityError:  # another process took the same one in just now: look again, it is committed
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("a ticket is there and is not found")


def _by_key(w: Work, key: str, digest: str) -> TakenTicket | None:
    """The ticket of an earlier call with this key."""
    if not key or w.actor.kind is not ActorKind.API_KEY:
        return None
    mine = select(Ticket).where(
        Ticket.sent_by == w.actor.id, Ticket.idempotency_key == key, col(Ticket.idempotency_key) != ""
    )
    found = w.session.exec(mine).first()
    if found is None:
        return None
    if found.sent_digest != digest:
        raise Invalid(
            KEY, _("This key came with another ticket before. Send each ticket with a key of its own.")
        )
    return TakenTicket(found.number, created=False)


def _by_reference(w: Work, new: NewTicket, digest: str) -> TakenTicket | None:
    """The ticket that the shop knows by the same reference."""
    if not new.external_reference:
        return None
    reference = (Ticket.source == new.source, Ticket.external_reference == new.external_reference)
    found = w.session.exec(select(Ticket).where(*reference, col(Ticket.external_reference) != "")).first()
    if found is None:
        return None
    is_foreign = (
        w.actor.kind is ActorKind.API_KEY and found.sent_by != w.actor.id and not w.actor.may(Right.TICKETS)
    )
    if is_foreign:
        raise Refused(_("There is a ticket with this reference already; another sender brought it in."))
    if found.sent_digest == digest:
        return TakenTicket(found.number, created=False)
    said = _(
        "This ticket came before with other words, which it keeps. Send what was written since by the action "
        "receive-reply."
    )
    return TakenTicket(found.number, created=False, said=(said,))


def _make(w: Work, new: NewTicket, key: str, digest: str) -> TakenTicket:
    said: list[LazyText] = []
    order = _order(w.session, new)
    if new.order and order is None:
        said.append(
            _("There is no order “{number}”, so the ticket belongs to none.").format(number=new.order)
        )
    email = _email(new, order)
    customer = _customer(w.session, order, email)
    wanted = (
        new.language,
        order.language if order else "",
        customer.language if customer else "",
        w.shop.regional.language,
    )
    if new.message_id:
        require_new_message(w, new.message_id)
    number, _day = draw(w.session, "ticket", w.today)
    is_key = w.actor.kind is ActorKind.API_KEY
    ticket = Ticket(
        number=number,
        subject=" ".join(new.subject.split()),
        language=spoken(LANGUAGES, *wanted),
        name=" ".join(new.customer.name.split()) or (order.customer_name if order else ""),
        email=email,
        order_id=order.id if order else None,
        order_given=new.order if order is None else "",
        customer_id=customer.id if customer else None,
        source=new.source,
        external_reference=new.external_reference,
        sent_by=w.actor.id if is_key else 0,
        idempotency_key=key if is_key else "",
        sent_digest=digest,
        created_at=w.at,
        last_at=w.at,
    )
    w.add(ticket)
    message = TicketMessage(
        ticket_id=ticket_id(ticket),
        kind=Wrote.CUSTOMER.value,
        author=ticket.name or email,
        text=new.message,
        language=ticket.language,
        at=w.at,
        sent_by=ticket.sent_by,
        message_id=new.message_id,
    )
    w.session.add(message)
    w.session.flush()
    record(w, ticket, TicketOpened(ticket=number, subject=ticket.subject))
    w.made("tickets", number)
    if new.receipt:
        _confirm(w, ticket, order, message)
    return TakenTicket(number, created=True, said=tuple(said))


def _confirm(w: Work, ticket: Ticket, order: Order | None, message: TicketMessage) -> None:
    """The customer reads at once that the question came in, and its number (M-1)."""
    whole = order_of_id(w.session, order.id or 0) if order else None
    answers = message.message_id if is_message_id(message.message_id) else ""
    write_to(
        w,
        mails.RECEIVED,
        ticket.email,
        key=mails.receipt_key(ticket),
        language=ticket.language,
        more=mails.told(w, ticket, whole, message, ticket.language),
        order=whole,
        thread=Thread(answers, (answers,) if answers else ()),
        title=ticket.subject,
    )


def require_new_message(w: Work, message_id: str) -> None:
    """Raises Invalid where a message with this id came from the same sender before, in whichever ticket."""
    sender = w.actor.id if w.actor.kind is ActorKind.API_KEY else 0
    known = (
        TicketMessage.sent_by == sender,
        TicketMessage.message_id == message_id,
        col(TicketMessage.message_id) != "",
    )
    found = w.session.exec(select(Ticket.number).join(TicketMessage).where(*known)).first()
    if found is not None:
        raise Invalid("message_id", _("This message came before, in ticket {ticket}.").format(ticket=found))


def _order(session: Session, new: NewTicket) -> Order | None:
    """The order that the question names: one of this customer's by whatever number, else one by the shop's reference,
    or by our number.

    The shop's own numbers have no index, and two shops may count alike: so they are looked for among the customer's
    orders alone.
    A draft has no number that a customer knows.
    """
    if not new.order or "\0" in new.order:
        return None
    placed, bare = col(Order.is_draft).is_(False), new.order.removeprefix("#")
    own = select(Customer.id).where(Customer.email == new.customer.email.lower(), col(Customer.email) != "")
    called = or_(
        Order.number == bare,
        col(Order.number_at_source).in_([bare, f"#{bare}"]),
        Order.external_reference == new.order,
    )
    referred = (
        Order.source == new.source,
        Order.external_reference == new.order,
        col(Order.external_reference) != "",
    )
    for conditions in ((col(Order.customer_id).in_(own), called), referred, (Order.number == bare,)):
        found = session.exec(
            select(Order).where(*conditions, placed).order_by(col(Order.id).desc()).limit(1)
        ).first()
        if found is not None:
            return found
    return None


def _email(new: NewTicket, order: Order | None) -> str:
    """Where the answer goes. Raises Invalid where that is nowhere, or in several places."""
    if not new.customer.email:
        usable = addresses(order.email) if order else ()
        if not usable:
            raise Invalid("customer.email", _("Say where the answer goes: the customer's e-mail address."))
        return usable[0]
    usable = addresses(new.customer.email)
    if len(usable) != 1:
        raise Invalid("customer.email", _("This is no e-mail address that mail can go to."))
    return usable[0]


def _customer(session: Session, order: Order | None, email: str) -> Customer | None:
    """Who asks: the customer of the order, else the first with this address."""
    if order is not None and order.customer_id is not None:
        return session.get(Customer, order.customer_id)
    return session.exec(
        select(Customer).where(Customer.email == email.lower()).order_by(col(Customer.id)).limit(1)
    ).first()
