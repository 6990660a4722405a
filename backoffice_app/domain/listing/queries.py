"""The order list: one page of rows ready to show, in a fixed number of statements at any size of the shop (O-1 to O-4, O-7)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from backoffice_app.domain.core import clock
from backoffice_app.domain.core.position import first_position_of
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import Regional, load_shop
from backoffice_app.domain.core.states import PaymentState, ShippingState, Status
from backoffice_app.domain.listing.facets import FILTERS, known, matching
from backoffice_app.domain.listing.filters import MONEY_VIEWS, OVERDUE, VIEWS, OrderFilter
from backoffice_app.domain.listing.ranges import in_bounds
from backoffice_app.domain.listing.reader import Reader
from backoffice_app.domain.listing.rows import Look, positions_of, read_rows
from backoffice_app.domain.listing.search import SCANNED, Found, Query, among, as_list, exact_position, parse_query, search_streams
from backoffice_app.domain.listing.streams import SORTINGS, Bounds, Key, Orders, Sorting, Stream
from backoffice_app.i18n import LazyNumber, LazyText, _, format_number

PAGE = 50
CAP = 1_000
"""Hits of a search are sorted, and what combined filters match is counted, up to here; beyond it says so."""
STATE_SORTS = {
    "status": ("status", tuple(sorted(Status))),
    "payment": ("payment_state", tuple(sorted(PaymentState))),
    "shipping": ("shipping_state", tuple(sorted(ShippingState))),
}
CURSOR = re.compile(r"[ab]\d{1,9}\.\d{1,19}(\..*)?", re.ASCII | re.DOTALL)
INTEGER = re.compile(r"-?\d{1,18}", re.ASCII)
COUNTS = (
    "SELECT view, sum(n) FROM view_count GROUP BY view "
    "UNION ALL SELECT 'overdue', count(*) FROM (SELECT 1 FROM orders WHERE due_on < :today LIMIT :cap) AS due "
    "UNION ALL SELECT 'newest', coalesce(max(position), 0) FROM orders"
)
"""The counts of the views; what is overdue depends on the day and is counted up to a cap, in its index; and where the newest stands."""
NEWEST = "newest"


@dataclass(frozen=True)
class OrderPage:
    """One page. `rows`: texts as `rows.py` places them; `newer`, `older`: cursors of the pages before and after, "" where there is none.

    `note`: what the reader of the list must know, such as that only the newest orders were searched; "" mostly.
    `count`: how many match, such as "11", or "50+" for a search that has more pages; "" where only counting tells.
    """

    rows: list[list[str]]
    newer: str
    older: str
    note: str
    count: str


def list_orders(session: Session, wanted: OrderFilter, actor: Actor, language: str, limit: int = PAGE) -> OrderPage:
    """The page of orders that `wanted` asks for, as `actor` may see them. Raises Refused without the right to read."""
    return read_page(Reader(session), wanted, actor, language, load_shop(session).regional, limit=limit)


def read_page(reader: Reader, wanted: OrderFilter, actor: Actor, language: str, regional: Regional, *, limit: int = PAGE) -> OrderPage:
    """`list_orders` through a given reader, with the shop's regional settings."""
    actor.require(Right.READ)
    wanted = wanted.seen_by(actor)
    query = parse_query(wanted.q)
    streams = streams_of(reader, wanted, query, regional, limit)
    found, has_before, has_after = _page(reader, streams, wanted, limit)
    positions = [key[-1] for _at, key in found]
    look = Look(language, regional.zone, clock.today(regional.zone).isoformat(), actor.may(Right.PRICES))
    rows = read_rows(reader, positions, look)
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


def read_again(session: Session, numbers: Sequence[str], actor: Actor, language: str) -> list[list[str]]:
    """The rows of these orders as they are now, in the same places (O-6). Raises Refused without the right to read."""
    actor.require(Right.READ)
    reader = Reader(session)
    regional = load_shop(session).regional
    look = Look(language, regional.zone, clock.today(regional.zone).isoformat(), actor.may(Right.PRICES))
    return read_rows(reader, positions_of(reader, numbers), look)


