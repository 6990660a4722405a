"""No page of the list reads more than twenty times its rows, whatever is filtered and sorted; the plans say
so (P-3).
"""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from big_shop import KEYS, ORDERS, BigShop, random_filters
from sqlalchemy import text
from sqlmodel import Session

from backoffice_app.domain.core.rights import COMMAND
from backoffice_app.domain.core.shop import Regional
from backoffice_app.domain.listing import OrderFilter, ranges
from backoffice_app.domain.listing.places import read_place
from backoffice_app.domain.listing.queries import PAGE, read_page
from backoffice_app.domain.listing.reader import Reader
from backoffice_app.domain.listing.search import Hits
from backoffice_app.domain.listing.streams import BY_DATE, Bounds, Orders
from backoffice_app.domain.listing.typed import parse_query

MOST = 20 * PAGE
MOST_AROUND = 2 * MOST
"""The orders before and after one are looked for as two pages are."""
MOST_BESIDE = 3 * ranges.MOST
"""Days beside another order than by date, or amounts beside another than by total, are two ranges without a common
index.
"""
MOST_OF_SEVERAL = 2 * MOST
"""All values but one are hundreds of facets: rows are walked first, and then the head of each facet is looked at."""
STEPS_PER_ROW = 40
"""SQLite counts steps of its machine, not rows: reading, testing and giving out one row of the list takes
about thirty.
"""
SCANS = {"Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Heap Scan"}


