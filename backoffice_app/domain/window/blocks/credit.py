"""The dialog `Create credit note`: what is left of an invoice, and the credit note as it would be issued
(W-4, INV-6).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.core.snapshot import AdjustmentKind, DocumentSnapshot, Line, RateTotal
from backoffice_app.domain.invoicing.credit import creditable, credits_stored
from backoffice_app.domain.invoicing.credit_actions import CreditPreview, preview_credit
from backoffice_app.domain.invoicing.credit_rows import NIL, CostKind, LineLeft
from backoffice_app.domain.window.look import Look
from backoffice_app.domain.window.registry import Dialog, add_dialog
from backoffice_app.formats import (
    format_amount,
    format_day,
    format_money,
    format_number,
    format_price,
    format_quantity,
    with_minus,
)
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Document

CREDIT = "credit-note"
"""The dialog before a credit note is issued."""
KINDS: Mapping[AdjustmentKind, LazyText] = {
    "discount": _("Discount"),
    "shipping": _("Shipping"),
    "payment cost": _("Payment cost"),
    "fee": _("Fee"),
    "reduction": _("Price reduction"),
    "amount": _("Amount without a line"),
    "kept fee": _("Fee kept back"),
}


@dataclass(frozen=True)
class CreditLineView:
    """A line of the invoice.

    `rank`: of the order's line; `left`: how many can be credited; `about`: price and what became of it so far;
    `can_return`: whether some of it is with the customer, so that it can go back into stock.
    """

    rank: str = ""
    sku: str = ""
    name: str = ""
    left: str = ""
    about: str = ""
    can_return: bool = False


@dataclass(frozen=True)
class CreditDialogView:
    """What is left of the invoice `number`: its lines, and of the costs as numbers to start with, "" for a cost it does
    not have.

    `shipping_name`, `payment_name`: what the invoice calls these costs; `nothing`: an amount of 0.
    """

    number: str = ""
    invoices: list[tuple[str, str]] = field(default_factory=list)
    lines: list[CreditLineView] = field(default_factory=list)
    shipping: str = ""
    payment_cost: str = ""
    total_left: str = ""
    shipping_name: str = ""
    payment_name: str = ""
    nothing: str = ""


@dataclass(frozen=True)
class CreditPreviewView:
    """The credit note as it would be issued: `rows` and `sums` as (words, quantity and price, amount).

    `amounts`: of lines with VAT, by rank; `after`: what follows, in pairs; `wrong`: why there would be none.
    """

    title: str = ""
    about: str = ""
    rows: list[tuple[str, str, str]] = field(default_factory=list)
    amounts: dict[str, str] = field(default_factory=dict)
    total: str = ""
    sums: list[tuple[str, str, str]] = field(default_factory=list)
    after: list[list[str]] = field(default_factory=list)
    wrong: str = ""


def _left_of(look: Look, which: str) -> CreditDialogView:
    invoices = creditable(look.order)
    chosen = next((one for one in invoices if one.number == which), None)
    if chosen is None:
        return CreditDialogView()
    so_far = credits_stored(look.session, look.order, chosen)

    def cost(amount: int, *, is_there: bool) -> str:
        return format_amount(amount, chosen.currency, look.language) if is_there else ""

    def name(kind: CostKind) -> str:
        return ", ".join(dict.fromkeys(one.name for one in so_far.costs if one.kind == kind and one.name))

    shipped = {line.rank: line.shipped - line.returned for line in look.order.lines}
    return CreditDialogView(
        number=chosen.number,
        invoices=[(one.number, _name(one, look)) for one in invoices],
        lines=[
            _line(one, look, shipped.get(one.rank, NIL), is_gross=so_far.invoice.prices == "gross")
            for one in so_far.lines
            if one.left
        ],
        shipping=cost(
            so_far.cost_left("shipping"), is_there=any(one.kind == "shipping" for one in so_far.costs)
        ),
        payment_cost=cost(
            so_far.cost_left("payment cost"), is_there=any(one.kind == "payment cost" for one in so_far.costs)
        ),
        total_left=format_money(so_far.total_left, chosen.currency, look.language),
        shipping_name=name("shipping"),
        payment_name=name("payment cost"),
        nothing=format_money(0, chosen.currency, look.language),
    )


def _oldest(look: Look) -> str:
    """The oldest invoice of which something is left."""
    return next((one.number for one in creditable(look.order)), "")


add_dialog(Dialog(CREDIT, CREDIT, _left_of, own_state=True, first=_oldest))


def _name(invoice: Document, look: Look) -> str:
    return f"{invoice.number} · {format_money(invoice.total, invoice.currency, look.language)}"


def _line(one: LineLeft, look: Look, with_customer: Decimal, *, is_gross: bool) -> CreditLineView:
    def amount(quantity: Decimal) -> str:
        return format_quantity(quantity, one.line.unit, look.language)

    about = _("{invoiced} invoiced, {credited} credited") if one.done else _("{invoiced} invoiced")
    so_far = look.text(about.format(invoiced=amount(one.line.quantity), credited=amount(one.done)))
    price = format_price(one.line.unit_price, look.order.currency, look.language)
    price = price if is_gross else look.text(_("{amount} net").format(amount=price))
    return CreditLineView(
        rank=str(one.rank),
        sku=one.line.sku or one.line.name,
        name=one.line.name,
        left=format_number(one.left, look.language),
        about=" · ".join(part for part in (one.line.sku, price, so_far) if part),
        can_return=with_customer > 0,
    )


def credit_preview(
    actor: Actor, number: str, values: Mapping[str, object], language: str
) -> CreditPreviewView:
    """The credit note on the order `number` that these values of the form would issue; what is wrong with them instead.

    Raises NotFound.
    """
    try:
        return _shown(preview_credit(actor, number, values), language)
    except (Invalid, Refused) as no:
        reasons = [
            one.reason.in_language(language)
            for one in ((no, *no.others) if isinstance(no, Invalid) else (no,))
        ]
        return CreditPreviewView(wrong=" ".join(reasons))


def _shown(made: CreditPreview, language: str) -> CreditPreviewView:
    snapshot = made.snapshot

    def money(amount: int) -> str:
        return with_minus(format_money(amount, snapshot.currency, language))

    original = snapshot.refers_to
    about = _("{day} · for {invoice} of {day_of_invoice}")
    return CreditPreviewView(
        title=_("Credit note {number}").format(number=snapshot.number).in_language(language),
        about=about.format(
            day=format_day(snapshot.issued_on, language),
            invoice=original.number if original else "",
            day_of_invoice=format_day(original.issued_on, language) if original else "",
        ).in_language(language),
        rows=_rows(snapshot, language),
        amounts={str(line.rank): money(line.gross) for line in snapshot.lines},
        total=money(snapshot.total),
        sums=[
            (_vat_of(rate, money(rate.net), language), "", money(rate.tax))
            for rate in sorted(snapshot.rates, key=lambda rate: -rate.rate)
        ],
        after=_after(made, language),
    )  # fmt: skip


def _vat_of(rate: RateTotal, net: str, language: str) -> str:
    text = _("VAT {rate} % on {net} net").format(rate=format_number(rate.rate, language), net=net)
    return text.in_language(language)


def _rows(snapshot: DocumentSnapshot, language: str) -> list[tuple[str, str, str]]:
    is_gross = snapshot.prices == "gross"

    def money(amount: int) -> str:
        return with_minus(format_money(amount, snapshot.currency, language))

    rows = [
        (
            line.name,
            _calculated(line, snapshot.currency, language),
            money(line.gross if is_gross else line.net),
        )
        for line in snapshot.lines
    ]
    merged: dict[tuple[AdjustmentKind, str], int] = {}
    for one in snapshot.adjustments:
        merged[one.kind, one.name] = merged.get((one.kind, one.name), 0) + one.sign * (
            one.gross if is_gross else one.net
        )
    for (kind, name), amount in merged.items():
        word = KINDS[kind].in_language(language)
        rows.append((f"{word} ({name})" if name else word, "", money(amount)))
    return rows


def _calculated(line: Line, currency: str, language: str) -> str:
    """How a line comes to its amount: "2 × 19,95 €", "1 × 24,00 € − 4,00 €"."""
    before = (
        f"{format_quantity(line.quantity, line.unit, language)} × "
        f"{format_price(line.unit_price, currency, language)}"
    )
    return f"{before} − {format_money(line.discount, currency, language)}" if line.discount else before


def _after(made: CreditPreview, language: str) -> list[list[str]]:
    """What follows: what is to refund, which pieces come back, go into stock or are no longer shipped, which return is
    made, what is left of the invoice.
    """
    snapshot = made.snapshot
    names = {line.rank: (line.sku or line.name, line.unit) for line in snapshot.lines}

    def pieces(quantities: Mapping[int, Decimal]) -> str:
        return ", ".join(
            f"{format_quantity(quantity, names[rank][1], language)} × {names[rank][0]}".replace(" ", "\u00a0")
            for rank, quantity in quantities.items()
            if rank in names
        )

    refund = format_money(made.to_refund, snapshot.currency, language)
    if made.to_refund and made.method:
        refund = _("{amount} by {method}").format(amount=refund, method=made.method).in_language(language)
    pairs = [(_("To refund"), refund)]
    if made.comes_back:
        pairs.append((_("Comes back"), pieces(made.comes_back)))
    if made.restocked:
        pairs.append((_("Back into stock"), pieces(made.restocked)))
    if made.returned:
        pairs.append((_("Return"), _("{number}, locked").format(number=made.returned).in_language(language)))
    if made.cancelled:
        pairs.append((_("Not shipped any more"), pieces(made.cancelled)))
    number = snapshot.refers_to.number if snapshot.refers_to else ""
    pairs.append(
        (_("Left of {number}").format(number=number), format_money(made.left, snapshot.currency, language))
    )
    return [[word.in_language(language), value] for word, value in pairs]


def start_of(view: CreditDialogView) -> dict[str, str]:
    """What the form starts with: all that is left of lines and costs."""
    start = {f"quantities.{line.rank}": line.left for line in view.lines}
    return {"invoice": view.number, **start, "shipping": view.shipping, "payment_cost": view.payment_cost}
