"""The owner chooses the mail server in the browser, tries it, and sends what waited (M-4)."""

import re
from collections.abc import Iterator

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from browsing import button, looks_wrong, notice
from mailserver import MailServer, mail_server
from playwright.sync_api import Browser, Page, expect
from serving import Server, an_order, running, sign_in, until

pytestmark = pytest.mark.browser
PASSWORD = "richtig-geheim"


def knows(
    server: object, session: object, envelope: object, mechanism: str, data: LoginPassword
) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"shop", PASSWORD.encode()), handled=False)


@pytest.fixture(scope="module")
def box() -> Iterator[MailServer]:
    """A mail server that asks who one is."""
    with mail_server(auth_required=True, auth_require_tls=False, authenticator=knows) as found:
        yield found


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A shop with no mail server, and nothing of a past in its outbox."""
    with running(
        tmp_path_factory.mktemp("choosing"), "demo", "--orders", "1", KONTOR_UNDO_SECONDS="0"
    ) as server:
        yield server


@pytest.fixture
def page(browser: Browser, shop: Server) -> Iterator[Page]:
    """The owner at Settings > Mail."""
    context = browser.new_context(base_url=shop.url, viewport={"width": 1440, "height": 900}, locale="en-GB")
    tab = context.new_page()
    sign_in(tab, "owner@demo.test")
    tab.goto("/settings/mail")
    expect(tab.get_by_role("region", name="Mail server", exact=True)).to_be_visible()
    yield tab
    context.close()


def choose(page: Page, port: int, password: str) -> None:
    server = page.get_by_role("region", name="Mail server", exact=True)
    server.get_by_role("textbox", name="Server").fill("127.0.0.1")
    server.get_by_role("textbox", name="Port").fill(str(port))
    server.get_by_role("combobox", name="Encryption").select_option("No encryption")
    server.get_by_role("textbox", name="User name").fill("shop")
    server.get_by_label("Password").fill(password)
    button(page, "Save").click()


def test_m4_the_owner_chooses_a_server_and_reads_what_it_answers(
    page: Page, shop: Server, box: MailServer
) -> None:
    shop.place(an_order())
    server, trial = (
        page.get_by_role("region", name="Mail server", exact=True),
        page.get_by_role("region", name="Test mail"),
    )
    expect(server.get_by_text("No mail server is set.")).to_be_visible()
    expect(page.get_by_role("button", name="Send them now")).to_have_count(0)

    server.get_by_role("textbox", name="Server").fill("mail example.com")
    button(page, "Save").click()
    expect(server.get_by_role("textbox", name="Server")).to_have_attribute("aria-invalid", "true")
    expect(server.get_by_text("is no name of a server")).to_be_visible()

    choose(page, box.port, "falsch")
    expect(notice(page, "Saved.")).to_be_visible()
    expect(server.get_by_label("Password")).to_have_value("")
    expect(server.get_by_text("It is kept and never shown.")).to_be_visible()
    button(trial, "Send test mail").click()
    expect(trial.get_by_text("Retrying")).to_be_visible()
    expect(trial.get_by_text(re.compile("^535 "))).to_be_visible()
    assert box.got == []

    choose(page, box.port, PASSWORD)
    expect(notice(page, "Saved.").first).to_be_visible()
    button(trial, "Send test mail").click()
    expect(trial.get_by_text("Sent", exact=True)).to_be_visible()
    button(page.get_by_role("region", name="Mails that wait"), "Send them now").click()
    expect(page.get_by_role("region", name="Mails that wait")).to_be_hidden()
    until(lambda: len(box.got) >= 2, 30, "the mail that waited")

    page.reload()
    expect(server.get_by_role("textbox", name="Server")).to_have_value("127.0.0.1")
    expect(server.get_by_label("Password")).to_have_value("")
    assert PASSWORD not in page.content()


def test_m4_the_page_is_accessible_and_nothing_sticks_out(page: Page) -> None:
    assert looks_wrong(page, 1280, 390) == []
