"""The order list as a person uses it: by role, name and key, on any width, in light and dark (O-1 to O-4, O-6)."""

import re

import pytest
from browsing import looks_wrong
from playwright.sync_api import Browser, Locator, Page, expect
from serving import Server, sign_in

pytestmark = pytest.mark.browser
COLUMNS = ["Number", "Date", "Customer", "Total", "Status", "Payment", "Shipping", "Source", "Marks"]


@pytest.fixture
def orders(page: Page) -> Page:
    sign_in(page, "owner@demo.test")
    page.goto("/orders")
    expect(rows(page).first).to_be_visible()
    return page


def rows(page: Page) -> Locator:
    """The links of the rows: the order numbers."""
    return page.get_by_role("table", name="Orders").get_by_role("link", name=re.compile(r"^\d+$"))


def numbers(page: Page) -> list[str]:
    """The order numbers in sight, from the top."""
    return rows(page).all_inner_texts()


def tick(panel: Locator, name: str, value: str) -> None:
    """Ticks a value of a filter."""
    panel.get_by_text(name, exact=True).click()
    panel.get_by_role("group", name=name, exact=True).get_by_role("checkbox", name=value, exact=True).check()


def test_o1_the_columns_are_those_of_the_list_and_the_newest_is_on_top(orders: Page) -> None:
    heads = [head for head in orders.get_by_role("table", name="Orders").get_by_role("columnheader").all_inner_texts() if head]
    # Where each order came from is left out while they all came from one place.
    assert [head for head in heads if head != "Source"] == [head for head in COLUMNS if head != "Source"]
    found = numbers(orders)
    assert found[0] == max(found, key=int)


def test_o2_search_as_one_types_keeps_the_letters_and_goes_into_the_address(orders: Page) -> None:
    number = numbers(orders)[3]
    box = orders.get_by_role("textbox", name="Search orders")
    orders.keyboard.press("/")
    expect(box).to_be_focused()
    orders.keyboard.type(number, delay=20)
    expect(orders).to_have_url(re.compile(f"q={number}"))
    expect(rows(orders)).to_have_count(1)
    expect(box).to_have_value(number)
    box.fill("nobody is called so")
    expect(orders.get_by_text("No order matches.")).to_be_visible()
    orders.get_by_role("link", name="Reset search and filters").first.click()
    expect(rows(orders).nth(3)).to_be_visible()


def test_o2_enter_on_a_whole_number_opens_the_order(orders: Page) -> None:
    number = numbers(orders)[0]
    orders.get_by_role("textbox", name="Search orders").fill(number)
    orders.keyboard.press("Enter")
    expect(orders).to_have_url(re.compile(rf"/orders/{number}(\?q={number})?$"))  # the search may have been quicker


def test_o3_filters_become_chips_that_go_one_by_one_and_back_restores_them(orders: Page) -> None:
    orders.get_by_role("button", name="Filter", exact=True).click()
    panel = orders.get_by_role("group", name="Filter")
    tick(panel, "Payment", "Paid")
    tick(panel, "Shipping", "Shipped")
    panel.get_by_role("button", name="Apply").press("Enter")  # the panel grows and scrolls: a mouse may miss what it aimed at
    expect(orders).to_have_url(re.compile(r"payment=paid.*shipping=shipped"))
    remove = orders.get_by_role("button", name="Remove filter Payment: Paid")
    expect(remove).to_be_visible()
    shown = numbers(orders)
    rows(orders).first.click()
    expect(orders).to_have_url(re.compile(r"/orders/\d+\?payment=paid&shipping=shipped$"))
    orders.go_back()
    expect(remove).to_be_visible()
    assert numbers(orders) == shown
    remove.click()
    expect(remove).to_be_hidden()
    expect(orders.get_by_role("button", name="Remove filter Shipping: Shipped")).to_be_visible()
    orders.get_by_role("link", name="Reset search and filters").click()
    expect(orders).to_have_url(re.compile(r"/orders$"))


