"""What a customer still owes on invoices, set off against what the shop still owes on credit notes of the same order
(PAY-1, INV-6).
"""

from backoffice_app.domain.core.document_kinds import DOCUMENT_KINDS, asks_for_money
from backoffice_app.models import Document, Order


def takes_back(document: Document) -> bool:
    """Whether a document lowers what the customer owes: a credit note or a cancellation."""
    return DOCUMENT_KINDS[document.kind].owes < 0


def set_off(order: Order) -> None:
    """No invoice stays open while a credit note of the order is still to be refunded: of both the smaller amount goes
    off.

    First the invoice that a credit note credits, then the others, those due first. So what was paid on a cancelled
    invoice pays the new one. `open_amount` is positive on both sides: to be paid, and to be refunded.
    """
    by_due = sorted(
        (d for d in order.documents if asks_for_money(d.kind)),
        key=lambda d: (d.due_on or d.issued_on, d.id or 0),
    )
    for credit in (d for d in order.documents if takes_back(d)):
        for invoice in sorted(by_due, key=lambda d: d.id != credit.credits_id):
            part = min(credit.open_amount, invoice.open_amount)
            if part > 0:
                credit.open_amount -= part
                invoice.open_amount -= part
    _ask_by_what_stands(order, by_due)


def _ask_by_what_stands(order: Order, invoices: list[Document]) -> None:
    """An invoice asks for no more than credit notes left of it, as long as another one can ask for the rest, the newest
    first.

    So where the money of a corrected invoice goes back, it is the new one that is open again and not the one that was
    cancelled.
    """
    worth = {
        id(one): one.total
        + sum(d.total for d in order.documents if d.credits_id is not None and d.credits_id == one.id)
        for one in invoices
    }
    for invoice in invoices:
        for other in reversed(invoices):
            part = min(invoice.open_amount - worth[id(invoice)], worth[id(other)] - other.open_amount)
            if part > 0:
                invoice.open_amount -= part
                other.open_amount += part
