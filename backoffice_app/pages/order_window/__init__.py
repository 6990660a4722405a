"""The order window: lays the registered blocks into header, tabs, columns and bar (W, T).

What they look like is in the files beside it.
"""

import reflex as rx

from backoffice_app import i18n
from backoffice_app.domain.window import registry
from backoffice_app.domain.window.fitting import problems
from backoffice_app.domain.window.keys import single_keys
from backoffice_app.domain.window.registry import ABOVE, FOOT, HEAD
from backoffice_app.pages.frame import page
from backoffice_app.pages.order_window import (
    addresses,  # noqa: F401  # each registers what its blocks and dialogs look like
    bottom,  # noqa: F401
    cancelling,  # noqa: F401
    credit_note,  # noqa: F401
    customer,  # noqa: F401
    customer_mail,  # noqa: F401
    declared,
    header,
    history,  # noqa: F401
    invoices,  # noqa: F401
    payment,  # noqa: F401
    products,  # noqa: F401
    return_dialogs,  # noqa: F401
    returns,  # noqa: F401
    shipments,  # noqa: F401
    shipping,  # noqa: F401
    warnings,  # noqa: F401
)
from backoffice_app.pages.order_window.buttons import question_dialog
from backoffice_app.pages.order_window.components import DRAWN_BLOCKS, drawn
from backoffice_app.pages.order_window.laid import parts_of
from backoffice_app.pages.order_window.other_tabs import other_tabs
from backoffice_app.state.order import OPENED_BY, OrderState
from backoffice_app.state.pages import page_at
from backoffice_app.ui.button import link_button
from backoffice_app.ui.empty import empty
from backoffice_app.ui.layout import columns
from backoffice_app.ui.returning import opened_from_list
from backoffice_app.ui.shortcuts import Does, Listed, press, press_first
from backoffice_app.ui.skeleton import skeleton_block
from backoffice_app.ui.tabs import tab_panel
from backoffice_app.ui.texts import _, text_of

V = OrderState.view


@page_at(
    "/orders/[number]/[[tab]]",
    i18n._("Order"),
    on_load=[OrderState.load],
    title=_("Order") + " " + V.number,
)
def order_window() -> rx.Component:
    """The page: what is known of the order, its skeleton until then, or that there isn't one of this number.

    Raises ValueError, with a sentence for each, if parts are registered that do not fit together.
    """
    check()
    return page(
        opened_from_list(),
        rx.cond(V.id != 0, _leavable(_content()), rx.cond(OrderState.missing != "", _missing(), _skeleton())),
        header=_place(HEAD),
        here="/orders",
        footer=rx.cond(V.id != 0, _leavable(_place(FOOT))),
        refresh=OrderState.refresh,
        flush=True,
        keys=_keys(),
        listed=_listed(),
    )


def _leavable(shown: rx.Component) -> rx.Component:
    """What is shown of an order; pale, and not to be pressed, while another one is on its way."""
    leaving = OrderState.is_leaving
    return rx.el.div(
        shown,
        class_name=rx.cond(leaving, "leavable leaving", "leavable"),
        aria_busy=leaving,
        custom_attrs={"inert": leaving},
    )


def check() -> None:
    """Raises ValueError for what does not fit together in the window; called when the app is put together."""
    found = problems(DRAWN_BLOCKS, registry.DRAWN_DIALOGS)
    own = (one.key for one in registry.DIALOGS.values() if one.own_state and one.key not in OPENED_BY)
    found += [f"The dialog {key} has a state of its own, but nothing in OPENED_BY opens it." for key in own]
    if found:
        raise ValueError("\n".join(found))


def _content() -> rx.Component:
    first, *_others = registry.tabs()
    drawn_dialogs = [
        (key, registry.DRAWN_DIALOGS[key]) for key in registry.DIALOGS if key in registry.DRAWN_DIALOGS
    ]
    shown = OrderState.shown
    return rx.fragment(
        _place(ABOVE),
        rx.cond(shown == first.key, tab_panel(text_of(first.label), *parts_of(first.key)), other_tabs()),
        question_dialog(),
        *(rx.cond(OrderState.form == key, draw()) for key, draw in drawn_dialogs),
        declared.any_dialog(),
    )


def _place(place: str) -> rx.Component:
    """The blocks of a place that is there on every tab."""
    return rx.fragment(*(drawn(block) for block in registry.blocks_of(place)))


def _keys() -> dict[str, Does]:
    """The single keys: those of actions as they are registered, the tabs by number, and the orders beside this one."""
    presses = {
        key.key: press(key.elements[0]) if len(key.elements) == 1 else press_first(*key.elements)
        for key in single_keys()
    }
    by_number = {str(at): press(f"tab-{tab.key}") for at, tab in enumerate(registry.tabs()[:9], 1)}
    return {**presses, **header.KEYS, **by_number}


def _listed() -> list[Listed]:
    actions: list[Listed] = [(key.key, text_of(key.says)) for key in single_keys()]
    return [*actions, *header.LISTED, (f"1–{len(registry.tabs()[:9])}", _("The tabs"))]


def _missing() -> rx.Component:
    return empty(
        "search-x",
        _("There is no order of this number."),
        _("It may be mistyped. The search finds orders by number, name, e-mail, tracking number and more."),
        link_button(_("Go to the orders"), OrderState.back, look="solid"),
    )


def _skeleton() -> rx.Component:
    return columns(*([rx.el.div(skeleton_block(lines), class_name="block")] for lines in (9, 9, 5)))