def counts(session: Session, actor: Actor, language: str) -> dict[str, str]:
    """How many orders each tab holds, ready to show: read from rows that each transaction moves, never counted by scanning (P-5)."""
    return read_counts(Reader(session), actor, language, load_shop(session).regional)


def read_counts(reader: Reader, actor: Actor, language: str, regional: Regional) -> dict[str, str]:
    """`counts` through a given reader, with the shop's regional settings."""
    return count_texts(read_numbers(reader, regional), actor, language)


def read_numbers(reader: Reader, regional: Regional) -> dict[str, int]:
    """How many orders each view holds, and under `NEWEST` the largest position there is, 0 in an empty shop (P-5, O-6)."""
    today = _bound(reader, clock.today(regional.zone))
    return {view: int(n) for view, n in reader.rows(COUNTS, {"today": today, "cap": CAP + 1})}


def count_texts(counted: dict[str, int], actor: Actor, language: str) -> dict[str, str]:
    """The counts ready to show, of the views that this actor may see."""
    texts = {view: format_number(counted.get(view, 0), language) for view in VIEWS}
    if counted[OVERDUE] > CAP:
        texts[OVERDUE] = f"{format_number(CAP, language)}+"
    return {view: texts[view] for view in VIEWS if view not in MONEY_VIEWS or actor.may(Right.PRICES)}


def count_matching(session: Session, wanted: OrderFilter, actor: Actor, language: str) -> str:
    """How many orders a filter matches: "348", and from `CAP` on "1,000+" (O-3)."""
    return read_count(Reader(session), wanted, actor, language, load_shop(session).regional)


def read_count(reader: Reader, wanted: OrderFilter, actor: Actor, language: str, regional: Regional) -> str:
    """`count_matching` through a given reader, with the shop's regional settings."""
    wanted = replace(wanted.seen_by(actor), page="", sort="date")
    streams = streams_of(reader, wanted, parse_query(wanted.q), regional, CAP)
    left = CAP + 1
    for stream in streams:
        if isinstance(stream, Orders):
            found = stream.count(reader, CAP + 1)
            return f"{format_number(CAP, language)}+" if found > CAP else format_number(found, language)
        left -= len(stream.read(reader, None, down=True, limit=left))
        if left <= 0:
            return f"{format_number(CAP, language)}+"
    return format_number(CAP + 1 - left, language)


def new_since(session: Session, position: int) -> int:
    """How many orders came in above this position, at most 100 (O-6)."""
    rows = Reader(session).rows("SELECT count(*) FROM (SELECT 1 FROM orders WHERE position > :p LIMIT 100) AS newer", {"p": position})
    return int(rows[0][0])


def locate(session: Session, text: str) -> str | None:
    """The number of the order that a scanned code names: order, invoice, shipment or tracking number, exactly (O-2)."""
    reader = Reader(session)
    text = text.strip()
    position = exact_position(reader, text) if text and "\0" not in text else None  # PostgreSQL can't be asked for a NUL
    if position is None:
        return None
    return str(reader.rows("SELECT number FROM orders WHERE position = :p", {"p": position})[0][0])


def choices(reader: Reader) -> dict[str, list[str]]:
    """The values that orders have, for the filters that offer a choice: by field of `OrderFilter`."""
    facets = known(reader)
    return {name: sorted(str(value) for value in list(facets.keys[dimension]) if value) for name, dimension in FILTERS.items()}


