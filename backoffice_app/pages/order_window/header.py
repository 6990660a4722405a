"""The head of the order window: number, states, date, total, the orders before and after, the tabs with their counts."""

import reflex as rx

from backoffice_app.state.order import TABS, OrderState
from backoffice_app.ui.badge import badge
from backoffice_app.ui.button import icon_button, icon_link
from backoffice_app.ui.frame import page_header
from backoffice_app.ui.kinds import Text, joined
from backoffice_app.ui.layout import figure, push, quiet, roomy, row, steps, strong
from backoffice_app.ui.tabs import Tab, tabs
from backoffice_app.ui.texts import _

S = OrderState
V = OrderState.view
P = OrderState.place
TAB_KEYS = TABS


def order_header() -> rx.Component:
    """Sticks to the top; the tabs are its last line."""
    return page_header(
        row(
            icon_link("chevron-left", rx.cond(S.carried != "", _("Back to the list of orders"), _("All orders")), S.back),
            rx.el.h1(_("Order"), " ", figure(rx.cond(V.number != "", V.number, S.missing))),
            middle=True,
        ),
        rx.cond(V.id != 0, _states()),
        rx.cond(V.id != 0, _facts()),
        rx.cond((V.id != 0) & (P.text != ""), quiet(figure(P.text), small=True)),
        rx.cond(V.id != 0, steps(_other(P.previous, _("Previous order"), "up"), _other(P.next, _("Next order"), "down"))),
        rx.cond(V.id != 0, _tabs()),
        title_level=False,
    )


def _states() -> rx.Component:
    return row(
        badge(V.status.tone, V.status.icon, V.status.label),
        rx.cond(V.sees_prices, badge(V.payment_state.tone, V.payment_state.icon, V.payment_state.label)),
        badge(V.shipping_state.tone, V.shipping_state.icon, V.shipping_state.label),
        middle=True,
    )


def _facts() -> rx.Component:
    return push(quiet(figure(V.placed_at)), strong(figure(V.total)), roomy(quiet(V.source)))


def _other(number: Text, name: Text, way: str) -> rx.Component:
    picture, key = f"chevron-{way}", "previous-order" if way == "up" else "next-order"
    there = icon_link(picture, name, joined("/orders/", number, S.carried), id=key)
    return rx.cond(number != "", there, icon_button(picture, name, disabled=True))


def _tabs() -> rx.Component:
    def tab(key: str, label: Text, count: Text = "") -> Tab:
        last = "" if key == "order" else f"/{key}"
        return Tab(label, joined("/orders/", V.number, last, S.carried), S.shown == key, count, f"tab-{key}")

    def some(number: rx.Var[int]) -> Text:
        return rx.cond(number > 0, number.to_string(), "")

    always = [
        tab("order", _("Order")),
        tab("customer", _("Customer")),
        tab("products", _("Products"), some(OrderState.lines.length())),
    ]
    money = [tab("invoices", _("Invoices"), some(V.documents.length()))]
    rest = [tab("shipments", _("Shipments"), some(OrderState.shipments.length())), tab("history", _("History"), some(V.happened))]
    return rx.cond(
        V.sees_prices, tabs(_("Order"), [*always, *money, *rest], in_head=True), tabs(_("Order"), [*always, *rest], in_head=True)
    )
