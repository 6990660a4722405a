"""Returns: the block and the tab (W-10, T-5); their dialogs are in `return_dialogs.py`."""

import reflex as rx

from backoffice_app.domain.window.blocks.returns import (
    APPROVE,
    CANCEL,
    COMPLETE,
    CREATE,
    RECEIVE,
    REJECT,
    WITHDRAW,
    ReturnsView,
    ReturnView,
)
from backoffice_app.pages.order_window.buttons import (
    ABOUT,
    action_button,
    known_as,
    said_at,
)
from backoffice_app.pages.order_window.components import draws
from backoffice_app.pages.order_window.return_dialogs import as_found
from backoffice_app.state.order import OrderState
from backoffice_app.ui.badge import badge, state
from backoffice_app.ui.button import button, icon_button
from backoffice_app.ui.empty import empty, empty_line
from backoffice_app.ui.kinds import Text, joined
from backoffice_app.ui.layout import block as brick
from backoffice_app.ui.layout import figure, grow, item, items, panel, quiet, row, stack, whole_line
from backoffice_app.ui.native_form import open_form
from backoffice_app.ui.table import Column, or_dash, table
from backoffice_app.ui.texts import _

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
            Column(_("Return action"), lambda one: or_dash(one.action), place=4),
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
        or_dash(one.reason),
        rx.cond(one.pays != "", quiet(_("Way back paid by:"), " ", one.pays, small=True)),
        _said(_("Comment of the customer:"), one.comment),
        _said(_("Note:"), one.note),
        _said(_("Message to the customer:"), one.message),
    )


def _said(word: Text, text: rx.Var[str]) -> rx.Component:
    return rx.cond(text != "", quiet(word, " ", text, small=True))


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
        as_found(one.condition, one.restocked),
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
