"""Invoices and credit notes: the block, the dialog of one, the tab (W-4, T-3, INV-5)."""

import reflex as rx

from backoffice_app.domain.window.blocks.invoices import CREATE, EDIT, TAX_CASE, DocumentView, InvoicesView
from backoffice_app.pages.order_window import credit_note
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
from backoffice_app.state.order_blocks import Blocks, Dialogs
from backoffice_app.ui.badge import state
from backoffice_app.ui.button import icon_button
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.empty import empty, empty_line
from backoffice_app.ui.field import field, hidden_field, select_field
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.layout import block as brick
from backoffice_app.ui.layout import (
    facts,
    figure,
    grow,
    item,
    items,
    new_tab,
    panel,
    quiet,
    row,
    side_by_side,
    stack,
    strong,
)
from backoffice_app.ui.table import Column, table
from backoffice_app.ui.texts import _

C = Blocks.customer
N = Blocks.invoices.needs
E = Dialogs.invoice
D = Dialogs.invoice.document
Document = rx.Var[DocumentView]


@draws("invoices")
def block(v: rx.Var[InvoicesView]) -> rx.Component:
    """Each with its state, or what an invoice needs."""
    create = rx.cond(
        enabled("invoice"), action_button("invoice", look="text", on_click=OrderState.open(CREATE, ABOUT, ""))
    )
    listed = rx.cond(
        v.documents.length() > 0, items(rx.foreach(v.documents, _line), name=_("Invoices")), _needs()
    )
    credit = rx.cond(v.documents.length() > 0, credit_note.opener())
    return brick(_("Invoices"), listed, action=row(create, credit), key="invoices")


def _needs() -> rx.Component:
    """Why there is no invoice yet, what it lacks, and the way to choose the tax case (INV-1)."""
    choose = action_button("choose-tax-case", on_click=OrderState.open(TAX_CASE, ABOUT, ""))
    missing = items(
        rx.foreach(N.missing, lambda sentence: item(rx.el.span(sentence))), name=_("What the invoice lacks")
    )
    return stack(
        rx.cond(N.head != "", rx.el.p(strong(N.head)), empty_line(_("No invoice yet."))),
        rx.cond(N.missing.length() > 0, missing),
        rx.cond(N.cases.length() > 0, rx.el.div(choose)),
    )


@draws_dialog(TAX_CASE)
def tax_case_dialog() -> rx.Component:
    """A person says why no VAT is due, or how much is contained in the prices (INV-1)."""
    form = dialog_form(
        select_field(
            _("Tax case"),
            "category",
            N.cases,
            value=kept("category", N.suggested),
            error=wrong("category"),
            key="tax-category",
        ),
        field(
            _("VAT rate in per cent"),
            "rate",
            value=kept("rate", ""),
            hint=_("Only where VAT is contained in the price."),
            error=wrong("rate"),
            input_mode="decimal",
            key="tax-rate",
        ),
        field(
            _("VAT ID of the customer"),
            "vat_id",
            value=kept("vat_id", C.vat_id),
            error=wrong("vat_id"),
            auto_complete="off",
            spell_check=False,
            key="tax-vat-id",
        ),
        on_submit=OrderState.act("choose-tax-case", ASKED),
        on_typed=keep(),
        submit=_("Save"),
        error=wrong_beside("category", "rate", "vat_id"),
    )
    said = _("It holds for all parts of the order of which it is not clear why they have 0 % VAT.")
    told = rx.cond(N.at_once != "", joined(said, " ", N.at_once), said)
    title = _("Choose tax case")
    return dialog(
        title,
        form,
        shown=OrderState.form == TAX_CASE,
        on_open_change=closing,
        opener="choose-tax-case",
        description=told,
    )


def _line(document: Document) -> rx.Component:
    due = rx.cond(document.due != "", rx.el.span(" · ", _("due"), " ", document.due))
    of = rx.cond(document.credits != "", rx.el.span(" · ", _("for", "invoice"), " ", document.credits))
    below = quiet(document.kind, of, " · ", figure(document.date), due, small=True)
    return item(
        grow(rx.el.div(_number(document)), rx.el.div(below)),
        state(document.state),
        figure(document.total),
        _edit(document),
    )


def _kind(document: Document) -> rx.Component:
    return rx.el.span(
        document.kind,
        rx.cond(document.credits != "", rx.el.span(" · ", _("for", "invoice"), " ", document.credits)),
    )


def _sent(document: Document, else_: rx.Var[str] | str) -> rx.Component:
    """When it was sent last, and to whom."""
    to = rx.cond(document.sent_to != "", rx.el.span(" · ", document.sent_to))
    return rx.el.span(figure(rx.cond(document.sent != "", document.sent, else_)), to)


def _number(document: Document) -> rx.Component:
    return new_tab(document.number, document.pdf_url)


def _edit(document: Document) -> rx.Component:
    name = _("Edit invoice") + " " + document.number
    return icon_button(
        "info",
        name,
        look="blue",
        key=joined("edit-", document.number),
        on_click=OrderState.open(EDIT, ABOUT, document.number),
    )


