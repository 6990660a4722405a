"""The order list: one page of rows ready to show, in a fixed number of statements at any size of the shop (O-1 to O-4,
O-7).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from backoffice_app.domain.core import clock
from backoffice_app.domain.core.money import digits
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import Regional, load_shop
from backoffice_app.domain.listing.facets import INDEXED_STATES, known, matching
from backoffice_app.domain.listing.filters import NEWEST_FIRST, OrderFilter
from backoffice_app.domain.listing.names import CUSTOM, NAMED, names_of, statuses_of
from backoffice_app.domain.listing.parts import COLUMNS, FILTERS, ByState, Look, as_bounds
from backoffice_app.domain.listing.ranges import in_bounds
from backoffice_app.domain.listing.reader import Known, Reader
from backoffice_app.domain.listing.rows import positions_of, read_rows
from backoffice_app.domain.listing.search import SCANNED, Found, exact_position, search_streams
from backoffice_app.domain.listing.search_sql import among, as_list
from backoffice_app.domain.listing.streams import BY_DATE, BY_TOTAL, Bounds, Key, Orders, Sorting, Stream
from backoffice_app.domain.listing.typed import Query, parse_query
from backoffice_app.domain.order.views import VIEWS, ListView
from backoffice_app.formats import format_number
from backoffice_app.i18n import LazyNumber, LazyText, _
from backoffice_app.registry import Ranked

PAGE = 50
CAP = 1_000
"""Hits of a search are sorted, and what combined filters match is counted, up to here; beyond it says so."""
CURSOR = re.compile(r"[ab]\d{1,9}\.\d{1,19}(\..*)?", re.ASCII | re.DOTALL)
INTEGER = re.compile(r"-?\d{1,18}", re.ASCII)
NEWEST = "newest"


_NEWEST = "SELECT position FROM orders WHERE NOT is_draft ORDER BY position DESC LIMIT 1"


def _counting(views: Ranked[ListView]) -> str:
    """One statement for the kept counts, for what a condition alone says, up to a cap, and for where the newest order
    stands.
    """
    parts = [
        "SELECT view, sum(n) FROM view_count GROUP BY view",
        f"SELECT 'newest', coalesce(({_NEWEST}), 0)",
    ]
    for at, view in enumerate(views):
        if view.alone:
            capped = f"SELECT 1 FROM orders WHERE {view.condition} LIMIT :cap"  # noqa: S608
            parts.append(f"SELECT '{view.key}', count(*) FROM ({capped}) AS of_view_{at}")  # noqa: S608
    return " UNION ALL ".join(parts)


def _others(views: Ranked[ListView]) -> tuple[ListView, ...]:
    return tuple(view for view in views if not view.kept and not view.alone)


@dataclass(frozen=True)
class OrderPage:
    """One page.

    `rows`: texts as `rows.py` places them; `newer`, `older`: cursors of the pages before and after, "" where there is
    none.

    `note`: what the reader of the list must know, such as that only the newest orders were searched; "" mostly.
    `count`: how many match, such as "11", or "50+" for a search that has more pages; "" where only counting tells.
    """

    rows: list[list[str]]
    newer: str
    older: str
    note: str
    count: str


def list_orders(
    session: Session, wanted: OrderFilter, actor: Actor, language: str, limit: int = PAGE
) -> OrderPage:
    """The page of orders that `wanted` asks for, as `actor` may see them. Raises Refused without the right to read."""
    return read_page(Reader(session), wanted, actor, language, load_shop(session).regional, limit=limit)


def read_page(
    reader: Reader, wanted: OrderFilter, actor: Actor, language: str, regional: Regional, *, limit: int = PAGE
) -> OrderPage:
    """`list_orders` through a given reader, with the shop's regional settings."""
    actor.require(Right.READ)
    wanted = wanted.seen_by(actor)
    query = query_of(wanted, actor)
    streams = streams_of(reader, wanted, query, regional, limit)
    found, has_before, has_after = _page(reader, streams, wanted, limit)
    positions = [key[-1] for _at, key in found]
    look = _look(actor, language, regional)
    rows = read_rows(reader, positions, look, query)
    return OrderPage(
        rows,
        _cursor("b", *found[0]) if has_before else "",
        _cursor("a", *found[-1]) if has_after else "",
        _note(query, wanted, streams).in_language(language),
        _count(found, query, language, is_whole=not has_before and not has_after),
    )


