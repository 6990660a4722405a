"""A pressed button says that it works, and works once, until the server has answered or can't be reached."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from browsing import button
from playwright.sync_api import Browser, BrowserContext, Locator, Page, WebSocket, WebSocketRoute, expect
from serving import Server, running, sign_in, until

pytestmark = pytest.mark.browser
BUSY = "aria-busy"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A demo shop where a press waits for a lock as long as a test holds it, on a slow machine too."""
    with running(
        tmp_path_factory.mktemp("waiting"), "demo", "--orders", "3", KONTOR_LOCK_SECONDS="60"
    ) as found:
        yield found


@pytest.fixture
def context(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """A profile of its own: tests cut its connection."""
    made = browser.new_context(
        base_url=server.url, viewport={"width": 1280, "height": 900}, locale="en-GB", reduced_motion="reduce"
    )
    yield made
    made.close()


@pytest.fixture
def window(page: Page, server: Server) -> Page:
    """The window of an open order."""
    sign_in(page)
    number = server.open_order()
    page.goto(f"/orders/{number}")
    expect(page.get_by_role("heading", level=1, name=f"Order {number}")).to_be_visible()
    expect(page.get_by_role("tabpanel")).to_be_visible()
    return page


@contextmanager
def slow(server: Server) -> Iterator[None]:
    """While it lasts, anyone who wants to write has to wait."""
    with closing(sqlite3.connect(server.data_dir / "kontor.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def opacity(pressed: Locator) -> float:
    """How much of the button's word is seen."""
    return float(pressed.evaluate("button => getComputedStyle(button.querySelector('span')).opacity"))


def test_ui_a_pressed_button_is_busy_at_once_and_shows_it_when_it_takes_long(
    window: Page, server: Server
) -> None:
    pressed = button(window, "Paid")
    width = pressed.bounding_box()
    with slow(server):
        before = window.evaluate(
            """async () => { const b = document.getElementById('pay'); b.click(); await null;
                return [b.ariaBusy, getComputedStyle(b.querySelector('span')).opacity]; }"""
        )
        assert before == ["true", "1"]
        expect(pressed).to_have_attribute(BUSY, "true")
        until(lambda: opacity(pressed) == 0, what="the sign that it works")
        assert pressed.bounding_box() == width
        expect(pressed).to_have_accessible_name("Paid")
    expect(pressed).not_to_have_attribute(BUSY, "true")
    expect(pressed).to_be_disabled()
    assert opacity(pressed) == 1
    button(window, "Not paid").click()
    expect(pressed).to_be_enabled()


def test_ui_a_second_press_does_nothing_while_the_first_works(window: Page, server: Server) -> None:
    sent: list[str] = []
    listen_to(window, sent)
    with slow(server):
        pressed = button(window, "Paid")
        pressed.click()
        expect(pressed).to_have_attribute(BUSY, "true")
        for _again in range(2):
            pressed.click()
        window.keyboard.press("p")
    expect(button(window, "Not paid")).to_be_enabled()
    assert len([one for one in sent if '"pay"' in one]) == 1
    button(window, "Not paid").click()
    expect(pressed).to_be_enabled()


def test_ui_the_button_of_a_dialog_waits_too_and_is_free_after_a_refusal(
    window: Page, server: Server
) -> None:
    sent: list[str] = []
    listen_to(window, sent)
    button(window, "On hold").click()
    dialog = window.get_by_role("dialog", name="On hold")
    reason = dialog.get_by_role("textbox", name="Reason")
    reason.evaluate("field => field.removeAttribute('maxlength')")
    reason.fill("x" * 600)
    reason.press("Enter")
    expect(dialog.get_by_text(re.compile("500"))).to_be_visible()
    expect(button(dialog, "On hold")).not_to_have_attribute(BUSY, "true")
    reason.fill("The customer is away.")
    with slow(server):
        reason.press("Enter")
        expect(button(dialog, "On hold")).to_have_attribute(BUSY, "true")
        for _again in range(2):
            reason.press("Enter")
    expect(dialog).to_be_hidden()
    assert len([one for one in sent if "is away" in one and "order_state.act" in one]) == 1
    button(window, "Resume").click()
    expect(button(window, "On hold")).to_be_visible()


def test_ui_a_button_is_free_when_the_connection_is_lost(window: Page, server: Server) -> None:
    """The press had reached the server: what it did is seen when the connection is back."""
    sockets: list[WebSocketRoute] = []

    def relay(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    window.route_web_socket(re.compile("_event"), relay)
    window.reload()
    pressed = button(window, "Paid")
    with slow(server):
        pressed.click()
        expect(pressed).to_have_attribute(BUSY, "true")
        window.context.set_offline(True)
        sockets[-1].close()
        expect(window.get_by_text("No connection")).to_be_visible()
        expect(pressed).not_to_have_attribute(BUSY, "true")
    window.context.set_offline(False)
    expect(button(window, "Not paid")).to_be_enabled()
    button(window, "Not paid").click()
    expect(pressed).to_be_enabled()
    expect(button(window, "Not paid")).not_to_have_attribute(BUSY, "true")


def test_r14_what_is_pressed_without_a_connection_is_not_done_later(window: Page, server: Server) -> None:
    """It was kept in the browser and carried out when the connection came back, however much later."""
    sockets: list[WebSocketRoute] = []
    sent: list[str] = []

    def relay(socket: WebSocketRoute) -> None:
        there = socket.connect_to_server()

        def forward(message: str | bytes) -> None:
            sent.append(str(message))
            there.send(message)

        socket.on_message(forward)
        sockets.append(socket)

    window.route_web_socket(re.compile("_event"), relay)
    window.reload()
    expect(button(window, "Paid")).to_be_enabled()
    window.context.set_offline(True)
    sockets[-1].close()
    expect(window.get_by_text("What is pressed meanwhile is not done")).to_be_visible()
    button(window, "Paid").click()
    window.context.set_offline(False)
    expect(window.get_by_text("No connection")).to_be_hidden(timeout=20_000)
    button(window, "Paid").click()
    expect(button(window, "Not paid")).to_be_enabled()

    acts = [one for one in sent if "order_state.act" in one]
    assert len(acts) == 1
    assert '"key":"pay"' in acts[0].replace(" ", "")
    button(window, "Not paid").click()
    expect(button(window, "Paid")).to_be_enabled()


def test_w16_what_was_typed_is_there_after_the_page_was_lost(window: Page, server: Server) -> None:
    def kept() -> bool:
        with closing(sqlite3.connect(server.data_dir / "kontor.sqlite3")) as database:
            return any("has moved" in data for (data,) in database.execute("SELECT data FROM draft"))

    button(window, "On hold").click()
    reason = window.get_by_role("dialog").get_by_role("textbox", name="Reason")
    reason.press_sequentially("Kutter & Co. has moved")
    until(kept, what="the draft")

    window.reload()

    expect(window.get_by_text("What you typed here and did not save is kept.")).to_be_visible()
    button(window, "Go on").click()
    expect(reason).to_have_value("Kutter & Co. has moved")
    window.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(reason).to_be_hidden()
    window.reload()
    expect(window.get_by_role("tabpanel")).to_be_visible()
    expect(window.get_by_text("is kept")).to_be_hidden()


def listen_to(page: Page, sent: list[str]) -> None:
    """From a reload on, `sent` holds what the page sends to the server."""

    def heard(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(str(frame)))

    page.on("websocket", heard)
    page.reload()
    expect(page.get_by_role("tabpanel")).to_be_visible()
