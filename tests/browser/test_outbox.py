"""The outbox as a person uses it: by role and name, on any width, in light and dark (M-3 to M-5)."""

import re

import pytest
from browsing import button, looks_wrong, mail_link, mail_row, open_mail, slow_network
from playwright.sync_api import Browser, Page, expect
from serving import Server, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def outbox(page: Page) -> Page:
    page.set_viewport_size({"width": 1440, "height": 900})
    sign_in(page, "owner@demo.test")
    page.goto("/outbox")
    expect(page.get_by_role("heading", level=1, name="Outbox")).to_be_visible()
    expect(page.get_by_role("table", name="Mails")).to_be_visible()
    return page


def test_m5_a_mail_opens_as_it_was_sent_and_its_link_gets_the_focus_back(outbox: Page) -> None:
    link = mail_link(outbox)
    mail = open_mail(outbox)
    expect(mail.get_by_role("region", name="Text of the mail")).to_contain_text(re.compile(r"\w+"))
    expect(outbox).to_have_url(re.compile(r"mail=\d+"))
    outbox.keyboard.press("Escape")
    expect(mail).to_be_hidden()
    expect(outbox).to_have_url(re.compile(r"/outbox$"))
    expect(link).to_be_focused()


def test_m5_the_list_stays_usable_beside_the_mail_and_back_leads_to_it(outbox: Page) -> None:
    """`j` and `k` change the mail and leave the focus in the list; the panel covers nothing of it."""
    first, second = mail_link(outbox), mail_link(outbox, 1)
    addresses = [str(link.get_attribute("href")) for link in (first, second)]
    mail_row(outbox, 1).get_by_role("cell").first.click()  # anywhere on the row
    expect(outbox).to_have_url(re.compile(re.escape(addresses[1]) + "$"))
    expect(second).to_be_focused()
    expect(second).to_have_attribute("aria-current", "true")

    outbox.keyboard.press("k")
    expect(outbox).to_have_url(re.compile(re.escape(addresses[0]) + "$"))
    expect(first).to_be_focused()
    expect(first).to_have_attribute("aria-current", "true")
    expect(outbox.get_by_role("complementary")).to_have_accessible_name(first.inner_text())
    outbox.keyboard.press("j")
    expect(outbox).to_have_url(re.compile(re.escape(addresses[1]) + "$"))
    panel, table = (
        outbox.get_by_role("complementary").bounding_box(),
        outbox.get_by_role("table", name="Mails").bounding_box(),
    )
    assert panel is not None
    assert table is not None
    assert (panel["width"], table["x"] + table["width"] <= panel["x"]) == (440, True)

    outbox.go_back()
    expect(outbox.get_by_role("complementary")).to_be_hidden()
    expect(outbox).to_have_url(re.compile("/outbox$"))


def test_m5_a_step_opens_the_next_mail_also_before_the_first_one_is_there(outbox: Page) -> None:
    """On a slow line one steps on before the panel is drawn."""
    second = mail_link(outbox, 1)
    address = str(second.get_attribute("href"))
    slow_network(outbox)
    mail_row(outbox).get_by_role("cell").first.click()
    outbox.keyboard.press("j")
    expect(second).to_be_focused()
    expect(outbox).to_have_url(re.compile(re.escape(address) + "$"))
    expect(outbox.get_by_role("complementary")).to_have_accessible_name(second.inner_text())


def test_m5_a_step_begins_at_the_mail_that_the_address_names(outbox: Page) -> None:
    third, fourth = mail_link(outbox, 2), mail_link(outbox, 3)
    outbox.goto(str(third.get_attribute("href")))
    panel = outbox.get_by_role("complementary")
    expect(panel).to_have_accessible_name(third.inner_text())
    outbox.keyboard.press("j")
    expect(fourth).to_have_attribute("aria-current", "true")
    expect(fourth).to_be_focused()
    panel.get_by_role("link", name="Previous mail").click()
    expect(third).to_have_attribute("aria-current", "true")
    panel.get_by_role("link", name="Close").click()
    expect(third).to_be_focused()


