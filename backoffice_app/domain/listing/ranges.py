"""Days or amounts that are bounded beside another order of the list: where they leave few orders, these are sorted as
they are (P-3).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from backoffice_app.domain.listing.reader import Reader
from backoffice_app.domain.listing.streams import FACET, Key, Orders, Stream, conditions_of

MOST = 5_000
"""So many index entries are read and sorted in a few milliseconds; where there are more, walking meets them soon
enough.
"""
MOST_FACETS = 600
"""So many facets are looked into one by one before walking is tried."""


@dataclass(frozen=True)
class Ranged:
    """Orders within bounds that leave few, read from the index of what is bounded and sorted by the database."""

    orders: Orders
    by_facet: bool

    def read(self, reader: Reader, after: Key | None, *, down: bool, limit: int) -> list[Key]:
        """See `Stream`."""
        sorting = self.orders.sorting
        if self.orders.facets is not None and not self.orders.facets:
            return []
        inner, values = within(
            reader,
            self.orders,
            after,
            sorting.columns if reader.sqlite else "position",
            down=down,
            by_facet=self.by_facet,
        )
        rest = f"ORDER BY {sorting.order(down=down)} LIMIT :limit"
        # PostgreSQL might else walk in the order of the list, or read another index, and hope to meet them soon.
        few = f"SELECT {sorting.columns} FROM orders WHERE position = ANY(ARRAY({inner}))"  # noqa: S608
        return reader.rows(f"{inner if reader.sqlite else few} {rest}", values | {"limit": limit})


def in_bounds(reader: Reader, streams: Sequence[Orders], facets: frozenset[int] | None) -> Sequence[Stream]:
    """The streams as they are best read, given that they are bounded beside their order.

    `facets`: those of all streams together.
    """
    first = streams[0]
    if _are_few(reader, replace(first, facets=None), by_facet=False):
        return [Ranged(stream, by_facet=False) for stream in streams]
    if not first.bounds.on_total:
        return streams
    by_date = len(streams) == 1 and first.sorting.column == "position"
    # Where very many facets fit, walking meets them soon; by date an index has all that it looks at.
    if (
        facets is not None
        and not (by_date and len(facets) > MOST_FACETS)
        and _are_few(reader, replace(first, facets=facets), by_facet=True)
    ):
        return [Ranged(stream, by_facet=True) for stream in streams]
    return [replace(stream, is_wide=True) for stream in streams]


def _are_few(reader: Reader, orders: Orders, *, by_facet: bool) -> bool:
    inner, values = within(reader, orders, None, "1 AS one", down=True, by_facet=by_facet)
    counted = f"SELECT count(*) FROM ({inner} LIMIT :most) AS counted"  # noqa: S608
    return int(reader.rows(counted, values | {"most": MOST + 1})[0][0]) <= MOST


def within(
    reader: Reader, orders: Orders, after: Key | None, columns: str, *, down: bool, by_facet: bool
) -> tuple[str, dict[str, object]]:
    """SELECT of the orders within the bounds, from the index of the total within facets, of the total, or of the days.

    Where something else is asked for besides, the database chooses.
    """
    conditions, values = conditions_of(orders, after, down=down)
    by_total = bool(orders.bounds.on_total)
    by_bound = "ix_orders_total" if by_total else "" if orders.bounds.apart else "ix_orders_list"
    if orders.facets is None:
        index = f"INDEXED BY {by_bound} " if reader.sqlite and by_bound else ""
        return f"SELECT {columns} FROM orders {index}WHERE {' AND '.join(conditions)}", values  # noqa: S608
    values["keys"] = json.dumps(sorted(orders.facets)) if reader.sqlite else sorted(orders.facets)
    if reader.sqlite:
        index = "ix_orders_facet_total" if by_facet else by_bound
        hint, facet = (
            (f"INDEXED BY {index} ", "facet") if index else ("", "+facet")
        )  # "+" keeps SQLite from beginning at the facets
        among = " AND ".join([f"{facet} IN (SELECT value FROM json_each(:keys))", *conditions])  # noqa: S608
        return f"SELECT {columns} FROM orders {hint}WHERE {among}", values  # noqa: S608
    if not by_facet:
        among = " AND ".join(["facet = ANY(CAST(:keys AS bigint[]))", *conditions])
        order = "total" if by_total else "position"
        return f"SELECT {columns} FROM orders WHERE {among} ORDER BY {order}", values  # noqa: S608
    pinned = [_pinned(condition) if condition.startswith("total ") else condition for condition in conditions]
    inside = " AND ".join(FACET.tidy(["facet >= facets.key", "facet <= facets.key", *pinned]))
    inner = f"SELECT {columns} FROM orders WHERE {inside} ORDER BY facet, total"  # noqa: S608
    keys = "unnest(CAST(:keys AS bigint[])) AS facets(key)"
    return f"SELECT found.* FROM {keys} CROSS JOIN LATERAL ({inner}) AS found", values  # noqa: S608


def _pinned(condition: str) -> str:
    """A bound of the total as one of (facet, total), so that the index within the facet begins at it."""
    _total, sign, value = condition.split(" ")
    return f"(facet, total) {sign} (facets.key, {value})"