def test_w_the_order_window_walks_through_the_list_one_came_from_and_leads_back_to_it(orders: Page) -> None:
    orders.goto("/orders?payment=paid&shipping=shipped&sort=total")
    remove = orders.get_by_role("button", name="Remove filter Payment: Paid")
    expect(remove).to_be_visible()
    shown = numbers(orders)
    listed = re.compile(r"payment=paid&shipping=shipped&sort=total$")

    rows(orders).nth(1).click()
    orders.get_by_role("link", name="Next order").click()
    expect(orders.get_by_role("heading", level=1, name=f"Order {shown[2]}")).to_be_visible()
    expect(orders.get_by_role("link", name="Next order")).to_have_attribute("href", re.compile(f"/orders/{shown[3]}"))
    orders.keyboard.press("]")
    expect(orders.get_by_role("heading", level=1, name=f"Order {shown[3]}")).to_be_visible()
    orders.get_by_role("tab", name="History").click()
    expect(orders).to_have_url(listed)
    orders.reload()
    orders.get_by_role("link", name="Previous order").click()
    expect(orders.get_by_role("heading", level=1, name=f"Order {shown[2]}")).to_be_visible()

    orders.get_by_role("link", name="Back to the list of orders").click()
    expect(remove).to_be_visible()
    expect(orders).to_have_url(listed)
    assert numbers(orders) == shown
    expect(rows(orders).nth(2)).to_be_focused()


def test_w_an_order_that_was_shipped_leaves_the_list_but_not_its_place(orders: Page) -> None:
    orders.goto("/orders?view=to-ship&direction=up")
    expect(orders.get_by_role("tab", name=re.compile("^To ship"))).to_have_attribute("aria-selected", "true")
    shown = numbers(orders)
    rows(orders).first.click()
    orders.get_by_role("button", name="Shipped").first.click()

    expect(orders.get_by_text("Not in this list", exact=True)).to_be_visible()
    orders.get_by_role("link", name="Next order").click()

    expect(orders.get_by_role("heading", level=1, name=f"Order {shown[1]}")).to_be_visible()
    orders.get_by_role("link", name="Back to the list of orders").click()
    expect(rows(orders)).to_have_count(len(shown) - 1)
    expect(rows(orders).first).to_be_focused()
    expect(rows(orders).first).to_have_text(shown[1])
    expect(orders).to_have_url(re.compile(r"view=to-ship&direction=up$"))


def test_w_without_a_list_the_window_leads_to_all_orders(orders: Page) -> None:
    rows(orders).nth(1).click()
    expect(orders.get_by_role("link", name="Previous order")).to_be_visible()
    expect(orders.get_by_text("Not in this list")).not_to_be_visible()
    orders.get_by_role("link", name="All orders").click()
    expect(orders).to_have_url(re.compile(r"/orders$"))


def test_o3_an_amount_that_is_none_is_refused_at_its_field(orders: Page) -> None:
    orders.get_by_role("button", name="Filter", exact=True).click()
    panel = orders.get_by_role("group", name="Filter")
    amount = panel.get_by_label("Amount from")
    amount.fill("abc")
    panel.get_by_role("button", name="Apply").click()

    expect(amount).to_be_focused()
    assert amount.evaluate("field => field.validity.patternMismatch")
    amount.fill("20.5")
    panel.get_by_role("button", name="Apply").click()
    expect(orders.get_by_role("button", name=re.compile(r"Remove filter Amount from: .*20\.50?"))).to_be_visible()


def test_o4_views_are_tabs_with_counts(orders: Page) -> None:
    tabs = orders.get_by_role("tablist", name="Views")
    to_ship = tabs.get_by_role("tab", name=re.compile("^To ship"))
    count = int(re.sub(r"\D", "", to_ship.inner_text()))
    to_ship.click()
    expect(orders).to_have_url(re.compile(r"view=to-ship"))
    expect(to_ship).to_have_attribute("aria-selected", "true")
    expect(rows(orders)).to_have_count(count)


def test_o1_a_head_sorts_and_says_so(orders: Page) -> None:
    head = orders.get_by_role("columnheader", name="Total")
    head.get_by_role("link").click()
    expect(orders).to_have_url(re.compile(r"sort=total"))
    expect(head).to_have_attribute("aria-sort", "descending")
    head.get_by_role("link").click()
    expect(head).to_have_attribute("aria-sort", "ascending")


def test_o1_keys_walk_the_rows_and_enter_opens(orders: Page) -> None:
    second = numbers(orders)[1]
    orders.keyboard.press("j")
    expect(rows(orders).nth(0)).to_be_focused()
    orders.keyboard.press("j")
    expect(rows(orders).nth(1)).to_be_focused()
    orders.keyboard.press("k")
    expect(rows(orders).nth(0)).to_be_focused()
    orders.keyboard.press("j")
    orders.keyboard.press("Enter")
    expect(orders).to_have_url(re.compile(f"/orders/{second}$"))


