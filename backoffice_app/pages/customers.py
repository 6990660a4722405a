"""Customers: the list of all, and the page of one (W-8)."""

import reflex as rx

from backoffice_app import i18n
from backoffice_app.domain.core.forms import FieldView
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.listing.customers import (
    COMPANY,
    CUSTOMERS,
    EMAIL,
    LAST,
    MAILS,
    NAME,
    NUMBER,
    ORDERS,
    PHONE,
    TOTAL,
    WARNING,
)
from backoffice_app.domain.window.declared import Declared, Entry
from backoffice_app.pages import keyset
from backoffice_app.pages.frame import held, page
from backoffice_app.pages.plain import plain_part
from backoffice_app.state.customers import CustomersState, CustomerState
from backoffice_app.state.order_calls import BOX, SURE
from backoffice_app.state.pages import CUSTOMERS as GROUP
from backoffice_app.state.pages import page_at
from backoffice_app.ui.badge import badge
from backoffice_app.ui.button import button, link_button
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.empty import empty, empty_line
from backoffice_app.ui.field import hidden_field
from backoffice_app.ui.frame import banner, page_header
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.layout import (
    block,
    columns,
    figure,
    grow,
    item,
    items,
    options,
    quiet,
    stack,
    toolbar,
    whole_line,
)
from backoffice_app.ui.plain import drawn_field
from backoffice_app.ui.search import stay
from backoffice_app.ui.skeleton import skeleton_block
from backoffice_app.ui.table import Column, Row, table
from backoffice_app.ui.texts import _

S, P = CustomersState, CustomerState
V, F = CustomerState.view, CustomerState.form
LINKS = "a[id^=customer-]"


@page_at(
    "/customers",
    i18n._("Customers"),
    group=GROUP,
    rank=10,
    icon="users",
    key="c",
    on_load=[CustomersState.load],
)
def customers() -> rx.Component:
    """The page: tabs, filters, the rows."""
    return page(
        keyset.tools(CUSTOMERS, S, on_apply=S.apply),
        keyset.listing(S, _list(), _nothing()),
        header=page_header(_("Customers"), keyset.search_box(_("Search customers"), S)),
        here="/customers",
        refresh=S.refresh,
        on_menu_press=keyset.leaves(S),
        flush=True,
        keys=keyset.keys(LINKS, has_filter=True),
        listed=keyset.listed_keys(_("Open the customer"), has_filter=True),
    )


def _list() -> rx.Component:
    return table(
        _("Customers"),
        [
            Column(
                _("Number"),
                lambda r: quiet(figure(r[NUMBER])),
                place=3,
                extra_class="one-line",
                sort=keyset.sorted_by(S, "newest"),
            ),
            Column(_("Name"), _name, place=1, extra_class="fill", sort=keyset.sorted_by(S, "name")),
            Column(_("E-mail"), lambda r: r[EMAIL], place=4),
            Column(_("Phone"), lambda r: quiet(figure(r[PHONE])), extra_class="wide-only"),
            Column(_("Orders"), lambda r: figure(r[ORDERS]), number=True),
            Column(_("Total"), lambda r: figure(r[TOTAL]), number=True, place=6, shown=held(Right.PRICES)),
            Column(_("Last order"), lambda r: quiet(figure(r[LAST])), extra_class="one-line wide-only"),
            Column(_("Marks"), _marks, place=2),
        ],
        S.view.rows,
        cards=True,
        sticky=True,
        known_by=NUMBER,
        on_row_press=stay(),
    )


def _name(r: Row) -> rx.Component:
    link = rx.el.a(r[NAME], href=joined("/customers/", r[NUMBER]), id=joined("customer-", r[NUMBER]))
    return rx.fragment(link, rx.cond(r[COMPANY] != "", quiet(" · ", r[COMPANY])))


def _marks(r: Row) -> rx.Component:
    warned = rx.cond(r[WARNING] != "", badge("act", "triangle-alert", _("Warning")))
    return rx.fragment(warned, rx.cond(r[MAILS] != "", badge("neutral", "ban", r[MAILS])))


def _nothing() -> rx.Component:
    none_yet = (
        _("No customers yet."),
        _("They come with the orders: anyone who orders for the first time is a new customer."),
    )
    return keyset.nothing(S, "users", none_yet, _("No customer matches."))


