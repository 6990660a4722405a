"""Which facets a filter means.

They are few and never change, so each process keeps them and reads only what is new (P-3).
"""

from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from backoffice_app.domain.listing.filters import OrderFilter
from backoffice_app.domain.listing.parts import FILTERS
from backoffice_app.domain.listing.reader import Known, Reader
from backoffice_app.domain.order.facets import DIMENSIONS, FacetValues
from backoffice_app.domain.order.views import VIEWS

NEW = f"SELECT seq, key, {', '.join(DIMENSIONS)} FROM order_facet WHERE seq > :seen ORDER BY seq"  # noqa: S608
INDEXED_STATES = ("status", "payment_state", "shipping_state")
"""Dimensions that are columns with an index in the order of the list."""
Match = tuple[str, Any]


_KNOWN: "WeakKeyDictionary[Engine, Known]" = WeakKeyDictionary()


def known(reader: Reader) -> Known:
    """All facets committed before this transaction looked: `seq` grows in the order of the commits, so only newer ones
    are read.

    Once a reader: its transaction sees one state of the database.
    """
    if reader.facets is None:
        reader.facets = _read(reader)
    return reader.facets


def _read(reader: Reader) -> Known:
    bind: Any = reader.session.get_bind()
    found = _KNOWN.setdefault(getattr(bind, "engine", bind), Known())
    rows = reader.rows(NEW, {"seen": found.seen})
    for seq, key, *values in rows:
        found.add(key, FacetValues(*values))
        found.seen = max(found.seen, seq)
    return found


def matching(facets: Known, wanted: OrderFilter) -> tuple[list[Match], set[int] | None]:
    """What the filter asks of a facet as (dimension, value or tuple of values), and the keys of the facets that fit;
    None if all do.
    """
    asked: list[Match] = []
    sets: list[set[int]] = []
    for key, text in wanted.filters:
        part = FILTERS.get(key)
        if part is None or not part.dimension:
            continue
        is_not, values = wanted.values(key) if part.several else (False, (text,))
        if len(values) == 1 and not is_not:
            asked.append((part.dimension, part.value(values[0])))
            sets.append(facets.with_value(*asked[-1]))
        elif values:
            asked.append((part.dimension, values))
            found = set().union(*(facets.with_value(part.dimension, part.value(value)) for value in values))
            sets.append(set(facets.values) - found if is_not else found)
    view = VIEWS[wanted.view]
    members = facets.in_view(view)
    if len(members) < len(facets.values) or view.drafts:
        asked.append(_as_state(facets, members) or ("view", view.key))
        sets.append(members)
    if not sets:
        return asked, None
    return asked, set.intersection(*sets)


def _as_state(facets: Known, members: set[int]) -> Match | None:
    """The one state that says as much as these facets do, if there is one: its own index reads a page fastest."""
    one = next(iter(members), None)
    if one is None:
        return None
    for dimension in INDEXED_STATES:
        value = getattr(facets.values[one], dimension)
        if facets.with_value(dimension, value) == members:
            return dimension, value
    return None
