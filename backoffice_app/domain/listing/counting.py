"""How many orders come before and after one, read in the index of the list's own order and never beyond a cap (P-3, P-6)."""

import json
from dataclasses import replace

from backoffice_app.domain.listing.ranges import Ranged, within
from backoffice_app.domain.listing.reader import Reader
from backoffice_app.domain.listing.streams import FACET, Bounds, Key, Orders, conditions_of

LOOKED_AT = 3_000
"""So many orders of the list's facets are looked at for a due date; beyond, how many are overdue is not known."""


def count_after(reader: Reader, stream: Orders | Ranged, after: Key | None, *, down: bool, cap: int) -> int | None:
    """How many orders of `stream` come after the key, counted to just above `cap`; None where only reading on and on would tell."""
    orders = stream.orders if isinstance(stream, Ranged) else stream
    if orders.facets is not None and not orders.facets:
        return 0
    if isinstance(stream, Ranged):
        statement, values = within(reader, orders, after, "1 AS one", down=down, by_facet=stream.by_facet)
        return _counted(reader, statement, values)
    if orders.is_wide:
        return None
    if orders.facets is None or orders.is_whole:
        statement, values = orders.walking(reader, after, down=down)
        return _counted(reader, statement, values | {"limit": cap + 1})
    return _in_facets(reader, orders, after, down=down, cap=cap)


def _counted(reader: Reader, statement: str, values: dict[str, object]) -> int:
    return int(reader.rows(f"SELECT count(*) FROM ({statement}) AS counted", values)[0][0])  # noqa: S608


def _in_facets(reader: Reader, orders: Orders, after: Key | None, *, down: bool, cap: int) -> int | None:
    due = [condition for condition in orders.bounds.conditions if condition.startswith("due_on ")]
    rest = tuple(condition for condition in orders.bounds.conditions if condition not in due)
    bounded = replace(orders, bounds=Bounds(rest, orders.bounds.values))
    limit = LOOKED_AT if due else cap + 1
    column = "due_on" if due else "1 AS one"
    facets = sorted(orders.facets or ())
    if reader.sqlite:
        conditions, values = conditions_of(bounded, after, down=down)
        where = " AND ".join(["facet IN (SELECT value FROM json_each(:keys))", *conditions])
        inner = f"SELECT {column} FROM orders INDEXED BY {orders.sorting.within} WHERE {where} LIMIT :limit"  # noqa: S608
        values["keys"] = json.dumps(facets)
    else:
        conditions, values = conditions_of(bounded, after, down=down, pin=FACET)
        order = orders.sorting.order(down=down, pin=FACET)
        each = f"SELECT {column} FROM orders WHERE {' AND '.join(conditions)} ORDER BY {order} LIMIT :limit"  # noqa: S608
        inner = f"SELECT found.* FROM unnest(CAST(:keys AS bigint[])) AS facets(key) CROSS JOIN LATERAL ({each}) AS found LIMIT :limit"  # noqa: S608
        values["keys"] = facets
    if not due:
        return _counted(reader, inner, values | {"limit": limit})
    statement = f"SELECT count(*), count(*) FILTER (WHERE {' AND '.join(due)}) FROM ({inner}) AS looked"  # noqa: S608
    looked, found = reader.rows(statement, values | {"limit": limit})[0]
    return None if looked == limit and found <= cap else int(found)
