"""The shell in a real browser: sign-in before pages, languages in place, ended sessions, no script of others (SEC-2,
L-1).
"""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from attacker import change_role
from playwright.sync_api import Browser, BrowserContext, Page, expect
from serving import DEMO_PASSWORD, Server, come_in, sign_in, wait_until_at_work

pytestmark = pytest.mark.browser


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    """A tab that fails the test if the browser complains, above all about the content security policy."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []


def test_sec2_a_page_asks_for_the_sign_in_and_comes_back(watched: Page, server: Server) -> None:
    watched.goto("/orders/10001")

    expect(watched).to_have_url(re.compile(r"/login\?next=%2Forders%2F10001$"))
    watched.get_by_role("textbox", name="E-mail").fill("owner@demo.test")
    watched.get_by_role("textbox", name="Password").fill("kontor-demo")
    watched.get_by_role("button", name="Sign in").click()

    expect(watched).to_have_url(f"{server.url}/orders/10001")
    expect(watched.get_by_role("heading", level=1)).to_contain_text("10001")


def test_l1_the_language_switches_in_place_and_is_kept(watched: Page) -> None:
    sign_in(watched, "bookkeeper@demo.test")
    watched.goto("/orders/10001")
    watched.get_by_role("button", name="Bruno Buch").click()
    watched.get_by_role("button", name="Deutsch").click()

    expect(watched.locator("html")).to_have_attribute("lang", "de")
    watched.reload()
    expect(watched.locator("html")).to_have_attribute("lang", "de")
    watched.get_by_role("button", name="Bruno Buch").click()
    watched.get_by_role("button", name="English").click()
    expect(watched.locator("html")).to_have_attribute("lang", "en")


def test_a_phones_top_bar_names_the_section_and_opens_the_search(watched: Page) -> None:
    sign_in(watched)
    watched.set_viewport_size({"width": 390, "height": 800})
    watched.goto("/orders/10001")
    wait_until_at_work(watched)
    bar = watched.get_by_role("banner").filter(has=watched.get_by_role("button", name="Menu", exact=True))
    expect(bar).to_contain_text("Orders")
    expect(bar.get_by_role("link", name="Kontor")).to_be_hidden()
    bar.get_by_role("button", name="Search or do something").click()
    expect(watched.get_by_role("dialog", name="Search or do something")).to_be_visible()
    watched.keyboard.press("Escape")
    watched.set_viewport_size({"width": 768, "height": 800})
    expect(bar.get_by_role("link", name="Kontor")).to_be_visible()
    expect(bar.get_by_text("Orders")).to_be_hidden()
    watched.set_viewport_size({"width": 1440, "height": 800})
    expect(bar).to_be_hidden()


def test_wcag_single_keys_are_switched_off_and_on_in_the_user_menu(watched: Page) -> None:
    come_in(watched, "bookkeeper@demo.test")
    search, list_of_keys = (
        watched.get_by_role("textbox", name="Search orders"),
        watched.get_by_role("group", name="Keyboard shortcuts"),
    )

    def switch(to: str) -> None:
        watched.get_by_role("button", name="Bruno Buch").click()
        keys = watched.get_by_role("button", name="Single-key shortcuts")
        keys.click()
        expect(keys).to_have_attribute("aria-pressed", to)
        watched.keyboard.press("Escape")

    watched.keyboard.press("/")
    expect(search).to_be_focused()
    switch("false")
    watched.get_by_role("heading", level=1).click()
    watched.keyboard.press("/")
    watched.keyboard.press("?")
    expect(search).not_to_be_focused()
    watched.reload()
    wait_until_at_work(watched)
    watched.keyboard.press("/")
    expect(search).not_to_be_focused()
    expect(list_of_keys).to_be_hidden()
    switch("true")
    watched.get_by_role("heading", level=1).click()
    watched.keyboard.press("?")
    expect(list_of_keys).to_be_visible()


def test_l1_the_look_is_kept_for_the_colleague_on_whichever_device(
    watched: Page, browser: Browser, server: Server
) -> None:
    come_in(watched, "bookkeeper@demo.test")
    watched.get_by_role("button", name="Bruno Buch").click()
    watched.get_by_role("button", name="Light or dark").click()
    expect(watched.locator("html")).to_have_class(re.compile("dark"))

    elsewhere = browser.new_context(base_url=server.url, color_scheme="light").new_page()
    come_in(elsewhere, "bookkeeper@demo.test")
    expect(elsewhere.locator("html")).to_have_class(re.compile("dark"))
    elsewhere.get_by_role("button", name="Bruno Buch").click()
    elsewhere.get_by_role("button", name="Light or dark").click()
    expect(elsewhere.locator("html")).to_have_class(re.compile("light"))
    watched.reload()
    expect(watched.locator("html")).to_have_class(re.compile("light"))
    elsewhere.context.close()


def test_sec2_a_tab_whose_session_was_ended_is_shown_the_door(
    page: Page, context: BrowserContext, server: Server
) -> None:
    sign_in(page, "staff@demo.test")
    page.goto("/orders/10001")
    expect(page.get_by_role("heading", level=1)).to_contain_text("10001")
    cookie = "; ".join(f"{c['name']}={c['value']}" for c in context.cookies())
    httpx.post(f"{server.url}/session/end", headers={"cookie": cookie, "origin": server.url})

    expect(page.get_by_role("textbox", name="E-mail")).to_be_visible()
    page.get_by_role("textbox", name="E-mail").fill("staff@demo.test")
    page.get_by_role("textbox", name="Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("10001")


def test_a4_a_tab_whose_colleague_has_another_role_is_read_anew_without_prices(
    page: Page, context: BrowserContext, server: Server
) -> None:
    sign_in(page, "staff@demo.test")
    page.goto("/orders/10001")
    expect(page.get_by_role("heading", name="Payment")).to_be_visible()

    def becomes(role: str) -> None:
        with ThreadPoolExecutor(1) as thread:  # no other event loop can run beside the browser's
            thread.submit(asyncio.run, change_role(server, "staff@demo.test", role)).result()

    try:
        becomes("warehouse")
        expect(page.get_by_role("heading", name="Payment")).not_to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_contain_text("10001")
    finally:
        becomes("staff")
    # Also because Chromium never answers to closing a tab that is just loading its page anew.
    expect(page.get_by_role("heading", name="Payment")).to_be_visible()


def test_sec2_an_unknown_address_has_a_way_back(page: Page, server: Server) -> None:
    sign_in(page, "reader@demo.test")

    answer = page.goto("/no-such-page")

    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", name="This page does not exist")).to_be_visible()
    expect(page.get_by_role("link", name="Go to the orders")).to_have_attribute("href", "/orders")


def test_p8_sec2_a_page_has_its_policy_and_a_part_of_it_a_short_one(page: Page) -> None:
    policies: dict[str, str] = {}
    page.on(
        "response",
        lambda answer: policies.update(
            {httpx.URL(answer.url).path: answer.headers.get("content-security-policy", "")}
        ),
    )
    come_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Orders")

    assert "script-src 'self' 'sha256-" in policies["/orders"]
    assert "unsafe-eval" not in policies["/orders"]
    assert {policy for path, policy in policies.items() if path.startswith("/assets/")} == {
        "default-src 'none'"
    }


def test_p8_assets_are_kept_by_the_browser_and_pages_are_not(page: Page) -> None:
    kept: dict[str, str] = {}
    page.on(
        "response",
        lambda answer: kept.update({httpx.URL(answer.url).path: answer.headers.get("cache-control", "")}),
    )
    sign_in(page)
    page.goto("/orders/10001")
    expect(page.get_by_role("heading", level=1)).to_contain_text("10001")

    assert kept["/orders/10001"] == "no-store"
    assets = [
        value
        for path, value in kept.items()
        if path.startswith("/assets/") and "reflex-env" not in path and "__reflex" not in path
    ]
    assert assets
    assert all("immutable" in value for value in assets)


def test_keys_g_and_a_letter_go_to_the_pages_of_the_menu(watched: Page) -> None:
    come_in(watched)
    heading = watched.get_by_role("heading", level=1)
    expect(heading).to_have_text("Orders")

    watched.keyboard.type("gx", delay=20)
    expect(heading).to_have_text("Outbox")
    watched.keyboard.type("gs", delay=20)
    expect(heading).to_have_text("Company")
    watched.keyboard.press("?")
    ways = (
        "g dDashboardg oOrdersg iInvoicesg lShipmentsg rReturnsg cCustomersg pProductsg kTicketsg aTasks"
        "g mAutomatic e-mailsg xOutboxg sSettings"
    )
    expect(watched.get_by_role("group", name="Keyboard shortcuts")).to_contain_text(ways)
    watched.keyboard.press("Escape")
    watched.keyboard.type("go", delay=20)
    expect(heading).to_have_text("Orders")


def test_keys_the_second_key_means_nothing_else_and_comes_within_a_second(
    watched: Page, server: Server
) -> None:
    sign_in(watched)
    number = server.open_order()
    watched.goto(f"/orders/{number}")
    expect(watched.get_by_role("button", name="Paid", exact=True)).to_be_enabled()

    watched.keyboard.type("gh", delay=20)  # two keys that mean nothing: nothing is held
    watched.keyboard.press("g")
    watched.wait_for_timeout(1_100)
    watched.keyboard.press("o")  # too late
    watched.keyboard.press("8")

    expect(watched.get_by_role("tabpanel", name="History")).to_be_visible()
    watched.keyboard.press("1")
    expect(watched.get_by_role("button", name="Paid", exact=True)).to_be_enabled()


def test_keys_who_may_not_see_a_page_is_not_led_there(watched: Page) -> None:
    come_in(watched, "warehouse@demo.test")
    heading = watched.get_by_role("heading", level=1)
    expect(heading).to_have_text("Orders")

    watched.keyboard.type("gx", delay=20)
    watched.keyboard.press("?")

    listed = watched.get_by_role("group", name="Keyboard shortcuts")
    expect(listed).to_contain_text("g oOrders")
    expect(listed).not_to_contain_text("Outbox")
    expect(heading).to_have_text("Orders")


def test_keys_f_opens_the_filter(watched: Page) -> None:
    come_in(watched)
    expect(watched.get_by_role("table", name="Orders")).to_be_visible()

    watched.keyboard.press("f")

    panel, opener = (
        watched.get_by_role("group", name="Filter", exact=True),
        watched.get_by_role("button", name="Filter", exact=True),
    )
    expect(panel.get_by_role("tab", name="Status", exact=True)).to_be_focused()
    below, box = panel.bounding_box(), opener.bounding_box()
    assert below is not None
    assert box is not None
    assert (below["x"], below["y"] >= box["y"] + box["height"]) == (box["x"], True), (
        "it opens below its button, as by a click"
    )
    watched.keyboard.press("Escape")
    expect(watched.get_by_role("button", name="Filter", exact=True)).to_be_focused()


@pytest.mark.parametrize(
    ("path", "most"),
    [("/orders", 160), ("/orders/{number}", 168), ("/outbox", 160), ("/settings/company", 168)],
)
def test_p8_the_first_load_of_a_page_stays_small(
    page: Page, browser: Browser, server: Server, path: str, most: int
) -> None:
    sign_in(page)
    fresh = browser.new_context(base_url=server.url, storage_state=page.context.storage_state())
    first = fresh.new_page()
    network, sizes = fresh.new_cdp_session(first), [0]
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))

    first.goto(path.format(number=server.open_order()))
    expect(first.get_by_role("heading", level=1)).to_be_visible()
    first.wait_for_load_state("networkidle")
    fresh.close()

    assert 100_000 < sum(sizes) <= most * 1_000
    assert sum(size > 0 for size in sizes) <= 10


def test_p8_an_order_opened_from_the_list_weighs_little(page: Page, browser: Browser, server: Server) -> None:
    sign_in(page)
    fresh = browser.new_context(base_url=server.url, storage_state=page.context.storage_state())
    first = fresh.new_page()
    network, sizes = fresh.new_cdp_session(first), [0]
    number = server.open_order()
    first.goto("/orders")
    expect(first.get_by_role("table", name="Orders")).to_be_visible()
    first.wait_for_load_state("networkidle")
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))

    first.get_by_role("link", name=number, exact=True).click()
    expect(first.get_by_role("heading", name="Shipping address")).to_be_visible()
    first.wait_for_load_state("networkidle")
    fresh.close()

    assert 5_000 < sum(sizes) <= 20_000


def test_c18_the_first_press_changes_the_look_of_a_dark_system(browser: Browser, server: Server) -> None:
    context = browser.new_context(base_url=server.url, locale="en-GB", color_scheme="dark")
    page = context.new_page()
    sign_in(page, "reader@demo.test")
    page.goto("/orders")
    expect(page.locator("html")).to_have_class(re.compile("dark"))
    page.get_by_role("button", name="Rita Reed").click()
    page.get_by_role("button", name="Light or dark").click()

    expect(page.locator("html")).to_have_class(re.compile("light"))
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("html")).to_have_class(re.compile("light"))
    context.close()


def test_c27_settings_lead_to_their_first_section(page: Page, server: Server) -> None:
    sign_in(page)
    page.goto("/settings")
    expect(page).to_have_url(re.compile("/settings/company$"))
    expect(page.get_by_role("heading", level=1, name="Company")).to_be_visible()


def test_c19_a_page_that_is_not_mine_says_so_and_a_notice_at_most_once(page: Page, server: Server) -> None:
    sign_in(page, "staff@demo.test")
    page.goto("/settings")
    expect(page).to_have_url(re.compile("/settings/import$"))  # the first section that is theirs
    page.goto("/settings/company")
    expect(page.get_by_text("Ask the owner to change the settings.")).to_be_visible()
    page.goto("/settings/users")
    expect(page.get_by_text("This page is for the owner of the shop.")).to_be_visible()
    page.wait_for_timeout(500)
    assert page.get_by_role("alert").get_by_text("You do not have the right to do this.").count() <= 1
