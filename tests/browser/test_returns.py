"""Returns in German, by the sentences of the old help page (S20, S48 to S54, S66), and their page at every size."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from browsing import Order, button, looks_wrong, notice, slow_network
from playwright.sync_api import Locator, Page, expect
from serving import sign_in

pytestmark = pytest.mark.browser
STAFF = "staff@demo.test"
Opened = Callable[..., Page]
GONE = [{"line": 0, "quantity": "2"}, {"line": 1, "quantity": "1"}]


@pytest.fixture
def auf_deutsch(page: Page, in_german: Callable[[str], None]) -> Page:
    """The pages in German, for a colleague who works on orders."""
    in_german(STAFF)
    sign_in(page, STAFF)
    return page


@pytest.fixture
def versendet(order: Order) -> Callable[[], str]:
    """Makes an order of which all has left, and gives its number."""
    return lambda: order(shipments=[{"shipped_at": datetime.now(UTC).isoformat(), "lines": GONE}])


def auftrag(page: Page, number: str, tab: str = "") -> None:
    page.goto(f"/orders/{number}{tab}")
    expect(page.get_by_role("heading", level=1, name=f"Bestellung {number}")).to_be_visible()
    expect(page.get_by_role("tabpanel")).to_be_visible()


def retour_erstellen(page: Page) -> Locator:
    """The pop-up, opened from the block in the window (S49)."""
    button(page.get_by_role("region", name="Retouren"), "Retour erstellen").click()
    dialog = page.get_by_role("dialog", name="Retour erstellen")
    expect(dialog).to_be_visible()
    return dialog


def options_of(dialog: Locator, name: str) -> list[str]:
    """What a field offers."""
    listed = dialog.get_by_role("combobox", name=name).get_attribute("list")
    return [
        str(value)
        for value in dialog.locator(f"[id='{listed}'] option").evaluate_all(
            "all => all.map(one => one.value)"
        )
    ]


def test_w10_t5_s20_s48_s49_s50_s51_s52_s53_s66_a_return_from_the_pop_up_to_its_refund(
    auf_deutsch: Page, versendet: Callable[[], str]
) -> None:
    page, number = auf_deutsch, versendet()
    auftrag(page, number)
    block = page.get_by_role("region", name="Retouren")
    expect(block.get_by_text(re.compile(r"^Rückgabe bis .*, noch 14 Tage\.$"))).to_be_visible()

    dialog = retour_erstellen(page)
    mugs, book = (
        dialog.get_by_role("combobox", name="Menge von MUG-01"),
        dialog.get_by_role("combobox", name="Menge von BOOK-7"),
    )
    expect(mugs).to_be_focused()
    for quantity in (mugs, book):
        expect(quantity).to_have_value("0")
    assert mugs.locator("option").all_inner_texts() == ["0", "1", "2"]
    button(dialog, "Retour erstellen").click()
    expect(dialog.get_by_role("alert")).to_have_text(
        "Geben Sie bei mindestens einer Position an, wie viel zurückkommt."
    )

    mugs.select_option("2")
    assert "Passt nicht" in options_of(dialog, "Grund für Retour")
    dialog.get_by_role("combobox", name="Grund für Retour").fill("Passt nicht")
    dialog.get_by_role("combobox", name="Retouraktion").fill("Geld zurück, bitte")
    dialog.get_by_role("textbox", name="Kommentar des Kunden").fill("Zu groß für den Schrank.")
    button(dialog, "Retour erstellen").click()
    expect(notice(page, "erstellt.")).to_be_visible()
    expect(dialog).to_be_hidden()
    expect(block.get_by_text("Angekündigt")).to_be_visible()

    page.get_by_role("tab", name="Retouren").click()
    row = page.get_by_role("tabpanel", name="Retouren").get_by_role("row").nth(1)
    for told in (
        "Passt nicht",
        "Geld zurück, bitte",
        "2 Stück",
        "Angekündigt",
        "Kommentar des Kunden: Zu groß für den Schrank.",
    ):
        expect(row.get_by_text(told).first).to_be_visible()
    row.get_by_role("button", name=re.compile("^Genehmigen R-")).click()
    approve = page.get_by_role("dialog", name=re.compile("^Retoure genehmigen R-"))
    expect(approve.get_by_role("checkbox", name="Kunden benachrichtigen")).to_be_checked()
    button(approve, "Retoure genehmigen").click()
    expect(row.get_by_text("Genehmigt")).to_be_visible()

    row.get_by_role("button", name=re.compile("^Eingang erfassen R-")).click()
    receive = page.get_by_role("dialog", name=re.compile("^Retoureneingang erfassen R-"))
    expect(receive.get_by_role("combobox", name="Eingetroffen von MUG-01")).to_have_value("2")
    receive.get_by_role("combobox", name="Eingetroffen von MUG-01").select_option("1")
    receive.get_by_role("combobox", name="Zurück ins Lager von MUG-01").select_option("1")
    receive.get_by_role("combobox", name="Zustand").select_option(label="Wie neu")
    button(receive, "Retoureneingang erfassen").click()
    expect(row.get_by_text("In Bearbeitung")).to_be_visible()

    row.get_by_role("button", name=re.compile("^Abschließen R-")).click()
    complete = page.get_by_role("dialog", name=re.compile("^Retoure abschließen R-"))
    expect(complete.get_by_text("Eingetroffen ist etwas anderes als angekündigt")).to_be_visible()
    expect(complete.get_by_role("checkbox", name="Mit Gutschrift erstatten: 19,95\u00a0€")).to_be_checked()
    button(complete, "Retoure abschließen").click()
    expect(row.get_by_text("Abgeschlossen")).to_be_visible()
    expect(row.get_by_text("19,95\u00a0€")).to_be_visible()
    expect(row.get_by_text(re.compile("^GS-"))).to_be_visible()
    expect(row.get_by_role("button")).to_have_count(1)  # the printer alone: it can't be changed any more
    _printed(page, row)
    _told(page)


def _printed(page: Page, row: Locator) -> None:
    with (
        page.context.expect_page(),
        page.context.expect_event(
            "response", lambda answer: "/return-slips/" in answer.url and answer.request.method == "GET"
        ) as caught,
    ):
        row.get_by_role("button", name=re.compile("^Retourenschein drucken R-")).click()
    assert (caught.value.status, caught.value.headers["content-type"]) == (200, "application/pdf")


def _told(page: Page) -> None:
    page.get_by_role("tab", name="Chronik").click()
    told = page.get_by_role("tabpanel", name="Chronik")
    expect(
        told.get_by_text(re.compile("hat die Retoure R-.* über 2 Stück erstellt. Grund: Passt nicht"))
    ).to_be_visible()
    expect(
        told.get_by_text(re.compile("hat die Retoure R-.* mit der Gutschrift GS-.* abgeschlossen"))
    ).to_be_visible()


def test_s54_reasons_and_actions_are_kept_under_sales_returns_and_offered_in_the_pop_up(
    auf_deutsch: Page, versendet: Callable[[], str]
) -> None:
    page, mark = auf_deutsch, uuid4().hex[:6]
    reason, action = f"Farbe anders {mark}", f"Ersatzteil {mark}"
    page.goto("/returns")
    page.get_by_role("link", name="Retouren").click()
    for tab, add, name in (
        ("Grund für Retour", "Grund hinzufügen", reason),
        ("Retouraktion", "Retouraktion hinzufügen", action),
    ):
        page.get_by_role("tab", name=tab).click()
        button(page, add).click()
        dialog = page.get_by_role("dialog", name=add)
        button(dialog, add).click()
        field = dialog.get_by_role("textbox", name="Name (Deutsch)")
        expect(field).to_have_accessible_description("Geben Sie den Namen in mindestens einer Sprache ein.")
        field.fill(name)
        expect(button(dialog, add)).not_to_have_attribute(
            "aria-busy", "true"
        )  # the refusal is shown a moment before its press is answered
        button(dialog, add).click()
        expect(page.get_by_role("table", name=tab).get_by_text(name)).to_be_visible()

    number = versendet()
    auftrag(page, number)
    dialog = retour_erstellen(page)
    assert (options_of(dialog, "Grund für Retour")[-1], options_of(dialog, "Retouraktion")[-1]) == (
        reason,
        action,
    )
    dialog.get_by_role("combobox", name="Menge von BOOK-7").select_option("1")
    dialog.get_by_role("combobox", name="Grund für Retour").fill(reason)
    button(dialog, "Retour erstellen").click()
    expect(notice(page, "erstellt.")).to_be_visible()

    page.goto("/returns?tab=reasons")
    rows = page.get_by_role("table", name="Grund für Retour")
    button(rows, f"Nach oben {reason}").click()
    expect(rows.get_by_role("row").last).not_to_contain_text(reason)
    button(rows, f"Stilllegen {reason}").click()
    expect(rows.get_by_role("row").filter(has_text=reason).get_by_text("Stillgelegt")).to_be_visible()
    page.get_by_role("tab", name="Retouren").click()
    page.get_by_role("textbox", name="Retoure, Bestellung oder Kunde").fill(number)
    expect(page).to_have_url(re.compile(f"q={number}"))
    found = page.get_by_role("table", name="Retouren").get_by_role("row").nth(1)
    expect(found.get_by_text(reason)).to_be_visible()  # what was chosen once stays
    found.get_by_role("link").click()
    expect(page).to_have_url(re.compile(f"/orders/{number}/returns"))
    page.get_by_role("tab", name="Bestellung").click()
    assert reason not in options_of(retour_erstellen(page), "Grund für Retour")


def test_ui_returns_have_nothing_wrong_and_never_scroll_sideways(
    page: Page, versendet: Callable[[], str]
) -> None:
    sign_in(page)
    page.goto("/returns")
    expect(page.get_by_role("table", name="Returns")).to_be_visible()
    assert looks_wrong(page, 1280, 390) == []
    page.goto("/returns?tab=reasons")
    expect(page.get_by_role("table", name="Reasons for return")).to_be_visible()
    assert looks_wrong(page, 1280, 390) == []
    page.goto(f"/orders/{versendet()}")
    button(page, "Create return").click()
    expect(page.get_by_role("dialog", name="Create return")).to_be_visible()
    assert looks_wrong(page, 1280, 390) == []
    page.get_by_role("combobox", name="Quantity of MUG-01").select_option("1")
    button(page.get_by_role("dialog"), "Create return").click()
    expect(notice(page, "created.")).to_be_visible()
    page.get_by_role("tab", name="Returns").click()
    expect(page.get_by_role("button", name=re.compile("^Receive R-"))).to_be_visible()
    assert looks_wrong(page, 1280, 390) == []


@pytest.mark.parametrize("pause", [0, 100, 300])
def test_w16_a_dialog_opened_while_its_tab_is_on_its_way_stays_open(
    auf_deutsch: Page, versendet: Callable[[], str], pause: int
) -> None:
    """The window shows the tab it had last until the one of the address is read: what is opened there stays, for it is
    the same order.
    """
    page, number = auf_deutsch, versendet()
    auftrag(page, number)
    dialog = retour_erstellen(page)
    dialog.get_by_role("combobox", name="Menge von BOOK-7").select_option("1")
    button(dialog, "Retour erstellen").click()
    expect(notice(page, "erstellt.")).to_be_visible()

    page.goto(f"/returns?q={number}")
    found = page.get_by_role("table", name="Retouren").get_by_role("row").filter(has_text=number)
    expect(found).to_have_count(1)
    slow_network(page)
    found.get_by_role("link").click()
    expect(page).to_have_url(re.compile(f"/orders/{number}/returns"))
    page.get_by_role("tab", name="Bestellung").click()
    page.wait_for_timeout(pause)
    dialog = retour_erstellen(page)
    page.wait_for_timeout(1000)
    expect(dialog).to_be_visible()
