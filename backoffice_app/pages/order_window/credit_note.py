"""The dialog `Create credit note`: what is credited at the left, the credit note as it would be issued beside it (W-4,
INV-6).
"""

import reflex as rx

from backoffice_app.domain.window.blocks.credit import CREDIT, CreditLineView
from backoffice_app.pages.order_window.buttons import (
    ABOUT,
    ASKED,
    action_button,
    closing,
    sure,
    wrong,
    wrong_beside,
)
from backoffice_app.pages.order_window.components import draws_dialog
from backoffice_app.state.credit_note import CreditNoteState
from backoffice_app.state.order import OrderState
from backoffice_app.state.order_blocks import Dialogs
from backoffice_app.state.order_calls import BOX
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.field import field, hidden_field, select_field
from backoffice_app.ui.form_table import form_amount, form_line, form_table, number_cell, tick_cell
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.layout import figure, live_facts, quiet, side_by_side, stack, strong
from backoffice_app.ui.texts import _

S = CreditNoteState
D = Dialogs.credit_note
P = CreditNoteState.preview
QUANTITY, RESTOCK = "quantities.", "restock."


def opener() -> rx.Component:
    """The button at the right of the block `Invoices`."""
    return action_button(CREDIT, look="text", on_click=S.begin(ABOUT, ""))


@draws_dialog(CREDIT)
def credit_dialog() -> rx.Component:
    """Which invoice, how much of each line, costs, amounts, a fee kept back; the preview follows what is typed."""
    which = select_field(
        _("Invoice"), "invoice", D.invoices, value=D.number, on_change=lambda number: S.begin(ABOUT, number)
    )
    form = dialog_form(
        rx.cond(D.invoices.length() > 1, which, hidden_field("invoice", D.number)),
        _grid(),
        side_by_side(
            field(
                _("What the fee is for"),
                "fee_reason",
                error=wrong("fee_reason"),
                max_length=200,
                key="credit-fee-reason",
            ),
            field(_("Reason"), "reason", error=wrong("reason"), max_length=500, key="credit-reason"),
        ),
        sure(),
        on_submit=S.send(ASKED),
        on_typed=lambda name, text, kind: S.typed(ASKED, name, text, kind),
        ticks=True,
        note=_("It is issued at once and can't be changed."),
        submit=_("Create", "document"),
        error=rx.cond(
            OrderState.wrong_field.startswith(QUANTITY),
            "",
            wrong_beside("shipping", "payment_cost", "reduction", "amount", "fee", "fee_reason", "reason"),
        ),
    )
    left = joined(_("Invoice"), " ", D.number, " · ", _("left to credit:"), " ", D.total_left, ".")
    return dialog(
        _("Create credit note"),
        form,
        shown=OrderState.form == CREDIT,
        on_open_change=closing,
        opener=CREDIT,
        description=left + " " + _("All amounts include VAT."),
        preview=_preview(),
    )


def _grid() -> rx.Component:
    """What is credited: a row for each line with its quantity, stock and amount; then costs and amounts."""
    shipping = _amount("shipping", _("Shipping"), D.shipping_name, D.shipping)
    payment_cost = _amount("payment_cost", _("Payment cost"), D.payment_name, D.payment_cost)
    return form_table(
        (_("Line", "of an order"), _("Quantity"), _("Stock", "whether it goes back"), _("Amount")),
        rx.foreach(D.lines, _line),
        rx.cond(D.shipping != "", shipping),
        rx.cond(D.payment_cost != "", payment_cost),
        _amount("reduction", _("Price reduction")),
        _amount("amount", _("Amount without a line"), _("Spread over the VAT rates.")),
        _amount("fee", _("Fee kept back"), _("Is deducted.")),
        name=_("What is credited"),
    )


def _line(line: rx.Var[CreditLineView]) -> rx.Component:
    name, box = joined(QUANTITY, line.rank), joined(RESTOCK, line.rank)
    key = joined("credit-", D.number, "-", line.rank)
    tick = rx.fragment(
        hidden_field(joined(BOX, box), "1"), tick_cell(_("Back into stock of") + " " + line.sku, box)
    )
    amount = rx.cond(P.amounts.contains(line.rank), P.amounts[line.rank], D.nothing)
    return form_line(
        line.name,
        number_cell(_("Quantity of") + " " + line.sku, name, value=line.left, error=wrong(name), key=key),
        rx.cond(line.can_return, tick, quiet("–")),
        figure(rx.cond(P.wrong != "", "–", amount)),
        about=line.about,
        error=wrong(name),
        key=key,
    )


def _amount(
    name: str, label: rx.Var[str], about: rx.Var[str] | str = "", value: rx.Var[str] | str = ""
) -> rx.Component:
    return form_amount(
        label, name, about=about, value=value, error=wrong(name), key=joined("credit-", name, "-", D.number)
    )


def _preview() -> rx.Component:
    """The document with its number, and what follows; read out when it changes."""
    total = [rx.el.span(strong(_("Total"))), rx.el.span(strong(figure(P.total)))]
    document = stack(
        rx.el.div(strong(P.title)),
        quiet(P.about, small=True),
        rx.el.div(rx.foreach(P.rows, _row), class_name="letter-lines"),
        rx.el.div(*total, rx.foreach(P.sums, _row), class_name="letter-lines"),
        card=True,
    )
    shown = stack(document, rx.el.h3(_("Then")), live_facts(P.after), wide=True)
    return rx.el.section(
        rx.el.h3(_("As it will be issued")),
        rx.cond(P.wrong != "", quiet(P.wrong), shown),
        class_name="preview stack",
        aria_label=_("Preview"),
        aria_live="polite",
    )


def _row(row: rx.Var[list[str]]) -> rx.Component:
    """What it is, below it how many at which price, and the amount at the end."""
    what = rx.el.div(rx.el.div(row[0]), rx.cond(row[1] != "", rx.el.div(quiet(row[1], small=True))))
    return rx.fragment(what, rx.el.span(row[2]))
