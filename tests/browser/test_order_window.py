"""The order window as a person uses it: by role and name (W, T), with the keyboard alone."""

import re
from itertools import count

import pytest
from browsing import Order, Window, button, notice
from playwright.sync_api import BrowserContext, Page, expect
from serving import sign_in

pytestmark = pytest.mark.browser
FRESH = count(1)


def test_w2_paid_books_at_once_and_undo_takes_it_back(order: Order, window: Window) -> None:
    page = window(order())
    expect(button(page, "Not paid")).to_be_disabled()
    expect(button(page, "Not paid")).to_have_accessible_description("Nothing was booked by hand.")

    button(page, "Paid").click()

    expect(notice(page, "Payment booked.")).to_be_visible()
    expect(button(page, "Paid")).to_be_disabled()
    expect(button(page, "Paid")).to_have_accessible_description("Nothing is open.")
    notice(page, "Payment booked.").get_by_role("button", name="Undo").click()
    expect(notice(page, "The payment of €64.80 was taken back.")).to_be_visible()
    expect(button(page, "Paid")).to_be_enabled()


def test_w2_a_payment_that_the_provider_took_says_why_it_stays(order: Order, window: Window) -> None:
    took = {
        "state": "paid",
        "paid_at": "2026-11-20T18:05:02+01:00",
        "provider_reference": f"tr_{next(FRESH)}",
    }
    page = window(order(payment={"method": "ideal", "name": "iDEAL", **took}))

    expect(button(page, "Not paid")).to_be_disabled()
    expect(
        page.get_by_text("iDEAL took the money at once, so the order can't be marked as not paid.")
    ).to_be_visible()


def test_w2_the_arrow_asks_date_amount_and_method(order: Order, window: Window) -> None:
    page = window(order())
    button(page, "Paid with date and amount").click()
    dialog = page.get_by_role("dialog", name="Paid with date and amount")

    dialog.get_by_role("textbox", name="Amount").fill("a lot")
    button(dialog, "Paid").click()
    expect(dialog.get_by_role("textbox", name="Amount")).to_have_accessible_description(
        re.compile("not an amount such as €1,234.50")
    )
    dialog.get_by_role("textbox", name="Amount").fill("14.80")
    button(dialog, "Paid").click()

    expect(notice(page, "€50.00 are still open.")).to_be_visible()
    expect(dialog).to_be_hidden()


def test_t7_the_history_is_narrowed_to_a_kind_and_the_address_keeps_it(order: Order, window: Window) -> None:
    number = order()
    page = window(number)
    button(page, "Paid").click()
    expect(notice(page, "Payment booked.")).to_be_visible()
    page.get_by_role("tab", name=re.compile(r"^History \d+$")).click()
    history, kinds = page.get_by_role("list", name="History"), page.get_by_role("navigation", name="Kind")
    booked, came_in = (
        history.get_by_text(re.compile("booked a payment of")),
        history.get_by_text(re.compile("The order came in from")),
    )
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


