"""An invoice that waits: its window says why, a person chooses the tax case; and the page of payment methods (INV-1,
PAY-0).
"""

import re

import pytest
from browsing import Order, Window, button, notice, problems
from playwright.sync_api import Page, expect
from serving import sign_in

pytestmark = pytest.mark.browser
UNTAXED = {
    "lines": [
        {"sku": "MUG-01", "name": "Becher, blau", "quantity": "2", "unit_price": "19.95", "vat_rate": "0"}
    ],
    "shipping": {},
    "total": "39.90",
    "billing_address": {
        "name": "Ada Kovač",
        "street": "Ring 12",
        "postcode": "1010",
        "city": "Wien",
        "country": "AT",
    },
}


def test_d2_the_window_says_what_is_missing_and_a_person_chooses(order: Order, window: Window) -> None:
    page = window(order(**UNTAXED))
    block = page.get_by_role("region", name="Invoices")
    expect(block.get_by_text("The invoice waits.")).to_be_visible()
    expect(block.get_by_role("list", name="What the invoice lacks")).to_contain_text(
        "don't say why no VAT is due"
    )
    expect(button(block, "Create invoice")).to_have_count(0)

    button(block, "Choose tax case").click()
    dialog = page.get_by_role("dialog", name="Choose tax case")
    dialog.get_by_role("combobox", name="Tax case").select_option(
        label="Supply to a company in another EU country (0 %)"
    )
    button(dialog, "Save").click()
    expect(dialog.get_by_role("textbox", name="VAT ID of the customer")).to_have_accessible_description(
        re.compile("needs a valid VAT ID")
    )
    expect(dialog.get_by_role("combobox", name="Tax case")).to_have_value("K")
    assert problems(page, "light") == []
    dialog.get_by_role("textbox", name="VAT ID of the customer").fill("ATU 13585627")
    button(dialog, "Save").click()

    expect(notice(page, "The tax case is chosen, and invoice")).to_be_visible()
    expect(dialog).to_be_hidden()
    expect(block.get_by_role("list", name="Invoices")).to_contain_text("RE-")
    expect(button(block, "Choose tax case")).to_have_count(0)


def test_inv1_the_list_has_a_view_of_the_invoices_that_wait(order: Order, page: Page) -> None:
    number = order(**UNTAXED)
    sign_in(page, "owner@demo.test")
    page.goto("/orders")
    page.get_by_role("tab", name=re.compile(r"^Invoice waits \d+$")).click()
    expect(page).to_have_url(re.compile("view=invoice-waits"))
    expect(page.get_by_role("table", name="Orders").get_by_role("link", name=number)).to_be_visible()


def test_pay0_the_owner_says_who_collects_and_gives_names(order: Order, page: Page) -> None:
    order(payment={"method": "magic-pay", "name": "Zauberei", "state": "open"})
    sign_in(page, "owner@demo.test")
    page.goto("/settings/payment-methods")
    expect(page.get_by_text("Say who collects the money of each payment method.")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="magic-pay")
    expect(row).to_contain_text("Not said yet")

    button(row, "Edit payment method Zauberei").click()
    dialog = page.get_by_role("dialog", name="Zauberei")
    dialog.get_by_role("combobox", name="Who collects the money").select_option(
        label="We collect it by direct debit"
    )
    dialog.get_by_role("textbox", name="Name (English)").fill("Magic")
    button(dialog, "Save").click()

    expect(notice(page, "Saved.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="magic-pay")).to_contain_text("Magic")
    expect(page.get_by_role("row").filter(has_text="magic-pay")).to_contain_text(
        "We collect it by direct debit"
    )
    page.reload()
    expect(page.get_by_role("row").filter(has_text="magic-pay")).to_contain_text("Magic")
    assert problems(page, "light") == []


def test_pay0_a_method_is_added_before_an_order_comes_with_it(page: Page) -> None:
    sign_in(page, "owner@demo.test")
    page.goto("/settings/payment-methods")
    button(page, "Add payment method").click()
    dialog = page.get_by_role("dialog", name="Add payment method")
    dialog.get_by_role("textbox", name="Code").fill("two words")
    button(dialog, "Add payment method").click()
    expect(dialog.get_by_role("textbox", name="Code")).to_have_accessible_description(
        re.compile("without spaces")
    )
    dialog.get_by_role("textbox", name="Code").fill("own-invoice")
    dialog.get_by_role("textbox", name="Name (German)").fill("Rechnung für Stammkunden")
    button(dialog, "Add payment method").click()
    expect(page.get_by_role("row").filter(has_text="own-invoice")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_pay0_the_page_fits_and_is_refused_to_others(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, "owner@demo.test")
    page.goto("/settings/payment-methods")
    expect(page.get_by_text("iDEAL").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_pay0_the_page_is_for_the_owner(page: Page) -> None:
    sign_in(page, "staff@demo.test")
    page.goto("/settings/payment-methods")
    expect(page.get_by_text("This page is for the owner of the shop.")).to_be_visible()


def test_inv1_the_owner_issues_what_waited_and_reads_what_still_waits(order: Order, page: Page) -> None:
    order(**UNTAXED)
    sign_in(page, "owner@demo.test")
    page.goto("/settings/advanced/administration")
    block = page.get_by_role("region", name="Waiting invoices")
    expect(block).to_be_visible()
    button(block, "Create waiting invoices").click()
    expect(notice(page, "Invoices issued: 0. Still waiting:")).to_be_visible()
    block.get_by_role("link", name="Show the orders").click()
    expect(page).to_have_url(re.compile("view=invoice-waits"))
