"""The page of the order list: its address is its state, and what colleagues do shows in place (O-1 to O-4, O-6)."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import reflex as rx
from databases import BEN, OWNER, READER, WAREHOUSE, TestShop
from reflex.istate.data import RouterData
from substates import substate

from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.listing import names
from backoffice_app.domain.listing.filter_view import FilterView
from backoffice_app.domain.listing.rows import NUMBER, PAYMENT, SHIPPING, TOTAL
from backoffice_app.domain.listing.views import OrderListView
from backoffice_app.state.base import RUNNING
from backoffice_app.state.order_filter import OrderFilterState
from backoffice_app.state.orders import OrdersState
from backoffice_app.state.outbox import OutboxState


class Tab:
    """A tab at an address of the list; handlers run as the events of that colleague would."""

    def __init__(self, actor: Actor = OWNER, **query: str) -> None:
        self.actor = actor
        self.root = rx.State()
        self.state: Any = substate(self.root, OrdersState)
        self.go(**query)

    def go(self, **query: str) -> None:
        """The address changes, and the page is loaded."""
        address = "/orders" + (
            "?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else ""
        )
        self.root.router = RouterData.from_router_data(
            {"pathname": "/orders", "asPath": address, "query": query, "token": "t", "headers": {}}
        )
        self.do("load")

    def do(self, handler: str, *arguments: object) -> Any:
        """Runs a handler."""
        RUNNING.set(self.actor)
        return asyncio.run(getattr(self.state, handler)(*arguments))

    def choose(self, handler: str, *arguments: object) -> str:
        """What is pressed in the filter; the address that it leads to, "" for none."""
        RUNNING.set(self.actor)
        event = asyncio.run(getattr(self.filter, handler)(*arguments))
        return address_of(event) if event else ""

    def open_filter(self) -> None:
        """The filter is opened."""
        self.choose("toggled", True)

    @property
    def filter(self) -> Any:
        """The state of the filter."""
        return substate(self.root, OrderFilterState)

    def asked(self, key: str) -> FilterView:
        """A filter as its panel shows it now."""
        return next(one for group in self.filter.panel.groups for one in group.filters if one.key == key)

    def values(self, key: str) -> list[tuple[str, str, str]]:
        """The values of a filter: value, word, "on" where it is chosen."""
        return [(value, word, on) for value, word, on, _found_by, _number in self.asked(key).offers]

    @property
    def numbers(self) -> list[str]:
        """The orders in sight."""
        return [row[NUMBER] for row in self.state.view.rows]


@pytest.fixture(autouse=True)
def nobody_afterwards() -> Iterator[None]:
    yield
    RUNNING.set(None)


def address_of(event: Any) -> str:
    """Where a redirect leads."""
    return next(str(value._var_value) for name, value in event.args if str(name) == "path")


def test_o1_the_newest_order_stands_on_top(small_shop: TestShop) -> None:
    first, second = small_shop.order(), small_shop.order()

    assert Tab().numbers == [second.number, first.number]


def test_o3_the_address_is_the_state_of_the_list(small_shop: TestShop) -> None:
    small_shop.order()
    paid = small_shop.order(paid=True)
    tab = Tab(payment="paid")

    assert tab.numbers == [paid.number]
    assert [chip[0] for chip in tab.state.view.chips] == ["Payment: Paid"]
    assert tab.state.view.cleared == "/orders"
    tab.go()
    assert len(tab.numbers) == 2
    assert not tab.state.view.chips


def test_o3_each_choice_comes_into_the_address_and_the_rest_of_the_list_stays(small_shop: TestShop) -> None:
    tab = Tab(q="ada", view="to-pay", page="last")
    tab.open_filter()

    assert tab.choose("tick", "payment", "unpaid", True) == "/orders?view=to-pay&q=ada&payment=unpaid"
    assert tab.choose("put", "amount_from", "10") == "/orders?view=to-pay&q=ada&payment=unpaid&amount_from=10"
    assert tab.choose("put", "amount_from", "10") == ""
    assert tab.choose("tick", "payment", "evil", True) == ""
    assert tab.choose("clear") == "/orders?view=to-pay&q=ada"


@pytest.mark.parametrize("key", ["evil", "customer", "page", ""])
def test_sec2_a_filter_that_is_not_in_the_panel_is_refused(small_shop: TestShop, key: str) -> None:
    for handler, arguments in (("tick", ("1", True)), ("mean", (True,)), ("put", ("1",))):
        with pytest.raises(Refused):
            Tab().choose(handler, key, *arguments)


def test_sec4_who_may_not_see_a_filter_does_not_set_it(small_shop: TestShop) -> None:
    small_shop.order()
    tab = Tab(WAREHOUSE)
    tab.open_filter()

    assert {"payment", "payment_method", "amount_from", "amount_to"} & {
        one.key for group in tab.filter.panel.groups for one in group.filters
    } == set()
    with pytest.raises(Refused):
        tab.choose("tick", "payment", "paid", True)
    with pytest.raises(Refused):
        tab.choose("enter", {"amount_from": "10"})


def test_o3_ticks_that_are_quicker_than_the_browser_all_count(small_shop: TestShop) -> None:
    small_shop.order()
    tab = Tab()
    tab.open_filter()
    turns = dict(tab.filter.turns)

    assert tab.choose("tick", "payment", "unpaid", True) == "/orders?payment=unpaid"
    assert tab.choose("tick", "payment", "paid", True) == "/orders?payment=unpaid%2Cpaid"
    tab.go(payment="unpaid")  # the browser arrives at the first one
    assert tab.choose("tick", "shipping", "shipped", True) == "/orders?payment=unpaid%2Cpaid&shipping=shipped"
    tab.go(payment="unpaid,paid")
    tab.go(payment="unpaid,paid")  # it tells so twice
    tab.go(payment="unpaid,paid", shipping="shipped")
    assert [value for value, _word, on in tab.values("payment") if on] == ["unpaid", "paid"]
    assert tab.filter.turns == turns, "no box is drawn anew under the pointer"

    tab.go(payment="unpaid,paid")  # Back
    assert [on for _value, _word, on in tab.values("shipping") if on] == []
    assert tab.filter.turns == {key: turn + 1 for key, turn in turns.items()}
    assert tab.choose("tick", "payment", "paid", False) == "/orders?payment=unpaid"


def test_o3_a_period_and_its_days_exclude_each_other(small_shop: TestShop) -> None:
    tab = Tab()
    tab.open_filter()
    drawn = dict(tab.filter.turns)

    assert tab.choose("put", "date", "last-7-days") == "/orders?date=last-7-days"
    assert tab.choose("put", "date_from", "2026-11-01") == "/orders?date_from=2026-11-01"
    assert tab.choose("put", "date_to", "0002-11-05") == "", "a year that is not typed whole"
    assert tab.choose("put", "date_to", "2026-11-05") == "/orders?date_from=2026-11-01&date_to=2026-11-05"
    assert (tab.filter.turns["date"], tab.filter.turns["date_from"]) == (
        drawn["date"] + 1,
        drawn["date_from"],
    )
    assert tab.choose("put", "date", "today") == "/orders?date=today"
    assert (tab.asked("date_from").text, tab.filter.turns["date_from"]) == ("", drawn["date_from"] + 1)
    assert tab.choose("put", "date", "") == "/orders"


def test_o3_a_chip_says_a_period_or_its_days(small_shop: TestShop) -> None:
    def chips(**query: str) -> list[str]:
        return [chip[0] for chip in Tab(**query).state.view.chips]

    assert chips(date="last-7-days") == ["Date: Last 7 days"]
    assert chips(date_from="2026-11-01", date_to="2026-11-05") == ["Date: 1 Nov 2026 to 5 Nov 2026"]
    assert chips(date_to="2026-11-05", amount_from="20") == ["Date: up to 5 Nov 2026", "Amount: from 20"]
    tab = Tab(date_from="2026-11-01", date_to="2026-11-05", payment="paid")
    assert [chip[1] for chip in tab.state.view.chips] == [
        "/orders?date_from=2026-11-01&date_to=2026-11-05",
        "/orders?payment=paid",
    ]


def test_c16_filters_and_chips_say_names_and_days_as_people_do(small_shop: TestShop) -> None:
    small_shop.order()
    small_shop.order(paid=True)
    tab = Tab(
        payment_method="invoice",
        shipping_method="dhl",
        country="!DE,AT",
        date_from="2026-11-01",
        payment="unpaid,part_paid",
    )
    german = Tab(replace(OWNER, language="de"), date_from="2026-11-01")

    assert [chip[0] for chip in tab.state.view.chips] == [
        "Payment: Unpaid, Part paid",
        "Date: from 1 Nov 2026",
        "Payment method: Invoice",
        "Shipping method: DHL Paket",
        "Country: not Germany, Austria",
    ]
    [[told, *_others]] = german.state.view.chips
    assert (told.startswith("Datum: "), told.endswith("01.11.2026")) == (True, True)
    tab.open_filter()
    assert ("prepaid", "Prepayment by bank transfer", "") in tab.values("payment_method")
    assert (tab.asked("country").is_not, [word for _value, word, on in tab.values("country") if on]) == (
        True,
        ["Austria", "Germany"],
    )


def test_c16_what_is_ticked_comes_into_the_address(small_shop: TestShop) -> None:
    small_shop.order()
    tab = Tab(q="ada")
    tab.open_filter()

    assert tab.choose("mean", "country", True) == ""
    assert tab.asked("country").is_not
    assert tab.choose("tick", "country", "DE", True) == "/orders?q=ada&country=%21DE"
    assert tab.choose("tick", "country", "AT", True) == "/orders?q=ada&country=%21AT%2CDE"
    assert [group.count for group in tab.filter.panel.groups if group.key == "country"] == ["2"]
    assert tab.choose("mean", "country", False) == "/orders?q=ada&country=AT%2CDE"
    assert tab.choose("tick", "country", "AT", False) == "/orders?q=ada&country=DE"
    assert tab.choose("tick", "country", "DE", False) == "/orders?q=ada"


def test_o3_from_eight_values_on_they_are_searched_as_one_types(small_shop: TestShop) -> None:
    small_shop.order()
    tab = Tab(replace(OWNER, language="de"), country="AT,CH,FR,IT,NL,BE,DK", status="!completed")
    tab.open_filter()

    assert (tab.asked("country").is_searched, tab.asked("payment_method").is_searched) == (True, False)
    assert ["AT", "Österreich", "on", "österreich osterreich", "0"] in tab.asked("country").offers


def test_o2_a_search_keeps_the_filters_and_begins_at_the_first_page(small_shop: TestShop) -> None:
    tab = Tab(country="DE", q="ada", page="last")

    assert (tab.state.view.find, tab.state.view.unsearched) == ("/orders?country=DE&q=", "/orders?country=DE")
    assert Tab().state.view.find == "/orders?q="


def test_o2_what_is_typed_before_a_list_was_read_leads_to_its_search() -> None:
    assert (OrderListView().find, OrderListView().unsearched) == ("/orders?q=", "/orders")
    assert (OutboxState().find, OutboxState().all_of_it) == ("/outbox?q=", "/outbox")


def test_o3_a_filter_names_a_method_whose_orders_have_moved_on(
    small_shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Most kinds of orders have none left after a busy day; their method has a name all the same."""
    monkeypatch.setattr(names, "SAMPLE", 1)
    order_id = (
        small_shop.order(
            shipping={"method": "dhl", "name": "DHL Paket", "price": "4.90", "vat_rate": "19"}
        ).id
        or 0
    )
    for key in ("hold", "resume", "pay", "hold", "resume", "ship"):
        perform(BEN, key, order_id)
    tab = Tab()
    tab.open_filter()
    assert ("dhl", "DHL Paket", "") in tab.values("shipping_method")


