"""Text blocks in the browser: the owner keeps them, and one press puts one into a mail (W-8, T-6)."""

import re

import pytest
from browsing import Order, button, looks_wrong, notice
from playwright.sync_api import Page, expect
from serving import sign_in

pytestmark = pytest.mark.browser


def added(page: Page, title: str, english: str, german: str = "") -> None:
    """The owner adds a text block."""
    page.goto("/mail-templates?tab=text-blocks")
    button(page, "Add text block").click()
    dialog = page.get_by_role("dialog", name="Add text block")
    dialog.get_by_role("textbox", name="Title").fill(title)
    dialog.get_by_role("textbox", name="Text (English)").fill(english)
    dialog.get_by_role("textbox", name="Text (German)").fill(german)
    button(dialog, "Add text block").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("table", name="Text blocks").get_by_text(title, exact=True)).to_be_visible()


def test_w8_a_block_is_written_once_and_put_into_a_customer_mail_by_one_press(
    page: Page, order: Order
) -> None:
    sign_in(page, "owner@demo.test")
    page.goto("/mail-templates")
    page.get_by_role("tab", name="Text blocks").click()
    expect(page.get_by_text("No text block yet.")).to_be_visible()
    button(page, "Add text block").click()
    dialog = page.get_by_role("dialog", name="Add text block")
    dialog.get_by_role("textbox", name="Title").fill("Sending back")
    german = dialog.get_by_role("textbox", name="Text (German)")
    german.fill("Guten Tag {{ order.nmae }}")
    button(dialog, "Add text block").click()
    expect(dialog.get_by_text("Line 1: there is no order.nmae.")).to_be_visible()
    expect(german).to_have_attribute("aria-invalid", "true")
    assert looks_wrong(page, 1280, 390) == []
    german.fill("Guten Tag {{ order.name }}, so senden Sie zurück.")
    dialog.get_by_role("textbox", name="Text (English)").fill("This is how to send it back.")
    button(dialog, "Add text block").click()
    expect(dialog).to_be_hidden()
    assert looks_wrong(page, 1280, 390) == []

    page.goto(f"/orders/{order()}")
    button(page, "Customer mail").click()
    mail = page.get_by_role("dialog", name="Customer mail")
    message = mail.get_by_role("textbox", name="Message")
    message.press_sequentially("Danke für Ihre Frage.")
    mail.get_by_text("Insert text block").click()
    button(mail, "Insert Sending back").click()
    expect(message).to_have_value("Danke für Ihre Frage.\n\nGuten Tag Ada Kovač, so senden Sie zurück.")
    expect(mail.get_by_role("region", name="Preview")).to_contain_text("so senden Sie zurück.")
    assert looks_wrong(page, 1280, 390) == []
    mail.get_by_role("combobox", name="Language").select_option("en")
    button(mail, "Insert Sending back").click()
    expect(message).to_have_value(re.compile("This is how to send it back.$"))
    button(mail, "Send").click()
    expect(
        notice(page, "A mail to ada.kovac@example.com")
        .or_(notice(page, "The mail to ada.kovac@example.com"))
        .first
    ).to_be_visible()


def test_w8_blocks_are_moved_and_taken_out_of_use(page: Page) -> None:
    sign_in(page, "owner@demo.test")
    added(page, "Opening hours", "We answer from 9 to 5.")
    table = page.get_by_role("table", name="Text blocks")
    button(page, "Take out of use Opening hours").click()
    expect(table.get_by_role("row", name=re.compile("Opening hours.*Retired"))).to_be_visible()
    button(page, "Use again Opening hours").click()
    expect(button(page, "Take out of use Opening hours")).to_be_visible()
