"""The block of payment: the method, what is open, `Paid`, `Not paid`, and the invoices as one PDF (W-2, W-3)."""

import reflex as rx

from backoffice_app.domain.window.blocks.payment import (
    CHARGE_BACK,
    CREDIT_BACK,
    DETAILS,
    KEEP,
    MOVE,
    MOVE_BACK,
    REFUND,
    USE,
    WON,
    PaymentBlock,
    PaymentView,
    RefundView,
)
from backoffice_app.pages.order_window.buttons import (
    ABOUT,
    ASKED,
    action_button,
    closing,
    enabled,
    keep,
    kept,
    known_as,
    may,
    next_step,
    said_at,
    sure,
    tell_customer,
    wrong,
    wrong_beside,
)
from backoffice_app.pages.order_window.components import draws, draws_dialog
from backoffice_app.state.order import OrderState
from backoffice_app.state.order_blocks import Blocks, Dialogs
from backoffice_app.ui.badge import state
from backoffice_app.ui.button import button, icon_button, joined_controls, split
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.field import field, hidden_field, select_field
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.layout import block as brick
from backoffice_app.ui.layout import (
    figure,
    grow,
    item,
    items,
    kept_line,
    line,
    quiet,
    row,
    stack,
    strong,
    whole_line,
)
from backoffice_app.ui.letter import letter
from backoffice_app.ui.native_form import open_form
from backoffice_app.ui.select import select
from backoffice_app.ui.texts import _

V = OrderState.view
P = Blocks.payment
R = Dialogs.refund


@draws("payment")
def block(v: rx.Var[PaymentBlock]) -> rx.Component:
    """What is open, the steps with a kept line under them, the invoices to print; then what was booked, where that is
    more than one.
    """
    return brick(
        _("Payment"), _state(v), _steps(v), _print(v), _booked(v), _back(v), action=_offered(), key="payment"
    )


def _offered() -> rx.Component:
    """What can be done with money that came, at the right of the title, so that nothing below moves when it comes."""

    def one(action: str) -> rx.Component:
        return action_button(action, look="text", on_click=OrderState.open(action, ABOUT, ""))

    record = rx.cond(enabled(REFUND) & (Blocks.head.next_step != REFUND), one(REFUND))
    return row(record, *(rx.cond(enabled(action), one(action)) for action in (MOVE, KEEP, CHARGE_BACK)))


def _state(v: rx.Var[PaymentBlock]) -> rx.Component:
    open_amount = rx.el.span(strong(figure(v.open_amount), " ", _("open")))
    too_much = rx.el.span(
        strong(figure(v.surplus)), " ", rx.cond(v.is_cancelled, _("to refund"), _("too much"))
    )
    nothing = quiet(rx.cond(v.is_cancelled, _("Nothing to refund"), _("Nothing open")))
    method = rx.el.span(
        v.method, rx.cond(v.due != "", quiet(" · ", figure(v.due), small=True)), class_name="cut"
    )
    return line(
        method, rx.cond(v.surplus != "", too_much, rx.cond(v.open_amount != "", open_amount, nothing))
    )


def _steps(v: rx.Var[PaymentBlock]) -> rx.Component:
    """`Paid` sends the form, so that the mail can be left out.

    Done, it stays where it was, and the line says when and how much.
    """
    can = enabled("pay")
    look = next_step("pay", is_open=can, is_done=v.paid != "")
    details = icon_button(
        "chevron-down",
        _("Paid with date and amount"),
        key=DETAILS,
        look=rx.cond(Blocks.head.next_step == "pay", "solid", "tint").to(str),
        on_click=OrderState.open("pay", ABOUT, ""),
    )
    pay = action_button("pay", look=look, submit=True, says="elsewhere")
    refund = action_button(REFUND, look=next_step(REFUND), on_click=OrderState.open(REFUND, ABOUT, ""))
    why = rx.cond(v.paid != "", figure(v.paid), rx.cond(can | _is_said(), "", known_as("pay").reason))
    return rx.el.form(
        rx.el.div(
            rx.cond(Blocks.head.next_step == REFUND, refund, split(pay, rx.cond(can, details))),
            rx.el.span(action_button("not-paid", says="elsewhere"), class_name="push"),
            class_name="line",
        ),
        rx.el.div(rx.cond(can, tell_customer(small=True)), kept_line(why), class_name="beside"),
        rx.cond(v.credit != "", line(rx.el.span(_("Credit"), " ", strong(figure(v.credit))), _use())),
        on_submit=OrderState.act("pay", ABOUT),
        key=joined("pay-", V.number),
    )


