"""Invoices and credit notes: the block, the dialog of one, the tab (W-4, T-3, INV-5)."""

import reflex as rx

from backoffice_app.domain.window.views import DocumentView
from backoffice_app.pages.order_window.buttons import ABOUT, ASKED, action_button, closing, enabled
from backoffice_app.state.order import OrderState
from backoffice_app.ui.badge import badge
from backoffice_app.ui.button import icon_button
from backoffice_app.ui.dialog import dialog
from backoffice_app.ui.empty import empty, empty_line
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.layout import block as brick
from backoffice_app.ui.layout import facts, figure, grow, item, items, new_tab, panel, quiet, row
from backoffice_app.ui.table import Column, table
from backoffice_app.ui.texts import _

V = OrderState.view
D = OrderState.document
Document = rx.Var[DocumentView]


def block() -> rx.Component:
    """Not there for who may not see money."""
    create = rx.cond(enabled("invoice"), action_button("invoice", look="text"))
    listed = rx.cond(V.documents.length() > 0, items(rx.foreach(V.documents, _line), name=_("Invoices")), empty_line(_("No invoice yet.")))
    return rx.cond(V.sees_prices, brick(_("Invoices"), listed, action=create, key="invoices"))


def _line(document: Document) -> rx.Component:
    due = rx.cond(document.due != "", rx.el.span(" · ", _("due"), " ", document.due))
    below = quiet(document.kind, " · ", figure(document.date), due, " · ", figure(document.total), small=True)
    return item(
        grow(rx.el.div(_number(document)), rx.el.div(below)),
        badge(document.state.tone, document.state.icon, document.state.label),
        _edit(document),
    )


def _number(document: Document) -> rx.Component:
    return new_tab(document.number, document.pdf_url)


def _edit(document: Document) -> rx.Component:
    name = _("Edit invoice") + " " + document.number
    return icon_button("info", name, key=joined("edit-", document.number), on_click=OrderState.open("invoice", ABOUT, document.number))


def edit_dialog() -> rx.Component:
    """Paid or not paid, and sending it (INV-5)."""
    known = facts(
        (_("Kind"), D.kind),
        (_("Date"), figure(D.date)),
        (_("Due"), figure(rx.cond(D.due != "", D.due, "–"))),
        (_("Total"), figure(D.total)),
        (_("State"), badge(D.state.tone, D.state.icon, D.state.label)),
        (_("Sent"), figure(rx.cond(D.sent != "", D.sent, _("Not yet")))),
    )
    send = action_button(
        "send-invoice",
        key="send-this-invoice",
        label=rx.cond(D.sent != "", _("Send again"), _("Send")),
        on_click=OrderState.act("send-invoice", ASKED, {"number": D.number}),
    )
    return dialog(
        _("Edit invoice") + " " + D.number,
        known,
        rx.el.div(rx.cond(OrderState.wrong != "", rx.el.p(OrderState.wrong, class_name="errors")), role="alert"),
        row(
            action_button("pay", look="solid", key="pay-invoice", about=ASKED),
            action_button("not-paid", key="unpay-invoice", about=ASKED),
            send,
        ),
        shown=OrderState.form == "invoice",
        on_open_change=closing,
        opener=joined("edit-", D.number),
    )


def tab() -> rx.Component:
    """All of them with kind, dates, amounts, state, and when they were sent (T-3)."""
    nothing = empty(
        "file-text", _("No invoice yet."), _("It is made when the order comes in, when it is paid, or by hand: that is a setting.")
    )
    rows = table(
        _("Invoices"),
        [
            Column(_("Number"), _number, place=1),
            Column(_("Kind"), lambda d: d.kind, place=3),
            Column(_("Date"), lambda d: figure(d.date), place=5),
            Column(_("Due"), lambda d: figure(d.due)),
            Column(_("State"), lambda d: badge(d.state.tone, d.state.icon, d.state.label), place=4),
            Column(_("Sent"), lambda d: figure(d.sent)),
            Column(_("Total"), lambda d: d.total, number=True, place=2),
        ],
        V.documents,
        cards=True,
    )
    return panel(rx.cond(V.documents.length() > 0, rows, nothing))
