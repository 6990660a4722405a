"""Tickets in German, by the sentences of the old help page (S67 to S69), and their page at every size."""

import re
from collections.abc import Callable

import httpx
import pytest
from browsing import Order, button, looks_wrong, notice
from playwright.sync_api import Page, expect
from serving import Server, sign_in

pytestmark = pytest.mark.browser
STAFF = "staff@demo.test"


@pytest.fixture
def auf_deutsch(page: Page, in_german: Callable[[str], None]) -> Page:
    """The pages in German, for a colleague who answers customers."""
    in_german(STAFF)
    sign_in(page, STAFF)
    return page


@pytest.fixture
def shop(server: Server) -> Callable[..., str]:
    """The shop hands a question over, or what the customer wrote next, and is told the number of the ticket."""
    key = server.kontor_says("api-key", "create", "Web shop", "--scope", "tickets:write").strip()

    def hand_in(path: str = "", **body: object) -> str:
        answer = httpx.post(
            f"{server.url}/api/v1/tickets{path}",
            json=body,
            headers={"authorization": f"Bearer {key}"},
            timeout=30,
        )
        assert answer.status_code in {200, 201}, answer.text
        return str(answer.json().get("number", ""))

    return hand_in


def test_t6_s67_s68_s69_a_question_is_listed_read_by_the_magnifier_and_answered(
    auf_deutsch: Page, order: Order, shop: Callable[..., str]
) -> None:
    page, number = auf_deutsch, order()
    ticket = shop(
        subject="Wo ist mein Becher?",
        message="Guten Tag,\nwo ist er?",
        order=number,
        customer={"email": "ada@example.com"},
    )

    page.goto(f"/orders/{number}")
    page.get_by_role("tab", name=re.compile("^Tickets")).click()
    panel = page.get_by_role("tabpanel", name="Tickets")
    expect(panel.get_by_text("Wo ist mein Becher?")).to_be_visible()
    expect(panel.get_by_text("Unbeantwortet")).to_be_visible()
    panel.get_by_role("link", name=f"Ticket {ticket} lesen").click()
    expect(page.get_by_role("heading", level=1, name="Wo ist mein Becher?")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^Kunde C-"))).to_be_visible()
    thread = page.get_by_role("list", name="Nachrichten").get_by_role("listitem")
    expect(thread).to_have_count(1)

    button(page, "Notiz hinzufügen").click()
    memo = page.get_by_role("dialog", name="Notiz hinzufügen")
    memo.get_by_role("textbox", name="Notiz").fill("Im Lager nachsehen")
    button(memo, "Speichern").click()
    expect(thread).to_have_count(2)
    expect(thread.nth(1).get_by_text("Notiz, nur für Kollegen")).to_be_visible()

    button(page, "Antworten").click()
    dialog = page.get_by_role("dialog", name="Antworten")
    expect(dialog.get_by_role("textbox", name="Nachricht")).to_be_focused()
    button(dialog, "Senden").click()
    expect(dialog.get_by_text("Schreiben Sie zuerst eine Nachricht.")).to_be_visible()
    dialog.get_by_role("textbox", name="Nachricht").fill("Er ist unterwegs.")
    expect(dialog.get_by_role("combobox", name="Sprache")).to_have_value("de")
    button(dialog, "Senden").click()
    expect(dialog).to_be_hidden()
    expect(thread).to_have_count(3)
    header = page.get_by_role("main")
    expect(header.get_by_text("Beantwortet", exact=True).first).to_be_visible()

    button(notice(page, "Postausgang").first, "Rückgängig").click()
    expect(header.get_by_text("Unbeantwortet", exact=True).first).to_be_visible()
    button(page.get_by_role("toolbar", name="Aktionen"), "Schließen").click()
    expect(header.get_by_text("Geschlossen", exact=True).first).to_be_visible()
    expect(button(page, "Antworten")).to_be_disabled()
    shop(f"/{ticket}/actions/receive-reply", message="Ist angekommen!")
    expect(header.get_by_text("Unbeantwortet", exact=True).first).to_be_visible()
    expect(thread).to_have_count(4)

    page.goto("/tickets?view=unanswered")
    row = page.get_by_role("row").filter(has_text="Wo ist mein Becher?")
    expect(row.get_by_role("link", name=f"Ticket lesen {ticket}")).to_be_visible()


def test_t6_the_pages_of_tickets_stand_at_every_size(
    page: Page, server: Server, shop: Callable[..., str]
) -> None:
    ticket = shop(
        subject="A long question " * 8,
        message="Hello " * 90,
        customer={"email": "ada@example.com", "name": "Ada"},
    )
    sign_in(page, STAFF)
    page.goto("/tickets")
    expect(page.get_by_role("table", name="Tickets")).to_be_visible()
    subject = page.get_by_role("link", name=re.compile("^A long question"))
    drawn = "one => [getComputedStyle(one).textOverflow, one.scrollWidth > one.clientWidth]"
    assert subject.evaluate(drawn) == ["ellipsis", True], "it ends in dots, not within a letter"
    assert looks_wrong(page, 1440, 390) == []
    page.goto(f"/tickets/{ticket}")
    expect(page.get_by_role("list", name="Messages")).to_be_visible()
    assert looks_wrong(page, 1440, 390) == []
    page.keyboard.press("r")
    expect(page.get_by_role("dialog", name="Reply")).to_be_visible()
    assert looks_wrong(page, 1440, 390) == []


def test_t6_on_a_phone_the_answer_stays_in_the_bar_and_the_rest_is_under_more(
    page: Page, shop: Callable[..., str]
) -> None:
    ticket = shop(subject="A mug", message="Hello", customer={"email": "ada@example.com", "name": "Ada"})
    sign_in(page, STAFF)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/tickets/{ticket}")
    bar = page.get_by_role("toolbar", name="Actions")
    expect(button(bar, "Reply")).to_be_visible()
    expect(button(bar, "Assign")).to_be_hidden()
    button(bar, "More").click()
    button(bar, "Close").click()
    expect(page.get_by_role("main").get_by_text("Closed", exact=True).first).to_be_visible()
    expect(button(bar, "Reopen")).to_be_hidden()
    button(bar, "More").click()
    button(bar, "Assign").click()
    expect(page.get_by_role("dialog", name="Assign")).to_be_visible()
    assert looks_wrong(page, 390) == []


def test_t6_a_column_stands_at_the_same_place_in_each_view(page: Page, shop: Callable[..., str]) -> None:
    for subject in ("A mug", "A much longer question about a parcel " * 3):
        shop(subject=subject, message="Hello", customer={"email": "ada@example.com", "name": "Ada " * 9})
    sign_in(page, STAFF)
    page.set_viewport_size({"width": 1440, "height": 900})

    def places(address: str) -> list[float]:
        page.goto(address)
        table = page.get_by_role("table", name="Tickets")
        expect(table).to_be_visible()
        boxes = [head.bounding_box() for head in table.get_by_role("columnheader").all()]
        return [box["x"] for box in boxes if box]

    assert places("/tickets") == places("/tickets?view=unanswered") == places("/tickets?q=mug")
