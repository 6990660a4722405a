"""Invoices and credit notes: the block, the tab, the dialogs; why there isn't one yet (W-4, T-3, INV-1, INV-5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlmodel import col, select

from backoffice_app.documents.invoice import ISO_DAY
from backoffice_app.domain.core.document_kinds import CANCELLATION, DOCUMENT_KINDS, asks_for_money
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.invoicing.credit import left_of, newest_snapshots
from backoffice_app.domain.mail import MailState
from backoffice_app.domain.mail.kinds import STATE_NAMES
from backoffice_app.domain.order.states import invoices as invoices_of
from backoffice_app.domain.refunds import number_of_refund
from backoffice_app.domain.window.blocks.credit import CREDIT
from backoffice_app.domain.window.blocks.needs import NeedsView, needs_view
from backoffice_app.domain.window.look import Look
from backoffice_app.domain.window.registry import (
    Block,
    Button,
    Dialog,
    Tab,
    Way,
    add_block,
    add_dialog,
    add_tab,
    block,
    ways,
)
from backoffice_app.domain.window.tones import document_badge
from backoffice_app.domain.window.views import BadgeView
from backoffice_app.formats import format_amount, format_day, format_money, with_minus
from backoffice_app.i18n import _
from backoffice_app.models import Document, DocumentVersion, MailAttachment, OutboxMail

CREATE, EDIT, TAX_CASE = "create-invoice", "invoice", "tax-case"
"""The dialogs: before an invoice is made by hand, of one that is there, and to choose the tax case."""


@dataclass(frozen=True)
class DocumentView:
    """An invoice, credit note or cancellation; `pdf_url` opens the PDF of this document alone.

    `sent`: when it was sent last, or what became of a mail that has not gone out; `sent_to`: to whom. The mail is read
    for the tab and the dialog only.
    `is_invoice`: it asks for money and stands, so it can be paid, edited, corrected; `credits`: the number of the
    invoice it takes back. `pays`: what `Paid` books where that is not all that is open of the order, as a person types
    it.
    `owes`: of a credit note what is still to be refunded, as a person types it; `refund`: the number of the refund that
    paid it last.
    """

    number: str = ""
    kind: str = ""
    date: str = ""
    due: str = ""
    total: str = ""
    state: BadgeView = field(default_factory=BadgeView)
    sent: str = ""
    sent_to: str = ""
    pdf_url: str = ""
    is_invoice: bool = False
    credits: str = ""
    pays: str = ""
    owes: str = ""
    refund: str = ""


@dataclass(frozen=True)
class InvoiceDialogView:
    """One document with what it says besides its figures.

    `delivery_time`: one of `texts`, (value, word) each, or a day in `day`.

    `version`: "2" for one that was changed after it was sent, else "".
    """

    document: DocumentView = field(default_factory=DocumentView)
    delivery_time: str = ""
    day: str = ""
    texts: list[tuple[str, str]] = field(default_factory=list)
    own_text: str = ""
    version: str = ""


@dataclass(frozen=True)
class InvoicesView:
    """All documents of the order, oldest first; `needs`: why there isn't one yet."""

    documents: list[DocumentView] = field(default_factory=list)
    needs: NeedsView = field(default_factory=NeedsView)


add_tab(Tab("invoices", _("Invoices"), 40, Right.PRICES, lambda look: len(look.order.documents)))


@block(
    key="invoices",
    tab="order",
    column=1,
    rank=30,
    right=Right.PRICES,
    buttons=[
        Button("invoice"),
        Button("choose-tax-case"),
        Button(CREDIT),
        Button("send-invoice", "send-this-invoice"),
        Button("edit-invoice", "save-invoice"),
        Button("cancel-invoice"),
        Button("correct-invoice"),
    ],
)
def invoices(look: Look) -> InvoicesView:
    """The documents with their states, or what an invoice needs."""
    mails = _mails(look) if look.tab == "invoices" else {}
    views = [_mailed(document, look, mails) for document in look.order.documents]
    return InvoicesView(views, needs_view(look.shop, look.order, look.language))


add_block(Block("invoice-list", "invoices", 0, 10, Right.PRICES, shows="invoices"))


