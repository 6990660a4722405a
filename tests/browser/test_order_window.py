"""The order window as a person uses it: by role and name (W, T), on any width, in light and dark, with the keyboard alone."""

import json
import re
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, Response, expect
from serving import Server, sign_in

pytestmark = pytest.mark.browser
FRESH = count(1)
GOODS = [
    {"sku": "MUG-01", "name": "Becher, blau", "quantity": "2", "unit_price": "19.95", "discount": "0.00", "vat_rate": "19"},
    {"sku": "BOOK-7", "name": "Kochbuch", "quantity": "1", "unit_price": "24.00", "discount": "4.00", "vat_rate": "7"},
]
TABS = ("Order", "Customer", "Products", "Invoices", "Shipments", "History")
ADA = {"name": "Ada Kovač", "street": "Hauptstraße 12", "postcode": "10827", "city": "Berlin", "country": "DE"}
Order = Callable[..., str]


@pytest.fixture
def order(server: Server, tmp_path: Path) -> Order:
    """Makes an order and gives its number: `order(payment={...})`."""

    def make(**changes: Any) -> str:
        data = {
            "external_reference": f"WINDOW-{tmp_path.name}-{next(FRESH)}",
            "source": "my-shop",
            "placed_at": "2026-11-20T18:04:11+01:00",
            "language": "de",
            "currency": "EUR",
            "prices": "gross",
            "customer": {"email": "ada.kovac@example.com", "first_name": "Ada", "last_name": "Kovač"},
            "billing_address": ADA,
            "lines": GOODS,
            "shipping": {"method": "dhl", "name": "DHL Paket", "price": "4.90", "vat_rate": "19"},
            "payment": {"method": "transfer", "name": "Bank transfer", "state": "open"},
            "total": "64.80",
            "comment": "Bitte bei Nachbarin Meier abgeben.",
        } | changes
        file = tmp_path / f"{data['external_reference']}.json"
        file.write_text(json.dumps(data), "utf-8")
        said = server.kontor("import", str(file))
        number = re.search(r"imported as (\d+)", said.stdout)
        assert number, said.stdout + said.stderr
        return number[1]

    return make


@pytest.fixture
def window(page: Page) -> Callable[..., Page]:
    """Opens an order as somebody: `window(number)`, `window(number, "warehouse@demo.test")`."""

    def open_it(number: str, email: str = "owner@demo.test", tab: str = "") -> Page:
        sign_in(page, email)
        page.goto(f"/orders/{number}{tab}")
        expect(page.get_by_role("heading", level=1, name=f"Order {number}")).to_be_visible()
        expect(page.get_by_role("tabpanel")).to_be_visible()
        return page

    return open_it


def button(place: Page | Locator, name: str) -> Locator:
    return place.get_by_role("button", name=name, exact=True)


def notice(page: Page, text: str) -> Locator:
    return page.get_by_role("status").filter(has_text=text)


def test_w2_paid_books_at_once_and_undo_takes_it_back(order: Order, window: Callable[..., Page]) -> None:
    page = window(order())
    expect(button(page, "Not paid")).to_be_disabled()
    expect(button(page, "Not paid")).to_have_accessible_description("Nothing was booked by hand.")

    button(page, "Paid").click()

    expect(notice(page, "Payment booked.")).to_be_visible()
    expect(button(page, "Paid")).to_be_disabled()
    expect(button(page, "Paid")).to_have_accessible_description("Nothing is open.")
    notice(page, "Payment booked.").get_by_role("button", name="Undo").click()
    expect(notice(page, "The order is marked as not paid.")).to_be_visible()
    expect(button(page, "Paid")).to_be_enabled()


def test_w2_a_payment_that_the_provider_took_says_why_it_stays(order: Order, window: Callable[..., Page]) -> None:
    took = {"state": "paid", "paid_at": "2026-11-20T18:05:02+01:00", "provider_reference": f"tr_{next(FRESH)}"}
    page = window(order(payment={"method": "ideal", "name": "iDEAL", **took}))

    expect(button(page, "Not paid")).to_be_disabled()
    expect(page.get_by_text("iDEAL took the money at once, so the order can't be marked as not paid.")).to_be_visible()