def test_c5_the_box_is_drawn_anew_where_the_address_names_another_search_than_was_typed(
    small_shop: TestShop,
) -> None:
    tab = Tab()
    box = tab.state.box
    for text in ("mü", "müll", "müller"):
        tab.do("typed", text)
    tab.go(q="mü")
    tab.go(q="müller")
    assert (tab.state.box, tab.state.view.query) == (box, "müller")

    tab.go(q="10194")  # Back
    assert (tab.state.box, tab.state.view.query) == (box + 1, "10194")
    tab.go()
    assert (tab.state.box, tab.state.view.query) == (box + 2, "")


def test_c5_the_box_of_a_page_one_comes_back_to_shows_the_address(small_shop: TestShop) -> None:
    tab = Tab()
    tab.do("typed", "rossi")
    box = tab.state.box
    tab.do("left", True)  # before the list of it was read
    tab.go(q="rossi")

    assert (tab.state.box, tab.state.view.query) == (box + 1, "rossi")


def test_c5_what_is_typed_before_the_first_list_is_read_stays(small_shop: TestShop) -> None:
    assert Tab().state.box == OrdersState().box
    assert Tab(q="10").state.box == OrdersState().box + 1


def test_c5_what_is_typed_at_once_into_the_box_one_comes_back_to_stays(small_shop: TestShop) -> None:
    tab = Tab(q="10")
    box = tab.state.box
    tab.do("left", True)  # the box is drawn with what the list shows: "10"
    tab.go(q="10")
    assert tab.state.box == box


