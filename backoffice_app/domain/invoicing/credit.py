"""Credit notes and cancellations are issued: figures from what the invoice stored, number, rows, facts (INV-6, W-13).

What others call: `issue_credit`, `cancel_invoices`.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from decimal import Decimal
from typing import ClassVar

from sqlmodel import Session, col, select

from backoffice_app.domain.core.document_kinds import (
    CANCELLATION,
    CREDIT_NOTE,
    DocumentKind,
    asks_for_money,
    snapshot_from,
)
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.series import draw
from backoffice_app.domain.core.snapshot import DocumentSnapshot, Reference
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.invoicing.credit_rows import NIL
from backoffice_app.domain.invoicing.credits import CreditAsked, Credited, Credits
from backoffice_app.domain.invoicing.issue import RENDER, note_missing, version_of
from backoffice_app.domain.invoicing.snapshot import seller_of
from backoffice_app.domain.order.set_off import set_off, takes_back
from backoffice_app.domain.order.states import ShipmentState, gave_back, invoices, left_to_ship
from backoffice_app.domain.orders.facts import PiecesCancelled
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Document, DocumentVersion, Order, OrderLine


@fact
class CreditNoteIssued(Fact):
    """A credit note on `invoice` got its number. `total` in minor units, positive.

    `quantities`: the pieces credited that had left the house and are not back yet, by rank of the order's line;
    `restocked`: those of them that can be sold again; `restock`: whether these are all of them. `sha256`: of what it
    says, so that the chain vouches for it too.
    """

    about: ClassVar[About] = About.INVOICE
    number: str
    invoice: str
    total: int
    currency: str
    quantities: dict[str, Decimal]
    restock: bool
    reason: str
    sha256: str = ""
    restocked: dict[str, Decimal] = field(default_factory=dict)

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = _("{actor} issued credit note {number} on invoice {invoice}: {reason}")
        plain = _("{actor} issued credit note {number} on invoice {invoice}.")
        return (text if self.reason else plain).format(
            number=self.number, invoice=self.invoice, reason=self.reason
        )


@fact
class InvoiceCancelled(Fact):
    """What was left of `invoice` was taken back by the cancellation `number`. `total` in minor units, positive."""

    about: ClassVar[About] = About.INVOICE
    number: str
    invoice: str
    total: int
    currency: str
    reason: str
    sha256: str = ""

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = _("{actor} cancelled invoice {invoice} by {number}: {reason}")
        plain = _("{actor} cancelled invoice {invoice} by {number}.")
        return (text if self.reason else plain).format(
            number=self.number, invoice=self.invoice, reason=self.reason
        )


def issue_credit(
    w: Work, order: Order, invoice: Document, asked: CreditAsked, *, reason: str = ""
) -> Document:
    """Issues a credit note on `invoice` of the locked order; its figures are taken from what the invoice stored, never
    calculated anew.

    Pieces that had not left the house become cancelled pieces, so nothing waits for them. The order's total stays: what
    the customer owes follows from the documents. Raises Refused or Invalid, having drawn no number, where more is asked
    for than is left. (INV-6, ST-2)
    """
    asked = replace(asked, reason=reason or asked.reason)
    if why_not := why_not_credit_it(order, invoice):
        raise Refused(why_not)
    document, _snapshot = _issue(
        w, order, invoice, CREDIT_NOTE, credits_of(w, order, invoice).credit(asked), asked.reason
    )
    gone = {rank: quantity for rank, quantity in asked.quantities.items() if quantity}
    back = _take_pieces(w, order, gone, asked)
    _tell(w, order, document, _credited(document, invoice, back, asked))
    return document


def issue_difference(w: Work, order: Order, invoice: Document, credited: Credited) -> Document:
    """Issues a credit note on pieces of `invoice` that were taken out of the locked order, whose total fell with them
    (W-17).

    The pieces are then as if they had never been invoiced. `credited`: its figures, of pieces alone.
    """
    document, _snapshot = _issue(w, order, invoice, CREDIT_NOTE, credited, "", is_difference=True)
    taken = {line.rank: line.quantity for line in credited.lines}
    for line in order.lines:
        line.invoiced -= taken.get(line.rank, NIL)
    _tell(w, order, document, _credited(document, invoice, {}, CreditAsked()))
    return document


def cancel_invoice(w: Work, order: Order, invoice: Document, reason: str = "") -> Document:
    """Issues a cancellation document for all that is left of `invoice`, exactly by rate.

    Raises Refused where nothing is left.

    As long as nothing of the order was given back the invoice is then as if it had never been: its pieces can be
    invoiced anew. Otherwise they count as credited, as the order is not invoiced anew.
    """
    if why_not := why_not_cancel_it(order, invoice):
        raise Refused(why_not)
    so_far = credits_of(w, order, invoice)
    document, snapshot = _issue(w, order, invoice, CANCELLATION, so_far.rest(), reason)
    was_credited = bool(gave_back(order))
    lines = {line.rank: line for line in order.lines}
    for one in so_far.lines:
        if line := lines.get(one.rank):
            if was_credited:
                line.credited += one.left
            else:
                line.invoiced -= one.left
    happened = InvoiceCancelled(
        number=document.number,
        invoice=invoice.number,
        total=snapshot.total,
        currency=snapshot.currency,
        reason=reason,
        sha256=document.versions[0].snapshot_sha256,
    )
    _tell(w, order, document, happened)
    return document


def cancel_invoices(w: Work, order: Order, reason: str = "") -> list[Document]:
    """A cancellation document for what is left of every invoice of the locked order, oldest first; none for what is
    credited in full.
    """
    return [cancel_invoice(w, order, invoice, reason) for invoice in standing(order)]


def standing(order: Order) -> list[Document]:
    """The invoices of which something is left to take back, oldest first."""
    return [invoice for invoice in invoices(order) if why_not_cancel_it(order, invoice) is None]


def invoice_of(order: Order, number: str, field: str = "invoice") -> Document:
    """The order's invoice of this number. Raises Invalid naming `field`."""
    found = next((d for d in order.documents if d.number == number and asks_for_money(d.kind)), None)
    if found is None:
        raise Invalid(field, _("The order has no invoice {number}.").format(number=number))
    return found


