"""Invoices, shipments and products as a person uses them: by role and name, on any width, in light and dark."""

import re

import pytest
from browsing import looks_wrong
from playwright.sync_api import Page, expect
from serving import Server, sign_in

pytestmark = pytest.mark.browser
PAGES = {"Invoices": "/invoices", "Shipments": "/shipments", "Products": "/products"}


@pytest.fixture
def owner(page: Page, server: Server) -> Page:
    sign_in(page, "owner@demo.test")
    return page


def listed(page: Page, name: str) -> None:
    page.goto(PAGES[name])
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    expect(page.get_by_role("table", name=name)).to_be_visible()


def test_the_menu_has_the_words_of_the_help_page(owner: Page) -> None:
    listed(owner, "Invoices")
    menu = owner.get_by_role("navigation", name="Menu")
    for name in PAGES:
        expect(menu.get_by_role("link", name=name)).to_be_visible()
    owner.get_by_role("button", name=re.compile("Olga")).click()
    owner.get_by_role("button", name="Deutsch").click()
    for name in ("Rechnungen", "Lieferungen", "Produkte"):
        expect(owner.get_by_role("link", name=name)).to_be_visible()
    expect(owner.get_by_role("textbox", name="Rechnungen suchen")).to_be_visible()
    owner.reload()
    owner.get_by_role("button", name=re.compile("Olga")).click()
    owner.get_by_role("button", name="English").click()
    expect(owner.get_by_role("textbox", name="Search invoices")).to_be_visible()


def test_invoices_are_searched_filtered_and_sorted_and_back_restores_it(owner: Page) -> None:
    listed(owner, "Invoices")
    owner.get_by_role("tab", name=re.compile("^Open")).click()
    expect(owner).to_have_url(re.compile(r"state=open"))
    expect(
        owner.get_by_role("tab", name=re.compile("^Open"), selected=True)
    ).to_be_visible()  # its list has come, not the one before
    table = owner.get_by_role("table", name="Invoices")
    expect(table.get_by_role("row").nth(1)).to_be_visible()
    owner.get_by_role("button", name="Filter").click()
    owner.get_by_role("combobox", name="Kind").select_option("cancellation")
    owner.get_by_role("button", name="Apply").click()
    expect(owner.get_by_text("No invoice matches.")).to_be_visible()
    expect(owner.get_by_role("button", name="Remove filter Kind: Cancellation")).to_be_visible()
    owner.go_back()
    expect(table).to_be_visible()
    owner.get_by_role("tab", name="All").click()
    expect(owner.get_by_role("tab", name="All", selected=True)).to_be_visible()
    table.get_by_role("link", name="Total").click()
    expect(table.get_by_role("columnheader", name="Total")).to_have_attribute("aria-sort", "descending")
    number = table.get_by_role("row").nth(2).get_by_role("link").first.inner_text()
    owner.get_by_role("textbox", name="Search invoices").fill(number)
    expect(table.get_by_role("row")).to_have_count(2)
    table.get_by_role("link", name=number, exact=True).click()
    expect(owner).to_have_url(re.compile(r"/orders/\d+/invoices"))


def test_e7_the_export_is_what_is_listed(owner: Page) -> None:
    listed(owner, "Shipments")
    owner.get_by_role("tab", name="Shipped").click()
    expect(owner.get_by_role("tab", name="Shipped", selected=True)).to_be_visible()
    for kind in ("CSV", "XLSX"):
        owner.get_by_role("button", name="Export").click()
        link = owner.get_by_role("group", name="Export").get_by_role("link", name=kind, exact=True)
        expect(link).to_have_attribute("href", re.compile("state=shipped"))
        with owner.expect_download() as started:
            link.click()
        name = started.value.suggested_filename
        assert re.fullmatch(rf"shipments-\d{{4}}-\d\d-\d\d\.{kind.lower()}", name)


