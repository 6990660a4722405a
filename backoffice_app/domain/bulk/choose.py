"""Which orders are meant: all that a list shows on all its pages, read once and frozen.

And their order in the list (O-5).
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from backoffice_app.domain.bulk.offers import MOST
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.listing.filters import OrderFilter
from backoffice_app.domain.listing.parts import COLUMNS, ByState
from backoffice_app.domain.listing.queries import query_of, sorted_by, streams_of
from backoffice_app.domain.listing.reader import Reader
from backoffice_app.domain.listing.search_sql import among, as_list
from backoffice_app.domain.listing.streams import Orders, Stream
from backoffice_app.i18n import LazyNumber, _

AT_ONCE = 1_000
"""So many numbers are asked for in one statement."""


def matching_numbers(session: Session, wanted: OrderFilter, actor: Actor, most: int = MOST) -> list[str]:
    """The numbers of all orders that the list `wanted` shows now, on all its pages and in its order.

    Raises Refused without the right to read, and for more than `most`.
    """
    actor.require(Right.READ)
    wanted = replace(wanted.seen_by(actor), page="")
    reader, down = Reader(session), wanted.direction == "down"
    positions: list[int] = []
    for stream in streams_of(reader, wanted, query_of(wanted, actor), load_shop(session).regional, most):
        positions += _positions(reader, stream, down=down, limit=most + 1 - len(positions))
        if len(positions) > most:
            raise Refused(
                _("These are more than {most} orders. Narrow the list by a filter first.").format(
                    most=LazyNumber(Decimal(most)),
                )
            )
    statement = f"SELECT position, number FROM orders WHERE {among(reader, 'position')}"  # noqa: S608
    numbers = dict(reader.rows(statement, {"positions": as_list(reader, positions)}))
    return [numbers[position] for position in positions if position in numbers]


def freezing(reader: Reader, orders: Orders, *, down: bool) -> tuple[str, dict[str, object]]:
    """The statement that reads up to `:limit` positions of a part of the list, and its values."""
    conditions, values = orders.whole_filter(reader)
    where = f"WHERE {' AND '.join(conditions)} " if conditions else ""
    order = orders.sorting.order(down=down)
    return f"SELECT position FROM orders {where}ORDER BY {order} LIMIT :limit", values  # noqa: S608


def _positions(reader: Reader, stream: Stream, *, down: bool, limit: int) -> list[int]:
    """The positions of a part of the list. Merging the facets of orders would take a statement for each."""
    if not isinstance(stream, Orders) or stream.facets is None or stream.is_whole:
        return [key[-1] for key in stream.read(reader, None, down=down, limit=limit)]
    statement, values = freezing(reader, stream, down=down)
    return [row[0] for row in reader.rows(statement, values | {"limit": limit}, planned_anew=True)]


def in_list_order(session: Session, numbers: Sequence[str], wanted: OrderFilter) -> list[str]:
    """These numbers in the order in which the list `wanted` is sorted, also where it does not show them.

    Unknown ones are left out.
    """
    reader = Reader(session)
    sort, column = COLUMNS[wanted.sort].sort, sorted_by(wanted)
    ranks = {value: rank for rank, value in enumerate(sort.values)} if isinstance(sort, ByState) else None
    places: list[tuple[Any, int, str]] = []
    for begin in range(0, len(numbers), AT_ONCE):
        names = {f"n{at}": number for at, number in enumerate(numbers[begin : begin + AT_ONCE])}
        of_them = ", ".join(":" + name for name in names)
        for value, position, number in reader.rows(
            f"SELECT {column}, position, number FROM orders WHERE number IN ({of_them})",  # noqa: S608
            dict(names),
        ):
            places.append((ranks.get(value, len(ranks)) if ranks is not None else value, position, number))
    return [number for _value, _position, number in sorted(places, reverse=wanted.direction == "down")]
