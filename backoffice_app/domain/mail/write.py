"""A mail enters the outbox: rendered, addressed, with its files fixed, once for its cause (M-2, M-3)."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Insert, bindparam
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import col, select

from backoffice_app.db import is_sqlite
from backoffice_app.domain.core.jobs import declare_job, queue
from backoffice_app.domain.core.languages import spoken
from backoffice_app.domain.core.shop import Shop
from backoffice_app.domain.core.subjects import About
from backoffice_app.domain.core.work import Figure, Work
from backoffice_app.domain.mail.addressing import addresses
from backoffice_app.domain.mail.along import Along, Paper, attach
from backoffice_app.domain.mail.facts import MailNotWritten, MailSwitchedOff, MailWritten
from backoffice_app.domain.mail.footer import footer_of, with_footer
from backoffice_app.domain.mail.html import html_of, meaning_of
from backoffice_app.domain.mail.kinds import MailKind, MailState
from backoffice_app.domain.mail.sender import comes_back, quoted_name, read_sender, with_ascii_domain
from backoffice_app.domain.mail.server import is_set
from backoffice_app.domain.mail.templates import Text, chosen_of, render_safely
from backoffice_app.domain.mail.values import Values, values_of, values_of_shop
from backoffice_app.domain.order import ORDER, order_id
from backoffice_app.domain.order.addressee import customer_of, language_of
from backoffice_app.domain.order.methods import methods_of_order
from backoffice_app.i18n import LazyNumber, LazyText, _
from backoffice_app.models import (
    Customer,
    Document,
    Order,
    OrderReturn,
    OutboxMail,
    Shipment,
)
from backoffice_app.settings import settings

JOB = declare_job("send_mail", queue=queue("mail", at_once=8))
TOPIC = "outbox"
"""What the hub says when a mail was written or changed its state (O-6)."""
NEEDS_A_PERSON = "outbox-count"
"""The topic of how many mails failed or are unclear. All tabs watch it, so it is not told of each mail that is sent."""
EARLY = 1.2
"""Seconds before its time at which the job of a mail may start."""


def write(
    w: Work,
    kind: MailKind,
    order: Order,
    *,
    about: str,
    shipments: Sequence[Shipment] = (),
    documents: Sequence[Document] = (),
    came_back: OrderReturn | None = None,
    papers: Sequence[Paper] = (),
    delay: float = 0,
    subject: str = "",
    message: str = "",
    language: str = "",
    always: bool = False,
    more: Callable[[str], Mapping[str, object]] | None = None,
    files: Sequence[int] = (),
) -> OutboxMail | None:
    """Puts a mail of `kind` to the customer of `order` into the outbox, in this transaction; `order` is loaded whole.

    Its business key is `order/<id>/<kind>/<about>`, `about` being the object and its sequence such as `shipment-12-3`:
    a second mail with the same key does nothing (M-3). It tells of all `shipments` as one, and of the return
    `came_back`.
    The newest version of each of `documents` goes along, and so do `papers`, as they are now, and the shop's files that
    its template takes along; `files`: the ids of further ones. `more`: language -> names for its text besides those of
    the kind.
    It leaves after `delay` seconds; until then it can be held back.
    `subject`, `message`, `language`: what a colleague wrote and chose (customer mail).
    `always`: also to a customer who is mailed nothing by itself: what a colleague writes, and what the law asks for
    (M-6).
    None if there is one already, the template is off, or the customer's mails are, or the order has no usable address;
    the last two leave a fact.
    """
    chosen = chosen_of(w.session, kind)
    texts = chosen.texts
    language = language if language in texts else language_of(w.session, w.shop, order, texts)
    if not (chosen.active and texts[language].active):
        return None
    if not always and _are_mails_off(w, order):
        w.record(order, MailSwitchedOff(kind=kind.key))
        w.say(_("No mail goes: the mails to this customer are switched off."))
        return None
    recipient = ", ".join(addresses(order.email or _customer_email(w, order)))
    if not recipient:
        w.record(order, MailNotWritten(kind=kind.key))
        return None
    w.flush()
    values = _values(
        w,
        order,
        language,
        shipments=shipments,
        documents=documents,
        came_back=came_back,
        message=message,
        title=subject,
    )
    names = {**(kind.values(order, language) if kind.values else {}), **(more(language) if more else {})}
    letter = letter_of(w.shop, kind, texts[language], language, values=values, more=names)
    row = {
        "key": f"order/{order_id(order)}/{kind.key}/{about}",
        "order_id": order_id(order),
        "kind": kind.key,
        "language": language,
    }
    return _put(
        w,
        row,
        letter,
        recipient,
        Along(documents if chosen.documents else (), papers, (*chosen.files, *files)),
        delay,
    )


@dataclass(frozen=True)
class Thread:
    """The mails that one belongs to, by their Message-IDs: the one that it answers, and all of them, oldest first (RFC
    5322).
    """

    answers: str = ""
    whole: tuple[str, ...] = ()


def write_to(
    w: Work,
    kind: MailKind,
    recipient: str,
    *,
    key: str,
    language: str,
    more: Mapping[str, object],
    order: Order | None = None,
    documents: Sequence[Document] = (),
    thread: Thread | None = None,
    delay: float = 0,
    title: str = "",
    message: str = "",
) -> OutboxMail | None:
    """Puts a mail of `kind` to `recipient` into the outbox that need not be about an order, in this transaction.

    `key`: its business key, such as "ticket/7/ticket-reply/3": a second mail with it does nothing (M-3). `language`:
    one that the kind has, else English. `more`: the names of its kind; of `order`, loaded whole, the texts tell where
    there is one.
    None if there is one already, the template is off, or the address can't be used.
    """
    chosen = chosen_of(w.session, kind)
    language = spoken(chosen.texts, language)
    usable = ", ".join(addresses(recipient))
    if not (chosen.active and chosen.texts[language].active and usable):
        return None
    w.flush()
    if order is not None:
        values = _values(w, order, language, documents=documents, message=message, title=title)
    else:
        values = values_of_shop(w.shop, message=message, title=title)
    letter = letter_of(w.shop, kind, chosen.texts[language], language, values=values, more=more)
    thread = thread or Thread()
    row = {
        "key": key,
        "order_id": order_id(order) if order is not None else None,
        "kind": kind.key,
        "language": language,
    }
    row |= {"in_reply_to": thread.answers, "refers_to": " ".join(thread.whole)}
    return _put(w, row, letter, usable, Along(documents if chosen.documents else (), (), chosen.files), delay)


def cause_of(mail: OutboxMail) -> About:
    """Whose history tells of a mail: that of its order, or its own where it is about none (M-5)."""
    return (ORDER, mail.order_id) if mail.order_id is not None else mail


def _values(w: Work, order: Order, language: str, **what: Any) -> Values:
    """What the texts of a mail about `order` can name."""
    methods = methods_of_order(w.session, order)
    return values_of(w.shop, order, language, methods, **what)


def _put(  # noqa: PLR0917
    w: Work, row: dict[str, Any], letter: "Letter", recipient: str, along: Along, delay: float
) -> OutboxMail | None:
    """Puts a mail into the outbox with what goes along, and records it; None where its key is taken."""
    mail = put_in(w, row, letter, recipient, delay)
    if mail is None:
        return None
    attach(w, mail, along)
    w.record(cause_of(mail), MailWritten(mail=mail_id(mail), kind=mail.kind, recipient=recipient))
    to = _("Mail to {recipient}").format(recipient=recipient)
    stays = mail.state == MailState.NO_SERVER
    w.say(leaving(mail, delay), Figure("send", _stays(recipient) if stays else to, when="mail"))
    return mail


@dataclass(frozen=True)
class Letter:
    """A mail that is filled in: its text with the company's data below it, and the same as HTML."""

    subject: str
    body: str
    html: str


