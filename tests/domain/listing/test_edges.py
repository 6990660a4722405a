"""What a row says, and how many there are, at the edges (O-1, O-3, O-4)."""

from datetime import UTC, datetime

import pytest
from databases import BEN, TestShop
from sqlmodel import Session

from backoffice_app import db
from backoffice_app.domain.core import clock
from backoffice_app.domain.listing import OrderFilter, OrderPage, count_matching, list_orders
from backoffice_app.domain.listing.facets import matching
from backoffice_app.domain.listing.reader import Known
from backoffice_app.domain.listing.rows import CUSTOMER, DATE, NUMBER
from backoffice_app.domain.order.facets import FacetValues


def listed(wanted: OrderFilter | None = None, limit: int = 50) -> OrderPage:
    """A page of the list in English."""
    with Session(db.engine()) as session:
        return list_orders(session, wanted or OrderFilter(), BEN, "en", limit=limit)


@pytest.mark.parametrize(
    ("placed", "said"),
    [("T09:00:00", "09:00"), ("T08:59:59", "08:59"), ("T23:05:00", "23:05"), ("T00:00:00", "00:00")],
)
def test_o1_a_row_says_the_minute_at_which_an_order_came_in(
    small_shop: TestShop, placed: str, said: str
) -> None:
    small_shop.order(placed_at=f"2026-11-20{placed}+01:00")
    with clock.at(datetime(2026, 11, 20, 22, 59, tzinfo=UTC)):
        [row] = listed().rows
    assert row[DATE] == f"Today {said}"


def test_o1_private_people_and_companies_are_sorted_by_the_name_that_the_row_shows(shop: TestShop) -> None:
    def by(name: str, company: str) -> str:
        address = {
            "name": name,
            "company": company,
            "street": "Weg 1",
            "postcode": "10827",
            "city": "Berlin",
            "country": "DE",
        }
        return shop.order(billing_address=address).number

    numbers = [by("Berta Blum", ""), by("", "Aal GmbH"), by("Anna Ahorn", "Zett AG"), by("", "Caro KG")]
    rows = listed(OrderFilter(sort="customer", direction="up")).rows
    assert [row[CUSTOMER] for row in rows] == ["Aal GmbH", "Anna Ahorn", "Berta Blum", "Caro KG"]
    assert {row[NUMBER] for row in rows} == set(numbers)


def test_o3_a_search_says_how_many_it_found_and_where_there_are_more(small_shop: TestShop) -> None:
    for _ in range(3):
        small_shop.order()
    assert listed(OrderFilter(q="kovac"), limit=3).count == "3"
    assert listed(OrderFilter(q="kovac"), limit=2).count == "2+"
    assert listed(limit=3).count == "3"
    assert listed(limit=2).count == ""


def test_o3_overdue_orders_are_counted(shop: TestShop) -> None:
    with clock.at(datetime(2026, 1, 1, 12, tzinfo=UTC)):
        for n in range(3):
            shop.order(placed_at=f"2026-01-01T10:00:0{n}+01:00")
    shop.order()
    with clock.at(datetime(2026, 11, 29, 12, tzinfo=UTC)), Session(db.engine()) as session:
        assert count_matching(session, OrderFilter(view="overdue"), BEN, "en") == "3"
        assert count_matching(session, OrderFilter(view="overdue", country="FR"), BEN, "en") in ("0", "")


def test_o4_drafts_stand_in_their_own_view_and_in_no_other() -> None:
    facets = Known()
    for key, status in enumerate(("draft", "completed", "on_hold"), 1):
        facets.add(
            key, FacetValues(status, "paid", "shipped", "none", False, "", "", "DE", "", False, 0, False)
        )
    assert matching(facets, OrderFilter(view="drafts")) == ([("status", "draft")], {1})
    assert matching(facets, OrderFilter())[1] == {2, 3}
    assert matching(facets, OrderFilter(view="on-hold")) == ([("status", "on_hold")], {3})
    assert matching(facets, OrderFilter(view="returns-open"))[1] == set()
