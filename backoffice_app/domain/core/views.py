"""The built-in views of the order list: which orders belong to each, and their counts as rows (O-4, P-5)."""

import secrets
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache

from sqlalchemy import Insert
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session, col

from backoffice_app.db import is_sqlite
from backoffice_app.domain.core.states import PaymentState, ReturnState, Status
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order, ViewCount

SHARDS = 8
"""PostgreSQL spreads a view's count over these rows, so that two transactions seldom wait for one another; SQLite has one writer anyway."""


class View(StrEnum):
    """A built-in view, in the order of the tabs."""

    ALL = "all"
    TO_PAY = "to-pay"
    TO_SHIP = "to-ship"
    ON_HOLD = "on-hold"
    OVERPAID = "overpaid"
    RETURNS_OPEN = "returns-open"
    DRAFTS = "drafts"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


VIEW_NAMES: dict[View, LazyText] = {
    View.ALL: _("All"),
    View.TO_PAY: _("To pay"),
    View.TO_SHIP: _("To ship"),
    View.ON_HOLD: _("On hold"),
    View.OVERPAID: _("Overpaid"),
    View.RETURNS_OPEN: _("Returns open"),
    View.DRAFTS: _("Drafts"),
}


def views_of(order: Order) -> frozenset[str]:
    """The counted views an order belongs to, from its stored states. Overdue depends on the day and is counted by its index instead."""
    if order.status == Status.DRAFT:
        return frozenset({View.DRAFTS.value})
    member = {
        View.ALL: True,
        View.TO_PAY: order.status in {Status.AWAITING_PAYMENT, Status.AWAITING_SHIPMENT} and order.open_amount > 0,
        View.TO_SHIP: order.status == Status.AWAITING_SHIPMENT,
        View.ON_HOLD: order.status == Status.ON_HOLD,
        View.OVERPAID: order.payment_state == PaymentState.OVERPAID,
        View.RETURNS_OPEN: order.return_state == ReturnState.OPEN,
    }
    return frozenset(view.value for view, is_in in member.items() if is_in)


def tallies_of(order: Order) -> dict[str, int]:
    """What an order adds to the counts: 1 for each of its views, and its total to the sum of all orders in its currency (W-12)."""
    tallies = dict.fromkeys(views_of(order), 1)
    if order.status not in {Status.DRAFT, Status.CANCELLED}:
        tallies[f"sum-{order.currency}"] = order.total
    return tallies


def move_counts(session: Session, changes: Iterable[tuple[Mapping[str, int], Mapping[str, int]]]) -> None:
    """Moves the counts by what changed: pairs of (tallies before, tallies after). Rows are taken in one order, so nothing deadlocks."""
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
    return made.on_conflict_do_update(index_elements=["view", "shard"], set_={"n": col(ViewCount.n) + made.excluded.n})
