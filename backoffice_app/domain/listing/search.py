"""What a search text finds, newest first, in the order of tests that costs least (O-2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from backoffice_app.domain.listing.reader import Reader
from backoffice_app.domain.listing.search_sql import among, as_list, contains, pattern
from backoffice_app.domain.listing.streams import Bounds, Key, Orders, Stream, conditions_of
from backoffice_app.domain.listing.typed import Query

SCANNED = 20_000
"""One or two characters are looked for in so many of the newest orders only, and the list says so."""
CHUNK = 500
CHUNKS = 4
"""Hits are cut down by a filter in chunks; after so many the filter leads instead."""
IDENTIFIERS = (
    ("orders", "number", "o.position FROM orders o"),
    ("document", "number", "o.position FROM document d JOIN orders o ON o.id = d.order_id"),
    ("shipment", "number", "o.position FROM shipment s JOIN orders o ON o.id = s.order_id"),
    (
        "parcel",
        "tracking_number",
        "o.position FROM parcel p JOIN shipment s ON s.id = p.shipment_id JOIN orders o ON o.id = s.order_id",
    ),
)
"""Numbers that are looked up by their beginning first: table, column, and the way from there to the order."""
ALIAS = {"orders": "o", "document": "d", "shipment": "s", "parcel": "p"}
COMMON = 500
"""PostgreSQL: of a word with more hits than this, by the planner's guess, a page is looked for among the next texts
first.
"""
JOINED = 30_000
"""PostgreSQL: up to so many hits, by the planner's guess, are all read once and joined with the filter."""
WALKED = 100
LEAST_WALKED = 5_000
"""For each hit that is wanted so many texts are looked at before the trigram index is asked, and no fewer
than these.
"""
SOME_HITS = 3
"""So few hits tell nothing of how far the next may be."""
WIDEST_WALK = 120_000
"""So many of the next texts are looked at at most, where a first look met some hits and tells how far the others may
be.
"""
LONG = 8
"""An identifier of this length or more that was found by its beginning is not looked for inside other texts."""


@dataclass(frozen=True)
class Found:
    """Hits that are known already, in the order of the list.

    `unfiltered`: the same with those that the filter takes away, so that an order that left the list keeps its place in
    it.
    """

    keys: tuple[Key, ...]
    unfiltered: tuple[Key, ...] = ()

    def read(self, reader: Reader, after: Key | None, *, down: bool, limit: int) -> list[Key]:  # noqa: ARG002
        """See `Stream`."""
        keys = self.keys if down else self.keys[::-1]
        if after is None:
            return list(keys[:limit])
        known = self.unfiltered or self.keys
        known = known if down else known[::-1]
        if after in known:
            behind = set(known[known.index(after) + 1 :])
            return [key for key in keys if key in behind][:limit]
        return [key for key in keys if len(key) == len(after) and (key < after) == down][:limit]


