"""Where an order stands in the list one came from: the orders before and after it, and "3 of 41" (W, P-6)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlmodel import Session

from backoffice_app.domain.core.errors import NotFound
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.listing.counting import count_after
from backoffice_app.domain.listing.filters import OrderFilter
from backoffice_app.domain.listing.queries import CAP, PAGE, STATE_SORTS, streams_of
from backoffice_app.domain.listing.ranges import Ranged
from backoffice_app.domain.listing.reader import Reader
from backoffice_app.domain.listing.search import Found, Hits, among, as_list, parse_query
from backoffice_app.domain.listing.streams import SORTINGS, Key, Orders, Stream
from backoffice_app.i18n import LazyNumber, LazyText, _


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


COLUMNS = ", ".join(Standing.__dataclass_fields__)


@dataclass(frozen=True)
class Place:
    """`previous`, `next`: the numbers of the orders beside it, "" at the ends. `text`: "3 of 41", "Not in this list", or nothing."""

    previous: str = ""
    next: str = ""
    text: str = ""


def find_place(
    session: Session, number: str, wanted: OrderFilter, actor: Actor, language: str, *, opened: Standing | None = None
) -> tuple[Place, Standing]:
    """The place of the order `number` in the list `wanted`, as `actor` may see it, and what it was found by.

    `opened`: what it was found by when the order was opened. An order that has moved or left the list since keeps its old place, so one
    can work through a list of what is to ship. Never scans: beyond what is counted in the index there is no text.
    Raises NotFound, and Refused without the right to read. (W, P-6, SEC-4)
    """
    return read_place(Reader(session), number, wanted, actor, language, opened=opened)


def read_place(
    reader: Reader, number: str, wanted: OrderFilter, actor: Actor, language: str, *, opened: Standing | None = None
) -> tuple[Place, Standing]:
    """`find_place` through a given reader."""
    actor.require(Right.READ)
    wanted = replace(wanted.seen_by(actor), page="")
    now = _standing(reader, number)
    stood = opened if opened is not None and opened.id == now.id else now
    streams = streams_of(reader, wanted, parse_query(wanted.q), load_shop(reader.session).regional, PAGE)
    is_search = not isinstance(streams[0], Orders | Ranged)
    key, at = _key(stood, wanted, is_search=is_search), _stream_of(reader, streams, stood, wanted)
    before, is_in, after = _around(reader, streams, at, key, wanted, reach=PAGE if is_search else 1)
    numbers = _numbers(reader, [*before[:1], *after[:1]])
    if is_in:
        text = _text(len(before), len(after), PAGE - 1) if is_search else _counted(reader, streams, at, key, wanted)
    else:
        has_moved = _sorted_by(stood, wanted) != _sorted_by(now, wanted)
        text = LazyText("") if has_moved or not wanted.parameters() else _("Not in this list")
    previous, following = (numbers.get(keys[0][-1], "") if keys else "" for keys in (before, after))
    return Place(previous, following, text.in_language(language)), stood


def _standing(reader: Reader, number: str) -> Standing:
    found = reader.rows(f"SELECT {COLUMNS} FROM orders WHERE number = :number", {"number": number}) if "\0" not in number else []  # noqa: S608
    if not found:
        raise NotFound(number)
    return Standing(*found[0])


def _sorted_by(stood: Standing, wanted: OrderFilter) -> int | str:
    """The value by which the list orders this one."""
    column = STATE_SORTS[wanted.sort][0] if wanted.sort in STATE_SORTS else SORTINGS[wanted.sort].column
    value: int | str = getattr(stood, column)
    return value


def _key(stood: Standing, wanted: OrderFilter, *, is_search: bool) -> Key:
    by_position = wanted.sort == "date" or (wanted.sort in STATE_SORTS and not is_search)
    return (stood.position,) if by_position else (_sorted_by(stood, wanted), stood.position)


def _stream_of(reader: Reader, streams: Sequence[Stream], stood: Standing, wanted: OrderFilter) -> int:
    """The part of the list that the order belongs to, also if a filter takes it away."""
    for at, stream in enumerate(streams[:-1]):
        if isinstance(stream, Found):
            belongs = (stood.position,) in stream.unfiltered
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
    reader: Reader, streams: Sequence[Stream], at: int, key: Key, wanted: OrderFilter, *, reach: int
) -> tuple[list[Key], bool, list[Key]]:
    """The keys before this one, the nearest first; whether it is in the list; the keys after it. At most `reach` either way."""
    down = wanted.direction == "down"
    before = _onwards(reader, streams[at::-1], key, down=not down, limit=reach)
    own = streams[at]
    if isinstance(own, Found):
        here = [*([key] if key in own.keys else []), *own.read(reader, key, down=down, limit=reach)]
    else:
        step = 1 if down else -1
        just_before = (key[0] + step, key[1]) if wanted.sort == "number" else (*key[:-1], key[-1] + step)
        here = own.read(reader, just_before, down=down, limit=reach + 1)
    is_in = here[:1] == [key]
    after = here[1:] if is_in else here[:reach]
    return before, is_in, after + _onwards(reader, streams[at + 1 :], None, down=down, limit=reach - len(after))


def _onwards(reader: Reader, streams: Sequence[Stream], start: Key | None, *, down: bool, limit: int) -> list[Key]:
    """The next keys after `start` in the first of the streams, and on into the others."""
    found: list[Key] = []
    for stream in streams:
        if len(found) >= limit:
            break
        found += stream.read(reader, start, down=down, limit=limit - len(found))
        start = None
    return found


def _numbers(reader: Reader, keys: Sequence[Key]) -> dict[int, str]:
    if not keys:
        return {}
    positions = [key[-1] for key in keys]
    statement = f"SELECT position, number FROM orders WHERE {among(reader, 'position')}"  # noqa: S608
    return dict(reader.rows(statement, {"positions": as_list(reader, positions)}))


def _counted(reader: Reader, streams: Sequence[Stream], at: int, key: Key, wanted: OrderFilter) -> LazyText:
    if len(streams) > 1 and isinstance(streams[0], Ranged):
        return LazyText("")  # each part reads all that lies within the bounds
    down = wanted.direction == "down"
    before = _count(reader, streams[at::-1], key, down=not down)
    after = _count(reader, streams[at:], key, down=down) if before is not None and before < CAP else None
    return _text(before, after, CAP)


def _count(reader: Reader, streams: Sequence[Stream], start: Key | None, *, down: bool) -> int | None:
    """How many orders come after `start`, counted to just above `CAP` in the index; None where that would take a scan."""
    found = 0
    for stream in streams:
        counted = count_after(reader, stream, start, down=down, cap=CAP) if isinstance(stream, Orders | Ranged) else None
        if counted is None:
            return None
        found, start = found + counted, None
        if found > CAP:
            break
    return found


def _text(before: int | None, after: int | None, cap: int) -> LazyText:
    """ "3 of 41", and "3 of 1,000+" where more than `cap` follow; nothing where the place itself is beyond."""
    if before is None or after is None or before >= cap:
        return LazyText("")
    place, count = LazyNumber(Decimal(before + 1)), before + 1 + after
    if count <= cap:
        return _("{place} of {count}").format(place=place, count=LazyNumber(Decimal(count)))
    return _("{place} of {count}+").format(place=place, count=LazyNumber(Decimal(cap)))
