"""Viele auf einmal: Sendungsnummern aus einer Tabelle, und Bestellungen aus einer Datei (O-8, API-2)."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from browsing import Order, button, looks_wrong
from playwright.sync_api import Page, expect
from serving import an_order, sign_in

pytestmark = pytest.mark.browser
PAID = {"payment": {"method": "paypal", "name": "PayPal", "state": "paid"}}


def test_o8_sendungsnummern_werden_eingefuegt_geprueft_und_versenden(
    order: Order, page: Page, in_german: Callable[[str], None]
) -> None:
    one, two = order(**PAID), order(**PAID)
    in_german("warehouse@demo.test")
    sign_in(page, "warehouse@demo.test")
    page.goto("/shipments")
    page.get_by_role("link", name="Sendungsnummern").click()
    assert looks_wrong(page, 1440, 390) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    text = f'Bestellnummer;Sendungsnummer;Versanddienst\n{one};"0034A";DHL\n99999;X;DHL\n{two};0034B;\n'
    page.get_by_role("textbox", name="Bestellnummer, Sendungsnummer, Versanddienst").fill(text)
    button(page, "Prüfen").click()

    rows = page.get_by_role("table", name="Sendungsnummern").get_by_role("row")
    expect(rows.filter(has_text="Es gibt keine Bestellung „99999“.")).to_have_count(1)
    expect(page.get_by_role("textbox", name="Sendungsnummer 4")).to_have_value("0034B")
    page.get_by_role("textbox", name="Sendungsnummer 4").fill("0034C")
    assert looks_wrong(page, 1440, 390) == []
    button(page, "Als versendet markieren").click()

    expect(page).to_have_url(re.compile(r"/bulk/\d+"))
    expect(page.get_by_text("2 von 3 erledigt, 1 übersprungen").first).to_be_visible(timeout=20_000)
    page.goto(f"/orders/{two}/shipments")
    expect(page.get_by_text("0034C").first).to_be_visible()


def test_api2_eine_datei_wird_geprobt_und_dann_einmal_importiert(
    page: Page, in_german: Callable[[str], None]
) -> None:
    now = datetime.now(UTC).isoformat()
    new = an_order(external_reference="datei-1", placed_at=now)
    wrong = an_order(external_reference="datei-2", placed_at=now) | {"total": "1.00"}
    in_german("owner@demo.test")
    sign_in(page)
    page.goto("/settings/import")
    assert looks_wrong(page, 1440, 768, 390) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    file = {
        "name": "orders.json",
        "mimeType": "application/json",
        "buffer": json.dumps([new, wrong]).encode(),
    }
    page.get_by_label("Datei mit Bestellungen").set_input_files([file])  # type: ignore[list-item]
    button(page, "Probelauf starten").click()

    expect(page.get_by_role("heading", level=1, name="Probelauf eines Imports")).to_be_visible()
    expect(page.get_by_text("1 würden importiert")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("1 abgelehnt")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="datei-2")).to_contain_text("total:")
    button(page, "Import").click()

    expect(page.get_by_role("heading", level=1, name="Bestellungen importieren")).to_be_visible()
    expect(page.get_by_text("1 importiert")).to_be_visible(timeout=20_000)
    assert looks_wrong(page, 1440, 390) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("table", name="Ergebnisse").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1, name=re.compile("^Bestellung "))).to_be_visible()
