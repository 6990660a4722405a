"""The days in which the money of a withdrawal goes back (RET-4)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from backoffice_app.domain.core import clock
from backoffice_app.domain.order.states import RETURN_CLOSED

REFUND_DAYS = 14
"""Within so many days of a withdrawal its money goes back (§ 357 (1) BGB, Directive 2011/83/EU, art. 13)."""
NEAR = 4
"""So many days before its end the clock of a refund is told of in the list."""


@dataclass(frozen=True)
class RefundClock:
    """How long the money of a withdrawal may take. `until`: the last day; `days_left`: below 0 once it is over."""

    until: date
    days_left: int

    @property
    def is_near(self) -> bool:
        """Whether somebody should see to it now, or should have done so."""
        return self.days_left <= NEAR


def refund_by(withdrawn_at: datetime, zone: str) -> date:
    """The last legal day on which the money of a withdrawal goes back (RET-4)."""
    return clock.day_of(withdrawn_at, zone) + timedelta(days=REFUND_DAYS)


def clock_of(
    withdrawn_at: datetime | None, state: str, left_to_refund: int, zone: str, today: date
) -> RefundClock | None:
    """The clock of a withdrawal; None for another return, and once it is settled.

    `state`: of the return; `left_to_refund`: of the credit notes that completed it, in minor units: until then the
    clock runs on.
    """
    if withdrawn_at is None or (state in RETURN_CLOSED and not left_to_refund):
        return None
    until = refund_by(withdrawn_at, zone)
    return RefundClock(until, (until - today).days)


def near_since(zone: str, today: date) -> datetime:
    """The clock of what was withdrawn before this moment is near its end or over."""
    return clock.start_of_day(today - timedelta(days=REFUND_DAYS - NEAR - 1), zone)
