"""Returns: the block, the tab, and the dialogs to create, receive and complete one (W-10, T-5, RET-1, RET-3)."""

import reflex as rx

from backoffice_app.domain.window.blocks.returns import (
    APPROVE,
    CANCEL,
    COMPLETE,
    CREATE,
    RECEIVE,
    REJECT,
    WITHDRAW,
    DecideReturnView,
    PieceView,
    ReturnsView,
    ReturnView,
)
from backoffice_app.pages.order_window.buttons import (
    ABOUT,
    ASKED,
    action_button,
    closing,
    keep,
    kept,
    known_as,
    said_at,
    sure,
    tell_customer,
    wrong,
)
from backoffice_app.pages.order_window.components import draws, draws_dialog
from backoffice_app.state.order import OrderState
from backoffice_app.state.order_blocks import Dialogs
from backoffice_app.state.order_calls import BOX
from backoffice_app.ui.badge import badge, state
from backoffice_app.ui.button import button, icon_button
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.empty import empty, empty_line
from backoffice_app.ui.field import (
    check,
    combo_field,
    field,
    hidden_field,
    quantity_field,
    quantity_select,
    select_field,
)
from backoffice_app.ui.kinds import Child, Text, joined
from backoffice_app.ui.layout import block as brick
from backoffice_app.ui.layout import figure, grow, item, items, panel, quiet, row, stack, whole_line
from backoffice_app.ui.native_form import open_form
from backoffice_app.ui.table import Column, table
from backoffice_app.ui.texts import _

C = Dialogs.create_return
R = Dialogs.receive_return
D = Dialogs.complete_return
Return = rx.Var[ReturnView]


@draws("returns")
def block(v: rx.Var[ReturnsView]) -> rx.Component:
    """Number, state, what comes back and why; until when goods may come back; `Create return` makes one."""
    listed = items(rx.foreach(v.returns, lambda one: _line(one, v)), name=_("Returns"))
    period = rx.cond(v.period != "", quiet(v.period, small=True))
    why_not = known_as(CREATE).reason
    nothing = rx.cond(
        said_at(why_not) != "",
        rx.fragment(),
        empty_line(rx.cond(why_not != "", why_not, _("Nothing was shipped yet."))),
    )
    return brick(
        _("Returns"),
        rx.cond(v.returns.length() > 0, listed, rx.cond(v.period != "", rx.fragment(), nothing)),
        period,
        action=row(
            action_button(WITHDRAW, look="text", on_click=OrderState.open(WITHDRAW, ABOUT, "")),
            action_button(CREATE, look="text", says="elsewhere", on_click=OrderState.open(CREATE, ABOUT, "")),
        ),
        key="returns",
    )


def _line(one: Return, v: rx.Var[ReturnsView]) -> rx.Component:
    return item(
        grow(rx.el.a(figure(one.number), href=v.tab_url)),
        state(one.state),
        _print(one),
        whole_line(quiet(one.summary, small=True)),
        _clock(one),
    )


def _clock(one: Return) -> rx.Component:
    """When the customer withdrew, and until when their money goes back (RET-4)."""
    clock = rx.cond(one.is_late, badge("act", "triangle-alert", one.clock), quiet(one.clock, small=True))
    return rx.cond(
        one.withdrawn != "",
        whole_line(
            stack(quiet(_("Withdrawn"), " ", one.withdrawn, small=True), rx.cond(one.clock != "", clock))
        ),
    )


def _print(one: Return) -> rx.Component:
    return open_form(
        one.slip_url, icon_button("printer", _("Print return slip") + " " + one.number, submit=True)
    )


@draws("return-list")
def tab(v: rx.Var[ReturnsView]) -> rx.Component:
    """All returns with reason, action, quantity, amount credited and state, and what can be done with each (T-5)."""
    rows = table(
        _("Returns"),
        [
            Column(
                _("Number"),
                lambda one: stack(figure(one.number), quiet(figure(one.date), small=True)),
                place=1,
            ),
            Column(_("State"), lambda one: state(one.state), place=2),
            Column(_("Reason for return"), _reason, place=3),
            Column(_("Return action"), lambda one: _or_dash(one.action), place=4),
            Column(_("Quantity"), _quantity, place=5),
            Column(_("Amount credited"), _credited, number=True, place=6, named=True),
            Column(_("Actions"), _buttons, hide_head=True, place=7),
        ],
        v.returns,
        cards=True,
    )
    nothing = empty(
        "undo-2",
        _("No return yet."),
        _(
            "A return can be created as soon as something was shipped: press “Create return” in the tab Order."
        ),
    )
    return panel(rx.cond(v.returns.length() > 0, rows, nothing))


def _reason(one: Return) -> rx.Component:
    """Why, who pays the way back, and what was written about it."""
    return stack(
        _clock(one),
        _or_dash(one.reason),
        rx.cond(one.pays != "", quiet(_("Way back paid by:"), " ", one.pays, small=True)),
        _said(_("Comment of the customer:"), one.comment),
        _said(_("Note:"), one.note),
        _said(_("Message to the customer:"), one.message),
    )