def _named(look: Look, which: str) -> InvoiceDialogView:
    document = next((one for one in look.order.documents if one.number == which), None)
    if document is None:
        return InvoiceDialogView()
    [snapshot] = newest_snapshots(look.session, [document])
    said = snapshot.delivery_time
    is_day = ISO_DAY.fullmatch(said) is not None
    texts = [*look.shop.administration.delivery_texts, *([said] if said and not is_day else [])]
    return InvoiceDialogView(
        document=_mailed(document, look, _mails(look)),
        delivery_time="" if is_day else said,
        day=said if is_day else "",
        texts=[("", "–"), *((text, text) for text in dict.fromkeys(texts))],
        own_text="\n".join(snapshot.remarks),
        version=str(snapshot.version) if snapshot.version > 1 else "",
    )


add_dialog(Dialog(CREATE, "invoice"))
add_dialog(Dialog(EDIT, "send-invoice", _named, right=Right.PRICES))
add_dialog(Dialog(TAX_CASE, "choose-tax-case"))


@ways("edit-invoice")
def edit_ways(look: Look) -> list[Way]:
    """Each invoice that stands."""
    return [Way(one.number, one.number, dialog=EDIT) for one in invoices_of(look.order)]


@ways("cancel-invoice")
@ways("correct-invoice")
def take_back_ways(look: Look) -> list[Way]:
    """Each invoice that stands."""
    return [Way(one.number, one.number, values={"invoice": one.number}) for one in invoices_of(look.order)]


@ways("send-invoice")
def send_ways(look: Look) -> list[Way]:
    """Each document."""
    return [Way(one.number, one.number, values={"number": one.number}) for one in look.order.documents]


def _mails(look: Look) -> dict[int, tuple[str, str]]:
    """To whom each document went last, and what became of that mail, by its id; one statement (T-3)."""
    wanted = (
        select(DocumentVersion.document_id, OutboxMail.recipient, OutboxMail.state)
        .join(MailAttachment, col(MailAttachment.version_id) == DocumentVersion.id)
        .join(OutboxMail, col(OutboxMail.id) == MailAttachment.mail_id)
        .where(OutboxMail.order_id == look.order.id, OutboxMail.state != MailState.WITHHELD.value)
        .order_by(col(OutboxMail.id))
    )
    sent = {document.id for document in look.order.documents if document.sent_at}
    return {id_: (recipient, state) for id_, recipient, state in look.session.exec(wanted) if id_ in sent}


def _mailed(document: Document, look: Look, mails: Mapping[int, tuple[str, str]]) -> DocumentView:
    """The document with when and to whom it was sent; while its mail did not go out, what became of that instead."""
    view = _document(document, look)
    recipient, state = mails.get(document.id or 0, ("", MailState.SENT))
    told = view.sent if state == MailState.SENT else look.text(STATE_NAMES[state])
    return replace(view, sent=told, sent_to=recipient)


def _refund_of(document: Document, look: Look) -> str:
    """The number of the last refund that paid a credit note, "" for none."""
    paid = [one for one in look.order.refunds if one.document_id == document.id and one.state == "done"]
    return number_of_refund(look.order, paid[-1]) if paid else ""


def _document(document: Document, look: Look) -> DocumentView:
    order = look.order
    standing = invoices_of(order)
    is_invoice = any(one is document for one in standing)
    is_cancelled = any(
        one.kind == CANCELLATION.key and one.credits_id == document.id for one in order.documents
    )
    is_refunded = any(one.document_id == document.id and one.state == "done" for one in order.refunds)
    takes_back = not asks_for_money(document.kind)
    is_part = is_invoice and document.open_amount and document.open_amount != order.open_amount
    return DocumentView(
        number=document.number,
        kind=look.text(DOCUMENT_KINDS[document.kind].label),
        date=format_day(document.issued_on, look.language),
        due=format_day(document.due_on, look.language) if document.due_on and document.open_amount else "",
        total=with_minus(format_money(document.total, document.currency, look.language)),
        state=document_badge(
            document,
            look.today,
            look.language,
            is_cancelled=is_cancelled,
            is_refunded=is_refunded,
            credited=document.total - left_of(order, document) if asks_for_money(document.kind) else 0,
        ),
        sent=look.moment(document.sent_at) if document.sent_at else "",
        pdf_url=f"/documents/{document.public_id}.pdf",
        is_invoice=is_invoice,
        credits=next(
            (one.number for one in order.documents if document.credits_id and one.id == document.credits_id),
            "",
        ),
        pays=format_amount(document.open_amount, document.currency, look.language) if is_part else "",
        owes=format_amount(document.open_amount, document.currency, look.language)
        if takes_back and document.open_amount
        else "",
        refund=_refund_of(document, look) if takes_back else "",
    )
