"""Sales > Invoices: all invoices, credit notes and cancellations, with what is open (W-4)."""

import reflex as rx

from backoffice_app import i18n
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.listing.invoices import (
    CUSTOMER,
    DAY,
    DUE,
    ID,
    INVOICES,
    KIND,
    MARK,
    NUMBER,
    OPEN,
    ORDER,
    SENT,
    STATE,
    TONE,
    TOTAL,
)
from backoffice_app.pages import keyset
from backoffice_app.pages.frame import held, page
from backoffice_app.state.invoices import InvoicesState
from backoffice_app.state.pages import SALES, page_at
from backoffice_app.ui.badge import badge
from backoffice_app.ui.button import icon_link
from backoffice_app.ui.empty import empty
from backoffice_app.ui.frame import page_header
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.layout import figure, quiet
from backoffice_app.ui.search import stay
from backoffice_app.ui.table import Column, Row, table
from backoffice_app.ui.texts import _

S = InvoicesState
LINKS = "a[id^=invoice-]"


@page_at(
    "/invoices",
    i18n._("Invoices"),
    group=SALES,
    rank=20,
    icon="receipt-text",
    right=Right.PRICES,
    key="i",
    on_load=[InvoicesState.load],
)
def invoices() -> rx.Component:
    """The page: tabs by state, filters, the rows."""
    listed = rx.fragment(
        keyset.tools(INVOICES, S, prints=_("Print this page"), on_apply=S.apply),
        keyset.listing(S, _list(), _nothing()),
    )
    not_mine = empty(
        "lock", _("Your role does not show invoices."), _("Ask the owner of the shop to change your role.")
    )
    search = keyset.search_box(_("Search invoices"), S)
    return page(
        rx.cond(held(Right.PRICES), listed, not_mine),
        header=page_header(_("Invoices"), rx.cond(held(Right.PRICES), search)),
        here="/invoices",
        refresh=S.refresh,
        on_menu_press=keyset.leaves(S),
        flush=True,
        keys=keyset.keys(LINKS, has_filter=True),
        listed=keyset.listed_keys(_("Open the order"), has_filter=True),
    )


def _list() -> rx.Component:
    return table(
        _("Invoices"),
        [
            Column(_("Number"), _number, place=1, extra_class="one-line least-paper"),
            Column(_("Kind"), lambda r: quiet(r[KIND]), place=5, extra_class="least-date"),
            Column(
                _("Date"),
                lambda r: quiet(figure(r[DAY])),
                place=3,
                extra_class="one-line least-date",
                sort=keyset.sorted_by(S, "date"),
            ),
            keyset.customer(CUSTOMER, 4),
            Column(_("Order"), _order, extra_class="least-short"),
            Column(
                _("Total"),
                lambda r: r[TOTAL],
                number=True,
                extra_class="least-amount",
                place=2,
                sort=keyset.sorted_by(S, "total"),
            ),
            Column(
                _("Open amount"),
                lambda r: rx.cond(r[OPEN] != "", r[OPEN], "–"),
                number=True,
                extra_class="least-amount",
            ),
            Column(_("Due on"), _due, extra_class="one-line wide-only least-date"),
            Column(
                _("State"), lambda r: badge(r[TONE], r[MARK], r[STATE]), place=6, extra_class="least-state"
            ),
            Column(_("Sent"), _sent, extra_class="one-line wide-only least-paper"),
            Column(_("PDF"), _file, hide_head=True),
        ],
        S.view.rows,
        cards=True,
        sticky=True,
        known_by=ID,
        on_row_press=stay(),
    )


def _number(r: Row) -> rx.Component:
    return rx.el.a(
        figure(r[NUMBER]), href=joined("/orders/", r[ORDER], "/invoices"), id=joined("invoice-", r[NUMBER])
    )


def _order(r: Row) -> rx.Component:
    return rx.el.a(figure(r[ORDER]), href=joined("/orders/", r[ORDER]))


def _due(r: Row) -> rx.Component:
    return rx.cond(r[DUE] != "", quiet(figure(r[DUE])), quiet("–"))


def _sent(r: Row) -> rx.Component:
    return rx.cond(r[SENT] != "", quiet(figure(r[SENT])), quiet(_("Not sent")))


def _file(r: Row) -> rx.Component:
    name = _("Open PDF of") + " " + r[NUMBER]
    return icon_link("file-text", name, joined("/documents/", r[ID], ".pdf"), target="_blank", rel="noopener")


def _nothing() -> rx.Component:
    none_yet = (
        _("No invoices yet."),
        _("They are made as Settings > Advanced settings > Administration says, or by hand in an order."),
    )
    return keyset.nothing(S, "receipt-text", none_yet, _("No invoice matches."))
