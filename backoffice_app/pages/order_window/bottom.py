"""The bar at the bottom: what is done to the order as a whole (W-13)."""

import reflex as rx

from backoffice_app.pages.order_window.buttons import ABOUT, ASKED, action_button, closing, enabled, keep, kept, may, wrong, wrong_beside
from backoffice_app.state.order import OrderState
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.field import field
from backoffice_app.ui.layout import bottom_bar
from backoffice_app.ui.texts import _

HOLD = "hold"
"""The id of the button, whether it says `On hold` or `Resume`."""


def bar() -> rx.Component:
    """Not there for who may do none of it."""
    resume = action_button("resume", key=HOLD, shortcut="h")
    hold = action_button("hold", key=HOLD, shortcut="h", on_click=OrderState.open(HOLD, ABOUT, ""))
    return rx.cond(may("hold"), bottom_bar(rx.cond(enabled("resume"), resume, hold), name=_("Actions")))


def hold_dialog() -> rx.Component:
    """Why the order waits, for colleagues."""
    form = dialog_form(
        field(
            _("Reason"),
            "reason",
            value=kept("reason", ""),
            error=wrong("reason"),
            hint=_("For colleagues; the customer does not see it."),
            max_length=500,
        ),
        on_submit=OrderState.act(HOLD, ASKED),
        on_typed=keep(),
        submit=_("On hold", "button"),
        error=wrong_beside("reason"),
    )
    what = _("Nothing is shipped and no invoice is made by itself until the order is resumed.")
    return dialog(_("On hold", "button"), form, shown=OrderState.form == HOLD, on_open_change=closing, opener=HOLD, description=what)