def _count(found: Sequence[object], query: Query, language: str, *, is_whole: bool) -> str:
    number = format_number(len(found), language)
    return number if is_whole else f"{number}+" if query.words else ""


def read_again(
    session: Session, numbers: Sequence[str], wanted: OrderFilter, actor: Actor, language: str
) -> list[list[str]]:
    """The rows of these orders of the list as they are now, in the same places (O-6).

    Raises Refused without the right to read.
    """
    actor.require(Right.READ)
    reader = Reader(session)
    regional = load_shop(session).regional
    look = _look(actor, language, regional)
    return read_rows(reader, positions_of(reader, numbers), look, query_of(wanted, actor))


def counts(session: Session, actor: Actor, language: str) -> dict[str, str]:
    """How many orders each tab holds, ready to show: read from rows that each transaction moves, never counted by
    scanning (P-5).
    """
    return read_counts(Reader(session), actor, language, load_shop(session).regional)


def read_counts(reader: Reader, actor: Actor, language: str, regional: Regional) -> dict[str, str]:
    """`counts` through a given reader, with the shop's regional settings."""
    return count_texts(read_numbers(reader, regional), actor, language)


def read_numbers(reader: Reader, regional: Regional) -> dict[str, int]:
    """How many orders each view holds, and under `NEWEST` the largest position there is, 0 in an empty shop (P-5, O-6).

    What is not kept is counted to just above `CAP`.
    """
    values = {"today": _bound(reader, clock.today(regional.zone)), "cap": CAP + 1}
    numbers = {view: int(n) for view, n in reader.rows(VIEWS.computed(_counting), values)}
    for view in VIEWS.computed(_others):
        orders, _is_cut = _by_date(reader, OrderFilter(view=view.key), regional)
        numbers[view.key] = orders.count(reader, CAP + 1)
    return numbers


def count_texts(counted: dict[str, int], actor: Actor, language: str) -> dict[str, str]:
    """The counts ready to show, of the views that this actor may see."""
    texts = {}
    for view in VIEWS:
        if actor.may(view.right):
            n = counted.get(view.key, 0)
            texts[view.key] = capped(n, CAP, language) if not view.kept else format_number(n, language)
    return texts


def capped(n: int, most: int, language: str) -> str:
    """A number that was counted to just above `most`: "348", or "1,000+"."""
    return f"{format_number(most, language)}+" if n > most else format_number(n, language)


def count_matching(session: Session, wanted: OrderFilter, actor: Actor, language: str) -> str:
    """How many orders a filter matches: "348", and from `CAP` on "1,000+" (O-3)."""
    return read_count(Reader(session), wanted, actor, language, load_shop(session).regional)


def read_count(reader: Reader, wanted: OrderFilter, actor: Actor, language: str, regional: Regional) -> str:
    """`count_matching` through a given reader, with the shop's regional settings."""
    return capped(number_matching(reader, wanted, actor, regional), CAP, language)


def number_matching(reader: Reader, wanted: OrderFilter, actor: Actor, regional: Regional) -> int:
    """How many orders a filter matches, counted up to `CAP` and one more."""
    wanted = replace(wanted.seen_by(actor), page="", sort=NEWEST_FIRST)
    streams = streams_of(reader, wanted, query_of(wanted, actor), regional, CAP)
    left = CAP + 1
    for stream in streams:
        if isinstance(stream, Orders):
            return stream.count(reader, CAP + 1)
        left -= len(stream.read(reader, None, down=True, limit=left))
        if left <= 0:
            return CAP + 1
    return CAP + 1 - left


def new_since(session: Session, position: int) -> int:
    """How many orders came in above this position, at most 100 (O-6)."""
    statement = (
        "SELECT count(*) FROM (SELECT 1 FROM orders WHERE position > :p AND NOT is_draft LIMIT 100) AS newer"
    )
    rows = Reader(session).rows(statement, {"p": position})
    return int(rows[0][0])


def locate(session: Session, text: str) -> str | None:
    """The number of the order that a scanned code names: order, invoice, shipment or tracking number, exactly (O-2)."""
    reader = Reader(session)
    text = text.strip()
    position = (
        exact_position(reader, text) if text and "\0" not in text else None
    )  # PostgreSQL can't be asked for a NUL
    if position is None:
        return None
    return str(reader.rows("SELECT number FROM orders WHERE position = :p", {"p": position})[0][0])


