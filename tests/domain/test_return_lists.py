"""Sales > Returns: the list, its search and its file, and the reasons and actions to choose from (RET-2,
RET-3, SEC-4).
"""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from databases import BEN, OWNER, READER, WAREHOUSE, TestShop
from saying_yes import say_yes
from sqlmodel import Session, select

from backoffice_app import db
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.csv_text import as_csv
from backoffice_app.domain.core.errors import Invalid, NotFound, Refused
from backoffice_app.domain.core.shop import Administration, Shop
from backoffice_app.domain.intake.take_in import take_in
from backoffice_app.domain.orders.new_order import parse_order
from backoffice_app.domain.rest_view import order_view
from backoffice_app.domain.returns.choices import (
    ACTION,
    LISTS,
    REASON,
    add_usual,
    choices_page,
    chosen,
)
from backoffice_app.domain.returns.period import Period, return_period
from backoffice_app.domain.returns.queries import (
    PAGE,
    ReturnsAddress,
    address_of,
    returns_file,
    returns_page,
    returns_tabs,
)
from backoffice_app.domain.window import order_window
from backoffice_app.models import History, Order, Shipment


def shipped(shop: TestShop, **changes: Any) -> Order:
    order_id = take_in(OWNER, parse_order(shop.new_order(paid=True).as_json() | changes)).order_id
    perform(OWNER, "ship", order_id, {"mail": "off"})
    return shop.load(order_id)


def returned(order: Order, **values: Any) -> str:
    return perform(
        BEN, "create-return", order.id or 0, {"quantities": {"1": "1"}, "mail": "off", **values}
    ).made["returns"][0]


def names(kind: str = REASON, language: str = "en") -> list[str]:
    return [f"({row.name})" if row.is_retired else row.name for row in choices_page(READER, kind, language)]


def numbers(actor: Any = OWNER, **address: Any) -> list[str]:
    with db.reading() as session:
        return [row[1] for row in returns_page(session, ReturnsAddress(**address), actor, "en").rows]


# --- reasons and actions
# ----------------------------------------------------------------------------------------------------------


def test_ret2_reasons_are_added_renamed_ordered_and_retired(small_shop: TestShop) -> None:
    LISTS[REASON].add(BEN, {"name-en": "Too small", "name-de": "Zu klein", "pays": "customer"})
    LISTS[REASON].add(BEN, {"name-en": "Broken", "pays": "shop"})
    LISTS[REASON].add(BEN, {"name-en": "Late", "pays": "shop"})
    assert names() == ["Too small", "Broken", "Late"]
    assert names(language="de") == ["Zu klein", "Broken", "Late"]

    rows = choices_page(BEN, REASON, "en")
    assert [(row.is_first, row.is_last, row.pays) for row in rows] == [
        (True, False, "The customer"),
        (False, False, "The shop"),
        (False, True, "The shop"),
    ]
    LISTS[REASON].move(BEN, rows[2].id, -1)
    LISTS[REASON].move(BEN, rows[0].id, -1)
    LISTS[REASON].retire(BEN, rows[1].id, retired=True)
    LISTS[REASON].save(BEN, rows[0].id, {**rows[0].texts, "name-en": "Too tight"}, rows[0].texts)
    assert names() == ["Too tight", "Late", "(Broken)"]
    LISTS[REASON].retire(BEN, rows[1].id, retired=False)
    assert names() == ["Too tight", "Late", "Broken"]
    with Session(db.engine()) as session:
        told = [
            one.kind for one in session.exec(select(History).where(History.kind == "ReturnChoiceChanged"))
        ]
    assert len(told) == 6


def test_ret2_what_is_typed_in_any_language_is_the_entry_and_is_kept_in_the_language_of_the_order(
    small_shop: TestShop,
) -> None:
    LISTS[REASON].add(BEN, {"name-en": "Too small", "name-de": "Zu klein", "pays": "shop"})
    LISTS[ACTION].add(BEN, {"name-en": "Exchange", "name-de": "Umtausch"})
    order = shipped(small_shop)
    returned(order, reason=" too  SMALL ", action="Umtausch")
    [row] = choices_page(BEN, REASON, "en")
    LISTS[REASON].save(BEN, row.id, {"name-de": "Zu eng"}, row.texts)
    LISTS[REASON].retire(BEN, row.id, retired=True)
    returned(order, reason="Zu eng")
    first, second = small_shop.load(order.id or 0).returns
    assert (first.reason, first.action, first.pays, first.reason_id) == (
        "Zu klein",
        "Umtausch",
        "shop",
        int(row.id),
    )
    assert (second.reason, second.pays, second.reason_id) == (
        "Zu eng",
        "",
        None,
    )  # a retired one can't be chosen; the words are free
    with db.reading() as session:
        assert chosen(session, ACTION, "", "de") == (None, "")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name-de": " "}, "name-en"),
        ({"name-de": "x" * 201}, "name-de"),
        ({"name-de": "zu KLEIN"}, "name-de"),
        ({"name-en": "ok", "pays": "nobody"}, "pays"),
    ],
)
def test_ret2_a_wrong_name_is_refused_and_names_its_field(
    small_shop: TestShop, values: dict[str, str], field: str
) -> None:
    LISTS[REASON].add(BEN, {"name-de": "Zu klein"})
    with pytest.raises(Invalid) as no:
        LISTS[REASON].add(BEN, values)
    assert no.value.field == field
    assert len(names()) == 1


