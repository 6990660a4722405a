"""Mails as a person meets them, in German: the buttons at the bottom, the templates, the settings (S5, S44,
M-1, W-14).
"""

import re
from collections.abc import Callable

import pytest
from browsing import Order, button, looks_wrong, notice
from playwright.sync_api import Page, expect
from serving import sign_in

pytestmark = pytest.mark.browser
Opened = Callable[[str], Page]


@pytest.fixture
def auf_deutsch(page: Page, in_german: Callable[[str], None]) -> Opened:
    """Opens a page in German, as the owner."""

    def open_it(path: str) -> Page:
        in_german("owner@demo.test")
        sign_in(page)
        page.goto(path)
        return page

    return open_it


def test_s5_kunden_benachrichtigen_und_mahnung_senden_zeigen_die_mail_vorher(
    order: Order, auf_deutsch: Opened
) -> None:
    number = order(
        payment={
            "method": "prepaid",
            "state": "open",
            "link": "https://pay.example.com/1",
            "invoiced_by": "provider",
        }
    )
    page = auf_deutsch(f"/orders/{number}")
    leiste = page.get_by_role("toolbar", name="Aktionen")

    button(leiste, "Kunden benachrichtigen").click()
    dialog = page.get_by_role("dialog", name="Kunden benachrichtigen")
    expect(dialog.get_by_text("ada.kovac@example.com", exact=True)).to_be_visible()
    expect(dialog.get_by_role("region", name="Vorschau")).to_contain_text("hier der Stand Ihrer Bestellung")
    expect(dialog.get_by_text("bleibt im Postausgang: Es ist kein Mailserver eingerichtet.")).to_be_visible()
    button(dialog, "Senden").click()
    expect(notice(page, re.compile("E-Mail an ada.kovac@example.com").pattern)).to_be_visible()

    button(leiste, "Mahnung senden").click()
    dialog = page.get_by_role("dialog", name="Mahnung senden")
    expect(dialog.get_by_text(re.compile("^Zahlungserinnerung zur Bestellung"))).to_be_visible()
    expect(dialog.get_by_role("region", name="Vorschau")).to_contain_text("https://pay.example.com/1")
    button(dialog, "Senden").click()
    expect(dialog).to_be_hidden()
    expect(button(leiste, "Mahnung senden")).to_be_disabled()
    expect(leiste.get_by_text("Heute wurde schon eine Erinnerung gesendet.")).to_be_visible()


def test_s44_die_vorlage_kunden_mail_laesst_sich_unter_service_autom_e_mails_aendern(
    auf_deutsch: Opened,
) -> None:
    page = auf_deutsch("/orders")
    page.get_by_role("navigation", name="Menü").get_by_role("link", name="Autom. E-Mails").click()
    page.get_by_role("tab", name="E-Mail").click()
    page.get_by_role("link", name="Kunden-Mail").click()
    expect(page.get_by_role("heading", level=1, name="Kunden-Mail")).to_be_visible()
    text = page.get_by_role("textbox", name="Text")
    preview = page.frame_locator("iframe[title=Vorschau]")

    text.fill("Hallo {{ order.name },\n\n{{ message }}")
    button(page, "Speichern").click()
    expect(
        page.get_by_text("Zeile 1: Bei „Hallo {{ order.name },“ fehlt eine Klammer.").first
    ).to_be_visible()

    text.fill("Hallo {{ order.name }},\n\n{{ message }}")
    expect(preview.get_by_text("Hier steht, was eine Kollegin oder ein Kollege schreibt.")).to_be_visible()
    button(page, "Einfügen Summe").click()
    expect(text).to_have_value(re.compile(r"{{ message }} {{ order.total }}$"))
    button(page, "Speichern").click()
    expect(notice(page, "Gespeichert.")).to_be_visible()
    assert looks_wrong(page, 1280, 390) == []
    button(page, "Zurücksetzen").click()
    expect(notice(page, "Der vorgegebene Text gilt wieder.")).to_be_visible()
    expect(text).to_have_value(re.compile("Mit freundlichen Grüßen"))


def test_m1_eine_datei_wird_hochgeladen_und_wieder_entfernt(auf_deutsch: Opened) -> None:
    page = auf_deutsch("/settings/mail")
    page.get_by_label("PDF auswählen").set_input_files(
        {"name": "AGB.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 AGB"}
    )
    page.get_by_role("region", name="Dateien für E-Mails").get_by_role("button", name="Hochladen").click()
    files = page.get_by_role("region", name="Dateien für E-Mails")
    expect(files.get_by_role("link", name="AGB.pdf")).to_be_visible()
    assert looks_wrong(page, 1280, 390) == []
    button(files, "Entfernen AGB.pdf").click()
    expect(files.get_by_role("link", name="AGB.pdf")).to_be_hidden()
    button(page, "Test-E-Mail senden").click()
    expect(page.get_by_text(re.compile("Es ist kein Mailserver eingerichtet"))).to_be_visible()
