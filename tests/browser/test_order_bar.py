"""The bar at the bottom in German, by the sentence of the old help page (S5), refunds, drafts and lines (W-13, W-15,
W-18, PAY-2).
"""

import re
from collections.abc import Callable

import pytest
from browsing import Order, Window, button, notice, problems
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser
STAFF = "staff@demo.test"
Opened = Callable[..., Page]
EURO = "\u00a0€"


@pytest.fixture
def auf_deutsch(order: Order, window: Window, in_german: Callable[[str], None]) -> Opened:
    """Opens a new order in German."""

    def open_it(**changes: object) -> Page:
        in_german(STAFF)
        return window(order(**changes), STAFF)

    return open_it


def leiste(page: Page) -> Locator:
    return page.get_by_role("toolbar", name="Aktionen")


def tops(page: Page) -> list[float]:
    """Where the blocks of the two left columns begin."""
    names = ("Zahlung", "Versandart", "Rechnungen", "Lieferungen", "Produkte")
    return [
        page.get_by_role("region", name=name, exact=True).evaluate(
            "block => block.getBoundingClientRect().top"
        )
        for name in names
    ]


def test_s5_stornieren_zeigt_vorher_was_geschieht(auf_deutsch: Opened) -> None:
    page = auf_deutsch()
    button(page, "Bezahlt").click()
    expect(notice(page, "Zahlung verbucht.")).to_be_visible()

    button(leiste(page), "Bestellung stornieren").click()
    dialog = page.get_by_role("dialog", name="Bestellung stornieren")
    what = dialog.get_by_role("list", name="Was geschieht")
    lines = what.get_by_role("listitem")
    reverses = re.compile(rf"^(ST-\d+-\d+) hebt RE-\d+-\d+ auf−64,80{EURO}$")
    expect(lines.nth(0)).to_have_text(reverses)
    found = reverses.match(lines.nth(0).inner_text().replace("\n", ""))
    expect(lines.nth(1)).to_have_text(re.compile(f"^Zu erstatten über .+64,80{EURO}$"))
    expect(lines.nth(2)).to_have_text("Nicht mehr versendet: 2 Positionen3 Stück")
    expect(what.get_by_text("ada.kovac@example.com")).to_be_visible()
    expect(what.get_by_text(re.compile("^Wieder verkäuflich: 2 Positionen"))).to_be_visible()
    expect(what.get_by_text("Nicht wieder verkäuflich")).to_be_hidden()
    dialog.get_by_role("checkbox", name="Ware wieder zum Verkauf freigeben").uncheck()
    expect(what.get_by_text("Nicht wieder verkäuflich: 2 Positionen")).to_be_visible()
    expect(what.get_by_text(re.compile("^Wieder verkäuflich"))).to_be_hidden()
    dialog.get_by_role("checkbox", name="Kunden benachrichtigen").uncheck()
    expect(what.get_by_text("ada.kovac@example.com")).to_be_hidden()
    expect(dialog.get_by_role("region", name="Vorschau")).to_be_hidden()
    dialog.get_by_role("checkbox", name="Kunden benachrichtigen").check()
    assert [*problems(page, "light"), *problems(page, "dark")] == []
    dialog.get_by_role("textbox", name="Grund").fill("Nicht lieferbar")
    button(dialog, "Bestellung stornieren").click()

    expect(notice(page, "Die Bestellung ist storniert.")).to_be_visible()
    assert found, "the number that was foreseen is the one that is issued"
    expect(page.get_by_role("link", name=found[1])).to_be_visible()
    expect(page.get_by_text(re.compile("Storniert am .*: Nicht lieferbar"))).to_be_visible()
    payment = page.get_by_role("region", name="Zahlung")
    expect(payment.get_by_text("zu erstatten").first).to_be_visible()
    expect(button(leiste(page), "Bestellung stornieren")).to_be_disabled()

    button(payment, "Erstattung erfassen").click()
    dialog = page.get_by_role("dialog", name="Erstattung erfassen")
    expect(dialog.get_by_role("textbox", name="Betrag")).to_have_value(f"64,80{EURO}")
    dialog.get_by_role("combobox", name="Zustand").select_option("asked")
    button(dialog, "Erstattung erfassen").click()
    refunds = payment.get_by_role("list", name="Erstattungen")
    expect(refunds.get_by_text("Angefordert")).to_be_visible()
    button(refunds, f"Erstattung über 64,80{EURO}: Als erledigt vermerken").click()
    expect(refunds.get_by_text("Erledigt")).to_be_visible()
    expect(payment.get_by_text("Nichts zu erstatten")).to_be_visible()


