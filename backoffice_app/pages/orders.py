"""Sales > Orders: the list that a team lives in (O)."""

import reflex as rx

from backoffice_app.domain.listing.filters import AMOUNT
from backoffice_app.domain.listing.rows import COMPANY, CUSTOMER, DATE, MARKS, NUMBER, PAYMENT, SHIPPING, SOURCE, STATUS, TOTAL
from backoffice_app.pages.frame import page
from backoffice_app.state.order import OrderState
from backoffice_app.state.orders import OrdersState
from backoffice_app.ui.badge import badge
from backoffice_app.ui.button import button, link_button
from backoffice_app.ui.chips import chip, pill
from backoffice_app.ui.empty import empty
from backoffice_app.ui.field import field, search_field, select_field
from backoffice_app.ui.frame import page_header
from backoffice_app.ui.kinds import Text, joined
from backoffice_app.ui.layout import figure, quiet, row, side_by_side, stack, strong, toolbar
from backoffice_app.ui.popover import popover
from backoffice_app.ui.returning import focus_on_return
from backoffice_app.ui.shortcuts import focus, press, reveal, step
from backoffice_app.ui.skeleton import skeleton_rows
from backoffice_app.ui.table import Column, Row, table
from backoffice_app.ui.tabs import live_tabs
from backoffice_app.ui.texts import _

S = OrdersState
V = OrdersState.view
LINKS = "a[id^=order-]"
FILTER = "order-filter"
CLOSE_FILTER = rx.run_script(f"document.getElementById('{FILTER}').hidePopover()")
"""A button that sends a form can't be one that closes a popover, so the form closes it."""


def orders() -> rx.Component:
    """The page: search, views with their counts, filters as chips, the rows."""
    search = rx.el.form(
        search_field(_("Search orders"), value=V.query, on_change=S.search.debounce(150), custom_attrs={"key": "search"}),
        on_submit=S.enter,
        class_name="grow",
    )
    return page(
        toolbar(live_tabs(_("Views"), V.tabs, V.view)),
        rx.cond(S.is_read, rx.fragment(_narrowed(), _rows()), skeleton_rows()),
        focus_on_return(joined("order-", OrderState.view.number)),
        header=page_header(_("Orders"), search),
        here="/orders",
        refresh=S.refresh,
        flush=True,
        keys={
            "/": focus("search"),
            "j": step(LINKS, 1),
            "k": step(LINKS, -1),
            "f": reveal(FILTER),
            "[": press("newer-orders"),
            "]": press("older-orders"),
        },
        listed=[
            ("/", _("Search orders")),
            ("j k", _("Next and previous row")),
            ("Enter", _("Open the order")),
            ("f", _("Filter")),
            ("[ ]", _("Previous and next page")),
        ],
    )


def _narrowed() -> rx.Component:
    """Filter, chips, what matches, and what is new."""
    chips = rx.foreach(V.chips, lambda c: chip(c[0], c[2], rx.redirect(c[1])))
    clear = rx.cond(V.cleared != "", rx.el.a(_("Clear all"), href=V.cleared))
    matching = rx.el.span(figure(V.matching), role="status", class_name="quiet-text small")
    return rx.fragment(
        toolbar(
            popover(_("Filter"), _filter_form(), key=FILTER, picture="list-filter"),
            chips,
            clear,
            matching,
            rx.cond(S.fresh != "", pill(S.fresh, S.refresh)),
        ),
        rx.cond(V.note != "", rx.el.p(V.note, class_name="toolbar quiet-text small", role="status")),
    )


def _filter_form() -> rx.Component:
    """The filters; they combine (O-3)."""

    def choice(label: rx.Var[str], name: str) -> rx.Component:
        return select_field(label, name, V.options[name], value=V.filter[name], key=f"filter-{name}")

    def typed(label: rx.Var[str], name: str, **attributes: Text) -> rx.Component:
        return field(label, name, value=V.filter[name], key=f"filter-{name}", **attributes)

    # The browser itself says at the field what an amount looks like, and the panel stays open.
    amount = {"input_mode": "decimal", "pattern": AMOUNT, "title": _("An amount such as 12.50")}
    money = rx.fragment(
        side_by_side(choice(_("Payment"), "payment"), choice(_("Payment method"), "payment_method")),
        side_by_side(typed(_("Amount from"), "amount_from", **amount), typed(_("Amount to"), "amount_to", **amount)),
    )
    return rx.el.form(
        stack(
            side_by_side(choice(_("Status"), "status"), choice(_("Shipping"), "shipping")),
            rx.cond(V.sees_prices, money),
            side_by_side(typed(_("From"), "date_from", type="date"), typed(_("To"), "date_to", type="date")),
            side_by_side(choice(_("Shipping method"), "shipping_method"), choice(_("Country"), "country")),
            side_by_side(choice(_("Source"), "source"), choice(_("Printed"), "printed")),
            typed(_("Tags"), "tags"),
            row(button(_("Apply"), look="solid", submit=True), end=True),
            wide=True,
        ),
        on_submit=[S.apply, CLOSE_FILTER],
        key=joined(V.cleared, V.first),
    )