def _said(word: Text, text: rx.Var[str]) -> rx.Component:
    return rx.cond(text != "", quiet(word, " ", text, small=True))


def _or_dash(text: rx.Var[str]) -> rx.Component:
    return rx.el.span(rx.cond(text != "", text, "–"))


def _quantity(one: Return) -> rx.Component:
    """How much, of what; and what arrived where that differs."""
    arrived = rx.el.div(
        quiet(_("Arrived:"), small=True),
        rx.foreach(one.arrived, lambda part: rx.el.div(quiet(part, small=True))),
    )
    return rx.el.div(
        figure(one.quantity),
        rx.foreach(one.what, lambda part: rx.el.div(quiet(part, small=True))),
        rx.cond(one.arrived.length() > 0, arrived),
    )


def _credited(one: Return) -> rx.Component:
    """What the credit notes of the return add up to, and what of it the customer has still to get."""
    return rx.el.div(
        rx.cond(one.credited != "", figure(one.credited), "–"),
        rx.cond(one.document != "", rx.el.div(quiet(figure(one.document), small=True))),
        rx.cond(
            one.to_refund != "", rx.el.div(quiet(_("To refund:"), " ", figure(one.to_refund), small=True))
        ),
    )


def _buttons(one: Return) -> rx.Component:
    return row(
        _button(APPROVE, _("Approve"), one, one.can_approve),
        _button(RECEIVE, _("Receive"), one, one.can_receive),
        _button(COMPLETE, _("Complete"), one, one.can_complete),
        _button(REJECT, _("Reject"), one, one.can_reject),
        _button(CANCEL, _("Cancel return"), one, one.can_cancel),
        _print(one),
        middle=True,
    )


def _button(action: str, word: rx.Var[str], one: Return, shown: rx.Var[bool]) -> rx.Component:
    """Named with the number of the return: "Receive R-2026-0001"."""
    does = OrderState.open(action, ABOUT, one.number)
    return rx.cond(
        shown,
        button(word, key=joined(action, "-", one.number), on_click=does, aria_label=word + " " + one.number),
    )


@draws_dialog(CREATE)
def create_dialog() -> rx.Component:
    """How much of each shipped line comes back, 0 to begin with; reason, action and what was said (RET-1)."""
    form = dialog_form(
        rx.foreach(C.lines, _leaving),
        combo_field(
            _("Reason for return"),
            "reason",
            C.reasons,
            value=kept("reason", ""),
            error=wrong("reason"),
            key="return-reason",
        ),
        combo_field(
            _("Return action"),
            "action",
            C.actions,
            value=kept("action", ""),
            error=wrong("action"),
            key="return-action",
        ),
        field(
            _("Comment of the customer"),
            "text",
            value=kept("text", ""),
            error=wrong("text"),
            lines=2,
            key="return-text",
        ),
        field(
            _("Note for colleagues"),
            "note",
            value=kept("note", ""),
            error=wrong("note"),
            lines=2,
            key="return-note",
        ),
        _message(),
        tell_customer(),
        sure(),
        on_submit=OrderState.act(CREATE, ASKED),
        on_typed=keep(),
        submit=_("Create return"),
        error=_rest(),
    )
    return dialog(
        _("Create return"),
        form,
        shown=OrderState.form == CREATE,
        on_open_change=closing,
        opener=CREATE,
        description=rx.cond(C.period != "", joined(C.period, " "), "")
        + _("Leave 0 for what stays with the customer."),
    )


@draws_dialog(RECEIVE)
def receive_dialog() -> rx.Component:
    """What arrived of each line, also where that is not what was announced; its condition, and what can be sold again
    (RET-3).
    """
    form = dialog_form(
        hidden_field("return", R.number),
        rx.foreach(R.lines, _arriving),
        select_field(
            _("Condition"),
            "condition",
            R.conditions,
            value=kept("condition", ""),
            error=wrong("condition"),
            key="condition",
        ),
        _message(),
        tell_customer(),
        sure(),
        on_submit=OrderState.act(RECEIVE, ASKED),
        on_typed=keep(R.number),
        submit=_("Receive return"),
        error=_rest(),
    )
    return dialog(
        _("Receive return") + " " + R.number,
        form,
        shown=OrderState.form == RECEIVE,
        on_open_change=closing,
        opener=joined(RECEIVE, "-", R.number),
        description=_("Say what was in the parcel, and how much of it can be sold again."),
    )


def _arriving(piece: rx.Var[PieceView]) -> rx.Component:
    return rx.el.div(
        _piece(
            piece,
            "quantities.",
            _("Received of"),
            "receive",
            piece.value,
            what=joined(piece.name, " · ", piece.about),
        ),
        _piece(piece, "restock.", _("Back into stock of"), "restock", "0"),
        class_name="stack",
    )


@draws_dialog(APPROVE)
def approve_dialog() -> rx.Component:
    """The customer may send it back, and reads so (RET-3)."""
    return _decide(APPROVE, _("Approve return"), Dialogs.approve_return, _message())