def test_o1_a_click_on_a_row_opens_it(orders: Page) -> None:
    row = orders.get_by_role("table", name="Orders").get_by_role("row").nth(2)
    number = numbers(orders)[1]
    row.get_by_role("cell").nth(2).click()
    expect(orders).to_have_url(re.compile(f"/orders/{number}$"))


def test_o6_a_colleagues_change_shows_without_reload(orders: Page, browser: Browser, server: Server) -> None:
    orders.goto("/orders?view=to-ship")
    expect(rows(orders).first).to_have_attribute("href", re.compile("view=to-ship"))  # no longer the list that was there before
    number = numbers(orders)[0]
    row = orders.get_by_role("table", name="Orders").get_by_role("row").nth(1)
    expect(row).to_contain_text(number)
    elsewhere = browser.new_context(base_url=server.url)
    other = elsewhere.new_page()
    sign_in(other, "staff@demo.test")
    other.goto(f"/orders/{number}")
    other.get_by_role("button", name="Shipped").first.click()
    expect(row).to_contain_text("Shipped")
    elsewhere.close()


def test_sec4_the_warehouse_sees_no_money(page: Page) -> None:
    sign_in(page, "warehouse@demo.test")
    page.goto("/orders")
    expect(rows(page).first).to_be_visible()
    expect(page.get_by_role("columnheader", name="Total")).to_have_count(0)
    expect(page.get_by_role("table", name="Orders")).not_to_contain_text("€")
    expect(page.get_by_role("tab", name=re.compile("^To pay"))).to_have_count(0)


def test_ui_nothing_serious_and_no_sideways_scrolling(orders: Page) -> None:
    orders.goto("/orders?payment=paid")
    expect(rows(orders).first).to_be_visible()
    assert looks_wrong(orders, 1280, 390) == []


@pytest.mark.parametrize(("language", "orders"), [("Deutsch", "Bestellungen"), ("Nederlands", "Bestellingen"), ("Français", "Commandes")])
def test_l1_wcag_1_4_10_the_longer_words_of_other_languages_do_not_scroll_it_sideways(page: Page, language: str, orders: str) -> None:
    sign_in(page, "bookkeeper@demo.test")
    page.goto("/orders")
    page.get_by_role("button", name="Bruno Buch").click()
    page.get_by_role("button", name=language).click()
    expect(page.get_by_role("table", name=orders)).to_be_visible()
    wide = []
    for width in (390, 641, 700, 768, 840, 1024, 1100, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append(width)
    page.reload()
    page.get_by_role("button", name="Bruno Buch").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert wide == []


def test_o3_all_of_the_filter_is_within_reach_on_a_phone(orders: Page) -> None:
    orders.set_viewport_size({"width": 390, "height": 640})
    orders.get_by_role("button", name="Filter", exact=True).click()
    panel = orders.get_by_role("group", name="Filter")
    tick(panel, "Payment", "Paid")
    expect(panel).to_be_in_viewport(ratio=1)
    apply = panel.get_by_role("button", name="Apply")
    apply.click(trial=True)  # a press while the panel still moves to its place would fall beside it, and close it
    apply.click()
    expect(orders.get_by_role("button", name="Remove filter Payment: Paid")).to_be_visible()


def test_o4_a_filtered_list_is_kept_as_a_view_and_deleted_again(orders: Page) -> None:
    tabs = orders.get_by_role("tablist", name="Views")
    orders.goto("/orders?country=AT")
    orders.get_by_role("button", name="Save as view").click()
    dialog = orders.get_by_role("dialog", name="Save as view")
    expect(dialog.get_by_role("textbox", name="Name")).to_be_focused()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("textbox", name="Name")).to_have_accessible_description("Write a name of at most 40 characters.")
    dialog.get_by_role("textbox", name="Name").fill("Austria")
    dialog.get_by_role("checkbox", name="For everybody").check()
    dialog.get_by_role("button", name="Save").click()

    tab = tabs.get_by_role("tab", name="Austria")
    expect(tab).to_have_attribute("aria-selected", "true")
    expect(orders.get_by_role("button", name="Save as view")).to_be_hidden()
    tabs.get_by_role("tab", name=re.compile("^All")).click()
    expect(tab).to_have_attribute("aria-selected", "false")
    tab.click()
    expect(orders).to_have_url(re.compile(r"country=AT$"))
    orders.get_by_role("button", name="Delete view").click()
    expect(orders.get_by_role("status").filter(has_text="The view Austria is deleted.")).to_be_visible()
    expect(tab).to_be_hidden()
    expect(orders.get_by_role("button", name="Save as view")).to_be_visible()
