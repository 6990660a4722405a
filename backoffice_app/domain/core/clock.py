"""What time it is. Domain code asks here and nowhere else, so that a test can set it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_SET: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC, whole microseconds. `KONTOR_NOW` (RFC 3339) sets it for browser tests."""
    if moment := _SET.get():
        return moment
    fixed = os.environ.get("KONTOR_NOW")
    return datetime.fromisoformat(fixed).astimezone(UTC) if fixed else datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Inside the block it is `moment` (aware): for tests, and for the demo, whose orders lie in the past."""
    token = _SET.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _SET.reset(token)


def today(zone: str) -> date:
    """The legal day in the shop's time zone, such as "Europe/Berlin" (L-3)."""
    return day_of(now(), zone)


def day_of(moment: datetime, zone: str) -> date:
    """The day on which an aware `moment` falls in `zone` (L-3)."""
    return moment.astimezone(ZoneInfo(zone)).date()


def start_of_day(day: date, zone: str) -> datetime:
    """The first moment of `day` in `zone`, as aware UTC; also right on days of 23 and 25 hours (L-3)."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
