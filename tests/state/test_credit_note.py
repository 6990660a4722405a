"""The dialog `Create credit note`: what is ticked and typed is what the preview shows and what is issued (INV-6)."""

import asyncio
from collections.abc import Iterator

import pytest
from databases import OWNER, TestShop
from order_tab import Tab

import backoffice_app.backoffice_app  # noqa: F401  # the routes and with them their parts
from backoffice_app.domain.core.actions import perform
from backoffice_app.models import Order
from backoffice_app.state.base import RUNNING
from backoffice_app.state.credit_note import CreditNoteState


@pytest.fixture(autouse=True)
def nobody_afterwards() -> Iterator[None]:
    yield
    RUNNING.set(None)


class Dialog:
    """The dialog of an order, as the events of a tab open it and type into it."""

    def __init__(self, order: Order) -> None:
        self.tab = Tab(OWNER, order.number).show()
        self.state = self.tab._part(CreditNoteState)
        asyncio.run(self.state.begin(self.tab.about()))

    def type(self, field: str, text: str, kind: str = "text") -> None:
        RUNNING.set(OWNER)
        asyncio.run(self.state.typed(self.tab.about(), field, text, kind))

    def send(self, **values: str) -> None:
        RUNNING.set(OWNER)
        asyncio.run(self.state.send(self.tab.about(), values))

    @property
    def after(self) -> dict[str, str]:
        """What the preview says will follow."""
        return {word: value.replace("\u00a0", " ") for word, value in self.state.preview.after}


def shipped(shop: TestShop) -> Order:
    order = shop.order(lines=2, paid=True)
    perform(OWNER, "ship", order.id or 0)
    return order


def test_inv6_the_preview_follows_the_stock_of_each_line(small_shop: TestShop) -> None:
    dialog = Dialog(shipped(small_shop))
    assert [line.can_return for line in dialog.tab.dialogs.credit_note.lines] == [True, True]
    assert "Back into stock" not in dialog.after

    dialog.type("restock.2", "on", "checkbox")
    assert dialog.after["Back into stock"] == "2 × MUG-2"
    dialog.type("quantities.2", "1")
    assert dialog.after["Back into stock"] == "1 × MUG-2"
    dialog.type("restock.2", "", "checkbox")
    assert "Back into stock" not in dialog.after
    assert dialog.after["Return"].endswith(", locked")


def test_inv6_each_line_says_what_it_comes_to(small_shop: TestShop) -> None:
    dialog = Dialog(shipped(small_shop))
    assert dialog.state.preview.amounts == {"1": "€39.90", "2": "€39.90"}
    dialog.type("quantities.1", "1")
    dialog.type("quantities.2", "0")
    assert dialog.state.preview.amounts == {"1": "€19.95"}
    assert dialog.tab.dialogs.credit_note.nothing == "€0.00"


def test_inv6_what_is_ticked_of_a_line_is_issued(small_shop: TestShop) -> None:
    order = shipped(small_shop)
    dialog = Dialog(order)
    values = {"invoice": "RE-2026-0001", "quantities.1": "2", "quantities.2": "1"}
    boxes = {"box.restock.1": "1", "box.restock.2": "1", "restock.2": "on"}

    dialog.send(**values, **boxes)

    [came_back] = small_shop.load(order.id or 0).returns
    assert [(part.received, part.restocked) for part in came_back.lines] == [(2, 0), (1, 1)]


def test_inv6_what_has_not_left_has_no_stock_to_go_back_to(small_shop: TestShop) -> None:
    dialog = Dialog(small_shop.order(lines=2, paid=True))
    assert [line.can_return for line in dialog.tab.dialogs.credit_note.lines] == [False, False]
