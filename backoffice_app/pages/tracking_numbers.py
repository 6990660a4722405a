"""Sales > Shipments > Tracking numbers: many at once, pasted, typed into a grid, or from a CSV (O-8)."""

import reflex as rx

from backoffice_app import i18n
from backoffice_app.domain.bulk.tracking import TrackingRow
from backoffice_app.domain.core.rights import Right
from backoffice_app.pages.frame import held, page
from backoffice_app.state.pages import page_at
from backoffice_app.state.tracking_numbers import TrackingState
from backoffice_app.ui.button import button, link_button
from backoffice_app.ui.empty import empty
from backoffice_app.ui.field import cell_field, check, field
from backoffice_app.ui.frame import page_header
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.layout import block, columns, push, quiet, row, stack, toolbar
from backoffice_app.ui.native_form import file_form
from backoffice_app.ui.table import Column, table
from backoffice_app.ui.texts import _

S = TrackingState


@page_at("/shipments/tracking", i18n._("Tracking numbers"), right=Right.SHIP, on_load=[TrackingState.load])
def tracking_numbers() -> rx.Component:
    """The page: a field to paste into and a form for a file; then the rows as a grid."""
    not_mine = empty(
        "lock", _("This page is for those who ship."), _("Ask the owner of the shop for the right to ship.")
    )
    return page(
        rx.cond(held(Right.SHIP), rx.cond(S.rows.length() > 0, _grid(), _ways()), not_mine),
        header=page_header(_("Tracking numbers"), push(link_button(_("All shipments"), "/shipments"))),
        here="/shipments",
        refresh=S.refresh,
        flush=True,
    )


def _ways() -> rx.Component:
    paste = rx.el.form(
        stack(
            field(
                _("Order number, tracking number, carrier"),
                "text",
                lines=12,
                error=S.wrong,
                hint=_(
                    "One row an order, as copied from a table or written with semicolons. The carrier may be left out."
                ),
                key="tracking-text",
                spell_check=False,
            ),
            row(button(_("Check"), look="solid", submit=True, waits=True, key="check-tracking")),
            wide=True,
        ),
        on_submit=S.check,
    )
    file = file_form(
        "/shipments/tracking-file",
        _("CSV file"),
        _("Read file"),
        hint=_("With or without a head. At most 500 rows."),
        accept=".csv,.txt,.tsv",
        key="tracking",
    )
    typed = button(_("Type into a grid"), key="tracking-grid", on_click=S.blank)
    return columns(
        [block(_("Paste"), paste, key="tracking-paste")],
        [block(_("File"), file, key="tracking-file-block"), block(_("By hand"), typed, key="tracking-hand")],
    )


def _grid() -> rx.Component:
    """The rows, with what is wrong with each; the form begins the run for all of them."""
    wrong = rx.cond(S.wrong != "", rx.el.p(S.wrong, class_name="error", role="alert"))
    said = rx.cond(S.counts > 0, quiet(_("Rows with a problem are skipped, all others are done.")))
    tools = toolbar(
        button(_("Mark as shipped"), look="solid", submit=True, waits=True, key="start-tracking"),
        check(_("Notify customers"), "mail", checked=True),
        rx.el.span(said, role="status"),
        push(button(_("Start over"), key="tracking-again", on_click=S.begin_again)),
    )
    listed = table(
        _("Tracking numbers"),
        [
            Column(_("Row"), lambda one: quiet(one.place)),
            Column(_("Order"), lambda one: _cell(_("Order"), "order-", one, one.order), place=1),
            Column(
                _("Tracking number"),
                lambda one: _cell(_("Tracking number"), "tracking-", one, one.tracking),
                place=3,
            ),
            Column(_("Carrier"), lambda one: _cell(_("Carrier"), "carrier-", one, one.carrier), place=5),
            Column(_("Customer"), lambda one: one.who, place=2),
            Column(
                _("Problem"),
                lambda one: rx.cond(one.problem != "", rx.el.span(one.problem, class_name="error")),
                place=7,
            ),
        ],
        S.rows,
        cards=True,
        sticky=True,
    )
    return rx.el.form(tools, wrong, listed, on_submit=S.start(S.about), key=S.about)


def _cell(label: rx.Var[str], name: str, one: rx.Var[TrackingRow], value: rx.Var[str]) -> rx.Component:
    return cell_field(label + " " + one.place, joined(name, one.place), value)
