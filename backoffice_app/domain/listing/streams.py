"""Positions of orders in the order of a list, page by page, reading hardly more index entries than a page has rows (P-1
to P-3).

A stream is a part of the list that is in order by itself. What a filter means are facets (`domain/order/facets.py`);
within a facet each order of the list has an index, so a page is a merge of the facets' heads, and a filter that matches
nothing reads nothing.
"""

import heapq
import json
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any, Protocol

from backoffice_app.domain.listing.reader import Reader

Key = tuple[Any, ...]
"""(value sorted by, position), or (position,) alone where the list is sorted by date."""
WINDOW = 300
"""So many rows are looked through in the order of the list before facets are merged: enough where the filter is not
rare.
"""
MANY = 300
"""With more facets than this merging takes longer, so `WIDE_WINDOW` rows are looked through."""
WIDE_WINDOW = 900
GLANCE = 20
"""So many rows for each order that is wanted are looked through first, where that is less: one order of a common kind
is met soon.
"""
WIDEST = 4_000
"""Windows grow up to this where days or amounts are bounded beside the order."""
SOME = 8
"""PostgreSQL is asked for so many orders of each of the best facets at once."""
FEW = 40
"""So few facets are merged at once."""


@dataclass(frozen=True)
class Sorting:
    """An order of the list. `unique`: no two orders share a value; `within`: the index of it inside a facet."""

    column: str
    within: str
    unique: bool = False

    @property
    def columns(self) -> str:
        """What makes a key."""
        return "position" if self.column == "position" else f"{self.column}, position"

    def after(self, *, down: bool, pin: "Pin | None" = None) -> str:
        """The condition for what comes after the key `:value`, `:position`, among the rows that are pinned."""
        sign = "<" if down else ">"
        columns = [self.column] if self.unique else [self.column, "position"]
        values = (
            [":position"]
            if self.column == "position"
            else [":value"]
            if self.unique
            else [":value", ":position"]
        )
        if pin:
            columns, values = [pin.column, *columns], [pin.value, *values]
        return (
            f"({', '.join(columns)}) {sign} ({', '.join(values)})"
            if len(columns) > 1
            else f"{columns[0]} {sign} {values[0]}"
        )

    def order(self, *, down: bool, pin: "Pin | None" = None) -> str:
        """ORDER BY."""
        way = "DESC" if down else "ASC"
        first = f"{pin.column} {way}, " if pin else ""
        return first + (f"{self.column} {way}" if self.unique else f"{self.column} {way}, position {way}")


@dataclass(frozen=True)
class Pin:
    """One value of the first column of an index, written for PostgreSQL as a range.

    From an equality its planner concludes that any index in the order of the list would do, and walks past thousands of
    rows; a range leaves it only the index meant.
    """

    column: str
    value: str

    def conditions(self, bounds: "Bounds", sorting: Sorting) -> list[str]:
        """The range, and the bounds so that the index can begin at them."""
        own = [self._closer(c) if c.startswith(f"{sorting.column} ") else c for c in bounds.conditions]
        return self.tidy([f"{self.column} >= {self.value}", f"{self.column} <= {self.value}", *own])

    def _closer(self, condition: str) -> str:
        """A bound of the column sorted by, as one of the pinned column and this."""
        column, sign, value = condition.split(" ")
        return f"({self.column}, {column}) {sign} ({self.value}, {value})"

    def tidy(self, conditions: list[str]) -> list[str]:
        """Without the end of the range that a closer bound implies: an index scan begins and ends at one of the two
        only.
        """
        closer = [
            condition.split(") ", 1)[1][0]
            for condition in conditions
            if condition.startswith(f"({self.column}, ")
        ]
        implied = {f"{self.column} {sign}= {self.value}" for sign in closer}
        return [condition for condition in conditions if condition not in implied]


BY_DATE = Sorting("position", "ix_orders_facet", unique=True)
BY_NUMBER = Sorting("id", "ix_orders_facet_id", unique=True)
BY_NAME = Sorting("sort_name", "ix_orders_facet_sort_name")
BY_TOTAL = Sorting("total", "ix_orders_facet_total")


