"""Sales > Shipments: all shipments, open and gone (W-6)."""

import reflex as rx

from backoffice_app import i18n
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.listing.shipments import (
    CARRIER,
    CREATED,
    CUSTOMER,
    MARK,
    MORE,
    NUMBER,
    ORDER,
    SHIPMENTS,
    SHIPPED,
    STATE,
    TONE,
    TRACKING,
    URL,
)
from backoffice_app.pages import keyset
from backoffice_app.pages.frame import held, page
from backoffice_app.state.pages import SALES, page_at
from backoffice_app.state.shipments import ShipmentsState
from backoffice_app.ui.badge import badge
from backoffice_app.ui.button import icon_button, link_button
from backoffice_app.ui.frame import page_header
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.layout import figure, new_tab, quiet
from backoffice_app.ui.native_form import open_form
from backoffice_app.ui.search import stay
from backoffice_app.ui.table import Column, Row, table
from backoffice_app.ui.texts import _

S = ShipmentsState
LINKS = "a[id^=shipment-]"


@page_at(
    "/shipments",
    i18n._("Shipments"),
    group=SALES,
    rank=30,
    icon="truck",
    key="l",
    on_load=[ShipmentsState.load],
)
def shipments() -> rx.Component:
    """The page: tabs by state, the rows."""
    numbers = rx.cond(held(Right.SHIP), link_button(_("Tracking numbers"), "/shipments/tracking"))
    return page(
        keyset.tools(SHIPMENTS, S, prints=_("Print this page")),
        keyset.listing(S, _list(), _nothing()),
        header=page_header(_("Shipments"), keyset.search_box(_("Search shipments"), S), numbers),
        here="/shipments",
        refresh=S.refresh,
        on_menu_press=keyset.leaves(S),
        flush=True,
        keys=keyset.keys(LINKS),
        listed=keyset.listed_keys(_("Open the order")),
    )


def _list() -> rx.Component:
    return table(
        _("Shipments"),
        [
            Column(
                _("Number"),
                _number,
                place=1,
                extra_class="one-line",
                sort=keyset.sorted_by(S, "number"),
            ),
            Column(
                _("Date"), lambda r: quiet(figure(r[CREATED])), place=3, extra_class="one-line least-moment"
            ),
            keyset.customer(CUSTOMER, 4),
            Column(_("Order"), _order, extra_class="least-short"),
            Column(
                _("State"), lambda r: badge(r[TONE], r[MARK], r[STATE]), place=2, extra_class="least-paper"
            ),
            Column(_("Tracking number"), _tracking, place=5, extra_class="least-tracking"),
            Column(_("Carrier"), lambda r: quiet(r[CARRIER]), place=6, extra_class="least-amount"),
            Column(
                _("Shipped on"),
                lambda r: quiet(figure(r[SHIPPED])),
                extra_class="one-line wide-only least-moment",
                sort=keyset.sorted_by(S, "shipped"),
            ),
            Column(_("Packing slip"), _slip, hide_head=True),
        ],
        S.view.rows,
        cards=True,
        sticky=True,
        known_by=NUMBER,
        on_row_press=stay(),
    )


def _number(r: Row) -> rx.Component:
    return rx.el.a(
        figure(r[NUMBER]), href=joined("/orders/", r[ORDER], "/shipments"), id=joined("shipment-", r[NUMBER])
    )


def _order(r: Row) -> rx.Component:
    return rx.el.a(figure(r[ORDER]), href=joined("/orders/", r[ORDER]))


def _tracking(r: Row) -> rx.Component:
    number = rx.cond(r[URL] != "", new_tab(figure(r[TRACKING]), r[URL]), figure(r[TRACKING]))  # type: ignore[arg-type]
    return rx.fragment(number, rx.cond(r[MORE] != "", quiet(" ", r[MORE], small=True)))


def _slip(r: Row) -> rx.Component:
    name = _("Print packing slip") + " " + r[NUMBER]
    return rx.cond(
        r[TONE] != "ended",
        open_form(joined("/packing-slips/", r[NUMBER], ".pdf"), icon_button("printer", name, submit=True)),
    )


def _nothing() -> rx.Component:
    none_yet = (
        _("No shipments yet."),
        _("The first one is made with the first order that has something to ship."),
    )
    return keyset.nothing(S, "truck", none_yet, _("No shipment matches."))
