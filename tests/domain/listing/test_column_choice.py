"""Colleagues choose the columns of the order list; the file of its orders has the same ones (O-1, O-5)."""

from dataclasses import replace

import pytest
from databases import BEN, OWNER, WAREHOUSE, TestShop
from sqlmodel import Session

from backoffice_app import db
from backoffice_app.domain.core.errors import NotFound, Refused
from backoffice_app.domain.core.rights import COMMAND, Actor
from backoffice_app.domain.listing import OrderFilter
from backoffice_app.domain.listing.column_choice import column_rows, move_column, reset_columns, show_column
from backoffice_app.domain.listing.column_file import OrdersFile
from backoffice_app.domain.listing.parts import COLUMNS, column
from backoffice_app.domain.listing.views import OrderListView, order_list
from backoffice_app.i18n import _
from backoffice_app.models import Order

STANDARD = ["number", "date", "customer", "total", "status", "payment", "shipping", "marks"]


def listed(actor: Actor, **parameters: str) -> OrderListView:
    with Session(db.engine()) as session:
        return order_list(session, OrderFilter.parse(parameters), actor, "en")


def keys(actor: Actor, **parameters: str) -> list[str]:
    return [one.key for one in listed(actor, **parameters).columns]


def rows(actor: Actor) -> dict[str, bool]:
    with Session(db.engine()) as session:
        return {row.key: row.is_on for row in column_rows(session, actor, "en")}


def file_of(actor: Actor, *orders: Order) -> list[list[object]]:
    with Session(db.engine()) as session:
        file = OrdersFile(session, actor)
        return [file.heads(), *file.rows([session.get_one(Order, order.id) for order in orders])]


def test_o1_a_colleague_leaves_columns_out_and_moves_them_for_themselves(shop: TestShop) -> None:
    shop.order()
    assert keys(BEN) == STANDARD

    show_column(BEN, "date", on=False)
    move_column(BEN, "payment", -1)
    move_column(BEN, "payment", -1)
    assert (
        keys(BEN)
        == keys(BEN, view="to-ship", payment="unpaid")
        == [
            *("number", "customer", "payment", "total", "status", "shipping", "marks"),
        ]
    )
    assert (rows(BEN)["date"], rows(BEN)["payment"]) == (False, True)
    assert keys(OWNER) == keys(COMMAND) == STANDARD

    show_column(BEN, "date", on=True)
    move_column(BEN, "date", 1)
    assert keys(BEN)[:3] == ["number", "customer", "date"]
    reset_columns(BEN)
    reset_columns(BEN)
    assert keys(BEN) == STANDARD


def test_o1_the_number_stays_and_the_ends_are_the_ends(shop: TestShop) -> None:
    with pytest.raises(Refused):
        show_column(BEN, "number", on=False)
    move_column(BEN, "number", 1)
    move_column(BEN, "date", -1)
    move_column(BEN, "marks", 1)
    shop.order()
    assert keys(BEN) == STANDARD
    with Session(db.engine()) as session:
        first, second, *_others, last = column_rows(session, BEN, "en")
    assert (first.key, first.up, first.is_on) == ("number", "", True)
    assert (second.up, second.is_first, second.is_last) == ("Move Date up", True, False)
    assert (last.down, last.is_first, last.is_last) == ("Move Marks down", False, True)


def test_o1_where_orders_came_from_is_shown_once_they_came_from_several_places_unless_somebody_said_otherwise(
    shop: TestShop,
) -> None:
    shop.order()
    assert not rows(BEN)["source"]
    show_column(OWNER, "source", on=True)
    assert "source" in keys(OWNER)
    shop.order(source="etsy")
    assert "source" in keys(BEN)
    assert rows(BEN)["source"]
    show_column(BEN, "source", on=False)
    assert "source" not in keys(BEN)


def test_sec4_columns_that_a_role_may_not_see_can_be_neither_seen_nor_chosen(shop: TestShop) -> None:
    shop.order()
    for key in ("total", "payment", "evil"):
        with pytest.raises(NotFound):
            show_column(WAREHOUSE, key, on=True)
        with pytest.raises(NotFound):
            move_column(WAREHOUSE, key, 1)
    assert {"total", "payment"}.isdisjoint(rows(WAREHOUSE))
    with pytest.raises(Refused):
        show_column(COMMAND, "date", on=False)


def test_sec4_what_was_chosen_in_another_role_shows_no_more_than_the_role_may_see(shop: TestShop) -> None:
    shop.order()
    move_column(BEN, "total", -1)
    demoted = replace(WAREHOUSE, id=BEN.id)
    move_column(demoted, "customer", -1)
    assert keys(demoted) == ["number", "customer", "date", "status", "shipping", "marks"]
    assert set(keys(BEN)) == set(STANDARD)


def test_ext1_a_column_that_comes_later_stands_at_the_end_and_one_that_goes_leaves_no_trace(
    shop: TestShop,
) -> None:
    shop.order()
    move_column(BEN, "status", -1)
    column("colour", _("Note"), sql="source", cell=lambda source, _look: source, rank=15)
    try:
        assert keys(OWNER)[:3] == ["number", "colour", "date"]
        assert keys(BEN)[-1] == "colour"
        assert file_of(BEN)[0][-1] == "Note"
    finally:
        COLUMNS.remove("colour")
    assert "colour" not in keys(BEN)


def test_o1_what_shares_a_place_on_a_phone_card_is_what_is_shown(shop: TestShop) -> None:
    shop.order()
    assert [(card.place, [one.key for one in card.columns]) for card in listed(BEN).cards] == [
        ("place-6", ["status", "payment", "shipping"]),
    ]
    show_column(BEN, "status", on=False)
    show_column(BEN, "payment", on=False)
    view = listed(BEN)
    assert (view.cards, [one.place for one in view.columns if one.key == "shipping"]) == ([], ["place-6"])


def test_o5_a_file_has_the_columns_that_were_chosen_in_their_order(shop: TestShop) -> None:
    first, second = shop.order(comment="Please ring"), shop.order(paid=True)
    heads = [
        "Number",
        "Date",
        "Customer",
        "Company",
        "E-mail",
        "Total",
        "Amount paid",
        "Amount open",
        "Currency",
    ]
    assert file_of(OWNER)[0] == [*heads, "Status", "Payment", "Shipping", "Source", "Marks"]

    for key in ("customer", "status", "shipping", "source"):
        show_column(BEN, key, on=False)
    for _n in range(4):
        move_column(BEN, "payment", -1)
    told, *orders = file_of(BEN, second, first)

    assert told == ["Number", "Payment", "Date", "Total", "Amount paid", "Amount open", "Currency", "Marks"]
    assert [(row[0], row[1], str(row[3]), row[-1]) for row in orders] == [
        (second.number, "Paid", "44.80", ""),
        (first.number, "Unpaid", "44.80", "Comment"),
    ]


def test_sec4_the_file_of_a_role_has_only_what_it_may_see(shop: TestShop) -> None:
    [heads, row] = file_of(WAREHOUSE, shop.order())
    assert {"Total", "Currency", "Payment"}.isdisjoint(map(str, heads))
    assert "44.80" not in map(str, row)


def test_o5_a_file_leaves_out_an_order_that_is_gone_since_it_was_read(small_shop: TestShop) -> None:
    order = small_shop.order()
    gone = Order(number="gone", facet=0, position=0, placed_at=order.placed_at)
    with Session(db.engine()) as session:
        file = OrdersFile(session, OWNER)
        assert len(list(file.rows([gone, session.get_one(Order, order.id)]))) == 1
