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


def open_filter(page: Page) -> Locator:
    """The panel of the filter, opened."""
    page.get_by_role("button", name="Filter", exact=True).click()
    panel = page.get_by_role("group", name="Filter", exact=True)
    expect(panel.get_by_role("tablist", name="Filter by")).to_be_visible()
    return panel


def choose(panel: Locator, name: str) -> Locator:
    """The values of a filter, in sight."""
    panel.get_by_role("tab", name=re.compile(rf"^{name}( ?\d+)?$")).click()
    values = panel.get_by_role("tabpanel", name=name, exact=True)
    expect(values).to_be_visible()
    return values


def tick(panel: Locator, name: str, value: str) -> None:
    """Ticks a value of a filter."""
    choose(panel, name).get_by_role("checkbox", name=value, exact=True).check()


def test_o1_the_columns_are_those_of_the_list_and_the_newest_is_on_top(orders: Page) -> None:
    heads = [
        head
        for head in orders.get_by_role("table", name="Orders").get_by_role("columnheader").all_inner_texts()
        if head
    ]
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
    expect(orders).to_have_url(
        re.compile(rf"/orders/{number}(\?q={number})?$")
    )  # the search may have been quicker


def test_o3_filters_become_chips_that_go_one_by_one_and_back_restores_them(orders: Page) -> None:
    panel = open_filter(orders)
    tick(panel, "Payment", "Paid")
    tick(panel, "Shipping", "Shipped")
    expect(orders).to_have_url(re.compile(r"payment=paid.*shipping=shipped"))
    expect(
        panel.get_by_text(
            orders.get_by_role("status").filter(has_text=re.compile("orders?$")).inner_text(), exact=True
        )
    ).to_be_visible()
    orders.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    remove = orders.get_by_role("button", name="Remove filter Payment: Paid")
    expect(remove).to_be_visible()
    expect(
        orders.get_by_role("button", name="Remove filter Shipping: Shipped")
    ).to_be_visible()  # the list of both has come
    shown = numbers(orders)
    rows(orders).first.click()
    expect(orders).to_have_url(re.compile(r"/orders/\d+\?payment=paid&shipping=shipped$"))
    orders.go_back()
    expect(remove).to_be_visible()
    assert numbers(orders) == shown
    orders.go_back()
    expect(orders).to_have_url(re.compile(r"/orders\?payment=paid$"))
    orders.go_forward()
    expect(orders.get_by_role("button", name="Remove filter Shipping: Shipped")).to_be_visible()
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
    expect(orders.get_by_role("link", name="Next order")).to_have_attribute(
        "href", re.compile(f"/orders/{shown[3]}")
    )
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
    values = choose(open_filter(orders), "Amount")
    amount = values.get_by_label("Amount from")
    amount.fill("abc")
    amount.press("Enter")

    expect(amount).to_have_accessible_description("“abc” is not an amount such as €1,234.50.")
    expect(amount).to_have_attribute("aria-invalid", "true")
    expect(orders).to_have_url(re.compile("/orders$"))
    amount.fill("20.5")
    amount.press("Enter")
    expect(orders.get_by_text("Amount: from 20.5", exact=True)).to_be_visible()
    expect(amount).to_be_focused()
    expect(amount).to_have_accessible_description("")
    values.get_by_label("Amount to").fill("90")
    values.get_by_label("Amount to").blur()
    expect(orders.get_by_text("Amount: 20.5 to 90", exact=True)).to_be_visible()
    expect(orders).to_have_url(re.compile("amount_from=20.5&amount_to=90$"))


