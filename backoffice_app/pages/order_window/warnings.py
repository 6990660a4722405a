"""The lines above the tabs: what colleagues should know of this customer and this order, and what was typed and not
saved.
"""

import reflex as rx

from backoffice_app.domain.window import registry
from backoffice_app.domain.window.blocks.head import WarningsView
from backoffice_app.pages.order_window.buttons import action_button
from backoffice_app.pages.order_window.components import draws
from backoffice_app.state.order import OrderState
from backoffice_app.state.order_blocks import Blocks
from backoffice_app.ui.button import button
from backoffice_app.ui.frame import banner
from backoffice_app.ui.layout import item, items, row, stack
from backoffice_app.ui.texts import _


@draws("warnings")
def warnings(v: rx.Var[WarningsView]) -> rx.Component:
    """The warning of the customer is on all their orders (W-8).

    On the first tab it and what holds the order up stand in its right column, where they move nothing.
    """
    warning = Blocks.customer.warning
    is_elsewhere = OrderState.shown != registry.tabs()[0].key
    return rx.fragment(
        rx.cond(is_elsewhere & (warning != ""), banner(warning, act=True)),
        rx.cond(v.cancelled != "", banner(rx.el.span(v.cancelled, id=OrderState.view.reason_at))),
        rx.cond(v.not_placed != "", banner(rx.el.span(v.not_placed, id=OrderState.view.reason_at))),
        rx.cond(is_elsewhere & (v.on_hold != ""), banner(v.on_hold)),
        rx.cond(v.differs.length() > 0, _differs(v)),
        rx.cond(v.unprinted != "", banner(v.unprinted)),
        rx.cond((v.draft.length() > 0) & (OrderState.form == ""), _unsaved(v)),
    )


def _differs(v: rx.Var[WarningsView]) -> rx.Component:
    """What the shop sent differently later, until somebody says that it is dealt with (API-1)."""
    said = _("The shop sent this order again, and it differs. Kontor keeps what it has.")
    each = items(rx.foreach(v.differs, lambda sentence: item(rx.el.span(sentence))), name=said)
    return banner(stack(rx.el.div(said), each, rx.el.div(action_button("differences-seen"))))


def _unsaved(v: rx.Var[WarningsView]) -> rx.Component:
    """What this colleague typed and did not save is here still, whatever became of the tab it was typed in (W-16)."""
    about = OrderState.view.about
    go_on = button(
        _("Go on"), look="text", key="go-on", on_click=OrderState.open(v.draft[0], about, v.draft[1])
    )
    discard = button(
        _("Discard"), look="text", key="discard-draft", on_click=OrderState.discard(about, v.draft[0])
    )
    return banner(row(_("What you typed here and did not save is kept."), go_on, discard, middle=True))
