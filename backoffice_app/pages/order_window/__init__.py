"""The order window: header and tabs here, one module a block beside it (W, T)."""

import reflex as rx

from backoffice_app.pages.frame import page
from backoffice_app.pages.order_window import (
    addresses,
    bottom,
    customer,
    customer_mail,
    header,
    history,
    invoices,
    payment,
    products,
    shipments,
    shipping,
)
from backoffice_app.state.order import OrderState
from backoffice_app.ui.button import link_button
from backoffice_app.ui.empty import empty
from backoffice_app.ui.layout import columns
from backoffice_app.ui.returning import opened_from_list
from backoffice_app.ui.shortcuts import Listed, press
from backoffice_app.ui.skeleton import skeleton_block
from backoffice_app.ui.tabs import tab_panel
from backoffice_app.ui.texts import _

V = OrderState.view
KEYS = {
    "p": press("pay"),
    "s": press("ship"),
    "e": press("edit-billing"),
    "m": press("customer-mail"),
    "h": press(bottom.HOLD),
    "[": press("previous-order"),
    "]": press("next-order"),
    **{str(place): press(f"tab-{key}") for place, key in enumerate(header.TAB_KEYS, 1)},
}


def order_window() -> rx.Component:
    """The page: what is known of the order, its skeleton until then, or that there is none of this number."""
    return page(
        opened_from_list(),
        rx.cond(V.id != 0, _content(), rx.cond(OrderState.missing != "", _missing(), _skeleton())),
        header=header.order_header(),
        here="/orders",
        footer=rx.cond(V.id != 0, bottom.bar()),
        refresh=OrderState.refresh,
        flush=True,
        keys=KEYS,
        listed=_listed(),
    )


def _content() -> rx.Component:
    return rx.fragment(
        customer.warning(),
        rx.match(
            OrderState.shown,
            ("customer", tab_panel(_("Customer"), customer.tab())),
            ("products", tab_panel(_("Products"), products.tab())),
            ("invoices", tab_panel(_("Invoices"), invoices.tab())),
            ("shipments", tab_panel(_("Shipments"), shipments.tab())),
            ("history", tab_panel(_("History"), history.tab())),
            tab_panel(_("Order"), _order()),
        ),
        addresses.dialogs(),
        payment.dialog_with_details(),
        invoices.edit_dialog(),
        shipments.edit_dialog(),
        shipments.part_dialog(),
        bottom.hold_dialog(),
        customer_mail.mail_dialog(),
    )


def _listed() -> list[Listed]:
    return [
        ("p", _("Paid")),
        ("s", _("Shipped")),
        ("e", _("Edit the billing address")),
        ("m", _("Customer mail")),
        ("h", _("On hold, or resume")),
        ("[", _("Previous order")),
        ("]", _("Next order")),
        ("1–6", _("The tabs")),
    ]


def _order() -> rx.Component:
    """Money, goods, people: payment below the billing address, shipping beside it, shipments below. Goods come first without money."""
    goods = [addresses.shipping(), shipping.block(), shipments.block()]
    return rx.fragment(
        rx.cond(
            V.sees_prices,
            columns([addresses.billing(), payment.block(), invoices.block()], goods, [customer.block()]),
            columns(goods, [addresses.billing()], [customer.block()]),
        ),
        customer.comment(),
        products.block(),
    )


def _missing() -> rx.Component:
    return empty(
        "search-x",
        _("There is no order of this number."),
        _("It may be mistyped. The search finds orders by number, name, e-mail, tracking number and more."),
        link_button(_("Go to the orders"), OrderState.back, look="solid"),
    )


def _skeleton() -> rx.Component:
    return columns(*([rx.el.div(skeleton_block(lines), class_name="block")] for lines in (9, 9, 5)))
