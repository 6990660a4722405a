"""Documents as files: rendered from their snapshots, archived under their checksums, printed together (INV-3, INV-12,
W-3).
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial

from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from backoffice_app.archive import file_of, is_lost, read_archived
from backoffice_app.db import hold, reading
from backoffice_app.documents.fonts import missing_characters, renderer
from backoffice_app.documents.texts import LANGUAGES, document_language
from backoffice_app.domain.bulk.views import printed
from backoffice_app.domain.core.document_kinds import snapshot_from
from backoffice_app.domain.core.errors import NotFound, Refused
from backoffice_app.domain.core.facts import Fact, as_json
from backoffice_app.domain.core.return_slip import ReturnSlipSnapshot
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.core.snapshot import PackingSlipSnapshot
from backoffice_app.domain.core.work import Work, work
from backoffice_app.domain.invoicing.issue import CharactersReplaced, InvoicesPrinted, note_missing
from backoffice_app.domain.invoicing.snapshot import packing_slip_snapshot
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.addressee import customer_of, language_of
from backoffice_app.domain.order.methods import shipping_of_order
from backoffice_app.domain.order.slip_remarks import slip_remarks
from backoffice_app.domain.order.states import ShipmentState
from backoffice_app.domain.order.whole import WHOLE
from backoffice_app.domain.rest_view import document_version
from backoffice_app.domain.returns.slip import return_slip_snapshot
from backoffice_app.domain.shipping.rules import why_not_print_slip
from backoffice_app.drawing import drawn, drawn_in_order, drawn_together
from backoffice_app.i18n import _
from backoffice_app.kept_files import KeptFiles
from backoffice_app.models import (
    ArchivedFile,
    Document,
    DocumentVersion,
    History,
    Order,
    OrderReturn,
    Shipment,
)

COPIES_A_MINUTE = 20
SAME_COPY = timedelta(hours=1)
KEPT = KeptFiles(most_bytes=32 * 2**20, seconds=600)
"""Translations, bundles and packing slips that were drawn a short while ago, of this process."""


class PrintedTooOften(Refused):
    """So many copies within a minute that one more waits."""

    def __init__(self) -> None:
        super().__init__(_("You printed very many copies just now. Try again in a minute."))


@dataclass(frozen=True)
class Print:
    """A file that can be shown: its name, its bytes if they are at hand, and else how it is drawn, which takes up to
    seconds.
    """

    name: str
    at_hand: bytes | None
    draw: Callable[[], bytes]


def find_document(public_id: str, sent_by: int | None = None) -> Print:
    """The newest version of the document with this random id; with `sent_by` only of an order that this key brought in.

    Raises NotFound, DamagedArchive.
    """
    version_id, number = document_version(public_id, sent_by)
    return _archived(version_id, f"{number}.pdf")


def find_invoices(actor: Actor, order_number: str, language: str = "") -> Print:
    """One PDF of all the order's documents, oldest first (W-3); shows them and changes nothing.

    Refused without documents.

    In another language than theirs: copies, marked as translations (INV-12). A language that no document speaks is
    none.
    """
    actor.require(Right.PRICES)
    found = _issued(order_number)
    language = language if language in LANGUAGES else ""
    if len(found.versions) == 1 and not found.is_translation(language):
        return _archived(found.versions[0][0], f"{found.numbers[0]}.pdf")

    def draw() -> bytes:
        snapshots = [snapshot_from(_snapshot_of(id_)) for id_, _sha256 in found.versions]
        return drawn_together(snapshots, language or found.language)

    return _kept(
        f"{order_number}-invoices.pdf",
        ["invoices", language, *(sha256 for _id, sha256 in found.versions)],
        draw,
    )


def find_packing_slip(actor: Actor, shipment_number: str, language: str = "") -> Print:
    """The packing slip of a shipment, in the order's language unless told otherwise (W-6); changes nothing.

    Refused for a cancelled shipment, and for an open one of an order on hold (W-13).
    """
    actor.require(Right.READ)
    _order_id, snapshot = _slip(shipment_number)

    def draw() -> bytes:
        return drawn(snapshot, language or None)

    return _kept(f"{shipment_number}.pdf", ["packing slip", language, snapshot.model_dump_json()], draw)


def find_return_slip(return_number: str, language: str = "", sent_by: int | None = None) -> Print:
    """The slip of a return, in the order's language unless told otherwise (RET-3); changes nothing.

    With `sent_by` only of an order that this API key brought in. Raises NotFound.
    """
    _order_id, snapshot = _return_slip(return_number, sent_by)

    def draw() -> bytes:
        return drawn(snapshot, language or None)

    return _kept(f"{return_number}.pdf", ["return slip", language, snapshot.model_dump_json()], draw)


def print_return_slip(actor: Actor, return_number: str) -> None:
    """What no font has of a return slip stands in the history, once. Raises NotFound."""
    actor.require(Right.READ)
    order_id, snapshot = _return_slip(return_number)
    if _works_on_orders(actor):
        _note_replaced(actor, order_id, return_number, snapshot.model_dump_json())


def print_invoices(actor: Actor, order_number: str, language: str = "") -> None:
    """The order counts as printed (O-3), and copies in another language stand in the history, each once an hour
    (INV-12).

    Refused without documents, and PrintedTooOften from the 21st copy within a minute on.
    """
    actor.require(Right.PRICES)
    found = _issued(order_number)
    language = language if language in LANGUAGES else ""
    if found.is_translation(language):
        _note_copy(
            actor,
            found.order_id,
            InvoicesPrinted(numbers=", ".join(found.translated(language)), language=language),
        )
    _mark_printed(actor, found.order_id)


def print_packing_slip(actor: Actor, shipment_number: str) -> None:
    """The order counts as printed (O-3); what no font has of the slip stands in the history, once.

    Refused as `find_packing_slip`.
    """
    actor.require(Right.READ)
    order_id, snapshot = _slip(shipment_number)
    if not _works_on_orders(actor):
        return
    _note_replaced(actor, order_id, shipment_number, snapshot.model_dump_json())
    _mark_printed(actor, order_id)


def _note_replaced(actor: Actor, order_id: int, number: str, text: str) -> None:
    """What no font has of a slip stands in the history, once for each number."""
    if not missing_characters(text):
        return
    with work(actor) as w:
        hold(w.session, f"print-{number}")
        told = w.session.exec(_facts_of(order_id, CharactersReplaced)).all()
        if not any(json.loads(fact.data).get("number") == number for fact in told):
            note_missing(w, (ORDER, order_id), number, text)


def find_listed_invoices(actor: Actor, public_ids: Sequence[str]) -> Print:
    """One PDF of these documents in this order, each in its own language: what a page of the list shows (O-5).

    Refused for none.
    """
    actor.require(Right.PRICES)
    found = {
        public_id: (version_id, sha256)
        for public_id, version_id, sha256, _order in _listed_versions(public_ids)
    }
    versions = [found[public_id] for public_id in public_ids if public_id in found]
    if not versions:
        raise Refused(_("There is nothing to print on this page."))

    def draw() -> bytes:
        return drawn_in_order([snapshot_from(_snapshot_of(id_)) for id_, _sha256 in versions])

    return _kept("invoices.pdf", ["listed invoices", *(sha256 for _id, sha256 in versions)], draw)


def print_listed_invoices(actor: Actor, public_ids: Sequence[str]) -> None:
    """The orders of these documents count as printed (O-3)."""
    actor.require(Right.PRICES)
    for order_id in sorted(
        {order_id for _public_id, _version, _sha256, order_id in _listed_versions(public_ids)}
    ):
        _mark_printed(actor, order_id)


def find_listed_slips(actor: Actor, numbers: Sequence[str]) -> Print:
    """One PDF of the packing slips of these shipments in this order, each in the language of its order (O-5).

    Those that can't be printed are left out. Refused where nothing is left.
    """
    actor.require(Right.READ)
    snapshots = [snapshot for _number, _order_id, snapshot in _slips(numbers)]
    if not snapshots:
        raise Refused(_("There is nothing to print on this page."))
    made_of = ["listed slips", *(snapshot.model_dump_json() for snapshot in snapshots)]
    return _kept("packing-slips.pdf", made_of, lambda: drawn_in_order(snapshots))


def print_listed_slips(actor: Actor, numbers: Sequence[str]) -> None:
    """Their orders count as printed, as with each slip alone (O-3)."""
    for number, _order_id, _snapshot in _slips(numbers):
        print_packing_slip(actor, number)


def find_run(actor: Actor, run_id: int) -> Print:
    """One PDF of the invoices, or the packing slips, of a bulk run in the order of its list, each in its own language
    (O-5).

    Raises NotFound for a run of somebody else, and Refused where there is nothing to print any more.
    """
    with reading() as session:
        is_invoices, order_ids = printed(session, run_id, actor)
        if is_invoices:
            actor.require(Right.PRICES)
        of = (Document.order_id, Document.public_id) if is_invoices else (Shipment.order_id, Shipment.number)
        table = Document if is_invoices else Shipment
        found: dict[int, list[str]] = {}
        statement = select(*of).where(col(of[0]).in_(order_ids)).order_by(col(table.id))
        if not is_invoices:
            statement = statement.where(Shipment.state != ShipmentState.CANCELLED)
        for order_id, name in session.exec(statement).all():
            found.setdefault(order_id, []).append(name)
    names = [name for order_id in order_ids for name in found.get(order_id, [])]
    return find_listed_invoices(actor, names) if is_invoices else find_listed_slips(actor, names)


def _listed_versions(public_ids: Sequence[str]) -> Sequence[tuple[str, int, str, int]]:
    """Of each of these documents: its random id, id and checksum of its newest version, and the id of its order."""
    newest = (
        select(func.max(DocumentVersion.id))
        .where(DocumentVersion.document_id == Document.id)
        .correlate(Document)
        .scalar_subquery()
    )
    statement = (
        select(Document.public_id, DocumentVersion.id, DocumentVersion.snapshot_sha256, Document.order_id)
        .join(DocumentVersion, col(DocumentVersion.id) == newest)
        .where(col(Document.public_id).in_(public_ids))
    )
    with reading() as session:
        return [
            (public_id, version_id or 0, sha256, order_id)
            for public_id, version_id, sha256, order_id in session.exec(statement).all()
        ]


@dataclass(frozen=True)
class _Issued:
    """The documents of an order, oldest first: their numbers, languages, and (id, checksum) of their newest
    versions.
    """

    order_id: int
    numbers: list[str]
    languages: list[str]
    versions: list[tuple[int, str]]

    @property
    def language(self) -> str:
        """That of the oldest."""
        return self.languages[0]

    def is_translation(self, language: str) -> bool:
        """Whether some of them were issued in another language than `language`; "" is each in its own."""
        return bool(self.translated(language))

    def translated(self, language: str) -> list[str]:
        """The numbers of those that were issued in another language than `language`."""
        issued = zip(self.numbers, map(document_language, self.languages), strict=True)
        return [number for number, own in issued if language and own != language]


def _issued(order_number: str) -> _Issued:
    newest = (
        select(func.max(DocumentVersion.id))
        .where(DocumentVersion.document_id == Document.id)
        .correlate(Document)
        .scalar_subquery()
    )
    statement = (
        select(Document, DocumentVersion.id, DocumentVersion.snapshot_sha256)
        .join(Order)
        .join(DocumentVersion, col(DocumentVersion.id) == newest)
        .where(Order.number == order_number)
        .order_by(col(Document.id))
    )
    with reading() as session:
        rows = session.exec(statement).all()
    if not rows:
        raise Refused(_("The order has no invoice yet."))
    documents, versions = [row[0] for row in rows], [(row[1] or 0, row[2]) for row in rows]
    return _Issued(
        documents[0].order_id, [d.number for d in documents], [d.language for d in documents], versions
    )


def _snapshot_of(version_id: int) -> str:
    with reading() as session:
        return session.exec(select(DocumentVersion.snapshot).where(DocumentVersion.id == version_id)).one()


def _slips(numbers: Sequence[str]) -> Iterator[tuple[str, int, PackingSlipSnapshot]]:
    """The slips of these shipments that can be printed now, with their numbers and orders."""
    for number in numbers:
        with suppress(Refused):
            yield number, *_slip(number)


def _slip(shipment_number: str) -> tuple[int, PackingSlipSnapshot]:
    with reading() as session:
        statement = select(Order).join(Shipment).where(Shipment.number == shipment_number).options(*WHOLE)
        order = session.exec(statement).first()
        if order is None:
            raise NotFound(shipment_number)
        shipment = next(s for s in order.shipments if s.number == shipment_number)
        if reason := why_not_print_slip(order, shipment):
            raise Refused(reason)
        shop = load_shop(session)
        language = language_of(session, shop, order, LANGUAGES)
        customer, remarks = customer_of(session, order), list(slip_remarks(session, order, language))
        shipping = shipping_of_order(session, order)
        return order.id or 0, packing_slip_snapshot(
            shop, order, shipment, shipping, language=language, customer=customer, remarks=remarks
        )


def _return_slip(return_number: str, sent_by: int | None = None) -> tuple[int, ReturnSlipSnapshot]:
    with reading() as session:
        statement = select(Order).join(OrderReturn).where(OrderReturn.number == return_number).options(*WHOLE)
        if sent_by is not None:
            statement = statement.where(Order.sent_by == sent_by)
        order = None if "\0" in return_number else session.exec(statement).first()
        if order is None:
            raise NotFound(return_number)
        came_back = next(one for one in order.returns if one.number == return_number)
        shop = load_shop(session)
        language = language_of(session, shop, order, LANGUAGES)
        return order.id or 0, return_slip_snapshot(
            shop, order, came_back, language=language, customer=customer_of(session, order)
        )


def _archived(version_id: int, name: str) -> Print:
    with reading() as session:
        sha256 = session.exec(
            select(ArchivedFile.sha256).where(
                ArchivedFile.version_id == version_id, ArchivedFile.form == "pdf"
            )
        ).first()
    at_hand = read_archived(sha256) if sha256 and not is_lost(sha256) else None
    return Print(name, at_hand, partial(file_of, version_id))


def _kept(name: str, made_of: list[str], draw: Callable[[], bytes]) -> Print:
    """A file that is in no archive: drawn once, then kept for a short while, so that nobody draws the same again and
    again.
    """
    key = hashlib.sha256("\n".join([renderer(), *made_of]).encode()).hexdigest()

    def once() -> bytes:
        return KEPT.get(key) or KEPT.put(key, draw())  # somebody may have drawn it while this one waited

    return Print(name, KEPT.get(key), once)


def _works_on_orders(actor: Actor) -> bool:
    """A colleague who only reads marks nothing."""
    return actor.may(Right.SHIP) or actor.may(Right.INVOICE)


def _mark_printed(actor: Actor, order_id: int) -> None:
    """From its first print on, an order stands among the printed ones (O-3)."""
    if not _works_on_orders(actor):
        return
    with reading() as session:
        if session.exec(select(Order.printed_at).where(Order.id == order_id)).one():
            return
    with work(actor) as w:
        order = w.lock(ORDER, order_id)
        order.printed_at = order.printed_at or w.at
        w.touch("orders")


def _note_copy(actor: Actor, order_id: int, copy: InvoicesPrinted) -> None:
    """The copy stands in the history; the same one by the same person stands there once an hour."""
    with work(actor) as w:
        hold(w.session, f"prints-{actor.kind.value}-{actor.id}")
        mine = _facts_of(order_id, InvoicesPrinted).where(
            History.actor_kind == actor.kind.value, History.actor_id == actor.id
        )
        last_hour = w.session.exec(mine.where(History.at > w.at - SAME_COPY)).all()
        if any(fact.data == as_json(asdict(copy)) for fact in last_hour):
            return
        _require_pause(w)
        w.record((ORDER, order_id), copy)


def _facts_of(order_id: int, kind: type[Fact]) -> SelectOfScalar[History]:
    return select(History).where(
        History.subject == "order", History.subject_id == order_id, History.kind == kind.__name__
    )


def _require_pause(w: Work) -> None:
    """Each copy is kept for ever in the history, and nobody means so many.

    There is no index by time: it reads the last minute's facts.
    """
    older = select(History.sequence).where(History.at <= w.at - timedelta(minutes=1))
    before = w.session.exec(older.order_by(col(History.sequence).desc()).limit(1)).first()
    mine = select(func.count()).where(
        History.kind == InvoicesPrinted.__name__, History.actor_kind == w.actor.kind.value
    )
    count = w.session.exec(
        mine.where(History.actor_id == w.actor.id, col(History.sequence) > (before or 0))
    ).one()
    if count >= COPIES_A_MINUTE:
        raise PrintedTooOften
