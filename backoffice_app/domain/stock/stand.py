"""How the stock of a product stands, as a badge: low, out, more promised than there is (W-12)."""

from collections.abc import Collection
from decimal import Decimal

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Product

LOW, OUT, OVERSOLD, UNCOUNTED, THERE = (
    _("Low"),
    _("Out of stock"),
    _("Oversold"),
    _("Not counted"),
    _("In stock"),
)
Badge = tuple[str, str, str]
_COUNTED = select(col(Product.id), col(Product.on_hand), col(Product.reserved), col(Product.low_at)).where(
    col(Product.id).in_(bindparam("ids", expanding=True)), col(Product.on_hand).is_not(None)
)


def stock_of(session: Session, ids: Collection[int]) -> dict[int, tuple[Decimal, Decimal, Decimal | None]]:
    """What is in stock, what is reserved of it and at how many it is low, of those of these products that are
    counted.
    """
    rows = session.connection().execute(_COUNTED, {"ids": sorted(ids)}).all()
    return {
        id_: (on_hand, reserved, low_at)
        for id_, on_hand, reserved, low_at in rows
        if id_ is not None and on_hand is not None
    }


def badge_of(on_hand: Decimal | None, reserved: Decimal, low_at: Decimal | None, language: str) -> Badge:
    """Tone, icon and word. Selling below zero is allowed, and marked. `on_hand`: None where nobody counts."""
    tone, mark, word = _stand(on_hand, reserved, low_at)
    return tone, mark, word.in_language(language)


def _stand(on_hand: Decimal | None, reserved: Decimal, low_at: Decimal | None) -> tuple[str, str, LazyText]:
    if on_hand is None:
        return "neutral", "circle", UNCOUNTED
    free = on_hand - reserved
    if free < 0:
        return "act", "triangle-alert", OVERSOLD
    if free == 0:
        return "look", "clock", OUT
    return ("look", "clock", LOW) if low_at is not None and free <= low_at else ("good", "check", THERE)
