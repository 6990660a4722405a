"""A new version of an invoice: its delivery time and a text of the shop's own; figures, parties and number stay (INV-5,
INV-13).
"""

from datetime import date
from typing import ClassVar

from pydantic import Field, field_validator
from sqlmodel import col, select

from backoffice_app.domain.core.actions import Done, Input, action
from backoffice_app.domain.core.document_kinds import snapshot_from
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.invoicing.credit import invoice_of, why_not_cancel_it
from backoffice_app.domain.invoicing.issue import RENDER, note_missing, version_of
from backoffice_app.domain.mail import MailState
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.states import invoices
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Document, DocumentVersion, MailAttachment, Order, OutboxMail


@fact
class InvoiceEdited(Fact):
    """An invoice has a new version. `version`: the number it prints; `was_sent`: whether the one before had been sent.

    `sha256`: of what it says, so that the chain vouches for it too.
    """

    about: ClassVar[About] = About.INVOICE
    number: str
    version: int
    was_sent: bool
    sha256: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        if self.was_sent:
            return _("{actor} made version {version} of invoice {number}.").format(
                number=self.number, version=self.version
            )
        return _("{actor} changed delivery time or text of invoice {number} before it was sent.").format(
            number=self.number
        )


class EditInvoice(Input):
    """`number`: of the invoice.

    `delivery_time`: a text, or a day such as 2026-12-24; `delivery_day`: a day, which goes before the text.

    `own_text`: a text of the shop's own below the sums. What is left out stays as it is; "" takes it away.
    """

    long_texts: ClassVar[frozenset[str]] = frozenset({"own_text"})
    number: str
    delivery_time: str | None = Field(default=None, max_length=200)
    delivery_day: date | None = None
    own_text: str | None = Field(default=None, max_length=2_000)

    @field_validator("delivery_day", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return value or None


def why_not_edit_invoice(order: Order) -> LazyText | None:
    """INV-13: an invoice that stands can say something else besides its figures."""
    if invoices(order):
        return None
    return _("The invoice was cancelled.") if order.documents else _("There is no invoice yet.")


@action(
    subject=ORDER,
    key="edit-invoice",
    label=_("Edit invoice"),
    right=Right.INVOICE,
    why_not=why_not_edit_invoice,
    input=EditInvoice,
    overwrites=True,
)
def edit_invoice(w: Work, order: Order, data: EditInvoice) -> Done:
    """Make a new version of an invoice with another delivery time or own text; the one before is kept (INV-13).

    Before it was sent it takes the place of the old one; after that it says which version it is and that the number is
    the same.
    """
    invoice = invoice_of(order, data.number, "number")
    if reason := why_not_cancel_it(order, invoice):
        raise Refused(reason)
    last = newest_version(w, invoice)
    before = snapshot_from(last.snapshot)
    said: dict[str, object] = {}
    if data.delivery_time is not None or data.delivery_day is not None:
        said["delivery_time"] = data.delivery_day.isoformat() if data.delivery_day else data.delivery_time
    if data.own_text is not None:
        said["remarks"] = (data.own_text,) if data.own_text else ()
    if all(getattr(before, name) == value for name, value in said.items()):
        return Done(_("Nothing was changed."), changed=False)
    was_sent = invoice.sent_at is not None and is_sent(w, last)
    if was_sent:
        said |= {"version": before.version + 1, "version_on": w.today}
    snapshot = before.model_copy(update=said)
    version = version_of(snapshot, w)
    version.document_id, version.version = invoice.id or 0, last.version + 1
    w.session.add(version)
    w.flush()
    w.made("documents", invoice.number)
    w.record(order, InvoiceEdited(invoice.number, snapshot.version, was_sent, version.snapshot_sha256))
    note_missing(w, order, invoice.number, version.snapshot)
    w.when_written(lambda: w.enqueue(RENDER, version.id, key=f"render-{version.id}"))
    if was_sent:
        saved = _(
            "Saved as version {version} of invoice {number}. The customer has the version before: send it again."
        )
        return Done(saved.format(version=snapshot.version, number=invoice.number))
    return Done(_("Invoice {number} saved.").format(number=invoice.number))


def newest_version(w: Work, document: Document) -> DocumentVersion:
    """The version of a document that counts."""
    w.flush()
    versions = select(DocumentVersion).where(DocumentVersion.document_id == document.id)
    return w.session.exec(versions.order_by(col(DocumentVersion.version).desc()).limit(1)).one()


def is_sent(w: Work, version: DocumentVersion) -> bool:
    """Whether a mail carries this very version, and went or still goes."""
    stays = col(OutboxMail.state).in_([MailState.WITHHELD.value, MailState.FAILED.value])
    carrying = select(OutboxMail.id).join(MailAttachment, col(MailAttachment.mail_id) == OutboxMail.id)
    return (
        w.session.exec(carrying.where(MailAttachment.version_id == version.id, ~stays).limit(1)).first()
        is not None
    )