def streams_of(reader: Reader, wanted: OrderFilter, query: Query, regional: Regional, limit: int) -> Sequence[Stream]:
    """The parts of the list, in their order."""
    facets = known(reader)
    asked, keys = matching(facets, wanted)
    bounds, by_due = _bounds(reader, wanted, regional)
    fixed = _index_of(asked, by_due=by_due)
    if wanted.tags:
        query = Query((*query.words, *((f"#{tag.lower()}",) for tag in wanted.tags.split())), "" if query.words else query.identifier)
    if query.words:
        orders = Orders(SORTINGS["date"], bounds, keys, fixed, is_whole=len(asked) == 1 and fixed is not None)
        found = search_streams(reader, query, orders, limit + 1)
        return found if wanted.sort == "date" else [_sorted_hits(reader, found, wanted)]
    is_beside = bool((bounds.on_total and wanted.sort != "total") or (bounds.on_position and wanted.sort != "date"))
    if wanted.sort in STATE_SORTS:
        dimension, states = STATE_SORTS[wanted.sort]
        parts = [(state, facets.with_value(dimension, state)) for state in states]
        parts = [(state, part if keys is None else part & keys) for state, part in parts]
        found_parts = [Orders(SORTINGS["date"], bounds, part, (dimension, state), is_whole=not asked) for state, part in parts]
        ordered = found_parts[::-1] if wanted.direction == "down" else found_parts
        return in_bounds(reader, ordered, None if keys is None else frozenset(keys)) if is_beside else ordered
    sorting = SORTINGS[wanted.sort]
    is_whole = len(asked) == 1 and fixed is not None and wanted.sort == "date"
    orders = Orders(sorting, bounds, keys, fixed if wanted.sort == "date" else None, is_whole=is_whole)
    return in_bounds(reader, [orders], None if keys is None else frozenset(keys)) if is_beside else [orders]


def _index_of(asked: list[tuple[str, object]], *, by_due: bool) -> tuple[str, str] | None:
    """The state whose own index is read in the list's order, if one is asked for."""
    if by_due:
        return None
    states = [(dimension, str(value)) for dimension, value in asked if dimension in {"status", "payment_state", "shipping_state"}]
    return states[0] if states else None


def _bounds(reader: Reader, wanted: OrderFilter, regional: Regional) -> tuple[Bounds, bool]:
    conditions: list[str] = []
    values: dict[str, object] = {}
    first, after = wanted.seconds(regional.zone)
    if first is not None:
        conditions.append("position >= :first_position")
        values["first_position"] = first_position_of(first)
    if after is not None:
        conditions.append("position < :after_position")
        values["after_position"] = first_position_of(after)
    lowest, highest = wanted.amounts(regional.currency)
    if lowest is not None:
        conditions.append("total >= :lowest")
        values["lowest"] = lowest
    if highest is not None:
        conditions.append("total <= :highest")
        values["highest"] = highest
    if wanted.view == OVERDUE:
        conditions.append("due_on < :today")
        values["today"] = _bound(reader, clock.today(regional.zone))
    return Bounds(tuple(conditions), values), wanted.view == OVERDUE


def _bound(reader: Reader, day: date) -> object:
    return day.isoformat() if reader.sqlite else day


def _sorted_hits(reader: Reader, streams: Sequence[Stream], wanted: OrderFilter) -> Found:
    """The newest hits of a search, at most `CAP`, in another order."""
    positions: list[int] = []
    for stream in streams:
        positions += [key[-1] for key in stream.read(reader, None, down=True, limit=CAP - len(positions))]
    column = STATE_SORTS[wanted.sort][0] if wanted.sort in STATE_SORTS else SORTINGS[wanted.sort].column
    statement = f"SELECT {column}, position FROM orders WHERE {among(reader, 'position')}"  # noqa: S608
    return Found(tuple(sorted(reader.rows(statement, {"positions": as_list(reader, positions)}), reverse=True)))


def _page(reader: Reader, streams: Sequence[Stream], wanted: OrderFilter, limit: int) -> tuple[list[tuple[int, Key]], bool, bool]:
    """The keys of the page with the stream they came from; whether there is something before, and after it."""
    cursor = _parse_cursor(wanted.page, SORTINGS.get(wanted.sort, SORTINGS["date"]), len(streams), by_state=wanted.sort in STATE_SORTS)
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
        found += [(at, key) for key in stream.read(reader, after if at == start else None, down=down == onwards, limit=left)]
        if found and cursor is None and onwards and isinstance(stream, Found) and stream.answers and len(order) > 1:
            return found[:limit], False, True
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


def _parse_cursor(text: str, sorting: Sorting, streams: int, *, by_state: bool) -> tuple[str, int, Key] | None:
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
        return _("Only the newest {count} orders were searched. Type one more character to search all.").format(
            count=LazyNumber(Decimal(SCANNED))
        )
    if query.words and wanted.sort != "date" and any(isinstance(s, Found) and len(s.keys) >= CAP for s in streams):
        return _("Only the newest {count} hits are sorted.").format(count=LazyNumber(Decimal(CAP)))
    return LazyText("")
