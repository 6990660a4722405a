"""The outbox as a person uses it: by role and name, on any width, in light and dark (M-3 to M-5)."""

import re

import pytest
from browsing import looks_wrong
from playwright.sync_api import Page, expect
from serving import sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def outbox(page: Page) -> Page:
    sign_in(page, "owner@demo.test")
    page.goto("/outbox")
    expect(page.get_by_role("heading", name="Outbox")).to_be_visible()
    expect(page.get_by_role("table", name="Mails")).to_be_visible()
    return page


def test_m5_a_mail_opens_as_it_was_sent_and_its_link_gets_the_focus_back(outbox: Page) -> None:
    link = outbox.get_by_role("table", name="Mails").get_by_role("row").nth(1).get_by_role("link").first
    subject = link.inner_text()
    link.click()
    mail = outbox.get_by_role("dialog", name=subject)
    expect(mail).to_be_visible()
    expect(mail.get_by_role("region", name="Text of the mail")).to_contain_text(re.compile(r"\w+"))
    expect(outbox).to_have_url(re.compile(r"mail=\d+"))
    outbox.keyboard.press("Escape")
    expect(mail).to_be_hidden()
    expect(outbox).to_have_url(re.compile(r"/outbox$"))
    expect(link).to_be_focused()


def test_m3_a_mail_is_held_back_and_released(outbox: Page) -> None:
    outbox.get_by_role("tab", name="Not sent, no mail server").click()
    first = outbox.get_by_role("table", name="Mails").get_by_role("row").nth(1).get_by_role("link").first
    first.click()
    expect(outbox.get_by_role("dialog")).to_be_visible()
    address = outbox.url  # a mail that came meanwhile may have taken the first place
    outbox.get_by_role("dialog").get_by_role("button", name="Hold back").click()
    expect(outbox.get_by_role("status").get_by_text("The mail is held back.")).to_be_visible()
    expect(outbox.get_by_role("dialog")).to_be_hidden()
    outbox.goto(address)
    expect(outbox.get_by_role("dialog").get_by_text("Held back")).to_be_visible()
    outbox.get_by_role("dialog").get_by_role("button", name="Release").click()
    expect(outbox.get_by_role("status").get_by_text("The mail is released.")).to_be_visible()


def test_m5_the_list_is_filtered_by_the_address_and_says_when_it_is_empty(outbox: Page) -> None:
    outbox.get_by_role("tab", name="Failed").click()
    expect(outbox).to_have_url(re.compile(r"state=failed"))
    expect(outbox.get_by_text("No such mail.")).to_be_visible()
    outbox.go_back()
    number = outbox.get_by_role("table", name="Mails").get_by_role("row").nth(1).get_by_role("link").last.inner_text()
    outbox.get_by_role("textbox", name="Search by order number or e-mail address").fill(number)
    expect(outbox).to_have_url(re.compile(f"q={number}"))
    expect(outbox.get_by_role("table", name="Mails").get_by_role("link", name=number, exact=True).first).to_be_visible()


def test_sec2_the_warehouse_has_no_outbox(page: Page) -> None:
    sign_in(page, "warehouse@demo.test")
    page.goto("/outbox")
    expect(page.get_by_role("alert").get_by_text("You do not have the right to do this.")).to_be_visible()
    expect(page.get_by_role("table", name="Mails")).to_have_count(0)


def test_ui_nothing_serious_and_no_sideways_scrolling(outbox: Page) -> None:
    outbox.get_by_role("table", name="Mails").get_by_role("row").nth(1).get_by_role("link").first.click()
    expect(outbox.get_by_role("dialog")).to_be_visible()
    assert looks_wrong(outbox, 1280, 390) == []