def choices(reader: Reader, language: str = "en") -> dict[str, dict[str, str]]:
    """The values that orders have, each with its name, for the filters whose choices are not fixed: by key of the
    filter.
    """
    facets = known(reader)
    found: dict[str, dict[str, str]] = {}
    for part in FILTERS:
        if part.dimension == CUSTOM:
            found[part.key] = statuses_of(reader, language)
        elif part.dimension and part.control == "ticks" and part.choices is None:
            values = sorted(map(str, filter(None, facets.keys[part.dimension])))
            named = part.dimension in NAMED
            found[part.key] = (
                names_of(reader, part.dimension, language)
                if named
                else dict(zip(values, values, strict=True))
            )
    return found


def query_of(wanted: OrderFilter, actor: Actor) -> Query:
    """What is searched for; an amount finds orders only for who may see amounts (SEC-4)."""
    query = parse_query(wanted.q)
    return query if actor.may(Right.PRICES) else replace(query, amount=None)


def streams_of(
    reader: Reader, wanted: OrderFilter, query: Query, regional: Regional, limit: int
) -> Sequence[Stream]:
    """The parts of the list, in their order."""
    orders, is_cut = _by_date(reader, wanted, regional)
    query = _with_words(query, wanted)
    if query.words:
        found = search_streams(reader, query, orders, limit + 1, _total(query, regional))
        return found if wanted.sort == NEWEST_FIRST else [_sorted_hits(reader, found, wanted)]
    sort, bounds, keys = COLUMNS[wanted.sort].sort, orders.bounds, orders.facets
    if isinstance(sort, ByState):
        streams = _by_state(known(reader), sort, orders, is_cut=is_cut)
        streams = streams[::-1] if wanted.direction == "down" else streams
    elif sort == BY_DATE:
        streams = [orders]
    else:
        streams = [Orders(sorting_of(wanted), bounds, keys)]
    is_beside = (
        (bounds.on_total and sort != BY_TOTAL) or (bounds.on_position and sort != BY_DATE) or bounds.apart
    )
    return in_bounds(reader, streams, None if keys is None else frozenset(keys)) if is_beside else streams


def sorting_of(wanted: OrderFilter) -> Sorting:
    """The order within one part of the list, and that of the keys of its pages; lists sorted by a state have a part for
    each state.
    """
    sort = COLUMNS[wanted.sort].sort
    return sort if isinstance(sort, Sorting) else BY_DATE


def sorted_by(wanted: OrderFilter) -> str:
    """The column of `orders` that the list is sorted by."""
    sort = COLUMNS[wanted.sort].sort
    return sort.column if sort is not None else BY_DATE.column


def _by_date(reader: Reader, wanted: OrderFilter, regional: Regional) -> tuple[Orders, bool]:
    """The orders that fit, newest first or last; whether facets were asked for."""
    asked, keys = matching(known(reader), wanted)
    fixed = None if VIEWS[wanted.view].condition else _index_of(asked)
    is_whole = len(asked) == 1 and fixed is not None
    return Orders(BY_DATE, bounds_of(reader, wanted, regional), keys, fixed, is_whole=is_whole), bool(asked)


def _by_state(facets: Known, sort: ByState, orders: Orders, *, is_cut: bool) -> list[Orders]:
    """A part for each state, in the order of the states."""
    parts = []
    for state in sort.values:
        keys = facets.with_value(sort.column, state)
        within = keys if orders.facets is None else keys & orders.facets
        parts.append(Orders(BY_DATE, orders.bounds, within, (sort.column, state), is_whole=not is_cut))
    return parts


def _with_words(query: Query, wanted: OrderFilter) -> Query:
    """The query with what filters look for in the search text."""
    parts = [(FILTERS[key].words, text) for key, text in wanted.filters]
    more = [word for words, text in parts if words is not None for word in words(text)]
    return (
        Query((*query.words, *more), "" if query.words else query.identifier, amount=query.amount)
        if more
        else query
    )


def _index_of(asked: list[tuple[str, object]]) -> tuple[str, str] | None:
    """The state whose own index is read in the list's order, if one is asked for."""
    states = [(name, value) for name, value in asked if name in INDEXED_STATES and isinstance(value, str)]
    return states[0] if states else None


def bounds_of(reader: Reader, wanted: OrderFilter, regional: Regional) -> Bounds:
    """What filters and view ask for that no facet says."""
    conditions: list[str] = []
    values: dict[str, object] = {}
    for key, text in wanted.filters:
        part = FILTERS[key]
        found = part.condition(text, regional) if part.condition is not None else None
        found = part.of_viewer(text, regional, wanted.viewer) if part.of_viewer is not None else found
        if found is not None:
            conditions += as_bounds(found[0])
            values |= found[1]
    view = VIEWS[wanted.view]
    if view.condition:
        conditions += as_bounds(view.condition)
        values["today"] = _bound(reader, clock.today(regional.zone))
    return Bounds(tuple(conditions), values)


