"""What is packed, printed and shipped in the order window (W-3, W-5, W-6, SHIP-1), and what the warehouse sees."""

import re
from collections.abc import Callable

import pytest
from browsing import Order, Window, button, notice
from playwright.sync_api import Response, expect
from serving import GOODS

pytestmark = pytest.mark.browser


def is_file(part: str) -> Callable[[Response], bool]:
    """Whether an answer is that to the GET of a file, to which printing leads."""
    return lambda answer: part in answer.url and answer.request.method == "GET"


def test_w3_print_invoices_opens_one_pdf_in_the_chosen_language(order: Order, window: Window) -> None:
    number = order()
    page = window(number)
    page.get_by_role("combobox", name="Invoice language").select_option(label="French")

    with (
        page.context.expect_page() as opened,
        page.context.expect_event("response", is_file("/invoices.pdf")) as caught,
    ):
        button(page, "Print invoices").click()

    assert opened.value != page
    assert caught.value.url.endswith(f"/orders/{number}/invoices.pdf?language=fr")
    assert (caught.value.status, caught.value.headers["content-type"]) == (200, "application/pdf")


def test_w5_a_tracking_number_and_shipped_and_the_history_tells_it(order: Order, window: Window) -> None:
    page = window(order())

    page.get_by_role("textbox", name="Tracking number").fill("00340434161094021501")
    button(page, "Shipped").click()

    expect(notice(page, "Order shipped.")).to_be_visible()
    expect(button(page, "Shipped")).to_be_disabled()
    expect(button(page, "Shipped")).to_have_accessible_description("Everything has been shipped.")
    page.get_by_role("tab", name="History").click()
    history = page.get_by_role("tabpanel", name="History")
    expect(
        history.get_by_text(
            re.compile("shipped 3 pieces in shipment .* with the tracking number 00340434161094021501")
        )
    ).to_be_visible()
    expect(history.get_by_text(re.compile("The order came in from my-shop"))).to_be_visible()


def test_w6_a_shipment_is_edited_in_its_dialog_and_its_packing_slip_printed(
    order: Order, window: Window
) -> None:
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
    with (
        page.context.expect_page() as opened,
        page.context.expect_event("response", is_file("/packing-slips/")) as caught,
    ):
        button(page, name.replace("Edit shipment", "Print packing slip")).click()
    assert opened.value != page
    assert (caught.value.status, caught.value.headers["content-type"]) == (200, "application/pdf")


def test_t4_a_wrong_tracking_number_is_mended_where_the_shipments_of_the_order_are(
    order: Order, window: Window
) -> None:
    page = window(order())
    page.get_by_role("textbox", name="Tracking number").fill("0034 0434 1610")
    button(page, "Shipped").click()
    expect(notice(page, "Order shipped.")).to_be_visible()
    page.get_by_role("tab", name="Shipments").click()
    panel = page.get_by_role("tabpanel", name="Shipments")
    expect(panel.get_by_text("003404341610")).to_be_visible()

    opener = panel.get_by_role("button", name=re.compile("^Edit shipment L-"))
    opener.click()
    dialog = page.get_by_role("dialog", name=re.compile("^Edit shipment L-"))
    dialog.get_by_role("textbox", name="Tracking number").fill("0034 0434 1611")
    button(dialog, "Save").click()

    expect(notice(page, "Tracking number saved.")).to_be_visible()
    expect(panel.get_by_text("003404341611")).to_be_visible()
    expect(opener).to_be_focused()


def test_ship1_a_part_leaves_in_a_shipment_of_its_own_and_undo_puts_it_back(
    order: Order, window: Window
) -> None:
    page = window(order())
    shipments = page.get_by_role("region", name="Shipments")
    opener = button(shipments, "Part shipment")
    opener.click()
    dialog = page.get_by_role("dialog", name="Part shipment")
    mugs = dialog.get_by_role("textbox", name="Quantity of MUG-01")
    expect(mugs).to_be_focused()
    expect(mugs).to_have_value("0")
    expect(mugs).to_have_accessible_description("of 2")

    expect(dialog).to_have_accessible_description(re.compile(r"The rest stays in shipment \S+\d\.$"))
    button(dialog, "Create").click()
    expect(dialog.get_by_role("alert")).to_have_text(
        "Say of one line at least how much goes into the new shipment."
    )
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
    expect(shipments.get_by_text(re.compile("^Merged into L-"))).to_be_visible()
    expect(shipments.get_by_role("button", name=re.compile("^Print packing slip"))).to_have_count(1)


def test_ship1_a_part_that_left_and_the_rest_with_one_more_click(order: Order, window: Window) -> None:
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
    expect(
        history.get_by_text(re.compile("moved 1 piece from shipment L-.* to the new shipment L-"))
    ).to_be_visible()


def test_ship1_two_open_shipments_are_told_apart_and_merged(order: Order, window: Window) -> None:
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


def test_sec4_the_warehouse_sees_goods_and_no_money(order: Order, window: Window) -> None:
    page = window(order(), "warehouse@demo.test")

    expect(button(page, "Shipped")).to_be_enabled()
    expect(page.get_by_role("region", name="Payment")).to_have_count(0)
    expect(page.get_by_role("tab", name="Invoices")).to_have_count(0)
    assert "€" not in page.locator("body").inner_text()


def test_w_who_sees_no_money_has_the_goods_first(order: Order, window: Window) -> None:
    page = window(order(), "warehouse@demo.test")

    def left_of(title: str) -> float:
        box = page.get_by_role("region", name=title, exact=True).bounding_box()
        assert box is not None
        return box["x"]

    assert left_of("Shipping address") < left_of("Billing address")
    for title in ("Payment", "Invoices"):
        expect(page.get_by_role("region", name=title, exact=True)).to_have_count(0)


def test_t_on_a_phone_the_tab_is_in_sight_and_says_what_lies_in_a_shipment(
    order: Order, window: Window
) -> None:
    page = window(number := order(), "warehouse@demo.test")
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"/orders/{number}/shipments")

    shipments = page.get_by_role("tabpanel", name="Shipments")
    expect(shipments.get_by_text("2 × Becher, blau")).to_be_visible()
    expect(page.get_by_role("tab", name="Shipments")).to_be_in_viewport(ratio=1)
    page.get_by_role("tab", name="Products").click()
    expect(page.get_by_role("tabpanel", name="Products").get_by_role("row").nth(1)).to_be_visible()