def letter_of(
    shop: Shop, kind: MailKind, text: Text, language: str, *, values: Values, more: Mapping[str, object]
) -> Letter:
    """A template filled in. One of the shop's own that can't be gives way to the built-in one."""
    filled = render_safely(kind, text, language, values, more)
    footer = footer_of(shop.company, language)
    meaning = meaning_of(text.body, values, more, language)
    html = html_of(
        filled, meaning, language, shop=shop.company.name, footer=footer, logo=bool(shop.mail_look.logo)
    )
    whole = with_footer(filled, footer)
    return Letter(whole.subject, whole.body, html)


def put_in(w: Work, row: dict[str, Any], letter: Letter, recipient: str, delay: float) -> OutboxMail | None:
    """A new mail in the outbox, on its way after `delay` seconds; None where the key of the `row` is taken."""
    sender = sender_of(w)
    row = row | {
        "message_id": new_message_id(sender),
        "recipient": recipient,
        "sender": sender,
        "reply_to": w.shop.mailing.reply_to,
        "subject": letter.subject,
        "body": letter.body,
        "html": letter.html,
        "send_after": w.at + timedelta(seconds=delay),
    }
    mail = insert_mail(w, row)
    if mail is None:
        return None
    w.made("mails", str(mail_id(mail)))
    w.touch(TOPIC)
    if mail.state == MailState.WAITING:
        enqueue(w, mail, delay)
    return mail


