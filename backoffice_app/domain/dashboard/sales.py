"""The sales of the last 30 days: one statement along the order of the list, and a chart of plain rectangles."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from sqlalchemy import text
from sqlmodel import Session

from backoffice_app.domain.core import clock
from backoffice_app.domain.core.shop import Regional
from backoffice_app.domain.order.position import first_position_of
from backoffice_app.formats import format_day, format_money, format_number, locale
from backoffice_app.i18n import ngettext

DAYS = 30
QUARTER = 900
"""Seconds: all zones are whole quarters of an hour from UTC, so that a quarter belongs to one day."""
WIDTH, HEIGHT, TOP, STEP, BAR = 304, 116, 8, 10.1, 8
_SOLD = text(
    "SELECT position / :second / :quarter AS quarter, sum(total), count(*) FROM orders "
    "WHERE position >= :first AND currency = :currency AND status NOT IN ('draft', 'cancelled') GROUP BY 1"
)


@dataclass(frozen=True)
class SalesView:
    """`total`, `orders`: of all days; `most`: of the best one; `bars`: [x, y, height, class] each; `days`: [day,
    orders, total] each, newest first; `first`, `last`: how the ends of the chart are called.
    """

    total: str = ""
    orders: str = ""
    most: str = ""
    first: str = ""
    last: str = ""
    bars: list[list[str]] = field(default_factory=list)
    days: list[list[str]] = field(default_factory=list)


def read_sales(session: Session, regional: Regional, today: date, language: str) -> SalesView:
    """What was ordered on each of the last 30 days in the shop's currency, today included; drafts and cancelled orders
    are left out.
    """
    first = today - timedelta(days=DAYS - 1)
    begins = int(clock.start_of_day(first, regional.zone).timestamp())
    given = {
        "second": first_position_of(1),
        "quarter": QUARTER,
        "first": first_position_of(begins),
        "currency": regional.currency,
    }
    zone, sold = (
        ZoneInfo(regional.zone),
        dict.fromkeys((first + timedelta(days=at) for at in range(DAYS)), (0, 0)),
    )
    for quarter, total, count in session.connection().execute(_SOLD, given):
        day = datetime.fromtimestamp(int(quarter) * QUARTER, UTC).astimezone(zone).date()
        if day in sold:
            sold[day] = (sold[day][0] + int(total), sold[day][1] + count)

    def money(amount: int) -> str:
        return format_money(amount, regional.currency, language)

    def name(day: date) -> str:
        return str(format_skeleton("MMMd", day, locale=locale(language)))

    most = max(total for total, _count in sold.values())
    return SalesView(
        total=money(sum(total for total, _count in sold.values())),
        orders=ngettext(
            "{count} order", "{count} orders", sum(count for _total, count in sold.values())
        ).in_language(language),
        most=money(most) if most else "",
        first=name(first),
        last=name(today),
        bars=[
            _bar(at, total, most, is_last=at == DAYS - 1) for at, (total, _count) in enumerate(sold.values())
        ],
        days=[
            [format_day(day, language), format_number(count, language), money(total)]
            for day, (total, count) in reversed(sold.items())
        ],
    )


def _bar(at: int, total: int, most: int, *, is_last: bool) -> list[str]:
    height = (HEIGHT - TOP) * max(total, 0) / most if most > 0 else 0.0
    return [f"{at * STEP:.1f}", f"{HEIGHT - height:.1f}", f"{height:.1f}", "now" if is_last else ""]
