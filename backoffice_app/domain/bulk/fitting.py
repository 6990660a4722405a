"""To how many of the chosen orders an action applies now, and why not to the others (O-5)."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, select

from backoffice_app.domain.bulk.offers import offers
from backoffice_app.domain.core.actions import ACTIONS
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.core.shop import Shop, load_shop
from backoffice_app.domain.order.whole import WHOLE
from backoffice_app.models import Order

JUDGED = 100
"""So many chosen orders are judged before anything is begun."""


def fitting(session: Session, actor: Actor, numbers: Sequence[str]) -> Mapping[str, tuple[int, str]]:
    """By what `actor` may do to many: to how many of these orders it applies, and why to none, "" if to some.

    Nothing for more than `JUDGED`.
    """
    if len(numbers) > JUDGED:
        return {}
    shop, orders = load_shop(session), orders_of(session, numbers)
    found = {}
    for offer in offers():
        if actor.may(offer.right):
            reasons = (
                reasons_against(shop, offer.key, orders, actor.language) if offer.changes else Counter[str]()
            )
            fits = len(orders) - reasons.total()
            found[offer.key] = fits, "" if fits or not reasons else reasons.most_common(1)[0][0]
    return found


def orders_of(session: Session, numbers: Sequence[str]) -> Sequence[Order]:
    """The orders of these numbers, with all that rules look at."""
    return session.exec(select(Order).where(col(Order.number).in_(numbers)).options(*WHOLE)).all()


def reasons_against(shop: Shop, key: str, orders: Sequence[Order], language: str) -> Counter[str]:
    """How many of these orders the action `key` refuses now, or not without a question, by the sentence; it is asked
    again later.
    """
    action = ACTIONS[key]
    return Counter(
        reason.in_language(language) for order in orders if (reason := action.reason_unasked(shop, order))
    )