def leaving(mail: OutboxMail, delay: float) -> LazyText:
    """What is said of a mail that was just put into the outbox: to whom it goes, and when, as it can be held back until
    then (W-21).
    """
    if mail.state == MailState.NO_SERVER:
        return _stays(mail.recipient)
    if not delay:
        return _("A mail goes to {recipient}.").format(recipient=mail.recipient)
    return _("A mail to {recipient} goes out in {seconds} seconds.").format(
        recipient=mail.recipient, seconds=LazyNumber(Decimal(delay))
    )


def would_leave(shop: Shop, recipient: str, delay: float) -> LazyText:
    """What is said of a mail to `recipient` before it is written: when it would go, or that it would stay
    (M-4, W-14).
    """
    if not is_set(shop):
        return _stays(recipient)
    return _("Leaves {seconds} seconds after the press.").format(seconds=LazyNumber(Decimal(delay)))


def _stays(recipient: str) -> LazyText:
    return _("The mail to {recipient} stays in the outbox: there is no mail server.").format(
        recipient=recipient
    )


def enqueue(w: Work, mail: OutboxMail, delay: float) -> None:
    """Puts the job that sends `mail` into the queue, `delay` seconds from now. One job for each `send_after` of a mail.

    It starts a little before its time and waits for the rest: the queue looks for delayed jobs only each second.
    """
    stamp = stamp_of(mail)
    w.enqueue(JOB, mail_id(mail), stamp, key=job_key(mail_id(mail), stamp), delay=max(delay - EARLY, 0))


def stamp_of(mail: OutboxMail) -> int:
    """Tells the jobs of one mail apart: its `send_after` in whole microseconds."""
    after: datetime = mail.send_after
    return int(after.timestamp()) * 1_000_000 + after.microsecond


def job_key(id_: int, stamp: int) -> str:
    """The name of the one job that sends a mail at one time."""
    return f"mail-{id_}-{stamp}"


def mail_id(mail: OutboxMail) -> int:
    """The id of a mail that has one."""
    if mail.id is None:
        raise AssertionError("a mail without an id")
    return mail.id


def sender_of(w: Work) -> str:
    """Who mails come from, as the mail shows it: the shop's sender, else the company's address, else one at Kontor's
    host (M-4).
    """
    return _sender(w.shop.mailing.sender, w.shop.company.name, w.shop.company.email)


@lru_cache
def _sender(given: str, company: str, email: str) -> str:
    name, address = read_sender(given)
    usable = (
        addresses(address)
        or addresses(email)
        or (f"kontor@{urlsplit(settings().public_url).hostname or 'localhost'}",)
    )
    called, mailbox = " ".join((name or company).split()), with_ascii_domain(usable[0])
    return f"{quoted_name(called)} <{mailbox}>".strip() if comes_back(called, mailbox) else f"<{mailbox}>"


def initial_state(shop: Shop) -> MailState:
    """Where a mail begins: it waits, or there is no server it could go to (M-4)."""
    return MailState.WAITING if is_set(shop) else MailState.NO_SERVER


def new_message_id(sender: str) -> str:
    """A Message-ID of our own; it stays the same in all attempts."""
    return f"<{uuid.uuid4().hex}@{read_sender(sender)[1].rpartition('@')[2]}>"


def _customer_email(w: Work, order: Order) -> str:
    customer = customer_of(w.session, order)
    return customer.email if customer else ""


_MAILS_OFF = select(col(Customer.mails_off)).where(col(Customer.id) == bindparam("of_customer"))


def _are_mails_off(w: Work, order: Order) -> bool:
    """Whether nothing is mailed to the customer by itself (M-6)."""
    if order.customer_id is None:
        return False
    return bool(w.connection.execute(_MAILS_OFF, {"of_customer": order.customer_id}).scalar())


def insert_mail(w: Work, row: dict[str, Any]) -> OutboxMail | None:
    """The new mail of these columns, or None where its key is taken: the database decides, in one statement."""
    row = row | {"state": initial_state(w.shop).value, "created_at": w.at, "attempts": 0, "error": ""}
    id_ = w.connection.execute(_insertion(is_sqlite(w.session)), row).scalar_one_or_none()
    if id_ is None:
        return None
    mail = OutboxMail(id=id_, **row)
    make_transient_to_detached(
        mail
    )  # it has just been written: the session takes it as it is, with no further query
    w.session.add(mail)
    return mail


@cache
def _insertion(sqlite: bool) -> ReturningInsert[int]:
    table = OutboxMail.__table__  # type: ignore[attr-defined]
    made: Insert = (insert_sqlite if sqlite else insert_postgres)(table).on_conflict_do_nothing(
        index_elements=["key"]
    )
    return made.returning(table.c.id)