@page_at(
    "/customers/[customer]",
    i18n._("Customers"),
    title=_("Customer") + " " + V.number,
    on_load=[CustomerState.load],
)
def customer() -> rx.Component:
    """One customer: what is known of them, their orders, returns and mails, and what can be done."""
    missing = empty(
        "search-x",
        _("There is no customer of this number."),
        _("The search finds customers by name, company, e-mail, phone and number."),
        link_button(_("All customers"), "/customers"),
    )
    return page(
        rx.cond(P.is_read, rx.cond(P.missing != "", missing, _content()), skeleton_block()),
        _dialog(),
        header=page_header(
            rx.cond(V.name != "", V.name, _("Customers")),
            quiet(V.company),
            link_button(_("All customers"), "/customers", look="text"),
        ),
        here="/customers",
        refresh=P.refresh,
        flush=True,
    )


def _content() -> rx.Component:
    merged = rx.el.span(
        V.merged, " ", rx.el.a(_("Customer") + " " + V.into, href=joined("/customers/", V.into))
    )
    blocks = [[rx.foreach(V.columns[at], _block)] for at in range(3)]
    return rx.fragment(
        rx.cond(V.into != "", banner(merged)),
        rx.cond(V.warning != "", banner(V.warning, act=True)),
        rx.cond(V.mails_off, banner(_("The mails to this customer are switched off."))),
        _actions(),
        columns(*blocks),
    )


def _actions() -> rx.Component:
    def opens(key: str, word: rx.Var[str]) -> rx.Component:
        return button(word, key=key, on_click=P.open(key, V.about))

    none: dict[str, str] = {}
    mails = rx.cond(
        V.mails_off,
        button(
            _("Switch mails on"),
            key="customer-mails",
            on_click=P.act("customer-mails-on", V.about, none),
            waits=True,
        ),
        button(
            _("Switch mails off"),
            key="customer-mails",
            on_click=P.act("customer-mails-off", V.about, none),
            waits=True,
        ),
    )
    mine = toolbar(
        opens("edit-customer", _("Edit customer")),
        opens("warn-customer", _("Warn of the customer")),
        mails,
        opens("merge-customer", _("Merge", "customers")),
        link_button(_("All orders"), V.orders),
    )
    return rx.cond(V.may_edit, mine)


def _block(view: rx.Var[Declared]) -> rx.Component:
    plain = rx.fragment(
        rx.foreach(view.parts, _part), rx.cond(view.parts.length() > 0, "", empty_line(view.empty))
    )
    return block(view.title, stack(plain, wide=True), key=view.key)


def _part(part: rx.Var) -> rx.Component:
    return plain_part(part, ("entries", items(rx.foreach(part.listed, _entry))))


def _entry(view: rx.Var[Entry]) -> rx.Component:
    title = rx.cond(
        view.link != "", rx.el.a(view.title, href=view.link, dir="auto"), rx.el.span(view.title, dir="auto")
    )
    return item(
        grow(title),
        rx.cond(view.state != "", badge(view.tone, view.icon, view.state)),
        rx.cond(view.text != "", whole_line(options(view.text))),
        rx.cond(view.small != "", whole_line(quiet(view.small, small=True))),
    )


def _dialog() -> rx.Component:
    """The dialog that is open, drawn from the input model of its action; it asks where it must."""
    form = dialog_form(
        rx.foreach(F.hidden, lambda pair: hidden_field(pair[0], pair[1])),
        rx.foreach(F.fields, _field),
        hidden_field(SURE, P.sure),
        rx.cond(P.question != "", rx.el.p(P.question, role="alert")),
        on_submit=P.act(F.action, P.asked),
        submit=F.submit,
        error=rx.cond(F.fields.map(lambda field: field.name).contains(P.wrong_field), "", P.wrong),
    )
    return dialog(
        F.title, form, shown=F.key != "", on_open_change=P.close, opener=F.element, description=F.description
    )


def _field(view: rx.Var[FieldView]) -> rx.Component:
    error = rx.cond(P.errors.contains(view.name), P.errors[view.name], "").to(str)
    return drawn_field(view, value=view.value, error=error, key=joined("field-", view.name), box=BOX)
