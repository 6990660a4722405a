"""What is credited for goods that came back, and the return that a credit note makes (INV-6, RET-3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.facts import on
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.invoicing.credit import CreditNoteIssued, creditable, credits_on, folded, issue_credit, newest_snapshots
from backoffice_app.domain.invoicing.credits import CreditAsked, Credits
from backoffice_app.domain.order.states import invoices
from backoffice_app.domain.returns.make import completed_return
from backoffice_app.domain.returns.rules import line_of
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Document, Order, OrderReturn

NO_INVOICE = _("The order has no invoice that could be credited. Create the invoice first, or complete the return without a refund.")
ON_NONE = _(
    "No invoice holds all that was received and is not credited yet. Credit it in “Invoices”, and complete the return without a refund."
)


@dataclass(frozen=True)
class Beside:
    """What a refund says besides the goods, in minor units: `shipping` cost that goes back too, and a `fee` kept back with its reason."""

    shipping: int = 0
    fee: int = 0
    fee_reason: str = ""


@dataclass(frozen=True)
class Proposal:
    """What a credit note over what was received comes to, and how much of the shipping cost is left, in minor units with VAT."""

    goods: int
    shipping_left: int


def credit(w: Work, order: Order, came_back: OrderReturn, beside: Beside) -> Document:
    """Issues the credit note over what was received, which locks the return.

    Raises Refused without an invoice that can be credited; Invalid naming `shipping` where less of it is left, and `fee` where that is not
    less than what is credited.
    """
    w.flush()
    quantities = received_of(order, came_back)
    found = _invoice_for(w.session, order, quantities)
    if isinstance(found, LazyText):
        raise Refused(found)
    asked = CreditAsked(quantities, beside.shipping, fee=beside.fee, fee_reason=beside.fee_reason, of_shipped=quantities)
    document = issue_credit(w, order, found[0], asked, reason=came_back.reason)
    came_back.document_id, came_back.is_locked = document.id, True
    return document


def proposal(session: Session, order: Order, came_back: OrderReturn) -> Proposal | LazyText:
    """What is proposed as the refund of what was received; or why nothing can be credited."""
    quantities = received_of(order, came_back)
    found = _invoice_for(session, order, quantities)
    if isinstance(found, LazyText):
        return found
    _invoice, known = found
    try:
        return Proposal(known.credit(CreditAsked(quantities)).total, known.cost_left("shipping"))
    except Refused as no:  # what cost nothing
        return no.reason


def received_of(order: Order, came_back: OrderReturn) -> dict[int, Decimal]:
    """What was received, by rank, without what is 0."""
    return {line_of(order, held).rank: held.received for held in came_back.lines if held.received}


def _invoice_for(session: Session, order: Order, quantities: Mapping[int, Decimal]) -> tuple[Document, Credits] | LazyText:
    """The oldest invoice of which all these pieces are left, with what was credited of it; or why there is none."""
    if not invoices(order):
        return NO_INVOICE
    for invoice in creditable(order):
        known = folded(order, newest_snapshots(session, [invoice, *credits_on(order, invoice)]))
        parts = {rank: known.of_rank(rank) for rank in quantities}
        if all(part is not None and part.left >= quantities[rank] for rank, part in parts.items()):
            return invoice, known
    return ON_NONE


@on(CreditNoteIssued)
def make_return(w: Work, order: Order, issued: CreditNoteIssued) -> None:
    """Pieces that had left and are not back yet come back by the credit note that credits them: a locked return says so (INV-6, S21)."""
    lines = {line.rank: line for line in order.lines}
    named = {int(rank): quantity for rank, quantity in issued.quantities.items()}
    quantities = {rank: min(quantity, lines[rank].shipped - lines[rank].returned) for rank, quantity in named.items()}
    if any(quantities.values()):
        document = next(document for document in order.documents if document.number == issued.number)
        wanted = {rank: quantity for rank, quantity in quantities.items() if quantity > 0}
        completed_return(w, order, wanted, document, restocks=issued.restock, reason=issued.reason)