@draws_dialog(REJECT)
def reject_dialog() -> rx.Component:
    """What was asked for is declined, with the reason that the customer reads (RET-3)."""
    why = field(
        _("Reason of the rejection"),
        "reason",
        value=kept("reason", ""),
        error=wrong("reason"),
        hint=_("Goes into the mail to the customer."),
        lines=3,
        key="reject-reason",
    )
    return _decide(REJECT, _("Reject return"), Dialogs.reject_return, why)


@draws_dialog(CANCEL)
def cancel_dialog() -> rx.Component:
    """It does not come back after all (RET-3)."""
    return _decide(CANCEL, _("Cancel return"), Dialogs.cancel_return)


def _decide(key: str, word: rx.Var[str], one: rx.Var[DecideReturnView], *fields: Child) -> rx.Component:
    """One return, what it is of, and what the customer is told."""
    form = dialog_form(
        hidden_field("return", one.number),
        rx.el.div(rx.foreach(one.what, lambda part: rx.el.div(quiet(part)))),
        *fields,
        tell_customer(),
        sure(),
        on_submit=OrderState.act(key, ASKED),
        on_typed=keep(one.number),
        submit=word,
        error=_rest(),
    )
    return dialog(
        word + " " + one.number,
        form,
        shown=OrderState.form == key,
        on_open_change=closing,
        opener=joined(key, "-", one.number),
    )


@draws_dialog(COMPLETE)
def complete_dialog() -> rx.Component:
    """The refund, proposed from what was received; what is kept back of it, and what the customer is told (RET-3,
    INV-6).
    """
    money = rx.fragment(
        hidden_field(BOX + "refund", "1"),
        check(
            rx.cond(D.refund != "", _("Refund by credit note:") + " " + D.refund, _("Refund by credit note")),
            "refund",
            checked=True,
        ),
        rx.cond(
            D.shipping_left != "",
            field(
                _("Shipping cost, refunded too"),
                "shipping",
                value=kept("shipping", ""),
                error=wrong("shipping"),
                hint=_("At most:") + " " + D.shipping_left,
                input_mode="decimal",
                auto_complete="off",
                key="return-shipping",
            ),
        ),
        field(
            _("Kept back"),
            "fee",
            value=kept("fee", ""),
            error=wrong("fee"),
            input_mode="decimal",
            auto_complete="off",
            key="return-fee",
        ),
        field(
            _("Why it is kept back"),
            "fee_reason",
            value=kept("fee_reason", ""),
            error=wrong("fee_reason"),
            hint=_("Such as return postage or wear. It stands on the credit note."),
            max_length=200,
            key="return-fee-reason",
        ),
    )
    nothing = rx.fragment(hidden_field("refund", "off"), rx.el.p(quiet(D.why_not, small=True)))
    form = dialog_form(
        hidden_field("return", D.number),
        rx.el.div(quiet(_("Received:"), small=True), rx.foreach(D.arrived, rx.el.div)),
        rx.cond(D.differs != "", rx.el.p(D.differs)),
        rx.cond(D.action != "", rx.el.p(_("Return action:"), " ", D.action)),
        rx.cond(D.why_not == "", money, nothing),
        _message(),
        tell_customer(),
        sure(),
        on_submit=OrderState.act(COMPLETE, ASKED),
        on_typed=keep(D.number),
        submit=_("Complete return"),
        error=_rest("shipping", "fee", "fee_reason"),
    )
    return dialog(
        _("Complete return") + " " + D.number,
        form,
        shown=OrderState.form == COMPLETE,
        on_open_change=closing,
        opener=joined(COMPLETE, "-", D.number),
        description=_(
            "With a refund the credit note is issued at once, and the return can no longer be changed."
        ),
    )


def _leaving(piece: rx.Var[PieceView]) -> rx.Component:
    return _piece(
        piece,
        "quantities.",
        _("Quantity of"),
        "create",
        piece.value,
        what=joined(piece.name, " · ", piece.about),
    )


def _piece(
    piece: rx.Var[PieceView], begins: str, word: rx.Var[str], key: str, value: Text, *, what: Text = ""
) -> rx.Component:
    """How much of a line, chosen or typed."""
    name = joined(begins, piece.rank)
    given = {
        "what": what,
        "most": piece.most,
        "value": kept(name, value),
        "error": wrong(name),
        "key": joined(f"{key}-", piece.rank),
    }
    label = word + " " + piece.sku
    return rx.cond(
        piece.choices.length() > 0,
        quantity_select(label, name, piece.choices, **given),
        quantity_field(label, name, **given),
    )


def _message() -> rx.Component:
    return field(
        _("Message to the customer"),
        "message",
        value=kept("message", ""),
        error=wrong("message"),
        hint=_("Goes into the mail and is kept with the return."),
        lines=2,
        key="return-message",
    )


def _rest(*fields: str) -> rx.Var[str]:
    """What is wrong beside the fields, for the place above them."""
    known = rx.Var.create(["reason", "action", "text", "note", "message", "condition", *fields]).contains(
        OrderState.wrong_field
    )
    of_a_line = OrderState.wrong_field.startswith("quantities.") | OrderState.wrong_field.startswith(
        "restock."
    )
    return rx.cond(known | of_a_line, "", OrderState.wrong)
