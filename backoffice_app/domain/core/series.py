"""Number series: no gaps, no doubles, no number dated before its predecessor (INV-2)."""

import re
from datetime import date, timedelta

from sqlalchemy import Date, bindparam, case, or_, update
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session, col, select

from backoffice_app.db import is_sqlite
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.errors import Invalid, WrongClock
from backoffice_app.domain.core.number_series import SERIES, dated_series
from backoffice_app.i18n import LazyDay, _
from backoffice_app.models import NumberSeries

WHOLE_NUMBER = re.compile(r"(?P<prefix>(?:.*[^0-9])?)(?P<counter>[0-9]{1,9})")
_A_YEAR = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")
LONGEST_PREFIX = 20
"""Characters before the counter of a number."""
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
    .returning(col(NumberSeries.prefix), col(NumberSeries.next_counter) - 1, _LAST, col(NumberSeries.width))
)


def draw(session: Session, kind: str, today: date) -> tuple[str, date]:
    """The next number of `kind` and the day it bears: never before the day of the number before it.

    Locks the series row to the end of the transaction, so draw after everything that can fail. A rollback gives the
    number back.
    A dated series waits while the clock is wrong: raises WrongClock, having drawn nothing.
    """
    if SERIES[kind].dated and (reason := clock.why_not_trusted()):
        raise WrongClock(reason)
    drawn = _advance_any(session, kind, today)
    if drawn is None:
        for year in _years(kind, today):
            _require_day(session, kind, year, today)
        _open(session, kind, today)
        drawn = _advance_any(session, kind, today)
    if drawn is None:
        raise AssertionError(f"the series {kind} was opened for {today.year} and is not there")
    return drawn


def _years(kind: str, today: date) -> tuple[int, int]:
    """Under which years the series of a day may stand, the usual one first: that of the day, or 0 for one that goes on
    for ever.
    """
    return (today.year, 0) if SERIES[kind].is_yearly else (0, today.year)


def _advance_any(session: Session, kind: str, today: date) -> tuple[str, date] | None:
    return next(
        (drawn for year in _years(kind, today) if (drawn := _advance(session, kind, year, today))), None
    )


def _advance(session: Session, kind: str, year: int, today: date) -> tuple[str, date] | None:
    """Moves the counter on in one statement, which is also the lock."""
    latest = today + SLACK if SERIES[kind].dated else date.max
    row = (
        session.connection()
        .execute(_ADVANCE, {"of_kind": kind, "of_year": year, "today": today, "latest": latest})
        .one_or_none()
    )
    return (_number(kind, row[0], row[1], row[3]), row[2] or today) if row else None


def _number(kind: str, prefix: str, counter: int, width: int | None) -> str:
    return f"{prefix}{counter:0{SERIES[kind].digits if width is None else width}d}"


def is_dated_ahead(session: Session, today: date) -> bool:
    """Whether the last number of a dated series of this year bears a day that is more than a day ahead: the clock is,
    or was, wrong.
    """
    ahead = col(NumberSeries.last_day) > today + SLACK
    series = select(NumberSeries.kind).where(
        col(NumberSeries.kind).in_(dated_series()), col(NumberSeries.year).in_([today.year, 0]), ahead
    )
    return session.exec(series).first() is not None


def _require_day(session: Session, kind: str, year: int, today: date) -> None:
    """Refuses a series whose last day is ahead, as its next number would be dated in the future.

    One that is not there is opened next; one that a colleague opened since we looked is no reason to refuse.
    """
    series = session.get(NumberSeries, (kind, year))
    if series is not None and series.last_day is not None and series.last_day > today + SLACK:
        wrong = _(
            "The clock here says {today}, the last number bears {last}. Set it right, or confirm it: `kontor "
            "clock --is-right`."
        )
        raise WrongClock(wrong.format(today=LazyDay(today), last=LazyDay(series.last_day)))


def _open(session: Session, kind: str, today: date) -> None:
    """Makes the series of a new year, written as that of the year before; of two that try at once one makes it, the
    other finds it.
    """
    prefix, width, year, first = _pattern(session, kind, today)
    insert = insert_sqlite if is_sqlite(session) else insert_postgres
    values = {"kind": kind, "year": year, "prefix": prefix, "width": width, "next_counter": first}
    session.connection().execute(insert(NumberSeries).values(**values).on_conflict_do_nothing())


