"""What was ordered: the lines with the sums under them, and what became of each line (W-12, T-2)."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from babel.numbers import format_decimal

from backoffice_app.domain.core.typed import IN_THOUSANDS
from backoffice_app.domain.invoicing.snapshot import placed_totals_of
from backoffice_app.domain.order.states import gave_back
from backoffice_app.domain.stock.stand import badge_of, stock_of
from backoffice_app.domain.window.look import Look
from backoffice_app.domain.window.registry import ACROSS, Button, Dialog, Tab, add_dialog, add_tab, block
from backoffice_app.formats import (
    format_money,
    format_number,
    format_price,
    format_quantity,
    locale,
    with_minus,
)
from backoffice_app.i18n import _
from backoffice_app.models import Order, OrderLine


@dataclass(frozen=True)
class LineView:
    """A line of the order: figures as text, amounts "" for who may not see prices.

    `cancelled`: that a part of it was cancelled, else ""; `stock`: how much of it is in stock, "" where nobody
    counts; `stock_tone`, `stock_mark`: where that is at its limit, else "".
    """

    id: int = 0
    sku: str = ""
    name: str = ""
    options: str = ""
    quantity: str = ""
    cancelled: str = ""
    unit_price: str = ""
    discount: str = ""
    vat_rate: str = ""
    total: str = ""
    stock: str = ""
    stock_tone: str = ""
    stock_mark: str = ""


@dataclass(frozen=True)
class LineFateView:
    """What became of a line; what was invoiced and credited is "" for who may not see prices."""

    id: int = 0
    sku: str = ""
    name: str = ""
    options: str = ""
    quantity: str = ""
    cancelled: str = ""
    shipped: str = ""
    returned: str = ""
    invoiced: str = ""
    credited: str = ""


@dataclass(frozen=True)
class SumView:
    """A row under the lines: what it is, and its amount."""

    label: str = ""
    amount: str = ""
    is_total: bool = False


@dataclass(frozen=True)
class ProductsView:
    """The lines as they were ordered, the sums under them, and the sum of all orders of the shop."""

    lines: list[LineView] = field(default_factory=list)
    sums: list[SumView] = field(default_factory=list)
    shop_total: str = ""
    has_stock: bool = False


@dataclass(frozen=True)
class FatesView:
    """What became of each line."""

    lines: list[LineFateView] = field(default_factory=list)
    has_cancelled: bool = False


add_tab(Tab("products", _("Products"), 30, count=lambda look: len(look.order.lines)))


EDIT_LINES = "edit-lines"
"""The dialog, and the action."""
NEW_LINES = 3
"""Empty lines that the dialog offers."""


@dataclass(frozen=True)
class EditedLineView:
    """A line as the dialog starts with it; `rank` "" for one that is still empty.

    `path`: what its fields are named after.
    """

    path: str = ""
    rank: str = ""
    title: str = ""
    sku: str = ""
    name: str = ""
    quantity: str = ""
    unit_price: str = ""
    discount: str = ""
    vat_rate: str = ""


@dataclass(frozen=True)
class EditLinesView:
    """What the dialog `Edit lines` starts with."""

    lines: list[EditedLineView] = field(default_factory=list)
    shipping: str = ""
    discount: str = ""


def read_lines(look: Look, which: str) -> EditLinesView:  # noqa: ARG001
    """The lines as they are, and some empty ones."""
    order = look.order

    def written(number: Decimal) -> str:
        """A number as a person types it, so that it can be read in one way only."""
        text = format_decimal(
            number, locale=locale(look.language), decimal_quantization=False, group_separator=False
        )
        return f"{text}0" if _decimals(number) == IN_THOUSANDS else text

    def price(number: Decimal) -> str:
        """With the currency, as the amounts beside it; more decimals than it has stay, so that saving
        changes nothing.
        """
        text = format_price(number, order.currency, look.language)
        return written(number) if _decimals(number) == IN_THOUSANDS else text

    lines = [
        EditedLineView(
            path=f"lines.{at}.",
            rank=str(line.rank),
            title=f"{line.sku} {line.name}".strip(),
            sku=line.sku,
            name=line.name,
            quantity=written(line.ordered),
            unit_price=price(line.unit_price),
            discount=look.money(line.discount),
            vat_rate=written(line.vat_rate),
        )
        for at, line in enumerate(order.lines)
    ]
    title = look.text(_("New line"))
    blank = [
        EditedLineView(path=f"lines.{at}.", title=title) for at in range(len(lines), len(lines) + NEW_LINES)
    ]
    return EditLinesView([*lines, *blank], look.money(order.shipping_price), look.money(order.discount))


def _decimals(number: Decimal) -> int:
    return max(0, -int(number.normalize().as_tuple().exponent))


add_dialog(Dialog(EDIT_LINES, EDIT_LINES, read=read_lines))


@block(key="products", tab="order", column=ACROSS, rank=20, buttons=[Button(EDIT_LINES)])
def products(look: Look) -> ProductsView:
    """What was ordered, with prices and sums for who may see them (W-12)."""
    order, language = look.order, look.language
    sums = sum_views(order, language, vat=_shows_vat(look)) if look.sees_prices else []
    lines = _with_stock(look, line_views(order, language, sees_prices=look.sees_prices))
    return ProductsView(lines, sums, look.money(look.beside.shop_total), any(line.stock for line in lines))


@block(key="product-lines", tab="products", in_sight=True)
def product_lines(look: Look) -> FatesView:
    """All lines with what was shipped, returned, invoiced and credited of each (T-2)."""
    sees, language = look.sees_prices, look.language

    def some(amount: Decimal, line: OrderLine) -> str:
        return format_quantity(amount, line.unit, language) if amount else ""

    cancelled = any(line.cancelled for line in look.order.lines)
    return FatesView(
        [
            LineFateView(
                id=line.id or 0,
                sku=line.sku,
                name=line.name,
                options=line.options,
                quantity=format_quantity(line.ordered, line.unit, language),
                cancelled=some(line.cancelled, line),
                shipped=some(line.shipped, line),
                returned=some(line.returned, line),
                invoiced=some(line.invoiced, line) if sees else "",
                credited=some(line.credited, line) if sees else "",
            )
            for line in look.order.lines
        ],
        cancelled,
    )


def _with_stock(look: Look, lines: list[LineView]) -> list[LineView]:
    """The lines with the stock of their products, marked where it is at its limit or below (W-12)."""
    ids = {line.product_id for line in look.order.lines if line.product_id}
    stock = stock_of(look.session, ids) if ids else {}

    def with_stock(view: LineView, line: OrderLine) -> LineView:
        found = stock.get(line.product_id or 0)
        if found is None:
            return view
        tone, mark, word = badge_of(*found, look.language)
        on_hand = with_minus(format_quantity(found[0], line.unit, look.language))
        return (
            replace(view, stock=on_hand)
            if tone == "good"
            else replace(view, stock=f"{on_hand} · {word}", stock_tone=tone, stock_mark=mark)
        )

    return [with_stock(view, line) for view, line in zip(lines, look.order.lines, strict=True)]


def line_views(order: Order, language: str, *, sees_prices: bool) -> list[LineView]:
    """The lines with quantities and, for who may see them, prices."""

    def less(amount: int) -> str:
        return with_minus(format_money(-amount, order.currency, language))

    def cancelled(line: OrderLine) -> str:
        """That a part of the line was cancelled; of a cancelled order the head says it."""
        if not line.cancelled or order.cancelled_at:
            return ""
        quantity = format_quantity(line.cancelled, line.unit, language)
        return _("of which {quantity} cancelled").format(quantity=quantity).in_language(language)

    return [
        LineView(
            id=line.id or 0,
            sku=line.sku,
            name=line.name,
            options=line.options,
            quantity=format_quantity(line.ordered, line.unit, language),
            cancelled=cancelled(line),
            unit_price=format_price(line.unit_price, order.currency, language) if sees_prices else "",
            discount=less(line.discount) if sees_prices and line.discount else "",
            vat_rate=f"{format_number(line.vat_rate, language)} %" if sees_prices else "",
            total=format_money(line.total, order.currency, language) if sees_prices else "",
        )
        for line in order.lines
    ]


def _shows_vat(look: Look) -> bool:
    """Whether VAT is shown: a small business charges none, whatever rates its shop system sends (INV-4)."""
    is_small = look.shop.administration.small_business
    return not is_small or any(document.vat for document in look.order.documents)


def sum_views(order: Order, language: str, *, vat: bool) -> list[SumView]:
    """Goods, discount, shipping, payment cost and the total, as the order was placed; with `vat` VAT before it, or
    below it where it is contained.

    What credit notes gave back stands below all.
    """

    def row(label: str, amount: int, *, is_total: bool = False) -> SumView:
        return SumView(label, with_minus(format_money(amount, order.currency, language)), is_total)

    rows = [row(_("Goods").in_language(language), sum(line.total for line in order.lines))]
    if order.discount:
        rows.append(row(order.discount_name or _("Discount").in_language(language), -order.discount))
    rows.append(row(_("Shipping").in_language(language), order.shipping_price))
    if order.payment_cost:
        rows.append(row(_("Payment cost").in_language(language), order.payment_cost))
    total = row(_("Total").in_language(language), order.total, is_total=True)
    if order.prices == "gross":  # the VAT is in it, so it stands below
        rows.append(total)
    for rate in placed_totals_of(order).rates if vat else ():
        if not (rate.net or rate.tax):
            continue  # nothing is at this rate, such as shipping that costs nothing
        included = (
            _("of which {rate} % VAT on {net}") if order.prices == "gross" else _("{rate} % VAT on {net}")
        )
        net = format_money(rate.net, order.currency, language)
        rows.append(
            row(
                included.format(rate=format_number(rate.rate, language), net=net).in_language(language),
                rate.tax,
            )
        )
    if order.prices != "gross":
        rows.append(total)
    if credited := sum(document.total for document in gave_back(order)):
        rows.append(row(_("Credited").in_language(language), credited))
    return rows
