"""Choosing orders and acting on them all: ticks, the bar and its dialog, a run, the list of runs (O-5)."""

import reflex as rx

from backoffice_app import i18n
from backoffice_app.domain.bulk.views import LINK, MARK, NUMBER, PLACE, RANK, SAID, STATE, TONE
from backoffice_app.domain.listing.rows import NUMBER as ORDER_NUMBER
from backoffice_app.pages.bulk_dialog import OPENER, bulk_dialog
from backoffice_app.pages.bulk_progress import file_links
from backoffice_app.pages.frame import page
from backoffice_app.state.bulk import BulkChoice
from backoffice_app.state.bulk_run import BulkRunsState, BulkRunState
from backoffice_app.state.orders import OrdersState
from backoffice_app.state.pages import page_at
from backoffice_app.ui.badge import badge
from backoffice_app.ui.browser import by_id, call
from backoffice_app.ui.button import button, icon_button, link_button
from backoffice_app.ui.empty import empty
from backoffice_app.ui.field import pick
from backoffice_app.ui.floating import counted_button, floating_bar, menu_button, progress_bar
from backoffice_app.ui.frame import page_header
from backoffice_app.ui.icons import icon
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.layout import figure, item, items, push, quiet, toolbar
from backoffice_app.ui.popover import exports, opener, popover, read_when_opened
from backoffice_app.ui.shortcuts import STEP_KEYS, Does, in_row, on_escape, press_in_row, step
from backoffice_app.ui.skeleton import skeleton_rows
from backoffice_app.ui.table import Column, Row, table
from backoffice_app.ui.tabs import live_tabs
from backoffice_app.ui.texts import _

B = BulkChoice
F = BulkChoice.form
V = BulkRunState.view
R = BulkRunState.view.progress
ACTIONS = OPENER.removesuffix("-opener")
PRINTS = "bulk-prints"
TICK = ".pick input"
ITEMS = "a[id^=result-]"
RUNS = "a[id^=run-]"


def tick_column() -> Column:
    """The first column of the order list: a tick on each row, and in the head one for all in sight."""
    head = pick(
        _("Select all orders on this page"),
        checked=B.all_ticked,
        on_change=lambda on, _through: B.tick_page(on),
        key="tick-page",
    )
    return Column(head, _tick, extra_class="pick-cell")


def _tick(order: Row) -> rx.Component:
    number = order[ORDER_NUMBER]
    name = _("Select order") + " " + number
    # The browser ticks it at once; one that the server ticks or unticks is drawn anew.
    turn = rx.cond(B.turns.contains(number), B.turns[number], 0)
    return pick(
        name,
        default_checked=B.ticked.contains(number),
        on_change=lambda on, through: B.tick(number, on, through),
        key=joined(number, "-", turn.to_string()),
    )


def tick_keys(links: str) -> dict[str, Does]:
    """The keys that choose the row that has the focus, or all up to it; `links`: the row's link, whose text is the
    number.
    """
    return {"x": press_in_row(TICK), "X": lambda target: B.tick_through(in_row(target, links).textContent)}


def bulk_bar() -> rx.Component:
    """What is chosen, and what can be done to it; nothing while nothing is chosen."""
    total = OrdersState.view.matching
    is_part = (OrdersState.view.older != "") | (OrdersState.view.newer != "")
    everything = button(
        _("Choose all:") + " " + total,
        look="text",
        key="bulk-all",
        on_click=B.choose_all,
        waits=True,
    )
    following = button(B.next_word, look="solid", key="bulk-next", on_click=B.open(B.next_step))
    bar = floating_bar(
        rx.el.span(figure(B.says), role="status"),
        rx.cond(is_part, everything),
        rx.cond(B.next_step != "", following),
        rx.cond(
            B.prints.length() > 0,
            popover(_("Print"), rx.foreach(B.prints, _print_entry), key=PRINTS, picture="printer"),
        ),
        _actions(),
        icon_button("x", _("Clear selection"), key="bulk-clear", on_click=B.clear),
        name=_("Chosen orders"),
    )
    shown = rx.cond(B.count > 0, rx.fragment(bar, on_escape(B.clear)))
    return rx.fragment(shown, rx.cond(F.key != "", bulk_dialog()))


def _actions() -> rx.Component:
    """All that can be done, each with the number of chosen orders that it applies to."""
    head = opener(ACTIONS, icon("list-checks"), rx.el.span(_("Bulk actions")), class_name="btn btn-soft")
    listed = rx.foreach(B.menu, _entry)
    return read_when_opened(
        head, listed, key=ACTIONS, name=_("Bulk actions"), on_toggle=B.judge, extra_class="popover-panel"
    )


