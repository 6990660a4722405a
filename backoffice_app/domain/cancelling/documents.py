"""What cancelling does to invoices, in one place: whole ones are cancelled, pieces that will not be shipped are
credited.
"""

from collections.abc import Mapping
from decimal import Decimal

from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.work import Figure, Work
from backoffice_app.domain.invoicing.credit import cancel_invoices, creditable, credits_of, issue_credit
from backoffice_app.domain.invoicing.credits import CreditAsked
from backoffice_app.domain.order.states import invoices
from backoffice_app.i18n import LazyMoney, _
from backoffice_app.models import Document, Order


def reverse_invoices(w: Work, order: Order, reason: str) -> list[Document]:
    """A cancellation document for what is left of each open invoice, oldest first."""
    numbers = {document.id: document.number for document in order.documents}
    made = cancel_invoices(w, order, reason)
    for document in made:
        text = _("Invoice {number} is reversed by a cancellation document.")
        if w.actor.may(Right.PRICES):
            text = _("Invoice {number} is reversed by a cancellation document: {amount}.")
        amount = LazyMoney(document.total, order.currency)
        invoice = numbers.get(document.credits_id, "")
        reverses = _("{number} cancels {invoice}").format(number=document.number, invoice=invoice)
        figure = Figure("receipt-text", reverses, amount if w.actor.may(Right.PRICES) else None)
        w.say(text.format(number=invoice, amount=amount), figure)
    return made


def credit_pieces(
    w: Work, order: Order, quantities: Mapping[int, Decimal], reason: str, *, releases: bool = True
) -> bool:
    """Credits pieces that will not be shipped, by rank of the line, on the invoices that hold them; False where nothing
    is invoiced.

    `releases`: whether they may be sold again.
    """
    if not invoices(order):
        return False
    rest = {rank: quantity for rank, quantity in quantities.items() if quantity}
    for invoice in creditable(order):
        lines = {one.rank: one for one in credits_of(w, order, invoice).lines}
        here = {
            rank: min(quantity, lines[rank].left)
            for rank, quantity in rest.items()
            if rank in lines and lines[rank].left
        }
        if not any(lines[rank].worth(quantity) for rank, quantity in here.items()):
            continue  # what was free is not credited
        asked = CreditAsked(quantities=here, of_shipped={}, reason=reason, releases=releases)
        document = issue_credit(w, order, invoice, asked)
        text = _("A credit note on invoice {number} takes it back.")
        if w.actor.may(Right.PRICES):
            text = _("A credit note on invoice {number} takes back {amount}.")
        part = _("{number} credits a part of {invoice}")
        taken = LazyMoney(document.total, order.currency) if w.actor.may(Right.PRICES) else None
        figure = Figure("receipt-text", part.format(number=document.number, invoice=invoice.number), taken)
        amount = LazyMoney(-document.total, order.currency)
        w.say(text.format(number=invoice.number, amount=amount), figure)
        rest = {rank: quantity - here.get(rank, Decimal(0)) for rank, quantity in rest.items()}
    return True
