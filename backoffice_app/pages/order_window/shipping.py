"""The block of shipping: the method, the tracking number, `Shipped` (W-5)."""

import reflex as rx

from backoffice_app.pages.order_window.buttons import ABOUT, action_button, enabled
from backoffice_app.state.order import OrderState
from backoffice_app.ui.field import field
from backoffice_app.ui.layout import block as brick
from backoffice_app.ui.layout import stack
from backoffice_app.ui.texts import _

V = OrderState.view


def block() -> rx.Component:
    """All that is left becomes shipped in one click; Enter in the number does the same, as a scanner sends it."""
    number = field(_("Tracking number"), "tracking", key="tracking", auto_complete="off", spell_check=False, max_length=100)
    form = rx.el.form(
        stack(rx.cond(enabled("ship"), number), action_button("ship", look="solid", submit=True, shortcut="s"), wide=True),
        on_submit=OrderState.act("ship", ABOUT),
        key=V.number,
    )
    method = rx.el.div(rx.cond(V.shipping_method != "", V.shipping_method, _("No shipping method")))
    return brick(_("Shipping method"), stack(method, form, wide=True), key="shipping-method")
