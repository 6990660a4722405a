"""The bar at the bottom: what is done to the order as a whole, and every action that no block shows (W-13)."""

import reflex as rx

from backoffice_app.domain.window.blocks.cancelling import CANCEL, REST
from backoffice_app.domain.window.blocks.head import HOLD
from backoffice_app.domain.window.blocks.telling import NOTIFY, REMIND
from backoffice_app.domain.window.declared import ActionView
from backoffice_app.pages.order_window.buttons import ABOUT, action_button, enabled, may, next_step, said_at
from backoffice_app.pages.order_window.components import draws
from backoffice_app.state.order import OrderState
from backoffice_app.state.order_blocks import Blocks
from backoffice_app.ui.button import Look, button
from backoffice_app.ui.layout import bottom_bar
from backoffice_app.ui.texts import _


@draws("bar")
def bar() -> rx.Component:
    """Not there for who may do none of it.

    On a phone the next step and the mail stay in it, and all others are in the menu `More`.
    """
    others = OrderState.unplaced
    is_draft = Blocks.head.is_draft
    copy = action_button("copy", on_click=OrderState.open("copy", ABOUT, ""))
    hold = action_button(HOLD, key=HOLD, on_click=OrderState.open(HOLD, ABOUT, ""))
    rest = action_button(REST, look="text-danger", on_click=OrderState.open(REST, ABOUT, ""))
    cancel = action_button(CANCEL, look="text-danger", on_click=OrderState.open(CANCEL, ABOUT, ""))
    kept = rx.fragment(
        rx.cond(
            is_draft,
            action_button("place", look=next_step("place"), on_click=OrderState.open("place", ABOUT, "")),
        ),
        rx.cond(enabled("resume"), action_button("resume", key=HOLD, look=next_step("resume"))),
        rx.cond(is_draft, rx.fragment(), action_button(NOTIFY, on_click=OrderState.open(NOTIFY, ABOUT, ""))),
    )
    draft = rx.fragment(
        action_button("choose-customer", on_click=OrderState.open("choose-customer", ABOUT, "")),
        copy,
        rx.el.span(action_button("delete-draft", look="text-danger"), class_name="push"),
    )
    remind = action_button(REMIND, on_click=OrderState.open(REMIND, ABOUT, ""))
    placed = rx.fragment(
        remind,
        copy,
        rx.cond(may(HOLD) & ~enabled("resume"), hold),
        rx.el.span(rx.cond(enabled(REST), rest, cancel), class_name="push"),
    )
    more = rx.fragment(
        rx.foreach(others, any_button),
        rx.cond(is_draft, draft, placed),
    )
    return rx.cond(
        may(HOLD) | may(REMIND) | (others.length() > 0), bottom_bar(kept, more=more, name=_("Actions"))
    )


def any_button(action: rx.Var[ActionView], *, look: Look = "soft") -> rx.Component:
    """The button of an action that is known at run time only: it opens the dialog of the action, or does it at once."""
    does = rx.cond(
        action.opens != "", OrderState.open(action.opens, ABOUT, ""), OrderState.act(action.key, ABOUT, {})
    )
    reason = action.reason
    return button(
        action.label,
        on_click=does,
        look=look,
        key=action.key,
        why_not=reason,
        reason_at=said_at(reason),
        waits=True,
    )