def test_o3_all_but_some_values_and_days_are_few_clicks_and_the_panel_stays_open(orders: Page) -> None:
    panel = open_filter(orders)
    country = choose(panel, "Country")
    country.get_by_role("button", name="is not", exact=True).click()
    expect(country.get_by_role("button", name="is not", exact=True)).to_have_attribute("aria-pressed", "true")
    country.get_by_role("checkbox", name="Germany", exact=True).check()
    chips = orders.get_by_text("Country: not Germany", exact=True)
    expect(chips).to_be_visible()
    expect(panel.get_by_role("tab", name="Country 1")).to_be_visible()

    choose(panel, "Date").get_by_role("radio", name="Last 7 days").check()
    expect(orders).to_have_url(re.compile(r"country=%21DE&date=last-7-days$|date=last-7-days&country=%21DE$"))
    expect(orders.get_by_text("Date: Last 7 days", exact=True)).to_be_visible()

    orders.go_back()
    expect(orders.get_by_text("Date: Last 7 days", exact=True)).to_be_hidden()
    expect(panel).to_be_visible()
    expect(choose(panel, "Date").get_by_role("radio", name="Any", exact=True)).to_be_checked()
    panel.get_by_role("button", name="Reset filters").click()
    expect(chips).to_be_hidden()
    expect(choose(panel, "Country").get_by_role("checkbox", name="Germany", exact=True)).not_to_be_checked()
    panel.get_by_role("button", name="Done").click()
    expect(panel).to_be_hidden()


def test_o3_a_period_of_two_days_replaces_one_that_has_a_name(orders: Page) -> None:
    orders.goto("/orders?date=last-30-days")
    expect(orders.get_by_text("Date: Last 30 days", exact=True)).to_be_visible()
    values = choose(open_filter(orders), "Date")
    expect(values.get_by_role("radio", name="Last 30 days")).to_be_checked()
    values.get_by_label("Date from").fill("2026-11-01")
    expect(orders).to_have_url(re.compile(r"/orders\?date_from=2026-11-01$"))
    expect(values.get_by_role("radio", name="Any", exact=True)).to_be_checked()
    values.get_by_label("Date to").fill("2026-11-05")
    expect(orders.get_by_text("Date: 1 Nov 2026 to 5 Nov 2026", exact=True)).to_be_visible()


def test_o3_the_filter_is_used_by_keys_alone(orders: Page) -> None:
    orders.keyboard.press("f")
    panel = orders.get_by_role("group", name="Filter", exact=True)
    tab = panel.get_by_role("tab")
    expect(tab.first).to_be_focused()
    orders.keyboard.press("ArrowDown")
    expect(tab.nth(1)).to_be_focused()
    expect(tab.nth(1)).to_have_attribute("aria-selected", "true")
    orders.keyboard.press("ArrowUp")
    expect(tab.first).to_have_attribute("aria-selected", "true")
    orders.keyboard.press("ArrowRight")
    boxes = panel.get_by_role("tabpanel").get_by_role("checkbox")
    expect(panel.get_by_role("textbox", name="Search the values")).to_be_focused()
    orders.keyboard.press("ArrowDown")
    expect(boxes.first).to_be_focused()
    orders.keyboard.press("ArrowDown")
    expect(boxes.nth(1)).to_be_focused()
    orders.keyboard.press("Space")
    expect(boxes.nth(1)).to_be_checked()
    expect(orders).to_have_url(re.compile("status="))
    expect(boxes.nth(1)).to_be_focused()
    orders.keyboard.press("Space")
    expect(orders).to_have_url(re.compile("/orders$"))
    orders.keyboard.press("ArrowLeft")
    expect(tab.first).to_be_focused()
    orders.keyboard.press("Escape")
    expect(orders.get_by_role("button", name="Filter", exact=True)).to_be_focused()


def test_o3_many_values_are_narrowed_as_one_types(orders: Page) -> None:
    values = choose(open_filter(orders), "Country")
    boxes = values.get_by_role("checkbox")
    expect(boxes.nth(7)).to_be_visible()
    values.get_by_role("textbox", name="Search the values").fill("zz")
    expect(boxes).to_have_count(0)
    values.get_by_role("textbox", name="Search the values").fill("CZECH")
    expect(boxes).to_have_count(1)
    values.get_by_role("textbox", name="Search the values").press("ArrowDown")
    expect(values.get_by_role("checkbox", name="Czechia")).to_be_focused()


