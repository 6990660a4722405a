"""What time it is. Domain code asks here and nowhere else, so that a test can set it."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from backoffice_app.i18n import LazyText, ngettext

_SET: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC, whole microseconds. `KONTOR_NOW` (RFC 3339) sets it for browser tests."""
    if moment := _SET.get():
        return moment
    fixed = os.environ.get("KONTOR_NOW")
    return datetime.fromisoformat(fixed).astimezone(UTC) if fixed else datetime.now(UTC)


def jumped_by() -> timedelta:
    """How much further the clock of this machine went since the process began than time did; negative if it was set
    back.
    """
    return timedelta(seconds=time.time() - _BEGAN[0] - (_steady() - _BEGAN[1]))


def why_not_trusted() -> LazyText | None:
    """Why nothing is dated just now: the clock jumped forward by more than two days while this process ran.

    None if it did not.

    A jump back is no reason: a clock that was ahead is right again. A restart believes the clock as it is.
    """
    jump = jumped_by()
    if jump < LONGEST_JUMP:
        return None
    days = round(jump / timedelta(days=1))
    return ngettext(
        "The clock of this machine jumped forward by {count} day. Invoices wait until it is right. If it is "
        "right, restart Kontor.",
        "The clock of this machine jumped forward by {count} days. Invoices wait until it is right. If it is "
        "right, restart Kontor.",
        days,
    )


def _steady() -> float:
    """Seconds that nobody can set; those of sleep count where the system counts them."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


LONGEST_JUMP = timedelta(days=2)
_BEGAN = (time.time(), _steady())


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


def in_zone(moment: datetime, zone: str) -> datetime:
    """An aware `moment` as the clocks of `zone` show it (L-3)."""
    return moment.astimezone(ZoneInfo(zone))


def start_of_day(day: date, zone: str) -> datetime:
    """The first moment of `day` in `zone`, as aware UTC; also right on days of 23 and 25 hours (L-3)."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