class CountingReader(Reader):
    """Adds up what each statement on the orders reads."""

    read = 0

    def rows(
        self, statement: str, values: Mapping[str, object], *, planned_anew: bool = False
    ) -> list[tuple[Any, ...]]:
        """Counts, then reads."""
        if "orders" not in statement:
            return super().rows(statement, values, planned_anew=planned_anew)
        if self.sqlite:
            return self._counted(statement, values)
        plan = super().rows(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}", values)[0][0]
        plan = json.loads(plan) if isinstance(plan, str) else plan
        self.read += _rows_read(plan[0]["Plan"])
        return super().rows(statement, values)

    def _counted(self, statement: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        steps = 0

        def count() -> int:
            nonlocal steps
            steps += 10
            return 0

        self._raw.set_progress_handler(count, 10)
        try:
            found = super().rows(statement, values)
        finally:
            self._raw.set_progress_handler(None, 0)
        self.read += steps // STEPS_PER_ROW
        return found


def _rows_read(node: dict[str, Any]) -> int:
    read = 0
    if node["Node Type"] in SCANS:
        thrown_away = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
        read = int((node["Actual Rows"] + thrown_away) * node["Actual Loops"])
    return read + sum(_rows_read(child) for child in node.get("Plans", []))


def rows_read(shop: BigShop, wanted: OrderFilter) -> int:
    """How many rows of the orders one page reads."""
    with Session(shop.engine) as session:
        reader = CountingReader(session)
        read_page(reader, wanted, COMMAND, "en", Regional())
        return reader.read


def rows_read_around(shop: BigShop, wanted: OrderFilter, at: int) -> int:
    """How many rows of the orders are read to say where one of them stands in a list; `at`: which one, from
    the newest.
    """
    with Session(shop.engine) as session:
        reader = CountingReader(session)
        if not reader.sqlite and not is_beside(
            wanted
        ):  # it would rather sort 20,000 orders than walk; of a million it does not
            for way in ("sort", "incremental_sort", "bitmapscan"):
                session.execute(text(f"SET LOCAL enable_{way} = off"))
        read_place(reader, shop.orders[at]["number"], wanted, COMMAND, "en")
        return reader.read


def is_beside(wanted: OrderFilter) -> bool:
    """Whether days or amounts are bounded beside another order of the list."""
    days, amounts = (
        {what, f"{what}_from", f"{what}_to"} & set(wanted.active()) for what in ("date", "amount")
    )
    return bool((days and wanted.sort != "date") or (amounts and wanted.sort != "total"))


@pytest.mark.parametrize(
    "wanted",
    [
        OrderFilter(country="AT,JP"),
        OrderFilter(country="!DE"),
        OrderFilter(status="!completed", sort="total"),
    ],
)
def test_c16_several_values_read_few_rows_too(big_shop: BigShop, wanted: OrderFilter) -> None:
    assert rows_read(big_shop, wanted) <= MOST_OF_SEVERAL


@pytest.mark.parametrize("wanted", random_filters(120), ids=lambda f: f.address(""))
def test_p3_a_filtered_page_reads_few_rows(big_shop: BigShop, wanted: OrderFilter) -> None:
    assert rows_read(big_shop, wanted) <= (MOST_BESIDE if is_beside(wanted) else MOST)


@pytest.mark.parametrize(
    "wanted", [OrderFilter(date="last-7-days"), OrderFilter(date="last-month", sort="total", payment="paid")]
)
def test_p3_days_that_are_named_by_today_read_as_few_rows(big_shop: BigShop, wanted: OrderFilter) -> None:
    assert rows_read(big_shop, wanted) <= (MOST_BESIDE if is_beside(wanted) else MOST)


@pytest.mark.parametrize("at", [0, 10_000, 19_000])
@pytest.mark.parametrize("wanted", random_filters(40), ids=lambda f: f.address(""))
def test_p6_the_orders_before_and_after_one_are_found_by_few_rows(
    big_shop: BigShop, wanted: OrderFilter, at: int
) -> None:
    assert rows_read_around(big_shop, wanted, at) <= (MOST_BESIDE if is_beside(wanted) else MOST_AROUND)


@pytest.mark.parametrize(
    "view", ["all", "to-pay", "to-ship", "on-hold", "overdue", "overpaid", "returns-open", "drafts"]
)
def test_p1_a_view_reads_few_rows(big_shop: BigShop, view: str) -> None:
    assert rows_read(big_shop, OrderFilter(view=view)) <= MOST


@pytest.mark.parametrize("sort", sorted(KEYS))
def test_p2_the_last_page_reads_few_rows(big_shop: BigShop, sort: str) -> None:
    assert rows_read(big_shop, OrderFilter(sort=sort, page="last")) <= 4 * PAGE


def test_p3_what_matches_nothing_reads_next_to_nothing(big_shop: BigShop) -> None:
    assert rows_read(big_shop, OrderFilter(status="on_hold", country="XX", source="etsy")) <= PAGE
    assert rows_read(big_shop, OrderFilter(amount_from="99999")) <= PAGE
    assert rows_read(big_shop, OrderFilter(status="cancelled", payment="paid", printed="yes")) <= PAGE


def test_p3_sqlite_uses_an_index_for_every_order_of_the_list(big_shop: BigShop) -> None:
    with Session(big_shop.engine) as session:
        if session.get_bind().dialect.name != "sqlite":
            pytest.skip("PostgreSQL's plans are counted above")
        for column in ("position", "id", "total, position", "sort_name, position"):
            order = ", ".join(f"{part} DESC" for part in column.split(", "))
            plan = session.execute(
                text(f"EXPLAIN QUERY PLAN SELECT {column}, facet FROM orders ORDER BY {order} LIMIT 50")
            ).all()
            assert not any("TEMP B-TREE" in step.detail for step in plan), column


class SpeakingReader(Reader):
    """Notes the statements that look for words."""

    asked: list[str]

    def rows(
        self, statement: str, values: Mapping[str, object], *, planned_anew: bool = False
    ) -> list[tuple[Any, ...]]:
        """Notes, then reads."""
        if " LIKE " in statement and not statement.startswith("EXPLAIN"):
            self.asked.append(statement)
        return super().rows(statement, values, planned_anew=planned_anew)


def test_p4_a_name_and_two_digits_are_met_among_the_next_texts(big_shop: BigShop) -> None:
    """The trigram index can't answer two digits, so with a name it would give all orders of that name, to be read one
    by one.
    """
    newest = [big_shop.texts[position] for position in sorted(big_shop.texts, reverse=True)]

    def hits(word: str, digits: str, among: int) -> int:
        return sum(word in doc and digits in doc for doc in newest[:among])

    combinations = (
        (word, str(digits)) for word in ("schmidt", "muller", "weber", "fischer") for digits in range(10, 99)
    )
    first = 100 * (PAGE + 1)
    words = next(
        pair
        for pair in combinations
        if 3 * PAGE // 4 < hits(*pair, first) <= PAGE and hits(*pair, ORDERS) > PAGE
    )
    with Session(big_shop.engine) as session:
        reader = SpeakingReader(session)
        if reader.sqlite:
            pytest.skip("SQLite reads the hits of FTS5 in the order of the list and stops")
        reader.asked = []
        hits_of = Hits(parse_query(" ".join(words)), Orders(BY_DATE, Bounds(), None))

        found = hits_of.read(reader, None, down=True, limit=PAGE + 1)

    expected = [
        p for p in sorted(big_shop.texts, reverse=True) if all(word in big_shop.texts[p] for word in words)
    ]
    assert found == [(position,) for position in expected[: PAGE + 1]]
    assert len(reader.asked) == 2
    assert not any("MATERIALIZED" in statement for statement in reader.asked)