def test_ret2_who_may_not_edit_changes_nothing_and_what_a_colleague_saved_is_not_lost_unseen(
    small_shop: TestShop,
) -> None:
    add_usual(BEN, REASON)
    with pytest.raises(Refused):
        add_usual(BEN, REASON)
    before = names()
    row = choices_page(BEN, REASON, "en")[0]
    for change in (
        lambda: LISTS[REASON].add(WAREHOUSE, {"name-en": "x"}),
        lambda: LISTS[REASON].save(WAREHOUSE, row.id, {"name-en": "x"}, row.texts),
        lambda: LISTS[REASON].move(WAREHOUSE, row.id, 1),
        lambda: LISTS[REASON].retire(WAREHOUSE, row.id, retired=True),
    ):
        with pytest.raises(Refused):
            change()
    assert names() == before
    LISTS[REASON].save(OWNER, row.id, {"name-en": "Mine"}, row.texts)
    with pytest.raises(Invalid, match="A colleague changed this to “Mine”"):
        LISTS[REASON].save(BEN, row.id, {"name-en": "Yours"}, row.texts)
    with pytest.raises(NotFound):
        LISTS[REASON].retire(BEN, "99", retired=True)


# --- the list
# ---------------------------------------------------------------------------------------------------------------------


def test_ret3_the_list_is_found_by_number_order_and_customer_and_filtered_by_state(shop: TestShop) -> None:
    address = {
        "name": "Jürgen O'Neil_100%",
        "street": "Weg 1",
        "postcode": "10115",
        "city": "Berlin",
        "country": "DE",
    }
    first, second = shipped(shop), shipped(shop, billing_address=address, number_at_source="#77")
    one, two = returned(first), returned(second)
    perform(BEN, "cancel-return", first.id or 0, {"return": one})
    assert numbers() == [two, one]
    for text in (two, two.lower(), second.number, f"#{second.number}", "#77", "jurgen", "O'Neil_100%"):
        assert numbers(text=text) == [two], text
    assert numbers(text="ada.kovac@example.com") == [two, one]
    assert numbers(text="100_") == numbers(text="nobody\0") == []
    assert (numbers(state="cancelled"), numbers(state="open"), numbers(state="completed")) == (
        [one],
        [two],
        [],
    )
    with db.reading() as session:
        tabs = {tab[0]: tab[2] for tab in returns_tabs(session, ReturnsAddress(), "en")}
    assert (tabs["open"], tabs["requested"], tabs["cancelled"]) == ("1", "1", "")


