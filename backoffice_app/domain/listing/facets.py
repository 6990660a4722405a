"""Which facets a filter means. They are few and never change, so each process keeps them and reads only what is new (P-3)."""

from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from backoffice_app.domain.core.facets import DIMENSIONS
from backoffice_app.domain.core.states import PaymentState, ReturnState, Status
from backoffice_app.domain.core.views import View
from backoffice_app.domain.listing.filters import OVERDUE, OrderFilter
from backoffice_app.domain.listing.reader import Known, Reader

FILTERS = {
    "status": "status",
    "payment": "payment_state",
    "shipping": "shipping_state",
    "returns": "return_state",
    "payment_method": "payment_method",
    "shipping_method": "shipping_method",
    "country": "country",
    "source": "source",
    "custom_status": "custom_status_id",
}
"""Field of the filter -> dimension of the facets."""
NEW = f"SELECT seq, key, {', '.join(DIMENSIONS)} FROM order_facet WHERE seq > :seen ORDER BY seq"  # noqa: S608
Match = tuple[str, Any]


_KNOWN: "WeakKeyDictionary[Engine, Known]" = WeakKeyDictionary()


def known(reader: Reader) -> Known:
    """All facets committed before this transaction looked: `seq` grows in the order of the commits, so only newer ones are read.

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
        found.values[key] = tuple(values)
        for dimension, value in zip(DIMENSIONS, values, strict=True):
            found.keys[dimension].setdefault(value, set()).add(key)
        found.seen = max(found.seen, seq)
    return found


def matching(facets: Known, wanted: OrderFilter) -> tuple[list[Match], set[int] | None]:
    """What the filter asks of a facet as (dimension, value), and the keys of the facets that fit; None if all do."""
    asked: list[Match] = []
    for name, dimension in FILTERS.items():
        if value := getattr(wanted, name):
            asked.append((dimension, int(value) if dimension == "custom_status_id" and value.isdecimal() else value))
    if wanted.printed:
        asked.append(("printed", wanted.printed == "yes"))
    sets = [facets.with_value(dimension, value) for dimension, value in asked]
    views = _view(facets, wanted.view, asked)
    sets += views
    if not sets:
        return asked, None
    return asked, set.intersection(*sets)


def _view(facets: Known, view: str, asked: list[Match]) -> list[set[int]]:
    """The sets of facets that a view is cut from; adds to `asked` where the view is one value of one dimension."""
    one = {
        View.TO_SHIP: ("status", Status.AWAITING_SHIPMENT.value),
        View.ON_HOLD: ("status", Status.ON_HOLD.value),
        View.DRAFTS: ("status", Status.DRAFT.value),
        View.OVERPAID: ("payment_state", PaymentState.OVERPAID.value),
        View.RETURNS_OPEN: ("return_state", ReturnState.OPEN.value),
    }
    drafts = facets.with_value("status", Status.DRAFT.value)
    if view in one:
        asked.append(one[View(view)])
        found = facets.with_value(*one[View(view)])
        return [found if view == View.DRAFTS else found - drafts]
    if view == View.TO_PAY:
        waiting = facets.with_value("status", Status.AWAITING_PAYMENT.value) | facets.with_value("status", Status.AWAITING_SHIPMENT.value)
        asked.append(("view", view))
        return [waiting & facets.with_value("owes", True)]
    if view == OVERDUE:
        asked.append(("view", view))
        return [facets.with_value("owes", True)]
    if drafts:
        asked.append(("view", view))
        return [set(facets.values) - drafts]
    return []
