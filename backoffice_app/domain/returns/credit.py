"""What is credited for goods that came back, and the return that a credit note makes (INV-6, RET-3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.facts import on
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.invoicing.credit import CreditNoteIssued, creditable, credits_stored, issue_credit
from backoffice_app.domain.invoicing.credits import CreditAsked, Credits
from backoffice_app.domain.order.states import gave_back, invoices
from backoffice_app.domain.returns.make import completed_return
from backoffice_app.domain.returns.rules import line_of
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Document, Order, OrderReturn

NO_INVOICE = _(
    "The order has no invoice that could be credited. Create the invoice first, or complete the return "
    "without a refund."
)
NOTHING = _("The credit note would come to 0.")
ON_NONE = _(
    "No invoice holds all that was received and is not credited yet. Credit it in “Invoices”, and complete "
    "the return without a refund."
)


@dataclass(frozen=True)
class Beside:
    """What a refund says besides the goods, in minor units: `shipping` cost that goes back too, and a `fee` kept back
    with its reason.
    """

    shipping: int = 0
    fee: int = 0
    fee_reason: str = ""


@dataclass(frozen=True)
class Proposal:
    """What a credit note over what was received comes to, and how much of the shipping cost is left, in minor units
    with VAT.
    """

    goods: int
    shipping_left: int


@dataclass(frozen=True)
class _Part:
    """What one invoice is credited of a return: `quantities` by rank, above 0.

    `known`: what was credited of it before.
    """

    invoice: Document
    known: Credits
    quantities: Mapping[int, Decimal]

    @property
    def worth(self) -> int:
        """What the pieces come to, in minor units."""
        try:
            return self.known.credit(CreditAsked(self.quantities)).total
        except Refused:  # what cost nothing
            return 0


def credit(w: Work, order: Order, came_back: OrderReturn, beside: Beside) -> list[Document]:
    """Issues the credit note over what was received, which locks the return; one for each invoice where no single one
    holds all of it.

    The return names the last: the others are refunded before it. Raises Refused without an invoice that can be
    credited; Invalid naming `shipping` where less of it is left, and `fee` where that is not less than what is
    credited.
    """
    w.flush()
    found = _parts(w.session, order, received_of(order, came_back))
    if isinstance(found, LazyText):
        raise Refused(found)
    documents = []
    for part, shipping, fee in _shared(w.session, order, found, beside):
        quantities, reason = part.quantities, beside.fee_reason if fee else ""
        asked = CreditAsked(quantities, shipping, fee=fee, fee_reason=reason, of_shipped=quantities)
        documents.append(issue_credit(w, order, part.invoice, asked, reason=came_back.reason))
    came_back.document_id, came_back.is_locked = documents[-1].id, True
    return documents


def _shared(
    session: Session, order: Order, parts: Sequence[_Part], beside: Beside
) -> list[tuple[_Part, int, int]]:
    """The parts with the shipping cost and the fee of each: the cost on an invoice that has it, the fee where most is
    credited.
    """
    all_parts = list(parts)
    pays = next((part for part in parts if part.known.cost_left("shipping") >= beside.shipping), None)
    if pays is None and (other := _with_shipping(session, order, beside.shipping)):
        pays = other
        all_parts.insert(0, other)
    largest = max(parts, key=lambda part: part.worth)
    mine = pays or parts[0]
    return [
        (part, beside.shipping if part is mine else 0, beside.fee if part is largest else 0)
        for part in all_parts
    ]


def _with_shipping(session: Session, order: Order, amount: int) -> _Part | None:
    """The invoice that has so much shipping cost left, though none of the pieces."""
    found = (_Part(invoice, credits_stored(session, order, invoice), {}) for invoice in creditable(order))
    return next((part for part in found if part.known.cost_left("shipping") >= amount), None)


def proposal(session: Session, order: Order, came_back: OrderReturn) -> Proposal | LazyText:
    """What is proposed as the refund of what was received; or why nothing can be credited."""
    found = _parts(session, order, received_of(order, came_back))
    if isinstance(found, LazyText):
        return found
    if not (goods := sum(part.worth for part in found)):
        return NOTHING
    return Proposal(
        goods,
        max(credits_stored(session, order, invoice).cost_left("shipping") for invoice in creditable(order)),
    )


def received_of(order: Order, came_back: OrderReturn) -> dict[int, Decimal]:
    """What was received, by rank, without what is 0."""
    return {line_of(order, held).rank: held.received for held in came_back.lines if held.received}


def _parts(session: Session, order: Order, quantities: Mapping[int, Decimal]) -> list[_Part] | LazyText:
    """The oldest invoice of which all these pieces are left, else those that hold them together, oldest first; or why
    there isn't one.
    """
    if not invoices(order):
        return NO_INVOICE
    rest, parts = dict(quantities), []
    for invoice in creditable(order):
        known = credits_stored(session, order, invoice)
        left = {one.rank: one.left for one in known.lines}
        if all(left.get(rank, 0) >= quantity for rank, quantity in quantities.items()):
            return [_Part(invoice, known, quantities)]
        here = {
            rank: taken
            for rank, quantity in rest.items()
            if (taken := min(quantity, left.get(rank, Decimal(0)))) > 0
        }
        if here and (part := _Part(invoice, known, here)).worth:
            parts.append(part)
            rest = {rank: quantity - here.get(rank, Decimal(0)) for rank, quantity in rest.items()}
    return ON_NONE if any(rest.values()) else parts


def notes_of(order: Order, came_back: OrderReturn) -> list[Document]:
    """The credit notes that settled a return: one, or those of several invoices that were issued at the same moment."""
    named = next((document for document in order.documents if document.id == came_back.document_id), None)
    if named is None:
        return []
    notes = [document for document in gave_back(order) if document.issued_at == named.issued_at]
    return notes or [named]


@on(CreditNoteIssued)
def make_return(w: Work, order: Order, issued: CreditNoteIssued) -> None:
    """Pieces that had left and are not back yet come back by the credit note that credits them: a locked return says so
    (INV-6, S21).
    """
    lines = {line.rank: line for line in order.lines}
    named = {int(rank): quantity for rank, quantity in issued.quantities.items()}
    quantities = {
        rank: min(quantity, lines[rank].shipped - lines[rank].returned) for rank, quantity in named.items()
    }
    if any(quantities.values()):
        document = next(document for document in order.documents if document.number == issued.number)
        wanted = {rank: quantity for rank, quantity in quantities.items() if quantity > 0}
        again = {int(rank): quantity for rank, quantity in issued.restocked.items()}
        completed_return(w, order, wanted, document, restocked=again, reason=issued.reason)
