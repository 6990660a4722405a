"""`Create credit note`, `Cancel invoice`, `Correct invoice` (W-4, W-17, INV-6)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from backoffice_app.domain.core import clock
from backoffice_app.domain.core.actions import Done, Input, action, parse_input
from backoffice_app.domain.core.document_kinds import asks_for_money
from backoffice_app.domain.core.errors import Invalid, Refused, all_at_once, noting
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.snapshot import DocumentSnapshot
from backoffice_app.domain.core.typed import amount_of, quantity_of
from backoffice_app.domain.core.work import Work, work
from backoffice_app.domain.invoicing.credit import (
    cancel_invoices,
    creditable,
    credits_of,
    invoice_of,
    issue_credit,
    left_of,
    newest_snapshots,
    pieces_still_here,
    standing,
    why_not_cancel_it,
    why_not_credit_it,
)
from backoffice_app.domain.invoicing.credit_rows import NIL, LineLeft
from backoffice_app.domain.invoicing.credits import CreditAsked, Credits
from backoffice_app.domain.invoicing.issue import issue_invoice
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.states import gave_back
from backoffice_app.domain.order.whole import id_of_number
from backoffice_app.formats import is_measured
from backoffice_app.i18n import LazyMoney, LazyNumber, LazyText, _, one_after_the_other
from backoffice_app.models import Document, Order

AMOUNTS = ("shipping", "payment_cost", "reduction", "fee", "amount")
"""The fields of the input that are amounts, with VAT."""


class CreditNote(Input):
    """`invoice`: the number of the invoice; every other field empty is nothing of it; amounts are meant with VAT.

    `quantities`: by rank of the order's line, from 1. `reduction`: a price reduction. `amount`: one without a line,
    spread over the VAT rates of what is left. `fee`: kept back of the credit, `fee_reason`: what for. `restock`:
    whether what had left can be sold again, of all lines or by rank.
    """

    invoice: str
    quantities: dict[str, str] = Field(default={}, max_length=10_000)
    shipping: str = Field(default="", max_length=50)
    payment_cost: str = Field(default="", max_length=50)
    reduction: str = Field(default="", max_length=50)
    fee: str = Field(default="", max_length=50)
    fee_reason: str = Field(default="", max_length=200)
    amount: str = Field(default="", max_length=50)
    restock: bool | Annotated[dict[str, bool], Field(max_length=10_000)] = False
    reason: str = Field(default="", max_length=500)


def why_not_credit(order: Order) -> LazyText | None:
    """INV-6: something of an invoice is left to credit."""
    if creditable(order):
        return clock.why_not_trusted()
    return _nothing_left(order, why_not_credit_it)


def _nothing_left(order: Order, why_not_it: Callable[[Order, Document], LazyText | None]) -> LazyText:
    """Why nothing can be done to any invoice of the order: what is said of the newest one."""
    reasons = [why_not_it(order, d) for d in order.documents if asks_for_money(d.kind)]
    return next((reason for reason in reversed(reasons) if reason), _("There is no invoice yet."))


@action(
    subject=ORDER,
    key="credit-note",
    label=_("Create credit note"),
    right=Right.INVOICE,
    why_not=why_not_credit,
    input=CreditNote,
    overwrites=True,
)
def credit_note(w: Work, order: Order, data: CreditNote) -> Done:
    """Issue a credit note on one invoice, of some or all of what is left of it (INV-6).

    Never more than is left: Invalid names each field that asks for more.
    """
    invoice = invoice_of(order, data.invoice)
    if reason := why_not_credit_it(order, invoice):
        raise Refused(reason)
    asked = _asked(w, order, invoice, data)
    document = issue_credit(w, order, invoice, asked)
    if asked.amount or asked.reduction:
        _say_split(w, document)
    total = LazyMoney(-document.total, document.currency)
    return Done(_("Credit note {number} issued: {total}.").format(number=document.number, total=total))


def _asked(w: Work, order: Order, invoice: Document, data: CreditNote) -> CreditAsked:
    """The input as numbers, read as the person who typed it writes them.

    Raises Invalid naming each field that is wrong.
    """
    so_far = credits_of(w, order, invoice)
    wrong: list[Invalid] = []
    quantities: dict[int, Decimal] = {}
    for rank, text in data.quantities.items():
        with noting(wrong):
            if quantity := _quantity(w.actor, so_far, rank, text):
                quantities[int(rank)] = quantity
    again = set(quantities) if data.restock is True else set()
    for rank, is_ticked in data.restock.items() if isinstance(data.restock, dict) else ():
        with noting(wrong):
            again |= {_line(so_far, rank, f"restock.{rank}").rank} if is_ticked else set()
    amounts: dict[str, int] = {}
    for field in AMOUNTS:
        with noting(wrong):
            amounts[field] = _amount(w.actor, getattr(data, field), invoice.currency, field)
    if data.fee_reason and amounts.get("fee") == 0:
        wrong.append(Invalid("fee", _("Say how much is kept back.")))
    if amounts.get("fee") and not data.fee_reason:  # INV-6: an own line with its reason
        wrong.append(Invalid("fee_reason", _("Say why an amount is kept back.")))
    all_at_once(wrong)
    return CreditAsked(
        quantities,
        amounts["shipping"],
        amounts["payment_cost"],
        amounts["reduction"],
        amounts["fee"],
        data.fee_reason,
        amounts["amount"],
        frozenset(again),
        data.reason,
    )


def _line(so_far: Credits, rank: str, field: str) -> LineLeft:
    """The invoice's line of this rank. Raises Invalid naming `field`."""
    one = so_far.of_rank(int(rank)) if rank.isascii() and rank.isdecimal() and len(rank) < 7 else None
    if one is None:
        raise Invalid(field, _("Invoice {number} has no such line.").format(number=so_far.invoice.number))
    return one


