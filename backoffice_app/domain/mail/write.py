"""A mail enters the outbox: rendered, addressed, with its files fixed, once for its cause (M-2, M-3)."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Insert, func, inspect
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import col, select

from backoffice_app.db import is_sqlite
from backoffice_app.domain.core.jobs import QUEUE_OF
from backoffice_app.domain.core.work import Work, order_id
from backoffice_app.domain.mail.facts import MailNotWritten, MailWritten
from backoffice_app.domain.mail.kinds import MailKind, MailState
from backoffice_app.domain.mail.sender import comes_back, quoted_name, read_sender, with_ascii_domain
from backoffice_app.domain.mail.templates import Text, render, texts_of
from backoffice_app.domain.mail.values import values_of
from backoffice_app.models import Customer, Document, DocumentVersion, MailAttachment, Order, OutboxMail, Shipment
from backoffice_app.settings import settings

JOB = "send_mail"
QUEUE = "mail"
TOPIC = "outbox"
NEEDS_A_PERSON = "outbox-count"
"""The topic of how many mails failed or are unclear. All tabs watch it, so it is not told of each mail that is sent."""
"""What the hub says when a mail was written or changed its state (O-6)."""
QUEUE_OF[JOB] = QUEUE
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
    delay: float = 0,
    subject: str = "",
    message: str = "",
    language: str = "",
) -> OutboxMail | None:
    """Puts a mail of `kind` to the customer of `order` into the outbox, in this transaction; `order` is loaded whole.

    Its business key is `order/<id>/<kind>/<about>`, `about` being the object and its sequence such as `shipment-12-3`: a second
    mail with the same key does nothing (M-3). It tells of all `shipments` as one. The newest version of each of `documents` goes
    along. It leaves after `delay` seconds; until then it can be held back. `subject`, `message`, `language`: what a colleague wrote
    and chose (customer mail). None if there is one already, the template is off, or the order has no usable address, which leaves
    a fact.
    """
    texts = texts_of(w.session, kind)
    language = language if language in texts else _language(w, order, texts)
    if not texts[language].active:
        return None
    recipient = ", ".join(addresses(order.email or _customer_email(w, order)))
    if not recipient:
        w.record(order, MailNotWritten(kind=kind.value))
        return None
    w.flush()
    values = values_of(w.shop, order, language, shipments=shipments, documents=documents, message=message, title=subject)
    rendered = render(texts[language], values)
    sender = sender_of(w)
    row: dict[str, Any] = {
        "key": f"order/{order_id(order)}/{kind.value}/{about}",
        "message_id": new_message_id(sender),
        "order_id": order_id(order),
        "kind": kind.value,
        "language": language,
        "recipient": recipient,
        "sender": sender,
        "reply_to": w.shop.mailing.reply_to,
        "subject": rendered.subject,
        "body": rendered.body,
        "send_after": w.at + timedelta(seconds=delay),
    }
    mail = _insert(w, row)
    if mail is None:
        return None
    _attach(w, mail, documents)
    w.record(order, MailWritten(mail=mail_id(mail), kind=kind.value, recipient=recipient))
    w.touch(TOPIC)
    if mail.state == MailState.WAITING:
        enqueue(w, mail, delay)
    return mail


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


def addresses(text: str) -> tuple[str, ...]:
    """The usable addresses in a text, each once whatever its case (M-3)."""
    found = (part.strip() for part in text.replace(";", ",").split(","))
    return tuple({address.casefold(): address for address in reversed(list(found)) if _is_usable(address)}.values())[::-1]


def _is_usable(address: str) -> bool:
    """Whether it may stand in an envelope and a header as it is; what would need quotes is not taken."""
    if address.count("@") != 1 or not address.isprintable() or set(address) & set(' <>()[]"\\') or not all(address.split("@")):
        return False
    try:
        with_ascii_domain(address)
    except ValueError:
        return False
    return True


def sender_of(w: Work) -> str:
    """Who mails come from, as the mail shows it: the shop's sender, else the company's address, else one at Kontor's host (M-4)."""
    return _sender(w.shop.mailing.sender, w.shop.company.name, w.shop.company.email)