@draws_dialog(CREATE)
def create_dialog() -> rx.Component:
    """Asked first: a number that was drawn is never given back (INV-2)."""
    known = facts((_("Customer"), C.name), (_("Total"), figure(Blocks.head.total)))
    form = dialog_form(
        known,
        sure(),
        on_submit=OrderState.act("invoice", ASKED),
        submit=_("Create"),
        error=OrderState.wrong,
    )
    what = _(
        "The invoice gets the next number and can't be deleted: only a cancellation document takes it back."
    )
    return dialog(
        _("Create invoice"),
        form,
        shown=OrderState.form == CREATE,
        on_open_change=closing,
        opener="invoice",
        description=what,
    )


@draws_dialog(EDIT)
def edit_dialog() -> rx.Component:
    """Paid or not paid, delivery time and own text, sending it, and taking it back (INV-5, INV-13, W-17)."""
    known = facts(
        (_("Kind"), D.kind),
        (_("Date"), figure(D.date)),
        (_("Due"), figure(rx.cond(D.due != "", D.due, "–"))),
        (_("Total"), figure(D.total)),
        (_("State"), state(D.state)),
        (_("Sent"), _sent(D, _("Not yet"))),
    )
    pay = OrderState.act("pay", ASKED, {"amount": D.pays})
    send = action_button(
        "send-invoice",
        key="send-this-invoice",
        label=rx.cond(D.sent != "", _("Send again"), _("Send")),
        on_click=OrderState.act("send-invoice", ASKED, {"number": D.number}),
    )
    return dialog(
        _("Edit invoice") + " " + D.number,
        known,
        rx.el.div(
            rx.cond(OrderState.wrong != "", rx.el.p(OrderState.wrong, class_name="errors")), role="alert"
        ),
        rx.cond(
            D.is_invoice,
            row(
                action_button("pay", look="solid", key="pay-invoice", about=ASKED, on_click=pay),
                action_button("not-paid", key="unpay-invoice", about=ASKED),
            ),
            _paid_out(),
        ),
        rx.cond(D.is_invoice & enabled("edit-invoice"), _says()),
        row(send),
        rx.cond(C.mail_to != "", quiet(_("The mail goes to"), " ", C.mail_to, small=True)),
        rx.cond(
            D.is_invoice,
            row(
                action_button(
                    "correct-invoice",
                    on_click=OrderState.act("correct-invoice", ASKED, {"invoice": D.number}),
                ),
                action_button(
                    "cancel-invoice", on_click=OrderState.act("cancel-invoice", ASKED, {"invoice": D.number})
                ),
            ),
        ),
        shown=OrderState.form == EDIT,
        on_open_change=closing,
        opener=joined("edit-", D.number),
    )


def _paid_out() -> rx.Component:
    """A credit note is paid once its amount is refunded, and not paid if the refund came back (INV-6)."""
    return row(
        action_button(
            "refund",
            look="solid",
            key="pay-credit-note",
            label=_("Paid"),
            why_not=rx.cond(D.owes != "", "", _("It is settled: nothing is to be refunded.")),
            about=ASKED,
            on_click=OrderState.act("refund", ASKED, {"amount": D.owes, "document": D.number}),
        ),
        action_button(
            "settle-refund",
            key="unpay-credit-note",
            label=_("Not paid"),
            why_not=rx.cond(D.refund != "", "", _("No refund was recorded for it.")),
            about=ASKED,
            on_click=OrderState.act("settle-refund", ASKED, {"refund": D.refund, "state": "failed"}),
        ),
    )


def _says() -> rx.Component:
    """What the invoice says besides its figures: a delivery time, as a text or a day, and a text of the shop's own
    (INV-13).
    """
    return dialog_form(
        hidden_field("number", D.number),
        side_by_side(
            select_field(
                _("Delivery time"),
                "delivery_time",
                E.texts,
                value=kept("delivery_time", E.delivery_time),
                key="delivery-time",
            ),
            field(
                _("Delivery day"),
                "delivery_day",
                value=kept("delivery_day", E.day),
                error=wrong("delivery_day"),
                type="date",
                key="delivery-day",
            ),
        ),
        field(
            _("Own text"),
            "own_text",
            value=kept("own_text", E.own_text),
            error=wrong("own_text"),
            lines=3,
            key="own-text",
        ),
        rx.cond(E.version != "", quiet(_("Version"), " ", E.version, small=True)),
        sure(),
        on_submit=OrderState.act("edit-invoice", ASKED),
        on_typed=keep(D.number),
        submit=_("Save"),
        look="soft",
    )


@draws("invoice-list")
def tab(v: rx.Var[InvoicesView]) -> rx.Component:
    """All of them with kind, dates, amounts, state, and when they were sent (T-3)."""
    nothing = empty(
        "file-text",
        _("No invoice yet."),
        _("It is made when the order comes in, is paid, is shipped, or by hand: that is a setting."),
    )
    rows = table(
        _("Invoices"),
        [
            Column(_("Number"), _number, place=1),
            Column(_("Kind"), _kind, place=3),
            Column(_("Date"), lambda d: figure(d.date), place=5),
            Column(_("Due"), lambda d: figure(d.due)),
            Column(_("State"), lambda d: state(d.state), place=4),
            Column(_("Sent"), lambda d: _sent(d, "")),
            Column(_("Total"), lambda d: d.total, number=True, place=2),
        ],
        v.documents,
        cards=True,
    )
    return panel(rx.cond(v.documents.length() > 0, rows, nothing))