def _quantity(actor: Actor, so_far: Credits, rank: str, text: str) -> Decimal:
    """How much of one line is credited: of pieces a whole number, unless it is all that is left (ST-2)."""
    field = f"quantities.{rank}"
    one = _line(so_far, rank, field)
    quantity = quantity_of(actor, text, field, one.left) if text.strip() else NIL
    if quantity != one.left and not is_measured(one.line.unit) and quantity % 1:
        raise Invalid(field, _("Only whole numbers: “{name}” can't be divided.").format(name=one.line.name))
    return quantity


def _amount(actor: Actor, text: str, currency: str, field: str) -> int:
    amount = amount_of(actor, text, currency, field) if text else 0
    if amount < 0:
        raise Invalid(field, _("The amount must be more than 0."))
    return amount


def _say_split(w: Work, document: Document) -> None:
    """How an amount without a line was spread over the VAT rates."""
    [snapshot] = newest_snapshots(w.session, [document])
    parts = [one for one in snapshot.adjustments if one.kind in {"amount", "reduction"}]
    if len({one.vat_rate for one in parts}) < 2:
        return
    for one in parts:
        amount, rate = LazyMoney(one.gross, document.currency), LazyNumber(one.vat_rate)
        w.say(_("{amount} of it at {rate} % VAT.").format(amount=amount, rate=rate))


class OfInvoice(Input):
    """`invoice`: the number of the invoice."""

    invoice: str


def why_not_cancel_invoice(order: Order) -> LazyText | None:
    """W-17, INV-6: something of an invoice is left to take back."""
    if standing(order):
        return clock.why_not_trusted()
    return _nothing_left(order, why_not_cancel_it)


@action(
    subject=ORDER,
    key="cancel-invoice",
    label=_("Cancel invoice"),
    right=Right.INVOICE,
    why_not=why_not_cancel_invoice,
    input=OfInvoice,
)
def cancel_one(w: Work, order: Order, data: OfInvoice) -> Done:
    """Issue a cancellation document for all that is left of an invoice; a person is asked first (W-17).

    Invoices that add to one another are cancelled together: the order is invoiced as a whole or not at all.
    """
    invoice = invoice_of(order, data.invoice)
    if reason := why_not_cancel_it(order, invoice):
        raise Refused(reason)
    mine = standing(order)
    left = sum(left_of(order, one) for one in mine)
    question = _(
        "A cancellation document over {total} is issued for invoice {number}. It can't be taken back. Go on?"
    )
    if len(mine) > 1:
        question = _(
            "The invoices {number} belong together: cancellation documents over {total} in all are issued "
            "for them. Go on?"
        )
    numbers = numbers_of(mine)
    w.ask(
        f"cancel-{numbers}-{left}", question.format(total=LazyMoney(left, invoice.currency), number=numbers)
    )
    made = cancel_invoices(w, order)
    text = (
        _("Invoice {number} is cancelled by {by}.")
        if len(mine) == 1
        else _("The invoices {number} are cancelled by {by}.")
    )
    return Done(text.format(number=numbers, by=numbers_of(made)))


def numbers_of(documents: Sequence[Document]) -> str:
    """Their numbers in one text."""
    return ", ".join(document.number for document in documents)


