"""The head of the order window: number, states, date, total, the orders before and after, the tabs with
their counts.
"""

import reflex as rx

from backoffice_app.domain.window.blocks.head import HeadView
from backoffice_app.pages.order_window.components import draws
from backoffice_app.state.order import OrderState
from backoffice_app.ui.badge import state
from backoffice_app.ui.button import icon_button, icon_link
from backoffice_app.ui.frame import order_head
from backoffice_app.ui.kinds import Text, joined
from backoffice_app.ui.layout import figure, quiet, roomy, steps
from backoffice_app.ui.shortcuts import Listed, press
from backoffice_app.ui.tabs import live_tabs
from backoffice_app.ui.texts import _

S = OrderState
V = OrderState.view
P = OrderState.place
KEYS = {
    **dict.fromkeys(("k", "[", ","), press("previous-order")),
    **dict.fromkeys(("j", "]", "."), press("next-order")),
}
LISTED: list[Listed] = [("k , [", _("Previous order")), ("j . ]", _("Next order"))]


@draws("head")
def order_header(v: rx.Var[HeadView]) -> rx.Component:
    """Two lines of one height, whatever they hold: number and states, then date and total with the tabs at the right
    end.
    """
    found = V.id != 0
    others = steps(_other(P.previous, _("Previous order"), "up"), _other(P.next, _("Next order"), "down"))
    return order_head(
        icon_link(
            "chevron-left", rx.cond(S.carried != "", _("Back to the list of orders"), _("All orders")), S.back
        ),
        rx.el.h1(_("Order"), " ", figure(rx.cond(V.number != "", V.number, S.missing))),
        rx.cond(found, _states(v)),
        rx.cond(S.also_here.length() > 0, _also_here()),
        rx.cond(found & (P.text != ""), roomy(quiet(figure(P.text), small=True))),
        rx.cond(found, others),
        facts=rx.cond(found, _facts(v)),
        tabs=rx.cond(found, _tabs()),
    )


def _also_here() -> rx.Component:
    """The colleagues who look at the order too, by the first letter of each name (W-16)."""
    letters = rx.foreach(S.also_here, lambda name: rx.el.span(name[0:1], class_name="avatar"))
    return rx.el.span(
        letters, class_name="row also-here", role="img", aria_label=S.also_here_said, title=S.also_here_said
    )


def _states(v: rx.Var[HeadView]) -> rx.Component:
    """A draft is that and nothing else: it waits for neither money nor goods."""
    return rx.el.div(
        state(v.status),
        rx.cond(V.sees_prices & ~v.is_draft, state(v.payment_state)),
        rx.cond(v.is_draft, rx.fragment(), state(v.shipping_state)),
        class_name="row row-middle states",
    )


def _facts(v: rx.Var[HeadView]) -> rx.Component:
    """Cut off where there is no room."""
    dot = "\u00a0· "
    return rx.fragment(
        v.placed_at,
        rx.cond(v.total != "", rx.el.span(dot, v.total)),
        rx.cond(v.known != "", rx.el.span(dot, _("Shop no."), " ", v.known)),
        rx.cond(v.copied_from != "", rx.el.span(dot, _("Copy of"), " ", _to(v.copied_from))),
        rx.cond(v.copied_to != "", rx.el.span(dot, _("Copied to"), " ", _to(v.copied_to))),
        rx.cond(v.source != "", roomy(dot, v.source)),
    )


def _to(number: rx.Var[str]) -> rx.Component:
    return rx.el.a(number, href=joined("/orders/", number))


def _other(number: Text, name: Text, way: str) -> rx.Component:
    picture, key = f"chevron-{way}", "previous-order" if way == "up" else "next-order"
    there = icon_link(picture, name, joined("/orders/", number, S.carried), id=key)
    return rx.cond(number != "", there, icon_button(picture, name, disabled=True))


def _tabs() -> rx.Component:
    return live_tabs(_("Order"), S.tabs, S.shown)
