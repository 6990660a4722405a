"""An order's facet: everything a list filters by, as one key, so that filters that combine need no scan (O-3, P-3)."""

import hashlib
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import insert as insert_postgres
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session, col

from backoffice_app.db import is_sqlite
from backoffice_app.domain.order.states import invoice_waits
from backoffice_app.models import Order, OrderFacet


class FacetValues(NamedTuple):
    """The values of one facet; each field is a dimension, and a column of `OrderFacet`."""

    status: str
    payment_state: str
    shipping_state: str
    return_state: str
    owes: bool
    payment_method: str
    shipping_method: str
    country: str
    source: str
    printed: bool
    custom_status_id: int
    invoice_waits: bool
    address_warning: bool = False


DIMENSIONS = FacetValues._fields
"""What makes a facet, in the order of its values."""
LATER = 2
"""How many of the last values were added once there were shops."""

INSERT_LOCK = 7_304_112_001
"""PostgreSQL's advisory lock under which new facets are inserted, so that `seq` grows in the order of the commits."""


def facet_values(order: Order) -> FacetValues:
    """The facet's values, from the order's stored states."""
    return FacetValues(
        order.status,
        order.payment_state,
        order.shipping_state,
        order.return_state,
        order.open_amount > 0,
        order.payment_method,
        order.shipping_method,
        order.country,
        order.source,
        order.printed_at is not None,
        order.custom_status_id or 0,
        invoice_waits(order),
        order.address_warning,
    )


_KNOWN = select(col(OrderFacet.seq)).where(col(OrderFacet.key) == bindparam("of_key"))


@lru_cache(maxsize=4096)
def facet_key(values: FacetValues) -> int:
    """The key of these values: 63 bits of their digest, the same in every process and database.

    The last values came later than the others. False at the end does not count, so that most orders kept the key they
    had.
    """
    last = next((at for at in range(LATER) if values[-1 - at]), LATER)
    counted = values[: len(values) - last]
    digest = hashlib.blake2b("\x1f".join(map(str, counted)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def remember_facet(session: Session, order: Order) -> None:
    """Afterwards the order's facet is known. Asks first: nearly always it is."""
    connection = session.connection()
    if connection.execute(_KNOWN, {"of_key": order.facet}).first():
        return
    sqlite = is_sqlite(session)
    if not sqlite:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": INSERT_LOCK})
    insert = insert_sqlite if sqlite else insert_postgres
    row = facet_values(order)._asdict()
    connection.execute(
        insert(OrderFacet).values(key=order.facet, **row).on_conflict_do_nothing(index_elements=["key"])
    )