def why_not_correct(order: Order) -> LazyText | None:
    """W-17: there is an invoice, and nothing of it was given back: a new one would ask again for that."""
    if order.cancelled_at:
        return _("The order is cancelled.")
    if order.on_hold_since:
        return _("The order is on hold. Resume it first.")
    if credited := gave_back(order):
        return _(
            "Credit note {number} was issued: a new invoice would ask again for what it gave back."
        ).format(number=credited[0].number)
    return why_not_cancel_invoice(order)


@action(
    subject=ORDER,
    key="correct-invoice",
    label=_("Correct invoice"),
    right=Right.INVOICE,
    why_not=why_not_correct,
    input=OfInvoice,
)
def correct_invoice(w: Work, order: Order, data: OfInvoice) -> Done:
    """Cancel an invoice and issue a new one of the order as it is now, both or neither; what was paid pays the new one
    (W-17).

    Invoices that add to one another are replaced together by one.
    """
    if reason := why_not_cancel_it(order, invoice_of(order, data.invoice)):
        raise Refused(reason)
    old = standing(order)
    ask_to_correct(w, order, old, sum(left_of(order, one) for one in old))
    cancelled = cancel_invoices(w, order)
    corrected = issue_invoice(w, order, corrects=old)
    text = _("Invoice {number} is cancelled by {by}; the new invoice is {new}.")
    if len(old) > 1:
        text = _("The invoices {number} are cancelled by {by}; the new invoice is {new}.")
    return Done(text.format(number=numbers_of(old), by=numbers_of(cancelled), new=corrected.number))


def ask_to_correct(
    w: Work, order: Order, old: Sequence[Document], left: int, why: LazyText | None = None
) -> None:
    """Asks a person whether these invoices, of which `left` minor units are cancelled, are replaced by a new one.

    `why`: said before.
    """
    question = _(
        "Invoice {number} over {old} is cancelled, and a new invoice over {new} is issued. Neither can be "
        "taken back. Go on?"
    )
    if len(old) > 1:
        question = _(
            "The invoices {number} over {old} in all are cancelled, and a new invoice over {new} is issued. Go on?"
        )
    amounts = {"old": LazyMoney(left, order.currency), "new": LazyMoney(order.total, order.currency)}
    asked = question.format(number=numbers_of(old), **amounts)
    w.ask(
        f"correct-{numbers_of(old)}-{left}-{order.total}", one_after_the_other(why, asked) if why else asked
    )


@dataclass(frozen=True)
class CreditPreview:
    """A credit note as it would be issued, and what follows: what was said besides, what is to refund, what is left of
    the invoice.

    By rank of the order's line: `comes_back`, `restocked` of it, `cancelled`. `returned`: the number of the return that
    it makes, "" for none; `method`: how the order was paid, which is how its money goes back.
    """

    snapshot: DocumentSnapshot
    said: tuple[LazyText, ...]
    to_refund: int
    left: int
    comes_back: Mapping[int, Decimal]
    cancelled: Mapping[int, Decimal]
    restocked: Mapping[int, Decimal]
    returned: str
    method: str


def preview_credit(actor: Actor, number: str, values: Mapping[str, object]) -> CreditPreview:
    """What `credit-note` would issue on the order `number` with these values: the same steps in a transaction that is
    rolled back.

    Raises what the action raises. What is submitted is judged again.
    """
    actor.require(credit_note.right)
    data = parse_input(CreditNote, values)
    with work(actor, keep=False) as w:
        order = w.lock(ORDER, id_of_number(w.session, number))
        if reason := credit_note.reason(w.shop, order):
            raise Refused(reason)
        before = {line.rank: line.cancelled for line in order.lines}
        known = {document.number for document in order.documents}
        returns = len(order.returns)
        asked = _asked(w, order, invoice_of(order, data.invoice), data)
        went = {
            line.rank: there
            for line in order.lines
            if (
                there := asked.quantities.get(line.rank, NIL)
                - pieces_still_here(line, asked.quantities.get(line.rank, NIL))
            )
            > 0
        }
        credit_note.run(w, order, data)
        document = next(one for one in order.documents if one.number not in known)
        [snapshot] = newest_snapshots(w.session, [document])
        invoice = invoice_of(order, data.invoice)
        made = order.returns[returns:]
        return CreditPreview(
            snapshot=snapshot,
            said=tuple(w.also),
            to_refund=document.open_amount,
            left=left_of(order, invoice),
            comes_back={
                line.rank: min(went[line.rank], line.shipped)
                for line in order.lines
                if went.get(line.rank) and line.shipped
            },
            cancelled={
                line.rank: more for line in order.lines if (more := line.cancelled - before[line.rank])
            },
            restocked={
                held.line.rank: held.restocked for one in made for held in one.lines if held.restocked
            },
            returned=made[0].number if made else "",
            method=order.payment_method_name,
        )
