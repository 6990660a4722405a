"""The orders that a search finds, for lists of what belongs to orders: invoices, shipments, returns (O-2)."""

from dataclasses import replace
from decimal import Decimal

from sqlmodel import Session

from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.listing.reader import Reader
from backoffice_app.domain.listing.search import search_streams
from backoffice_app.domain.listing.streams import BY_DATE, Bounds, Orders
from backoffice_app.domain.listing.typed import parse_query
from backoffice_app.domain.order.position import SECONDS_SHIFT
from backoffice_app.i18n import LazyNumber, LazyText, _

MOST = 500
"""What belongs to so many of the newest orders that were found is listed."""


def orders_of(session: Session, text: str, actor: Actor) -> tuple[list[int], LazyText]:
    """The ids of the newest orders that `text` finds, at most `MOST`, and what the reader of the list must know of
    that.

    They are found as in the order list: by numbers of orders, invoices, shipments and parcels, by names, addresses and
    products.
    """
    reader, query = Reader(session), parse_query(text)
    query = query if actor.may(Right.PRICES) else replace(query, amount=None)
    positions: list[int] = []
    for stream in (
        search_streams(reader, query, Orders(BY_DATE, Bounds(), None), MOST + 1) if query.words else ()
    ):
        positions += [
            key[-1] for key in stream.read(reader, None, down=True, limit=MOST + 1 - len(positions))
        ]
        if len(positions) > MOST:
            break
    note = LazyText("")
    if len(positions) > MOST:
        note = _("Only what belongs to the newest {count} orders with these words is listed.").format(
            count=LazyNumber(Decimal(MOST))
        )
    return [position & ((1 << SECONDS_SHIFT) - 1) for position in positions[:MOST]], note