def _pattern(session: Session, kind: str, today: date) -> tuple[str, int | None, int, int]:
    """Prefix, width, year and first counter of a series that is not there yet."""
    usual = SERIES[kind]
    earlier = select(NumberSeries).where(
        NumberSeries.kind == kind, NumberSeries.year > 0, NumberSeries.year < today.year
    )
    before = session.exec(earlier.order_by(col(NumberSeries.year).desc()).limit(1)).first()
    if before:
        return _year_in(before.year).sub(str(today.year), before.prefix), before.width, today.year, 1
    return usual.prefix.format(year=today.year), None, today.year if usual.is_yearly else 0, usual.first


def _year_in(year: int) -> re.Pattern[str]:
    return re.compile(rf"(?<![0-9]){year}(?![0-9])")


def find(session: Session, kind: str, today: date, *, lock: bool = False) -> NumberSeries | None:
    """The series that the next number of `kind` comes from, if it was opened."""
    rows = (
        session.get(NumberSeries, (kind, year), with_for_update=lock, populate_existing=lock)
        for year in _years(kind, today)
    )
    return next((row for row in rows if row), None)


def set_next(session: Session, kind: str, today: date, number: str) -> None:
    """From `number` on, such as "2026-04711", the series goes on: with its prefix, its digits, and in each year anew if
    the year is in it.

    Once, before any number was drawn here; raises Invalid after that, and for a number that does not end in digits
    (INV-2).
    """
    series = _unbegun(session, kind, today)
    found = WHOLE_NUMBER.fullmatch(number)
    if not found or not int(found["counter"]):
        raise Invalid(
            "number",
            _("Write the whole next number. It ends in digits, such as {example}.").format(
                example=f"{today.year}-04711"
            ),
        )
    prefix, counter = found["prefix"], found["counter"]
    if len(prefix) > LONGEST_PREFIX:
        raise Invalid(
            "number",
            _("At most {longest} characters may stand before the digits.").format(longest=LONGEST_PREFIX),
        )
    year = today.year if _year_in(today.year).search(prefix) else 0
    if _in_any_year(prefix) in _others(session, kind, today):
        raise Invalid(
            "number", _("Numbers of another series begin like this. Write something else before the digits.")
        )
    if series.year != year:
        session.delete(series)
        session.flush()
        series = NumberSeries(kind=kind, year=year, prefix=prefix, next_counter=1)
        session.add(series)
    series.prefix, series.width, series.next_counter = prefix, len(counter), int(counter)
    session.flush()


def _others(session: Session, kind: str, today: date) -> set[str]:
    """How numbers of the other kinds begin, in any year: also of kinds of which none was drawn yet."""
    there = session.exec(select(NumberSeries.prefix).where(col(NumberSeries.kind) != kind)).all()
    unopened = (other for other in SERIES if other != kind and find(session, other, today) is None)
    return {
        _in_any_year(prefix) for prefix in (*there, *(_pattern(session, one, today)[0] for one in unopened))
    }


def _in_any_year(prefix: str) -> str:
    """The prefix without its year: that of next year collides when the other series comes to it."""
    return _A_YEAR.sub("{year}", prefix)


def _unbegun(session: Session, kind: str, today: date) -> NumberSeries:
    """The series, locked; Invalid where a number was drawn from it."""
    if find(session, kind, today) is None:
        _open(session, kind, today)
    series = find(session, kind, today, lock=True)
    if series is None or series.last_day is not None:
        raise Invalid(
            "counter", _("Numbers of this series were already given out, so its start can no longer be set.")
        )
    return series


def preview(session: Session, kind: str, today: date) -> str:
    """The number that would come next, without drawing it."""
    series = find(session, kind, today)
    if series:
        return _number(kind, series.prefix, series.next_counter, series.width)
    prefix, width, _year, first = _pattern(session, kind, today)
    return _number(kind, prefix, first, width)
