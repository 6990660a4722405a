"""Many orders at once, as a person does it: by tick, key, bar and dialog, in German and on a phone (O-5)."""

import re
from collections.abc import Callable

import pytest
from browsing import problems
from playwright.sync_api import Browser, Locator, Page, expect
from serving import Server, an_order, sign_in, until

pytestmark = pytest.mark.browser


@pytest.fixture
def german(page: Page, server: Server, in_german: Callable[[str], None]) -> Page:
    """The list of the three newest orders, which are not paid, and no others, in German."""
    tag = "bulk-" + an_order()["external_reference"]  # type: ignore[operator]  # a text
    for _n in range(3):
        server.place(
            an_order(customer={"email": f"{tag}@example.com", "first_name": "Ada", "last_name": "Kovač"}),
        )
    in_german("owner@demo.test")
    sign_in(page, "owner@demo.test")
    page.goto(f"/orders?q={tag}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bestellungen")
    expect(links(page)).to_have_count(3)
    return page


def links(page: Page) -> Locator:
    return page.get_by_role("table", name="Bestellungen").get_by_role("link", name=re.compile(r"^\d+$"))


def bar(page: Page) -> Locator:
    return page.get_by_role("toolbar", name="Gewählte Bestellungen")


def test_o5_chosen_by_tick_and_key_paid_in_one_go_and_told_order_by_order(german: Page) -> None:
    page = german
    first, second, third = links(page).all_inner_texts()
    place = links(page).first.bounding_box()
    page.get_by_role("checkbox", name=f"Bestellung auswählen: {first}").check()
    expect(bar(page).get_by_role("status")).to_have_text("1 gewählt")
    assert links(page).first.bounding_box() == place  # nothing moves when the bar comes
    links(page).nth(1).focus()
    page.keyboard.press("x")
    expect(bar(page).get_by_role("status")).to_have_text("2 gewählt")
    assert problems(page, "light") == []

    address = page.url
    page.goto(re.sub(r"q=.*", f"q={third}", address))  # another search
    expect(links(page)).to_have_text([third])
    expect(bar(page).get_by_role("status")).to_have_text("2 gewählt, 2 nicht auf dieser Seite")
    page.goto(address)
    expect(page.get_by_role("checkbox", name=f"Bestellung auswählen: {second}")).to_be_checked()

    bar(page).get_by_role("button", name="Sammelaktionen").click()
    page.get_by_role("group", name="Sammelaktionen").get_by_role("button", name="Bezahlt", exact=True).click()
    dialog = page.get_by_role("dialog", name="Bezahlt")
    expect(dialog).to_contain_text("Für 2 Bestellungen.")
    expect(dialog.get_by_role("checkbox", name="Kunden benachrichtigen")).to_be_checked()
    dialog.get_by_role("button", name="Bezahlt").click()
    expect(dialog).to_be_hidden()

    running = page.get_by_role("region", name="Laufende Sammelaktionen")
    expect(running.get_by_role("status")).to_have_text("2 von 2 erledigt")
    expect(page.get_by_role("table", name="Bestellungen").get_by_role("row").nth(1)).to_contain_text(
        "Bezahlt",
    )
    wide = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    box = running.bounding_box()
    assert box is not None
    assert box["height"] <= 64, "a finished run covers a line of the phone, not a fifth"
    assert wide is not None
    page.set_viewport_size(wide)
    running.get_by_role("link", name="Ergebnisse").click()
    results = page.get_by_role("table", name="Ergebnisse")
    expect(results.get_by_role("link")).to_have_text([first, second])
    expect(page.get_by_role("tab", name=re.compile("Erledigt"))).to_contain_text("2")
    assert problems(page, "dark") == []

    page.goto(address)
    page.get_by_role("checkbox", name="Alle Bestellungen dieser Seite auswählen").click()
    expect(page.get_by_role("checkbox", name=f"Bestellung auswählen: {third}")).to_be_checked()
    bar(page).get_by_role("button", name="Sammelaktionen").click()
    page.get_by_role("group", name="Sammelaktionen").get_by_role("button", name="Bezahlt", exact=True).click()
    expect(dialog).to_contain_text("Für 3 Bestellungen. 2 werden übersprungen:")
    dialog.get_by_role("button", name="Bezahlt").click()
    newest = running.get_by_role("status").first
    expect(newest).to_have_text("1 von 3 erledigt, 2 übersprungen")
    bar(page).get_by_role("button", name="Auswahl aufheben").click()
    expect(bar(page)).to_be_hidden()


