"""The block of payment: the method, what is open, `Paid`, `Not paid`, and the invoices as one PDF (W-2, W-3)."""

import reflex as rx

from backoffice_app.pages.order_window.buttons import ABOUT, ASKED, action_button, closing, enabled, keep, kept, wrong, wrong_beside
from backoffice_app.state.order import OrderState
from backoffice_app.ui.button import button, icon_button
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.field import field
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.layout import block as brick
from backoffice_app.ui.layout import ends, figure, item, items, quiet, row, stack, strong
from backoffice_app.ui.native_form import open_form
from backoffice_app.ui.select import select
from backoffice_app.ui.texts import _

V = OrderState.view
DETAILS = "pay-with-details"


def block() -> rx.Component:
    """Not there for who may not see money."""
    return rx.cond(V.sees_prices, brick(_("Payment"), stack(_state(), _buttons(), _booked(), _print(), wide=True), key="payment"))


def _state() -> rx.Component:
    open_amount = rx.el.span(strong(figure(V.open_amount)), " ", _("open"))
    return ends(rx.el.span(V.payment_method), rx.cond(V.open_amount != "", open_amount, quiet(_("Nothing open"))))


def _buttons() -> rx.Component:
    details = icon_button("chevron-down", _("Paid with date and amount"), key=DETAILS, on_click=OrderState.open("pay", ABOUT, ""))
    return row(
        action_button("pay", look="solid", shortcut="p"),
        rx.cond(enabled("pay"), details),
        action_button("not-paid"),
    )


def _booked() -> rx.Component:
    return rx.cond(
        V.payments.length() > 0,
        items(
            rx.foreach(
                V.payments,
                lambda p: item(rx.el.span(figure(p.date), " · ", p.method, quiet(" · ", p.by), class_name="grow"), figure(p.amount)),
            ),
            name=_("Payments"),
        ),
    )


def _print() -> rx.Component:
    why_not = rx.cond(V.documents.length() > 0, "", _("The order has no invoice yet."))
    return open_form(
        joined("/orders/", V.number, "/invoices.pdf"),
        row(
            button(
                _("Print invoices"), picture="printer", submit=True, key="print-invoices", why_not=why_not, title=_("Opens in a new tab")
            ),
            rx.cond(V.languages.length() > 1, select("language", V.languages, label=_("Invoice language"), value=V.language, narrow=True)),
        ),
        key=V.number,
    )


def dialog_with_details() -> rx.Component:
    """`Paid` with another date, amount or method than today, the open amount and the order's."""
    form = dialog_form(
        field(
            _("Amount"),
            "amount",
            value=kept("amount", ""),
            hint=_("Empty: all that is open"),
            error=wrong("amount"),
            input_mode="decimal",
            placeholder=V.open_amount,
        ),
        field(_("Date"), "booked_on", value=kept("booked_on", ""), type="date", hint=_("Empty: today"), error=wrong("booked_on")),
        field(_("Method"), "method", value=kept("method", V.payment_method), error=wrong("method")),
        on_submit=OrderState.act("pay", ASKED),
        on_typed=keep(),
        submit=_("Paid"),
        error=wrong_beside("amount", "booked_on", "method"),
    )
    title = _("Paid with date and amount")
    return dialog(title, form, shown=OrderState.form == "pay", on_open_change=closing, opener=DETAILS)