@lru_cache
def _sender(given: str, company: str, email: str) -> str:
    name, address = read_sender(given)
    usable = addresses(address) or addresses(email) or (f"kontor@{urlsplit(settings().public_url).hostname or 'localhost'}",)
    called, mailbox = " ".join((name or company).split()), with_ascii_domain(usable[0])
    return f"{quoted_name(called)} <{mailbox}>".strip() if comes_back(called, mailbox) else f"<{mailbox}>"


def initial_state() -> MailState:
    """Where a mail begins: it waits, or there is no server it could go to (M-4)."""
    return MailState.WAITING if settings().smtp_url else MailState.NO_SERVER


def new_message_id(sender: str) -> str:
    """A Message-ID of our own; it stays the same in all attempts."""
    return f"<{uuid.uuid4().hex}@{read_sender(sender)[1].rpartition('@')[2]}>"


def _language(w: Work, order: Order, offered: dict[str, Text]) -> str:
    """The order's language, else the customer's, else the shop's; never the clerk's (M-2). The first that has a text."""

    def has(language: str) -> str | None:
        return next((form for form in (language, language.replace("_", "-").split("-")[0]) if form in offered), None)

    if found := has(order.language):
        return found
    customer = w.session.get(Customer, order.customer_id) if order.customer_id else None
    return (has(customer.language) if customer else None) or has(w.shop.regional.language) or "en"


def _customer_email(w: Work, order: Order) -> str:
    customer = w.session.get(Customer, order.customer_id) if order.customer_id else None
    return customer.email if customer else ""


def _insert(w: Work, row: dict[str, Any]) -> OutboxMail | None:
    """The new row, or None where its key is taken: the database decides, in one statement."""
    row |= {"state": initial_state().value, "created_at": w.at, "attempts": 0, "error": ""}
    id_ = w.connection.execute(_insertion(is_sqlite(w.session)), row).scalar_one_or_none()
    if id_ is None:
        return None
    mail = OutboxMail(id=id_, **row)
    make_transient_to_detached(mail)  # it has just been written: the session takes it as it is, with no further query
    w.session.add(mail)
    return mail


@cache
def _insertion(sqlite: bool) -> ReturningInsert[int]:
    table = OutboxMail.__table__  # type: ignore[attr-defined]
    made: Insert = (insert_sqlite if sqlite else insert_postgres)(table).on_conflict_do_nothing(index_elements=["key"])
    return made.returning(table.c.id)


def _attach(w: Work, mail: OutboxMail, documents: Sequence[Document]) -> None:
    """Fixes the files that go along: the version that is newest now (M-3)."""
    newest = _newest_versions(w, documents)
    rows = [{"mail_id": mail.id, "version_id": newest[d.id or 0], "name": f"{d.number}.pdf"} for d in documents]
    if rows:
        w.connection.execute(MailAttachment.__table__.insert(), rows)  # type: ignore[attr-defined]


def _newest_versions(w: Work, documents: Sequence[Document]) -> dict[int, int]:
    """Document id -> id of its newest version; no query for documents whose versions are at hand."""
    newest: dict[int, int] = {}
    for document in documents:
        if "versions" not in inspect(document).unloaded and document.versions:
            newest[document.id or 0] = max(document.versions, key=lambda v: v.version).id or 0
    rest = [document.id for document in documents if document.id not in newest]
    if rest:
        document_id = col(DocumentVersion.document_id)
        statement = select(document_id, func.max(DocumentVersion.id)).where(document_id.in_(rest)).group_by(document_id)
        newest |= {document: version or 0 for document, version in w.session.exec(statement).all()}
    return newest
