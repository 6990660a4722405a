"""What the list shows is what the orders say, on every page, in both directions, on both databases (O-1 to
O-4, L-3).
"""

from datetime import date

import pytest
from big_shop import KEYS, VIEWS, ZONE, BigShop, expected, numbers, page, random_filters
from sqlmodel import Session

from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.rights import COMMAND, RIGHTS_OF, Actor, ActorKind, Role
from backoffice_app.domain.listing import OrderFilter, OrderPage, count_matching, counts
from backoffice_app.domain.listing.filters import written
from backoffice_app.domain.listing.order_filters import (
    first_second,
    highest_amount,
    lowest_amount,
    second_after,
)
from backoffice_app.domain.listing.rows import COMPANY, CUSTOMER, NUMBER, PAYMENT, STATUS, TOTAL

WAREHOUSE = Actor(ActorKind.USER, "Wanda", RIGHTS_OF[Role.WAREHOUSE], role=Role.WAREHOUSE)


@pytest.mark.parametrize("wanted", random_filters(80), ids=lambda f: f.address(""))
def test_o3_filters_combine_in_every_order_of_the_list(big_shop: BigShop, wanted: OrderFilter) -> None:
    everything = expected(big_shop, wanted)
    first = page(big_shop, wanted)
    assert numbers(first) == everything[:50]
    assert bool(first.older) == (len(everything) > 50)
    assert not first.newer
    if first.older:
        second = page(big_shop, OrderFilter(**{**wanted.parameters(), "page": first.older}))
        assert numbers(second) == everything[50:100]
        back = page(big_shop, OrderFilter(**{**wanted.parameters(), "page": second.newer}))
        assert numbers(back) == everything[:50]
    last = page(big_shop, OrderFilter(**{**wanted.parameters(), "page": "last"}))
    assert numbers(last) == everything[-50:]
    assert not last.older
    with Session(big_shop.engine) as session:
        counted = count_matching(session, wanted, COMMAND, "en")
    assert counted == (f"{len(everything):,}" if len(everything) <= 1000 else "1,000+")


SEVERAL = [
    OrderFilter(country="AT,JP"),
    OrderFilter(country="!DE"),
    OrderFilter(payment="unpaid,part_paid", view="to-pay"),
    OrderFilter(status="!completed", country="DE,AT,CH", sort="total"),
    OrderFilter(
        shipping="not_shipped,part_shipped", payment_method="!paypal", sort="customer", direction="up"
    ),
    OrderFilter(country="XX,YY"),
    OrderFilter(country="!XX", sort="status"),
    OrderFilter(source="!etsy", amount_from="30", date_from="2026-11-01"),
    OrderFilter(date="last-7-days"),
    OrderFilter(date="last-month", country="!DE", sort="total"),
    OrderFilter(date="this-month", payment="paid,unpaid", sort="customer", direction="up"),
    OrderFilter(date="last-30-days", amount_from="30", sort="status"),
]


@pytest.mark.parametrize("wanted", SEVERAL, ids=lambda f: f.address(""))
def test_c16_several_values_and_all_but_these(big_shop: BigShop, wanted: OrderFilter) -> None:
    everything = expected(big_shop, wanted)
    first = page(big_shop, wanted)
    assert numbers(first) == everything[:50]
    last = page(big_shop, OrderFilter(**{**wanted.parameters(), "page": "last"}))
    assert numbers(last) == everything[-50:]
    with Session(big_shop.engine) as session:
        counted = count_matching(session, wanted, COMMAND, "en")
    assert counted == (f"{len(everything):,}" if len(everything) <= 1000 else "1,000+")


def test_c16_values_that_make_no_sense_are_left_out_of_several() -> None:
    assert OrderFilter.parse({"payment": "paid,evil,unpaid"}).text("payment") == "paid,unpaid"
    assert OrderFilter.parse({"payment": "!evil", "country": "!", "status": ","}) == OrderFilter()
    code = OrderFilter(payment_method=written(["Kauf, auf 30 % Rechnung!", "card"], others=True))
    assert OrderFilter.parse(code.parameters()).values("payment_method") == (
        True,
        ("Kauf, auf 30 % Rechnung!", "card"),
    )


@pytest.mark.parametrize("sort", sorted(KEYS))
def test_o1_all_pages_together_are_all_orders_once(big_shop: BigShop, sort: str) -> None:
    wanted = OrderFilter(sort=sort, date_from="2026-11-10")
    everything, found, backwards = expected(big_shop, wanted), [], []
    cursor = ""
    while True:
        part = page(big_shop, OrderFilter(**{**wanted.parameters(), "page": cursor}), limit=190)
        found += numbers(part)
        if not part.older:
            break
        cursor = part.older
    assert found == everything
    cursor = "last"
    while cursor:
        part = page(big_shop, OrderFilter(**{**wanted.parameters(), "page": cursor}), limit=190)
        backwards = numbers(part) + backwards
        cursor = part.newer
    assert backwards[-len(everything) + len(everything) % 190 :] == everything[len(everything) % 190 :]