def test_w1_an_address_is_edited_and_focus_returns_to_its_button(order: Order, window: Window) -> None:
    page = window(order())
    edit = button(page.get_by_role("region", name="Billing address"), "Edit")
    edit.click()
    dialog = page.get_by_role("dialog", name="Edit", exact=True)
    expect(dialog.get_by_role("textbox", name="Name")).to_be_focused()

    expect(
        dialog.get_by_text(re.compile("^The issued invoice RE-.* keeps the address it was issued with."))
    ).to_be_visible()
    dialog.get_by_role("textbox", name="Name").fill("")
    dialog.get_by_role("textbox", name="Postcode").fill("1" * 21)
    button(dialog, "Save").click()
    expect(dialog.get_by_role("textbox", name="Name")).to_have_accessible_description(
        "A name or a company is needed."
    )
    expect(dialog.get_by_role("textbox", name="Postcode")).to_have_accessible_description(
        "Has more than 20 characters."
    )
    dialog.get_by_role("textbox", name="Name").fill("Ada Kovač")
    dialog.get_by_role("textbox", name="Postcode").fill("1010")
    dialog.get_by_role("combobox", name="Country").select_option("Austria")
    button(dialog, "Save").click()

    expect(notice(page, "keeps the address it was issued with.")).to_be_visible()
    expect(page.get_by_role("region", name="Billing address").get_by_text("Austria")).to_be_visible()
    expect(edit).to_be_focused()
    edit.press("Enter")
    expect(dialog.get_by_role("textbox", name="Name")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(edit).to_be_focused()


def test_w8_a_mail_to_the_customer_is_previewed_and_sent(order: Order, window: Window) -> None:
    page = window(order())
    button(page, "Customer mail").click()
    dialog = page.get_by_role("dialog", name="Customer mail")

    dialog.get_by_role("textbox", name="Subject").press_sequentially("Zu Ihrer Frage")
    dialog.get_by_role("textbox", name="Message").press_sequentially("Der Becher ist blau.")
    expect(dialog.get_by_role("combobox", name="Language")).to_have_value("de")
    expect(dialog.get_by_role("region", name="Preview")).to_contain_text("Der Becher ist blau.")
    expect(dialog.get_by_text("Zu Ihrer Frage")).to_be_visible()
    page.keyboard.press("Escape")
    button(page, "Customer mail").click()
    expect(dialog.get_by_role("textbox", name="Subject")).to_have_value("Zu Ihrer Frage")
    expect(dialog.get_by_role("textbox", name="Message")).to_have_value("Der Becher ist blau.")
    button(dialog, "Send").click()

    expect(notice(page, "ada.kovac@example.com")).to_be_visible()
    expect(dialog).to_be_hidden()


def test_w13_on_hold_stops_shipping_until_it_is_resumed(order: Order, window: Window) -> None:
    page = window(order())
    button(page, "On hold").click()
    dialog = page.get_by_role("dialog", name="On hold")
    dialog.get_by_role("textbox", name="Reason").fill("waits for the colour")
    button(dialog, "On hold").click()

    expect(button(page, "Shipped")).to_have_accessible_description(
        re.compile(r"The order is on hold\. Resume it first")
    )
    button(page, "Resume").click()
    expect(button(page, "Shipped")).to_be_enabled()
    expect(button(page, "On hold")).to_be_visible()


def test_sec2_a_reader_has_no_buttons_that_change_anything(order: Order, window: Window) -> None:
    page = window(order(), "reader@demo.test")

    expect(button(page, "Print invoices")).to_be_enabled()
    for name in ("Paid", "Not paid", "Shipped", "Part shipment", "Edit", "On hold", "Customer mail"):
        expect(button(page, name)).to_have_count(0)


def test_t_tabs_are_addresses_and_back_goes_back(order: Order, window: Window) -> None:
    number = order()
    page = window(number)
    for name, last in (
        ("Products", "products"),
        ("Invoices", "invoices"),
        ("Shipments", "shipments"),
        ("Customer", "customer"),
    ):
        page.get_by_role("tab", name=name).click()
        expect(page.get_by_role("tabpanel", name=name)).to_be_visible()
        assert page.url.endswith(f"/orders/{number}/{last}")

    page.go_back()

    expect(page.get_by_role("tab", name="Shipments")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tabpanel", name="Shipments")).to_be_visible()


def test_wcag_2_1_4_single_keys_act_outside_of_fields_only(order: Order, window: Window) -> None:
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
    order: Order, window: Window, context: BrowserContext
) -> None:
    number = order()
    mine = window(number)
    mine.get_by_role("textbox", name="Tracking number").fill("half typed")
    other = context.new_page()
    other.goto(f"/orders/{number}")
    button(other, "Paid").click()

    expect(button(mine, "Paid")).to_be_disabled()
    expect(mine.get_by_role("textbox", name="Tracking number")).to_have_value("half typed")


def test_l1_the_language_is_switched_in_place_and_typed_text_stays(order: Order, window: Window) -> None:
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


def test_w12_what_the_customer_wished_is_seen_where_it_is_packed(order: Order, window: Window) -> None:
    line = {
        "sku": "CUP",
        "name": "Cup",
        "options": "Engraving: For Gran\nColour: red",
        "quantity": "1",
        "unit_price": "9.00",
        "vat_rate": "19",
    }
    number = order(
        lines=[line], shipping=None, total="9.00", options="Day: 2026-12-20", tags=["Call first", "VIP"]
    )
    page = window(number, "warehouse@demo.test")

    expect(page.get_by_role("heading", name="Details from the checkout")).to_be_visible()
    expect(page.get_by_text("Day: 2026-12-20")).to_be_visible()
    expect(page.get_by_role("table", name="Products").get_by_text("Engraving: For Gran")).to_be_visible()
    page.get_by_role("tab", name=re.compile("^Customer")).click()
    expect(page.get_by_text("Call first, VIP")).to_be_visible()


PREPAID = {"method": "prepaid", "name": "Prepayment", "state": "open"}
PICKUP = {"method": "pickup", "name": "Pick-up in the shop", "price": "4.90", "vat_rate": "19"}


def test_c14_an_unpaid_prepayment_order_asks_before_it_ships(order: Order, window: Window) -> None:
    page = window(order(payment=PREPAID))
    expect(button(page, "Paid")).to_have_class(re.compile("btn-solid"))
    expect(button(page, "Shipped")).not_to_have_class(re.compile("btn-solid"))
    page.get_by_role("textbox", name="Tracking number").fill("JD01")
    button(page, "Shipped").click()
    dialog = page.get_by_role("dialog", name="Shipped")
    expect(
        dialog.get_by_text("The order is not paid: €64.80 are open. Ship it all the same?")
    ).to_be_visible()
    button(dialog, "Cancel").click()
    expect(dialog).to_be_hidden()
    expect(button(page, "Shipped")).to_be_enabled()
    expect(page.get_by_role("textbox", name="Tracking number")).to_have_value("JD01")
    button(page, "Shipped").click()
    button(dialog, "Shipped").click()
    expect(notice(page, "Order shipped.")).to_be_visible()
    expect(page.get_by_role("region", name="Shipments").get_by_text("JD01")).to_be_visible()


def test_c9_a_mail_can_be_left_out_and_the_notice_says_where_one_goes(order: Order, window: Window) -> None:
    page = window(order())
    payment = page.get_by_role("region", name="Payment")
    expect(payment.get_by_text("ada.kovac@example.com")).to_be_visible()
    payment.get_by_role("checkbox", name="Notify customer").uncheck()
    button(page, "Paid").click()
    expect(notice(page, "Payment booked.")).to_be_visible()
    expect(notice(page, "ada.kovac@example.com")).to_have_count(0)
    button(page, "Shipped").click()
    expect(notice(page, "ada.kovac@example.com")).to_be_visible()


def test_c10_one_of_two_payments_is_taken_back_and_more_is_asked(order: Order, window: Window) -> None:
    page = window(order())
    for amount in ("10", "15"):
        button(page, "Paid with date and amount").click()
        dialog = page.get_by_role("dialog", name="Paid with date and amount")
        dialog.get_by_role("textbox", name="Amount").fill(amount)
        button(dialog, "Paid").click()
        expect(dialog).to_be_hidden()
    button(page, "Not paid").click()
    asked = page.get_by_role("dialog", name="Not paid")
    expect(
        asked.get_by_text("All 2 payments that were booked by hand are taken back: €25.00 together. Go on?")
    ).to_be_visible()
    button(asked, "Cancel").click()
    page.get_by_text("2 bookings").click()
    button(page, "Take back the payment of €15.00").click()
    expect(notice(page, "The payment of €15.00 was taken back.")).to_be_visible()
    payments = page.get_by_role("list", name="Payments")
    expect(payments.get_by_role("listitem")).to_have_count(2)
    expect(payments.get_by_text(re.compile("taken back on"))).to_have_count(1)


def test_c12_more_than_is_open_is_asked_in_the_dialog_and_shown(order: Order, window: Window) -> None:
    page = window(order())
    button(page, "Paid with date and amount").click()
    dialog = page.get_by_role("dialog", name="Paid with date and amount")
    dialog.get_by_role("textbox", name="Amount").fill("70")
    button(dialog, "Paid").click()
    expect(dialog.get_by_role("alert")).to_have_text(
        "€70.00 is €5.20 more than is open. Book it all the same?"
    )
    button(dialog, "Paid").click()
    expect(dialog).to_be_hidden()
    block = page.get_by_role("region", name="Payment")
    expect(block.get_by_text("€5.20 too much")).to_be_visible()

    button(block, "Keep as credit").click()
    dialog = page.get_by_role("dialog", name="Keep as credit")
    expect(dialog.get_by_role("textbox", name="Amount")).to_have_value(re.compile(r"5\.20"))
    button(dialog, "Keep as credit").click()
    expect(page.get_by_role("region", name="Customer").get_by_text("Credit €5.20")).to_be_visible()
    block.get_by_text("2 bookings").click()
    button(block, "Take the credit back: −€5.20").click()
    expect(block.get_by_text("€5.20 too much")).to_be_visible()


def test_pay2_what_is_too_much_moves_to_another_order_and_a_charge_back_is_won(
    order: Order, window: Window
) -> None:
    other = order()
    page = window(order())
    button(page, "Paid with date and amount").click()
    dialog = page.get_by_role("dialog", name="Paid with date and amount")
    dialog.get_by_role("textbox", name="Amount").fill("70")
    button(dialog, "Paid").click()
    expect(dialog.get_by_role("alert")).to_have_text(re.compile("Book it all the same"))
    button(dialog, "Paid").click()
    expect(dialog).to_be_hidden()

    block = page.get_by_role("region", name="Payment")
    for tick in (False, True):
        button(block, "Record refund").click()
        dialog = page.get_by_role("dialog", name="Record refund")
        dialog.get_by_role("textbox", name="Amount").fill("1")
        dialog.get_by_role("combobox", name="State").select_option("asked")
        button(dialog, "Record refund").click()
        expect(dialog).to_be_hidden()
        block.get_by_role("list", name="Refunds").get_by_role("checkbox", name="Notify customer").set_checked(
            tick
        )
        button(block, "Refund of €1.00: Note as done").click()
        expect(block.get_by_role("list", name="Refunds").get_by_role("checkbox")).to_have_count(0)
        expect(notice(page, "ada.kovac@example.com")).to_have_count(int(tick))
    for n in range(2):
        button(block, "Refund of €1.00: Note as failed").nth(0).click()
        question = page.get_by_role("dialog", name="Settle refund")
        button(question, "Settle refund").click()
        expect(button(block, "Refund of €1.00: Note as failed")).to_have_count(1 - n)

    button(block, "Move to another order").click()
    dialog = page.get_by_role("dialog", name="Move to another order")
    expect(dialog.get_by_role("textbox", name="Amount")).to_have_value(re.compile(r"5\.20"))
    dialog.get_by_role("combobox", name="Goes to order").select_option(other)
    button(dialog, "Move to another order").click()
    expect(notice(page, f"€5.20 moved to order {other}.")).to_be_visible()
    block.get_by_text(re.compile(r"^\d bookings$")).click()
    expect(block.get_by_role("link", name=f"to order {other}")).to_be_visible()

    button(block, "Charge-back").click()
    dialog = page.get_by_role("dialog", name="Charge-back")
    dialog.get_by_role("textbox", name="Amount").fill("10")
    dialog.get_by_role("textbox", name="Reason").fill("Not authorised")
    button(dialog, "Note charge-back").click()
    expect(notice(page, "Charge-back of €10.00 noted. €10.00 are open now.")).to_be_visible()
    expect(page.get_by_text("Charged back").first).to_be_visible()
    expect(block.get_by_text("Not authorised")).to_be_visible()
    block.get_by_role("button", name=re.compile("^Charge-back won:")).click()
    expect(notice(page, "€10.00 came back.")).to_be_visible()
    expect(block.get_by_text("Nothing open")).to_be_visible()


def test_ret4_a_withdrawal_by_phone_is_taken_down_with_its_clock(order: Order, window: Window) -> None:
    page = window(order())
    block = page.get_by_role("region", name="Returns")
    button(block, "Withdrawal").click()
    dialog = page.get_by_role("dialog", name="Withdrawal of the customer")
    dialog.get_by_role("textbox", name="What the customer declared").fill("I withdraw.")
    button(dialog, "Note withdrawal").click()
    expect(notice(page, "Withdrawal R")).to_be_visible()
    expect(block.get_by_text(re.compile(r"^Refund by .*, 14 days left\.$"))).to_be_visible()
    page.goto("/returns")
    expect(page.get_by_role("cell", name="Withdrawal").first).to_be_visible()


def test_c4_a_pickup_order_is_ready_and_picked_up(order: Order, window: Window) -> None:
    page = window(order(shipping=PICKUP))
    expect(page.get_by_role("textbox", name="Tracking number")).to_have_count(0)
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("s")
    expect(notice(page, "The order is ready for pick-up.")).to_be_visible()
    expect(button(page, "Ready for pick-up")).to_be_disabled()
    button(page, "Picked up").click()
    expect(notice(page, "The order was picked up.")).to_be_visible()
    expect(page.get_by_role("region", name="Shipments").get_by_text("Picked up", exact=True)).to_be_visible()


def test_c2_a_wrong_shipped_is_taken_back_in_the_dialog_of_its_shipment(order: Order, window: Window) -> None:
    page = window(order())
    button(page, "Shipped").click()
    expect(button(page, "Shipped")).to_be_disabled()
    page.get_by_role("region", name="Shipments").get_by_role(
        "button", name=re.compile("^Edit shipment")
    ).click()
    button(page.get_by_role("dialog"), "Not shipped").click()
    expect(notice(page, "is not shipped.")).to_be_visible()
    expect(button(page, "Shipped")).to_be_enabled()


def test_c15_what_was_typed_into_an_address_and_a_tracking_number_is_there_again(
    order: Order, window: Window
) -> None:
    page = window(order())
    page.get_by_role("textbox", name="Tracking number").fill("0034")
    page.get_by_role("tab", name="History").click()
    expect(page.get_by_role("tabpanel", name="History")).to_be_visible()
    page.get_by_role("tab", name="Order").click()
    expect(page.get_by_role("textbox", name="Tracking number")).to_have_value("0034")
    edit = button(page.get_by_role("region", name="Billing address"), "Edit")
    edit.click()
    dialog = page.get_by_role("dialog", name="Edit", exact=True)
    dialog.get_by_role("textbox", name="Town").fill("Bremen")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("What you typed here and did not save is kept.")).to_be_visible()
    edit.click()
    expect(dialog.get_by_role("textbox", name="Town")).to_have_value("Bremen")
    button(dialog, "Discard").click()
    expect(dialog).to_be_hidden()
    edit.click()
    expect(dialog.get_by_role("textbox", name="Town")).to_have_value("Berlin")


def test_c25_j_and_k_go_through_the_orders(order: Order, window: Window) -> None:
    first, second = order(), order()
    page = window(first)
    expect(page.get_by_role("link", name="Previous order")).to_be_visible()
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("k")
    expect(page.get_by_role("heading", level=1, name=f"Order {second}")).to_be_visible()
    expect(page.get_by_role("link", name="Next order")).to_have_attribute("href", re.compile(first))
    page.keyboard.press("j")
    expect(page.get_by_role("heading", level=1, name=f"Order {first}")).to_be_visible()


def test_w8_a_customer_without_a_name_is_called_by_their_company(order: Order, window: Window) -> None:
    firm = {
        "company": "Beispiel GmbH",
        "street": "Industriestr. 5",
        "postcode": "70565",
        "city": "Stuttgart",
        "country": "DE",
    }
    page = window(
        order(customer={"email": "einkauf@example.com", "company": "Beispiel GmbH"}, billing_address=firm)
    )

    block = page.get_by_role("region", name="Customer", exact=True)
    expect(block.get_by_text("Beispiel GmbH", exact=True)).to_be_visible()
    expect(block.get_by_text("·")).to_have_count(1)  # between the number of their orders and the sum
