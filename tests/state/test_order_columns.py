"""The choice of columns: what is ticked and moved shows at once in choice and list (O-1)."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import reflex as rx
from databases import OWNER, WAREHOUSE, TestShop
from reflex.istate.data import RouterData
from substates import substate

from backoffice_app.domain.core.errors import NotFound
from backoffice_app.domain.core.rights import Actor
from backoffice_app.state.base import RUNNING
from backoffice_app.state.order_columns import ABOUT, OrderColumnsState
from backoffice_app.state.orders import OrdersState


class Tab:
    """A tab with the list of all orders."""

    def __init__(self, actor: Actor) -> None:
        self.actor, self.root = actor, rx.State()
        self.root.router = RouterData.from_router_data(
            {"pathname": "/orders", "asPath": "/orders", "query": {}, "token": "t", "headers": {}}
        )
        self.list: Any = substate(self.root, OrdersState)
        self.choice: Any = substate(self.root, OrderColumnsState)
        self.do(self.list.load)
        self.do(self.choice.toggled, True)

    def do(self, handler: Any, *arguments: object) -> None:
        RUNNING.set(self.actor)
        asyncio.run(handler(*arguments))

    @property
    def columns(self) -> list[str]:
        return [column.key for column in self.list.view.columns]


@pytest.fixture(autouse=True)
def nobody_afterwards() -> Iterator[None]:
    yield
    RUNNING.set(None)


def test_o1_what_is_ticked_and_moved_shows_in_choice_and_list_and_goes_back_to_the_standard(
    small_shop: TestShop,
) -> None:
    small_shop.order()
    tab = Tab(OWNER)
    before = tab.columns

    tab.do(tab.choice.tick, ABOUT, "status", False)
    tab.do(tab.choice.move, ABOUT, "date", False)
    assert tab.columns == ["number", "customer", "date", "total", "payment", "shipping", "marks"]
    assert [(row.key, row.is_on) for row in tab.choice.rows][:5] == [
        *(("number", True), ("customer", True), ("date", True), ("total", True), ("status", False)),
    ]
    assert (tab.choice.moved, tab.choice.is_up, tab.choice.turn) == ("date", False, 1)
    assert Tab(OWNER).columns == tab.columns

    tab.do(tab.choice.standard, ABOUT)
    assert tab.columns == before
    assert all(row.is_on for row in tab.choice.rows if row.key != "source")
    tab.do(tab.choice.toggled, False)
    assert not tab.choice.is_open


def test_sec4_a_column_that_a_role_may_not_see_is_not_there(small_shop: TestShop) -> None:
    small_shop.order()
    tab = Tab(WAREHOUSE)
    assert {"total", "payment"}.isdisjoint(row.key for row in tab.choice.rows)
    with pytest.raises(NotFound):
        tab.do(tab.choice.tick, ABOUT, "total", True)
