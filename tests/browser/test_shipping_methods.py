"""Einstellungen > Versandarten: Namen, Versanddienst, Abholung, und was angeboten wird (SHIP-2, W-5, W-15)."""

from collections.abc import Callable

import pytest
from browsing import Order, Window, button, looks_wrong, notice, problems_in_light_and_dark
from playwright.sync_api import Page, expect
from serving import sign_in

pytestmark = pytest.mark.browser


def test_ship2_versandarten_werden_benannt_und_geordnet_und_alte_bestellungen_behalten_ihre(
    order: Order, window: Window, page: Page, in_german: Callable[[str], None]
) -> None:
    number = order(shipping={"method": "kurier", "name": "Kurier", "price": "4.90", "vat_rate": "19"})
    in_german("owner@demo.test")
    sign_in(page)
    page.goto("/settings/shipping-methods")
    rows = page.get_by_role("table", name="Versandarten").get_by_role("row")
    row = rows.filter(has_text="kurier")
    expect(row).to_contain_text("Die Ware wird versendet")
    assert looks_wrong(page, 1440, 768, 390) == []
    page.set_viewport_size({"width": 1440, "height": 900})

    button(row, "Bearbeiten Kurier").click()
    dialog = page.get_by_role("dialog", name="Kurier")
    first = dialog.get_by_role("textbox").first
    expect(first).to_have_accessible_name("Name (Deutsch)")
    first.fill("Fahrradkurier")
    dialog.get_by_role("combobox", name="Versanddienst").select_option(label="GLS")
    dialog.get_by_role("combobox", name="Weg zum Kunden").select_option(label="Der Kunde holt die Ware ab")
    assert problems_in_light_and_dark(page) == []
    button(dialog, "Speichern").click()
    expect(notice(page, "Gespeichert.")).to_be_visible()
    expect(row).to_contain_text("Fahrradkurier")
    expect(row).to_contain_text("Der Kunde holt die Ware ab")

    before = rows.all_inner_texts()
    button(row, "Nach oben Fahrradkurier").click()
    expect(rows.nth(len(before) - 2)).to_contain_text("kurier")
    button(row, "Stilllegen Fahrradkurier").click()
    expect(row).to_contain_text("Stillgelegt")
    assert problems_in_light_and_dark(page) == []

    shown = window(number)
    expect(shown.get_by_role("region", name="Versandart")).to_contain_text("Fahrradkurier")
    expect(button(shown, "Abholbereit")).to_be_visible()