def _rows() -> rx.Component:
    return rx.cond(V.rows.length() > 0, rx.fragment(_table(), _paging()), _nothing())


def _table() -> rx.Component:
    """Two tables, for one that is not there can't be peeped at: a role without prices has no columns of money."""
    number = Column(_("Number"), _number, place=1, sort=_sort("number"))
    date = Column(_("Date"), lambda r: quiet(figure(r[DATE])), place=5, sort=_sort("date"), extra_class="one-line")
    customer = Column(_("Customer"), _customer, place=3, sort=_sort("customer"), extra_class="fill")
    total = Column(_("Total"), lambda r: r[TOTAL], number=True, place=2, sort=_sort("total"))
    status = Column(_("Status"), lambda r: _state(r, STATUS), place=4, sort=_sort("status"))
    payment = Column(_("Payment"), lambda r: _state(r, PAYMENT), sort=_sort("payment"))
    shipping = Column(_("Shipping"), lambda r: _state(r, SHIPPING), sort=_sort("shipping"))
    paid_and_shipped = Column(
        "", lambda r: rx.fragment(_state(r, PAYMENT), _state(r, SHIPPING)), place=6, hide_head=True, extra_class="cards-only"
    )
    shipped = Column("", lambda r: _state(r, SHIPPING), place=6, hide_head=True, extra_class="cards-only")
    source = Column(_("Source"), lambda r: quiet(r[SOURCE], small=True), place=0, extra_class="short wide-only")
    marks = Column(_("Marks"), lambda r: quiet(r[MARKS], small=True), place=0, extra_class="wide-only")

    def listed(*columns: Column) -> rx.Component:
        return table(
            _("Orders"),
            columns,
            V.rows,
            sticky=True,
            cards=True,
            on_row_click=lambda r: rx.redirect(_window(r)),
            known_by=NUMBER,
        )

    return rx.cond(
        V.sees_prices,
        listed(number, date, customer, total, status, payment, shipping, source, marks, paid_and_shipped),
        listed(number, date, customer, status, shipping, source, marks, shipped),
    )


def _sort(name: str) -> tuple[Text, Text]:
    return V.sorts[name][0], V.sorts[name][1]


def _number(order: Row) -> rx.Component:
    return rx.el.a(figure(order[NUMBER]), href=_window(order), id=joined("order-", order[NUMBER]))


def _window(order: Row) -> Text:
    """The address of the order, with that of this list."""
    return joined("/orders/", order[NUMBER], V.carried)


def _customer(order: Row) -> rx.Component:
    return rx.el.span(strong(order[CUSTOMER]), rx.cond(order[COMPANY] != "", quiet(" · ", order[COMPANY])))


def _state(order: Row, at: int) -> rx.Component:
    return badge(order[at], order[at + 1], order[at + 2], quiet=True)


def _paging() -> rx.Component:
    def step_to(label: rx.Var[str], href: rx.Var[str], key: str) -> rx.Component:
        return rx.cond(href != "", link_button(label, href, id=key))

    return rx.el.nav(
        step_to(_("Newest"), V.first, "newest-orders"),
        step_to(_("Previous"), V.newer, "newer-orders"),
        step_to(_("Next"), V.older, "older-orders"),
        step_to(_("Oldest"), V.last, "oldest-orders"),
        aria_label=_("Pages"),
        class_name="toolbar",
    )


def _nothing() -> rx.Component:
    none_yet = empty(
        "inbox",
        _("No orders yet."),
        _("They come in through the API as soon as your shop is connected, or from a file with “kontor import”."),
        link_button(_("How to connect a shop"), "/api/docs", reload_document=True),
    )
    none_match = empty(
        "search-x",
        _("No order matches."),
        _("Take a filter away or search for a part of the word."),
        rx.cond(V.cleared != "", link_button(_("Clear all"), V.cleared, look="solid"), link_button(_("Show all orders"), "/orders")),
    )
    return rx.cond(V.is_empty_shop, none_yet, none_match)
