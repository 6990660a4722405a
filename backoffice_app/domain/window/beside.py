"""Reasons against an action that the window has read already, so that it sends no statement for them (P-6)."""

from collections.abc import Callable
from typing import Any

from backoffice_app.domain.core.actions import Action
from backoffice_app.domain.window.look import Look
from backoffice_app.i18n import LazyText
from backoffice_app.registry import Registry

Reason = Callable[[Look], LazyText | None]
READ: Registry[Reason] = Registry("reason that the window has read")
"""By action: the same as its `why_not_beside`, from a `Look`."""


def has_read(action: str) -> Callable[[Reason], Reason]:
    """Registers the function below, which says what the action's `why_not_beside` would.

    Raises ValueError for a second one.
    """

    def register(reason: Reason) -> Reason:
        READ.add(action, reason)
        return reason

    return register


def reason_for(known: Action[Any, Any], look: Look) -> LazyText | None:
    """Why an action may not be done to the order of `look` now; None if it may."""
    if known.key not in READ:
        return known.reason_beside(look.session, look.shop, look.order)
    return known.reason(look.shop, look.order) or READ[known.key](look)
