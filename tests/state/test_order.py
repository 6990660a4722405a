"""The order window's handlers: right, one domain call, a view for who looks (W, SEC-4)."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
import reflex as rx
from databases import BEN, OWNER, READER, WAREHOUSE, TestShop
from order_tab import Tab, key_of, told
from sqlmodel import select

import backoffice_app.backoffice_app  # noqa: F401  # the routes and with them their parts
from backoffice_app.domain.core.actions import Done, Undo, perform
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.core.work import AFTER_COMMIT, work
from backoffice_app.domain.listing import Place
from backoffice_app.domain.mail.facts import MailFailed
from backoffice_app.domain.mail.outbox import record
from backoffice_app.domain.window.views import HistoryTab
from backoffice_app.i18n import _
from backoffice_app.models import OutboxMail
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

    assert (text, kind) == ("Order shipped.", notices.DONE)
    assert reverse is not None
    assert tab.state.view.shipping_state.label == "Shipped"
    assert tab.state.shipments[0].tracking == "00340434161094021501"
    assert not tab.state.view.actions["ship"].enabled
    assert tab.state.view.actions["ship"].reason == "Everything has been shipped."


def test_st3_a_refusal_is_told_in_the_words_of_the_rule_and_the_view_is_read_anew(small_shop: TestShop) -> None:
    order = small_shop.order()
    tab = Tab(OWNER, order.number).show()
    perform(OWNER, "pay", order.id or 0)
    perform(OWNER, "not-paid", order.id or 0)

    text, kind, _reverse = told(tab.do("act", "not-paid", {}))

    assert (text, kind) == ("Nothing was booked by hand.", notices.REFUSED)
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

    assert (tab.state.wrong, tab.state.view.billing.country) == ("", kept)


def test_w16_an_address_that_a_colleague_changed_meanwhile_is_not_overwritten(small_shop: TestShop) -> None:
    order = small_shop.order()
    tab = Tab(OWNER, order.number).show()
    tab.do("open", "billing", "")
    perform(OWNER, "edit-address", order.id or 0, {"kind": "billing", "name": "Ada Kovač", "city": "Bremen", "country": "DE"})

    tab.do("act", "edit-address", {"kind": "billing", "name": "Ada Kovač", "city": "Köln", "country": "DE"})

    assert tab.state.form == "billing"
    assert "was changed meanwhile" in tab.state.wrong
    assert {a.city for a in small_shop.load(order.id or 0).addresses if a.kind == "billing"} == {"Bremen"}
    tab.do("act", "edit-address", {"kind": "billing", "name": "Ada Kovač", "city": "Köln", "country": "DE"})
    assert (tab.state.form, {a.city for a in small_shop.load(order.id or 0).addresses if a.kind == "billing"}) == ("", {"Köln"})


def test_w16_a_part_that_a_colleague_made_meanwhile_is_shown_before_another_is_made(small_shop: TestShop) -> None:
    order = small_shop.order(lines=2)
    number = order.shipments[0].number
    tab = Tab(OWNER, order.number).show()
    tab.do("open", "part-shipment", "")
    perform(BEN, "part-shipment", order.id or 0, {"shipment": number, "quantities": {"1": "1"}})

    tab.do("act", "part-shipment", {"shipment": number, "quantities.1": "1"})

    assert "was changed meanwhile" in tab.state.wrong
    assert [p.most for p in tab.state.shipment.packed] == ["of 1", "of 2"]
    assert len(small_shop.load(order.id or 0).shipments) == 2
    tab.do("act", "part-shipment", {"shipment": number, "quantities.1": "1"})
    assert len(small_shop.load(order.id or 0).shipments) == 3


def test_w6_the_dialog_of_a_shipment_shows_that_shipment_and_closes_when_saved(small_shop: TestShop) -> None:
    order = small_shop.order()
    number = order.shipments[0].number
    tab = Tab(OWNER, order.number).show()
    tab.do("open", "shipment", number)
    assert (tab.state.form, tab.state.shipment.number) == ("shipment", number)

    text, _kind, _reverse = told(tab.do("act", "edit-shipment", {"shipment": number, "tracking": "JD0146"}))

    assert text == "Tracking number saved."
    assert tab.state.form == ""
    assert tab.state.shipments[0].tracking == "JD0146"


def test_ship1_the_dialog_of_a_part_shows_what_is_left_and_names_the_wrong_field(small_shop: TestShop) -> None:
    order = small_shop.order(lines=2)
    tab = Tab(OWNER, order.number).show()
    tab.do("open", "part-shipment", "")
    assert [(p.rank, p.sku, p.most) for p in tab.state.shipment.packed] == [("1", "MUG-1", "of 2"), ("2", "MUG-2", "of 2")]
    form = {"shipment": tab.state.shipment.number, "quantities.1": "1", "quantities.2": "3", "tracking": ""}

    assert tab.do("act", "part-shipment", form) is None
    assert (tab.state.form, tab.state.wrong_field) == ("part-shipment", "quantities.2")
    assert tab.state.wrong == f"Shipment {order.shipments[0].number} holds no more than 2 pieces of it."

    text, _kind, reverse = told(tab.do("act", "part-shipment", form | {"quantities.2": "2"}))
    assert text == "Shipment L-2026-0002 created."
    assert tab.state.form == ""
    one, two = "1\u00a0×\u00a0Becher 1", "2\u00a0×\u00a0Becher 2"
    assert [s.summary for s in tab.state.shipments] == [one, f"{one}\u00a0· {two}"]
    assert [s.merges_into for s in tab.state.shipments] == ["L-2026-0002", "L-2026-0001"]
    assert tab.state.view.to_part == [("L-2026-0002", "L-2026-0002")]
    tab.do("open", "part-shipment", "")
    assert tab.state.shipment.number == "L-2026-0002"

    assert isinstance(reverse, Undo)
    tab.press("undo", "key", Shown("order", order.number).text, reverse.key, json.dumps(dict(reverse.values)))
    tab.do("follow")
    assert [(s.is_open, s.is_cancelled) for s in tab.state.shipments] == [(True, False), (False, True)]


def test_w16_the_second_click_of_a_double_click_does_nothing_and_says_nothing(small_shop: TestShop) -> None:
    order = small_shop.order()
    tab = Tab(OWNER, order.number).show()
    tab.do("open", "part-shipment", "")
    form = {"shipment": order.shipments[0].number, "quantities.1": "0.5", "shipped": "on"}

    about = tab.about()

    assert tab.press("act", "part-shipment", about, form)
    assert tab.press("act", "part-shipment", about, form) is None
    assert [s.state for s in small_shop.load(order.id or 0).shipments] == ["open", "shipped"]


def test_sec2_a_reader_is_offered_no_part_shipment_and_can_do_none(small_shop: TestShop) -> None:
    order = small_shop.order()
    tab = Tab(READER, order.number).show()
    assert not tab.state.view.actions["part-shipment"].shown
    tab.do("open", "part-shipment", "")

    tab.do("act", "part-shipment", {"shipment": order.shipments[0].number, "quantities.1": "1"})

    assert "right" in tab.state.wrong
    assert len(small_shop.load(order.id or 0).shipments) == 1


@pytest.mark.parametrize(
    "form", [{"quantities.1": ["1"]}, {"quantities": "1"}, {"quantities": {"1": "1"}, "quantities.1": "2"}, {".": "1"}]
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
    keeps = f"The issued invoice {order.documents[0].number} keeps the address it was issued with."
    assert (tab.state.view.billing.stays, tab.state.view.shipping.stays) == ([keeps], [])
    part = {"shipment": order.shipments[0].number, "quantities": {"1": "1"}, "shipped": True}
    perform(OWNER, "part-shipment", order.id or 0, part)
    tab.do("open", "shipping", "")
    slips = "What has left is not redirected. A packing slip printed from now on shows the new address."
    assert (tab.state.view.billing.stays, tab.state.view.shipping.stays) == ([keeps, slips], [slips])

    text, _kind, _reverse = told(tab.do("act", "edit-address", {"kind": "shipping", "name": "Ada", "city": "Bremen", "country": "DE"}))
    assert text == f"Address saved. {slips}"
    assert (tab.state.view.billing.stays, tab.state.view.shipping.stays) == ([keeps], [slips])
    tab.do("open", "billing", "")
    text, _kind, _reverse = told(tab.do("act", "edit-address", {"kind": "billing", "name": "Ada", "city": "Bonn", "country": "DE"}))
    assert text == f"Address saved. {keeps}"
    assert Tab(WAREHOUSE, order.number).show().state.view.billing.stays == []


def test_sec4_a_role_without_prices_is_sent_none(small_shop: TestShop) -> None:
    order = small_shop.order(paid=True)
    tab = Tab(WAREHOUSE, order.number)
    tab.state.shown = "history"
    tab.show()
    tab.do("open", "part-shipment", "")

    sent = tab.sent()

    assert order.number in sent
    assert not [amount for amount in ("19.95", "39.90", "44.80", "4.90", "€", "EUR") if amount in sent]
    assert tab.state.view.documents == []
    assert not tab.state.view.actions["pay"].shown


def test_t7_the_history_is_read_only_for_its_tab(small_shop: TestShop) -> None:
    tab = Tab(OWNER, small_shop.order().number).show()
    assert tab.state.history == HistoryTab()

    tab.state.shown = "history"
    tab.show()

    assert [entry.sentence for entry in tab.state.history.facts][-1].startswith("The order came in from my-shop")


def test_o6_a_window_follows_a_colleague_and_skips_what_it_knows(small_shop: TestShop) -> None:
    order = small_shop.order()
    tab = Tab(OWNER, order.number).show()
    tab.root._clean()

    tab.do("follow")
    assert "10001" not in tab.sent()

    perform(BEN, "pay", order.id or 0)
    tab.do("follow")
    assert tab.state.view.payment_state.label == "Paid"


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
    assert "no such mailbox" in tab.state.history.facts[0].sentence


def test_w_the_window_knows_the_list_one_came_from(small_shop: TestShop) -> None:
    first, second, third = (small_shop.order(paid=True) for _n in range(3))
    small_shop.order()
    tab = Tab(OWNER, second.number).go(view="to-ship", q="mug", page="a0.5")

    assert tab.state.back == "/orders?view=to-ship&q=mug&page=a0.5"
    assert tab.state.carried == "?view=to-ship&q=mug&page=a0.5"
    assert tab.state.place == Place(third.number, first.number, "2 of 3")

    tab.go()
    assert (tab.state.back, tab.state.carried) == ("/orders", "")
    assert tab.state.place == Place(third.number, first.number, "3 of 4")


def test_w_a_shipped_order_stays_between_the_same_two_on_every_tab_until_it_is_opened_anew(small_shop: TestShop) -> None:
    first, second, third = (small_shop.order(paid=True) for _n in range(3))
    tab = Tab(OWNER, second.number).go(sort="shipping")
    assert tab.state.place == Place(third.number, first.number, "2 of 3")

    tab.do("act", "ship", {})
    tab.then(tab.do("follow"))
    assert tab.state.place == Place(third.number, first.number, "")
    tab.go("/history", sort="shipping")
    assert tab.state.place == Place(third.number, first.number, "")
    assert tab.state.history.kinds[1][3].startswith(f"/orders/{second.number}/history?sort=shipping&kind=")

    tab.go("/history", sort="shipping")
    assert tab.state.place == Place("", third.number, "1 of 3")


def test_w_a_list_that_is_forged_shows_the_list_of_all(small_shop: TestShop) -> None:
    first, second = small_shop.order(), small_shop.order()
    tab = Tab(OWNER, first.number).go(view="nonsense", sort="id; DROP", page="\0", amount_from="abc", evil="1")

    assert tab.state.place == Place(second.number, "", "2 of 2")


def test_sec4_a_role_without_prices_is_told_nothing_of_money_by_a_list(small_shop: TestShop) -> None:
    cheap, dear = small_shop.order(), small_shop.order(lines=3)
    tab = Tab(WAREHOUSE, cheap.number).go(amount_from="50", sort="total", direction="up", payment="paid")

    assert tab.state.place == Place("", dear.number, "1 of 2")  # by date, upwards


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
    assert tab.state.view.actions["resume"].enabled
    assert small_shop.load(order.id or 0).hold_reason == "waits for the colour"


def test_w21_a_new_notice_leaves_no_undo_of_another_order_or_of_a_step_taken_back() -> None:
    RUNNING.set(OWNER)
    mine: Any = rx.State().get_substate(notices.Notices.get_full_name().split("."))

    def show(number: str, undo: Undo | None) -> list[str]:
        asyncio.run(mine.show(key_of(notices.done(Done(_("Payment booked."), undo=undo), Shown("order", number)))))
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
