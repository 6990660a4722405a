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
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.field import check, field, hidden_field, quantity_field, select_field
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.layout import figure, live_facts, quiet, side_by_side, stack, strong
from backoffice_app.ui.texts import _

S = CreditNoteState
D = Dialogs.credit_note
P = CreditNoteState.preview
QUANTITY = "quantities."


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
        rx.foreach(D.lines, _line),
        check(_("Put what comes back into stock"), "restock"),
        side_by_side(
            rx.cond(D.shipping != "", _amount("shipping", _("Shipping"), D.shipping)),
            rx.cond(D.payment_cost != "", _amount("payment_cost", _("Payment cost"), D.payment_cost)),
        ),
        side_by_side(
            _amount("reduction", _("Price reduction"), ""), _amount("amount", _("Amount without a line"), "")
        ),
        side_by_side(
            _amount("fee", _("Fee kept back"), ""),
            field(
                _("What the fee is for"),
                "fee_reason",
                error=wrong("fee_reason"),
                max_length=200,
                key="credit-fee-reason",
            ),
        ),
        field(_("Reason"), "reason", error=wrong("reason"), max_length=500, key="credit-reason"),
        quiet(_("All amounts include VAT. It is issued at once and can't be changed."), small=True),
        sure(),
        on_submit=S.send(ASKED),
        on_typed=lambda name, text, kind: S.typed(ASKED, name, text, kind),
        submit=_("Create", "document"),
        error=rx.cond(
            OrderState.wrong_field.startswith(QUANTITY),
            "",
            wrong_beside("shipping", "payment_cost", "reduction", "amount", "fee", "fee_reason", "reason"),
        ),
    )
    left = joined(_("Invoice"), " ", D.number, " · ", _("left to credit:"), " ", D.total_left)
    return dialog(
        _("Create credit note"),
        form,
        shown=OrderState.form == CREDIT,
        on_open_change=closing,
        opener=CREDIT,
        description=left,
        preview=_preview(),
    )


def _line(line: rx.Var[CreditLineView]) -> rx.Component:
    name = joined(QUANTITY, line.rank)
    return quantity_field(
        _("Quantity of") + " " + line.sku,
        name,
        what=joined(line.name, " · ", line.about),
        most=line.most,
        value=line.left,
        error=wrong(name),
        key=joined("credit-", D.number, "-", line.rank),
    )


def _amount(name: str, label: rx.Var[str], value: rx.Var[str] | str) -> rx.Component:
    return field(
        label,
        name,
        value=value,
        error=wrong(name),
        input_mode="decimal",
        auto_complete="off",
        key=joined("credit-", name, "-", D.number),
    )


def _preview() -> rx.Component:
    """The document with its number, and what follows; read out when it changes."""
    total = [rx.el.span(strong(_("Total"))), rx.el.span(), rx.el.span(strong(figure(P.total)))]
    document = stack(
        rx.el.div(strong(P.title)),
        quiet(P.about, small=True),
        rx.el.div(rx.foreach(P.rows, _row), class_name="letter-lines"),
        rx.el.div(*total, rx.foreach(P.sums, _row), class_name="letter-lines"),
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
    return rx.fragment(rx.el.span(row[0]), rx.el.span(row[1], class_name="quiet-text"), rx.el.span(row[2]))