def test_c5_a_box_that_stays_in_sight_with_more_than_was_searched_is_drawn_anew(small_shop: TestShop) -> None:
    tab = Tab()
    box = tab.state.box
    tab.do("left", False)  # "ro" was typed, but the press on the menu came before its search
    tab.go()
    assert tab.state.box == box + 1


def test_c6_a_page_that_is_gone_leads_to_the_first_one(small_shop: TestShop) -> None:
    order = small_shop.order()
    tab = Tab(q=order.number, page="a1.5")

    assert tab.numbers == [order.number]
    assert (tab.state.view.matching, tab.state.view.older, tab.state.view.newer) == ("1 order", "", "")


def test_o2_enter_after_a_scanned_code_opens_its_order(small_shop: TestShop) -> None:
    order = small_shop.order()
    perform(BEN, "ship", order.id or 0, {"tracking": "JD0146000123456789"})
    tab = Tab()

    assert address_of(tab.do("enter", {"q": "jd0146000123456789"})) == f"/orders/{order.number}"
    assert address_of(tab.do("enter", {"q": order.number})) == f"/orders/{order.number}"
    assert address_of(tab.do("enter", {"q": f"#{order.number}"})) == f"/orders/{order.number}"
    assert tab.do("enter", {"q": "ada"}) is None