def test_ret3_the_list_goes_on_where_it_stopped(
    small_shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backoffice_app.domain.returns.queries.PAGE", 2)
    order = shipped(
        small_shop, lines=[{**small_shop.new_order().as_json()["lines"][0], "quantity": "5"}], total="104.65"
    )
    made = [returned(order) for _n in range(5)]
    seen, at = [], ReturnsAddress()
    with db.reading() as session:
        while True:
            page = returns_page(session, at, OWNER, "en")
            seen += [row[1] for row in page.rows]
            if not page.older:
                break
            at = address_of(dict(pair.split("=") for pair in page.older.partition("?")[2].split("&")))
    assert seen == made[::-1]
    assert PAGE == 50


@pytest.mark.parametrize(
    "given", [{"before": "x"}, {"before": "9" * 30}, {"state": "gone"}, {"tab": "x"}, {"q": " " * 300}]
)
def test_ret3_an_address_that_means_nothing_is_that_of_the_list(given: dict[str, str]) -> None:
    assert address_of(given) == ReturnsAddress()


def test_sec4_the_file_holds_what_is_filtered_and_no_formula_and_no_price_for_who_may_see_none(
    small_shop: TestShop,
) -> None:
    order = shipped(small_shop)
    number = returned(order, reason="=1+1", action="+49 30")
    perform(OWNER, "receive-return", order.id or 0, {"return": number})
    perform(OWNER, "complete-return", order.id or 0, {"return": number})
    with db.reading() as session:
        full, without = (
            "".join(as_csv(returns_file(session, {}, actor), "UTC")) for actor in (OWNER, WAREHOUSE)
        )
    head, row = csv.reader(io.StringIO(full.removeprefix("\ufeff")))
    assert row[:9] == [
        number,
        order.number,
        "Ada Kovač",
        "Completed",
        "'=1+1",
        "'+49 30",
        "1 piece",
        "19.95",
        "EUR",
    ]
    assert datetime.fromisoformat(row[9]), "a moment that a spreadsheet sorts by"
    assert "Amount credited" in head
    assert "19.95" not in without
    assert "Amount credited" not in without
    assert "EUR" not in without


def test_ret2_colleagues_read_reasons_in_their_language_and_customers_in_that_of_the_order(
    small_shop: TestShop,
) -> None:
    LISTS[REASON].add(BEN, {"name-en": "Too small", "name-de": "Zu klein", "pays": "customer"})
    LISTS[ACTION].add(BEN, {"name-en": "Exchange", "name-de": "Umtausch"})
    order = shipped(small_shop, language="en")
    returned(order, reason="Zu klein", action="Umtausch")

    with db.reading() as session:
        [row] = returns_page(session, ReturnsAddress(), BEN, "de").rows
        [shown] = order_window(session, order.number, BEN, "de", tab="returns").blocks["returns"].returns  # type: ignore[attr-defined]
    assert ("Zu klein", "Umtausch") == (row[6], row[7]) == (shown.reason, shown.action)
    assert order_view(order.number).returns[0].reason == "Too small"

    [reason] = choices_page(BEN, REASON, "de")
    LISTS[REASON].save(
        BEN,
        reason.id,
        {"name-en": "Wrong size", "name-de": "Falsche Größe", "pays": "customer"},
        reason.texts,
    )
    with db.reading() as session:
        assert returns_page(session, ReturnsAddress(), BEN, "de").rows[0][6] == "Too small", (
            "what it was called is not rewritten"
        )


def test_api1_an_order_tells_of_its_returns(small_shop: TestShop) -> None:
    order = shipped(small_shop)
    number = returned(order, reason="zu klein", text="Passt nicht")
    perform(
        OWNER, "receive-return", order.id or 0, {"return": number, "condition": "as new", "restock": True}
    )
    [told] = order_view(order.number).returns
    assert (told.number, told.state, told.reason, told.text, told.locked, told.document) == (
        number,
        "received",
        "zu klein",
        "Passt nicht",
        False,
        "",
    )
    assert [
        (line.rank, line.quantity, line.received, line.restocked, line.condition) for line in told.lines
    ] == [(1, "1", "1", "1", "as_new")]
    assert told.slip == f"/return-slips/{number}.pdf"
    assert order_view(order.number).return_state == "open"


# --- the return period
# ------------------------------------------------------------------------------------------------------------


def test_ret3_the_period_counts_from_the_last_shipment_in_the_shop_s_days() -> None:
    shop = Shop(administration=Administration(return_days=14))
    order = Order(id=1, number="1", position=1, placed_at=datetime(2026, 11, 1, tzinfo=UTC))
    order.shipments = []
    assert return_period(shop, order, date(2026, 11, 20)) is None
    late = datetime(2026, 11, 5, 23, 30, tzinfo=UTC)  # the 6th in Berlin
    order.shipments = [
        Shipment(number="L-1", order_id=1, state="shipped", created_at=late, shipped_at=late),
        Shipment(
            number="L-2", order_id=1, state="shipped", created_at=late, shipped_at=late - timedelta(days=3)
        ),
        Shipment(number="L-3", order_id=1, state="open", created_at=late),
    ]
    assert return_period(shop, order, date(2026, 11, 20)) == Period(date(2026, 11, 20), is_over=False)
    assert return_period(shop, order, date(2026, 11, 21)) == Period(date(2026, 11, 20), is_over=True)


def test_ret3_the_list_has_the_sum_of_all_credit_notes_of_a_return(shop: TestShop) -> None:
    """Pieces that were added after the invoice are on one of their own, so what comes back of both is
    credited twice.
    """
    order = shop.order()
    say_yes(BEN, "edit-lines", order.id or 0, {"lines": [{"rank": 1, "quantity": "3"}]})
    for key, values in (("pay", {}), ("ship", {}), ("create-return", {"quantities": {"1": "3"}})):
        say_yes(BEN, key, order.id or 0, {**values, "mail": False})
    number = shop.load(order.id or 0).returns[0].number
    for key, more in (("receive-return", {}), ("complete-return", {"refund": True})):
        say_yes(BEN, key, order.id or 0, {"return": number, "mail": False, **more})
    notes = [one for one in shop.load(order.id or 0).documents if one.kind == "credit note"]
    assert len(notes) == 2
    with db.reading() as session:
        [row] = returns_page(session, ReturnsAddress(), OWNER, "en").rows
    assert row[9] == f"€{-sum(one.total for one in notes) / 100:.2f}"
    [told] = order_view(order.number).returns
    assert (told.document, told.documents) == (notes[1].number, [one.number for one in notes])
