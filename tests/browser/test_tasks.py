"""Tasks, notes, tags and files in German, by the sentences of the old help page (S45 to S47, S55 to S57), at every
size.
"""

import re
from collections.abc import Callable

import pytest
from browsing import Order, button, looks_wrong, notice
from playwright.sync_api import FilePayload, Locator, Page, expect
from serving import sign_in

from backoffice_app.domain.core import clock

pytestmark = pytest.mark.browser
STAFF = "staff@demo.test"
PHOTO: FilePayload = {"name": "Größe.txt", "mimeType": "text/plain", "buffer": b"82 x 40 cm"}


@pytest.fixture
def auf_deutsch(page: Page, in_german: Callable[[str], None]) -> Page:
    """The pages in German, for a colleague who works on orders."""
    in_german(STAFF)
    sign_in(page, STAFF)
    return page


def region(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def pop_up(page: Page, opener: Locator, name: str) -> Locator:
    """The dialog that a button opens."""
    opener.click()
    dialog = page.get_by_role("dialog", name=name, exact=True)
    expect(dialog).to_be_visible()
    return dialog


def test_w9_w11_w21_s45_s46_s47_s55_s56_s57_tasks_notes_tags_and_files_of_an_order(
    auf_deutsch: Page, order: Order
) -> None:
    page, number = auf_deutsch, order()
    page.goto(f"/orders/{number}")
    expect(page.get_by_role("tabpanel")).to_be_visible()
    tasks, notes = region(page, "Aufgaben"), region(page, "Vermerk")
    expect(tasks.get_by_text("Keine Aufgabe.")).to_be_visible()

    dialog = pop_up(page, button(tasks, "Aufgabe hinzufügen"), "Aufgabe hinzufügen")
    for field in ("Titel", "Datum", "Uhrzeit", "Beschreibung"):
        expect(dialog.get_by_label(field, exact=True)).to_be_visible()
    whose = dialog.get_by_role("combobox", name="Zuständig")
    assert {"Ich", "Niemand Bestimmtes"} < set(whose.locator("option").all_inner_texts())
    assert len(whose.locator("option").all_inner_texts()) >= 7  # and each colleague with access
    assert dialog.get_by_role("combobox", name="Status").locator("option").all_inner_texts() == [
        "Zu erledigen",
        "In Bearbeitung",
        "Erledigt",
    ]
    dialog.get_by_label("Titel", exact=True).fill("Kundin anrufen")
    dialog.get_by_label("Datum", exact=True).fill(clock.today("Europe/Berlin").isoformat())
    dialog.get_by_label("Uhrzeit", exact=True).fill("23:59")
    dialog.get_by_role("combobox", name="Priorität").select_option(label="Hoch")
    dialog.get_by_label("Beschreibung", exact=True).fill("Wegen der Farbe.")
    button(dialog, "Anlegen").click()
    expect(dialog).to_be_hidden()
    expect(tasks.get_by_text("Kundin anrufen")).to_be_visible()
    expect(tasks.get_by_text("Heute")).to_be_visible()
    expect(tasks.get_by_text("Wegen der Farbe.")).to_be_visible()

    dialog = pop_up(page, button(tasks, "Aufgabe Kundin anrufen bearbeiten"), "Aufgabe bearbeiten")
    expect(dialog.get_by_label("Uhrzeit", exact=True)).to_have_value("23:59")
    dialog.get_by_role("combobox", name="Status").select_option(label="In Bearbeitung")
    button(dialog, "Speichern").click()
    expect(tasks.get_by_text("In Bearbeitung")).to_be_visible()
    button(tasks, "Aufgabe Kundin anrufen erledigen").click()
    expect(tasks.get_by_text(re.compile("^Erledigt von "))).to_be_visible()
    button(notice(page, "Aufgabe erledigt."), "Rückgängig").click()
    expect(button(tasks, "Aufgabe Kundin anrufen erledigen")).to_be_visible()

    dialog = pop_up(page, button(notes, "Vermerk hinzufügen"), "Vermerk hinzufügen")
    dialog.get_by_label("Vermerk", exact=True).fill("Hat schon zweimal reklamiert.")
    dialog.get_by_role("combobox", name="Für").select_option(label="Ich")
    button(dialog, "Vermerk speichern").click()
    expect(notes.get_by_text("Hat schon zweimal reklamiert.")).to_be_visible()
    expect(button(notes, "Vermerk Hat schon zweimal reklamiert. entfernen")).to_be_visible()
    expect(tasks.get_by_role("listitem")).to_have_count(1)  # a note is no task

    _tags_and_files(page, number)
    assert looks_wrong(page, 1440, 390) == []


def _tags_and_files(page: Page, number: str) -> None:
    tags, files = region(page, "Schlagwörter"), region(page, "Dateien")
    dialog = pop_up(page, button(tags, "Schlagwort vergeben"), "Schlagwort vergeben")
    dialog.get_by_role("combobox", name="Schlagwort").fill("Messe")
    button(dialog, "Schlagwort vergeben").click()
    expect(tags.get_by_text("Messe")).to_be_visible()
    button(tags, "Schlagwort Messe entfernen").click()
    expect(tags.get_by_text("Kein Schlagwort.")).to_be_visible()

    files.get_by_label("Datei", exact=True).set_input_files(PHOTO)
    button(files, "Datei anhängen").click()
    expect(files.get_by_text("Größe.txt")).to_be_visible()
    with page.expect_download() as saved:
        files.get_by_role("link", name="Datei Größe.txt herunterladen", exact=True).click()
    assert saved.value.suggested_filename == "Größe.txt"
    expect(page).to_have_url(re.compile(f"/orders/{number}$"))


def test_w9_s45_the_page_of_tasks_works_at_every_size(auf_deutsch: Page) -> None:
    page = auf_deutsch
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/tasks")
    dialog = pop_up(page, button(page, "Aufgabe hinzufügen"), "Aufgabe hinzufügen")
    dialog.get_by_label("Uhrzeit", exact=True).fill("09:00")
    dialog.get_by_label("Titel", exact=True).fill("Kartons bestellen")
    button(dialog, "Anlegen").click()
    expect(dialog.get_by_text("Zur Uhrzeit fehlt das Datum.")).to_be_visible()
    dialog.get_by_label("Datum", exact=True).fill(clock.today("Europe/Berlin").isoformat())
    button(dialog, "Anlegen").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("tab", name=re.compile("^Meine")).click()
    row = page.get_by_role("row").filter(has_text="Kartons bestellen")
    expect(row).to_be_visible()
    assert looks_wrong(page, 1440, 390) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    dialog = pop_up(page, button(row, "Kartons bestellen"), "Aufgabe bearbeiten")
    dialog.get_by_label("Titel", exact=True).fill("Kartons Größe M bestellen")
    button(dialog, "Speichern").click()
    button(page, "Erledigen: Kartons Größe M bestellen").click()
    expect(page.get_by_text("Kartons Größe M bestellen")).to_be_hidden()
    page.get_by_role("tab", name=re.compile("^Erledigt")).click()
    expect(page.get_by_text("Kartons Größe M bestellen")).to_be_visible()
    button(page, "Löschen: Kartons Größe M bestellen").click()
    expect(notice(page, "Aufgabe gelöscht.")).to_be_visible()