def test_o2_an_order_opened_from_a_list_takes_the_address_of_the_list_along(small_shop: TestShop) -> None:
    order = small_shop.order(paid=True)
    tab = Tab(view="to-ship", sort="total", page="last")

    assert tab.state.view.carried == "?view=to-ship&sort=total&page=last"
    assert (
        address_of(tab.do("enter", {"q": order.number}))
        == f"/orders/{order.number}?view=to-ship&sort=total&page=last"
    )
    tab.go()
    assert tab.state.view.carried == ""


@pytest.mark.parametrize("text", ["\0", "1000\0" + "1", "JD0146\0"])
def test_o2_what_can_be_in_no_text_finds_nothing(shop: TestShop, text: str) -> None:
    shop.order()
    tab = Tab()

    assert tab.do("enter", {"q": text}) is None
    tab.go(q=text)
    assert tab.state.view.query == text.replace("\0", "")


@pytest.mark.parametrize(
    ("language", "typed", "address", "shown"),
    [
        ("de", "1.300,50", "1300.5", "1.300,5"),
        ("de", "1300,5", "1300.5", "1.300,5"),
        ("de", "1.300", "1300", "1.300"),
        ("de", "1.30", "1.3", "1,3"),
        ("en", "1,300.50", "1300.5", "1,300.5"),
        ("en", "1,300", "1300", "1,300"),
        ("fr", "1 300,50", "1300.5", "1\u202f300,5"),
    ],
)
def test_o3_amounts_are_typed_and_shown_in_the_reader_s_language(
    small_shop: TestShop, language: str, typed: str, address: str, shown: str
) -> None:
    small_shop.order()
    tab = Tab(replace(OWNER, language=language))

    tab.open_filter()
    assert tab.choose("enter", {"amount_from": typed, "amount_to": ""}) == f"/orders?amount_from={address}"
    tab.go(amount_from=address)
    assert tab.asked("amount_from").text == shown
    assert tab.state.view.chips[0][0].endswith(f" {shown}")


def test_o3_an_amount_that_can_mean_two_is_asked(small_shop: TestShop) -> None:
    small_shop.order()
    tab = Tab(OWNER)
    tab.open_filter()
    assert tab.choose("put", "amount_to", "1.300") == ""
    assert tab.filter.wrong_field == "amount_to"
    assert "can mean €1.30 or €1,300.00" in tab.filter.wrong
    assert tab.choose("put", "amount_from", "5") == "/orders?amount_from=5"
    assert tab.filter.wrong_field == "amount_to", "what is wrong stays said"
    assert tab.choose("put", "amount_to", "1,300") == "/orders?amount_from=5&amount_to=1300"
    assert (tab.filter.wrong, tab.filter.wrong_field) == ("", "")


