"""Lines that change after they were invoiced: documents of the difference, or a cancellation and a new invoice; all or
none (W-17).
"""

from backoffice_app.domain.core.document_kinds import CANCELLATION
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.invoicing.credit import cancel_invoices, standing
from backoffice_app.domain.invoicing.credit_actions import ask_to_correct, numbers_of, why_not_correct
from backoffice_app.domain.invoicing.difference import Difference, difference_of, issue
from backoffice_app.domain.invoicing.issue import issue_invoice
from backoffice_app.domain.order.states import gave_back, invoices, surplus
from backoffice_app.domain.orders.edit_lines import CORRECTIONS, Correction
from backoffice_app.i18n import LazyMoney, LazyText, _, one_after_the_other
from backoffice_app.models import Document, Order


def why_not(order: Order) -> LazyText | None:
    """As for a corrected invoice; where every invoice is cancelled there is nothing to correct."""
    return why_not_correct(order) if invoices(order) or gave_back(order) else None


def take_back(w: Work, order: Order) -> None:
    """Cancels the order's invoices, if it has any. Raises Refused for who may not issue documents."""
    if standing(order):
        w.actor.require(Right.INVOICE)
        cancel_invoices(w, order)


def issue_anew(w: Work, order: Order, why: LazyText | None = None) -> None:
    """Issues the invoice of the lines as they are now, in place of those that were just cancelled; asks first, naming
    both amounts.

    `why`: what is said first.
    """
    cancelled = [
        document
        for document in order.documents
        if document.issued_at == w.at and document.kind == CANCELLATION.key
    ]
    taken = {document.credits_id for document in cancelled}
    if not (old := [document for document in order.documents if document.id in taken]):
        return
    ask_to_correct(w, order, old, -sum(document.total for document in cancelled), why)
    new = issue_invoice(w, order, corrects=old)
    text = _("Invoice {number} is cancelled; the new invoice is {new}.")
    if len(old) > 1:
        text = _("The invoices {number} are cancelled; the new invoice is {new}.")
    w.say(text.format(number=numbers_of(old), new=new.number))


def follow(w: Work, order: Order) -> None:
    """Issues documents of the difference where only quantities changed, a credit note and a further invoice; asks
    first, with amounts.

    Where these would not come out to the cent it says so, and all is cancelled and invoiced anew. Raises Refused for
    who may not issue documents.
    """
    if not standing(order):
        return
    w.actor.require(Right.INVOICE)
    found = difference_of(w, order)
    if isinstance(found, Difference):
        _issue_difference(w, order, found)
    else:
        take_back(w, order)
        issue_anew(w, order, found)


def _issue_difference(w: Work, order: Order, found: Difference) -> None:
    made = issue(w, order, found)
    numbers = {document.id: document.number for document in order.documents}
    figures = "-".join(f"{document.credits_id or 0}:{document.total}" for document in made)
    asked = [_asked(document, numbers.get(document.credits_id, "")) for document in made]
    total = _("The order comes to {total} then.").format(total=LazyMoney(order.total, order.currency))
    then = [total, *_too_much(order), _("What is issued can't be taken back. Go on?")]
    w.ask(f"difference-{figures}-{order.total}-{surplus(order)}", one_after_the_other(*asked, *then))
    for document in made:
        w.say(_said(document, numbers.get(document.credits_id, "")))


def _asked(document: Document, credits_number: str) -> LazyText:
    amount = LazyMoney(abs(document.total), document.currency)
    if document.credits_id:
        text = _("A credit note over {amount} on invoice {number} is issued for what is taken out.")
        return text.format(amount=amount, number=credits_number)
    return _("A further invoice over {amount} is issued for what is added.").format(amount=amount)


def _said(document: Document, credits_number: str) -> LazyText:
    amount = LazyMoney(abs(document.total), document.currency)
    if document.credits_id:
        text = _("Credit note {number} over {amount} on invoice {invoice} is issued.")
        return text.format(number=document.number, amount=amount, invoice=credits_number)
    return _("Invoice {number} over {amount} is issued for what was added.").format(
        number=document.number, amount=amount
    )


def _too_much(order: Order) -> list[LazyText]:
    """What the customer has then paid too much, if anything."""
    over = surplus(order)
    return [_("{over} are paid too much then.").format(over=LazyMoney(over, order.currency))] if over else []


CORRECTIONS.add("invoices", Correction(why_not, take_back, issue_anew, follow))
