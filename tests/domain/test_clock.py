"""A clock that is wrong by days dates no document (R-13)."""

import time
from datetime import UTC, date, datetime

import pytest
from databases import OWNER, READER, TestShop
from sqlmodel import Session

from backoffice_app import db
from backoffice_app.domain.core import clock, series
from backoffice_app.domain.core.actions import ACTIONS, perform
from backoffice_app.domain.core.errors import Refused, WrongClock
from backoffice_app.domain.core.rights import COMMAND
from backoffice_app.domain.core.shop import Administration, save_section
from backoffice_app.domain.core.work import work
from backoffice_app.domain.invoicing.days import confirm_clock

MONDAY, FRIDAY = datetime(2026, 11, 23, 12, tzinfo=UTC), datetime(2026, 11, 27, 12, tzinfo=UTC)


def numbers(shop: TestShop, at: datetime) -> list[tuple[str, date]]:
    with clock.at(at):
        return [(d.number, d.issued_on) for d in shop.order().documents]


def by_hand(shop: TestShop) -> None:
    with work(OWNER) as w:
        save_section(w.session, "administration", Administration(invoice_policy="by hand"))


def ahead(at: datetime) -> bool:
    with Session(db.reading_engine()) as session:
        return series.is_dated_ahead(session, at.date())


def test_r13_a_clock_that_was_days_ahead_dates_no_further_invoice_in_the_future(shop: TestShop) -> None:
    assert numbers(shop, FRIDAY) == [("RE-2026-0001", FRIDAY.date())]
    assert ahead(MONDAY)
    with pytest.raises(WrongClock) as refused:
        numbers(shop, MONDAY)
    assert "27 Nov 2026" in refused.value.reason.in_language("en")
    assert numbers(shop, FRIDAY) == [("RE-2026-0002", FRIDAY.date())], "nothing was drawn meanwhile"
    assert not ahead(FRIDAY)


def test_r13_a_day_is_no_wrong_clock(shop: TestShop) -> None:
    numbers(shop, FRIDAY)
    assert numbers(shop, datetime(2026, 11, 26, 12, tzinfo=UTC)) == [("RE-2026-0002", FRIDAY.date())]


def test_r13_three_weeks_closed_are_no_wrong_clock(shop: TestShop) -> None:
    numbers(shop, MONDAY)
    later = datetime(2026, 12, 18, 12, tzinfo=UTC)
    assert numbers(shop, later) == [("RE-2026-0002", later.date())]


def test_r13_a_year_that_a_colleague_opens_at_the_same_moment_is_no_wrong_clock(
    shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two who draw the first number of a year, one finds no series; by the time it looks again the other has made it
    and drawn.
    """
    advance = series._advance
    looked: list[str] = []

    def a_colleague_is_first(
        session: Session, kind: str, year: int, today: date
    ) -> tuple[str, int, date] | None:
        drawn = advance(session, kind, year, today)
        if kind != "invoice" or looked:
            return drawn
        looked.append(kind)
        assert drawn is None, "there is no series yet"
        series._open(session, kind, MONDAY.date())
        advance(session, kind, year, today)
        return None

    monkeypatch.setattr(series, "_advance", a_colleague_is_first)
    assert numbers(shop, MONDAY) == [("RE-2026-0002", MONDAY.date())]


def test_r13_a_person_lets_invoices_go_on_and_the_history_says_so(shop: TestShop) -> None:
    numbers(shop, FRIDAY)
    with clock.at(MONDAY):
        assert confirm_clock(COMMAND) == [("invoice", FRIDAY.date())]
        assert confirm_clock(COMMAND) == []
    assert numbers(shop, MONDAY) == [("RE-2026-0002", MONDAY.date())]
    with pytest.raises(Refused):
        confirm_clock(READER)


def test_r13_a_jump_forward_makes_invoices_wait_until_the_clock_is_back(
    shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_hand(shop)
    order = shop.order()
    real = time.time
    with monkeypatch.context() as jumped:
        jumped.setattr(time, "time", lambda: real() + 3 * 86_400)
        with pytest.raises(Refused, match="jumped forward by 3 days"):
            perform(OWNER, "invoice", order.id or 0)
        assert ACTIONS["invoice"].why_not(shop.load(order.id or 0)) is not None, (
            "the button of the order window says so too"
        )
        with pytest.raises(WrongClock), work(OWNER) as w:
            series.draw(w.session, "invoice", w.today)
    perform(OWNER, "invoice", order.id or 0)
    assert [d.number for d in shop.load(order.id or 0).documents] == [f"RE-{clock.now().year}-0001"]


def test_r13_orders_and_shipments_are_numbered_whatever_the_clock_says(
    shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_hand(shop)
    real = time.time
    numbers(shop, FRIDAY)
    monkeypatch.setattr(time, "time", lambda: real() + 3 * 86_400)
    assert numbers(shop, MONDAY) == []


@pytest.mark.parametrize("seconds", [-86_400 * 30, 0, 3_600, 86_400])
def test_r13_small_jumps_and_those_back_are_trusted(seconds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + seconds)
    assert clock.why_not_trusted() is None
