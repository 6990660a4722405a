"""The views of the order list: which orders belong to each, and the counts that are kept as rows (O-4, P-5)."""

import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Insert
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session, col

from backoffice_app.db import is_sqlite
from backoffice_app.domain.core.rights import AnyRight, Right
from backoffice_app.domain.order.facets import FacetValues, facet_values
from backoffice_app.domain.order.states import STILL_OPEN, TO_SHIP, PaymentState, ReturnState, Status
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order, ViewCount
from backoffice_app.registry import Ranked

SHARDS = 8
"""PostgreSQL spreads a view's count over these rows, so that two transactions seldom wait for one another; SQLite has
one writer anyway.
"""


@dataclass(frozen=True, eq=False)
class ListView:
    """A view of the order list, registered with `list_view`.

    `member`: whether an order of these facet values belongs to the view; the one rule for an order, for the list and
    for the counts. A draft belongs to views with `drafts` only, and they hold nothing else.
    `condition`: SQL over a row of `orders` that must hold besides, for what no facet says; `:today` is the day in the
    shop's zone. `alone`: the condition implies `member`, so it is counted by the condition.
    `kept`: its count is a row that each transaction moves (P-5); the others are counted when they are read, up to a
    cap.
    `always`: its tab is shown when it is empty too.
    """

    key: str
    label: LazyText
    member: Callable[[FacetValues], bool]
    right: AnyRight = Right.READ
    rank: int = 100
    condition: str = ""
    alone: bool = False
    kept: bool = False
    drafts: bool = False
    always: bool = False

    def has(self, values: FacetValues) -> bool:
        """Whether an order of these facet values belongs here, as far as facets tell."""
        return (values.status == Status.DRAFT) == self.drafts and self.member(values)


VIEWS: Ranked[ListView] = Ranked("view of the order list")


def list_view(
    key: str,
    label: LazyText,
    *,
    member: Callable[[FacetValues], bool] = lambda _values: True,
    right: AnyRight = Right.READ,
    rank: int = 100,
    condition: str = "",
    alone: bool = False,
    kept: bool = False,
    drafts: bool = False,
    always: bool = False,
) -> ListView:
    """Registers a view of the order list; see `ListView`. Raises ValueError with a sentence for what can't be."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key):
        raise ValueError(
            f"A view can't be called “{key}”: its key stands in the address, as small letters, figures and “-”."
        )
    if alone and not condition:
        raise ValueError(f"The view “{key}” is counted by its condition alone, but has none.")
    if kept and condition:
        raise ValueError(
            f"The count of the view “{key}” can't be kept: its condition may change while no order does."
        )
    return VIEWS.add(ListView(key, label, member, right, rank, condition, alone, kept, drafts, always))


ALL = list_view("all", _("All"), rank=10, kept=True, always=True)
TO_PAY = list_view(
    "to-pay",
    _("To pay"),
    member=lambda facet: facet.status in STILL_OPEN and facet.owes,
    right=Right.PRICES,
    rank=20,
    kept=True,
    always=True,
)
READY_TO_SHIP = list_view(
    "to-ship", _("To ship"), member=lambda facet: facet.status in TO_SHIP, rank=30, kept=True, always=True
)
INVOICE_WAITS = list_view(
    "invoice-waits",
    _("Invoice waits"),
    member=lambda facet: facet.invoice_waits,
    right=Right.PRICES,
    rank=40,
    kept=True,
)
ON_HOLD = list_view(
    "on-hold", _("On hold"), member=lambda facet: facet.status == Status.ON_HOLD, rank=50, kept=True
)
DIFFERING = list_view("differing", _("Sent differently"), rank=55, condition="differing <> ''", alone=True)
OVERDUE = list_view(
    "overdue",
    _("Overdue"),
    member=lambda facet: facet.owes,
    right=Right.PRICES,
    rank=60,
    condition="due_on < :today",
    alone=True,
)
OVERPAID = list_view(
    "overpaid",
    _("Overpaid"),
    member=lambda facet: facet.payment_state == PaymentState.OVERPAID,
    right=Right.PRICES,
    rank=70,
    kept=True,
)
RETURNS_OPEN = list_view(
    "returns-open",
    _("Returns open"),
    member=lambda facet: facet.return_state == ReturnState.OPEN,
    rank=80,
    kept=True,
)
DRAFTS = list_view("drafts", _("Drafts"), rank=90, kept=True, drafts=True)


def _kept(views: Ranked[ListView]) -> tuple[ListView, ...]:
    return tuple(view for view in views if view.kept)


def views_of(order: Order) -> frozenset[str]:
    """The views with a kept count that an order belongs to, from its stored states."""
    values = facet_values(order)
    return frozenset(view.key for view in VIEWS.computed(_kept) if view.has(values))


def tallies_of(order: Order) -> dict[str, int]:
    """What an order adds to the counts: 1 for each of its views, and its total to the sum of all orders in its currency
    (W-12).
    """
    tallies = dict.fromkeys(views_of(order), 1)
    if order.status not in {Status.DRAFT, Status.CANCELLED}:
        tallies[f"sum-{order.currency}"] = order.total
    return tallies


def move_counts(session: Session, changes: Iterable[tuple[Mapping[str, int], Mapping[str, int]]]) -> None:
    """Moves the counts by what changed: pairs of (tallies before, tallies after).

    Rows are taken in one order, so nothing deadlocks.
    """
    difference: dict[str, int] = {}
    for before, after in changes:
        for view in before.keys() | after.keys():
            difference[view] = difference.get(view, 0) + after.get(view, 0) - before.get(view, 0)
    sqlite = is_sqlite(session)
    shard = 0 if sqlite else secrets.randbelow(SHARDS)
    rows = [{"view": view, "shard": shard, "n": n} for view, n in sorted(difference.items()) if n]
    if rows:
        session.connection().execute(_adding(sqlite), rows)


@cache
def _adding(sqlite: bool) -> Insert:
    made = (insert_sqlite if sqlite else insert_postgres)(ViewCount)
    return made.on_conflict_do_update(
        index_elements=["view", "shard"], set_={"n": col(ViewCount.n) + made.excluded.n}
    )
