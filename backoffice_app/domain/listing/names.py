"""What the shop calls its payment and shipping methods, whose codes are what filters go by (O-3)."""

import json
import time
from collections import Counter
from itertools import islice

from backoffice_app.domain.core.languages import name_among
from backoffice_app.domain.listing.facets import known
from backoffice_app.domain.listing.reader import Reader

NAMED = {"payment_method": "payment_method_name", "shipping_method": "shipping_method_name"}
"""Column of the code -> column of the name, on each order."""
CUSTOM = "custom_status_id"
"""Its values are named by the table of custom statuses, in the reader's language."""
SECONDS = 60
"""So long names are kept: they hardly ever change, and a list is read often."""
SAMPLE = 5
"""So many kinds of orders of a method are asked for its name; what most of their newest say is taken."""


def names_of(reader: Reader, dimension: str) -> dict[str, str]:
    """The name of each code of a method that orders have; the code itself where none says.

    Names that two share carry their code.
    """
    facets = known(reader)
    codes = {code: keys for code, keys in facets.keys[dimension].items() if code}
    kept, at = facets.names.get(dimension, ({}, 0.0))
    if codes.keys() != kept.keys() or time.monotonic() - at > SECONDS:
        kept = _distinct(_read(reader, dimension, codes))
        facets.names[dimension] = kept, time.monotonic()
    return kept


def statuses_of(reader: Reader, language: str) -> dict[str, str]:
    """The name of each custom status that orders have, in their order, by id."""
    having = {str(id_) for id_ in known(reader).keys[CUSTOM] if id_}
    if not having:
        return {}
    rows = reader.rows("SELECT id, names FROM custom_status ORDER BY rank, id", {})
    return _distinct(
        {str(id_): name_among(json.loads(names), language) for id_, names in rows if str(id_) in having}
    )


def _read(reader: Reader, dimension: str, codes: dict[str, set[int]]) -> dict[str, str]:
    newest = (
        "SELECT {code} AS code, {name} AS name FROM orders WHERE position = (SELECT max(position) FROM "
        "orders WHERE facet = :key{at})"
    )
    said: dict[str, Counter[str]] = {code: Counter() for code in codes}
    to_ask = {code: iter(keys) for code, keys in codes.items()}
    # A kind that all its orders have left, as they do when they are paid or shipped, says nothing; then others of its
    # method are asked.
    while asked := [key for code, keys in to_ask.items() if not said[code] for key in islice(keys, SAMPLE)]:
        parts = [newest.format(code=dimension, name=NAMED[dimension], at=at) for at in range(len(asked))]
        for code, name in reader.rows(
            " UNION ALL ".join(parts), {f"key{at}": key for at, key in enumerate(asked)}
        ):
            said[code][name] += bool(name)
    return {code: (names.most_common(1)[0][0] if names else "") or code for code, names in said.items()}


def _distinct(names: dict[str, str]) -> dict[str, str]:
    shared = Counter(names.values())
    return {code: name if shared[name] == 1 else f"{name} ({code})" for code, name in names.items()}
