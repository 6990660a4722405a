"""The sentences of the help page that Kontor replaces, in German, as a clerk follows them (S1 to S70; docs/seed.md)."""

import re
from collections.abc import Callable

import pytest
from browsing import Order, button, notice
from playwright.sync_api import Locator, Page, expect
from serving import sign_in

pytestmark = pytest.mark.browser
OWNER = "owner@demo.test"


@pytest.fixture
def deutsch(page: Page, in_german: Callable[[str], None]) -> Page:
    """The pages in German, for the owner."""
    in_german(OWNER)
    page.set_viewport_size({"width": 1440, "height": 900})
    sign_in(page, OWNER)
    return page


def bestellung(page: Page, number: str, tab: str = "") -> Page:
    page.goto(f"/orders/{number}{tab}")
    expect(page.get_by_role("heading", level=1, name=f"Bestellung {number}")).to_be_visible()
    expect(page.get_by_role("tabpanel")).to_be_visible()
    return page


def block(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def pdf_of(page: Page, pressed: Locator, path: str) -> str:
    """Presses what opens a PDF, and gives the address from which it came."""
    with (
        page.context.expect_page() as opened,
        page.context.expect_event(
            "response", lambda answer: path in answer.url and answer.request.method == "GET"
        ) as caught,
    ):
        pressed.click()
    assert (caught.value.status, caught.value.headers["content-type"]) == (200, "application/pdf")
    opened.value.close()
    return str(caught.value.url)


def test_s1_s2_s3_s4_s6_s9_s10_s27_s28_s41_s58_s59_vom_menue_zur_bestellung_mit_allem(
    deutsch: Page, order: Order
) -> None:
    page, number = deutsch, order()
    page.goto("/outbox")
    menu = page.get_by_role("navigation").filter(has=page.get_by_text("Verkäufe"))
    menu.get_by_role("link", name=re.compile("^Bestellungen")).click()
    page.get_by_role("table", name="Bestellungen").get_by_role("link", name=number).click()
    expect(page.get_by_role("heading", level=1, name=f"Bestellung {number}")).to_be_visible()
    for tab in ("Bestellung", "Kunde", "Produkte", "Rechnungen", "Lieferungen", "Retouren", "Chronik"):
        expect(page.get_by_role("tab", name=re.compile(f"^{tab}"))).to_be_visible()
    for title in ("Rechnungsadresse", "Lieferadresse"):
        expect(block(page, title)).to_contain_text("10827 Berlin")
    expect(block(page, "Zahlung")).to_contain_text("Überweisung")
    expect(block(page, "Versandart")).to_contain_text("DHL Paket")
    expect(block(page, "Kunde")).to_contain_text("ada.kovac@example.com")
    goods = page.get_by_role("table", name="Produkte")
    for told in ("Becher, blau", "MUG-01", "19,95\u00a0€", "39,90\u00a0€", "4,00\u00a0€", "20,00\u00a0€"):
        expect(goods.get_by_text(told).first).to_be_visible()
    expect(page.get_by_text("Alle Bestellungen des Shops").first).to_be_visible()


def test_s11_s12_s13_s14_s15_bezahlt_nicht_bezahlt_und_alle_rechnungen_in_einer_datei(
    deutsch: Page, order: Order
) -> None:
    page = bestellung(deutsch, order())
    money = block(page, "Zahlung")
    button(money, "Bezahlt").click()
    expect(notice(page, "Zahlung verbucht.")).to_be_visible()
    expect(button(money, "Nicht bezahlt")).to_be_enabled()
    in_german = pdf_of(page, button(page, "Rechnungen drucken"), "/orders/")
    page.get_by_role("combobox", name="Rechnungssprache").select_option(label="Englisch")
    in_english = pdf_of(page, button(page, "Rechnungen drucken"), "/orders/")
    assert in_german != in_english

    at_once = order(
        payment={"method": "ideal", "name": "iDEAL", "state": "paid", "provider_reference": f"tr_{order()}"}
    )
    bestellung(page, at_once)
    undone = button(block(page, "Zahlung"), "Nicht bezahlt")
    expect(undone).to_be_disabled()
    expect(undone).to_have_accessible_description(re.compile("iDEAL"))


def test_s16_s17_s18_s19_rechnungen_entstehen_sofort_und_wann_sonst_steht_in_der_verwaltung(
    deutsch: Page, order: Order
) -> None:
    page = bestellung(deutsch, order())
    expect(block(page, "Rechnungen").get_by_text(re.compile(r"RE-\d{4}-\d+")).first).to_be_visible()
    page.get_by_role("link", name="Einstellungen").first.click()
    page.get_by_role("link", name="Erweiterte Einstellungen").first.click()
    page.get_by_role("tab", name="Verwaltung").or_(page.get_by_role("link", name="Verwaltung")).first.click()
    expect(page).to_have_url(re.compile("/settings/advanced/administration$"))
    made = page.get_by_role("combobox", name=re.compile("Rechnungen"))
    expect(made.first.locator("option")).to_have_count(4)


def test_s29_s30_s31_s32_versendet_schickt_eine_mail_und_mit_nummer_die_sendungsverfolgung(
    deutsch: Page, order: Order
) -> None:
    page = deutsch
    for tracking, kind in (("", "Bestellung abgeschickt"), ("JD014600003SEED", "Sendungsverfolgung")):
        bestellung(page, order())
        goods = block(page, "Versandart")
        if tracking:
            goods.get_by_role("textbox", name="Sendungsnummer").fill(tracking)
        button(goods, "Versendet").click()
        expect(notice(page, "ada.kovac@example.com")).to_be_visible()
        page.get_by_role("tab", name="Chronik").click()
        told = page.get_by_role("tabpanel", name="Chronik")
        expect(told.get_by_text(re.compile(f"„{kind}“")).first).to_be_visible()


def test_s33_s34_s35_s36_der_lieferschein_sein_i_und_sein_drucker(deutsch: Page, order: Order) -> None:
    page = bestellung(deutsch, order())
    shipments = block(page, "Lieferungen")
    pdf_of(page, shipments.get_by_role("button", name=re.compile("^Lieferschein drucken")), "/packing-slips/")
    shipments.get_by_role("button", name=re.compile("^Lieferung bearbeiten")).click()
    dialog = page.get_by_role("dialog", name=re.compile("^Lieferung bearbeiten"))
    dialog.get_by_role("textbox", name="Sendungsnummer").fill("00340434161094042557")
    dialog.get_by_role("checkbox", name="Gleich als versendet melden").check()
    button(dialog, "Speichern").click()
    expect(shipments.get_by_text("Versendet", exact=True)).to_be_visible()
    expect(shipments.get_by_text("00340434161094042557").first).to_be_visible()


def test_s42_s43_anzeigen_und_kunden_mail(deutsch: Page, order: Order) -> None:
    page = bestellung(deutsch, order())
    who = block(page, "Kunde")
    button(who, "Kunden-Mail").click()
    mail = page.get_by_role("dialog", name="Kunden-Mail")
    mail.get_by_role("textbox", name="Betreff").fill("Ihre Frage")
    mail.get_by_role("textbox", name="Nachricht").fill("Der Becher ist spülmaschinenfest.")
    button(mail, "Senden").click()
    expect(notice(page, "ada.kovac@example.com")).to_be_visible()
    who.get_by_role("link", name="Anzeigen").or_(button(who, "Anzeigen")).click()
    expect(page.get_by_role("tabpanel", name="Kunde")).to_contain_text("Hauptstraße 12")


def test_s60_s62_s63_s65_s70_die_weiteren_registerkarten(deutsch: Page, order: Order) -> None:
    page = bestellung(deutsch, order())
    for tab, told in (
        ("Kunde", "ada.kovac@example.com"),
        ("Produkte", "Kochbuch"),
        ("Rechnungen", "Rechnung"),
        ("Lieferungen", "Becher, blau"),
        ("Chronik", "Die Bestellung ging von my-shop"),
    ):
        page.get_by_role("tab", name=re.compile(f"^{tab}")).click()
        expect(page.get_by_role("tabpanel", name=tab)).to_contain_text(told)