@pytest.mark.parametrize("text", ["abc", "1.000,50", "-5", "1e3", "²", "NaN", "1" * 40])
def test_o3_an_amount_that_is_none_is_no_filter(small_shop: TestShop, text: str) -> None:
    small_shop.order()
    tab = Tab()

    if text != "1.000,50":  # it is an amount as it is typed
        tab.open_filter()
        assert tab.choose("enter", {"amount_from": text, "amount_to": text}) == ""
        assert tab.filter.wrong == (
            "An amount to filter by is not negative."
            if text == "-5"
            else f"“{text}” is not an amount such as €1,234.50."
        )
    tab.go(amount_from=text, amount_to=text)
    assert (tab.state.view.chips, len(tab.numbers)) == ([], 1)


def test_o4_the_tabs_count_live(small_shop: TestShop) -> None:
    order = small_shop.order(paid=True)
    small_shop.order()
    tab = Tab()
    counted = {key: count for key, _word, count, _address in tab.state.view.tabs}
    assert (counted["all"], counted["to-ship"], counted["to-pay"]) == ("2", "2", "1")

    perform(BEN, "ship", order.id or 0, {})
    tab.do("follow")

    counted = {key: count for key, _word, count, _address in tab.state.view.tabs}
    assert (counted["all"], counted["to-ship"]) == ("2", "1")


def test_o4_a_tab_keeps_what_is_searched(small_shop: TestShop) -> None:
    small_shop.order()
    tab = Tab(q="ada", country="DE")
    addresses = {key: address for key, _word, _count, address in tab.state.view.tabs}
    assert (addresses["all"], addresses["to-ship"]) == ("/orders?q=ada", "/orders?view=to-ship&q=ada")


def test_o6_a_change_shows_in_place_and_new_orders_wait_behind_the_pill(small_shop: TestShop) -> None:
    order = small_shop.order(paid=True)
    tab = Tab()
    before = tab.numbers

    perform(BEN, "ship", order.id or 0, {})
    new = [small_shop.order(), small_shop.order(), small_shop.order()]
    tab.do("follow")

    assert tab.numbers == before
    assert tab.state.view.rows[0][SHIPPING + 2] == "Shipped"
    assert tab.state.fresh == "3 new orders"
    tab.do("refresh")
    assert tab.numbers == [*(o.number for o in reversed(new)), order.number]
    assert tab.state.fresh == ""


def test_o6_a_row_stays_in_sight_when_it_no_longer_matches(small_shop: TestShop) -> None:
    order = small_shop.order(paid=True)
    tab = Tab(view="to-ship")
    assert tab.numbers == [order.number]

    perform(BEN, "ship", order.id or 0, {})
    tab.do("follow")

    assert tab.numbers == [order.number]
    tab.go(view="to-ship")
    assert tab.numbers == []


def test_sec4_the_warehouse_is_sent_no_amount_and_no_payment(small_shop: TestShop) -> None:
    small_shop.order(paid=True)
    tab = Tab(WAREHOUSE, payment="paid", sort="total")
    view = tab.state.view

    assert {"total", "payment"}.isdisjoint(column.key for column in view.columns)
    assert not view.chips
    assert {"to-pay", "overdue", "overpaid"}.isdisjoint(tab_[0] for tab_ in view.tabs)
    for row in view.rows:
        assert row[TOTAL] == ""
        assert row[PAYMENT : PAYMENT + 3] == ["", "", ""]
    assert "44.80" not in str(view)


def test_sec1_a_reader_sees_the_list_with_prices(small_shop: TestShop) -> None:
    small_shop.order()

    assert Tab(READER).state.view.rows[0][TOTAL] == "€44.80"


def test_o1_an_empty_shop_says_so_and_a_filter_without_hits_says_another_thing(small_shop: TestShop) -> None:
    assert Tab().state.view.is_empty_shop
    small_shop.order()
    tab = Tab(q="nobody")

    assert not tab.state.view.is_empty_shop
    assert tab.numbers == []
    assert tab.state.view.cleared == "/orders"


def test_p3_the_list_tells_how_many_match(small_shop: TestShop) -> None:
    small_shop.order(paid=True)
    small_shop.order()

    assert Tab().state.view.matching == "2 orders"
    assert Tab(payment="paid").state.view.matching == "1 order"
