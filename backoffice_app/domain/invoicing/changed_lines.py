"""Lines that change after they were invoiced: the invoice is cancelled and a new one issued, both or neither (W-17)."""

from backoffice_app.domain.core.document_kinds import CREDIT_NOTE
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.invoicing.credit import cancel_invoice
from backoffice_app.domain.invoicing.credit_actions import why_not_correct
from backoffice_app.domain.invoicing.issue import issue_invoice
from backoffice_app.domain.order.states import invoices
from backoffice_app.domain.orders.edit_lines import CORRECTIONS, Correction
from backoffice_app.i18n import LazyMoney, LazyText, _
from backoffice_app.models import Document, Order


def why_not(order: Order) -> LazyText | None:
    """As for a corrected invoice; where every invoice is cancelled there is nothing to correct."""
    credited = any(document.kind == CREDIT_NOTE.key for document in order.documents)
    return why_not_correct(order) if invoices(order) or credited else None


def take_back(w: Work, order: Order) -> None:
    """Cancels the order's invoice, if it has one. Raises Refused for who may not issue documents."""
    for invoice in invoices(order):
        w.actor.require(Right.INVOICE)
        cancel_invoice(w, order, invoice)


def issue_anew(w: Work, order: Order) -> None:
    """Issues the invoice of the lines as they are now, in place of the one that was just cancelled; asks first, naming both amounts."""
    old = _cancelled_now(w, order)
    if old is None:
        return
    amounts = {"old": LazyMoney(old.total, old.currency), "new": LazyMoney(order.total, order.currency)}
    question = _("Invoice {number} over {old} is cancelled, and a new invoice over {new} is issued. Neither can be taken back. Go on?")
    w.ask(f"correct-{old.number}-{old.total}-{order.total}", question.format(number=old.number, **amounts))
    new = issue_invoice(w, order, corrects=old)
    w.say(_("Invoice {number} is cancelled; the new invoice is {new}.").format(number=old.number, new=new.number))


def _cancelled_now(w: Work, order: Order) -> Document | None:
    """The invoice that this transaction cancelled."""
    taken = {document.credits_id for document in order.documents if document.issued_at == w.at and document.credits_id}
    return next((document for document in order.documents if document.id in taken), None)


CORRECTIONS.add("invoices", Correction(why_not, take_back, issue_anew))