def test_m3_a_mail_is_held_back_and_released(outbox: Page) -> None:
    outbox.get_by_role("tab", name="Not sent, no mail server").click()
    expect(outbox).to_have_url(re.compile("state=no-server"))
    panel = open_mail(outbox)
    expect(panel.get_by_role("status")).to_contain_text("There was no mail server that could send it.")
    address = outbox.url  # a mail that came meanwhile may have taken the first place
    button(panel, "Hold back").click()
    expect(outbox.get_by_role("status").get_by_text("The mail is held back.")).to_be_visible()
    expect(panel.get_by_text("Held back", exact=True)).to_be_visible()
    expect(button(panel, "Hold back")).to_be_hidden()
    outbox.goto(address)
    expect(panel.get_by_text("Held back", exact=True)).to_be_visible()
    button(panel, "Release").click()
    expect(outbox.get_by_role("status").get_by_text("The mail is released.")).to_be_visible()
    expect(button(panel, "Hold back")).to_be_visible()


def test_m5_the_open_mail_follows_what_a_colleague_does(
    outbox: Page, browser: Browser, server: Server
) -> None:
    panel = open_mail(outbox)
    other = browser.new_context(base_url=server.url)
    colleague = other.new_page()
    sign_in(colleague, "staff@demo.test")
    colleague.goto(outbox.url)
    theirs = colleague.get_by_role("complementary")
    button(theirs, "Hold back").click()
    expect(panel.get_by_text("Held back", exact=True)).to_be_visible()
    button(theirs, "Release").click()
    expect(panel.get_by_text("Held back", exact=True)).to_be_hidden()
    other.close()


def test_m5_on_a_small_screen_the_mail_is_a_sheet_that_takes_the_focus(outbox: Page) -> None:
    outbox.set_viewport_size({"width": 390, "height": 800})
    address, below = (str(mail_link(outbox, at).get_attribute("href")) for at in (0, 1))
    open_mail(outbox)
    panel = outbox.get_by_role("complementary")
    box = panel.bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["height"]) == (0, 0, 800)
    expect(outbox.get_by_role("table", name="Mails")).to_be_hidden()
    expect(panel.get_by_role("link", name="Back to the list")).to_be_focused()
    panel.get_by_role("link", name="Next mail").click()
    expect(outbox).to_have_url(re.compile(re.escape(below) + "$"))
    expect(panel.get_by_role("link", name="Previous mail")).to_be_visible()
    outbox.keyboard.press("k")
    expect(outbox).to_have_url(re.compile(re.escape(address) + "$"))
    panel.get_by_role("link", name="Back to the list").click()
    expect(panel).to_be_hidden()
    expect(mail_link(outbox)).to_be_focused()


def test_m5_what_floats_above_the_mail_closes_first(outbox: Page) -> None:
    panel = open_mail(outbox)
    outbox.keyboard.press("?")
    listed = outbox.get_by_role("group", name="Keyboard shortcuts")
    expect(listed).to_be_visible()
    outbox.keyboard.press("Escape")
    expect(listed).to_be_hidden()
    expect(panel).to_be_visible()
    outbox.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_m5_the_list_is_filtered_by_the_address_and_says_when_it_is_empty(outbox: Page) -> None:
    outbox.get_by_role("tab", name="Failed").click()
    expect(outbox).to_have_url(re.compile(r"state=failed"))
    expect(outbox.get_by_text("No such mail.")).to_be_visible()
    outbox.go_back()
    number = (
        outbox.get_by_role("table", name="Mails")
        .get_by_role("link", name=re.compile(r"^\d{5}$"))
        .first.inner_text()
    )
    outbox.get_by_role("textbox", name="Search mails").fill(number)
    expect(outbox).to_have_url(re.compile(f"q={number}"))
    expect(
        outbox.get_by_role("table", name="Mails").get_by_role("link", name=number, exact=True).first
    ).to_be_visible()


def test_sec2_the_warehouse_has_no_outbox(page: Page) -> None:
    sign_in(page, "warehouse@demo.test")
    page.goto("/outbox")
    expect(page.get_by_role("alert").get_by_text("You do not have the right to do this.")).to_be_visible()
    expect(page.get_by_role("table", name="Mails")).to_have_count(0)


def test_ui_nothing_serious_and_no_sideways_scrolling(outbox: Page) -> None:
    open_mail(outbox)
    assert looks_wrong(outbox, 1440, 1280, 1100, 390) == []
    outbox.keyboard.press("Escape")
    expect(outbox.get_by_role("complementary")).to_be_hidden()
    assert looks_wrong(outbox, 1280, 390) == []