def credits_on(order: Order, invoice: Document, *kinds: DocumentKind) -> list[Document]:
    """What takes back something of `invoice`, oldest first; `kinds`: only such."""
    wanted = {kind.key for kind in kinds}
    return [
        d
        for d in order.documents
        if d.credits_id == invoice.id and takes_back(d) and (not wanted or d.kind in wanted)
    ]


def left_of(order: Order, invoice: Document) -> int:
    """What is left of an invoice after its credit notes and cancellation, in minor units with VAT."""
    return invoice.total + sum(d.total for d in credits_on(order, invoice))


def why_not_cancel_it(order: Order, invoice: Document) -> LazyText | None:
    """Whether something of this invoice is left to take back. An invoice of 0 can be cancelled once."""
    if cancelled := credits_on(order, invoice, CANCELLATION):
        return _("Invoice {number} was cancelled already, by {by}.").format(
            number=invoice.number, by=cancelled[-1].number
        )
    if left_of(order, invoice) <= 0 and credits_on(order, invoice):
        return _("Invoice {number} is credited in full.").format(number=invoice.number)
    return None


def why_not_credit_it(order: Order, invoice: Document) -> LazyText | None:
    """As `why_not_cancel_it`; and an invoice of 0 leaves nothing to credit."""
    if reason := why_not_cancel_it(order, invoice):
        return reason
    if not invoice.total:
        return _("Invoice {number} comes to 0: there is nothing to credit.").format(number=invoice.number)
    return None


def creditable(order: Order) -> list[Document]:
    """The invoices of which something can be credited, oldest first."""
    return [d for d in order.documents if asks_for_money(d.kind) and why_not_credit_it(order, d) is None]


def credits_of(w: Work, order: Order, invoice: Document) -> Credits:
    """As `credits_stored`, within a change."""
    w.flush()
    return credits_stored(w.session, order, invoice)


def credits_stored(session: Session, order: Order, invoice: Document) -> Credits:
    """What was credited of an invoice so far, folded from its snapshot and those of what credits it."""
    return folded(order, newest_snapshots(session, [invoice, *credits_on(order, invoice)]))


def newest_snapshots(session: Session, documents: Sequence[Document]) -> list[DocumentSnapshot]:
    """What the newest version of each document says, in their order; one statement."""
    ids = [document.id for document in documents]
    wanted = (
        select(DocumentVersion)
        .where(col(DocumentVersion.document_id).in_(ids))
        .order_by(col(DocumentVersion.version))
    )
    texts = {version.document_id: version.snapshot for version in session.exec(wanted)}
    return [snapshot_from(texts[id_ or 0]) for id_ in ids]


def folded(order: Order, snapshots: Sequence[DocumentSnapshot]) -> Credits:
    """The invoice, which comes first, with what credits it."""
    invoice, *issued = snapshots
    return Credits(invoice, issued, _ranks(order, invoice))


def _ranks(order: Order, invoice: DocumentSnapshot) -> dict[int, int]:
    """Position -> rank for an invoice that does not say the rank itself: the lines in their order, as far as they are
    the same goods.
    """
    found: dict[int, int] = {}
    free = list(order.lines)
    for line in invoice.lines:
        if line.rank is None and (
            same := next((one for one in free if (one.sku, one.name) == (line.sku, line.name)), None)
        ):
            found[line.position] = same.rank
            free.remove(same)
    return found


