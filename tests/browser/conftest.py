"""An order made for one test, and its window."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from browsing import Order, Window
from playwright.sync_api import Page, expect
from serving import Server, an_order, sign_in


@pytest.fixture
def order(server: Server) -> Order:
    """Makes an order and gives its number: `order(payment={...})`."""

    def make(**changes: Any) -> str:
        return server.place(an_order(**changes))

    return make


@pytest.fixture
def in_german(server: Server) -> Iterator[Callable[[str], None]]:
    """Until the test ends, the pages that a colleague opens are in German: `in_german("staff@demo.test")`."""
    with ExitStack() as stack:
        yield lambda email: stack.enter_context(server.in_language(email, "de"))


@pytest.fixture
def window(page: Page) -> Window:
    """Opens an order as somebody: `window(number)`, `window(number, "warehouse@demo.test")`."""

    def open_it(number: str, email: str = "owner@demo.test", tab: str = "") -> Page:
        sign_in(page, email)
        page.goto(f"/orders/{number}{tab}")
        expect(
            page.get_by_role("heading", level=1, name=re.compile(rf"^(Order|Bestellung) {number}"))
        ).to_be_visible()
        expect(page.get_by_role("tabpanel")).to_be_visible()
        return page

    return open_it