@dataclass(frozen=True)
class Bounds:
    """Conditions beside the facets: on the position (days) and on the total (amounts)."""

    conditions: tuple[str, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def on_total(self) -> list[str]:
        """The conditions on the total."""
        return [condition for condition in self.conditions if condition.startswith("total ")]

    @property
    def on_position(self) -> list[str]:
        """The conditions on the day."""
        return [condition for condition in self.conditions if condition.startswith("position ")]

    @property
    def apart(self) -> bool:
        """Whether a condition is on something that no index of the list has; those are in parentheses
        (`parts.as_bounds`).
        """
        return any(condition.startswith("(") for condition in self.conditions)


class Stream(Protocol):
    """A part of the list in one order."""

    def read(self, reader: Reader, after: Key | None, *, down: bool, limit: int) -> list[Key]:
        """The next `limit` keys after `after`, from the beginning if it is None, upwards or downwards."""
        ...


@dataclass(frozen=True)
class Orders:
    """Orders within `bounds` that lie in one of `facets`; None: in any.

    `fixed`: a column with one value, whose index has the order too.
    """

    sorting: Sorting
    bounds: Bounds
    facets: Set[int] | None
    fixed: tuple[str, str] | None = None
    is_whole: bool = False
    """Whether `fixed` alone says what the facets say."""
    is_wide: bool = False
    """Whether days or amounts are bounded that this order does not follow, and leave many: then rows are walked, facets
    not merged.
    """

    def read(self, reader: Reader, after: Key | None, *, down: bool, limit: int) -> list[Key]:
        """See `Stream`."""
        if self.facets is not None and not self.facets:
            return []
        if self.facets is None or self.is_whole:
            return [row[:-1] for row in self._walk(reader, after, down=down, limit=limit)]
        found: list[Key] = []
        if self.is_wide:
            return self._walk_on(reader, after, down=down, limit=limit)
        if len(self.facets) > FEW:
            widest = WINDOW if len(self.facets) <= MANY else WIDE_WINDOW
            for window in (GLANCE * limit, widest) if GLANCE * limit < widest else (widest,):
                rows = self._walk(reader, after, down=down, limit=window)
                found += [row[:-1] for row in rows if row[-1] in self.facets]
                if len(found) >= limit or len(rows) < window:
                    return found[:limit]
                after = rows[-1][:-1]
        merge = _merge_sqlite if reader.sqlite else _merge_postgres
        return found + merge(reader, self, after, down=down, limit=limit - len(found))

    def count(self, reader: Reader, cap: int) -> int:
        """How many there are, counted up to `cap`."""
        conditions, values = self.whole_filter(reader)
        where = f"WHERE {' AND '.join(conditions)} " if conditions else ""
        statement = f"SELECT count(*) FROM (SELECT 1 FROM orders {where}LIMIT :cap) AS counted"  # noqa: S608
        return int(reader.rows(statement, values | {"cap": cap})[0][0])

    def whole_filter(self, reader: Reader) -> tuple[list[str], dict[str, object]]:
        """Facets and bounds as SQL and values: what an order of the list fulfils."""
        conditions, values = conditions_of(self, None, down=True)
        if self.facets is None:
            return conditions, values
        one_of = (
            "facet IN (SELECT value FROM json_each(:keys))"
            if reader.sqlite
            else "facet = ANY(CAST(:keys AS bigint[]))"
        )
        keys = json.dumps(sorted(self.facets)) if reader.sqlite else sorted(self.facets)
        return [one_of, *conditions], values | {"keys": keys}

    def _walk_on(self, reader: Reader, after: Key | None, *, down: bool, limit: int) -> list[Key]:
        found: list[Key] = []
        window = WINDOW
        while len(found) < limit:
            rows = self._walk(reader, after, down=down, limit=window)
            found += [row[:-1] for row in rows if self.facets is None or row[-1] in self.facets]
            if len(rows) < window:
                break
            after, window = rows[-1][:-1], min(2 * window, WIDEST)
        return found[:limit]

    def _walk(self, reader: Reader, after: Key | None, *, down: bool, limit: int) -> list[tuple[Any, ...]]:
        statement, values = self.walking(reader, after, down=down)
        return reader.rows(statement, values | {"limit": limit})

    def walking(self, reader: Reader, after: Key | None, *, down: bool) -> tuple[str, dict[str, object]]:
        """The statement that reads the next `:limit` orders in the order of the list, whatever their facets, and its
        other values.
        """
        pin = Pin(self.fixed[0], ":fixed") if self.fixed and not reader.sqlite else None
        conditions, values = conditions_of(self, after, down=down, pin=pin)
        if self.fixed:
            values["fixed"] = self.fixed[1]
            conditions += [] if pin else [f"{self.fixed[0]} = :fixed"]
        if self.is_wide:  # an expression keeps both planners from beginning at the amounts
            conditions = [
                c.replace("total ", "total + 0 ", 1) if c.startswith("total ") else c for c in conditions
            ]
        where = f"WHERE {' AND '.join(conditions)} " if conditions else ""
        order = self.sorting.order(down=down, pin=pin)
        return (
            f"SELECT {self.sorting.columns}, facet FROM orders {where}ORDER BY {order} LIMIT :limit",  # noqa: S608
            values,
        )


def conditions_of(
    orders: Orders, after: Key | None, *, down: bool, pin: Pin | None = None
) -> tuple[list[str], dict[str, object]]:
    """The bounds and what comes after the key, as SQL and values."""
    conditions = pin.conditions(orders.bounds, orders.sorting) if pin else list(orders.bounds.conditions)
    values = dict(orders.bounds.values)
    if after is not None:
        conditions.append(orders.sorting.after(down=down, pin=pin))
        values["position"] = after[-1]
        if len(after) > 1:
            values["value"] = after[0]
    return pin.tidy(conditions) if pin else conditions, values


def _merge_sqlite(reader: Reader, orders: Orders, after: Key | None, *, down: bool, limit: int) -> list[Key]:
    """The first of each facet, then always the next of the facet whose order came last: one seek for each
    order found.
    """
    sorting = orders.sorting
    conditions, values = conditions_of(orders, after, down=down)
    keys = json.dumps(sorted(orders.facets or ()))
    where = " AND ".join(["facet = facets.value", *conditions])
    first = (
        f"SELECT id FROM orders INDEXED BY {sorting.within} WHERE {where} ORDER BY "  # noqa: S608
        f"{sorting.order(down=down)} LIMIT 1"
    )
    if sorting.column == "position":
        statement = (
            f"SELECT ({first.replace('SELECT id', 'SELECT position', 1)}) AS head, facets.value FROM "  # noqa: S608
            f"json_each(:keys) AS facets"
        )
        heads = [row for row in reader.rows(statement, values | {"keys": keys}) if row[0] is not None]
    else:
        columns = ", ".join(f"o.{column}" for column in sorting.columns.split(", "))
        statement = (
            f"SELECT {columns}, facets.value FROM json_each(:keys) AS facets CROSS JOIN orders o ON "  # noqa: S608
            f"o.id = ({first})"
        )
        heads = reader.rows(statement, values | {"keys": keys})
    heads = heapq.nlargest(limit, heads) if down else heapq.nsmallest(limit, heads)
    return _pops(reader, orders, heads, down=down, limit=limit)


def _pops(
    reader: Reader, orders: Orders, heads: list[tuple[Any, ...]], *, down: bool, limit: int
) -> list[Key]:
    sorting = orders.sorting
    conditions, _values = conditions_of(orders, (0, 0)[: 1 if sorting.column == "position" else 2], down=down)
    where = " AND ".join(["facet = :facet", *conditions])
    following = (
        f"SELECT {sorting.columns}, facet FROM orders INDEXED BY {sorting.within} WHERE {where} "  # noqa: S608
        f"ORDER BY {sorting.order(down=down)} LIMIT 1"
    )
    found: list[Key] = []
    heads = sorted(heads, reverse=down)
    at = 0
    waiting: list[tuple[Any, ...]] = []  # heads that followed one already taken, in order
    while len(found) < limit and (at < len(heads) or waiting):
        take_waiting = bool(waiting) and (at == len(heads) or (waiting[0] > heads[at]) == down)
        row = waiting.pop(0) if take_waiting else heads[at]
        at += not take_waiting
        found.append(row[:-1])
        more = {"facet": row[-1], "position": row[-2], "value": row[0]}
        for following_row in reader.rows(following, {**orders.bounds.values, **more}):
            waiting.append(following_row)
            waiting.sort(reverse=down)
    return found


def _merge_postgres(
    reader: Reader, orders: Orders, after: Key | None, *, down: bool, limit: int
) -> list[Key]:
    """The heads of all facets, the best of them, some of each of those facets; then more of those that gave all they
    were asked for.
    """
    conditions, values = conditions_of(orders, after, down=down, pin=FACET)

    def first(facets: Iterable[int], each: int) -> list[tuple[Any, ...]]:
        statement = _lateral(orders.sorting, conditions, down=down)
        return reader.rows(statement, values | {"keys": sorted(facets), "each": each, "limit": limit * each})

    heads = sorted(first(orders.facets or (), 1), reverse=down)[:limit]
    found = sorted(first((row[-1] for row in heads), SOME), reverse=down)[:limit]
    given: dict[int, int] = {}
    for row in found:
        given[row[-1]] = given.get(row[-1], 0) + 1
    asking = {facet for facet, count in given.items() if count == SOME}
    if asking:
        found = [row for row in found if row[-1] not in asking] + first(asking, limit)
        found = sorted(found, reverse=down)[:limit]
    return [row[:-1] for row in found]


def _lateral(sorting: Sorting, conditions: list[str], *, down: bool) -> str:
    order = sorting.order(down=down, pin=FACET)
    inner = (
        f"SELECT {sorting.columns}, facet FROM orders WHERE {' AND '.join(conditions)} ORDER BY {order} "  # noqa: S608
        f"LIMIT :each"
    )
    return (
        f"SELECT {sorting.columns}, facet FROM unnest(CAST(:keys AS bigint[])) AS facets(key) CROSS JOIN "  # noqa: S608
        f"LATERAL ({inner}) AS found "
        f"ORDER BY {sorting.order(down=down)} LIMIT :limit"
    )


FACET = Pin("facet", "facets.key")
