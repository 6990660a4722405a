"""What the shop calls its payment and shipping methods, whose codes are what filters go by (O-3)."""

import json
import time
from collections import Counter
from collections.abc import Callable
from itertools import islice

from sqlmodel import Session

from backoffice_app.domain.core.languages import base_of, name_among
from backoffice_app.domain.core.payment_methods import Names, known_method, methods_of
from backoffice_app.domain.core.shipping_methods import known_shipping, shippings_of
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


def names_of(reader: Reader, dimension: str, language: str) -> dict[str, str]:
    """The name of each code of a method that orders have, in `language` where the settings say it, else as most orders
    say; the code itself where none does. Names that two share carry their code.
    """
    facets = known(reader)
    codes = {code: keys for code, keys in facets.keys[dimension].items() if code}
    kept, at = facets.names.get(dimension, ({}, 0.0))
    if codes.keys() != kept.keys() or time.monotonic() - at > SECONDS:
        kept = _read(reader, dimension, codes)
        facets.names[dimension] = kept, time.monotonic()
    known_names = _KNOWN[dimension](reader.session)
    return _distinct({code: known_names(code).get(base_of(language)) or name for code, name in kept.items()})


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


def _payment_names(session: Session) -> Callable[[str], Names]:
    known_ones = methods_of(session)
    return lambda code: (known_ones.get(code) or known_method(code)).names


def _shipping_names(session: Session) -> Callable[[str], Names]:
    known_ones = shippings_of(session)
    return lambda code: (known_ones.get(code) or known_shipping(code)).names


_KNOWN: dict[str, Callable[[Session], Callable[[str], Names]]] = {
    "payment_method": _payment_names,
    "shipping_method": _shipping_names,
}
"""By dimension: what reads the names that the settings give a code, by language."""


def _distinct(names: dict[str, str]) -> dict[str, str]:
    shared = Counter(names.values())
    return {code: name if shared[name] == 1 else f"{name} ({code})" for code, name in names.items()}