@dataclass(frozen=True)
class Hits:
    """Orders whose search text has all words, newest first, less those already `shown`; `orders`: the filter they must
    pass.

    `start`: the one word must stand at the beginning of a field; `inside`: it must not.
    """

    query: Query
    orders: Orders
    shown: frozenset[int] = frozenset()
    start: bool = False
    inside: bool = False

    def read(self, reader: Reader, after: Key | None, *, down: bool, limit: int) -> list[Key]:
        """See `Stream`."""
        free = self.orders.facets is None and not self.orders.bounds.conditions
        if free:
            found = self._hits(reader, after, down=down, limit=limit + len(self.shown))
            return [(position,) for position in found if position not in self.shown][:limit]
        if self.orders.facets is not None and not self.orders.facets:
            return []
        return self._filtered(reader, after, down=down, limit=limit)

    def has_text(self, reader: Reader, position: int) -> bool:
        """Whether this order's text has the words, whatever the filter says."""
        return bool(self._matched(reader, [position]))

    def _filtered(self, reader: Reader, after: Key | None, *, down: bool, limit: int) -> list[Key]:
        """Hits that pass the filter.

        Where it leaves few orders, or few of many hits pass, its orders are read and their texts tested.
        """
        found: list[Key] = []
        is_rare = self.orders.count(reader, CHUNK + 1) <= CHUNK
        if (
            not is_rare
            and not reader.sqlite
            and (joined := self._joined(reader, after, down=down, limit=limit)) is not None
        ):
            return joined
        for _chunk in range(0 if is_rare else CHUNKS):
            hits = self._hits(reader, after, down=down, limit=CHUNK)
            passed = self._passing(reader, hits)
            found += [(position,) for position in hits if position in passed and position not in self.shown]
            if len(found) >= limit or len(hits) < CHUNK:
                return found[:limit]
            after = (hits[-1],)
        while len(found) < limit:
            keys = self.orders.read(reader, after, down=down, limit=CHUNK)
            matched = self._matched(reader, [key[-1] for key in keys])
            found += [key for key in keys if key[-1] in matched and key[-1] not in self.shown]
            if len(keys) < CHUNK:
                break
            after = keys[-1]
        return found[:limit]

    def _joined(self, reader: Reader, after: Key | None, *, down: bool, limit: int) -> list[Key] | None:
        """PostgreSQL: the hits that pass the filter, in one statement; None if they are so many that a page of them is
        met sooner.
        """
        tests, values, way = self._tests_from(reader, after, down=down)
        hits = f"SELECT s.id FROM order_search s WHERE {' AND '.join(tests)}"  # noqa: S608
        if reader.estimate(hits, values) > JOINED:
            return None
        conditions, others = self.orders.whole_filter(reader)
        where = " AND ".join(
            [
                "position IN (SELECT id FROM hits)",
                "NOT (position = ANY(CAST(:shown AS bigint[])))",
                *conditions,
            ]
        )
        statement = (
            f"WITH hits AS MATERIALIZED ({hits}) SELECT position FROM orders WHERE {where} ORDER BY "  # noqa: S608
            f"position {way} LIMIT :limit"
        )
        asked = values | others | {"shown": sorted(self.shown), "limit": limit}
        return [(row[0],) for row in reader.rows(statement, asked, planned_anew=True)]

    def _passing(self, reader: Reader, positions: list[int]) -> set[int]:
        conditions, values = conditions_of(self.orders, None, down=True)
        where = " AND ".join([among(reader, "position"), *conditions])
        rows = reader.rows(
            f"SELECT position, facet FROM orders WHERE {where}",  # noqa: S608
            values | {"positions": as_list(reader, positions)},
        )
        return {
            position for position, facet in rows if self.orders.facets is None or facet in self.orders.facets
        }

    def _matched(self, reader: Reader, positions: list[int]) -> set[int]:
        tests, values = self._tests(reader)
        where = " AND ".join([among(reader, "s.id"), *tests])
        rows = reader.rows(
            f"SELECT s.id FROM order_search s WHERE {where}",  # noqa: S608
            values | {"positions": as_list(reader, positions)},
        )
        return {row[0] for row in rows}

    def _hits(self, reader: Reader, after: Key | None, *, down: bool, limit: int) -> list[int]:
        tests, values, way = self._tests_from(
            reader, after, down=down, column="f.rowid" if reader.sqlite else "s.id"
        )
        values["limit"] = limit
        if reader.sqlite:
            values["trigrams"] = self._trigrams()
            where = " AND ".join(["order_fts MATCH :trigrams", *tests])
            texts = "order_fts f CROSS JOIN order_search s ON s.id = f.rowid"
            statement = f"SELECT s.id FROM {texts} WHERE {where} ORDER BY f.rowid {way} LIMIT :limit"  # noqa: S608
            return [row[0] for row in reader.rows(statement, values)]
        words = self._forms()
        indexed = [
            test for test, forms in zip(tests, words, strict=False) if all(len(form) >= 3 for form in forms)
        ]
        return _hits_postgres(reader, tests, values, way, indexed)

    def _forms(self) -> list[tuple[str, ...]]:
        if self.start:
            return [tuple(" " + form for form in self.query.words[0])]
        return [*self.query.words]

    def _trigrams(self) -> str:
        """What FTS5 is asked: all trigrams of one of the forms of each word; a long word gives every third, which tells
        as much.
        """
        long = [forms for forms in self._forms() if all(len(form) >= 3 for form in forms)]
        return " AND ".join(
            "(" + " OR ".join(f"({' AND '.join(map(_quoted, _cut(form)))})" for form in forms) + ")"
            for forms in long
        )

    def _tests_from(
        self, reader: Reader, after: Key | None, *, down: bool, column: str = "s.id"
    ) -> tuple[list[str], dict[str, object], str]:
        """The tests of what comes after a key in the order of `column`, their values, and the way to sort it."""
        tests, values = self._tests(reader)
        sign, way = ("<", "DESC") if down else (">", "ASC")
        if after is not None:
            tests.append(f"{column} {sign} :after")
            values["after"] = after[0]
        return tests, values, way

    def _tests(self, reader: Reader) -> tuple[list[str], dict[str, object]]:
        tests: list[str] = []
        values: dict[str, object] = {}
        for number, forms in enumerate(self._forms()):
            names = [f"word{number}_{at}" for at in range(len(forms))]
            tests.append("(" + " OR ".join(contains(reader, name) for name in names) + ")")
            values |= {name: pattern(reader, form) for name, form in zip(names, forms, strict=True)}
        if self.inside:
            tests += [f"NOT {contains(reader, f'start_{at}')}" for at in range(len(self.query.words[0]))]
            values |= {
                f"start_{at}": pattern(reader, " " + form) for at, form in enumerate(self.query.words[0])
            }
        return tests, values


