"""The kinds of documents: what each is called, its number series, what it is drawn from, and what it changes in what is
owed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, Self

from backoffice_app.domain.core.number_series import SERIES, SHIPMENTS, Series, number_series
from backoffice_app.domain.core.snapshot import DocumentSnapshot, Frozen, PackingSlipSnapshot, Seller
from backoffice_app.i18n import LazyText, _
from backoffice_app.registry import Registry


class Snapshot(Protocol):
    """What the snapshot of every kind has; its class is a `Frozen` model."""

    @property
    def kind(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def issued_at(self) -> datetime: ...
    @property
    def language(self) -> str: ...
    @property
    def seller(self) -> Seller: ...
    def model_dump_json(self) -> str: ...
    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self: ...


@dataclass(frozen=True)
class DocumentKind:
    """A kind of document. `snapshot`: the class that it is drawn from, with its key as `kind`.

    `owes`: 1 if the customer owes its total, -1 if it lowers what the customer owes, 0 if it is not about money.
    """

    key: str
    label: LazyText
    series: Series
    snapshot: type[Frozen]
    owes: int


DOCUMENT_KINDS: Registry[DocumentKind] = Registry("document kind")
"""Key -> kind of document."""


def document_kind(
    key: str, label: LazyText, *, series: Series, snapshot: type[Frozen], owes: int = 0
) -> DocumentKind:
    """Registers a kind of document; returns it. `documents.kinds.draws` registers how it is drawn.

    Raises ValueError for a key that is taken, a series that is not registered, or an `owes` that is not -1, 0 or 1.
    """
    if SERIES.get(series.key) is not series:
        raise ValueError(
            f"The document kind {key!r} needs the number series {series.key!r}, which is not registered."
        )
    if owes not in {-1, 0, 1}:
        raise ValueError(f"The document kind {key!r} owes {owes}; only 1, -1 and 0 have a meaning.")
    return DOCUMENT_KINDS.add(key, DocumentKind(key, label, series, snapshot, owes))


def asks_for_money(key: str) -> bool:
    """Whether the customer owes the total of documents of this kind, as of an invoice."""
    return DOCUMENT_KINDS[key].owes > 0


def snapshot_from(text: str) -> Any:
    """The snapshot that was stored as JSON, of the class of its kind."""
    return DOCUMENT_KINDS[json.loads(text)["kind"]].snapshot.model_validate_json(text)


_INVOICES = number_series("invoice", _("Invoices"), "RE-{year}-", digits=4, dated=True)
_CREDIT_NOTES = number_series("credit note", _("Credit notes"), "GS-{year}-", digits=4, dated=True)
_CANCELLATIONS = number_series("cancellation", _("Cancellation invoices"), "ST-{year}-", digits=4, dated=True)
INVOICE = document_kind("invoice", _("Invoice"), series=_INVOICES, snapshot=DocumentSnapshot, owes=1)
CREDIT_NOTE = document_kind(
    "credit note", _("Credit note"), series=_CREDIT_NOTES, snapshot=DocumentSnapshot, owes=-1
)
CANCELLATION = document_kind(
    "cancellation", _("Cancellation"), series=_CANCELLATIONS, snapshot=DocumentSnapshot, owes=-1
)
PACKING_SLIP = document_kind(
    "packing slip", _("Packing slip"), series=SHIPMENTS, snapshot=PackingSlipSnapshot
)
