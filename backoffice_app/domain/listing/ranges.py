"""Days or amounts that are bounded beside another order of the list: where they leave few orders, these are sorted as they are (P-3)."""

import json
from dataclasses import dataclass, replace

from backoffice_app.domain.listing.reader import Reader
from backoffice_app.domain.listing.streams import Key, Orders, Stream, conditions_of

MOST = 5_000
"""So many index entries are read and sorted in a few milliseconds; where there are more, walking meets them soon enough."""
MOST_FACETS = 600
"""So many facets are looked into one by one."""


@dataclass(frozen=True)
class Ranged:
    """Orders within bounds that leave few, read from the index of what is bounded and sorted by the database."""

    orders: Orders

    def read(self, reader: Reader, after: Key | None, *, down: bool, limit: int) -> list[Key]:
        """See `Stream`."""
        sorting = self.orders.sorting
        if self.orders.facets is not None and not self.orders.facets:
            return []
        source, conditions, values = _narrowed(reader, self.orders, after, down=down)
        inner = f"SELECT {sorting.columns} FROM {source} WHERE {' AND '.join(conditions)}"  # noqa: S608
        rest = f"ORDER BY {sorting.order(down=down)} LIMIT :limit"
        # PostgreSQL might else walk in the order of the list and hope to meet them soon.
        statement = f"{inner} {rest}" if reader.sqlite else f"WITH few AS MATERIALIZED ({inner}) SELECT {sorting.columns} FROM few {rest}"  # noqa: S608
        return reader.rows(statement, values | {"limit": limit})


def in_bounds(reader: Reader, streams: list[Orders], facets: frozenset[int] | None) -> list[Stream]:
    """The streams as they are best read, given that they are bounded beside their order. `facets`: those of all streams together."""
    by_date = len(streams) == 1 and streams[0].sorting.column == "position"
    is_many = facets is not None and len(facets) > MOST_FACETS
    whole = replace(streams[0], facets=None if by_date and is_many else facets)  # by date an index has all that walking looks at
    source, conditions, values = _narrowed(reader, whole, None, down=True)
    counted = f"SELECT count(*) FROM (SELECT 1 FROM {source} WHERE {' AND '.join(conditions)} LIMIT :most) AS counted"  # noqa: S608
    is_narrow = reader.rows(counted, values | {"most": MOST + 1})[0][0] <= MOST
    return [Ranged(stream) if is_narrow else replace(stream, is_wide=True) for stream in streams]


def _narrowed(reader: Reader, orders: Orders, after: Key | None, *, down: bool) -> tuple[str, list[str], dict[str, object]]:
    """The table with the index to read, the conditions, and their values."""
    conditions, values = conditions_of(orders, after, down=down)
    index = "ix_orders_total" if orders.bounds.on_total else "ix_orders_list"
    if orders.facets is not None:
        conditions.append("facet IN (SELECT value FROM json_each(:keys))" if reader.sqlite else "facet = ANY(CAST(:keys AS bigint[]))")
        values["keys"] = json.dumps(sorted(orders.facets)) if reader.sqlite else sorted(orders.facets)
        if orders.bounds.on_total:
            index = "ix_orders_facet_total"
    return f"orders INDEXED BY {index}" if reader.sqlite else "orders", conditions, values
