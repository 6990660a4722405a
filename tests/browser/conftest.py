"""An order made for one test, and its window."""

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
def window(page: Page) -> Window:
    """Opens an order as somebody: `window(number)`, `window(number, "warehouse@demo.test")`."""

    def open_it(number: str, email: str = "owner@demo.test", tab: str = "") -> Page:
        sign_in(page, email)
        page.goto(f"/orders/{number}{tab}")
        expect(page.get_by_role("heading", level=1, name=f"Order {number}")).to_be_visible()
        expect(page.get_by_role("tabpanel")).to_be_visible()
        return page

    return open_it
