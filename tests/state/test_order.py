"""The order window's handlers: right, one domain call, a view for who looks (W, SEC-4)."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import reflex as rx
from databases import BEN, OWNER, READER, WAREHOUSE, TestShop
from order_tab import Tab, key_of, told
from saying_yes import say_yes
from sqlmodel import select
from substates import substate

import backoffice_app.backoffice_app  # noqa: F401  # the routes and with them their parts
from backoffice_app.domain.core.actions import Done, Undo, perform
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.core.work import AFTER_COMMIT, work
from backoffice_app.domain.listing import Place
from backoffice_app.domain.mail.facts import MailFailed
from backoffice_app.domain.mail.outbox import record
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.orders.actions import FIELDS
from backoffice_app.domain.window.blocks.addresses import AddressDialogView, country_options
from backoffice_app.domain.window.blocks.history import HistoryTab
from backoffice_app.i18n import _
from backoffice_app.models import Order, OutboxMail
from backoffice_app.state import notices
from backoffice_app.state.base import RUNNING


@pytest.fixture(autouse=True)
def nobody_afterwards() -> Iterator[None]:
    yield
    RUNNING.set(None)


def test_w5_shipped_tells_it_offers_undo_and_shows_the_new_state(small_shop: TestShop) -> None:
    order = small_shop.order()
    tab = Tab(OWNER, order.number).show()

    text, kind, reverse = told(tab.do("act", "ship", {"tracking": "00340434161094021501"}))

    assert kind == notices.DONE
    assert text.startswith("Order shipped. ")
    assert "ada.kovac@example.com" in text
    assert reverse is not None
    assert tab.blocks.head.shipping_state.label == "Shipped"
    assert tab.blocks.shipments.shipments[0].tracking == "00340434161094021501"
    assert not tab.actions.ship.enabled
    assert tab.actions.ship.reason == "Everything has been shipped."


def test_st3_a_refusal_is_told_in_the_words_of_the_rule_and_the_view_is_read_anew(
    small_shop: TestShop,
) -> None:
    order = small_shop.order()
    tab = Tab(OWNER, order.number).show()
    perform(OWNER, "pay", order.id or 0)
    perform(OWNER, "not-paid", order.id or 0)

    text, kind, _reverse = told(tab.do("act", "not-paid", {}))

    assert (text, kind) == ("What was booked by hand was taken back already.", notices.REFUSED)
    assert tab.state.view.version == small_shop.load(order.id or 0).version


def test_sec2_an_action_without_its_right_is_refused_whatever_the_browser_sends(small_shop: TestShop) -> None:
    order = small_shop.order()
    tab = Tab(READER, order.number).show()

    text, kind, _reverse = told(tab.do("act", "pay", {}))

    assert kind == notices.REFUSED
    assert "right" in text
    assert small_shop.load(order.id or 0).payments == []


def test_w1_what_is_wrong_stays_in_the_dialog_beside_its_field(small_shop: TestShop) -> None:
    tab = Tab(OWNER, small_shop.order().number).show()
    tab.do("open", "billing", "")

    answer = tab.do("act", "edit-address", {"kind": "billing", "name": "Ada", "country": "XX"})

    assert answer is None
    assert (tab.state.form, tab.state.wrong_field) == ("billing", "country")
    assert tab.state.wrong == "“XX” is no country code such as DE."


@pytest.mark.parametrize(("typed", "kept"), [("at", "AT"), ("Austria", "AT"), ("deutschland", "DE")])
def test_w1_a_country_may_be_written_out(small_shop: TestShop, typed: str, kept: str) -> None:
    order = small_shop.order()
    tab = Tab(OWNER, order.number).show()

    tab.do("open", "billing", "")
    tab.do("act", "edit-address", {"kind": "billing", "name": "Ada Lovelace", "country": typed})

    assert (
        tab.state.wrong,
        {a.country for a in small_shop.load(order.id or 0).addresses if a.kind == "billing"},
    ) == ("", {kept})


def city_of(shop: TestShop, order: Order) -> tuple[str, str]:
    """Name and town of the billing address."""
    [billing] = [address for address in shop.load(order.id or 0).addresses if address.kind == "billing"]
    return billing.name, billing.city


def form_of(tab: Tab, **typed: str) -> dict[str, str]:
    """What the open form of the billing address sends when this was typed into it."""
    shown = tab.dialogs.billing
    return {"kind": "billing", **{name: getattr(shown, name) for name in FIELDS}, **typed}


def test_w16_of_a_field_that_two_change_both_values_are_shown_and_asked(small_shop: TestShop) -> None:
    order = small_shop.order()
    tab = Tab(OWNER, order.number).show()
    tab.do("open", "billing", "")
    mine = form_of(tab, city="Köln")
    perform(OWNER, "edit-address", order.id or 0, form_of(tab, city="Bremen", name="Ada Lovelace"))

    tab.do("act", "edit-address", mine)

    assert tab.state.form == "billing"
    assert tab.state.errors == {
        "city": "A colleague changed this to “Bremen” just now. To overwrite it, save again."
    }
    assert city_of(small_shop, order) == ("Ada Lovelace", "Bremen")
    tab.do("act", "edit-address", mine)
    assert (tab.state.form, city_of(small_shop, order)) == ("", ("Ada Lovelace", "Köln"))


def test_w16_what_two_change_in_different_fields_is_brought_together(small_shop: TestShop) -> None:
    order = small_shop.order()
    tab = Tab(OWNER, order.number).show()
    tab.do("open", "billing", "")
    mine = form_of(tab, city="Köln")
    perform(BEN, "edit-address", order.id or 0, form_of(tab, name="Ada Lovelace"))
    perform(BEN, "pay", order.id or 0, {})

    text, kind, _reverse = told(tab.do("act", "edit-address", mine))

    assert (tab.state.form, city_of(small_shop, order)) == ("", ("Ada Lovelace", "Köln"))
    assert (text.endswith("What a colleague changed meanwhile stays."), kind) == (True, notices.DONE)


def test_w16_a_tab_that_forgot_what_its_form_showed_overwrites_nothing_unasked(small_shop: TestShop) -> None:
    order = small_shop.order()
    tab = Tab(OWNER, order.number).show()
    tab.do("open", "billing", "")
    mine, about = form_of(tab, city="Köln"), tab.state.asked
    perform(BEN, "edit-address", order.id or 0, form_of(tab, name="Ada Lovelace"))

    other = Tab(OWNER, order.number).show()
    other.press("act", "edit-address", about, mine)

    assert city_of(small_shop, order) == ("Ada Lovelace", "Berlin")
    assert "was changed meanwhile" in other.state.wrong


def test_w16_a_part_that_a_colleague_made_meanwhile_is_shown_before_another_is_made(
    small_shop: TestShop,
) -> None:
    order = small_shop.order(lines=2)
    number = order.shipments[0].number
    tab = Tab(OWNER, order.number).show()
    tab.do("open", "part-shipment", "")
    perform(BEN, "part-shipment", order.id or 0, {"shipment": number, "quantities": {"1": "1"}})

    tab.do("act", "part-shipment", {"shipment": number, "quantities.1": "1"})

    assert "was changed meanwhile" in tab.state.wrong
    assert [p.most for p in tab.dialogs.part_shipment.packed] == ["of 1", "of 2"]
    assert len(small_shop.load(order.id or 0).shipments) == 2
    tab.do("act", "part-shipment", {"shipment": number, "quantities.1": "1"})
    assert len(small_shop.load(order.id or 0).shipments) == 3


def test_w6_the_dialog_of_a_shipment_shows_that_shipment_and_closes_when_saved(small_shop: TestShop) -> None:
    order = small_shop.order()
    number = order.shipments[0].number
    tab = Tab(OWNER, order.number).show()
    tab.do("open", "shipment", number)
    assert (tab.state.form, tab.dialogs.shipment.number) == ("shipment", number)

    text, _kind, _reverse = told(tab.do("act", "edit-shipment", {"shipment": number, "tracking": "JD0146"}))

    assert text == "Tracking number saved."
    assert tab.state.form == ""
    assert tab.blocks.shipments.shipments[0].tracking == "JD0146"


def test_ship1_the_dialog_of_a_part_shows_what_is_left_and_names_the_wrong_field(
    small_shop: TestShop,
) -> None:
    order = small_shop.order(lines=2)
    tab = Tab(OWNER, order.number).show()
    tab.do("open", "part-shipment", "")
    assert [(p.rank, p.sku, p.most) for p in tab.dialogs.part_shipment.packed] == [
        ("1", "MUG-1", "of 2"),
        ("2", "MUG-2", "of 2"),
    ]
    form = {
        "shipment": tab.dialogs.part_shipment.number,
        "quantities.1": "1",
        "quantities.2": "3",
        "tracking": "",
    }

    assert tab.do("act", "part-shipment", form) is None
    assert (tab.state.form, tab.state.wrong_field) == ("part-shipment", "quantities.2")
    assert tab.state.wrong == f"Shipment {order.shipments[0].number} holds no more than 2 pieces of it."

    text, _kind, reverse = told(tab.do("act", "part-shipment", form | {"quantities.2": "2"}))
    assert text == "Shipment L-2026-0002 created."
    assert tab.state.form == ""
    one, two = "1\u00a0×\u00a0Becher 1", "2\u00a0×\u00a0Becher 2"
    assert [s.summary for s in tab.blocks.shipments.shipments] == [one, f"{one}\u00a0· {two}"]
    for number, other in (("L-2026-0001", "L-2026-0002"), ("L-2026-0002", "L-2026-0001")):
        tab.do("open", "shipment", number)
        assert tab.dialogs.shipment.merges_into == other
    tab.do("open", "part-shipment", "")
    assert tab.dialogs.part_shipment.to_part == [("L-2026-0002", "L-2026-0002")]
    assert tab.dialogs.part_shipment.number == "L-2026-0002"

    assert isinstance(reverse, Undo)
    tab.press("undo", "key", Shown("order", order.number).text, reverse.key, json.dumps(dict(reverse.values)))
    tab.do("follow")
    assert [(s.state.label, s.is_cancelled) for s in tab.blocks.shipments.shipments] == [
        ("To ship", False),
        ("Merged into L-2026-0001", True),
    ]


def test_w16_the_second_click_of_a_double_click_does_nothing_and_says_nothing(small_shop: TestShop) -> None:
    order = small_shop.order()
    tab = Tab(OWNER, order.number).show()
    tab.do("open", "part-shipment", "")
    form = {"shipment": order.shipments[0].number, "quantities.1": "1", "shipped": "on"}

    about = tab.about()

    assert tab.press("act", "part-shipment", about, form)
    assert tab.press("act", "part-shipment", about, form) is None
    assert [s.state for s in small_shop.load(order.id or 0).shipments] == ["open", "shipped"]


def test_sec2_a_reader_is_offered_no_part_shipment_and_can_do_none(small_shop: TestShop) -> None:
    order = small_shop.order()
    tab = Tab(READER, order.number).show()
    assert not tab.actions.part_shipment.shown
    tab.do("open", "part-shipment", "")

    assert tab.state.form == ""

    said, kind, _reverse = told(
        tab.do("act", "part-shipment", {"shipment": order.shipments[0].number, "quantities.1": "1"})
    )

    assert (kind, "right" in said) == (notices.REFUSED, True)
    assert len(small_shop.load(order.id or 0).shipments) == 1


@pytest.mark.parametrize(
    "form",
    [
        {"quantities.1": ["1"]},
        {"quantities": "1"},
        {"quantities": {"1": "1"}, "quantities.1": "2"},
        {".": "1"},
    ],
)
def test_sec2_no_forged_form_is_an_error(small_shop: TestShop, form: dict[str, object]) -> None:
    order = small_shop.order()
    tab = Tab(OWNER, order.number).show()
    tab.do("open", "part-shipment", "")

    tab.do("act", "part-shipment", {"shipment": "L-2026-0001", **form})

    assert tab.state.form == ("part-shipment" if len(small_shop.load(order.id or 0).shipments) == 1 else "")


def test_w17_the_dialog_of_an_address_and_the_answer_say_what_stays(small_shop: TestShop) -> None:
    order = small_shop.order(lines=2)
    tab = Tab(OWNER, order.number).show()

    def stays(kind: str) -> list[str]:
        tab.do("open", kind, "")
        return list(getattr(tab.dialogs, kind).stays)

    about = (
        "The issued invoice {} keeps the address it was issued with. If that is wrong, correct the invoice."
    )
    keeps = about.format(order.documents[0].number)
    assert (stays("billing"), stays("shipping")) == ([keeps], [])
    part = {"shipment": order.shipments[0].number, "quantities": {"1": "1"}, "shipped": True}
    perform(OWNER, "part-shipment", order.id or 0, part)
    slips = "What has left is not redirected. A packing slip printed from now on shows the new address."
    assert (stays("billing"), stays("shipping")) == ([keeps, slips], [slips])

    text, _kind, _reverse = told(
        tab.do("act", "edit-address", {"kind": "shipping", "name": "Ada", "city": "Bremen", "country": "DE"})
    )
    assert text == f"Address saved. {slips}"
    assert (stays("shipping"), stays("billing")) == ([slips], [keeps])
    text, _kind, _reverse = told(
        tab.do("act", "edit-address", {"kind": "billing", "name": "Ada", "city": "Bonn", "country": "DE"})
    )
    assert text == f"Address saved. {keeps}"
    say_yes(OWNER, "correct-invoice", order.id or 0, {"invoice": order.documents[0].number})
    assert stays("billing") == [about.format(small_shop.load(order.id or 0).documents[-1].number)], (
        "the old one is taken back"
    )


def test_sec2_a_dialog_does_not_open_for_who_may_not_do_what_it_asks_for(small_shop: TestShop) -> None:
    tab = Tab(WAREHOUSE, small_shop.order().number).show()

    tab.do("open", "billing", "")

    assert (tab.state.form, tab.dialogs.billing) == ("", AddressDialogView())


def test_sec4_a_role_without_prices_is_sent_none(small_shop: TestShop) -> None:
    order = small_shop.order(paid=True)
    tab = Tab(WAREHOUSE, order.number)
    tab.state.shown = "history"
    tab.show()
    tab.do("open", "part-shipment", "")

    sent = tab.sent()

    assert order.number in sent
    assert not [amount for amount in ("19.95", "39.90", "44.80", "4.90", "€", "EUR") if amount in sent]
    assert tab.blocks.invoices.documents == []
    assert not tab.actions.pay.shown


def test_t7_the_history_is_read_only_for_its_tab(small_shop: TestShop) -> None:
    tab = Tab(OWNER, small_shop.order().number).show()
    assert tab.blocks.history == HistoryTab()

    tab.state.shown = "history"
    tab.show()

    assert [entry.sentence for entry in tab.blocks.history.facts][-1].startswith(
        "The order came in from my-shop"
    )


def test_o6_a_window_follows_a_colleague_and_skips_what_it_knows(small_shop: TestShop) -> None:
    order = small_shop.order()
    tab = Tab(OWNER, order.number).show()
    tab.root._clean()

    tab.do("follow")
    assert "10001" not in tab.sent()

    perform(BEN, "pay", order.id or 0)
    tab.do("follow")
    assert tab.blocks.head.payment_state.label == "Paid"


def test_m5_a_window_follows_what_becomes_of_a_mail(small_shop: TestShop) -> None:
    order = small_shop.order()
    perform(OWNER, "ship", order.id or 0)
    tab = Tab(OWNER, order.number)
    tab.state.shown = "history"
    tab.show()
    told_of: list[frozenset[str]] = []
    AFTER_COMMIT.append(told_of.append)

    with work(BEN) as w:
        [mail] = w.session.exec(select(OutboxMail).where(OutboxMail.order_id == order.id)).all()
        record(w, mail, MailFailed(mail=mail.id or 0, kind=mail.kind, reason="no such mailbox"))
    AFTER_COMMIT.remove(told_of.append)
    tab.do("follow")

    assert f"order-{order.id}" in told_of[0]
    assert "no such mailbox" in tab.blocks.history.facts[0].sentence


def test_w_the_window_knows_the_list_one_came_from(small_shop: TestShop) -> None:
    first, second, third = (small_shop.order(paid=True) for _n in range(3))
    small_shop.order()
    tab = Tab(OWNER, second.number).go(view="to-ship", q="mug", page="a0.5")

    assert tab.state.back == "/orders?view=to-ship&q=mug&page=a0.5"
    assert tab.state.carried == "?view=to-ship&q=mug&page=a0.5"
    assert tab.state.place == Place(third.number, first.number)

    tab.go()
    assert (tab.state.back, tab.state.carried) == ("/orders", "")
    assert tab.state.place == Place(third.number, first.number)


def test_w_the_order_before_is_marked_as_leaving_until_the_other_one_is_shown(small_shop: TestShop) -> None:
    first, second = small_shop.order(), small_shop.order()
    tab = Tab(OWNER, first.number).go()
    assert tab.leaving == ""

    tab.go(number=second.number)
    assert (tab.leaving, tab.state.is_leaving, tab.state.view.number) == (first.number, False, second.number)

    tab.go("/history", number=second.number)
    assert tab.leaving == ""


def test_w_a_shipped_order_stays_between_the_same_two_on_every_tab_until_it_is_opened_anew(
    small_shop: TestShop,
) -> None:
    first, second, third = (small_shop.order(paid=True) for _n in range(3))
    tab = Tab(OWNER, second.number).go(sort="shipping")
    assert tab.state.place == Place(third.number, first.number)

    tab.do("act", "ship", {})
    tab.then(tab.do("follow"))
    assert tab.state.place == Place(third.number, first.number, "")
    tab.go("/history", sort="shipping")
    assert tab.state.place == Place(third.number, first.number, "")
    assert tab.blocks.history.kinds[1][3].startswith(f"/orders/{second.number}/history?sort=shipping&kind=")

    tab.go("/history", sort="shipping")
    assert tab.state.place == Place("", third.number)


def test_w_a_list_that_is_forged_shows_the_list_of_all(small_shop: TestShop) -> None:
    first, second = small_shop.order(), small_shop.order()
    tab = Tab(OWNER, first.number).go(
        view="nonsense", sort="id; DROP", page="\0", amount_from="abc", evil="1"
    )

    assert tab.state.place == Place(second.number, "")


def test_sec4_a_role_without_prices_is_told_nothing_of_money_by_a_list(small_shop: TestShop) -> None:
    cheap, dear = small_shop.order(), small_shop.order(lines=3)
    tab = Tab(WAREHOUSE, cheap.number).go(amount_from="50", sort="total", direction="up", payment="paid")

    assert tab.state.place == Place("", dear.number)  # by date, upwards


@pytest.mark.parametrize("number", ["0", "10001\0", "\0"])
def test_w_where_there_is_no_order_there_is_no_place(shop: TestShop, number: str) -> None:
    shop.order()
    tab = Tab(OWNER, number).go(view="to-ship")

    assert (tab.state.missing, tab.state.view.id, tab.state.place) == (number, 0, Place())


def test_w_a_number_that_is_none_is_said_and_shows_nothing_of_the_order_before(small_shop: TestShop) -> None:
    tab = Tab(OWNER, small_shop.order().number).show()

    tab.show("99999")

    assert (tab.state.missing, tab.state.view.id) == ("99999", 0)


def test_w_only_dialogs_that_there_are_open(small_shop: TestShop) -> None:
    tab = Tab(OWNER, small_shop.order().number).show()

    tab.do("open", "somewhere else", "")

    assert tab.state.form == ""


def test_w13_on_hold_takes_a_reason_and_offers_undo(small_shop: TestShop) -> None:
    order = small_shop.order()
    tab = Tab(OWNER, order.number).show()
    tab.do("open", "hold", "")

    text, _kind, reverse = told(tab.do("act", "hold", {"reason": "waits for the colour"}))

    assert text == "The order is on hold."
    assert reverse is not None
    assert tab.actions.resume.enabled
    assert small_shop.load(order.id or 0).hold_reason == "waits for the colour"


def test_w21_a_new_notice_leaves_no_undo_of_another_order_or_of_a_step_taken_back() -> None:
    RUNNING.set(OWNER)
    mine: Any = substate(rx.State(), notices.Notices)

    def show(number: str, undo: Undo | None) -> list[str]:
        asyncio.run(
            mine.show(key_of(notices.done(Done(_("Payment booked."), undo=undo), Shown("order", number))))
        )
        return [str(item["undo"]) for item in mine.items]

    back = Undo("not-paid", {})
    assert show("10001", back) == ["not-paid"]
    assert show("10001", back) == ["not-paid", "not-paid"]
    assert show("10002", back) == ["not-paid"]
    assert show("10002", None) == [""]


def test_r15_after_an_action_only_what_changed_is_sent(small_shop: TestShop) -> None:
    """An order of 2,000 lines sent 0.7 MB anew after each click."""
    order = small_shop.order(lines=200)
    tab = Tab(OWNER, order.number).show()
    whole = len(tab.sent())
    tab.root._clean()

    tab.do("act", "pay", {})

    assert "Becher 150" not in tab.sent()
    assert len(tab.sent()) < whole / 5
    tab.root._clean()
    tab.do("act", "ship", {})
    assert "Becher 150" in tab.sent()


PREPAID = {"method": "prepaid", "name": "Vorkasse", "state": "open"}


def test_c14_a_button_that_hurts_asks_in_a_dialog_and_does_it_when_that_says_yes(
    small_shop: TestShop,
) -> None:
    order = small_shop.order(payment=PREPAID)
    tab = Tab(OWNER, order.number).show()
    assert tab.blocks.head.next_step == "pay"

    assert tab.do("act", "ship", {"tracking": "T-1"}) is None

    assert (tab.state.form, tab.state.question["key"], tab.state.question["label"]) == (
        "ask",
        "ship",
        "Shipped",
    )
    assert "€44.80 are open" in tab.state.question["text"]
    assert tab.state.told == [["tracking", "T-1"]]
    assert small_shop.load(order.id or 0).shipping_state == "not_shipped"
    answer = tab.do("act", "ship", {"tracking": "T-1", "sure": tab.state.sure})
    assert told(answer)[1] == notices.DONE
    assert (tab.state.form, tab.blocks.shipments.shipments[0].tracking) == ("", "T-1")


def test_c12_a_form_asks_in_its_own_dialog_and_anew_for_another_amount(small_shop: TestShop) -> None:
    order = small_shop.order()
    tab = Tab(OWNER, order.number).show()
    tab.do("open", "pay", "")
    tab.do("act", "pay", {"amount": "60", "sure": ""})
    assert (tab.state.form, tab.state.wrong) == (
        "pay",
        "€60.00 is €15.20 more than is open. Book it all the same?",
    )
    tab.do("act", "pay", {"amount": "70", "sure": tab.state.sure})
    assert "€70.00" in tab.state.wrong
    assert told(tab.do("act", "pay", {"amount": "70", "sure": tab.state.sure}))[1] == notices.DONE
    assert (tab.state.form, tab.blocks.payment.surplus, tab.blocks.payment.open_amount) == ("", "€25.20", "")


def test_c9_a_box_that_is_not_ticked_leaves_the_mail_out(small_shop: TestShop) -> None:
    tab = Tab(OWNER, small_shop.order().number).show()
    assert tab.blocks.customer.mail_to == "ada.kovac@example.com"
    assert "@" in told(tab.do("act", "ship", {"box.mail": "1", "mail": "on"}))[0]
    tab = Tab(OWNER, small_shop.order().number).show()
    assert told(tab.do("act", "ship", {"box.mail": "1"}))[0] == "Order shipped."


def test_c10_a_payment_that_was_taken_back_is_one_line_with_its_counter_entry(small_shop: TestShop) -> None:
    order = small_shop.order()
    perform(OWNER, "pay", order.id or 0, {"amount": "10"})
    perform(OWNER, "pay", order.id or 0, {"amount": "15"})
    tab = Tab(OWNER, order.number).show()
    first, second = tab.blocks.payment.payments
    assert (first.taken_back, bool(first.id), bool(second.id)) == ("", True, True)
    tab.do("act", "not-paid", {"payment": second.id})
    [first], [second] = tab.blocks.payment.payments, tab.blocks.payment.taken
    assert tab.blocks.payment.taken_word == "1 booking was taken back"
    assert second.taken_back.startswith("taken back on ")
    assert second.taken_back.endswith(" by Olga Owner")
    assert (bool(first.id), second.id) == (True, "")


def test_c11_all_that_is_wrong_in_a_form_is_said_at_once(small_shop: TestShop) -> None:
    tab = Tab(OWNER, small_shop.order().number).show()
    tab.do("open", "billing", "")
    tab.do(
        "act",
        "edit-address",
        {"kind": "billing", "name": "", "company": "", "postcode": "1" * 30, "country": "XX"},
    )
    assert tab.state.errors == {
        "name": "A name or a company is needed.",
        "postcode": "Has more than 20 characters.",
        "country": "“XX” is no country code such as DE.",
    }
    tab.do("act", "edit-address", {"kind": "billing", "name": "Ada", "country": "DE"})
    assert (tab.state.form, tab.state.errors) == ("", {})


def test_c11_a_billing_address_is_not_locked_by_shipping(small_shop: TestShop) -> None:
    order = small_shop.order()
    perform(OWNER, "ship", order.id or 0)
    tab = Tab(OWNER, order.number).show()
    assert (tab.blocks.billing.why_not, tab.blocks.shipping.why_not) == (
        "",
        "Everything has been shipped to this address.",
    )
    with pytest.raises(Refused, match="shipped to this address"):
        perform(OWNER, "edit-address", order.id or 0, {"kind": "shipping", "name": "Ada", "country": "DE"})
    assert perform(
        OWNER, "edit-address", order.id or 0, {"kind": "billing", "name": "Ada", "country": "DE"}
    ).changed


def test_c11_countries_are_a_list_in_the_order_of_the_reader_and_hold_the_one_that_is_there(
    small_shop: TestShop,
) -> None:
    tab = Tab(replace(OWNER, language="de"), small_shop.order().number).show()
    tab.do("open", "billing", "")
    names = [name for _code, name in tab.dialogs.billing.countries]
    assert ["DE", "Deutschland"] in tab.dialogs.billing.countries
    assert names.index("Österreich") < names.index("Portugal")
    assert names.index("Ägypten") < names.index("Albanien")
    assert not [code for code, name in tab.dialogs.billing.countries if code == name]
    assert country_options("de", "QQ")[0] == ["QQ", "QQ"]


def test_c15_an_address_that_was_typed_is_there_again_and_can_be_discarded(small_shop: TestShop) -> None:
    order = small_shop.order()
    tab = Tab(OWNER, order.number).show()
    tab.do("open", "billing", "")
    tab.press("keep", tab.about(), "", "city", "Bremen", "text")
    tab.press("close", tab.about(), False)
    assert (tab.state.form, list(tab.blocks.warnings.draft)) == ("", ["billing", ""])
    tab.do("open", "billing", "")
    assert tab.state.drafted == {"city": "Bremen"}
    tab.press("discard", tab.about(), "billing")
    assert (tab.state.form, tab.blocks.warnings.draft) == ("", [])
    tab.do("open", "billing", "")
    assert tab.state.drafted == {}


def test_c15_a_tracking_number_that_was_typed_is_there_again_until_it_is_shipped(
    small_shop: TestShop,
) -> None:
    order = small_shop.order()
    tab = Tab(OWNER, order.number).show()
    tab.press("keep_tracking", tab.about(), "tracking", "0034", "text")
    assert tab.blocks.shipping_method.tracking == "0034"
    again = Tab(OWNER, order.number).show()
    assert (again.blocks.shipping_method.tracking, again.blocks.warnings.draft) == ("0034", [])
    again.do("act", "ship", {"tracking": "0034"})
    assert Tab(OWNER, order.number).show().blocks.shipping_method.tracking == ""


def test_w5_a_number_that_is_told_after_the_press_that_shipped_it_does_not_come_back(
    small_shop: TestShop,
) -> None:
    order = small_shop.order(paid=True)
    tab = Tab(OWNER, order.number).show()
    typed = tab.about()
    tab.do("act", "ship", {"tracking": "0034"})
    tab.press("keep_tracking", typed, "tracking", "0034", "text")
    shipment = small_shop.load(order.id or 0).shipments[0].number
    perform(OWNER, "edit-shipment", order.id or 0, {"shipment": shipment, "tracking": "0035"})
    perform(OWNER, "not-shipped", order.id or 0, {"shipment": shipment})
    again = Tab(OWNER, order.number).show()
    assert again.blocks.shipping_method.tracking == ""
    again.press("keep_tracking", again.about(), "tracking", "0036", "text")
    assert Tab(OWNER, order.number).show().blocks.shipping_method.tracking == "0036"


def test_c28_a_cancelled_order_says_when_and_why_and_shouts_for_no_money(small_shop: TestShop) -> None:
    order = small_shop.order(cancelled_at="2026-11-20T12:00:00+01:00")
    assert Tab(OWNER, order.number).show().blocks.warnings.cancelled == "Cancelled on 20 Nov 2026, 12:00."
    with work(OWNER) as w:
        w.lock(ORDER, order.id or 0).cancel_reason = "Kunde wünscht es"
    blocks = Tab(OWNER, order.number).show().blocks
    assert blocks.warnings.cancelled == "Cancelled on 20 Nov 2026, 12:00: Kunde wünscht es"
    assert (blocks.head.payment_state.label, blocks.head.payment_state.tone) == ("Unpaid", "neutral")


def test_c20_a_merged_shipment_says_with_which(small_shop: TestShop) -> None:
    order = small_shop.order()
    number = order.shipments[0].number
    perform(OWNER, "part-shipment", order.id or 0, {"shipment": number, "quantities": {"1": "1"}})
    new = small_shop.load(order.id or 0).shipments[1].number
    perform(OWNER, "merge-shipments", order.id or 0, {"shipment": new, "into": number})
    tab = Tab(replace(OWNER, language="de"), order.number).show()
    assert tab.blocks.shipments.shipments[1].state.label == f"Zusammengelegt mit {number}"


def test_c4_the_window_of_an_order_that_is_fetched_speaks_of_fetching(small_shop: TestShop) -> None:
    order = small_shop.order(
        paid=True, shipping={"method": "pickup", "name": "Abholung", "price": "4.90", "vat_rate": "19"}
    )
    view = Tab(replace(OWNER, language="de"), order.number).show()
    assert view.blocks.shipping_method.is_pickup
    assert (view.blocks.head.status.label, view.blocks.head.shipping_state.label) == (
        "Wartet auf Abholung",
        "Abzuholen",
    )
    assert [getattr(view.actions, key).enabled for key in ("ship", "ready_for_pickup", "picked_up")] == [
        False,
        True,
        True,
    ]


def test_w21_a_payment_that_was_taken_back_leaves_no_undo_of_its_booking() -> None:
    paid = {
        "key": "a",
        "about": "10001",
        "kind": notices.DONE,
        "undo": "not-paid",
        "undo_about": "order/10001//",
        "text": "",
    }
    held = paid | {"key": "b", "undo": "resume"}
    for old, stays in ((paid, []), (held, ["b"])):
        tab = notices.Notices()
        tab.items = [old]
        new = paid | {"key": "c", "undo": "restore-payments"}
        assert [item["key"] for item in tab._staying(new)] == stays


def test_w18_a_draft_says_once_that_it_is_one(small_shop: TestShop) -> None:
    order = small_shop.order()
    [number] = perform(OWNER, "copy", order.id or 0, {}).made["orders"]
    tab, copied = Tab(OWNER, number).show(), Tab(OWNER, order.number).show()

    said = "This is a draft. Place it first."
    assert (tab.blocks.warnings.not_placed, tab.state.view.reason, tab.state.view.reason_at) == (
        said,
        said,
        "not-placed",
    )
    assert tab.actions.ship.reason == said
    assert (copied.blocks.warnings.not_placed, copied.state.view.reason, copied.state.view.reason_at) == (
        "",
        "",
        "",
    )


def test_w13_what_cancelling_the_rest_will_do_is_said_once_each(small_shop: TestShop) -> None:
    order = small_shop.order(paid=True)
    perform(
        OWNER,
        "part-shipment",
        order.id or 0,
        {"shipment": order.shipments[0].number, "quantities": {"1": "1"}, "shipped": True},
    )
    tab = Tab(OWNER, order.number).show()
    tab.do("open", "cancel-rest", "")

    listed = tab.dialogs.cancel_rest.will
    will = [one.text for one in listed]
    assert [(one.text, one.value) for one in listed][:2] == [
        ("GS-2026-0001 credits a part of RE-2026-0001", "\u2212€19.95"),
        ("Not shipped: 1 line", "1 piece"),
    ]
    assert len(set(will)) == len(will)
    assert not any(one in other for one in will for other in will if one != other)
