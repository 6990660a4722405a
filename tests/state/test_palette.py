"""What the palette offers: what this colleague may see and do, and nothing else (SEC-2, SEC-4)."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import reflex as rx
from databases import OWNER, READER, WAREHOUSE, TestShop
from reflex.istate.data import RouterData
from substates import substate

from backoffice_app import load
from backoffice_app.db import reading
from backoffice_app.domain import drafts
from backoffice_app.domain.core.actions import actions_of, perform
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.window import order_window
from backoffice_app.domain.window.registry import as_placed
from backoffice_app.state import notices
from backoffice_app.state.base import RUNNING
from backoffice_app.state.order import OrderState
from backoffice_app.state.order_blocks import Actions
from backoffice_app.state.palette import PaletteState

load.everything()


class Tab:
    """A tab of a colleague on the list, or with `number` on the window of that order."""

    def __init__(self, actor: Actor, number: str = "") -> None:
        self.actor = actor
        self.root = rx.State()
        path = f"/orders/{number}" if number else "/orders"
        self.root.router = RouterData.from_router_data(
            {"pathname": path, "asPath": path, "query": {}, "token": "t", "headers": {}}
        )
        self.palette: Any = substate(self.root, PaletteState)
        self.order: Any = substate(self.root, OrderState)
        self.actions: Any = substate(self.root, Actions)
        if number:
            RUNNING.set(actor)
            asyncio.run(self.order._read(number))

    def do(self, handler: str, *arguments: object) -> Any:
        RUNNING.set(self.actor)
        return asyncio.run(getattr(self.palette, handler)(*arguments))

    def words(self, text: str = "") -> list[str]:
        """What is offered for a text."""
        self.do("search", text)
        return [row[1] for row in self.palette.found]


def told(answer: Any) -> str:
    """What the notice says that was answered."""
    return notices._WAITING[str(answer.args[0][1]._var_value)][0].in_language("en")


@pytest.fixture(autouse=True)
def nobody_afterwards() -> Iterator[None]:
    yield
    RUNNING.set(None)


@pytest.mark.parametrize(
    ("actor", "pages"),
    [
        (WAREHOUSE, ["Dashboard", "Orders", "Shipments", "Returns", "Customers", "Products", "Tasks"]),
        (
            READER,
            [
                "Dashboard",
                "Orders",
                "Invoices",
                "Shipments",
                "Returns",
                "Customers",
                "Products",
                "Tickets",
                "Tasks",
            ],
        ),
    ],
)
def test_sec4_only_the_pages_of_the_role_are_offered(
    small_shop: TestShop, actor: Actor, pages: list[str]
) -> None:
    assert Tab(actor).words() == pages
    assert {"Outbox", "Users", "Company"} <= set(Tab(OWNER).words())


def test_o2_an_order_is_found_by_number_name_and_the_code_on_its_papers(small_shop: TestShop) -> None:
    first, second = small_shop.order(), small_shop.order(lines=2)
    tab = Tab(OWNER)

    assert tab.words(first.number) == [first.number]
    assert tab.palette.found[0][3] == f"/orders/{first.number}"
    assert tab.words(second.documents[0].number)[0] == second.number
    assert tab.words("KOVAC ada") == [second.number, first.number, "Ada Kovač"]
    assert tab.words("nobody of this name") == []
    assert tab.palette.answered == "nobody of this name"


def test_o2_a_customer_is_found_by_name_and_number_below_the_orders(small_shop: TestShop) -> None:
    order = small_shop.order()
    tab = Tab(READER)
    assert tab.words("kovac") == [order.number, "Ada Kovač"]
    *_order, [_key, _word, about, leads, *_none] = tab.palette.found
    number = leads.removeprefix("/customers/")
    assert about == f"Customer · {number}"
    assert tab.words(number) == ["Ada Kovač"]
    assert "Ada Kovač" not in tab.words("")


def test_st3_the_window_offers_its_buttons_and_says_why_not(small_shop: TestShop) -> None:
    order = small_shop.order()
    tab = Tab(OWNER, order.number)

    assert {"Paid", "Shipped", "On hold", "Customer mail"} <= set(tab.words())
    assert "Not paid" not in tab.words()
    assert "Not paid" in tab.words("paid")
    refused = next(row for row in tab.palette.found if row[1] == "Not paid")
    assert refused[4] == tab.actions.not_paid.reason == "Nothing was booked by hand."
    assert told(tab.do("choose", "not-paid", tab.order.view.about)) == refused[4]


def test_sec2_what_this_role_may_not_do_is_neither_offered_nor_chosen(small_shop: TestShop) -> None:
    tab = Tab(WAREHOUSE, small_shop.order().number)

    assert {"Paid", "On hold", "Send"}.isdisjoint(tab.words("a") + tab.words("") + tab.words("on"))
    for key in ("pay", "hold", "no such action", ""):
        assert "nothing was done" in told(tab.do("choose", key, tab.order.view.about))


def test_w5_the_palette_ships_with_the_tracking_number_that_is_typed_and_names_it(
    small_shop: TestShop,
) -> None:
    order, other = small_shop.order(), small_shop.order()
    drafts.keep(OWNER, Shown("order", order.number, form="tracking"), "", {"tracking": "0034"})
    tab = Tab(OWNER, order.number)

    tab.do("search", "shipped")
    assert next(row[1:3] for row in tab.palette.found if row[0] == "ship") == ["Shipped", "0034"]
    chosen = tab.do("choose", "ship", tab.order.view.about)
    assert chosen.args[2][1]._var_value == {"tracking": "0034"}

    beside = Tab(OWNER, other.number)
    assert beside.do("choose", "ship", beside.order.view.about).args[2][1]._var_value == {}


def test_palette_actions_are_offered_on_the_window_only(small_shop: TestShop) -> None:
    tab = Tab(OWNER, small_shop.order().number)
    elsewhere = {"pathname": "/orders", "asPath": "/orders", "query": {}, "token": "t", "headers": {}}
    tab.root.router = RouterData.from_router_data(elsewhere)

    assert "Paid" not in tab.words()


def test_palette_every_action_of_the_window_is_in_it(small_shop: TestShop) -> None:
    order = small_shop.order()
    perform(OWNER, "pay", order.id or 0)
    with reading() as session:
        view = order_window(session, order.number, OWNER, "en")

    offered = {offer.key.partition(" ")[0] for offer in view.offers}

    shown = {key for key, action in view.actions.items() if action.shown}
    shown -= {
        "merge-shipments",
        "not-shipped",
        "settle-refund",
    }  # there is but one shipment, which has not left, and no refund
    shown -= {"move-back", "charge-back-won"}  # nor was money moved or charged back
    shown -= {"pay-from-credit", "credit-back"}  # nor has anybody a credit
    shown -= {
        f"{verb}-return" for verb in ("approve", "receive", "cancel", "complete", "reject")
    }  # nor a return
    shown -= {
        "complete-task",
        "reopen-task",
        "edit-task",
        "delete-task",
        "edit-note",
        "remove-note",
        "note-read",
        "untag",
        "remove-file",
    }  # nor a task
    shown -= {
        "attach-file",
        "set-status",
        "address-is-right",
    }  # a file is chosen in the page; there is no status, and nothing to look at
    assert offered == shown, f"register with `ways` how the palette does {shown - offered}"


def test_palette_the_next_step_stands_first_and_then_what_can_be_done_as_in_the_window(
    small_shop: TestShop,
) -> None:
    order, other = small_shop.order(), small_shop.order(paid=True)
    perform(OWNER, "ship", order.id or 0)
    with reading() as session:
        unpaid = [
            offer.action
            for offer in order_window(session, order.number, OWNER, "en").offers
            if not offer.reason
        ]
        paid = [
            offer.action
            for offer in order_window(session, other.number, OWNER, "en").offers
            if not offer.reason
        ]

    assert (unpaid[0], paid[0]) == ("pay", "ship")
    placed = {action.key: rank for rank, action in enumerate(as_placed(reversed(actions_of(ORDER))))}
    assert paid[1:] == sorted(paid[1:], key=placed.__getitem__), "whatever was registered first"


@pytest.mark.parametrize(
    "text", ["a\0b", "\0", "²", "٣٤", "%_", "'\";--", '"*', "x" * 100_000, "#" + "1" * 300]
)
def test_sec2_no_text_breaks_the_search(shop: TestShop, text: str) -> None:
    shop.order()
    tab = Tab(READER)

    tab.do("search", text)

    assert tab.palette.turn == 1
    assert all(row[3] for row in tab.palette.found)
