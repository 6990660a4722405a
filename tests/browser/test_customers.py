"""Custom statuses and customers in German, by the sentences of the old help page (S37 to S42, S60, S61), at
every size.
"""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from browsing import Order, button, looks_wrong, notice
from playwright.sync_api import Page, expect
from serving import sign_in

pytestmark = pytest.mark.browser
CUSTOM = "Benutzerdefinierter Status"


@pytest.fixture
def auf_deutsch(page: Page, in_german: Callable[[str], None]) -> Page:
    """The pages in German, for the owner, who makes statuses too."""
    in_german("owner@demo.test")
    sign_in(page, "owner@demo.test")
    return page


def auftrag(page: Page, number: str, tab: str = "") -> None:
    page.goto(f"/orders/{number}{tab}")
    expect(page.get_by_role("heading", level=1, name=f"Bestellung {number}")).to_be_visible()
    expect(page.get_by_role("tabpanel")).to_be_visible()


def test_w7_s37_s38_s39_s40_a_status_is_made_chosen_and_stands_for_the_system_status(
    auf_deutsch: Page, order: Order
) -> None:
    page, number, name = auf_deutsch, order(), f"Wartet {uuid4().hex[:5]}"
    page.goto("/customers")
    page.get_by_role("link", name="Einstellungen").first.click()
    page.get_by_role("link", name="Workflow").or_(
        page.get_by_role("link", name="Bestell-Status")
    ).first.click()
    expect(page.get_by_role("heading", level=1, name="Bestell-Status")).to_be_visible()
    button(page, "Status hinzufügen").click()
    dialog = page.get_by_role("dialog", name="Status hinzufügen")
    button(dialog, "Status hinzufügen").click()
    expect(dialog.get_by_text("Geben Sie den Namen in mindestens einer Sprache ein.")).to_be_visible()
    dialog.get_by_role("textbox", name="Name (Deutsch)").fill(name)
    dialog.get_by_role("combobox", name="Farbe").select_option("Grün")
    button(dialog, "Status hinzufügen").click()
    expect(page.get_by_role("row", name=re.compile(name))).to_be_visible()
    assert looks_wrong(page, 1440, 390) == []
    page.set_viewport_size({"width": 1440, "height": 900})

    auftrag(page, number)
    status = page.get_by_role("region", name="Status", exact=True)
    choice = status.get_by_role("combobox", name=CUSTOM)
    expect(choice).to_have_value("")
    choice.select_option(name)
    expect(notice(page, f"Der Status ist jetzt „{name}“.")).to_be_visible()
    expect(page.get_by_role("banner").or_(page.locator("header")).get_by_text(name)).to_be_visible()
    expect(status.get_by_text("Systemstatus")).to_be_visible()
    button(page, "Rückgängig").click()
    expect(choice).to_have_value("")
    choice.select_option(name)
    page.goto(f"/orders?q={number}")
    expect(
        page.get_by_role("row", name=re.compile(number)).get_by_text(name).filter(visible=True).first
    ).to_be_visible()
    auftrag(page, number)
    choice.select_option("Kein benutzerdefinierter Status")
    expect(notice(page, "Der benutzerdefinierte Status wurde entfernt.")).to_be_visible()


def test_w8_t1_s41_s42_s60_s61_all_of_the_customer_is_shown_and_changed(
    auf_deutsch: Page, order: Order
) -> None:
    page = auf_deutsch
    mail = f"{uuid4().hex[:8]}@example.com"
    who = {"email": mail, "first_name": "Ida", "last_name": "Ilse", "external_reference": mail}
    number, other = order(customer=who), order(customer=who)
    auftrag(page, number)
    customer = page.get_by_role("region", name="Kunde", exact=True)
    expect(customer.get_by_role("link", name=mail)).to_have_attribute("href", f"mailto:{mail}")
    customer.get_by_role("link", name="Anzeigen").click()
    expect(page.get_by_role("tab", name="Kunde", selected=True)).to_be_visible()
    button(page.get_by_role("region", name="Kunde", exact=True), "Bearbeiten").click()
    dialog = page.get_by_role("dialog", name="Kundendaten bearbeiten")
    dialog.get_by_role("textbox", name="E-Mail").fill("keine Adresse")
    button(dialog, "Speichern").click()
    expect(dialog.get_by_text("„keine Adresse“ ist keine E-Mail-Adresse.")).to_be_visible()
    dialog.get_by_role("textbox", name="E-Mail").fill(mail)
    dialog.get_by_role("textbox", name="Telefon").fill("0171 2345")
    dialog.get_by_role("textbox", name="Weitere Felder").fill("Kundenkarte: 4711")
    dialog.get_by_role("combobox", name="Gilt für").select_option(
        f"Diese Bestellung, den Kunden und die offenen Bestellungen {other}"
    )
    button(dialog, "Speichern").click()
    expect(notice(page, "Kunde gespeichert. 1 offene Bestellung übernimmt die Änderung.")).to_be_visible()
    expect(page.get_by_role("region", name="Kunde", exact=True).get_by_text("4711")).to_be_visible()
    page.get_by_role("link", name=re.compile("Ida Ilse ·")).click()

    expect(page.get_by_role("heading", level=1, name="Ida Ilse")).to_be_visible()
    expect(page.get_by_role("region", name="Bestellungen").get_by_role("link", name=other)).to_be_visible()
    button(page, "Vor dem Kunden warnen").click()
    page.get_by_role("dialog").get_by_role("textbox", name="Warnung").fill("Zahlt spät.")
    button(page.get_by_role("dialog"), "Speichern").click()
    expect(page.get_by_text("Zahlt spät.").first).to_be_visible()
    assert looks_wrong(page, 1440, 390) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"/customers?q={mail}")
    expect(page.get_by_role("link", name="Ida Ilse")).to_be_visible()
    assert looks_wrong(page, 1440, 390) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    auftrag(page, other)
    expect(page.get_by_text("Zahlt spät.").first).to_be_visible()
