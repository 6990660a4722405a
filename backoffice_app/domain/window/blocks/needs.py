"""Why an order has no invoice yet, for its window (INV-1)."""

from dataclasses import dataclass, field

from backoffice_app.domain.core.shop import Shop
from backoffice_app.domain.invoicing.choose import CASE_NAMES
from backoffice_app.domain.invoicing.issue import by_provider, why_not_invoice
from backoffice_app.domain.invoicing.lacks import sentences_of
from backoffice_app.domain.invoicing.ready import Readiness, readiness
from backoffice_app.domain.invoicing.tax import suggested_category
from backoffice_app.domain.order.states import WAITS
from backoffice_app.domain.orders.place import ELSEWHERE
from backoffice_app.i18n import _
from backoffice_app.models import Order


@dataclass(frozen=True)
class NeedsView:
    """Why there is no invoice yet, and what to do: `head` says it in one sentence, `missing` what an invoice lacks.

    `cases`: the tax cases that can be chosen, (value, word) each; `suggested`: the one that the facts suggest, "" if
    none. `at_once`: the sentence that the choice issues the invoice, "" where it does not.
    """

    head: str = ""
    missing: list[str] = field(default_factory=list)
    cases: list[tuple[str, str]] = field(default_factory=list)
    suggested: str = ""
    at_once: str = ""


def needs_view(shop: Shop, order: Order, language: str) -> NeedsView:
    """What an invoice of the order needs; empty where it has one, or can have none. `order` is loaded whole."""
    if why_not_invoice(order):
        return NeedsView()
    ready = readiness(shop, order)
    head = ""
    if told := by_provider(order):
        return NeedsView(told.in_language(language))
    if order.invoicing == ELSEWHERE:
        head = _("This order came in as one of the past, so it gets no invoice by itself.").in_language(
            language
        )
    elif order.invoicing == WAITS and ready.lacks:
        head = _("The invoice waits.").in_language(language)
    elif order.invoicing == WAITS and order.on_hold_since:
        head = _("The invoice waits until the order is resumed.").in_language(language)
    elif order.invoicing == WAITS:
        head = _("The invoice waited, and nothing is missing any more. Create it now.").in_language(language)
    missing = [sentence.in_language(language) for sentence in sentences_of(ready.lacks)]
    if not ready.case.questioned:
        return NeedsView(head, missing)
    cases = [
        ("", _("Choose").in_language(language)),
        *((key, name.in_language(language)) for key, name in CASE_NAMES.items()),
    ]
    at_once = (
        _("The invoice is issued at once.").in_language(language) if _is_issued_then(order, ready) else ""
    )
    return NeedsView(head, missing, cases, suggested_category(shop, order) or "", at_once)


def _is_issued_then(order: Order, ready: Readiness) -> bool:
    """Whether the invoice waits for the tax case alone, so that it is issued as soon as that is chosen."""
    return order.invoicing == WAITS and not order.on_hold_since and set(ready.lacks) <= set(ready.case.lacks)
