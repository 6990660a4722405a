"""An invoice is issued: series, snapshot, number, rows and mail in one transaction (INV-1, INV-2, INV-3)."""

import hashlib
import secrets
from datetime import date, timedelta
from typing import ClassVar

from backoffice_app.documents.fonts import missing_characters
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.actions import Done, Input, NoInput, action
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.facts import About, Fact, fact, on
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.series import draw
from backoffice_app.domain.core.snapshot import DocumentSnapshot
from backoffice_app.domain.core.states import open_amount
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.invoicing.snapshot import invoice_snapshot, totals_of
from backoffice_app.domain.mail import MailKind, write
from backoffice_app.domain.orders.facts import OrderPlaced
from backoffice_app.domain.payments import PaymentBooked, allocate
from backoffice_app.i18n import LazyLanguage, LazyMoney, LazyText, _
from backoffice_app.models import Document, DocumentVersion, Order


@fact
class InvoiceIssued(Fact):
    """An invoice got its number. `total` in minor units; `sha256`: of what it says, so that the chain vouches for it too."""

    about: ClassVar[About] = About.INVOICE
    number: str
    language: str
    total: int
    currency: str
    sha256: str = ""

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} issued invoice {number}.").format(number=self.number, total=LazyMoney(self.total, self.currency))


@fact
class InvoiceSent(Fact):
    """An invoice went into the outbox."""

    about: ClassVar[About] = About.INVOICE
    number: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} sent invoice {number} to the customer.").format(number=self.number)


@fact
class InvoicesPrinted(Fact):
    """Documents were printed in another language than they were issued in: copies, marked as translations (INV-12)."""

    about: ClassVar[About] = About.INVOICE
    numbers: str
    language: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        printed = _("{actor} printed {numbers} as a translation ({language}).")
        return printed.format(numbers=self.numbers, language=LazyLanguage(self.language))


@fact
class CharactersReplaced(Fact):
    """A document holds characters that no font has: it shows a box for each, once said for each document (INV-7).

    `characters`: the first of them, one after the other; they may be of a name, so they can be erased.
    """

    about: ClassVar[About] = About.INVOICE
    personal: ClassVar[frozenset[str]] = frozenset({"characters"})
    number: str
    characters: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        text = _("No font has some characters of {number}; it shows a box with the code of each: {characters}.")
        named = ", ".join(f"{c} (U+{ord(c):04X})" if c.isprintable() else f"U+{ord(c):04X}" for c in self.characters)
        is_erased = self.characters.isascii()  # all fonts have ASCII
        return text.format(number=self.number, characters=self.characters if is_erased else named)


MOST_NAMED = 40
"""Characters that the history names of one document."""


def note_missing(w: Work, subject: Order | tuple[str, int], number: str, snapshot: str) -> None:
    """The history names what no font has of the document `number`; nothing where all can be drawn. `snapshot`: what it says, as JSON."""
    if missing := missing_characters(snapshot):
        w.record(subject, CharactersReplaced(number=number, characters="".join(missing[:MOST_NAMED])))


def invoices(order: Order) -> list[Document]:
    """The order's invoices that no cancellation has taken back."""
    cancelled = {d.credits_id for d in order.documents if d.kind == "cancellation"}
    return [d for d in order.documents if d.kind == "invoice" and d.id not in cancelled]


def why_not_invoice_now(order: Order) -> LazyText | None:
    """As `why_not_invoice`; and not while the clock is known to be wrong."""
    return why_not_invoice(order) or clock.why_not_trusted()


def why_not_invoice(order: Order) -> LazyText | None:
    """INV-1, B28: an order is invoiced once, and not when it is cancelled."""
    if order.cancelled_at:
        return _("The order is cancelled.")
    if found := invoices(order):
        return _("Invoice {number} was issued already.").format(number=found[-1].number)
    if not any(line.ordered > line.cancelled for line in order.lines):
        return _("There is nothing to invoice.")
    return None


@action(key="invoice", label=_("Create invoice"), right=Right.INVOICE, why_not=why_not_invoice_now, input=NoInput, bulk=True)
def create_invoice(w: Work, order: Order, data: NoInput) -> Done:  # noqa: ARG001
    """Issue the order's invoice by hand (INV-1)."""
    document = issue_invoice(w, order)
    return Done(_("Invoice {number} issued.").format(number=document.number))