@dataclass(frozen=True)
class Priced:
    """Orders that come to `total`, newest first, read in the index of the totals whatever the filter leaves of them."""

    orders: Orders
    total: int

    def read(self, reader: Reader, after: Key | None, *, down: bool, limit: int) -> list[Key]:
        """See `Stream`."""
        found: list[Key] = []
        facets = self.orders.facets
        window = limit if facets is None else CHUNK
        while len(found) < limit:
            conditions, values = conditions_of(self.orders, after, down=down)
            where = " AND ".join(["total = :named", *conditions])
            index = "INDEXED BY ix_orders_total " if reader.sqlite else ""
            order = self.orders.sorting.order(down=down)
            statement = (
                f"SELECT position, facet FROM orders {index}WHERE {where} ORDER BY {order} LIMIT :limit"  # noqa: S608
            )
            rows = reader.rows(statement, values | {"named": self.total, "limit": window})
            found += [(position,) for position, facet in rows if facets is None or facet in facets]
            if len(rows) < window:
                break
            after = rows[-1][:1]
        return found[:limit]


@dataclass(frozen=True)
class Newest:
    """The newest orders whose text has the one or two characters; no index helps, so only `SCANNED` are
    looked through.
    """

    hits: Hits

    def read(self, reader: Reader, after: Key | None, *, down: bool, limit: int) -> list[Key]:
        """See `Stream`."""
        tests, values, way = self.hits._tests_from(reader, after, down=down)
        statement = (
            f"SELECT s.id FROM (SELECT id, doc FROM order_search ORDER BY id DESC LIMIT {SCANNED}) s "  # noqa: S608
            f"WHERE {' AND '.join(tests)} ORDER BY s.id {way} LIMIT :limit"
        )
        free = self.hits.orders.facets is None and not self.hits.orders.bounds.conditions
        found = [
            row[0]
            for row in reader.rows(
                statement, values | {"limit": limit if free else SCANNED}, planned_anew=True
            )
        ]
        passed = set(found) if free else self.hits._passing(reader, found)
        return [(position,) for position in found if position in passed][:limit]


def search_streams(
    reader: Reader, query: Query, orders: Orders, limit: int, total: int | None = None
) -> list[Stream]:
    """The parts of what `query` finds, best first: numbers that begin so, fields that begin so, then anything that has
    it inside.

    `total`: the amount that it names, in minor units, for a reader who may see amounts: orders over it come first.
    """
    if query.is_short:
        return [Newest(Hits(query, orders))]
    if total is not None:
        others = Bounds(
            (*orders.bounds.conditions, "total <> :named"), {**orders.bounds.values, "named": total}
        )
        return [Priced(orders, total), Hits(query, replace(orders, bounds=others))]
    if not query.identifier:
        return [Hits(query, orders)]
    exact = exact_position(reader, query.identifier)
    unfiltered = numbered = _by_identifier(reader, query.identifier, exact, limit)
    if orders.facets is not None or orders.bounds.conditions:
        passed = Hits(query, orders)._passing(reader, numbered)
        numbered = [position for position in numbered if position in passed]
    first: list[Stream] = [Found(_keys(numbered), unfiltered=_keys(unfiltered))] if numbered else []
    if numbered and len(query.identifier) >= LONG:
        return first
    shown = frozenset(numbered)
    parts = [*first, Hits(query, orders, shown, start=True)]
    # Who types a whole number does not mean the middle of another one.
    return parts if query.is_phone or exact is not None else [*parts, Hits(query, orders, shown, inside=True)]


