"""Where an order stands in the list one came from: the orders before and after it (W, P-6)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from backoffice_app.domain.core.errors import NotFound
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.listing.filters import NEWEST_FIRST, OrderFilter
from backoffice_app.domain.listing.queries import PAGE, query_of, sorted_by, sorting_of, streams_of
from backoffice_app.domain.listing.ranges import Ranged
from backoffice_app.domain.listing.reader import Reader
from backoffice_app.domain.listing.search import Found, Hits, Priced
from backoffice_app.domain.listing.search_sql import among, as_list
from backoffice_app.domain.listing.streams import BY_DATE, BY_NUMBER, Key, Orders, Stream
from backoffice_app.i18n import _


@dataclass(frozen=True)
class Standing:
    """What decides where an order stands in any list, as it was at one moment."""

    position: int
    id: int
    sort_name: str
    total: int
    status: str
    payment_state: str
    shipping_state: str


STANDING = ", ".join(Standing.__dataclass_fields__)


@dataclass(frozen=True)
class Place:
    """`previous`, `next`: the numbers of the orders beside it, "" at the ends.

    `text`: "Not in this list", or nothing.
    """

    previous: str = ""
    next: str = ""
    text: str = ""


def find_place(
    session: Session,
    number: str,
    wanted: OrderFilter,
    actor: Actor,
    language: str,
    *,
    opened: Standing | None = None,
) -> tuple[Place, Standing]:
    """The place of the order `number` in the list `wanted`, as `actor` may see it, and what it was found by.

    `opened`: what it was found by when the order was opened. An order that has moved or left the list since keeps its
    old place, so one can work through a list of what is to ship. Never scans.
    Raises NotFound, and Refused without the right to read. (W, P-6, SEC-4)
    """
    return read_place(Reader(session), number, wanted, actor, language, opened=opened)


def read_place(
    reader: Reader,
    number: str,
    wanted: OrderFilter,
    actor: Actor,
    language: str,
    *,
    opened: Standing | None = None,
) -> tuple[Place, Standing]:
    """`find_place` through a given reader."""
    actor.require(Right.READ)
    wanted = replace(wanted.seen_by(actor), page="")
    now = _standing(reader, number)
    stood = opened if opened is not None and opened.id == now.id else now
    streams = streams_of(reader, wanted, query_of(wanted, actor), load_shop(reader.session).regional, PAGE)
    is_search = not isinstance(streams[0], Orders | Ranged)
    key, at = _key(stood, wanted, is_search=is_search), _stream_of(reader, streams, stood, wanted)
    before, is_in, after = _around(reader, streams, at, key, wanted)
    numbers = _numbers(reader, [*before, *after])
    has_moved = _sorted_by(stood, wanted) != _sorted_by(now, wanted)
    is_out = not is_in and not has_moved and bool(wanted.parameters())
    text = _("Not in this list").in_language(language) if is_out else ""
    previous, following = (numbers.get(keys[0][-1], "") if keys else "" for keys in (before, after))
    return Place(previous, following, text), stood


def _standing(reader: Reader, number: str) -> Standing:
    found = (
        reader.rows(f"SELECT {STANDING} FROM orders WHERE number = :number", {"number": number})  # noqa: S608
        if "\0" not in number
        else []
    )
    if not found:
        raise NotFound(number)
    return Standing(*found[0])


def _sorted_by(stood: Standing, wanted: OrderFilter) -> int | str:
    """The value by which the list orders this one."""
    value: int | str = getattr(stood, sorted_by(wanted))
    return value


def _key(stood: Standing, wanted: OrderFilter, *, is_search: bool) -> Key:
    by_position = wanted.sort == NEWEST_FIRST or (sorting_of(wanted) == BY_DATE and not is_search)
    return (stood.position,) if by_position else (_sorted_by(stood, wanted), stood.position)


def _stream_of(reader: Reader, streams: Sequence[Stream], stood: Standing, wanted: OrderFilter) -> int:
    """The part of the list that the order belongs to, also if a filter takes it away."""
    for at, stream in enumerate(streams[:-1]):
        if isinstance(stream, Found):
            belongs = (stood.position,) in stream.unfiltered
        elif isinstance(stream, Priced):
            belongs = stood.total == stream.total
        elif isinstance(stream, Hits):
            belongs = stream.has_text(reader, stood.position)
        else:
            belongs = _state_of(stream) == _sorted_by(stood, wanted)
        if belongs:
            return at
    return len(streams) - 1


def _state_of(stream: Stream) -> str:
    orders = stream.orders if isinstance(stream, Ranged) else stream
    return orders.fixed[1] if isinstance(orders, Orders) and orders.fixed else ""


def _around(
    reader: Reader, streams: Sequence[Stream], at: int, key: Key, wanted: OrderFilter
) -> tuple[list[Key], bool, list[Key]]:
    """The key before this one, if there is one; whether this one is in the list; the key after it, if there is one."""
    down = wanted.direction == "down"
    before = _next(reader, streams[at::-1], key, down=not down)
    own = streams[at]
    if isinstance(own, Found):
        here = [*([key] if key in own.keys else []), *own.read(reader, key, down=down, limit=1)]
    else:
        step = 1 if down else -1
        just_before = (
            (key[0] + step, key[1]) if sorting_of(wanted) == BY_NUMBER else (*key[:-1], key[-1] + step)
        )
        here = own.read(reader, just_before, down=down, limit=2)
    is_in = here[:1] == [key]
    after = here[1:2] if is_in else here[:1]
    return before, is_in, after or _next(reader, streams[at + 1 :], None, down=down)


def _next(reader: Reader, streams: Sequence[Stream], start: Key | None, *, down: bool) -> list[Key]:
    """The next key after `start` in the first of the streams, else the first one of the others."""
    for stream in streams:
        if found := stream.read(reader, start, down=down, limit=1):
            return found
        start = None
    return []


def _numbers(reader: Reader, keys: Sequence[Key]) -> dict[int, str]:
    if not keys:
        return {}
    positions = [key[-1] for key in keys]
    statement = f"SELECT position, number FROM orders WHERE {among(reader, 'position')}"  # noqa: S608
    return dict(reader.rows(statement, {"positions": as_list(reader, positions)}))
