"""Days that an address names by what they are today: they follow the shop's day, also where a list was kept
(O-3, L-3).
"""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from databases import BEN, TestShop
from sqlmodel import Session

from backoffice_app import db
from backoffice_app.domain.core import clock
from backoffice_app.domain.listing import OrderFilter
from backoffice_app.domain.listing.order_filters import PERIODS, days_of
from backoffice_app.domain.listing.parts import as_bounds
from backoffice_app.domain.listing.saved import keep_view, kept_by
from backoffice_app.domain.listing.views import order_list

DAYS = [
    ("today", "2026-11-30", "2026-11-30", "2026-11-30"),
    ("yesterday", "2026-11-30", "2026-11-29", "2026-11-29"),
    ("yesterday", "2026-01-01", "2025-12-31", "2025-12-31"),
    ("last-7-days", "2026-11-30", "2026-11-24", "2026-11-30"),
    ("last-30-days", "2026-11-30", "2026-11-01", "2026-11-30"),
    ("this-month", "2026-02-10", "2026-02-01", "2026-02-28"),
    ("this-month", "2026-12-31", "2026-12-01", "2026-12-31"),
    ("last-month", "2026-03-31", "2026-02-01", "2026-02-28"),
    ("last-month", "2026-01-15", "2025-12-01", "2025-12-31"),
]


@pytest.mark.parametrize(("period", "today", "first", "last"), DAYS)
def test_o3_a_period_is_days_from_first_to_last(period: str, today: str, first: str, last: str) -> None:
    assert days_of(period, date.fromisoformat(today)) == (date.fromisoformat(first), date.fromisoformat(last))


def test_o3_each_period_has_days() -> None:
    assert {one[0] for one in DAYS} == set(PERIODS)


def test_p3_the_ends_of_a_period_are_each_read_in_the_index_of_the_list() -> None:
    assert as_bounds("position >= :date_begin AND position < :date_end") == [
        "position >= :date_begin",
        "position < :date_end",
    ]
    assert as_bounds("position >= :one AND note_count > 0") == ["(position >= :one AND note_count > 0)"]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets the clock."""

    def set_to(moment: str) -> None:
        monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat(moment).replace(tzinfo=UTC))

    return set_to


def test_o3_l3_a_kept_list_shows_other_days_tomorrow_in_the_zone_of_the_shop(
    shop: TestShop, at: Callable[[str], None]
) -> None:
    """Berlin is an hour ahead of UTC in November: its 25th begins at 23:00."""
    at("2026-11-24T22:00:00")
    early = shop.order(placed_at="2026-11-24T22:59:59+00:00")
    late = shop.order(placed_at="2026-11-24T23:00:00+00:00")
    keep_view(BEN, "Yesterday's", "?date=yesterday")
    with Session(db.engine()) as session:
        [kept] = kept_by(session, BEN)

    def found(wanted: OrderFilter) -> list[str]:
        with Session(db.engine()) as session:
            return [row[0] for row in order_list(session, wanted, BEN, "en").rows]

    at("2026-11-25T12:00:00")
    assert (found(kept.wanted), found(OrderFilter(date="today"))) == ([early.number], [late.number])
    at("2026-11-25T22:59:59")
    assert found(kept.wanted) == [early.number]
    at("2026-11-25T23:00:00")
    assert (found(kept.wanted), found(OrderFilter(date="today"))) == ([late.number], [])
    assert found(OrderFilter(date="last-7-days")) == [late.number, early.number]
    assert found(OrderFilter(date_from="2026-11-25")) == [late.number], "old addresses work as before"
    assert OrderFilter.parse({"date": "next-year"}) == OrderFilter()