def test_w2_the_arrow_asks_date_amount_and_method(order: Order, window: Callable[..., Page]) -> None:
    page = window(order())
    button(page, "Paid with date and amount").click()
    dialog = page.get_by_role("dialog", name="Paid with date and amount")

    dialog.get_by_role("textbox", name="Amount").fill("a lot")
    button(dialog, "Paid").click()
    expect(dialog.get_by_role("textbox", name="Amount")).to_have_accessible_description(re.compile("no decimal number"))
    dialog.get_by_role("textbox", name="Amount").fill("14.80")
    button(dialog, "Paid").click()

    expect(notice(page, "€50.00 are still open.")).to_be_visible()
    expect(dialog).to_be_hidden()


def is_file(part: str) -> Callable[[Response], bool]:
    """Whether an answer is that to the GET of a file, to which printing leads."""
    return lambda answer: part in answer.url and answer.request.method == "GET"


def test_w3_print_invoices_opens_one_pdf_in_the_chosen_language(order: Order, window: Callable[..., Page]) -> None:
    number = order()
    page = window(number)
    page.get_by_role("combobox", name="Invoice language").select_option(label="French")

    with page.context.expect_page() as opened, page.context.expect_event("response", is_file("/invoices.pdf")) as caught:
        button(page, "Print invoices").click()

    assert opened.value != page
    assert caught.value.url.endswith(f"/orders/{number}/invoices.pdf?language=fr")
    assert (caught.value.status, caught.value.headers["content-type"]) == (200, "application/pdf")


def test_w5_a_tracking_number_and_shipped_and_the_history_tells_it(order: Order, window: Callable[..., Page]) -> None:
    page = window(order())

    page.get_by_role("textbox", name="Tracking number").fill("00340434161094021501")
    button(page, "Shipped").click()

    expect(notice(page, "Order shipped.")).to_be_visible()
    expect(button(page, "Shipped")).to_be_disabled()
    expect(button(page, "Shipped")).to_have_accessible_description("Everything has been shipped.")
    page.get_by_role("tab", name="History").click()
    history = page.get_by_role("tabpanel", name="History")
    expect(history.get_by_text(re.compile("shipped 3 pieces in shipment .* with the tracking number 00340434161094021501"))).to_be_visible()
    expect(history.get_by_text(re.compile("The order came in from my-shop"))).to_be_visible()


def test_t7_the_history_is_narrowed_to_a_kind_and_the_address_keeps_it(order: Order, window: Callable[..., Page]) -> None:
    number = order()
    page = window(number)
    button(page, "Paid").click()
    expect(notice(page, "Payment booked.")).to_be_visible()
    page.get_by_role("tab", name=re.compile(r"^History \d+$")).click()
    history, kinds = page.get_by_role("list", name="History"), page.get_by_role("navigation", name="Kind")
    booked, came_in = history.get_by_text(re.compile("booked a payment of")), history.get_by_text(re.compile("The order came in from"))
    expect(came_in).to_be_visible()
    expect(kinds.get_by_role("link", name="Shipping")).to_have_count(0)

    kinds.get_by_role("link", name="Payment 1").click()

    expect(page).to_have_url(re.compile(f"/orders/{number}/history.kind=payment$"))
    expect(came_in).to_have_count(0)
    expect(booked).to_be_visible()
    page.reload()
    expect(booked).to_be_visible()
    expect(came_in).to_have_count(0)
    expect(kinds.get_by_role("link", name="Payment 1")).to_have_attribute("aria-current", "true")
    page.goto(f"/orders/{number}/history?kind=shipping")
    expect(page.get_by_text("Nothing of this kind happened.")).to_be_visible()
    page.get_by_role("link", name="Show the whole history").click()
    expect(came_in).to_be_visible()


