"""The block of products: lines, and the sums under them (W-12)."""

from decimal import Decimal

from backoffice_app.domain.invoicing.snapshot import placed_totals_of
from backoffice_app.domain.window.views import LineView, SumView
from backoffice_app.i18n import _, format_money, format_number, format_price, format_quantity
from backoffice_app.models import Order


def line_views(order: Order, language: str, *, sees_prices: bool) -> list[LineView]:
    """The lines with quantities and, for who may see them, prices."""

    def some(amount: Decimal) -> str:
        return format_number(amount, language) if amount else ""

    return [
        LineView(
            id=line.id or 0,
            sku=line.sku,
            name=line.name,
            quantity=format_quantity(line.ordered, line.unit, language),
            unit_price=format_price(line.unit_price, order.currency, language) if sees_prices else "",
            discount=format_money(-line.discount, order.currency, language) if sees_prices and line.discount else "",
            vat_rate=f"{format_number(line.vat_rate, language)} %" if sees_prices else "",
            total=format_money(line.total, order.currency, language) if sees_prices else "",
            shipped=some(line.shipped),
            returned=some(line.returned),
            invoiced=some(line.invoiced) if sees_prices else "",
            credited=some(line.credited) if sees_prices else "",
        )
        for line in order.lines
    ]


def sum_views(order: Order, language: str) -> list[SumView]:
    """Shipping, payment cost, discount, VAT per rate and the total, as the order was placed and its prices are."""

    def row(label: str, amount: int, *, is_total: bool = False) -> SumView:
        return SumView(label, format_money(amount, order.currency, language), is_total)

    rows = [row(_("Goods").in_language(language), sum(line.total for line in order.lines))]
    if order.discount:
        rows.append(row(order.discount_name or _("Discount").in_language(language), -order.discount))
    rows.append(row(_("Shipping").in_language(language), order.shipping_price))
    if order.payment_cost:
        rows.append(row(_("Payment cost").in_language(language), order.payment_cost))
    for rate in placed_totals_of(order).rates:
        included = _("of which {rate} % VAT on {net}") if order.prices == "gross" else _("{rate} % VAT on {net}")
        net = format_money(rate.net, order.currency, language)
        rows.append(row(included.format(rate=format_number(rate.rate, language), net=net).in_language(language), rate.tax))
    rows.append(row(_("Total").in_language(language), order.total, is_total=True))
    return rows
