"""Settings > Users and the sign-in page as a person uses them: by role and name, on any width, in light and dark
(SEC-1, SEC-3, API-1).
"""

import re

import httpx
import pytest
from browsing import looks_wrong
from playwright.sync_api import Browser, Page, expect
from serving import Server, come_in, sign_in

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery"


@pytest.fixture
def users(page: Page) -> Page:
    sign_in(page, "owner@demo.test")
    page.goto("/settings/users")
    expect(page.get_by_role("table", name="Users").get_by_role("row")).not_to_have_count(1)
    return page


def add(users: Page, name: str, email: str, password: str = PASSWORD) -> None:
    users.get_by_role("button", name="Add user").click()
    dialog = users.get_by_role("dialog", name="Add user")
    dialog.get_by_role("textbox", name="Name").fill(name)
    dialog.get_by_role("textbox", name="E-mail").fill(email)
    dialog.get_by_role("combobox", name="Role").select_option("Warehouse")
    dialog.get_by_role("textbox", name="Password").fill(password)
    dialog.get_by_role("button", name="Add user").click()


def test_sec1_the_owner_adds_a_colleague_who_signs_in(users: Page, browser: Browser, server: Server) -> None:
    add(users, "Nora Neu", "nora@example.com")

    expect(users.get_by_role("status").get_by_text("Nora Neu may sign in now.")).to_be_visible()
    expect(users.get_by_role("row", name=re.compile("Nora Neu.*Warehouse"))).to_be_visible()
    context = browser.new_context(base_url=server.url, locale="en-GB")
    come_in(context.new_page(), "nora@example.com", PASSWORD)
    expect(users.get_by_role("button", name="Add user")).to_be_focused()
    context.close()


def test_sec1_what_is_wrong_stands_at_its_field_and_the_rest_is_kept(users: Page) -> None:
    add(users, "Kurt Kurz", "kurt@example.com", "short")

    dialog = users.get_by_role("dialog", name="Add user")
    expect(dialog.get_by_text("The password needs at least 12 characters.")).to_be_visible()
    expect(dialog.get_by_role("textbox", name="Password")).to_have_attribute("aria-invalid", "true")
    expect(dialog.get_by_role("textbox", name="Name")).to_have_value("Kurt Kurz")


def test_sec1_role_password_sessions_and_retirement_of_a_colleague(users: Page, server: Server) -> None:
    add(users, "Rolf Rolle", "rolf@example.com")
    expect(users.get_by_role("row", name=re.compile("Rolf Rolle"))).to_be_visible()
    cookie = server.sign_in("rolf@example.com", PASSWORD)
    edit = users.get_by_role("button", name="Edit user Rolf Rolle")
    edit.click()
    users.get_by_role("dialog", name="Rolf Rolle").get_by_role("combobox", name="Role").select_option(
        "Bookkeeper"
    )
    users.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(users.get_by_role("row", name=re.compile("Rolf Rolle.*Bookkeeper"))).to_be_visible()

    edit.click()
    users.get_by_role("button", name="Sign out everywhere").click()
    expect(users.get_by_role("status").get_by_text("Rolf Rolle is signed out everywhere.")).to_be_visible()
    assert httpx.get(f"{server.url}/orders", headers={"cookie": cookie}).status_code == 303

    edit.click()
    users.get_by_role("button", name="Set password").click()
    form = users.get_by_role("dialog", name="Set password: Rolf Rolle")
    form.get_by_role("textbox", name="Password").fill("another long password")
    form.get_by_role("button", name="Set password").click()
    expect(users.get_by_role("dialog")).to_be_hidden()
    assert server.sign_in("rolf@example.com", "another long password")

    edit.click()
    users.get_by_role("button", name="Retire").click()
    users.get_by_role("dialog", name="Retire: Rolf Rolle").get_by_role("button", name="Retire").click()
    expect(users.get_by_role("row", name=re.compile("Rolf Rolle"))).to_have_count(0)


def test_sec1_the_last_owner_can_not_go(users: Page) -> None:
    users.get_by_role("button", name="Edit user Olga Ohm").click()
    users.get_by_role("button", name="Retire").click()
    users.get_by_role("dialog").get_by_role("button", name="Retire").click()

    expect(
        users.get_by_role("alert").get_by_text("This is the last owner. Make somebody else an owner first.")
    ).to_be_visible()
    users.keyboard.press("Escape")
    expect(users.get_by_role("button", name="Edit user Olga Ohm")).to_be_focused()