def _entry(offer: rx.Var[list[str]]) -> rx.Component:
    number, why = (rx.cond(B.fits.contains(offer[0]), B.fits[offer[0]][at], "").to(str) for at in range(2))
    return counted_button(
        offer[1], [B.open(offer[0]), call(by_id(ACTIONS), "hidePopover")], number=number, why=why
    )


def _print_entry(offer: rx.Var[list[str]]) -> rx.Component:
    return menu_button(offer[1], [B.open(offer[0]), call(by_id(PRINTS), "hidePopover")])


@page_at("/bulk/[bulk_run]", i18n._("Bulk action"), on_load=[BulkRunState.load])
def run_page() -> rx.Component:
    """The page of a run: progress, results by kind, the file, what is left."""
    again = button(
        _("Do again for what was not done"),
        key="bulk-again",
        waits=True,
        on_click=BulkRunState.do_again(R.about),
    )
    stop = button(_("Leave out the rest"), key="bulk-stop", waits=True, on_click=BulkRunState.cancel(R.about))
    begin = button(
        _("Import"), look="solid", key="bulk-import", waits=True, on_click=BulkRunState.import_tried(R.about)
    )
    export = exports(_("Export results"), V.csv, V.xlsx)
    whole = rx.fragment(
        toolbar(
            rx.el.span(figure(R.says), role="status"),
            quiet(V.began, small=True),
            push(
                file_links(R),
                rx.cond(V.again > 0, again),
                rx.cond(V.goes_on, begin),
                rx.cond(R.is_over, rx.fragment(), stop),
                export,
            ),
        ),
        toolbar(progress_bar(V.title, R.done, R.size)),
        rx.cond(
            V.summary.length() > 0,
            toolbar(items(rx.foreach(V.summary, lambda one: item(one, "")), name=_("Summary"))),
        ),
        toolbar(live_tabs(_("Result"), V.tabs, V.tab)),
        _results(),
    )
    none = empty(
        "search-x",
        _("There is no such run."),
        _("Only who began a run sees it."),
        link_button(_("All orders"), "/orders"),
    )
    return page(
        rx.cond(BulkRunState.is_read, rx.cond(V.missing, none, whole), skeleton_rows()),
        header=page_header(
            rx.cond(V.title != "", V.title, _("Bulk action")),
            push(link_button(_("My bulk actions"), "/bulk")),
        ),
        here="/orders",
        refresh=BulkRunState.refresh,
        flush=True,
        keys={"j": step(ITEMS, 1), "k": step(ITEMS, -1)},
        listed=[(STEP_KEYS, _("Next and previous row")), ("Enter", _("Open the order"))],
    )


def _results() -> rx.Component:
    listed = table(
        _("Results"),
        [
            Column(_("Row in the file"), lambda r: quiet(r[PLACE]), shown=V.has_places),
            Column(_("Order"), _order, place=1),
            Column(_("Result"), lambda r: badge(r[TONE], r[MARK], r[STATE]), place=2),
            Column(_("Reason"), lambda r: r[SAID], place=5, extra_class="fill"),
        ],
        V.rows,
        sticky=True,
        cards=True,
        known_by=RANK,
    )
    first = rx.cond(V.newer != "", link_button(_("First page"), V.newer))
    return rx.fragment(listed, toolbar(first, rx.cond(V.older != "", link_button(_("Next"), V.older))))


def _order(one: Row) -> rx.Component:
    leads = rx.el.a(figure(one[NUMBER]), href=one[LINK], id=joined("result-", one[RANK]))
    return rx.cond(one[LINK] != "", leads, figure(one[NUMBER]))


@page_at("/bulk", i18n._("My bulk actions"), on_load=[BulkRunsState.load])
def runs_page() -> rx.Component:
    """The newest runs of the colleague who looks."""
    listed = table(
        _("My bulk actions"),
        [
            Column(
                _("Action"),
                lambda r: rx.el.a(r[1], href=joined("/bulk/", r[0]), id=joined("run-", r[0])),
                place=1,
            ),
            Column(_("Date"), lambda r: quiet(figure(r[2])), place=2),
            Column(_("Result"), lambda r: figure(r[3]), place=5),
        ],
        BulkRunsState.rows,
        sticky=True,
        cards=True,
        known_by=0,
    )
    none = empty(
        "list-checks",
        _("No bulk action yet."),
        _("Tick orders in the list and choose what is done to them."),
        link_button(_("All orders"), "/orders"),
    )
    return page(
        rx.cond(
            BulkRunsState.is_read,
            rx.cond(BulkRunsState.rows.length() > 0, listed, none),
            skeleton_rows(),
        ),
        header=page_header(_("My bulk actions")),
        here="/orders",
        refresh=BulkRunsState.refresh,
        flush=True,
        keys={"j": step(RUNS, 1), "k": step(RUNS, -1)},
        listed=[(STEP_KEYS, _("Next and previous row")), ("Enter", _("Open"))],
    )