def _use() -> rx.Component:
    """Pays from the credit of the customer; beside what it has."""
    return rx.cond(enabled(USE), action_button(USE, look="text", on_click=OrderState.open(USE, ABOUT, "")))


def _is_said() -> rx.Var[bool]:
    """Whether a line above the blocks says why nothing can be done."""
    return said_at(known_as("pay").reason) != ""


def _booked(v: rx.Var[PaymentBlock]) -> rx.Component:
    """What stands, then what was taken back with its counter-entries; folded away, since most orders are paid once."""
    lines = items(rx.foreach(v.payments, _line), rx.foreach(v.taken, _taken), name=_("Payments"))
    return rx.cond(
        v.booked_word != "", rx.el.details(rx.el.summary(v.booked_word), lines, class_name="folded")
    )


def _line(payment: rx.Var[PaymentView]) -> rx.Component:
    """One booking."""
    about = rx.cond(payment.url != "", rx.el.a(payment.about, href=payment.url), payment.about)
    who = rx.el.span(figure(payment.date), " · ", payment.method, quiet(" · ", payment.by), class_name="grow")
    name = joined(payment.back_word, " ", payment.amount)
    back = icon_button("undo-2", name, on_click=OrderState.act(payment.back, ABOUT, {"payment": payment.id}))
    others = ((action, enabled(action)) for action in (MOVE_BACK, WON, CREDIT_BACK))
    can = rx.match(payment.back, *others, enabled("not-paid"))
    why = rx.cond(payment.about != "", whole_line(quiet(about, small=True)))
    return item(who, figure(payment.amount), rx.cond((payment.id != "") & can, back), why)


def _taken(payment: rx.Var[PaymentView]) -> rx.Component:
    """A booking and its counter-entry as one line, with when and by whom it was taken back."""
    return item(
        rx.el.s(figure(payment.date), " · ", payment.method, " · ", payment.by, class_name="grow quiet-text"),
        rx.el.s(figure(payment.amount), class_name="quiet-text"),
        whole_line(quiet(payment.taken_back, small=True)),
    )


def _back(v: rx.Var[PaymentBlock]) -> rx.Component:
    """What goes back to the customer, and what can (PAY-2)."""
    listed = items(rx.foreach(v.refunds, _refund), name=_("Refunds"))
    return rx.fragment(
        rx.cond(v.refunds.length() > 0, listed), rx.cond(v.advice != "", quiet(v.advice, small=True))
    )


def _refund(refund: rx.Var[RefundView]) -> rx.Component:
    """One refund, and what can be noted of it; that it is done sends the form, so that the mail can be left out."""
    who = quiet(figure(refund.date), " · ", refund.method, " · ", refund.by, small=True)

    def step(one: rx.Var[tuple[str, str]]) -> rx.Component:
        shared = {
            "look": "text",
            "key": joined("refund-", refund.number, "-", one[0]),
            "aria_label": joined(_("Refund of"), " ", refund.amount, ": ", one[1]),
        }
        noted = OrderState.act("settle-refund", ABOUT, {"refund": refund.number, "state": one[0]})
        return rx.cond(
            one[0] == "done", button(one[1], submit=True, **shared), button(one[1], on_click=noted, **shared)
        )

    steps = rx.el.form(
        hidden_field("refund", refund.number),
        hidden_field("state", "done"),
        stack(row(rx.foreach(refund.steps, step)), rx.cond(refund.can_end, tell_customer())),
        on_submit=OrderState.act("settle-refund", ABOUT),
    )
    why = rx.cond(refund.reason != "", quiet(refund.reason, small=True))
    return item(
        grow(rx.el.div(_("Refund"), " ", figure(refund.amount)), rx.el.div(who), why),
        state(refund.state),
        rx.cond(may("settle-refund") & (refund.steps.length() > 0), whole_line(steps)),
    )