def test_o5_escape_closes_what_is_above_the_list_before_it_clears_the_choice(german: Page) -> None:
    """First the popover, then the dialog, at last the choice; a box that has the focus keeps its row."""
    page = german
    first, second, third = links(page).all_inner_texts()
    page.get_by_role("checkbox", name=f"Bestellung auswählen: {first}").click()
    page.keyboard.press("j")  # from the row of the box
    expect(links(page).nth(1)).to_be_focused()
    page.get_by_role("checkbox", name=f"Bestellung auswählen: {third}").click(modifiers=["Shift"])
    expect(bar(page).get_by_role("status")).to_have_text("3 gewählt")
    expect(page.get_by_role("checkbox", name=f"Bestellung auswählen: {second}")).to_be_checked()

    for opener in (
        page.get_by_role("button", name="Filter", exact=True),
        bar(page).get_by_role("button", name="Sammelaktionen"),
    ):
        opener.click()
        popover = page.get_by_role("group", name=opener.inner_text(), exact=True)
        expect(popover).to_be_visible()
        page.keyboard.press("Escape")
        expect(popover).to_be_hidden()
    opener.click()
    popover.get_by_role("button", name="Bezahlt", exact=True).click()
    dialog = page.get_by_role("dialog", name="Bezahlt")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    search = page.get_by_role("textbox", name="Bestellungen suchen")
    search.focus()
    page.keyboard.press("Escape")
    expect(search).not_to_be_focused()
    expect(bar(page).get_by_role("status")).to_have_text("3 gewählt")

    page.keyboard.press("Escape")
    expect(bar(page)).to_be_hidden()
    for number in (first, second, third):
        expect(page.get_by_role("checkbox", name=f"Bestellung auswählen: {number}")).not_to_be_checked()
    links(page).nth(2).focus()
    page.keyboard.press("x")
    links(page).first.focus()
    page.keyboard.press("Shift+X")
    expect(bar(page).get_by_role("status")).to_have_text("3 gewählt")
    expect(links(page).first).to_be_focused()


def test_o5_sec4_the_warehouse_finds_only_what_it_may_do_and_a_phone_has_the_ticks(
    browser: Browser,
    server: Server,
) -> None:
    number = server.open_order()
    context = browser.new_context(
        base_url=server.url,
        viewport={"width": 390, "height": 844},
        locale="en-GB",
        reduced_motion="reduce",
    )
    page = context.new_page()
    sign_in(page, "warehouse@demo.test")
    page.goto(f"/orders?q={number}")
    page.get_by_role("checkbox", name=f"Select order {number}").check()
    chosen = page.get_by_role("toolbar", name="Chosen orders")
    chosen.get_by_role("button", name="Bulk actions").click()
    menu = page.get_by_role("group", name="Bulk actions")
    expect(menu.get_by_role("button", name="Shipped", exact=True)).to_be_visible()
    expect(menu.get_by_role("button", name="Paid", exact=True)).to_have_count(0)
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0
    menu.get_by_role("button", name="Print packing slips").click()
    page.get_by_role("dialog").get_by_role("button", name="Print packing slips").click()
    link = page.get_by_role("region", name="Bulk actions that run").get_by_role("link", name="Open the file")
    expect(link).to_be_visible()
    address = link.get_attribute("href") or ""
    until(lambda: page.request.get(address).headers["content-type"] == "application/pdf", what="the file")
    context.close()
