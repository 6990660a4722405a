"""Products: the list with prices and stock, and a page for each with what moved its stock (STK-1)."""

import reflex as rx

from backoffice_app import i18n
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.listing.products import (
    FREE,
    ID,
    MARK,
    NAME,
    ON_HAND,
    PRICE,
    PRODUCTS,
    RATE,
    RESERVED,
    SKU,
    STATE,
    TONE,
)
from backoffice_app.pages import keyset
from backoffice_app.pages.frame import page
from backoffice_app.state.pages import PRODUCTS as GROUP
from backoffice_app.state.pages import page_at
from backoffice_app.state.products import ALL, ProductsState, ProductState
from backoffice_app.ui.badge import badge
from backoffice_app.ui.button import button, link_button
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.empty import empty, empty_line
from backoffice_app.ui.field import field
from backoffice_app.ui.frame import page_header
from backoffice_app.ui.kinds import Child, Text, joined
from backoffice_app.ui.layout import (
    block,
    figure,
    live_facts,
    moment,
    quiet,
    row,
    side_by_side,
    stack,
    timeline,
)
from backoffice_app.ui.search import stay
from backoffice_app.ui.skeleton import skeleton_block
from backoffice_app.ui.table import Column, Row, or_dash, table
from backoffice_app.ui.texts import _
from backoffice_app.ui.wrong import Wrong

S = ProductsState
P = ProductState
NEW, W = Wrong(S.wrong, S.wrong_field), Wrong(P.wrong, P.wrong_field)
"""What is wrong in the form of a new product, and in those of the one in sight."""
V = ProductState.view
LINKS = "a[id^=product-]"
CATALOGUE = Shown(ALL, "0").text
"""What a new product is about: all of them together."""


@page_at(
    "/products",
    i18n._("Products"),
    group=GROUP,
    rank=10,
    icon="package",
    key="p",
    on_load=[ProductsState.load],
)
def products() -> rx.Component:
    """The page: tabs by stock, the rows."""
    add = rx.cond(
        S.view.may_edit, button(_("Add product"), picture="plus", key="add-product", on_click=S.open())
    )
    return page(
        keyset.tools(PRODUCTS, S, more=add),
        keyset.listing(S, _list(), _nothing()),
        _adding(),
        header=page_header(_("Products"), keyset.search_box(_("Search products"), S)),
        here="/products",
        refresh=S.refresh,
        on_menu_press=keyset.leaves(S),
        flush=True,
        keys=keyset.keys(LINKS),
        listed=keyset.listed_keys(_("Open the product")),
    )


def _list() -> rx.Component:
    sees = S.view.sees_prices
    return table(
        _("Products"),
        [
            Column(
                _("SKU"),
                lambda r: quiet(r[SKU]),
                place=3,
                extra_class="one-line least-amount",
                sort=keyset.sorted_by(S, "sku"),
            ),
            Column(_("Name"), _name, place=1, extra_class="fill", sort=keyset.sorted_by(S, "name")),
            Column(
                _("Price"), lambda r: r[PRICE], number=True, extra_class="least-short", place=2, shown=sees
            ),
            Column(_("VAT"), lambda r: quiet(r[RATE]), number=True, shown=sees),
            Column(
                _("On hand"),
                lambda r: or_dash(r[ON_HAND]),
                number=True,
                extra_class="least-short",
                sort=keyset.sorted_by(S, "on_hand"),
            ),
            Column(_("Reserved"), lambda r: or_dash(r[RESERVED]), number=True, extra_class="least-short"),
            Column(
                _("Free"),
                lambda r: or_dash(r[FREE]),
                number=True,
                extra_class="least-short",
                place=5,
                named=True,
            ),
            Column(
                _("Stock"), lambda r: badge(r[TONE], r[MARK], r[STATE]), place=4, extra_class="least-state"
            ),
        ],
        S.view.rows,
        cards=True,
        sticky=True,
        known_by=ID,
        on_row_press=stay(),
    )


def _name(r: Row) -> rx.Component:
    return rx.el.a(r[NAME], href=joined("/products/", r[ID]), id=joined("product-", r[ID]))


def _nothing() -> rx.Component:
    none_yet = (
        _("No products yet."),
        _("Add the first one. Orders that come in with its SKU then move its stock."),
    )
    return keyset.nothing(S, "package", none_yet, _("No product matches."))


def _adding() -> rx.Component:
    named = ["sku", "name", "unit", "price", "vat_rate", "on_hand", "low_at"]
    form = dialog_form(
        field(_("SKU"), "sku", error=NEW.at("sku"), auto_complete="off", spell_check=False),
        field(_("Name"), "name", error=NEW.at("name"), auto_complete="off"),
        side_by_side(
            field(_("Price"), "price", error=NEW.at("price"), input_mode="decimal", auto_complete="off"),
            field(
                _("VAT rate in per cent"),
                "vat_rate",
                error=NEW.at("vat_rate"),
                input_mode="decimal",
                auto_complete="off",
            ),
        ),
        side_by_side(
            field(
                _("On hand"),
                "on_hand",
                error=NEW.at("on_hand"),
                hint=_("Empty: not counted."),
                input_mode="decimal",
            ),
            field(
                _("Low at"), "low_at", error=NEW.at("low_at"), hint=_("Empty: never."), input_mode="decimal"
            ),
        ),
        field(
            _("Unit"),
            "unit",
            error=NEW.at("unit"),
            hint=_("Empty for pieces, else such as m or kg."),
            auto_complete="off",
        ),
        on_submit=S.add(CATALOGUE),
        submit=_("Add product"),
        error=NEW.beside(*named),
    )
    return dialog(_("Add product"), form, shown=S.adding, on_open_change=S.close, opener="add-product")


