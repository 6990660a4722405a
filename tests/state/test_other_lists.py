"""The pages of invoices, shipments and products without a browser: the address is the state, rights, forms
(SEC-2, E6).
"""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import reflex as rx
from databases import OWNER, READER, WAREHOUSE, TestShop
from reflex.istate.data import RouterData
from substates import substate

from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.marks import MARK
from backoffice_app.state.base import RUNNING
from backoffice_app.state.invoices import InvoicesState
from backoffice_app.state.products import ProductsState, ProductState
from backoffice_app.state.shipments import ShipmentsState


class Tab:
    """A tab at an address of a list; handlers run as the events of that colleague would."""

    def __init__(self, kind: type[rx.State], path: str, actor: Actor = OWNER, **query: str) -> None:
        self.actor, self.path = actor, path
        self.root = rx.State()
        self.state: Any = substate(self.root, kind)
        self.go(**query)

    def go(self, **query: str) -> None:
        address = self.path + (
            "?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else ""
        )
        self.root.router = RouterData.from_router_data(
            {"pathname": self.path, "asPath": address, "query": query, "token": "t", "headers": {}}
        )
        self.do("load")

    def do(self, handler: str, *arguments: object) -> Any:
        RUNNING.set(self.actor)
        return asyncio.run(getattr(self.state, handler)(*arguments))


@pytest.fixture(autouse=True)
def nobody_afterwards() -> Iterator[None]:
    yield
    RUNNING.set(None)


def address_of(event: Any) -> str:
    """Where a redirect leads."""
    return next(str(value._var_value) for name, value in event.args if str(name) == "path")


@pytest.mark.parametrize("kind", [InvoicesState, ShipmentsState, ProductsState])
def test_o2_what_is_typed_before_a_list_was_read_leads_to_its_search(kind: type[rx.State]) -> None:
    name = kind.__name__.removesuffix("State").lower()

    assert (kind().view.find, kind().view.unsearched) == (f"/{name}?q=", f"/{name}")  # type: ignore[attr-defined]


def test_e6_the_filters_of_the_form_come_into_the_address_and_tab_and_search_stay(
    small_shop: TestShop,
) -> None:
    small_shop.order()
    tab = Tab(InvoicesState, "/invoices", q="ada", state="open")
    leads = address_of(
        tab.do("apply", {"kind": "invoice", "from": "2026-11-01", "to": "", "state": "paid", "evil": "1"})
    )

    assert leads == "/invoices?state=open&kind=invoice&from=2026-11-01&q=ada"
    assert len(tab.state.view.rows) == 1
    assert tab.state.box == 1
    tab.do("typed", "adam")
    tab.go(q="adam")
    assert (tab.state.box, tab.state.view.rows) == (1, [])


def test_sec2_each_handler_asks_for_the_right_of_its_list(small_shop: TestShop) -> None:
    rights = {
        name: getattr(handler.fn, MARK)
        for name, handler in InvoicesState.event_handlers.items()
        if hasattr(handler.fn, MARK)
    }

    assert set(rights.values()) == {Right.PRICES}
    with pytest.raises(Refused):
        Tab(InvoicesState, "/invoices", WAREHOUSE)
    small_shop.order()
    assert Tab(ShipmentsState, "/shipments", WAREHOUSE).state.view.rows


def test_stk1_a_product_is_added_counted_edited_and_retired(small_shop: TestShop) -> None:
    tab = Tab(ProductsState, "/products")
    tab.do("open")
    tab.do("add", "", {"sku": "", "name": "Becher"})
    assert (tab.state.adding, tab.state.wrong_field) == (True, "sku")
    tab.do(
        "add",
        "",
        {
            "sku": "MUG-1",
            "name": "Becher",
            "price": "19.95",
            "vat_rate": "19",
            "on_hand": "10",
            "low_at": "",
            "unit": "",
        },
    )
    assert (tab.state.adding, len(tab.state.view.rows)) == (False, 1)

    one = Tab(ProductState, "/products/1")
    assert one.state.view.sku == "MUG-1"
    about = one.state.view.about
    one.do("open", "count")
    one.do("count", about, {"on_hand": "-3", "reason": ""})
    assert (one.state.form, one.state.wrong_field) == ("count", "on_hand")
    one.do("count", about, {"on_hand": "7", "reason": "broken"})
    assert (one.state.form, one.state.view.on_hand) == ("", "7")
    one.do("edit", about, {"name": "Tasse", "price": "21", "vat_rate": "19", "low_at": "8"})
    assert (one.state.view.name, one.state.view.state) == ("Tasse", "Low")
    one.do("open", "edit")
    one.do("edit", about, {"name": "Krug", "price": "21", "vat_rate": "19", "low_at": "8"})
    assert "changed meanwhile" in one.state.wrong, (
        "the form was filled before a colleague changed the product (W-16)"
    )
    one.do("close", False)
    one.do("open", "edit")
    asked, shown = one.state.asked, dict(one.state.view.texts)
    perform(OWNER, "edit-product", 1, {"name": "Tasse", "price": "25", "vat_rate": "19", "low_at": "8"})
    one.do("refresh")  # the page shows the new price behind the form
    one.do("edit", asked, {**shown, "name": "Krug"})
    assert (one.state.form, one.state.view.name, one.state.view.texts["price"]) == ("", "Krug", "25"), (
        one.state.wrong
    )
    one.do("close", False)
    one.do("retire", one.state.view.about)
    assert one.state.view.is_retired
    one.do("restore", one.state.view.about)
    assert not one.state.view.is_retired
    one.do("retire", one.state.view.about)
    assert one.state.view.is_retired
    assert [line[1] for line in one.state.view.movements] == ["Counted", "Counted"]
    assert any("retired the product" in entry[1] for entry in one.state.view.happened)


def test_sec4_who_may_not_see_prices_sees_none_of_a_product(small_shop: TestShop) -> None:
    perform(OWNER, "new-product", 0, {"sku": "MUG-1", "name": "Becher", "price": "19.95"})
    perform(OWNER, "edit-product", 1, {"price": "21.95"})
    view = Tab(ProductState, "/products/1", WAREHOUSE).state.view

    assert "95" not in str(view)
    assert (view.may_count, view.may_edit) == (True, False)
    assert "21.95" in str(Tab(ProductState, "/products/1", READER).state.view)


def test_what_is_not_there_is_said(small_shop: TestShop) -> None:
    for path in ("/products/7", "/products/none"):
        assert Tab(ProductState, path).state.is_missing
    assert Shown("product", "7").text
