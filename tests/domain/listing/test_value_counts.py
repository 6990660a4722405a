"""The numbers beside the values of a filter are those that a recount gives, up to a bound (O-3)."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from big_shop import SAME, BigShop, expected, random_filters
from sqlmodel import Session

from backoffice_app.domain.core.rights import COMMAND
from backoffice_app.domain.core.shop import Regional
from backoffice_app.domain.listing import OrderFilter
from backoffice_app.domain.listing.filter_view import filter_panel
from backoffice_app.domain.listing.reader import Reader
from backoffice_app.domain.listing.value_counts import MOST, Counts, value_counts


def counted(shop: BigShop, wanted: OrderFilter) -> Counts:
    with Session(shop.engine) as session:
        return value_counts(Reader(session), wanted, Regional())


def recounted(shop: BigShop, wanted: OrderFilter, *keys: str) -> dict[str, dict[str, int]]:
    """By filter how many orders have each value, by looking at each of the list without that filter."""
    whole = _orders_of(shop, wanted)
    found = {}
    for key in keys:
        filters = tuple((name, text) for name, text in wanted.filters if name != key)
        orders = _orders_of(shop, replace(wanted, filters=filters)) if wanted.text(key) else whole
        found[key] = dict(Counter(str(order[SAME[key]]) for order in orders))
    return found


def _orders_of(shop: BigShop, wanted: OrderFilter) -> list[dict[str, Any]]:
    numbers = set(expected(shop, wanted))
    return [order for order in shop.orders if order["number"] in numbers]


def up_to_the_bound(found: dict[str, int]) -> dict[str, int]:
    return {value: min(n, MOST + 1) for value, n in found.items() if n}


def is_counted(wanted: OrderFilter) -> bool:
    on = set(wanted.active())
    days, amounts = on & {"date", "date_from", "date_to"}, on & {"amount_from", "amount_to"}
    return (
        not wanted.q
        and "tags" not in on
        and wanted.view not in {"overdue", "differing"}
        and not (days and amounts)
    )


@pytest.mark.parametrize("wanted", [OrderFilter(), *random_filters(24)], ids=lambda f: f.address(""))
def test_o3_the_numbers_beside_the_values_are_those_of_a_recount(
    big_shop: BigShop, wanted: OrderFilter
) -> None:
    found = counted(big_shop, wanted)
    assert bool(found) == is_counted(wanted)
    for key, recount in (recounted(big_shop, wanted, *SAME) if found else {}).items():
        told = up_to_the_bound({str(value): n for value, n in found[key].items()})
        assert told == up_to_the_bound(recount), key


def test_o3_a_value_says_its_number_and_many_are_more_than_999(big_shop: BigShop) -> None:
    with Session(big_shop.engine) as session:
        groups = filter_panel(session, OrderFilter(country="AT"), COMMAND, "en").groups
    [country] = [group for group in groups if group.key == "country"]
    told = {value: number for value, _word, _on, _found_by, number in country.filters[0].offers}
    recount = recounted(big_shop, OrderFilter(), "country")["country"]
    assert told["DE"] == "999+"
    assert told == {value: str(n) if n <= MOST else "999+" for value, n in recount.items() if value}


def test_p3_of_too_many_facets_nothing_is_counted(big_shop: BigShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backoffice_app.domain.listing.value_counts.FACETS", 100)
    assert counted(big_shop, OrderFilter()) == {}
    wanted = OrderFilter(country="GR", payment_method="ideal", status="completed", shipping="shipped")
    assert {"source", "payment"} <= counted(big_shop, wanted).keys()
