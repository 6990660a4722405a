"""The addresses of an order in German, by the sentences of the old help page (S6 to S8), with their maps and warnings
(W-1, W-20).
"""

import re
from collections.abc import Callable

import pytest
from browsing import Order, Window, button, looks_wrong, notice
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
STAFF = "staff@demo.test"
NOWHERE = {
    "name": "Ada Kovač",
    "street": "Lindenallee",
    "postcode": "10115",
    "city": "München",
    "country": "DE",
}


@pytest.fixture
def auf_deutsch(order: Order, window: Window, in_german: Callable[[str], None]) -> Page:
    """An order of which the billing address is right and the shipping address is not, in German."""
    in_german(STAFF)
    return window(order(shipping_address=NOWHERE), STAFF)


def test_s6_s7_s8_karte_der_adresse_und_was_falsch_eingegeben_wurde(auf_deutsch: Page) -> None:
    page, outside = auf_deutsch, []
    page.on("request", lambda request: outside.append(request.url))
    page.reload()
    billing = page.get_by_role("region", name="Rechnungsadresse").first
    shipping = page.get_by_role("region", name="Lieferadresse").first
    card = billing.get_by_role("link", name="Karte: 10827 Berlin. In OpenStreetMap öffnen")
    expect(card).to_be_visible()
    expect(card).to_have_attribute("href", re.compile("^https://www.openstreetmap.org/search"))
    expect(card).to_have_attribute("title", re.compile("GeoNames"))
    expect(card.locator("img")).to_have_js_property("naturalWidth", 136)
    expect(shipping.get_by_role("link", name=re.compile("Nicht gefunden: bitte prüfen"))).to_be_visible()
    expect(shipping.locator("img")).to_have_count(0)
    assert [
        url
        for url in outside
        if "127.0.0.1" not in url and "localhost" not in url and not url.startswith("data:")
    ] == []

    expect(shipping.get_by_text("10115 gehört zu Berlin, nicht zu München.")).to_be_visible()
    expect(shipping.get_by_text("Hausnummer fehlt: „Lindenallee“")).to_be_visible()
    assert looks_wrong(page, 1440, 390) == []
    button(shipping, "Adresse stimmt").click()
    expect(notice(page, "Die Adresse gilt jetzt als richtig.")).to_be_visible()
    expect(button(shipping, "Adresse stimmt")).to_be_hidden()
    page.set_viewport_size({"width": 1440, "height": 900})


def test_w20_die_liste_zeigt_und_filtert_was_zu_pruefen_ist(auf_deutsch: Page) -> None:
    page = auf_deutsch
    number = page.url.rsplit("/", 1)[1]
    page.goto("/orders?address_warning=yes")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=number))
    expect(row.get_by_role("img", name="Adresse prüfen")).to_be_visible()
    page.goto("/orders?address_warning=no")
    expect(page.get_by_role("table")).to_be_visible()
    expect(page.get_by_role("link", name=number)).to_have_count(0)
    page.goto(f"/orders/{number}")
