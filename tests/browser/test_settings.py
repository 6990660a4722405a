"""The settings as the owner uses them: one rail, and one bar that is there while something is not saved
(INV-1, W-16).
"""

import re
import time

import pytest
from browsing import button, looks_wrong, notice
from playwright.sync_api import Locator, Page, expect
from serving import Server, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def company(page: Page) -> Page:
    page.set_viewport_size({"width": 1440, "height": 900})
    sign_in(page)
    page.goto("/settings/company")
    expect(field(page, "Town")).to_be_visible()
    expect(button(page, "Save")).to_be_hidden()
    return page


def field(page: Page, name: str) -> Locator:
    return page.get_by_role("textbox", name=name, exact=True)


def test_w16_what_is_typed_outlives_the_page_and_is_discarded(company: Page) -> None:
    town, rail = field(company, "Town"), company.get_by_role("navigation", name="Settings", exact=True)
    before = town.input_value()
    town.fill("Kiel")
    expect(company.get_by_role("status").get_by_text("1 change not saved")).to_be_visible()
    field(company, "Phone").fill("+49 431 1")
    expect(company.get_by_role("status").get_by_text("2 changes not saved")).to_be_visible()

    rail.get_by_role("link", name="Languages").click()
    expect(company.get_by_role("heading", level=1, name="Languages")).to_be_visible()
    expect(button(company, "Save")).to_be_hidden()
    rail.get_by_role("link", name="Company").click()
    expect(town).to_have_value("Kiel")
    expect(company.get_by_role("status").get_by_text("2 changes not saved")).to_be_visible()
    company.reload()
    expect(town).to_have_value("Kiel")

    button(company, "Discard").click()
    expect(button(company, "Save")).to_be_hidden()
    expect(town).to_have_value(before)
    town.fill("Kiel")
    expect(button(company, "Save")).to_be_visible()
    town.fill(before)
    expect(button(company, "Save")).to_be_hidden()


def test_w16_all_that_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(company: Page) -> None:
    mail, iban, town = field(company, "E-mail"), field(company, "IBAN"), field(company, "Town")
    before = {one: one.input_value() for one in (mail, iban, town)}
    mail.fill("hallo")
    iban.fill("DE1")
    town.fill("Kiel")
    button(company, "Save").click()

    expect(mail).to_have_accessible_description(re.compile("is no e-mail address"))
    expect(iban).to_have_accessible_description(re.compile("IBAN"))
    expect(mail).to_be_focused()
    expect(company.get_by_role("alert").get_by_text("Not saved.")).to_be_visible()
    assert (mail.input_value(), iban.input_value(), town.input_value()) == ("hallo", "DE1", "Kiel")
    assert looks_wrong(company, 1440, 390) == []
    company.set_viewport_size({"width": 1440, "height": 900})

    mail.fill(before[mail])
    iban.fill(before[iban])
    button(company, "Save").click()
    expect(notice(company, "Saved.")).to_be_visible()
    expect(button(company, "Save")).to_be_hidden()
    company.reload()
    expect(town).to_have_value("Kiel")
    town.fill(before[town])
    button(company, "Save").click()
    expect(button(company, "Save")).to_be_hidden()


def test_s19_administration_is_a_tab_of_the_advanced_settings(page: Page) -> None:
    sign_in(page)
    page.goto("/settings/advanced/administration")
    menu = page.get_by_role("navigation", name="Main menu")
    expect(menu.get_by_role("link", name="Settings")).to_have_attribute("aria-current", "page")
    rail = page.get_by_role("navigation", name="Settings", exact=True)
    expect(rail.get_by_role("link", name="Advanced settings")).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("tab", name="Administration")).to_have_attribute("aria-selected", "true")
    expect(
        page.get_by_role("tabpanel", name="Administration").get_by_role("combobox", name="Make invoices")
    ).to_be_visible()
    for word in ("Shop", "Procedures", "Access"):
        expect(rail.get_by_text(word, exact=True)).to_be_visible()

    days = field(page, "Days until payment is due")
    before = days.input_value()
    page.get_by_role("combobox", name="Make invoices").select_option("by hand")
    days.fill("21")
    expect(page.get_by_role("status").get_by_text("2 changes not saved")).to_be_visible()
    page.get_by_role("combobox", name="Make invoices").select_option("at once")
    expect(page.get_by_role("status").get_by_text("1 change not saved")).to_be_visible()
    days.press("Enter")
    expect(notice(page, "Saved.")).to_be_visible()
    expect(button(page, "Save")).to_be_hidden()
    days.fill(before)
    button(page, "Save").click()
    expect(button(page, "Save")).to_be_hidden()


def typed_in(page: Page, text: str) -> float:
    """How many seconds it takes to type the text into what has the focus."""
    start = time.monotonic()
    page.keyboard.type(text, delay=5)
    return time.monotonic() - start


def test_w16_typing_is_neither_slowed_nor_loses_a_letter(company: Page, server: Server) -> None:
    owner, text = field(company, "Owner"), "Hafen und Haus am Wasser, Olga Ohm und Töchter"
    owner.fill("")
    owner.focus()
    took = typed_in(company, text)
    expect(owner).to_have_value(text)
    expect(company.get_by_role("status").get_by_text("1 change not saved")).to_be_visible()
    company.wait_for_timeout(500)
    expect(owner).to_have_value(text)
    expect(owner).to_be_focused()
    bare = company.context.new_page()
    bare.set_content("<input autofocus>")
    bare.locator("input").focus()
    assert took < 3 * typed_in(bare, text) + 0.5, "this machine may be busy, but typing waits for nothing"
    bare.close()
    button(company, "Discard").click()
    expect(button(company, "Save")).to_be_hidden()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/settings/company", "Town"),
        ("/settings/advanced/administration", "Delivery times"),
        ("/settings/mail", "Blind copy of every mail"),
    ],
)
def test_ui_nothing_serious_and_no_sideways_scrolling_with_the_bar(page: Page, path: str, name: str) -> None:
    sign_in(page)
    page.goto(path)
    typed = field(page, name)
    expect(typed).to_be_visible()
    typed.fill("x@example.com")
    expect(page.get_by_role("status").get_by_text("1 change not saved")).to_be_visible()
    assert looks_wrong(page, 1440, 1100, 390) == []
    bar = button(page, "Save").bounding_box()
    assert bar is not None
    assert bar["y"] + bar["height"] <= 900, "in sight without scrolling"
    button(page, "Discard").click()
    expect(button(page, "Save")).to_be_hidden()