def test_s5_einfrieren_mit_grund_und_tag(auf_deutsch: Opened) -> None:
    page = auf_deutsch()
    button(leiste(page), "Anhalten").click()
    dialog = page.get_by_role("dialog", name="Anhalten")
    dialog.get_by_role("textbox", name="Grund").fill("wartet auf Farbe")
    dialog.get_by_label("Wiedervorlage am").fill("2099-12-24")
    before = tops(page)
    button(dialog, "Anhalten").click()
    expect(
        page.get_by_text(re.compile(r"Angehalten seit .*: wartet auf Farbe.* Wiedervorlage am 24\.12\.2099"))
    ).to_be_visible()
    expect(button(page, "Versendet")).to_be_disabled()
    assert tops(page) == before, "what holds it up stands beside the blocks, and moves none"

    page.set_viewport_size({"width": 390, "height": 844})
    most = page.evaluate("document.body.getBoundingClientRect().right")
    for name in ("Fortsetzen", "Kunden benachrichtigen", "Mehr"):
        box = button(leiste(page), name).bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= most
    page.set_viewport_size({"width": 1280, "height": 800})
    button(leiste(page), "Fortsetzen").click()
    expect(page.get_by_text("wartet auf Farbe")).to_have_count(0)


def test_s5_kopieren_macht_einen_entwurf_der_bearbeitet_und_angelegt_wird(auf_deutsch: Opened) -> None:
    page = auf_deutsch()
    number = page.url.rsplit("/", 1)[1]
    button(leiste(page), "Kopieren").click()
    dialog = page.get_by_role("dialog", name="Kopieren")
    dialog.get_by_role("combobox", name="Preise").select_option("old")
    button(dialog, "Kopieren").click()

    expect(page).to_have_url(re.compile(r"/orders/D-\d+$"))
    expect(page.get_by_role("link", name=number).first).to_be_visible()
    expect(button(page, "Versendet")).to_be_disabled()
    expect(
        page.get_by_text("Das ist ein Entwurf. Legen Sie ihn zuerst als Bestellung an.").first
    ).to_be_visible()

    button(page.get_by_role("region", name="Produkte"), "Positionen bearbeiten").click()
    dialog = page.get_by_role("dialog", name="Positionen bearbeiten")
    first = dialog.get_by_role("group", name="MUG-01 Becher, blau")
    first.get_by_role("textbox", name="Menge").fill("3")
    dialog.get_by_role("group", name="BOOK-7 Kochbuch").get_by_role("textbox", name="Menge").fill("0")
    new = dialog.get_by_role("group", name="Neue Position").first
    new.get_by_role("textbox", name="Name").fill("Tee")
    new.get_by_role("textbox", name="Menge").fill("1")
    new.get_by_role("textbox", name="Stückpreis").fill("x")
    new.get_by_role("textbox", name="USt-Satz in Prozent").fill("7")
    assert problems(page, "dark") == []
    button(dialog, "Speichern").click()
    expect(new.get_by_role("textbox", name="Stückpreis")).to_have_accessible_description(
        re.compile("keine Menge|kein")
    )
    new.get_by_role("textbox", name="Stückpreis").fill("5,50")
    button(dialog, "Speichern").click()
    expect(notice(page, f"Die Summe beträgt 70,25{EURO}.")).to_be_visible()

    button(leiste(page), "Bestellung anlegen").click()
    dialog = page.get_by_role("dialog", name="Bestellung anlegen")
    dialog.get_by_role("checkbox", name="Bestellbestätigung senden").check()
    button(dialog, "Bestellung anlegen").click()
    expect(page).to_have_url(re.compile(r"/orders/\d+$"))
    expect(page.get_by_text("Tee").first).to_be_visible()
    expect(button(page, "Versendet")).to_be_enabled()


def test_w18_a_new_order_begins_as_a_draft_and_can_be_thrown_away(
    page: Page, order: Order, window: Window
) -> None:
    window(order(), STAFF)
    page.goto("/orders")
    button(page, "New order").click()
    expect(page).to_have_url(re.compile(r"/orders/D-\d+$"))
    expect(button(page, "Place order")).to_be_disabled()
    button(page, "Choose customer").click()
    dialog = page.get_by_role("dialog", name="Choose customer")
    dialog.get_by_role("textbox", name="E-mail").fill("ada.kovac@example.com")
    button(dialog, "Choose customer").click()
    expect(notice(page, "The customer is known: the draft has their last addresses.")).to_be_visible()
    expect(page.get_by_text("Hauptstraße 12").first).to_be_visible()
    button(page, "Delete draft").click()
    button(page.get_by_role("dialog", name="Delete draft"), "Delete draft").click()
    expect(page).to_have_url(re.compile(r"/orders$"))
    expect(notice(page, "The draft is deleted.")).to_be_visible()


def test_w15_payment_and_shipping_method_are_changed_in_the_window(auf_deutsch: Opened) -> None:
    page = auf_deutsch()
    block = page.get_by_role("region", name="Versandart")
    button(block, "Zahlung und Versand ändern").click()
    dialog = page.get_by_role("dialog", name="Zahlung und Versand ändern")
    dialog.get_by_role("combobox", name="Versandart").select_option("pickup")
    button(dialog, "Speichern").click()
    expect(dialog).to_be_hidden()
    expect(block.get_by_text(re.compile("Abholung|abholung")).first).to_be_visible()
    expect(button(block, "Abholbereit")).to_be_visible()
