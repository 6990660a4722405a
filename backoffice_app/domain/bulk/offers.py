"""What can be done to many orders at once: the actions that say `bulk=True`, and the export (O-5)."""

from dataclasses import dataclass
from typing import Any

from backoffice_app.domain.bulk.prints import MOST_PRINTED, PRINTED
from backoffice_app.domain.core.actions import Action, Input, NoInput, actions_of
from backoffice_app.domain.core.errors import NotFound
from backoffice_app.domain.core.rights import AnyRight, Right
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.window.registry import as_placed
from backoffice_app.i18n import LazyText, _

MOST = 20_000
"""Orders of one run."""


@dataclass(frozen=True)
class BulkOffer:
    """Something to do to many orders.

    `changes`: whether each order is acted upon; an export only reads them. `most`: orders at once.
    """

    key: str
    label: LazyText
    right: AnyRight
    input: type[Input]
    changes: bool = True
    most: int = MOST


EXPORT = BulkOffer("export", _("Export as CSV"), Right.READ, NoInput, changes=False)


def offers() -> list[BulkOffer]:
    """All that can be done to many orders, the actions in the order of their buttons in the window."""
    bulk = [action for action in as_placed(actions_of(ORDER)) if action.bulk]
    return [*map(_offer_of, bulk), EXPORT]


def _offer_of(action: Action[Any, Any]) -> BulkOffer:
    most = MOST_PRINTED if action.key in PRINTED else MOST
    return BulkOffer(action.key, action.label, action.right, action.input, most=most)


def find_offer(key: str) -> BulkOffer:
    """What can be done to many orders under this key. Raises NotFound."""
    found = next((offer for offer in offers() if offer.key == key), None)
    if found is None:
        raise NotFound(key)
    return found
