"""What can be done to many orders at once: the actions that say `bulk=True`, and the export (O-5)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from backoffice_app.domain.bulk.prints import MOST_PRINTED, PRINTED
from backoffice_app.domain.bulk.result import Result
from backoffice_app.domain.core.actions import Action, Input, NoInput, actions_of
from backoffice_app.domain.core.errors import NotFound
from backoffice_app.domain.core.rights import Actor, AnyRight, Right
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.window.registry import as_placed
from backoffice_app.i18n import LazyText, _

MOST = 20_000
"""Orders of one run."""


Then = Callable[[Work, Result], None]
"""Writes the result of an order in the transaction that does it."""
Do = Callable[[Actor, Mapping[str, Any], Mapping[str, Any], Then], Result | None]
"""Does one order: actor, what the run is told, what this order is told.

Returns the result where no transaction wrote it.
"""


@dataclass(frozen=True)
class BulkOffer:
    """Something to do to many orders.

    `changes`: whether each order is acted upon; an export only reads them. `most`: orders at once. `do`: what does one
    order, where that is no action of an order. `forgets`: whether the input of an order is gone once it is done.
    """

    key: str
    label: LazyText
    right: AnyRight
    input: type[Input]
    changes: bool = True
    most: int = MOST
    do: Do | None = None
    forgets: bool = True


EXPORT = BulkOffer("export", _("Export"), Right.READ, NoInput, changes=False)
"""A file with a row for each order."""
EXPORT_LINES = BulkOffer("export-lines", _("Export lines"), Right.READ, NoInput, changes=False)
"""A file with a row for each line of an order."""


def offers() -> list[BulkOffer]:
    """All that can be done to many orders, the actions in the order of their buttons in the window."""
    bulk = [action for action in as_placed(actions_of(ORDER)) if action.bulk]
    return [*map(_offer_of, bulk), EXPORT, EXPORT_LINES]


def _offer_of(action: Action[Any, Any]) -> BulkOffer:
    most = MOST_PRINTED if action.key in PRINTED else MOST
    return BulkOffer(action.key, action.label, action.right, action.input, most=most)


_EACH: dict[str, BulkOffer] = {}
"""What is done to the rows of a file: it stands in no menu, and each order has an input of its own."""


def each_offer(offer: BulkOffer) -> BulkOffer:
    """Registers what is done to the rows of a file; returns it.

    Without `do` it is the action of an order with this key.
    """
    return _EACH.setdefault(offer.key, offer)


def is_of_rows(key: str) -> bool:
    """Whether a run of this key is about the rows of a file."""
    return key in _EACH


def find_offer(key: str) -> BulkOffer:
    """What can be done to many orders under this key, or to the rows of a file. Raises NotFound."""
    found = _EACH.get(key) or next((offer for offer in offers() if offer.key == key), None)
    if found is None:
        raise NotFound(key)
    return found
