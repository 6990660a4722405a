"""What was ordered: the block with prices and sums, the tab with what became of each line (W-12, T-2)."""

import reflex as rx

from backoffice_app.state.order import OrderState
from backoffice_app.ui.layout import block as brick
from backoffice_app.ui.layout import figure, panel, quiet
from backoffice_app.ui.table import Column, sum_line, table
from backoffice_app.ui.texts import _

V = OrderState.view


def block() -> rx.Component:
    """With amounts only for who may see them."""
    priced = rx.fragment(
        table(
            _("Products"),
            [
                Column(_("Product"), lambda line: line.name, place=1),
                Column(_("SKU"), lambda line: quiet(line.sku), place=3),
                Column(_("Quantity"), lambda line: line.quantity, number=True, place=4, named=True),
                Column(_("Unit price"), lambda line: line.unit_price, number=True),
                Column(_("Discount"), lambda line: rx.cond(line.discount != "", line.discount, "–"), number=True),
                Column(_("VAT"), lambda line: line.vat_rate, number=True),
                Column(_("Total"), lambda line: line.total, number=True, place=2),
            ],
            OrderState.lines,
            tight=True,
            cards=True,
            foot=[rx.foreach(V.sums, lambda row: sum_line(row.label, row.amount, 7))],
        ),
        rx.cond(V.shop_total != "", quiet(_("All orders of the shop:"), " ", figure(V.shop_total), small=True)),
    )
    bare = table(
        _("Products"),
        [
            Column(_("Product"), lambda line: line.name, place=1),
            Column(_("SKU"), lambda line: quiet(line.sku), place=3),
            Column(_("Quantity"), lambda line: line.quantity, number=True, place=2, named=True),
        ],
        OrderState.lines,
        tight=True,
        cards=True,
    )
    return brick(_("Products"), rx.cond(V.sees_prices, priced, bare), key="products")


def tab() -> rx.Component:
    """All lines with what was shipped, returned, invoiced, credited of each (T-2)."""
    goods = [
        Column(_("Product"), lambda line: line.name, place=1),
        Column(_("SKU"), lambda line: quiet(line.sku), place=3),
        Column(_("Ordered"), lambda line: line.quantity, number=True, place=2, named=True),
        Column(_("Shipped"), lambda line: _amount(line.shipped), number=True, place=4, named=True),
        Column(_("Returned"), lambda line: _amount(line.returned), number=True),
    ]
    money = [
        Column(_("Invoiced"), lambda line: _amount(line.invoiced), number=True),
        Column(_("Credited"), lambda line: _amount(line.credited), number=True),
    ]
    name = _("Products")
    return panel(
        rx.cond(
            V.sees_prices, table(name, [*goods, *money], OrderState.lines, cards=True), table(name, goods, OrderState.lines, cards=True)
        )
    )


def _amount(quantity: rx.Var[str]) -> rx.Var[str]:
    return rx.cond(quantity != "", quantity, "–")
