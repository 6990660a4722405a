"""Dialogs: the focus goes in and back to the opener, Esc and a click beside it close, and only the server decides what
is open.
"""

import pytest
from browsing import button
from playwright.sync_api import Locator, Page, expect
from serving import Server, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def shop(page: Page, server: Server) -> Page:
    """The window of an open order."""
    sign_in(page)
    page.goto(f"/orders/{server.open_order()}")
    expect(button(page, "On hold")).to_be_enabled()
    return page


def opened(page: Page, name: str = "On hold") -> Locator:
    """The dialog, opened by its button."""
    button(page, name).click()
    dialog = page.get_by_role("dialog", name=name)
    expect(dialog).to_be_visible()
    return dialog


def test_wcag_escape_the_close_button_and_a_click_beside_it_close_a_dialog(shop: Page) -> None:
    for closes in (
        lambda _dialog: shop.keyboard.press("Escape"),
        lambda dialog: button(dialog, "Close").click(),
        lambda _dialog: shop.mouse.click(5, 5),
    ):
        dialog = opened(shop)
        expect(dialog.get_by_role("textbox", name="Reason")).to_be_focused()
        closes(dialog)
        expect(dialog).to_have_count(0)
        expect(button(shop, "On hold")).to_be_focused()


def test_wcag_a_press_inside_a_dialog_keeps_it_and_the_page_behind_it_is_out_of_reach(shop: Page) -> None:
    dialog = opened(shop)

    dialog.get_by_role("heading", name="On hold").click()
    for _stop in range(12):
        shop.keyboard.press("Tab")
        assert shop.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )

    expect(dialog).to_be_visible()


def test_wcag_a_dialog_that_is_closed_and_opened_within_one_answer_is_open(shop: Page) -> None:
    """Escape twice closes a dialog whatever the page says; its opener is pressed before the server has answered."""
    for escapes in (1, 2, 3):
        dialog = opened(shop)
        for _again in range(escapes):
            shop.keyboard.press("Escape")
        shop.evaluate("document.getElementById('hold').click()")  # by a script: the dialog covers it
        shop.wait_for_timeout(500)
        expect(dialog).to_be_visible()
        expect(dialog.get_by_role("textbox", name="Reason")).to_be_focused()
        shop.keyboard.press("Escape")
        expect(dialog).to_have_count(0)


def test_wcag_what_is_typed_stays_when_the_browser_closes_a_dialog_by_itself(shop: Page) -> None:
    """As it does at the second Escape in a row: the state has not closed it, so it is open."""
    dialog = opened(shop)
    reason = dialog.get_by_role("textbox", name="Reason")
    reason.fill("The customer is away.")

    shop.evaluate("document.getElementById('dialog').close()")

    expect(dialog).to_be_visible()
    expect(reason).to_have_value("The customer is away.")
    expect(reason).to_be_focused()


def test_wcag_what_stands_in_the_first_field_is_replaced_by_what_is_typed(shop: Page) -> None:
    shop.locator("#edit-billing").click()
    name = shop.get_by_role("dialog").get_by_role("textbox", name="Name")
    expect(name).to_be_focused()
    expect(name).not_to_have_value("")

    shop.keyboard.type("Grace Hopper")

    expect(name).to_have_value("Grace Hopper")
    shop.keyboard.press("Escape")


def test_wcag_one_dialog_leads_to_another(page: Page) -> None:
    sign_in(page)
    page.goto("/settings/users")
    page.get_by_role("button", name="Edit user Rita Reed").click()
    person = page.get_by_role("dialog", name="Rita Reed")

    button(person, "Retire").click()

    retire = page.get_by_role("dialog", name="Retire: Rita Reed")
    expect(retire).to_be_visible()
    expect(button(retire, "Keep user")).to_be_focused()
    button(retire, "Keep user").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Edit user Rita Reed")).to_be_focused()
