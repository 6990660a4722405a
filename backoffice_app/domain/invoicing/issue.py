"""An invoice is issued: series, snapshot, number, rows and mail in one transaction (INV-1, INV-2, INV-3)."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, ClassVar

from sqlmodel import col, func, select

from backoffice_app.documents.fonts import missing_characters, named
from backoffice_app.documents.texts import LANGUAGES
from backoffice_app.domain.allocating import allocate
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.actions import Done, Input, Undo, action
from backoffice_app.domain.core.document_kinds import INVOICE, asks_for_money
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.forms import Asked
from backoffice_app.domain.core.jobs import declare_job, queue
from backoffice_app.domain.core.payment_methods import BY_PROVIDER, Collects
from backoffice_app.domain.core.rights import ActorKind, Right
from backoffice_app.domain.core.series import draw
from backoffice_app.domain.core.snapshot import DocumentSnapshot
from backoffice_app.domain.core.subjects import Subject
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.invoicing.lacks import Lack, reason_of, sentences_of
from backoffice_app.domain.invoicing.ready import Readiness, readiness, what_is_missing
from backoffice_app.domain.invoicing.snapshot import Addition, invoice_snapshot, supply_of
from backoffice_app.domain.invoicing.tax import TaxCase
from backoffice_app.domain.invoicing.totals import Totals
from backoffice_app.domain.mail import MailState, undo_writing, write
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.addressee import customer_of, language_of
from backoffice_app.domain.order.methods import methods_of_order
from backoffice_app.domain.order.states import gave_back, invoices, open_amount
from backoffice_app.domain.orders.place import ELSEWHERE
from backoffice_app.i18n import LazyLanguage, LazyMoney, LazyText, _, one_after_the_other
from backoffice_app.models import Document, DocumentVersion, MailAttachment, Order, OutboxMail
from backoffice_app.settings import settings

RENDER = declare_job("render_document", queue=queue("documents", at_once=1))
"""The job that renders an issued document; its argument is the id of the version."""


@fact
class InvoiceIssued(Fact):
    """An invoice got its number.

    `total` in minor units; `sha256`: of what it says, so that the chain vouches for it too.
    """

    about: ClassVar[About] = About.INVOICE
    number: str
    language: str
    total: int
    currency: str
    sha256: str = ""

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} issued invoice {number}.").format(
            number=self.number, total=LazyMoney(self.total, self.currency)
        )


@fact
class InvoiceWaits(Fact):
    """The shop's policy wanted the invoice, and something was missing for it.

    `lacks`: words of `Lack`, with spaces between (INV-1).
    """

    about: ClassVar[About] = About.INVOICE
    lacks: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        known = [Lack(word) for word in self.lacks.split() if word in set(Lack)]
        return one_after_the_other(_("The invoice waits."), *sentences_of(known))


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
        text = _(
            "No font has some characters of {number}; it shows a box with the code of each: {characters}."
        )
        is_erased = self.characters.isascii()  # all fonts have ASCII
        return text.format(
            number=self.number, characters=self.characters if is_erased else named(self.characters)
        )


MOST_NAMED = 40
"""Characters that the history names of one document."""


def note_missing(w: Work, subject: Order | tuple[Subject[Order], int], number: str, snapshot: str) -> None:
    """The history names what no font has of the document `number`; nothing where all can be drawn.

    `snapshot`: what it says, as JSON.
    """
    if missing := missing_characters(snapshot):
        w.record(subject, CharactersReplaced(number=number, characters="".join(missing[:MOST_NAMED])))


def is_left_to_others(order: Order) -> bool:
    """Whether the policy issues no invoice: it was invoiced before it came here, or its payment provider does that
    (INV-1, PAY-0).
    """
    return order.invoicing in {ELSEWHERE, BY_PROVIDER}


def by_provider(order: Order) -> LazyText | None:
    """That the payment provider issues the invoice of the order; None where we do (PAY-0)."""
    if order.invoicing != BY_PROVIDER:
        return None
    said = (
        _("The invoice is issued by {provider}.")
        if order.payment_method_name
        else _("The invoice is issued by the payment provider.")
    )
    return said.format(provider=order.payment_method_name)


def why_not_invoice_now(order: Order) -> LazyText | None:
    """As `why_not_invoice`; and not while the clock is known to be wrong."""
    return why_not_invoice(order) or clock.why_not_trusted()


def why_not_invoice(order: Order) -> LazyText | None:
    """INV-1, B28: an order is invoiced once, and not when it is cancelled.

    What the law asks for besides: `what_is_missing`.
    """
    if order.cancelled_at:
        return _("The order is cancelled.")
    if found := invoices(order):
        return _("Invoice {number} was issued already.").format(number=found[-1].number)
    if credited := gave_back(order):
        return _(
            "Credit note {number} was issued: a new invoice would ask again for what it gave back."
        ).format(number=credited[0].number)
    if not any(line.ordered > line.cancelled for line in order.lines):
        return _("There is nothing to invoice.")
    return None


class CreateInvoice(Input):
    """`mail`: whether it is sent to the customer at once.

    `besides`: also where the payment provider issues the invoice itself; a person is asked instead.
    """

    mail: Annotated[bool, Asked(_("Send it to the customer"))] = False
    besides: bool = False


@action(
    subject=ORDER,
    key="invoice",
    label=_("Create invoice"),
    right=Right.INVOICE,
    why_not=why_not_invoice_now,
    why_not_in=what_is_missing,
    input=CreateInvoice,
    asks="must",  # a number that was drawn is never given back, so a dialog asks first
    bulk=True,
)
def create_invoice(w: Work, order: Order, data: CreateInvoice) -> Done:
    """Issue the order's invoice by hand (INV-1).

    Where the payment provider issues it, only if that is wanted on purpose: there are two invoices of one supply then
    (PAY-0).
    """
    if (told := by_provider(order)) and not data.besides:
        if w.actor.kind is not ActorKind.USER:
            raise Refused(told)
        w.ask(f"besides-{order.number}", one_after_the_other(told, _("Create a second one all the same?")))
    document = issue_invoice(w, order)
    if data.mail and order.email:
        _put_into_outbox(w, order, document)
        w.say(_("Invoice {number} was put into the outbox.").format(number=document.number))
    elif data.mail:
        w.say(_("No mail goes out: the customer has no e-mail address."))
    return Done(_("Invoice {number} issued.").format(number=document.number))


def issue_invoice(w: Work, order: Order, *, corrects: Sequence[Document] = ()) -> Document:
    """Issues the invoice of a locked order: everything it prints is frozen in the snapshot, the number is drawn last
    (INV-2, INV-3).

    `corrects`: the invoices that were cancelled a moment ago and that the new one refers to (W-17).
    Raises Refused naming what is missing; no number is drawn then.
    """
    ready = readiness(w.shop, order)
    if reason := reason_of(ready.lacks):
        raise Refused(reason)
    return issue_ready(w, order, ready, corrects=corrects)


def issue_ready(w: Work, order: Order, ready: Readiness, *, corrects: Sequence[Document] = ()) -> Document:
    """The same, of an order that was found ready a moment ago: nothing is missing."""
    return _issue(w, order, ready.case, ready.totals, corrects=corrects)


def issue_addition(w: Work, order: Order, addition: Addition, case: TaxCase, totals: Totals) -> Document:
    """Issues a further invoice of a locked order, on pieces that were added to it alone (W-17).

    `totals`: of these pieces.
    """
    return _issue(w, order, case, totals, addition=addition)


def _issue(
    w: Work,
    order: Order,
    case: TaxCase,
    totals: Totals,
    *,
    corrects: Sequence[Document] = (),
    addition: Addition | None = None,
) -> Document:
    methods = methods_of_order(w.session, order)
    number, day = draw(w.session, INVOICE.series.key, w.today)
    # Kept of a transfer that came, too: it may be taken back. A paid invoice prints none.
    due = (
        day + timedelta(days=w.shop.administration.payment_days)
        if methods.payment.collects is Collects.TRANSFER
        else None
    )
    snapshot = invoice_snapshot(
        w.shop,
        order,
        case,
        totals,
        methods,
        number=number,
        day=day,
        at=w.at,
        due=due if open_amount(order) else None,
        supply=supply_of(order, w.shop.regional.zone, day),
        language=language_of(w.session, w.shop, order, LANGUAGES),
        customer=customer_of(w.session, order),
        corrects=corrects,
        addition=addition,
    )
    document = Document(
        public_id=secrets.token_urlsafe(24),
        order_id=order.id or 0,
        kind=INVOICE.key,
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
    order.invoicing = ""
    for line in order.lines:
        line.invoiced = (
            line.invoiced + addition.quantities.get(line.rank, 0)
            if addition
            else line.ordered - line.cancelled
        )
    allocate(w, order)
    version = document.versions[0]
    w.made("documents", number)
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
    w.when_written(lambda: w.enqueue(RENDER, version.id, key=f"render-{version.id}"))
    return document


def version_of(snapshot: DocumentSnapshot, w: Work) -> DocumentVersion:
    """The row that keeps what a document says, with the checksum of its bytes."""
    text = snapshot.model_dump_json()
    return DocumentVersion(
        version=snapshot.version,
        snapshot=text,
        snapshot_sha256=hashlib.sha256(text.encode()).hexdigest(),
        created_at=w.at,
    )


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


@action(
    subject=ORDER,
    key="send-invoice",
    label=_("Send"),
    right=Right.INVOICE,
    why_not=why_not_send_invoice,
    input=SendInvoice,
)
def send_invoice(w: Work, order: Order, data: SendInvoice) -> Done:
    """Send an invoice to the customer, or send it again (INV-5)."""
    document = next((d for d in order.documents if d.number == data.number), None)
    if document is None:
        raise Invalid("number", _("The order has no invoice {number}.").format(number=data.number))
    about = _put_into_outbox(w, order, document)
    undo = Undo("hold-back-invoice", {"number": document.number, "about": about})
    is_invoice = asks_for_money(document.kind)
    put = (
        _("Invoice {number} was put into the outbox.")
        if is_invoice
        else _("{number} was put into the outbox.")
    )
    return Done(put.format(number=document.number), undo=undo)


def _put_into_outbox(w: Work, order: Order, document: Document) -> str:
    """The mail with the document is written; returns what it is known by.

    Raises Refused where its template is switched off.
    """
    about, kind = f"{document.number}-{order.version}", mail_kind_of(document)
    mail = write(
        w, kind, order, about=about, documents=[document], delay=settings().undo_seconds, always=True
    )
    if mail is None:
        raise Refused(
            _("The mail could not be written. Is the template “{template}” switched off?").format(
                template=kind.label
            )
        )
    document.sent_at = w.at
    w.record(order, InvoiceSent(number=document.number))
    return about


def mail_kind_of(document: Document) -> mail_kinds.MailKind:
    """The template by which a document is sent: credit notes and cancellations have one of their own (M-1)."""
    return mail_kinds.INVOICE if asks_for_money(document.kind) else mail_kinds.CREDIT_NOTE


class HoldBackInvoice(Input):
    """`number`: of the document; `about`: what its mail is known by."""

    number: str
    about: str


@action(
    subject=ORDER,
    key="hold-back-invoice",
    label=_("Undo"),
    right=Right.INVOICE,
    why_not=lambda _order: None,
    input=HoldBackInvoice,
    offered=False,
)
def hold_back_invoice(w: Work, order: Order, data: HoldBackInvoice) -> Done:
    """The mail with the invoice stays in the outbox while it still waits there; the invoice was sent when it was sent
    before (W-21).
    """
    document = next((d for d in order.documents if d.number == data.number), None)
    if document is None or not data.about.startswith(f"{document.number}-"):
        raise Invalid("number", _("The order has no invoice {number}.").format(number=data.number))
    done = undo_writing(w, order, mail_kind_of(document), data.about)
    document.sent_at = _sent_before(w, document)
    return done


def _sent_before(w: Work, document: Document) -> datetime | None:
    """When the last mail that carries a document was written, of those that went or go; None without one."""
    carrying = select(func.max(OutboxMail.created_at)).join(
        MailAttachment, col(MailAttachment.mail_id) == OutboxMail.id
    )
    of_it = carrying.join(DocumentVersion, col(MailAttachment.version_id) == DocumentVersion.id)
    stays = col(OutboxMail.state).in_([MailState.WITHHELD.value, MailState.FAILED.value])
    w.flush()
    return w.session.exec(of_it.where(DocumentVersion.document_id == document.id, ~stays)).one()
