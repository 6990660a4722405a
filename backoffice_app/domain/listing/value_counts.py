"""How many orders of a list have each value of a filter, up to a bound, where that is read from few entries of an index
(O-3, P-3).
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import replace
from typing import Any

from backoffice_app.domain.core.shop import Regional
from backoffice_app.domain.listing.facets import known, matching
from backoffice_app.domain.listing.filters import OrderFilter
from backoffice_app.domain.listing.parts import FILTERS
from backoffice_app.domain.listing.queries import bounds_of
from backoffice_app.domain.listing.reader import Known, Reader
from backoffice_app.domain.listing.streams import BY_DATE, BY_TOTAL, Bounds
from backoffice_app.domain.order.facets import DIMENSIONS

MOST = 999
"""Up to here it is counted; beyond it says so."""
GLANCE = 20
"""So many orders of each facet are counted first: enough to know that a common value has more than `MOST`."""
FACETS = 2_000
"""Of a filter whose orders have more facets than this nothing is counted: it would take as long as the list itself
several times.
"""
Place = tuple[Counter[Any], int, Set[int]]
"""By value how many were found, where the value stands in a facet, and the facets that count."""
Counts = Mapping[str, Mapping[Any, int]]
"""By filter: how many orders have each value of its dimension, at most one more than `MOST`."""


def value_counts(reader: Reader, wanted: OrderFilter, regional: Regional) -> Counts:
    """Of filters by a dimension how many orders have a value, among those of `wanted` without what the filter is set
    to.

    Nothing where it can't be read from the index of the facets: for a search, and for what no facet says but days or
    amounts.
    """
    bounds = bounds_of(reader, wanted, regional)
    if wanted.q or any(FILTERS[key].words for key in wanted.active()) or not _index_of(bounds):
        return {}
    facets, parts = known(reader), [part for part in FILTERS if part.dimension and part.control]
    whole = _facets_of(facets, wanted)
    among = {
        part.key: _facets_of(facets, wanted, part.key) if wanted.text(part.key) else whole for part in parts
    }
    together: set[int] = set()
    places: dict[str, Place] = {}
    for part in sorted(parts, key=lambda one: len(among[one.key])):
        if len(wider := together | among[part.key]) <= FACETS:
            together = wider
            places[part.key] = Counter(), DIMENSIONS.index(part.dimension), among[part.key]
    counted = _count(reader, bounds, together, GLANCE)
    _add(places.values(), facets, counted)
    unsure = [key for key, n in counted.items() if n == GLANCE and _is_unsure(places.values(), facets, key)]
    more = _count(reader, bounds, unsure, MOST + 1)
    _add(places.values(), facets, {key: n - GLANCE for key, n in more.items()})
    return {key: found for key, (found, _at, _among) in places.items()}


def _index_of(bounds: Bounds) -> str:
    """The index that has the facet and what is bounded, "" if none has."""
    days, amounts = bounds.on_position, bounds.on_total
    if len(days) + len(amounts) < len(bounds.conditions) or (days and amounts):
        return ""
    return BY_TOTAL.within if amounts else BY_DATE.within


def _facets_of(facets: Known, wanted: OrderFilter, without: str = "") -> Set[int]:
    """The facets of the orders of a list, as it would be without one of its filters."""
    filters = tuple((key, text) for key, text in wanted.filters if key != without)
    _asked, keys = matching(facets, replace(wanted, filters=filters))
    return set(facets.values) if keys is None else keys


def _add(places: Iterable[Place], facets: Known, counted: Mapping[int, int]) -> None:
    for found, at, among in places:
        for key, n in counted.items():
            if key in among:
                found[facets.values[key][at]] += n


def _is_unsure(places: Iterable[Place], facets: Known, key: int) -> bool:
    """Whether a value of the facet may have more orders than were found."""
    values = facets.values[key]
    return any(key in among and found[values[at]] <= MOST for found, at, among in places)


def _count(reader: Reader, bounds: Bounds, facets: Collection[int], most: int) -> dict[int, int]:
    """How many orders each facet has, counted up to `most`."""
    if not facets:
        return {}
    index = f"INDEXED BY {_index_of(bounds)} " if reader.sqlite else ""
    where = " AND ".join(["facet = facets.value", *bounds.conditions])
    some = f"SELECT 1 FROM orders {index}WHERE {where} LIMIT :most"  # noqa: S608
    keys = (
        "json_each(:keys) AS facets" if reader.sqlite else "unnest(CAST(:keys AS bigint[])) AS facets(value)"
    )
    statement = f"SELECT facets.value, (SELECT count(*) FROM ({some}) AS counted) FROM {keys}"  # noqa: S608
    given: object = json.dumps(sorted(facets)) if reader.sqlite else sorted(facets)
    return dict(reader.rows(statement, {**bounds.values, "keys": given, "most": most}))
