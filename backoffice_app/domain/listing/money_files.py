"""What a bookkeeper takes along besides the list of invoices: VAT by rate, and the payments, as rows of a file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, select
from sqlmodel import Session, col

from backoffice_app.domain.core.document_kinds import DOCUMENT_KINDS, snapshot_from
from backoffice_app.domain.core.keyset import Asked, as_day, read_all
from backoffice_app.domain.core.money import to_decimal
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.snapshot import DocumentSnapshot
from backoffice_app.domain.invoicing.choose import CASE_NAMES
from backoffice_app.domain.listing.found import orders_of
from backoffice_app.domain.listing.invoices import INVOICES, wanted_documents
from backoffice_app.domain.order.states import CHARGED_BACK, CREDIT, MOVED
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Allocation, Document, DocumentVersion, Order, Payment

AT_ONCE = 1000
"""So many payments are read at once."""
VAT_HEADS = (
    _("Number"),
    _("Kind"),
    _("Date"),
    _("Belongs to"),
    _("Order"),
    _("Customer"),
    _("Company"),
    _("Country"),
    _("VAT ID"),
    _("Currency"),
    _("Tax case"),
    _("VAT rate"),
    _("Net"),
    _("VAT"),
    _("Total"),
)
PAYMENT_HEADS = (
    _("Date"),
    _("Kind"),
    _("Order"),
    _("Invoices"),
    _("Customer"),
    _("Company"),
    _("Method"),
    _("Currency"),
    _("Amount"),
    _("Fee of the provider"),
    _("Reference of the provider"),
    _("Reason"),
    _("Entered"),
    _("By"),
)
_KINDS = {MOVED: _("Moved", "money"), CHARGED_BACK: _("Charge-back"), CREDIT: _("Credit")}


def vat_file(session: Session, parameters: Mapping[str, object], actor: Actor) -> Iterator[list[object]]:
    """A row for each VAT case and rate of each document that the list shows, so that a rate can be added up; amounts of
    credit notes and cancellations are negative.
    """
    actor.require(Right.PRICES)
    yield [head.in_language(actor.language) for head in VAT_HEADS]
    statement, _note = wanted_documents(session, asked := INVOICES.parse(parameters), actor)
    for rows in read_all(session, asked, statement):
        said = _snapshots(session, [row.id for row in rows])
        for row in rows:
            yield from _by_rate(row, said[row.id], actor.language)


def _snapshots(session: Session, ids: Sequence[int]) -> dict[int, DocumentSnapshot]:
    """What the newest version of each of these documents says."""
    wanted = (
        select(col(DocumentVersion.document_id), col(DocumentVersion.snapshot))
        .where(col(DocumentVersion.document_id).in_(ids))
        .order_by(col(DocumentVersion.version))
    )
    texts = dict(session.execute(wanted).tuples().all())
    return {document_id: snapshot_from(text) for document_id, text in texts.items()}


def _by_rate(row: Row[Any], said: DocumentSnapshot, language: str) -> Iterator[list[object]]:
    sign = DOCUMENT_KINDS[row.kind].owes  # what gives back says its amounts without a sign
    goes_to = said.delivery or said.buyer
    about = [
        row.number,
        DOCUMENT_KINDS[row.kind].label.in_language(language),
        row.issued_on,
        said.refers_to.number if said.refers_to else "",
        row.order_number,
        row.customer_name,
        row.company,
        goes_to.country,
        said.buyer.vat_id,
        row.currency,
    ]
    for rate in said.rates:
        case = CASE_NAMES.get(rate.category) if rate.category != "S" else None
        amounts = [to_decimal(sign * one, row.currency) for one in (rate.net, rate.tax, rate.gross)]
        yield [*about, case.in_language(language) if case else "", rate.rate, *amounts]


def payments_file(session: Session, parameters: Mapping[str, object], actor: Actor) -> Iterator[list[object]]:
    """All bookings of the days that the list shows, in the order in which they were entered: payments, refunds,
    charge-backs, what moved, and what takes one of them back; signed, so that they can be added up.

    The other filters of the list are about documents; the search finds the orders of bookings too.
    """
    actor.require(Right.PRICES)
    yield [head.in_language(actor.language) for head in PAYMENT_HEADS]
    statement = _wanted_payments(session, INVOICES.parse(parameters), actor)
    last = 0
    while rows := session.execute(statement.where(col(Payment.id) > last).limit(AT_ONCE)).all():
        documents = _documents_of(session, [row.Payment.id for row in rows])
        for row in rows:
            yield _booking(row, documents.get(row.Payment.id, []), actor.language)
        last = rows[-1].Payment.id


def _wanted_payments(session: Session, asked: Asked, actor: Actor) -> Select[Any]:
    shown = (Order.number, Order.customer_name, Order.company, Order.currency)
    statement: Select[Any] = select(Payment, *shown).join(Order, col(Order.id) == col(Payment.order_id))  # type: ignore[call-overload]
    if day := asked.text("from"):
        statement = statement.where(col(Payment.booked_on) >= as_day(day))
    if day := asked.text("to"):
        statement = statement.where(col(Payment.booked_on) <= as_day(day))
    if asked.q:
        ids, _note = orders_of(session, asked.q, actor)
        statement = statement.where(col(Payment.order_id).in_(ids))
    return statement.order_by(col(Payment.id))


def _documents_of(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    """The numbers of the documents that these payments are tied to, by payment."""
    wanted = (
        select(col(Allocation.payment_id), col(Document.number))
        .join(Document, col(Document.id) == col(Allocation.document_id))
        .where(col(Allocation.payment_id).in_(ids))
        .order_by(col(Allocation.id))
    )
    found: dict[int, list[str]] = {}
    for payment_id, number in session.execute(wanted):
        if number not in found.setdefault(payment_id, []):
            found[payment_id].append(number)
    return found


def _booking(row: Row[Any], documents: Sequence[str], language: str) -> list[object]:
    one = row.Payment
    return [
        one.booked_on,
        _kind_of(one).in_language(language),
        row.number,
        ", ".join(documents),
        row.customer_name,
        row.company,
        one.method,
        row.currency,
        to_decimal(one.amount, row.currency),
        to_decimal(one.fee, row.currency),
        one.provider_reference,
        _about(one).in_language(language),
        one.booked_at,
        one.actor_name,
    ]


def _about(one: Payment) -> LazyText:
    """Why it was charged back, or where it moved; other reasons are marks of Kontor's own."""
    if one.kind == MOVED:
        text = _("to order {number}") if one.amount < 0 else _("from order {number}")
        return text.format(number=one.reason)
    return LazyText("{reason}").format(reason=one.reason if one.kind == CHARGED_BACK else "")


def _kind_of(one: Payment) -> LazyText:
    if one.kind:
        return _KINDS[one.kind]
    if one.reverses_id:
        return _("Taken back")
    return _("Payment") if one.amount > 0 else _("Refund")