def test_w6_a_shipment_is_edited_in_its_dialog_and_its_packing_slip_printed(order: Order, window: Callable[..., Page]) -> None:
    page = window(order())
    shipments = page.get_by_role("region", name="Shipments")
    opener = shipments.get_by_role("button", name=re.compile("^Edit shipment L-"))
    name = str(opener.get_attribute("aria-label"))
    opener.click()
    dialog = page.get_by_role("dialog", name=name)
    dialog.get_by_role("textbox", name="Tracking number").fill("JD014600006281230704")
    dialog.get_by_role("checkbox", name="Shipped").check()
    button(dialog, "Save").click()

    expect(notice(page, "shipped.")).to_be_visible()
    expect(shipments.get_by_text("JD014600006281230704")).to_be_visible()
    with page.context.expect_page() as opened, page.context.expect_event("response", is_file("/packing-slips/")) as caught:
        button(page, name.replace("Edit shipment", "Print packing slip")).click()
    assert opened.value != page
    assert (caught.value.status, caught.value.headers["content-type"]) == (200, "application/pdf")


def test_ship1_a_part_leaves_in_a_shipment_of_its_own_and_undo_puts_it_back(order: Order, window: Callable[..., Page]) -> None:
    page = window(order())
    shipments = page.get_by_role("region", name="Shipments")
    opener = button(shipments, "Part shipment")
    opener.click()
    dialog = page.get_by_role("dialog", name="Part shipment")
    mugs = dialog.get_by_role("textbox", name="Quantity of MUG-01")
    expect(mugs).to_be_focused()
    expect(mugs).to_have_value("0")
    expect(mugs).to_have_accessible_description("of 2")

    button(dialog, "Create").click()
    expect(dialog.get_by_role("alert")).to_have_text("Say of one line at least how much goes into the new shipment.")
    mugs.fill("3")
    button(dialog, "Create").click()
    expect(mugs).to_have_accessible_description(re.compile("holds no more than 2 pieces of it"))
    mugs.fill("1")
    button(dialog, "Create").click()

    expect(notice(page, "created.")).to_be_visible()
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    expect(shipments.get_by_role("listitem")).to_have_count(2)
    expect(shipments.get_by_text("1 × Becher, blau", exact=True)).to_be_visible()
    notice(page, "created.").get_by_role("button", name="Undo").click()
    expect(notice(page, "was merged into")).to_be_visible()
    expect(shipments.get_by_text("Cancelled")).to_be_visible()
    expect(shipments.get_by_role("button", name=re.compile("^Print packing slip"))).to_have_count(1)


def test_ship1_a_part_that_left_and_the_rest_with_one_more_click(order: Order, window: Callable[..., Page]) -> None:
    page = window(order())
    shipments = page.get_by_role("region", name="Shipments")
    button(shipments, "Part shipment").click()
    dialog = page.get_by_role("dialog", name="Part shipment")
    dialog.get_by_role("textbox", name="Quantity of BOOK-7").fill("1")
    dialog.get_by_role("textbox", name="Tracking number").fill("JD0146000062812307")
    dialog.get_by_role("checkbox", name="Shipped").check()
    button(dialog, "Create").click()

    expect(notice(page, "shipped.")).to_be_visible()
    expect(page.get_by_text("Part shipped")).to_be_visible()
    button(shipments, "Part shipment").click()
    expect(dialog.get_by_role("textbox", name="Quantity of MUG-01")).to_have_accessible_description("of 2")
    expect(dialog.get_by_role("textbox", name="Quantity of BOOK-7")).to_have_count(0)
    page.keyboard.press("Escape")
    button(page, "Shipped").click()
    expect(notice(page, "Order shipped.")).to_be_visible()
    expect(button(shipments, "Part shipment")).to_be_disabled()
    expect(button(shipments, "Part shipment")).to_have_accessible_description("Everything has been shipped.")
    page.get_by_role("tab", name="History").click()
    history = page.get_by_role("tabpanel", name="History")
    expect(history.get_by_text(re.compile("moved 1 piece from shipment L-.* to the new shipment L-"))).to_be_visible()


