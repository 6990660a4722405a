"""The rows of the dashboard: what waits for a person, registered by the area that knows it; each leads to its list with
that filter.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlmodel import Session

from backoffice_app.domain.core.rights import Actor, AnyRight, Right
from backoffice_app.domain.core.shop import Regional
from backoffice_app.i18n import LazyText, _
from backoffice_app.registry import Ranked

CAP = 1_000
"""What no kept count says is counted up to here."""
Group = Literal["now", "today", "soon"]
GROUPS: dict[Group, LazyText] = {"now": _("At once"), "today": _("Today", "dashboard"), "soon": _("Soon")}


@dataclass(frozen=True)
class Reading:
    """What all rows are read with, made once.

    `counts`: how many orders each view of the order list holds, by its key.
    """

    session: Session
    actor: Actor
    regional: Regional
    today: date
    counts: Mapping[str, int]

    @property
    def sees_prices(self) -> bool:
        """Whether amounts may be shown (SEC-4)."""
        return self.actor.may(Right.PRICES)


@dataclass(frozen=True)
class Waiting:
    """How much waits; above `CAP` it is shown as "1,000+".

    `amount`: in minor units of the shop's currency, None for none.

    `note`: since when, until when, or why. `href`: the list that shows these, where it is another than the row's.
    """

    count: int
    amount: int | None = None
    note: LazyText | None = None
    href: str = ""


@dataclass(frozen=True, eq=False)
class Row:
    """A row of the dashboard, registered with `dashboard_row`; it is always there, gray where nothing waits."""

    key: str
    label: LazyText
    group: Group
    rank: int
    href: str
    icon: str
    right: AnyRight
    is_urgent: bool
    read: Callable[[Reading], Waiting]


ROWS: Ranked[Row] = Ranked("row of the dashboard")


def dashboard_row(
    *,
    key: str,
    label: LazyText,
    group: Group,
    rank: int,
    href: str,
    icon: str,
    right: AnyRight = Right.READ,
    is_urgent: bool = False,
) -> Callable[[Callable[[Reading], Waiting]], Callable[[Reading], Waiting]]:
    """Registers the function below, which says how much waits, as a row of the dashboard; see `Row`.

    It asks for at most one statement: a kept count (`Reading.counts`), or an index, up to `CAP`. `href`: the list that
    shows exactly these. `icon`: a name of lucide that `pages/dashboard.py` draws. Raises ValueError for a key or group
    that can't be.
    """

    def register(read: Callable[[Reading], Waiting]) -> Callable[[Reading], Waiting]:
        if group not in GROUPS:
            raise ValueError(
                f"The row {key!r} of the dashboard is in the group {group!r}; there are {', '.join(GROUPS)}."
            )
        ROWS.add(Row(key, label, group, rank, href, icon, right, is_urgent, read))
        return read

    return register
