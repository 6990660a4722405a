"""The history: what happened in readable sentences, and the proof that nobody changed it (T-7, AUD-1)."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, bindparam, func, not_
from sqlmodel import Session, col, select

from backoffice_app.domain.core.document_kinds import DOCUMENT_KINDS
from backoffice_app.domain.core.facts import FACTS, sentence_of
from backoffice_app.domain.core.money import as_text
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.subjects import Reference, Subject
from backoffice_app.domain.core.work import GENESIS, chain_hash, personal_digest
from backoffice_app.domain.order import ORDER
from backoffice_app.formats import format_moment
from backoffice_app.models import (
    ChainHead,
    Document,
    DocumentVersion,
    History,
    HistoryPersonal,
    Order,
    Payment,
)


@dataclass(frozen=True)
class HistoryEntry:
    """One line of the history tab, ready to show. `at`: in the shop's zone, to the second; `moment`: aware UTC.

    `mail`: the id of the mail it tells of, 0 for none; `document`: the number of the invoice it tells of, or "".
    """

    sequence: int
    at: str
    moment: datetime
    actor: str
    kind: str
    sentence: str
    mail: int = 0
    document: str = ""


def history_of(
    session: Session,
    about: Reference,
    actor: Actor,
    language: str,
    zone: str,
    *,
    kinds: Collection[str] | None = None,
    limit: int = 500,
) -> list[HistoryEntry]:
    """What happened to one row of a subject, newest first; without the facts that name amounts for an actor who may not
    see prices (SEC-4).

    `kinds`: only facts of these kinds, by their class names.
    """
    subject, id_ = about
    statement = (
        select(History, HistoryPersonal)
        .outerjoin(HistoryPersonal, col(HistoryPersonal.sequence) == col(History.sequence))
        .where(*_seen(subject, actor.may(Right.PRICES)), History.subject_id == id_)
        .order_by(col(History.sequence).desc())
        .limit(limit)
    )
    if kinds is not None:
        statement = statement.where(col(History.kind).in_(kinds))
    entries = []
    for row, personal in session.exec(statement).all():
        values = json.loads(row.data) | (json.loads(personal.data) if personal else {})
        sentence = sentence_of(row.kind, values).format(actor=row.actor_name).in_language(language)
        at = format_moment(row.at, language, zone)
        mail, document = values.get("mail", 0), values.get("number", "")
        entries.append(
            HistoryEntry(row.sequence, at, row.at, row.actor_name, row.kind, sentence, mail, document)
        )
    return entries


def others_since(session: Session, about: Reference, actor: Actor, moment: datetime) -> list[str]:
    """The names of all but `actor` who did something to one row since `moment` (W-16)."""
    subject, id_ = about
    is_own = and_(col(History.actor_kind) == actor.kind.value, col(History.actor_id) == actor.id)
    since = (col(History.subject) == subject.key, col(History.subject_id) == id_, col(History.at) >= moment)
    return list(session.exec(select(History.actor_name).where(*since, not_(is_own)).distinct()).all())


def kinds_of(session: Session, about: Reference, actor: Actor) -> dict[str, int]:
    """How many facts of each kind, by class name, happened to one row, as far as this actor may read them
    (T-7, SEC-4).
    """
    subject, id_ = about
    mine = (*_seen(subject, actor.may(Right.PRICES)), col(History.subject_id) == id_)
    found = select(History.kind, func.count()).where(*mine).group_by(History.kind)
    return dict(session.exec(found).all())


def facts_of_order(sees_prices: bool) -> ScalarSelect[int]:
    """How many facts of the order `:order` may be read with or without the right to see prices, as a column (P-6,
    SEC-4).
    """
    mine = (*_seen(ORDER, sees_prices), col(History.subject_id) == bindparam("order"))
    number = select(func.count()).select_from(History).where(*mine)
    return number.scalar_subquery()


def _seen(subject: Subject[Any], sees_prices: bool) -> list[ColumnElement[bool]]:
    about_it = [col(History.subject) == subject.key]
    if sees_prices:
        return about_it
    return [*about_it, col(History.kind).not_in([name for name, cls in FACTS.items() if cls.prices])]


@dataclass(frozen=True)
class Break:
    """The first thing that is not as it was written.

    `what` names it, such as "history 812" or "document RE-2026-0007 version 1".
    """

    what: str
    why: str


def verify_chain(session: Session, batch: int = 5_000) -> Iterator[int | Break]:
    """Walks the whole chain, oldest first; yields the number of facts checked so far, and the first Break, after which
    it ends (AUD-1).
    """
    table, personal = History.__table__, HistoryPersonal.__table__  # type: ignore[attr-defined]
    joined = table.outerjoin(personal, personal.c.sequence == table.c.sequence)
    wanted = [*table.c, personal.c.salt, personal.c.data.label("personal_data")]
    previous, checked = GENESIS, 0
    while True:
        statement = (
            joined.select()
            .with_only_columns(*wanted)
            .where(table.c.sequence > checked)
            .order_by(table.c.sequence)
            .limit(batch)
        )
        rows = session.connection().execute(statement).all()
        for row in rows:
            if problem := _problem(row._mapping, checked + 1, previous):
                yield Break(f"history {checked + 1}", problem)
                return
            checked, previous = row.sequence, row.hash
        yield checked
        if len(rows) < batch:
            break
    head = session.get_one(ChainHead, 1)
    if (head.sequence, head.hash) != (checked, previous):
        yield Break(
            f"history {checked + 1}",
            f"the chain ends at {checked}, its head says {head.sequence}: facts at the end are missing",
        )


def _problem(row: object, expected: int, previous: str) -> str:
    fact = dict(row)  # type: ignore[call-overload]
    salt, data = fact.pop("salt"), fact.pop("personal_data")
    if fact["sequence"] != expected:
        return f"fact {expected} is missing"
    if fact["previous_hash"] != previous:
        return "it does not follow the fact before it"
    if chain_hash(fact) != fact["hash"]:
        return "its content is not what its hash says"
    if data is not None and personal_digest(salt, data) != fact["personal_digest"]:
        return "its personal part is not what its digest says"
    return ""


ISSUES = ("InvoiceIssued", "CreditNoteIssued", "InvoiceCancelled")
"""The facts that say that a document was issued."""
_TOLD = select(History.sequence).where(
    History.subject == "order",
    col(History.subject_id) == col(Document.order_id),
    col(History.kind).in_(ISSUES),
    col(History.data).contains('"number":"' + col(Document.number) + '"'),
)
_UNTOLD = select(Document.number).where(~_TOLD.exists()).order_by(col(Document.id))


def verify_documents(session: Session) -> Iterator[int | Break]:
    """Holds each document that the history tells of against its rows, and each row against the history; yields the
    number checked so far, and every Break (INV-3).
    """
    version = col(DocumentVersion.version) == 1
    facts = session.exec(
        select(History.data).where(col(History.kind).in_(ISSUES)).order_by(col(History.sequence))
    ).yield_per(500)
    checked = 0
    for batch in facts.partitions():
        told = {fact["number"]: fact for fact in map(json.loads, batch)}
        wanted = select(Document, DocumentVersion).outerjoin(
            DocumentVersion, (col(DocumentVersion.document_id) == Document.id) & version
        )
        found = {
            d.number: (d, v) for d, v in session.exec(wanted.where(col(Document.number).in_(told))).all()
        }
        for number, fact in told.items():
            if problem := _not_as_issued(fact, *found.get(number, (None, None))):
                yield Break(f"document {number}", problem)
        session.expunge_all()
        checked += len(told)
        yield checked
    for number in session.exec(_UNTOLD).yield_per(500):
        yield Break(f"document {number}", "the history does not say that it was issued")


def verify_payments(session: Session) -> Iterator[Break]:
    """Every order whose bookings do not add up to what it says was paid: one was changed, removed or put in past Kontor
    (PAY-1).
    """
    booked = func.coalesce(func.sum(col(Payment.amount)), 0)
    wrong = (
        select(Order.number, Order.paid, Order.currency, booked)
        .outerjoin(Payment, col(Payment.order_id) == col(Order.id))
        .group_by(col(Order.id), col(Order.number), col(Order.paid), col(Order.currency))
        .having(booked != col(Order.paid))
        .order_by(col(Order.id))
    )
    for number, paid, currency, amount in session.exec(wrong).yield_per(500):
        says, sums = as_text(paid, currency), as_text(int(amount), currency)
        yield Break(
            f"payments of order {number}", f"they come to {sums} {currency}, and the order says {says}"
        )


def _not_as_issued(fact: dict[str, str], document: Document | None, version: DocumentVersion | None) -> str:
    if document is None or version is None:
        return "the history says it was issued, and it is missing"
    if fact.get("sha256") not in {None, "", version.snapshot_sha256}:
        return "its checksum is not the one it was issued with"
    says = json.loads(version.snapshot)
    row = (document.kind, document.number, document.issued_on.isoformat(), document.currency)
    sums = tuple(
        DOCUMENT_KINDS[document.kind].owes * amount for amount in (document.net, document.vat, document.total)
    )
    if row + sums != tuple(
        says[name] for name in ("kind", "number", "issued_on", "currency", "net", "tax", "total")
    ):
        return "its row is not what it says itself"
    return ""


def document_versions(session: Session) -> Iterator[tuple[int, str, str]]:
    """All versions of all documents: (id, snapshot, the checksum it was stored with)."""
    statement = select(
        DocumentVersion.id, DocumentVersion.snapshot, DocumentVersion.snapshot_sha256
    ).order_by(col(DocumentVersion.id))
    for id_, snapshot, sha256 in session.exec(statement).yield_per(500):
        yield id_ or 0, snapshot, sha256