def test_o1_columns_are_chosen_and_moved_and_stay_so(page: Page) -> None:
    sign_in(page, "staff@demo.test")
    page.goto("/orders")
    heads = page.get_by_role("table", name="Orders").get_by_role("columnheader")
    expect(heads.filter(has_text="Status")).to_have_count(1)
    page.get_by_role("button", name="Columns", exact=True).click()
    panel = page.get_by_role("group", name="Columns", exact=True)
    expect(panel.get_by_role("checkbox", name="Number")).to_be_disabled()

    panel.get_by_role("checkbox", name="Status").click()
    expect(heads.filter(has_text="Status")).to_have_count(0)
    down = panel.get_by_role("button", name="Move Date down")
    down.focus()
    page.keyboard.press("Enter")
    expect(heads.nth(3)).to_have_text("Date")
    expect(down).to_be_focused()
    page.keyboard.press("Enter")
    expect(heads.nth(4)).to_have_text("Date")
    page.keyboard.press("Escape")
    page.reload()
    expect(heads.nth(4)).to_have_text("Date")
    page.get_by_role("button", name="Columns", exact=True).click()
    panel.get_by_role("button", name="Reset to standard").click()
    expect(heads.nth(2)).to_have_text("Date")
    expect(heads.filter(has_text="Status")).to_have_count(1)


@pytest.mark.parametrize("opener", ["Filter", "Columns"])
def test_wcag_the_open_panels_are_accessible_and_fit(orders: Page, opener: str) -> None:
    orders.get_by_role("button", name=opener, exact=True).click()
    panel = orders.get_by_role("group", name=opener, exact=True)
    expect(panel.get_by_role("button", name="Done")).to_be_visible()
    if opener == "Filter":
        choose(panel, "Date")
    assert looks_wrong(orders, 1280, 390) == []
    expect(panel).to_be_in_viewport(ratio=1)


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
    orders.keyboard.press("ArrowDown")
    expect(rows(orders).nth(1)).to_be_focused()
    orders.keyboard.press("ArrowUp")
    expect(rows(orders).nth(0)).to_be_focused()
    orders.get_by_role("searchbox").or_(orders.get_by_role("textbox", name="Search orders")).press(
        "ArrowDown"
    )
    expect(rows(orders).nth(0)).not_to_be_focused()
    rows(orders).nth(0).focus()
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
    expect(rows(orders).first).to_have_attribute(
        "href", re.compile("view=to-ship")
    )  # no longer the list that was there before
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


@pytest.mark.parametrize(
    ("language", "orders"),
    [("Deutsch", "Bestellungen"), ("Nederlands", "Bestellingen"), ("Français", "Commandes")],
)
def test_l1_wcag_1_4_10_the_longer_words_of_other_languages_do_not_scroll_it_sideways(
    page: Page, server: Server, language: str, orders: str
) -> None:
    wide = []
    with server.in_language("bookkeeper@demo.test", "en"):
        sign_in(page, "bookkeeper@demo.test")
        page.goto("/orders")
        page.get_by_role("button", name="Bruno Buch").click()
        page.get_by_role("button", name=language).click()
        expect(page.get_by_role("table", name=orders)).to_be_visible()
        for width in (390, 641, 700, 768, 840, 1024, 1100, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                wide.append(width)
    assert wide == []


def test_o1_a_phone_shows_the_marks_of_an_order_too(orders: Page) -> None:
    orders.set_viewport_size({"width": 390, "height": 844})
    marks = orders.get_by_role("table", name="Orders").get_by_role("img", name="Comment")
    expect(marks.first).to_be_visible()


def test_o3_all_of_the_filter_is_within_reach_on_a_phone(orders: Page) -> None:
    orders.set_viewport_size({"width": 390, "height": 640})
    panel = open_filter(orders)
    tick(panel, "Payment", "Paid")
    expect(panel).to_be_in_viewport(ratio=1)
    panel.get_by_role("button", name="Done").click()
    expect(panel).to_be_hidden()
    expect(orders.get_by_role("button", name="Remove filter Payment: Paid")).to_be_visible()


def test_o4_a_filtered_list_is_kept_as_a_view_and_deleted_again(orders: Page) -> None:
    tabs = orders.get_by_role("tablist", name="Views")
    orders.goto("/orders?country=AT")
    orders.get_by_role("button", name="Save as view").click()
    dialog = orders.get_by_role("dialog", name="Save as view")
    expect(dialog.get_by_role("textbox", name="Name")).to_be_focused()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("textbox", name="Name")).to_have_accessible_description(
        "Write a name of at most 40 characters."
    )
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