def _keys(positions: Iterable[int]) -> tuple[Key, ...]:
    return tuple((position,) for position in positions)


def _hits_postgres(
    reader: Reader, tests: list[str], values: dict[str, Any], way: str, indexed: Sequence[str]
) -> list[int]:
    """Common words are met soon among the next texts, rare ones are few in the trigram index; left alone, the planner
    mixes them up.

    `indexed`: the tests that the trigram index can answer. One or two characters it can't: all texts with the other
    words are read.
    """
    limit: int = values["limit"]
    hits = f"SELECT s.id FROM order_search s WHERE {' AND '.join(tests)}"  # noqa: S608
    if (
        reader.estimate(f"SELECT s.id FROM order_search s WHERE {' AND '.join(indexed or tests)}", values)  # noqa: S608
        > COMMON
    ):
        first = max(WALKED * limit, LEAST_WALKED)
        found = _walk(reader, tests, values, way, first)
        if SOME_HITS <= len(found) < limit and (wide := 3 * first * limit // (2 * len(found))) <= WIDEST_WALK:
            found = _walk(reader, tests, values, way, wide)
        if len(found) == limit:
            return found
    statement = f"WITH hits AS MATERIALIZED ({hits}) SELECT id FROM hits ORDER BY id {way} LIMIT :limit"  # noqa: S608
    return [row[0] for row in reader.rows(statement, values, planned_anew=True)]


def _walk(reader: Reader, tests: list[str], values: dict[str, Any], way: str, walked: int) -> list[int]:
    """The hits among the next `walked` texts, at most `limit` of the values."""
    reached = [test for test in tests if test.startswith("s.id ")]
    rest = [test for test in tests if test not in reached]
    beginning = f"WHERE {reached[0]} " if reached else ""
    texts = f"SELECT id, doc FROM order_search s {beginning}ORDER BY id {way} LIMIT {walked}"  # noqa: S608
    statement = f"SELECT s.id FROM ({texts}) s WHERE {' AND '.join(rest)} ORDER BY s.id {way} LIMIT :limit"  # noqa: S608
    return [row[0] for row in reader.rows(statement, values, planned_anew=True)]


def exact_position(reader: Reader, text: str) -> int | None:
    """The order that bears exactly this number, or whose invoice, shipment or parcel does."""
    parts = [
        f"SELECT {rank} AS rank, {way} WHERE {ALIAS[table]}.{column} IN (:text, :capitals)"
        for rank, (table, column, way) in enumerate(IDENTIFIERS)
    ]
    found_by = " UNION ALL ".join(parts)
    statement = f"SELECT position FROM ({found_by}) AS found ORDER BY rank, position DESC LIMIT 1"  # noqa: S608
    found = reader.rows(statement, {"text": text, "capitals": text.upper()})
    return int(found[0][0]) if found else None


def _by_identifier(reader: Reader, text: str, exact: int | None, limit: int) -> list[int]:
    """Orders of which a number begins with the text: the `exact` one first, then the newest."""
    parts: list[str] = []
    values: dict[str, object] = {"limit": limit}
    for at, candidate in enumerate(dict.fromkeys((text, text.upper()))):
        values |= {f"text_{at}": candidate, f"end_{at}": candidate[:-1] + chr(ord(candidate[-1]) + 1)}
        for table, column, way in IDENTIFIERS:
            name = f"{ALIAS[table]}.{column}"
            if reader.sqlite:
                rest = f"WHERE {name} >= :text_{at} AND {name} < :end_{at} ORDER BY {name} DESC"
            else:
                rest = f"WHERE {name} ~>=~ :text_{at} AND {name} ~<~ :end_{at} ORDER BY {name} USING ~>~"
            parts.append(f"SELECT position FROM (SELECT {way} {rest} LIMIT :limit) AS part_{len(parts)}")  # noqa: S608
    found = {row[0] for row in reader.rows(" UNION ALL ".join(parts), values)}
    ordered = sorted(found - {exact}, reverse=True)
    return [exact, *ordered] if exact is not None else ordered


def _cut(word: str) -> list[str]:
    if len(word) <= 6:
        return [word[i : i + 3] for i in range(len(word) - 2)]
    return list(dict.fromkeys([*(word[i : i + 3] for i in range(0, len(word) - 2, 3)), word[-3:]]))


def _quoted(trigram: str) -> str:
    return '"' + trigram.replace('"', '""') + '"'
