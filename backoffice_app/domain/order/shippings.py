"""All shipping methods that there are, and their order (SHIP-2)."""

from collections.abc import Iterable

from sqlmodel import Session

from backoffice_app.domain.core.shipping_methods import (
    SHIPPING_METHODS,
    Shipping,
    shipping_among,
    shippings_of,
)
from backoffice_app.domain.order.as_sent import codes_of_orders, name_as_sent
from backoffice_app.i18n import as_sorted


def all_shippings(session: Session) -> dict[str, Shipping]:
    """Those of the settings, of plug-ins, and those that orders came with, by code; each with the name that one of its
    orders gives.
    """
    known = shippings_of(session)
    codes = dict.fromkeys((*known, *codes_of_orders(session, "shipping_method"), *SHIPPING_METHODS))
    return {
        code: shipping_among(known, code, name_as_sent(session, "shipping_method", code)) for code in codes
    }


def in_order(methods: Iterable[Shipping], language: str) -> list[Shipping]:
    """As the owner put them, then those without a place by name; what was taken out of use comes last."""
    return sorted(
        methods,
        key=lambda one: (one.is_retired, not one.rank, one.rank, as_sorted(one.name_in(language)), one.code),
    )