@pytest.mark.parametrize("view", sorted(VIEWS))
def test_o4_a_view_shows_its_orders_and_its_tab_counts_them(big_shop: BigShop, view: str) -> None:
    everything = expected(big_shop, OrderFilter(view=view))
    assert numbers(page(big_shop, OrderFilter(view=view))) == everything[:50]
    with Session(big_shop.engine) as session:
        counted = counts(session, COMMAND, "en")[view]
    assert counted == f"{len(everything):,}"


def test_l3_a_day_begins_and_ends_in_the_zone_of_the_shop() -> None:
    def seconds(day: str) -> int:
        return second_after(day, ZONE) - first_second(day, ZONE)

    assert seconds("2026-10-25") == 25 * 3600
    assert seconds("2026-03-29") == 23 * 3600


def test_sec4_a_role_without_prices_sees_no_amount_and_finds_none_by_it(big_shop: BigShop) -> None:
    found = page(
        big_shop,
        OrderFilter(amount_from="100", sort="total", payment="paid", view="overdue"),
        actor=WAREHOUSE,
    )
    assert numbers(found) == expected(big_shop, OrderFilter())[:50]
    for row in found.rows:
        assert row[TOTAL] == ""
        assert row[PAYMENT : PAYMENT + 3] == ["", "", ""]
        assert row[STATUS + 2]
    with Session(big_shop.engine) as session:
        assert (
            not {"to-pay", "invoice-waits", "overdue", "overpaid"} & counts(session, WAREHOUSE, "en").keys()
        )


def test_sec2_without_the_right_to_read_there_is_no_list(big_shop: BigShop) -> None:
    nobody = Actor(ActorKind.USER, "Nobody", frozenset())
    with pytest.raises(Refused):
        page(big_shop, OrderFilter(), actor=nobody)


def test_o1_rows_are_texts_ready_to_show(big_shop: BigShop) -> None:
    row = page(big_shop, OrderFilter()).rows[0]
    assert all(isinstance(cell, str) for cell in row)
    assert row[NUMBER] == big_shop.orders[0]["number"]
    assert row[CUSTOMER]
    assert row[TOTAL].startswith("€")
    assert row[CUSTOMER] != row[COMPANY]


@pytest.mark.parametrize(
    "address",
    [
        *("page=a9.1", "page=bogus", "page=a0.x", "sort=evil", "view=evil&status=nope"),
        *("date_from=31.12.2026", "amount_from=abc", "q=%25_%5C"),
        *(
            "page=a0.²",
            "page=a0.99999999999999999999",
            "page=a0.1.--1&sort=total",
            f"page=a0.1.{'9' * 30}&sort=total",
            "custom_status=²",
        ),
        *(f"{name}=\0" for name in ("q", "country", "tags", "page", "source")),
        *("q=1\0", "q=abc\0d", "page=a0.1.\0&sort=customer"),
    ],
)
def test_o3_an_address_that_makes_no_sense_still_shows_a_list(big_shop: BigShop, address: str) -> None:
    parameters = dict(part.split("=", 1) for part in address.split("&"))
    wanted = OrderFilter.parse(parameters)
    assert isinstance(page(big_shop, wanted), OrderPage)


@pytest.mark.parametrize(
    ("typed", "currency", "bounds"),
    [
        ("12.50", "EUR", (1250, 1250)),
        ("12,5", "EUR", (1250, 1250)),
        ("12.505", "EUR", (1251, 1250)),
        ("12.50", "JPY", (13, 12)),
    ],
)
def test_o3_an_amount_is_a_bound_in_every_currency(
    typed: str, currency: str, bounds: tuple[int, int]
) -> None:
    assert (lowest_amount(typed, currency), highest_amount(typed, currency)) == bounds


def test_o3_a_filter_survives_its_address() -> None:
    wanted = OrderFilter(
        view="to-ship",
        q="müller",
        country="AT",
        date_from=date(2026, 1, 2).isoformat(),
        sort="total",
        page="a0.5.7",
    )
    assert OrderFilter.parse(wanted.parameters()) == wanted
    assert wanted.address(country="").count("page=") == 0
    assert wanted.cleared().parameters() == {"view": "to-ship", "q": "müller", "sort": "total"}