@page_at("/products/[product]", i18n._("Products"), title=V.name, on_load=[ProductState.load])
def product() -> rx.Component:
    """One product: its data, its movements, its history."""
    missing = empty(
        "search-x",
        _("There is no such product."),
        _("It may never have been here."),
        link_button(_("All products"), "/products"),
    )
    count = rx.cond(V.may_count, button(_("Count stock"), key="count-stock", on_click=P.open("count")))
    edit = rx.cond(
        V.may_edit,
        button(_("Edit"), key="edit-product", on_click=P.open("edit"), aria_label=_("Edit product")),
    )
    retire = rx.cond(
        V.may_edit,
        rx.cond(
            V.is_retired,
            button(_("Put back on sale"), key="retire-product", on_click=P.restore(V.about)),
            button(_("Retire product"), key="retire-product", on_click=P.retire(V.about)),
        ),
    )
    retired = rx.cond(V.is_retired, badge("ended", "ban", _("Retired")))
    found = rx.fragment(
        block(
            _("Product"),
            stack(
                row(badge(V.tone, V.mark, V.state), retired, middle=True),
                live_facts(V.facts),
                row(count, edit, retire),
            ),
            key="product",
        ),
        block(_("Movements of the stock"), _movements(), key="movements"),
        block(_("History"), _history(), key="history"),
    )
    return page(
        rx.cond(P.is_read, rx.cond(P.is_missing, missing, found), skeleton_block()),
        _editing(),
        _counting(),
        header=page_header(
            rx.cond(V.name != "", V.name, _("Products")),
            link_button(_("All products"), "/products", look="text"),
        ),
        here="/products",
        refresh=P.refresh,
        flush=True,
    )


def _movements() -> rx.Component:
    at, kind, on_hand, reserved, cause, order, who, _id = range(8)

    def reason(r: Row) -> rx.Component:
        return rx.cond(r[order] != "", rx.el.a(figure(r[order]), href=joined("/orders/", r[order])), r[cause])

    rows = table(
        _("Movements of the stock"),
        [
            Column(_("Time"), lambda r: quiet(figure(r[at])), place=3, extra_class="one-line"),
            Column(_("Kind"), lambda r: r[kind], place=1),
            Column(_("On hand"), lambda r: r[on_hand], number=True, place=2),
            Column(_("Reserved"), lambda r: r[reserved], number=True, place=5, named=True),
            Column(_("Cause"), reason, place=4),
            Column(_("By"), lambda r: quiet(r[who])),
        ],
        V.movements,
        cards=True,
        tight=True,
        known_by=7,
    )
    return rx.cond(V.movements.length() > 0, rows, empty_line(_("Nothing has moved yet.")))


def _history() -> rx.Component:
    return timeline(rx.foreach(V.happened, lambda one: moment(one[0], one[1], one[2])), name=_("History"))


def _editing() -> rx.Component:
    priced = side_by_side(
        field(
            _("Price"),
            "price",
            value=_of("price"),
            error=W.at("price"),
            input_mode="decimal",
            auto_complete="off",
            key="edit-price",
        ),
        field(
            _("VAT rate in per cent"),
            "vat_rate",
            value=_of("vat_rate"),
            error=W.at("vat_rate"),
            input_mode="decimal",
            key="edit-vat-rate",
        ),
    )
    form = dialog_form(
        field(_("Name"), "name", value=_of("name"), error=W.at("name"), auto_complete="off", key="edit-name"),
        rx.cond(V.sees_prices, priced),
        field(
            _("Low at"),
            "low_at",
            value=_of("low_at"),
            error=W.at("low_at"),
            hint=_("At so many free pieces, or fewer, the stock is shown as low. Empty: never."),
            input_mode="decimal",
            key="edit-low-at",
        ),
        on_submit=P.edit(P.asked),
        submit=_("Save"),
        error=W.beside("name", "price", "vat_rate", "low_at"),
    )
    return _dialog("edit", _("Edit product"), form, opener="edit-product")


def _counting() -> rx.Component:
    form = dialog_form(
        field(
            _("On hand"),
            "on_hand",
            value=V.on_hand,
            error=W.at("on_hand"),
            input_mode="decimal",
            auto_complete="off",
            key="count-on-hand",
        ),
        field(_("Reason"), "reason", error=W.at("reason"), auto_complete="off", key="count-reason"),
        on_submit=P.count(P.asked),
        submit=_("Save"),
        error=W.beside("on_hand", "reason"),
    )
    return _dialog("count", _("Count stock"), form, opener="count-stock")


def _dialog(form: str, title: Text, *children: Child, opener: Text) -> rx.Component:
    return dialog(
        title, *children, shown=P.form == form, on_open_change=P.close, opener=opener, description=V.sku
    )


def _of(name: str) -> rx.Var[str]:
    return rx.cond(V.texts.contains(name), V.texts[name], "").to(str)