def test_ship1_two_open_shipments_are_told_apart_and_merged(order: Order, window: Callable[..., Page]) -> None:
    page = window(order(lines=[GOODS[0] | {"quantity": "4"}], total="84.70"), "warehouse@demo.test")
    shipments = page.get_by_role("region", name="Shipments")
    dialog = page.get_by_role("dialog", name="Part shipment")
    button(shipments, "Part shipment").click()
    dialog.get_by_role("textbox", name="Quantity of MUG-01").fill("2")
    button(dialog, "Create").click()
    expect(shipments.get_by_role("listitem")).to_have_count(2)

    button(shipments, "Part shipment").click()
    which = dialog.get_by_role("combobox", name="Part of shipment")
    expect(which.get_by_role("option")).to_have_count(2)
    first, second = which.get_by_role("option").all_text_contents()
    dialog.get_by_role("textbox", name="Quantity of MUG-01").fill("1")
    which.select_option(second)
    expect(which).to_have_value(second)
    expect(dialog.get_by_role("textbox", name="Quantity of MUG-01")).to_have_value("0")
    page.keyboard.press("Escape")
    button(shipments, f"Edit shipment {second}").click()
    button(page.get_by_role("dialog", name=f"Edit shipment {second}"), f"Merge into {first}").click()

    expect(notice(page, f"Shipment {second} was merged into {first}.")).to_be_visible()
    expect(shipments.get_by_text("4 × Becher, blau")).to_be_visible()


def test_w1_an_address_is_edited_and_focus_returns_to_its_button(order: Order, window: Callable[..., Page]) -> None:
    page = window(order())
    edit = button(page.get_by_role("region", name="Billing address"), "Edit")
    edit.click()
    dialog = page.get_by_role("dialog", name="Edit", exact=True)
    expect(dialog.get_by_role("textbox", name="Name")).to_be_focused()

    expect(dialog.get_by_text(re.compile("^The issued invoice RE-.* keeps the address it was issued with."))).to_be_visible()
    dialog.get_by_role("textbox", name="Country code").fill("XX")
    button(dialog, "Save").click()
    expect(dialog.get_by_role("textbox", name="Country code")).to_have_accessible_description("“XX” is no country code such as DE.")
    dialog.get_by_role("textbox", name="Country code").fill("AT")
    button(dialog, "Save").click()

    expect(notice(page, "keeps the address it was issued with.")).to_be_visible()
    expect(page.get_by_role("region", name="Billing address").get_by_text("Austria")).to_be_visible()
    expect(edit).to_be_focused()
    edit.press("Enter")
    expect(dialog.get_by_role("textbox", name="Name")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(edit).to_be_focused()


def test_w8_a_mail_to_the_customer_is_previewed_and_sent(order: Order, window: Callable[..., Page]) -> None:
    page = window(order())
    button(page, "Customer mail").click()
    dialog = page.get_by_role("dialog", name="Customer mail")

    dialog.get_by_role("textbox", name="Subject").fill("Zu Ihrer Frage")
    dialog.get_by_role("textbox", name="Message").fill("Der Becher ist blau.")
    expect(dialog.get_by_role("combobox", name="Language")).to_have_value("de")
    expect(dialog.get_by_role("region", name="Preview")).to_contain_text("Der Becher ist blau.")
    page.keyboard.press("Escape")
    button(page, "Customer mail").click()
    expect(dialog.get_by_role("textbox", name="Message")).to_have_value("Der Becher ist blau.")
    button(dialog, "Send").click()

    expect(notice(page, "Mail written.")).to_be_visible()
    expect(dialog).to_be_hidden()


def test_w13_on_hold_stops_shipping_until_it_is_resumed(order: Order, window: Callable[..., Page]) -> None:
    page = window(order())
    button(page, "On hold").click()
    dialog = page.get_by_role("dialog", name="On hold")
    dialog.get_by_role("textbox", name="Reason").fill("waits for the colour")
    button(dialog, "On hold").click()

    expect(button(page, "Shipped")).to_have_accessible_description("The order is on hold. Resume it first.")
    button(page, "Resume").click()
    expect(button(page, "Shipped")).to_be_enabled()
    expect(button(page, "On hold")).to_be_visible()


def test_sec4_the_warehouse_sees_goods_and_no_money(order: Order, window: Callable[..., Page]) -> None:
    page = window(order(), "warehouse@demo.test")

    expect(button(page, "Shipped")).to_be_enabled()
    expect(page.get_by_role("region", name="Payment")).to_have_count(0)
    expect(page.get_by_role("tab", name="Invoices")).to_have_count(0)
    assert "€" not in page.locator("body").inner_text()


def test_w_who_sees_no_money_has_the_goods_first(order: Order, window: Callable[..., Page]) -> None:
    page = window(order(), "warehouse@demo.test")

    blocks = page.get_by_role("tabpanel").get_by_role("heading", level=2).all_inner_texts()

    assert blocks[:4] == ["Shipping address", "Shipping method", "Shipments", "Billing address"]


def test_t_on_a_phone_the_tab_is_in_sight_and_says_what_lies_in_a_shipment(order: Order, window: Callable[..., Page]) -> None:
    page = window(number := order(), "warehouse@demo.test")
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"/orders/{number}/shipments")

    shipments = page.get_by_role("tabpanel", name="Shipments")
    expect(shipments.get_by_text("2 × Becher, blau")).to_be_visible()
    expect(page.get_by_role("tab", name="Shipments")).to_be_in_viewport(ratio=1)
    page.get_by_role("tab", name="Products").click()
    expect(page.get_by_role("tabpanel", name="Products").get_by_role("row").nth(1)).to_be_visible()