@draws_dialog(REFUND)
def refund_dialog() -> rx.Component:
    """How much goes back, how, and how far it is."""
    form = dialog_form(
        hidden_field("key", R.key),
        rx.cond(R.beyond != "", quiet(R.beyond, small=True)),
        field(
            _("Amount"),
            "amount",
            value=kept("amount", R.amount),
            hint=joined(_("At most"), " ", R.most),
            error=wrong("amount"),
            input_mode="decimal",
            auto_complete="off",
        ),
        field(_("Method"), "method", value=kept("method", R.method), error=wrong("method")),
        select_field(_("State"), "state", R.states, value="done", error=wrong("state"), key="refund-state"),
        _day(),
        field(_("Reason"), "reason", value=kept("reason", ""), error=wrong("reason"), max_length=500),
        tell_customer(label=_("Notify customer once it is done")),
        _refund_mail(),
        sure(),
        on_submit=OrderState.act(REFUND, ASKED),
        on_typed=keep(),
        submit=_("Record refund"),
        error=wrong_beside("amount", "method", "state", "booked_on", "reason"),
    )
    what = _("Kontor notes the refund; it moves no money.")
    return dialog(
        _("Record refund"),
        form,
        shown=OrderState.form == REFUND,
        on_open_change=closing,
        opener=REFUND,
        description=what,
    )


def _refund_mail() -> rx.Component:
    """The mail about the amount that the form starts with; that one stands beside the word, as another may be typed."""
    lines = R.letter
    subject = rx.el.div(strong(lines[0]), lang=lines[2], dir="auto")
    caption = quiet(_("Preview"), " · ", figure(R.amount), small=True)
    return rx.cond(lines.length() > 0, stack(caption, subject, letter(lines[1], lines[2], _("Preview"))))


def _print(v: rx.Var[PaymentBlock]) -> rx.Component:
    """The button and the language it prints in are one; without an invoice the block of the invoices says so."""
    why_not = rx.cond(v.prints, "", _("The order has no invoice yet."))
    printing = button(
        _("Print invoices"),
        picture="printer",
        submit=True,
        key="print-invoices",
        why_not=why_not,
        says="elsewhere",
        title=_("Opens in a new tab"),
    )
    language = select("language", v.languages, label=_("Invoice language"), value=V.language, narrow=True)
    return open_form(
        joined("/orders/", V.number, "/invoices.pdf"),
        joined_controls(printing, rx.cond(v.languages.length() > 1, language)),
        key=joined("print-", V.number),
    )


def _day() -> rx.Component:
    """When money moved, for what is booked later than it did."""
    return field(
        _("Date"),
        "booked_on",
        value=kept("booked_on", ""),
        type="date",
        hint=_("Empty: today"),
        error=wrong("booked_on"),
    )


@draws_dialog("pay")
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
            placeholder=P.open_amount,
        ),
        _day(),
        field(_("Method"), "method", value=kept("method", P.method), error=wrong("method")),
        tell_customer(),
        sure(),
        on_submit=OrderState.act("pay", ASKED),
        on_typed=keep(),
        submit=_("Paid"),
        error=wrong_beside("amount", "booked_on", "method"),
    )
    title = _("Paid with date and amount")
    return dialog(title, form, shown=OrderState.form == "pay", on_open_change=closing, opener=DETAILS)
