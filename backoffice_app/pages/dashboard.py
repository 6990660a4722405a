"""Dashboard: what needs doing now, in three groups, and the sales of the last 30 days."""

import reflex as rx

from backoffice_app import i18n
from backoffice_app.domain.core.dashboard import ROWS
from backoffice_app.domain.dashboard.read import GroupView, RowView
from backoffice_app.domain.dashboard.sales import HEIGHT, TOP, WIDTH
from backoffice_app.pages.frame import page
from backoffice_app.state.dashboard import DashboardState
from backoffice_app.state.note_count import NOTES
from backoffice_app.state.pages import HOME, page_at
from backoffice_app.ui.frame import banner, page_header
from backoffice_app.ui.icons import icon
from backoffice_app.ui.layout import block, figure, line, push, quiet, strong
from backoffice_app.ui.queue import chart, queue, queues
from backoffice_app.ui.shortcuts import STEP_KEYS, step
from backoffice_app.ui.skeleton import skeleton_rows
from backoffice_app.ui.table import Column, table
from backoffice_app.ui.texts import _

S = DashboardState
V = DashboardState.view.sales
LINKS = "a.queue"


@page_at(
    "/dashboard",
    i18n._("Dashboard"),
    group=HOME,
    rank=10,
    icon="house",
    key="d",
    on_load=[S.load],
    count=NOTES.vars,
)
def dashboard() -> rx.Component:
    """The page: rows at the left, each a link to its list; sales at the right for who may see amounts."""
    rows = rx.el.div(rx.foreach(S.view.groups, _group))
    return page(
        rx.cond(S.is_read, queues(rows, rx.cond(V.total != "", _sales())), skeleton_rows()),
        banner=rx.cond(
            S.view.lacking != "",
            banner(rx.el.a(S.view.lacking, href="/settings/company")),
        ),
        header=page_header(_("Dashboard"), push(quiet(S.view.today, small=True))),
        here="/dashboard",
        refresh=S.refresh,
        flush=True,
        keys={"j": step(LINKS, 1), "k": step(LINKS, -1)},
        listed=[(STEP_KEYS, _("Next and previous row")), ("Enter", _("Open"))],
    )


def _group(group: rx.Var[GroupView]) -> rx.Component:
    return rx.el.section(
        rx.el.h2(group.title, class_name="group-title"), rx.foreach(group.rows, _row), aria_label=group.title
    )


def _row(row: rx.Var[RowView]) -> rx.Component:
    icons = dict.fromkeys(one.icon for one in ROWS)
    picture = rx.match(row.icon, *((name, icon(name)) for name in icons), icon("circle"))
    return queue(picture, row.label, row.count, row.amount, row.note, href=row.href, look=row.look)


def _sales() -> rx.Component:
    """The sum, the chart, and the same as a table."""
    days = table(
        _("Sales by day"),
        [Column(_("Day")), Column(_("Orders"), number=True), Column(_("Total"), number=True)],
        V.days,
        tight=True,
    )
    return block(
        _("Sales, 30 days"),
        line(strong(figure(V.total)), quiet(figure(V.orders), small=True)),
        chart(
            _("Sales of each of the last 30 days"), V.bars, V.first, V.last, V.most, size=(WIDTH, HEIGHT, TOP)
        ),
        rx.el.details(rx.el.summary(_("As a table")), days, class_name="folded"),
        key="sales",
    )