def test_sec2_a_reader_has_no_buttons_that_change_anything(order: Order, window: Callable[..., Page]) -> None:
    page = window(order(), "reader@demo.test")

    expect(button(page, "Print invoices")).to_be_enabled()
    for name in ("Paid", "Not paid", "Shipped", "Part shipment", "Edit", "On hold", "Customer mail"):
        expect(button(page, name)).to_have_count(0)


def test_t_tabs_are_addresses_and_back_goes_back(order: Order, window: Callable[..., Page]) -> None:
    number = order()
    page = window(number)
    for name, last in (("Products", "products"), ("Invoices", "invoices"), ("Shipments", "shipments"), ("Customer", "customer")):
        page.get_by_role("tab", name=name).click()
        expect(page.get_by_role("tabpanel", name=name)).to_be_visible()
        assert page.url.endswith(f"/orders/{number}/{last}")

    page.go_back()

    expect(page.get_by_role("tab", name="Shipments")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tabpanel", name="Shipments")).to_be_visible()


def test_wcag_2_1_4_single_keys_act_outside_of_fields_only(order: Order, window: Callable[..., Page]) -> None:
    page = window(order())
    page.get_by_role("textbox", name="Tracking number").press_sequentially("sp1")
    expect(page.get_by_role("textbox", name="Tracking number")).to_have_value("sp1")
    expect(button(page, "Shipped")).to_be_enabled()

    page.get_by_role("heading", level=1).click()
    page.keyboard.press("?")
    expect(page.get_by_role("group", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("group", name="Keyboard shortcuts")).to_be_hidden()
    page.keyboard.press("p")

    expect(notice(page, "Payment booked.")).to_be_visible()


def test_w16_a_colleagues_change_shows_without_reload_and_typed_text_stays(
    order: Order, window: Callable[..., Page], context: BrowserContext
) -> None:
    number = order()
    mine = window(number)
    mine.get_by_role("textbox", name="Tracking number").fill("half typed")
    other = context.new_page()
    other.goto(f"/orders/{number}")
    button(other, "Paid").click()

    expect(button(mine, "Paid")).to_be_disabled()
    expect(mine.get_by_role("textbox", name="Tracking number")).to_have_value("half typed")


def test_l1_the_language_is_switched_in_place_and_typed_text_stays(order: Order, window: Callable[..., Page]) -> None:
    page = window(order(), "staff@demo.test")
    page.get_by_role("textbox", name="Tracking number").fill("half typed")
    page.get_by_role("button", name=re.compile("Staff")).click()
    button(page, "Deutsch").click()

    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("main input[name=tracking]")).to_have_value("half typed")
    button(page, "English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_w_a_number_that_is_none_says_what_to_do(page: Page) -> None:
    sign_in(page)
    page.goto("/orders/0")

    expect(page.get_by_text("There is no order of this number.")).to_be_visible()


def test_wcag_1_4_10_no_width_scrolls_the_page_sideways(order: Order, window: Callable[..., Page]) -> None:
    page = window(order())
    wide = []
    for width in (320, 390, 640, 1024, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for tab in TABS:
            page.get_by_role("tab", name=tab).click()
            expect(page.get_by_role("tabpanel", name=tab)).to_be_visible()
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                wide.append((width, tab))
    assert wide == []


def test_wcag_2_5_8_targets_are_large_enough(order: Order, window: Callable[..., Page]) -> None:
    page = window(order())
    small = page.evaluate(
        """[...document.querySelectorAll('button, a, input, select')]
            .filter(e => e.checkVisibility() && !e.closest('.skip') && !e.classList.contains('skip'))
            .map(e => [e.ariaLabel || e.textContent, e.getBoundingClientRect()])
            .filter(([name, box]) => box.width < 23.5 || box.height < 23.5).map(([name]) => name)"""
    )
    assert small == []


@pytest.mark.parametrize("width", [390, 1280])
def test_wcag_2_4_11_what_has_the_focus_is_never_covered(order: Order, window: Callable[..., Page], width: int) -> None:
    page = window(order())
    page.set_viewport_size({"width": width, "height": 600})
    page.locator("main").focus()
    covered = []
    for _ in range(40):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => { const e = document.activeElement; if (e === document.body) return null; const b = e.getBoundingClientRect();
                const top = document.elementFromPoint(b.left + b.width / 2, b.top + b.height / 2);
                return [e.ariaLabel || e.textContent || e.name, !!top && (e.contains(top) || top.contains(e))]; }"""
        )
        if found is None:
            break
        if not found[1]:
            covered.append(found[0])
    assert covered == []


def test_wcag_axe_finds_nothing(order: Order, window: Callable[..., Page]) -> None:
    page = window(order())
    found = []
    for tab in TABS:
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tabpanel", name=tab)).to_be_visible()
        found += [(tab, scheme, *problem) for scheme in ("light", "dark") for problem in problems(page, scheme)]
    page.get_by_role("tab", name="Order", exact=True).click()
    button(page.get_by_role("region", name="Billing address"), "Edit").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    found += [("dialog", "light", *problem) for problem in problems(page, "light")]
    page.keyboard.press("Escape")
    button(page, "Part shipment").click()
    expect(page.get_by_role("dialog", name="Part shipment")).to_be_visible()
    button(page.get_by_role("dialog"), "Create").click()
    expect(page.get_by_role("alert").filter(has_text="Say of one line")).to_be_visible()
    found += [("part shipment", scheme, *problem) for scheme in ("light", "dark") for problem in problems(page, scheme)]
    assert found == []


def problems(page: Page, scheme: Any) -> list[tuple[str, list[str]]]:
    """What axe finds on the page as it stands: rule and places."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    return [(found["id"], [node["html"][:120] for node in found["nodes"][:3]]) for found in Axe().run(page).response["violations"]]
