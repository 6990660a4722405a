"""The palette behind Ctrl-K: pages, orders and actions by keyboard from any page."""

import re
from collections.abc import Iterator

import pytest
from browsing import looks_wrong
from playwright.sync_api import Locator, Page, expect
from serving import Server, come_in, sign_in

pytestmark = pytest.mark.browser
NAME = "Search or do something"


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    """A tab that fails the test if the browser complains."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []


PAGES = ("Dashboard", "Orders", "Shipments", "Returns", "Customers", "Products", "Tasks")
"""What the warehouse may open."""


def opened(page: Page) -> Locator:
    """The palette, opened by its key."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("status", name="Loading")).to_have_count(0)
    page.keyboard.press("Control+k")
    dialog = page.get_by_role("dialog", name=NAME)
    expect(dialog.get_by_role("combobox", name=NAME)).to_be_focused()
    expect(dialog.get_by_role("option").first).to_have_attribute("aria-selected", "false")
    return dialog


def test_palette_arrows_and_enter_go_to_a_page(watched: Page) -> None:
    come_in(watched)
    dialog = opened(watched)

    watched.keyboard.press("ArrowDown")
    expect(dialog.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    watched.keyboard.press("ArrowDown")

    second = dialog.get_by_role("option", name="Orders")
    expect(second).to_have_attribute("aria-selected", "true")
    expect(dialog.get_by_role("combobox")).to_have_attribute(
        "aria-activedescendant", str(second.get_attribute("id"))
    )
    watched.keyboard.press("Enter")
    expect(watched.get_by_role("heading", level=1)).to_have_text("Orders")
    expect(dialog).to_be_hidden()


def test_palette_enter_waits_for_the_answer_to_what_was_typed(watched: Page, server: Server) -> None:
    come_in(watched)
    number = server.open_order()
    opened(watched)

    watched.keyboard.type(number)
    watched.keyboard.press("Enter")

    expect(watched.get_by_role("heading", level=1)).to_contain_text(number)


def test_palette_an_action_is_done_as_its_button_does_it(watched: Page, server: Server) -> None:
    sign_in(watched)
    watched.goto(f"/orders/{server.open_order()}")
    expect(watched.get_by_role("button", name="On hold", exact=True)).to_be_enabled()
    dialog = opened(watched)

    watched.keyboard.type("on hold", delay=10)
    expect(dialog.get_by_role("option").first).to_contain_text(
        "On hold"
    )  # what customers and orders are called like it comes after
    watched.keyboard.press("Enter")
    reason = watched.get_by_role("dialog", name="On hold").get_by_role("textbox", name="Reason")
    expect(reason).to_be_focused()
    reason.press("Enter")
    expect(watched.get_by_role("button", name="Resume")).to_be_visible()

    dialog = opened(watched)
    watched.keyboard.type("shipped", delay=10)
    shipped = dialog.get_by_role("option", name=re.compile("^Shipped"))
    expect(shipped).to_have_attribute("aria-disabled", "true")
    expect(shipped).to_contain_text("Resume it first")
    watched.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    dialog.get_by_role("combobox").fill("resume")
    expect(dialog.get_by_role("option").first).to_contain_text("Resume")
    watched.keyboard.press("Enter")

    expect(watched.get_by_role("status").filter(has_text="resumed")).to_be_visible()
    expect(watched.get_by_role("button", name="On hold", exact=True)).to_be_visible()


def test_c26_enter_before_anything_is_typed_does_nothing(watched: Page, server: Server) -> None:
    sign_in(watched)
    watched.goto(f"/orders/{server.open_order()}")
    expect(watched.get_by_role("button", name="Paid", exact=True)).to_be_visible()
    dialog = opened(watched)
    expect(dialog.get_by_role("option").first).to_contain_text("Shipped")

    watched.keyboard.press("Enter")
    watched.wait_for_timeout(500)

    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("combobox")).not_to_have_attribute("aria-activedescendant", re.compile("."))
    expect(watched.get_by_role("status").filter(has_text="Order shipped.")).to_have_count(0)


def test_palette_its_button_opens_it_escape_closes_it_and_nothing_found_is_said(watched: Page) -> None:
    come_in(watched, "warehouse@demo.test")
    button = watched.get_by_role("button", name=NAME)
    button.click()
    dialog = watched.get_by_role("dialog", name=NAME)

    expect(dialog.get_by_role("option")).to_have_text([re.compile(f"^{page}") for page in PAGES])
    watched.keyboard.type("outbox", delay=10)
    expect(dialog.get_by_role("status")).to_have_text("Nothing found.")
    watched.keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()
    watched.keyboard.press("Control+k")
    expect(dialog.get_by_role("option")).to_have_count(len(PAGES))
    expect(dialog.get_by_role("combobox")).to_have_value("")


def test_wcag_axe_finds_nothing_in_the_open_palette(watched: Page, server: Server) -> None:
    sign_in(watched)
    watched.goto(f"/orders/{server.open_order()}")
    expect(watched.get_by_role("tabpanel")).to_be_visible()
    dialog = opened(watched)
    watched.keyboard.type("paid", delay=10)
    expect(dialog.get_by_role("option", name="Not paid")).to_be_visible()

    assert looks_wrong(watched, 1280, 390) == []
