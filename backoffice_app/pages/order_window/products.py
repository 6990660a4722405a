"""What was ordered: the block with prices and sums, the tab with what became of each line (W-12, T-2)."""

import reflex as rx

from backoffice_app.domain.window.blocks.products import (
    EDIT_LINES,
    EditedLineView,
    FatesView,
    LineFateView,
    LineView,
    ProductsView,
)
from backoffice_app.pages.order_window.buttons import (
    ABOUT,
    ASKED,
    action_button,
    closing,
    enabled,
    keep,
    kept,
    sure,
    wrong,
    wrong_beside,
)
from backoffice_app.pages.order_window.components import draws, draws_dialog
from backoffice_app.state.order import OrderState
from backoffice_app.state.order_blocks import Dialogs
from backoffice_app.ui.badge import badge
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.field import checks, field
from backoffice_app.ui.kinds import Text, joined
from backoffice_app.ui.layout import block as brick
from backoffice_app.ui.layout import figure, in_one_line, options, panel, quiet, side_by_side
from backoffice_app.ui.table import Column, sum_line, table
from backoffice_app.ui.texts import _

V = OrderState.view
E = Dialogs.edit_lines


@draws("products")
def block(v: rx.Var[ProductsView]) -> rx.Component:
    """With amounts only for who may see them."""
    priced = rx.fragment(
        table(
            _("Products"),
            [
                Column(_("Product"), _name_and_sku, place=1),
                Column(
                    _("Quantity"), lambda line: line.quantity, number=True, place=3, extra_class="w-quantity"
                ),
                Column(
                    _("Stock"),
                    _stock,
                    number=True,
                    place=4,
                    named=True,
                    shown=v.has_stock,
                    extra_class="w-stock",
                ),
                Column(_("Unit price"), lambda line: line.unit_price, number=True, extra_class="w-money"),
                Column(
                    _("Discount"),
                    lambda line: rx.cond(line.discount != "", line.discount, "–"),
                    number=True,
                    extra_class="w-less",
                ),
                Column(_("VAT"), lambda line: line.vat_rate, number=True, extra_class="w-rate"),
                Column(_("Total"), lambda line: line.total, number=True, place=2, extra_class="w-money"),
            ],
            v.lines,
            tight=True,
            cards=True,
            foot=[rx.cond(v.has_stock, _sums(v, 7), _sums(v, 6))],
        ),
        rx.cond(
            v.shop_total != "", quiet(_("All orders of the shop:"), " ", figure(v.shop_total), small=True)
        ),
    )
    bare = table(
        _("Products"),
        [
            Column(_("Product"), _name_and_cancelled, place=1),
            Column(_("SKU"), lambda line: quiet(line.sku), place=3),
            Column(_("Quantity"), lambda line: line.quantity, number=True, place=2, named=True),
            Column(_("Stock"), _stock, number=True, place=4, named=True, shown=v.has_stock),
        ],
        v.lines,
        tight=True,
        cards=True,
    )
    edit = rx.cond(
        enabled(EDIT_LINES),
        action_button(EDIT_LINES, look="text", on_click=OrderState.open(EDIT_LINES, ABOUT, "")),
    )
    return brick(_("Products"), rx.cond(V.sees_prices, priced, bare), action=edit, key="products")


@draws_dialog(EDIT_LINES)
def lines_dialog() -> rx.Component:
    """All lines with their quantities, prices and discounts, some empty ones, then what is of the whole
    order (W-15).
    """
    form = dialog_form(
        rx.foreach(E.lines, _edited),
        side_by_side(
            _number("shipping", _("Shipping"), E.shipping),
            _number("discount", _("Discount of the whole order"), E.discount),
        ),
        sure(),
        on_submit=OrderState.act(EDIT_LINES, ASKED),
        on_typed=keep(),
        submit=_("Save"),
        error=rx.cond(OrderState.wrong_field.startswith("lines."), "", wrong_beside("shipping", "discount")),
    )
    what = _("Quantity 0 takes a line out. The sums follow when it is saved.")
    return dialog(
        _("Edit lines"),
        form,
        shown=OrderState.form == EDIT_LINES,
        on_open_change=closing,
        opener=EDIT_LINES,
        description=what,
        wide=True,
    )


def _edited(line: rx.Var[EditedLineView]) -> rx.Component:
    def of(field: str) -> Text:
        return joined(line.path, field)

    known = rx.el.input(type="hidden", name=of("rank"), value=line.rank, read_only=True)
    own = side_by_side(_text(of("sku"), _("SKU"), line.sku), _text(of("name"), _("Name"), line.name))
    figures = in_one_line(
        _number(of("quantity"), _("Quantity"), line.quantity),
        _number(of("unit_price"), _("Unit price"), line.unit_price),
        _number(of("discount"), _("Discount"), line.discount),
        _number(of("vat_rate"), _("VAT rate in per cent"), line.vat_rate),
    )
    return checks(line.title, rx.cond(line.rank != "", known, own), figures)


def _text(name: Text, label: Text, value: Text) -> rx.Component:
    return field(label, name, value=kept(name, value), error=wrong(name), auto_complete="off")


def _number(name: Text, label: Text, value: Text) -> rx.Component:
    return field(
        label, name, value=kept(name, value), error=wrong(name), input_mode="decimal", auto_complete="off"
    )


@draws("product-lines")
def tab(v: rx.Var[FatesView]) -> rx.Component:
    """All lines with what was shipped, returned, invoiced, credited of each (T-2)."""
    goods = [
        Column(_("Product"), _name, place=1),
        Column(_("SKU"), lambda line: quiet(line.sku), place=3),
        Column(_("Ordered"), lambda line: line.quantity, number=True, place=2, named=True),
        Column(
            _("Cancelled"),
            lambda line: _amount(line.cancelled),
            number=True,
            place=5,
            named=True,
            shown=v.has_cancelled,
        ),
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
            V.sees_prices,
            table(name, [*goods, *money], v.lines, cards=True),
            table(name, goods, v.lines, cards=True),
        )
    )


def _sums(v: rx.Var[ProductsView], columns: int) -> rx.Component:
    return rx.foreach(v.sums, lambda row: sum_line(row.label, row.amount, columns, whole=row.is_total))


def _stock(line: rx.vars.ObjectVar[LineView]) -> rx.Component:
    """How much is in stock; marked where it is at its limit (W-12)."""
    marked = badge(line.stock_tone, line.stock_mark, line.stock)
    return rx.cond(line.stock_tone != "", marked, _amount(line.stock))


def _name(line: rx.vars.ObjectVar[LineView | LineFateView]) -> rx.Component:
    """With what the customer chose or wrote for it, such as an engraving."""
    return rx.fragment(line.name, rx.cond(line.options != "", options(line.options)))


def _name_and_cancelled(line: rx.vars.ObjectVar[LineView]) -> rx.Component:
    return rx.fragment(_name(line), _cancelled(line))


def _cancelled(line: rx.vars.ObjectVar[LineView]) -> rx.Component:
    """That less of it leaves than was ordered."""
    return rx.cond(line.cancelled != "", rx.el.div(quiet(line.cancelled, small=True)))


def _name_and_sku(line: rx.vars.ObjectVar[LineView]) -> rx.Component:
    return rx.fragment(
        line.name,
        quiet(" · ", line.sku),
        rx.cond(line.options != "", options(line.options)),
        _cancelled(line),
    )


def _amount(quantity: rx.Var[str]) -> rx.Var[str]:
    return rx.cond(quantity != "", quantity, "–")
