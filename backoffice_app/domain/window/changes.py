"""Whether what a window shows is still how the order stands."""

from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlmodel import Session, col

from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.history import facts_of_order
from backoffice_app.domain.window.views import OrderView
from backoffice_app.models import Order


def has_changed(session: Session, shown: OrderView, actor: Actor) -> bool:
    """Whether the order is no longer as `shown`; one small read, for windows that are told "something changed" (O-6).

    Facts are counted besides the version: a mail that left changes nothing of the order, and its history tells it.
    """
    now = session.connection().execute(_now(actor.may(Right.PRICES)), {"order": shown.id}).first()
    return now is None or tuple(now) != (shown.version, shown.happened)


@cache
def _now(sees_prices: bool) -> Select[int, int]:
    return select(col(Order.version), facts_of_order(sees_prices)).where(col(Order.id) == bindparam("order"))
