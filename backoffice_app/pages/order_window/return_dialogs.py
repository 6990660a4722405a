"""The dialogs that create, decide, receive and complete a return (W-10, RET-1, RET-3)."""

import reflex as rx

from backoffice_app.domain.window.blocks.returns import (
    APPROVE,
    CANCEL,
    COMPLETE,
    CREATE,
    RECEIVE,
    REJECT,
    DecideReturnView,
    PieceView,
)
from backoffice_app.pages.order_window.buttons import (
    ASKED,
    closing,
    keep,
    kept,
    sure,
    tell_customer,
    wrong,
)
from backoffice_app.pages.order_window.components import draws_dialog
from backoffice_app.state.order import OrderState
from backoffice_app.state.order_blocks import Dialogs
from backoffice_app.state.order_calls import BOX
from backoffice_app.ui.dialog import dialog, dialog_form
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
from backoffice_app.ui.layout import quiet
from backoffice_app.ui.texts import _

C = Dialogs.create_return
R = Dialogs.receive_return
D = Dialogs.complete_return


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


def as_found(condition: rx.Var[str], restocked: rx.Var[str]) -> rx.Component:
    """How the goods of a return were found, and what of them is in stock again."""
    return rx.fragment(
        rx.cond(condition != "", rx.el.div(quiet(_("Condition:"), " ", condition, small=True))),
        rx.cond(restocked != "", rx.el.div(quiet(_("Back in stock:"), " ", restocked, small=True))),
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
            checked=D.proposed,
            key=joined("return-refund-", D.number),
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
        rx.el.div(
            quiet(_("Received:"), small=True),
            rx.foreach(D.arrived, rx.el.div),
            as_found(D.condition, D.restocked),
        ),
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
