"""Number series: no gaps, no doubles, no number dated before its predecessor (INV-2)."""

from datetime import date, timedelta

from sqlalchemy import Date, bindparam, case, or_, update
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session, col, select

from backoffice_app.db import is_sqlite
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.errors import Invalid, WrongClock
from backoffice_app.i18n import LazyDay, _
from backoffice_app.models import NumberSeries

# kind -> (prefix with the year in it, digits, whether the counter starts anew each year, first counter)
PATTERNS: dict[str, tuple[str, int, bool, int]] = {
    "order": ("", 0, False, 10_001),
    "customer": ("C-", 0, False, 1_001),
    "shipment": ("L-{year}-", 4, True, 1),
    "invoice": ("RE-{year}-", 4, True, 1),
    "credit note": ("GS-{year}-", 4, True, 1),
    "cancellation": ("ST-{year}-", 4, True, 1),
}

DATED = frozenset({"invoice", "credit note", "cancellation"})
"""Series whose numbers bear a legal day."""
SLACK = timedelta(days=1)
"""So far may the last day of a series be ahead: a clock that was a little fast, or another time zone."""

_LAST, _TODAY = col(NumberSeries.last_day), bindparam("today", type_=Date)
_ADVANCE = (
    update(NumberSeries)
    .where(
        col(NumberSeries.kind) == bindparam("of_kind"),
        col(NumberSeries.year) == bindparam("of_year"),
        or_(_LAST.is_(None), bindparam("latest", type_=Date) >= _LAST),
    )
    .values(next_counter=NumberSeries.next_counter + 1, last_day=case((_LAST > _TODAY, _LAST), else_=_TODAY))
    .returning(col(NumberSeries.prefix), col(NumberSeries.next_counter) - 1, _LAST)
)


def draw(session: Session, kind: str, today: date) -> tuple[str, date]:
    """The next number of `kind` and the day it bears: never before the day of the number before it.

    Locks the series row to the end of the transaction, so draw after everything that can fail. A rollback gives the number back.
    A series that is DATED waits while the clock is wrong: raises WrongClock, having drawn nothing.
    """
    if kind in DATED and (reason := clock.why_not_trusted()):
        raise WrongClock(reason)
    _prefix, width, yearly, _first = PATTERNS[kind]
    year = today.year if yearly else 0
    drawn = _advance(session, kind, year, today)
    if drawn is None:
        _require_day(session, kind, year, today)
        _open(session, kind, year)
        drawn = _advance(session, kind, year, today)
    if drawn is None:
        raise AssertionError(f"the series {kind} {year} was opened and is not there")
    prefix, counter, day = drawn
    return f"{prefix}{counter:0{width}d}", day


def _advance(session: Session, kind: str, year: int, today: date) -> tuple[str, int, date] | None:
    """Moves the counter on in one statement, which is also the lock."""
    latest = today + SLACK if kind in DATED else date.max
    row = session.connection().execute(_ADVANCE, {"of_kind": kind, "of_year": year, "today": today, "latest": latest}).one_or_none()
    return (row[0], row[1], row[2] or today) if row else None


def is_dated_ahead(session: Session, today: date) -> bool:
    """Whether the last number of a dated series of this year bears a day that is more than a day ahead: the clock is, or was, wrong."""
    ahead = col(NumberSeries.last_day) > today + SLACK
    series = select(NumberSeries.kind).where(col(NumberSeries.kind).in_(DATED), NumberSeries.year == today.year, ahead)
    return session.exec(series).first() is not None


def _require_day(session: Session, kind: str, year: int, today: date) -> None:
    """Refuses a series whose last day is ahead, as its next number would be dated in the future.

    One that is not there is opened next; one that a colleague opened since we looked is no reason to refuse.
    """
    series = session.get(NumberSeries, (kind, year))
    if series is not None and series.last_day is not None and series.last_day > today + SLACK:
        wrong = _("The clock here says {today}, the last number bears {last}. Set it right, or confirm it: `kontor clock --is-right`.")
        raise WrongClock(wrong.format(today=LazyDay(today), last=LazyDay(series.last_day)))


def _open(session: Session, kind: str, year: int) -> None:
    """Makes the series of a new year; of two that try at once one makes it, the other finds it."""
    prefix, _width, _yearly, first = PATTERNS[kind]
    insert = insert_sqlite if is_sqlite(session) else insert_postgres
    values = {"kind": kind, "year": year, "prefix": prefix.format(year=year), "next_counter": first}
    session.connection().execute(insert(NumberSeries).values(**values).on_conflict_do_nothing())


def set_start(session: Session, kind: str, year: int, counter: int) -> None:
    """Sets the first counter of a series, once, before any number was drawn. Raises Invalid after that (INV-2)."""
    _open(session, kind, year)
    series = session.get_one(NumberSeries, (kind, year), with_for_update=True)
    if series.last_day is not None:
        raise Invalid("counter", _("Numbers of this series were already given out, so its start can no longer be set."))
    if counter < 1:
        raise Invalid("counter", _("The first number must be at least 1."))
    series.next_counter = counter
    session.flush()


def preview(session: Session, kind: str, today: date) -> str:
    """The number that would come next, without drawing it."""
    prefix, width, yearly, first = PATTERNS[kind]
    year = today.year if yearly else 0
    series = session.get(NumberSeries, (kind, year))
    return f"{series.prefix if series else prefix.format(year=year)}{series.next_counter if series else first:0{width}d}"