def test_stk1_a_product_is_counted_and_its_movement_stands_there(owner: Page) -> None:
    listed(owner, "Products")
    owner.get_by_role("textbox", name="Search products").fill("sand")
    owner.get_by_role("link", name="Becher „Kai“, sand").click()
    expect(owner.get_by_role("heading", level=1, name="Becher „Kai“, sand")).to_be_visible()
    owner.get_by_role("button", name="Count stock").click()
    owner.get_by_role("dialog").get_by_role("textbox", name="On hand").fill("123")
    owner.get_by_role("dialog").get_by_role("textbox", name="Reason").fill("Inventur")
    owner.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(owner.get_by_role("status").get_by_text("The stock of MUG-02 is 123.")).to_be_visible()
    moved = owner.get_by_role("table", name="Movements of the stock").get_by_role("row").nth(1)
    expect(moved).to_contain_text("Counted")
    expect(moved).to_contain_text("Inventur")


def test_w12_the_stock_stands_on_the_lines_of_an_order(owner: Page) -> None:
    owner.goto("/products/1")
    owner.get_by_role("button", name="Count stock").click()
    owner.get_by_role("dialog").get_by_role("textbox", name="On hand").fill("0")
    owner.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(owner.get_by_role("status").get_by_text("The stock of MUG-01 is 0.")).to_be_visible()
    owner.get_by_role("table", name="Movements of the stock").get_by_role("link").first.click()
    lines = owner.get_by_role("table", name="Products")
    expect(lines.get_by_role("columnheader", name="Stock")).to_be_visible()
    expect(lines.get_by_text(re.compile(r"· (Low|Out of stock|Oversold)")).first).to_be_visible()


def test_sec4_the_warehouse_sees_no_invoices_and_no_prices(page: Page, server: Server) -> None:
    sign_in(page, "warehouse@demo.test")
    page.goto("/invoices")
    expect(page.get_by_text("Your role does not show invoices.")).to_be_visible()
    expect(page.get_by_role("table", name="Invoices")).to_have_count(0)
    listed(page, "Products")
    expect(page.get_by_role("columnheader", name="Price")).to_have_count(0)
    expect(page.get_by_role("main").get_by_text("€")).to_have_count(0)
    expect(page.get_by_role("button", name="Add product")).to_have_count(0)


def test_ui_nothing_serious_and_no_sideways_scrolling(owner: Page) -> None:
    for name in PAGES:
        listed(owner, name)
        assert looks_wrong(owner, 1440, 768, 390) == [], name
    owner.goto("/products/1")
    expect(owner.get_by_role("table", name="Movements of the stock")).to_be_visible()
    assert looks_wrong(owner, 1440, 768, 390) == []


@pytest.mark.parametrize(
    "addresses",
    [
        ["/invoices", "/invoices?state=open", "/invoices?state=unsent"],
        ["/shipments", "/shipments?state=open", "/shipments?state=shipped"],
    ],
)
def test_columns_stand_still_from_one_tab_to_the_next(owner: Page, addresses: list[str]) -> None:
    owner.set_viewport_size({"width": 1440, "height": 900})
    seen = {}
    for address in addresses:
        owner.goto(address)
        heads = owner.get_by_role("columnheader")
        expect(owner.locator("tbody a").first).to_be_visible()
        seen[address] = {head.inner_text(): (head.bounding_box() or {})["x"] for head in heads.all()}
    first, *others = seen.values()
    assert first
    assert all(other == first for other in others), seen


@pytest.mark.parametrize(
    "address", ["/invoices", "/shipments", "/products", "/customers", "/tasks", "/tickets"]
)
def test_on_a_phone_the_tools_of_a_list_are_one_row(owner: Page, address: str) -> None:
    owner.set_viewport_size({"width": 390, "height": 844})
    owner.goto(address)
    expect(owner.locator("tbody a").first).to_be_visible()
    tools = owner.locator(".toolbar", has=owner.get_by_role("button", name="Export"))
    assert (tools.bounding_box() or {})["height"] <= 60