def issue_invoice(w: Work, order: Order) -> Document:
    """Issues the invoice of a locked order: everything it prints is frozen in the snapshot, the number is drawn last (INV-2, INV-3).

    Raises Invalid where the order's sums do not give its total.
    """
    totals = totals_of(order)
    if totals.total != order.total:
        figures = {"sum": LazyMoney(totals.total, order.currency), "total": LazyMoney(order.total, order.currency)}
        raise Invalid("total", _("The lines add up to {sum}, the order says {total}.").format(**figures))
    number, day = draw(w.session, "invoice", w.today)
    due = day + timedelta(days=w.shop.administration.payment_days) if open_amount(order) else None
    snapshot = invoice_snapshot(w.shop, order, totals, number=number, day=day, at=w.at, due=due, supplied=_supplied(w, order, day))
    document = Document(
        public_id=secrets.token_urlsafe(24),
        order_id=order.id or 0,
        kind="invoice",
        number=number,
        language=snapshot.language,
        issued_on=day,
        issued_at=w.at,
        due_on=due,
        currency=order.currency,
        net=totals.net,
        vat=totals.tax,
        total=totals.total,
        open_amount=totals.total,
    )
    document.versions = [version_of(snapshot, w)]
    order.documents.append(document)
    for line in order.lines:
        line.invoiced = line.ordered - line.cancelled
    allocate(w, order)
    version = document.versions[0]
    w.record(
        order,
        InvoiceIssued(
            number=number,
            language=snapshot.language,
            total=totals.total,
            currency=order.currency,
            sha256=version.snapshot_sha256,
        ),
    )
    note_missing(w, order, number, version.snapshot)
    w.when_written(lambda: w.enqueue("render_document", version.id, key=f"render-{version.id}"))
    return document


def version_of(snapshot: DocumentSnapshot, w: Work) -> DocumentVersion:
    """The row that keeps what a document says, with the checksum of its bytes."""
    text = snapshot.model_dump_json()
    return DocumentVersion(
        version=snapshot.version, snapshot=text, snapshot_sha256=hashlib.sha256(text.encode()).hexdigest(), created_at=w.at
    )


def _supplied(w: Work, order: Order, day: date) -> date:
    """The day of supply: of the last shipment, or of the invoice while nothing has left (§ 14 (4) no. 6 UStG asks for it in any case)."""
    shipped = [s.shipped_at for s in order.shipments if s.shipped_at]
    return clock.day_of(max(shipped), w.shop.regional.zone) if shipped else day


class SendInvoice(Input):
    """`number`: the document to send."""

    number: str


def why_not_send_invoice(order: Order) -> LazyText | None:
    """INV-5."""
    if not order.documents:
        return _("There is no invoice yet.")
    if not order.email:
        return _("The customer has no e-mail address.")
    return None


@action(key="send-invoice", label=_("Send"), right=Right.INVOICE, why_not=why_not_send_invoice, input=SendInvoice)
def send_invoice(w: Work, order: Order, data: SendInvoice) -> Done:
    """Send an invoice to the customer, or send it again (INV-5)."""
    document = next((d for d in order.documents if d.number == data.number), None)
    if document is None:
        raise Invalid("number", _("The order has no invoice {number}.").format(number=data.number))
    mail = write(w, MailKind.INVOICE, order, about=f"{document.number}-{order.version}", documents=[document])
    if mail is None:
        raise Refused(_("The mail could not be written. Is the template “Invoice” switched off?"))
    document.sent_at = w.at
    w.record(order, InvoiceSent(number=document.number))
    return Done(_("Invoice {number} is on its way.").format(number=document.number))


@on(OrderPlaced)
def invoice_at_once(w: Work, order: Order, placed: OrderPlaced) -> None:  # noqa: ARG001
    """INV-1: with the default policy an order that comes in has its invoice in the same transaction."""
    policy = w.shop.administration.invoice_policy
    wanted = policy == "at once" or (policy == "when paid" and open_amount(order) == 0)
    if wanted and why_not_invoice(order) is None:
        issue_invoice(w, order)


@on(PaymentBooked)
def invoice_when_paid(w: Work, order: Order, booked: PaymentBooked) -> None:  # noqa: ARG001
    """INV-1: with the policy "when paid" the payment that settles an order makes its invoice."""
    settled = w.shop.administration.invoice_policy == "when paid" and open_amount(order) == 0
    if settled and not order.on_hold_since and why_not_invoice(order) is None:
        issue_invoice(w, order)