def _issue(  # noqa: PLR0917  # all of them say what is issued
    w: Work,
    order: Order,
    invoice: Document,
    kind: DocumentKind,
    credited: Credited,
    reason: str,
    *,
    is_difference: bool = False,
) -> tuple[Document, DocumentSnapshot]:
    """The document with its snapshot and number; the row's amounts are negative, those it prints are not."""
    [original] = newest_snapshots(w.session, [invoice])
    number, day = draw(w.session, kind.series.key, w.today)
    snapshot = DocumentSnapshot(
        kind=kind.key,
        number=number,
        issued_on=day,
        issued_at=w.at,
        supplied_on=original.supplied_on,
        language=original.language,
        currency=original.currency,
        prices=original.prices,
        seller=seller_of(w.shop),
        buyer=original.buyer,
        order_number=original.order_number,
        ordered_on=original.ordered_on,
        customer_number=original.customer_number,
        customer_reference=original.customer_reference,
        known_number=original.known_number,
        refers_to=Reference(number=invoice.number, issued_on=invoice.issued_on),
        lines=credited.lines,
        adjustments=credited.adjustments,
        rates=credited.rates,
        net=credited.net,
        tax=credited.tax,
        total=credited.total,
        open_amount=credited.total,
        collects=original.collects,
        legal_sentences=original.legal_sentences,
        reason=reason,
        is_rest=kind is CANCELLATION and bool(credits_on(order, invoice)),
    )
    document = Document(
        public_id=secrets.token_urlsafe(24),
        order_id=order.id or 0,
        kind=kind.key,
        number=number,
        language=snapshot.language,
        issued_on=day,
        issued_at=w.at,
        currency=snapshot.currency,
        net=-snapshot.net,
        vat=-snapshot.tax,
        total=-snapshot.total,
        credits_id=invoice.id,
        is_difference=is_difference,
        open_amount=snapshot.total,
    )
    document.versions = [version_of(snapshot, w)]
    order.documents.append(document)
    invoice.is_taken_back = left_of(order, invoice) == 0
    set_off(order)
    w.flush()
    return document, snapshot


def _credited(
    document: Document, invoice: Document, back: Mapping[int, Decimal], asked: CreditAsked
) -> CreditNoteIssued:
    again = {str(rank): quantity for rank, quantity in back.items() if rank in asked.restock}
    return CreditNoteIssued(
        number=document.number,
        invoice=invoice.number,
        total=-document.total,
        currency=document.currency,
        quantities={str(rank): quantity for rank, quantity in back.items()},
        restock=bool(again) and len(again) == len(back),
        reason=asked.reason,
        sha256=document.versions[0].snapshot_sha256,
        restocked=again,
    )


def _tell(w: Work, order: Order, document: Document, happened: Fact) -> None:
    version = document.versions[0]
    w.made("documents", document.number)
    w.record(order, happened)
    note_missing(w, order, document.number, version.snapshot)
    w.when_written(lambda: w.enqueue(RENDER, version.id, key=f"render-{version.id}"))


def _take_pieces(
    w: Work, order: Order, quantities: Mapping[int, Decimal], asked: CreditAsked
) -> dict[int, Decimal]:
    """The pieces count as credited; those that had not left are cancelled.

    Returns those that had left and are not back, by rank.
    """
    back: dict[int, Decimal] = {}
    cancelled: dict[int, Decimal] = {}
    for line in order.lines:
        quantity = quantities.get(line.rank, NIL)
        if not quantity:
            continue
        here = pieces_still_here(
            line, quantity, None if asked.of_shipped is None else asked.of_shipped.get(line.rank, NIL)
        )
        known_back = max(line.returned - line.credited, NIL)
        line.credited += quantity
        if here:
            cancelled[line.rank] = here
        if there := min(quantity - here - known_back, line.shipped - line.returned):
            back[line.rank] = max(there, NIL)
    if cancelled:
        _unpack(order, cancelled)
        for line in order.lines:
            line.cancelled += cancelled.get(line.rank, NIL)
        w.flush()
        named = {str(rank): quantity for rank, quantity in cancelled.items()}
        w.record(order, PiecesCancelled(quantities=named, restock=asked.releases))
    return {rank: quantity for rank, quantity in back.items() if quantity > 0}


def pieces_still_here(line: OrderLine, quantity: Decimal, of_shipped: Decimal | None = None) -> Decimal:
    """How many of `quantity` pieces that are credited still wait to leave the house, so that they are cancelled.

    `of_shipped`: how many had left, if that is known. Otherwise those that came back and are not credited yet come
    first, then those that were cancelled already, then those that wait, and last those that had left.
    """
    waiting = left_to_ship(line)
    if of_shipped is not None:
        return min(max(quantity - of_shipped, NIL), waiting)
    came_back = max(line.returned - line.credited, NIL)
    cancelled_before = max(line.invoiced - line.credited - (line.ordered - line.cancelled), NIL)
    return min(max(quantity - came_back - cancelled_before, NIL), waiting)


def _unpack(order: Order, quantities: Mapping[int, Decimal]) -> None:
    """Takes quantities, by rank, out of the open shipments; one that is left empty is cancelled."""
    rest = dict(quantities)
    for shipment in order.shipments:
        if shipment.state != ShipmentState.OPEN:
            continue
        for packed in list(shipment.lines):
            taken = min(rest.get(packed.line.rank, NIL), packed.quantity)
            if taken == packed.quantity:
                shipment.lines.remove(packed)
            elif taken:
                packed.quantity -= taken
            if taken:
                rest[packed.line.rank] -= taken
        if not shipment.lines:
            shipment.state = ShipmentState.CANCELLED.value
