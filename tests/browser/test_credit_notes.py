"""Credit notes and the pop-up of an invoice, in German, by the sentences of the old help page (S20 to S26, S64)."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from browsing import Order, Window, button, notice, problems
from playwright.sync_api import Locator, Page, expect
from serving import GOODS

pytestmark = pytest.mark.browser
BOOKKEEPER = "bookkeeper@demo.test"
Opened = Callable[..., Page]


@pytest.fixture
def auf_deutsch(order: Order, window: Window, in_german: Callable[[str], None]) -> Opened:
    """Opens a new order in German, as somebody who may credit; `versendet`: all of it has left."""

    def open_it(*, versendet: bool = False, **changes: object) -> Page:
        if versendet:
            gone = {
                "shipped_at": datetime.now(UTC).isoformat(),
                "lines": [{"line": 0, "quantity": "2"}, {"line": 1, "quantity": "1"}],
            }
            changes |= {"shipments": [gone]}
        in_german(BOOKKEEPER)
        return window(order(**changes), BOOKKEEPER)

    return open_it


def gutschrift(page: Page) -> Locator:
    button(page.get_by_role("region", name="Rechnungen"), "Gutschrift erstellen").click()
    dialog = page.get_by_role("dialog", name="Gutschrift erstellen")
    expect(dialog).to_be_visible()
    return dialog


def test_s20_s21_s22_a_credit_note_for_each_part_is_issued_at_once_as_the_preview_shows(
    auf_deutsch: Opened,
) -> None:
    page = auf_deutsch(versendet=True)
    dialog = gutschrift(page)
    preview = dialog.get_by_role("region", name="Vorschau")
    expect(dialog.get_by_role("textbox", name="Menge von MUG-01")).to_have_value("2")
    expect(dialog.get_by_role("textbox", name="Versand")).to_have_value("4,90")
    expect(preview.get_by_text("64,80\u00a0€").first).to_be_visible()

    dialog.get_by_role("textbox", name="Menge von MUG-01").fill("1")
    dialog.get_by_role("textbox", name="Menge von BOOK-7").fill("0")
    dialog.get_by_role("textbox", name="Versand").fill("0")
    dialog.get_by_role("textbox", name="Einbehalt", exact=True).fill("2,00")
    dialog.get_by_role("textbox", name="Wofür der Einbehalt ist").fill("Rücksendung")
    expect(preview.get_by_text("Einbehalt (Rücksendung)")).to_be_visible()
    expect(preview.get_by_text("17,95\u00a0€").first).to_be_visible()
    button(dialog, "Erstellen").click()

    expect(notice(page, "17,95\u00a0€")).to_be_visible()
    expect(dialog).to_be_hidden()
    block = page.get_by_role("region", name="Rechnungen")
    expect(block.get_by_role("link", name=re.compile(r"^GS-\d{4}-\d+"))).to_be_visible()

    dialog = gutschrift(page)
    expect(dialog.get_by_role("textbox", name="Menge von MUG-01")).to_have_value("1")
    dialog.get_by_role("textbox", name="Menge von MUG-01").fill("2")
    button(dialog, "Erstellen").click()
    expect(dialog.get_by_role("textbox", name="Menge von MUG-01")).to_have_accessible_description(
        re.compile("verlangt 2; berechnet 2")
    )
    dialog.get_by_role("textbox", name="Menge von MUG-01").fill("1")
    button(dialog, "Erstellen").click()
    expect(block.get_by_role("link", name=re.compile(r"^GS-\d{4}-\d+"))).to_have_count(2)


def test_inv6_each_line_has_its_own_stock_and_the_preview_follows_it(auf_deutsch: Opened) -> None:
    page = auf_deutsch(versendet=True)
    dialog = gutschrift(page)
    line = dialog.get_by_role("row").filter(has_text="Becher, blau")
    expect(line).to_contain_text("MUG-01 · 19,95\u00a0€ · 2 berechnet")
    expect(line).to_contain_text("39,90\u00a0€")
    assert (line.bounding_box() or {})["height"] == pytest.approx(48, abs=1)

    dialog.get_by_role("textbox", name="Menge von MUG-01").fill("1")
    expect(line.get_by_role("cell").last).to_have_text("19,95\u00a0€")
    dialog.get_by_role("checkbox", name="Zurück ins Lager von MUG-01").check()
    preview = dialog.get_by_role("region", name="Vorschau")
    expect(preview.locator("dl")).to_contain_text("Zurück ins Lager1\u00a0×\u00a0MUG-01")
    expect(preview.locator("dl")).to_contain_text(re.compile(r"RetoureR-\d{4}-\d+, gesperrt"))
    button(dialog, "Erstellen").click()
    expect(dialog).to_be_hidden()

    page.get_by_role("tab", name=re.compile("^Chronik")).click()
    expect(page.get_by_text(re.compile("ins Lager .*: 1: 1"))).to_be_visible()


def test_inv6_what_has_not_left_has_no_stock_to_go_back_to(auf_deutsch: Opened) -> None:
    dialog = gutschrift(auf_deutsch())
    expect(dialog.get_by_role("textbox", name="Menge von MUG-01")).to_have_value("2")
    expect(dialog.get_by_role("checkbox")).to_have_count(0)


def test_s23_s24_s25_s26_the_pop_up_of_an_invoice_is_whole(auf_deutsch: Opened) -> None:
    page = auf_deutsch()
    block = page.get_by_role("region", name="Rechnungen")
    block.get_by_role("button", name=re.compile("^Rechnung bearbeiten RE-")).click()
    dialog = page.get_by_role("dialog", name=re.compile("^Rechnung bearbeiten RE-"))

    dialog.get_by_label("Liefertag").fill("2026-12-24")
    dialog.get_by_role("textbox", name="Eigener Text").fill("Wir liefern bis an die Haustür.")
    button(dialog, "Speichern").click()
    expect(notice(page, "ist gespeichert.")).to_be_visible()

    block.get_by_role("button", name=re.compile("^Rechnung bearbeiten RE-")).click()
    expect(dialog.get_by_label("Liefertag")).to_have_value("2026-12-24")
    expect(dialog.get_by_role("textbox", name="Eigener Text")).to_have_value(
        "Wir liefern bis an die Haustür."
    )
    expect(dialog.get_by_text("ada.kovac@example.com")).to_be_visible()
    button(dialog, "Bezahlt").click()
    expect(notice(page, "Zahlung verbucht.")).to_be_visible()
    block.get_by_role("button", name=re.compile("^Rechnung bearbeiten RE-")).click()
    expect(button(dialog, "Bezahlt")).to_be_disabled()
    button(dialog, "Nicht bezahlt").click()
    block.get_by_role("button", name=re.compile("^Rechnung bearbeiten RE-")).click()
    button(dialog, "Senden").click()
    block.get_by_role("button", name=re.compile("^Rechnung bearbeiten RE-")).click()
    expect(button(dialog, "Erneut senden")).to_be_enabled()
    dialog.get_by_role("textbox", name="Eigener Text").fill("Wir liefern bis an die Tür.")
    button(dialog, "Speichern").click()
    expect(notice(page, "Als Fassung 2 der Rechnung")).to_be_visible()


def test_w17_an_invoice_is_corrected_and_cancelled_from_its_pop_up_which_asks_first(
    auf_deutsch: Opened,
) -> None:
    page = auf_deutsch()
    block = page.get_by_role("region", name="Rechnungen")
    block.get_by_role("button", name=re.compile("^Rechnung bearbeiten RE-")).click()
    button(page.get_by_role("dialog"), "Rechnung korrigieren").click()
    asks = page.get_by_role("dialog", name="Rechnung korrigieren")
    expect(
        asks.get_by_text(re.compile(r"über 64,80\u00a0€ wird storniert, und eine neue Rechnung über 64,80"))
    ).to_be_visible()
    button(asks, "Rechnung korrigieren").click()
    expect(notice(page, "die neue Rechnung ist RE-")).to_be_visible()
    expect(block.get_by_role("link", name=re.compile("^ST-"))).to_be_visible()
    expect(block.get_by_text("Storniert", exact=True)).to_have_count(1)


def test_s64_the_tab_invoices_lists_credit_notes_too(auf_deutsch: Opened) -> None:
    page = auf_deutsch()
    dialog = gutschrift(page)
    button(dialog, "Erstellen").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("tab", name=re.compile("^Rechnungen")).click()
    table = page.get_by_role("table", name="Rechnungen")
    row = table.get_by_role("row").filter(has_text="GS-")
    expect(row.get_by_text(re.compile("Gutschrift · zu RE-"))).to_be_visible()
    expect(row.get_by_text("\u221264,80\u00a0€")).to_be_visible()
    expect(row.get_by_text("Ausgeglichen")).to_be_visible()
    assert len(GOODS) == 2


def test_wcag_axe_finds_nothing_in_the_dialogs_of_invoices(order: Order, window: Window) -> None:
    page = window(order())
    found = []
    for opener in ("Create credit note", re.compile("^Edit invoice RE-")):
        page.get_by_role("button", name=opener).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        found += [
            (str(opener), scheme, *problem)
            for scheme in ("light", "dark")
            for problem in problems(page, scheme)
        ]
        page.set_viewport_size({"width": 320, "height": 800})
        assert not page.get_by_role("dialog").evaluate("e => e.scrollWidth > e.clientWidth"), opener
        page.set_viewport_size({"width": 1280, "height": 800})
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
    assert found == []


def test_w4_the_palette_opens_the_dialog_too(order: Order, window: Window) -> None:
    page = window(order())
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").last.fill("credit note")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Create credit note")).to_be_visible()
