"""The dialogs `Cancel order` and `Cancel the rest`: first what will happen, then the reason (W-13)."""

import reflex as rx

from backoffice_app.domain.window.blocks.cancelling import CANCEL, REST, CancelView
from backoffice_app.pages.order_window.buttons import (
    ASKED,
    closing,
    keep,
    kept,
    sure,
    tell_customer,
    wrong,
    wrong_beside,
)
from backoffice_app.pages.order_window.components import draws_dialog
from backoffice_app.state.order import OrderState
from backoffice_app.state.order_blocks import Dialogs
from backoffice_app.state.order_calls import BOX
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.field import check, field, hidden_field, select_field
from backoffice_app.ui.icons import drawn_icon
from backoffice_app.ui.kinds import Text
from backoffice_app.ui.layout import figure, grow, item, items, quiet, stack, strong
from backoffice_app.ui.letter import letter
from backoffice_app.ui.texts import _

C = Dialogs.cancel
R = Dialogs.cancel_rest


@draws_dialog(CANCEL)
def cancel_dialog() -> rx.Component:
    """The whole order: what it means, why, whether its pieces are for sale again, and the mail."""
    form = dialog_form(
        _will(C),
        _reason(_("The customer reads it in the mail.")),
        hidden_field(BOX + "restock", "1"),
        check(_("Put the goods back for sale"), "restock", checked=True),
        tell_customer(address=False),
        _letter(C),
        sure(),
        on_submit=OrderState.act(CANCEL, ASKED),
        on_typed=keep(),
        submit=_("Cancel order"),
        keep=_("Keep the order"),
        look="danger",
        error=rx.cond(OrderState.wrong != "", wrong_beside("reason"), C.refused),
    )
    what = _("It can't be taken back.")
    return dialog(
        _("Cancel order"),
        form,
        shown=OrderState.form == CANCEL,
        on_open_change=closing,
        opener=CANCEL,
        description=what,
    )


@draws_dialog(REST)
def rest_dialog() -> rx.Component:
    """What has not left never will: what it means, why, and what becomes of the money."""
    form = dialog_form(
        _will(R),
        _reason(_("The customer reads it in the mail.")),
        rx.cond(
            R.choices.length() > 0,
            select_field(_("What was paid for it"), "money", R.choices, value="refund", key="rest-money"),
        ),
        hidden_field(BOX + "restock", "1"),
        check(_("Put the goods back for sale"), "restock", checked=True),
        tell_customer(address=False),
        _letter(R),
        sure(),
        on_submit=OrderState.act(REST, ASKED),
        on_typed=keep(),
        submit=_("Cancel the rest"),
        keep=_("Keep the order"),
        look="danger",
        error=rx.cond(OrderState.wrong != "", wrong_beside("reason"), R.refused),
    )
    what = _("What was shipped stays shipped. It can't be taken back.")
    return dialog(
        _("Cancel the rest"),
        form,
        shown=OrderState.form == REST,
        on_open_change=closing,
        opener=REST,
        description=what,
    )


def _will(view: rx.Var[CancelView]) -> rx.Component:
    """What will happen, a line each with its figure; what hangs on a box shows while that is ticked."""
    lines = rx.foreach(
        view.will,
        lambda one: item(
            drawn_icon(one.icon), grow(one.text), figure(one.value), custom_attrs={"data-when": one.when}
        ),
    )
    return rx.cond(view.will.length() > 0, items(lines, name=_("What will happen")))


def _letter(view: rx.Var[CancelView]) -> rx.Component:
    """The mail to the customer as it would go; the reason is added to it."""
    lines = view.letter.to(list[str])
    subject = rx.el.div(strong(lines[0]), lang=lines[2], dir="auto")
    shown = stack(quiet(_("Preview"), small=True), subject, letter(lines[1], lines[2], _("Preview")))
    return rx.cond(lines.length() > 0, rx.el.div(shown, custom_attrs={"data-when": "mail"}))


def _reason(hint: Text) -> rx.Component:
    return field(
        _("Reason"), "reason", value=kept("reason", ""), hint=hint, error=wrong("reason"), max_length=500
    )