def test_api1_a_key_is_shown_once_and_revoked(users: Page, server: Server) -> None:
    users.get_by_role("navigation", name="Settings").get_by_role("link", name="API keys").click()
    expect(users.get_by_role("heading", level=1, name="API keys")).to_be_visible()
    users.get_by_role("button", name="Create API key").click()
    dialog = users.get_by_role("dialog", name="Create API key")
    dialog.get_by_role("textbox", name="Name").fill("Web shop")
    dialog.get_by_role("button", name="Create API key").click()
    expect(dialog.get_by_text("At least one scope is needed")).to_be_visible()
    dialog.get_by_role("checkbox", name="orders:read").check()
    dialog.get_by_role("button", name="Create API key").click()

    key = (
        users.get_by_role("dialog", name="The new API key")
        .get_by_role("textbox", name="API key")
        .input_value()
    )
    orders = f"{server.url}/api/v1/orders"
    assert httpx.get(orders, headers={"authorization": f"Bearer {key}"}).status_code == 200
    users.keyboard.press("Escape")
    expect(users.get_by_text(key)).to_have_count(0)
    users.get_by_role("button", name="Revoke API key Web shop").click()
    users.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(users.get_by_role("button", name="Revoke API key Web shop")).to_have_count(0)
    assert httpx.get(orders, headers={"authorization": f"Bearer {key}"}).status_code == 401


def test_sec1_a_colleague_changes_the_own_password_from_the_menu(
    users: Page, browser: Browser, server: Server
) -> None:
    add(users, "Petra Pass", "petra@example.com")
    expect(users.get_by_role("row", name=re.compile("Petra Pass"))).to_be_visible()
    page = browser.new_context(base_url=server.url, locale="en-GB").new_page()
    come_in(page, "petra@example.com", PASSWORD)
    page.get_by_role("button", name="Petra Pass").click()
    page.get_by_role("link", name="Change password").click()
    page.get_by_role("textbox", name="Password until now").fill(PASSWORD)
    page.get_by_role("textbox", name="New password", exact=True).fill("another long password")
    page.get_by_role("textbox", name="New password again").fill("another long password")
    page.get_by_role("button", name="Change password").click()

    expect(page).to_have_url(f"{server.url}/dashboard")
    assert server.sign_in("petra@example.com", "another long password")
    page.context.close()


def test_sec2_the_page_is_for_the_owner_alone(page: Page) -> None:
    sign_in(page, "staff@demo.test")
    page.goto("/settings/users")

    expect(page.get_by_text("This page is for the owner of the shop.")).to_be_visible()
    expect(page.get_by_role("link", name="Users")).to_have_count(0)
    expect(page.get_by_role("button", name="Add user")).to_have_count(0)
    page.goto("/settings/api")
    expect(page.get_by_text("This page is for the owner of the shop.")).to_be_visible()
    expect(page.get_by_role("button", name="Create API key")).to_have_count(0)


@pytest.mark.parametrize("path", ["/login", "/password", "/sessions", "/settings/users", "/settings/api"])
def test_sec1_the_pages_are_accessible_and_nothing_sticks_out(page: Page, path: str) -> None:
    sign_in(page, "owner@demo.test")
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    if path == "/settings/users":
        page.get_by_role("button", name="Edit user Olga Ohm").click()
        expect(page.get_by_role("dialog", name="Olga Ohm")).to_be_visible()

    assert looks_wrong(page, 1280, 390) == []


def test_sec3_the_first_start_makes_the_owner_in_the_browser(browser: Browser, fresh_server: Server) -> None:
    context = browser.new_context(base_url=fresh_server.url, locale="en-GB")
    page = context.new_page()
    page.goto("/")
    expect(page.get_by_role("heading", name="Set up Kontor")).to_be_visible()
    expect(page.get_by_text("Open the address that “kontor run” shows in its terminal.")).to_be_visible()
    page.goto(fresh_server.setup_address())
    page.get_by_role("textbox", name="Your name").fill("Olga Ohm")
    page.get_by_role("textbox", name="E-mail").fill("olga@example.com")
    page.get_by_role("textbox", name="Password", exact=True).fill("short")
    page.get_by_role("textbox", name="Password again").fill("short")
    page.get_by_role("button", name="Create owner").click()
    expect(page.get_by_text("The password needs at least 12 characters.")).to_be_visible()
    page.get_by_role("textbox", name="Password", exact=True).fill(PASSWORD)
    page.get_by_role("textbox", name="Password again").fill(PASSWORD)
    page.get_by_role("button", name="Create owner").click()

    expect(page).to_have_url(f"{fresh_server.url}/dashboard")
    expect(page.get_by_role("button", name="Olga Ohm")).to_be_visible()
    context.close()