def _look(actor: Actor, language: str, regional: Regional) -> Look:
    return Look(language, regional.zone, clock.today(regional.zone).isoformat(), actor.rights)


def _total(query: Query, regional: Regional) -> int | None:
    """The amount that is searched for, in minor units; None where there isn't one, or none of this currency."""
    minor = query.amount.scaleb(digits(regional.currency)) if query.amount is not None else None
    return int(minor) if minor is not None and minor == minor.to_integral_value() else None


def _bound(reader: Reader, day: date) -> object:
    return day.isoformat() if reader.sqlite else day


def _sorted_hits(reader: Reader, streams: Sequence[Stream], wanted: OrderFilter) -> Found:
    """The newest hits of a search, at most `CAP`, in another order."""
    positions: list[int] = []
    for stream in streams:
        positions += [key[-1] for key in stream.read(reader, None, down=True, limit=CAP - len(positions))]
    statement = f"SELECT {sorted_by(wanted)}, position FROM orders WHERE {among(reader, 'position')}"  # noqa: S608
    return Found(
        tuple(sorted(reader.rows(statement, {"positions": as_list(reader, positions)}), reverse=True))
    )


def _page(
    reader: Reader, streams: Sequence[Stream], wanted: OrderFilter, limit: int
) -> tuple[list[tuple[int, Key]], bool, bool]:
    """The keys of the page with the stream they came from; whether there is something before, and after it."""
    by_state = isinstance(COLUMNS[wanted.sort].sort, ByState)
    cursor = _parse_cursor(wanted.page, sorting_of(wanted), len(streams), by_state=by_state)
    down = wanted.direction == "down"
    onwards = wanted.page != "last" and not (cursor and cursor[0] == "b")
    order = list(enumerate(streams)) if onwards else list(enumerate(streams))[::-1]
    start, after = (cursor[1], cursor[2]) if cursor else (order[0][0] if order else 0, None)
    found: list[tuple[int, Key]] = []
    for at, stream in order:
        if (at < start) if onwards else (at > start):
            continue
        left = limit + 1 - len(found)
        if left <= 0:
            break
        found += [
            (at, key)
            for key in stream.read(reader, after if at == start else None, down=down == onwards, limit=left)
        ]
    is_more = len(found) > limit
    found = found[:limit]
    if not onwards and cursor and not is_more:  # the beginning was reached: the first page is shown whole
        return _page(reader, streams, replace(wanted, page=""), limit)
    if not onwards:
        found.reverse()
        return found, is_more, cursor is not None
    return found, bool(found) and cursor is not None, is_more


def _cursor(way: str, at: int, key: Key) -> str:
    value = f".{key[0]}" if len(key) > 1 else ""
    return f"{way}{at}.{key[-1]}{value}"


def _parse_cursor(
    text: str, sorting: Sorting, streams: int, *, by_state: bool
) -> tuple[str, int, Key] | None:
    """("a" | "b", number of the stream, key); None for the first and the last page, and for what is no cursor."""
    parts = text[1:].split(".", 2)
    if not CURSOR.fullmatch(text) or int(parts[0]) >= streams or int(parts[1]) >= 2**63:
        return None
    at, position = int(parts[0]), int(parts[1])
    if len(parts) == 2:
        return (text[0], at, (position,)) if sorting.column == "position" or by_state else None
    if sorting.column == "position" and not by_state:
        return None
    number = sorting.column in {"id", "total"}
    if number and not INTEGER.fullmatch(parts[2]):
        return None
    return text[0], at, (int(parts[2]) if number else parts[2], position)


def _note(query: Query, wanted: OrderFilter, streams: Sequence[Stream]) -> LazyText:
    if query.words and query.is_short:
        return _(
            "Only the newest {count} orders were searched. Type one more character to search all."
        ).format(count=LazyNumber(Decimal(SCANNED)))
    if (
        query.words
        and wanted.sort != NEWEST_FIRST
        and any(isinstance(s, Found) and len(s.keys) >= CAP for s in streams)
    ):
        return _("Only the newest {count} hits are sorted.").format(count=LazyNumber(Decimal(CAP)))
    return LazyText("")
