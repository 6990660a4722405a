"""The search box of a list shows what the address searches, and a click on a row leads to the order and stays there
(O-2).
"""

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from browsing import open_mail, slow_network
from playwright.sync_api import Locator, Page, expect
from serving import sign_in

pytestmark = pytest.mark.browser
BOX = "Search orders"


@pytest.fixture
def orders(page: Page) -> Page:
    sign_in(page, "owner@demo.test")
    page.goto("/orders")
    expect(rows(page).first).to_be_visible(timeout=20_000)
    return page


def rows(page: Page) -> Locator:
    """The links of the rows: the order numbers."""
    return page.get_by_role("table", name="Orders").get_by_role("link", name=re.compile(r"^\d+$"))


def searched(page: Page, text: str) -> None:
    """Types into the box and waits for the list of it."""
    page.get_by_role("textbox", name=BOX).fill(text)
    expect(page).to_have_url(re.compile(re.escape(f"q={quote(text)}")))
    expect(page.get_by_role("status").get_by_text("order").first).to_be_visible()


def test_c5_back_restores_the_text_of_the_box(orders: Page) -> None:
    box = orders.get_by_role("textbox", name=BOX)
    number = rows(orders).nth(3).inner_text()
    searched(orders, number)
    orders.get_by_role("link", name="Orders", exact=True).click()
    expect(box).to_have_value("")
    searched(orders, "Müller")

    orders.go_back()
    expect(orders).to_have_url(re.compile(f"q={number}$"))
    expect(box).to_have_value(number)
    expect(rows(orders)).to_have_count(1)
    orders.go_forward()
    expect(box).to_have_value("Müller")


def test_c5_a_link_to_a_search_and_one_to_a_filter_are_what_the_box_shows(orders: Page) -> None:
    box = orders.get_by_role("textbox", name=BOX)
    searched(orders, "Müller")
    orders.goto("/orders?q=Wei%C3%9F")
    expect(box).to_have_value("Weiß")
    orders.goto("/orders?country=CH")
    expect(orders.get_by_role("button", name="Remove filter Country: Switzerland")).to_be_visible()
    expect(box).to_have_value("")


def test_c5_a_list_one_comes_back_to_shows_its_search(orders: Page) -> None:
    box = orders.get_by_role("textbox", name=BOX)
    searched(orders, "10")
    rows(orders).nth(1).click()
    expect(orders.get_by_role("heading", level=1, name=re.compile(r"^Order \d+"))).to_be_visible()
    orders.go_back()
    expect(rows(orders).first).to_be_visible()
    expect(box).to_have_value("10")
    box.press("End")
    box.press_sequentially("1")
    expect(orders).to_have_url(re.compile("q=101$"))
    expect(box).to_have_value("101")


def test_c5_no_letter_is_lost_while_lists_are_read(orders: Page) -> None:
    box = orders.get_by_role("textbox", name=BOX)
    slow_network(orders)
    for pause in (160, 170, 190, 240, 160, 320):
        box.press_sequentially("1")
        orders.wait_for_timeout(pause)
    expect(orders).to_have_url(re.compile("q=111111$"))
    expect(orders.get_by_text("No order matches.")).to_be_visible()
    expect(box).to_have_value("111111")
    expect(box).to_be_focused()


def by_link(page: Page) -> None:
    rows(page).nth(1).click()


def by_row(page: Page) -> None:
    page.get_by_role("table", name="Orders").get_by_role("row").nth(2).get_by_role("cell").nth(1).click()


@pytest.mark.parametrize("press", [by_link, by_row])
@pytest.mark.parametrize("after", [0, 50, 150, 300])
def test_c5_a_click_on_a_row_right_after_typing_leads_to_the_order_and_stays(
    orders: Page, after: int, press: Callable[[Page], None]
) -> None:
    slow_network(orders)
    box = orders.get_by_role("textbox", name=BOX)
    for text in ("1", "0"):
        box.fill("")
        box.press_sequentially(text)
        orders.wait_for_timeout(after)
        press(orders)
        expect(orders).to_have_url(re.compile(r"/orders/\d+"))
        orders.wait_for_timeout(700)
        expect(orders).to_have_url(re.compile(r"/orders/\d+"))
        expect(orders.get_by_role("heading", level=1, name=re.compile(r"^Order \d+"))).to_be_visible()
        orders.go_back()
        expect(orders).to_have_url(re.compile(r"/orders(\?|$)"))
        expect(rows(orders).nth(1)).to_be_visible()
        wanted = re.search(r"q=(\w+)$", orders.url)
        expect(box).to_have_value(wanted[1] if wanted else "")


@pytest.mark.parametrize("width", [1280, 768])
def test_o6_no_row_moves_when_the_list_of_a_search_comes(orders: Page, width: int) -> None:
    orders.set_viewport_size({"width": width, "height": 900})
    first = rows(orders).first
    before = first.bounding_box()
    searched(orders, "1")
    expect(orders.get_by_text("Only the newest 20,000 orders were searched.")).to_be_visible()
    assert first.bounding_box() == before


def test_c5_leaving_for_another_page_while_a_search_waits_stays_left(orders: Page) -> None:
    orders.get_by_role("textbox", name=BOX).press_sequentially("10")
    orders.get_by_role("link", name="Outbox").click()
    orders.wait_for_timeout(600)
    expect(orders).to_have_url(re.compile("/outbox$"))
    expect(orders.get_by_role("textbox", name="Search mails")).to_have_value("")


def test_c6_a_whole_number_is_one_order_without_further_pages(orders: Page) -> None:
    searched(orders, rows(orders).nth(2).inner_text())
    expect(orders.get_by_role("status").get_by_text("1 order", exact=True)).to_be_visible()
    expect(orders.get_by_role("link", name="Next", exact=True)).to_have_count(0)
    expect(orders.get_by_role("link", name="Oldest")).to_have_count(0)


def test_c13_a_search_that_finds_nothing_leads_back_by_what_it_says(orders: Page) -> None:
    searched(orders, "asdfgh")
    expect(orders.get_by_text("No order matches.")).to_be_visible()
    orders.get_by_role("main").get_by_role("link", name="Reset search and filters").last.click()
    expect(rows(orders).nth(3)).to_be_visible()
    expect(orders.get_by_role("textbox", name=BOX)).to_have_value("")


def test_c21_a_hit_says_what_it_was_found_by(orders: Page) -> None:
    searched(orders, "L-2026-00")
    expect(
        orders.get_by_role("table", name="Orders").get_by_text(re.compile("Packing slip L-2026-00")).first
    ).to_be_visible()


def test_c5_the_box_of_the_outbox_too(page: Page) -> None:
    sign_in(page, "owner@demo.test")
    page.goto("/outbox?q=ada")
    box = page.get_by_role("textbox", name="Search mails")
    expect(box).to_have_value("ada")
    page.goto("/outbox")
    mails = page.get_by_role("table", name="Mails")
    expect(mails).to_be_visible()
    box.press_sequentially("1")
    panel = open_mail(page)
    page.wait_for_timeout(600)
    expect(page).to_have_url(re.compile(r"mail=\d+"))
    expect(panel).to_be_visible()
