"""Many invoices that waited are issued at once, such as after the company's data were entered (INV-1)."""

from sqlalchemy import select
from sqlmodel import Session, col, func

from backoffice_app.db import reading
from backoffice_app.domain.core.errors import Refused, WrongClock
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.work import work
from backoffice_app.domain.invoicing.policy import invoice_by_policy
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.states import WAITS
from backoffice_app.domain.order.views import INVOICE_WAITS
from backoffice_app.models import Order, OrderFacet, ViewCount

MOST = 200
"""So many orders are looked at in one call; nobody waits longer than some seconds for an answer."""


def count_waiting(session: Session) -> int:
    """How many invoices wait, by the count that each transaction moves."""
    found = (
        session.connection()
        .execute(select(func.sum(ViewCount.n)).where(col(ViewCount.view) == INVOICE_WAITS.key))
        .scalar()
    )
    return int(found or 0)


def issue_waiting(actor: Actor, most: int = MOST) -> tuple[int, int]:
    """Issues the invoices that waited and lack nothing any more, the oldest orders first, each in its own transaction.

    Returns how many were issued, and how many still wait. An order that can't be worked on now, such as one that a
    colleague is just changing, keeps waiting. Raises Refused without the right to invoice, WrongClock while the clock
    is wrong.
    """
    actor.require(Right.INVOICE)
    issued = 0
    for order_id in _waiting(most):
        try:
            issued += _issue(actor, order_id)
        except WrongClock:
            raise
        except Refused:  # such as Busy: the others are issued all the same
            continue
    with reading() as session:
        return issued, count_waiting(session)


def _issue(actor: Actor, order_id: int) -> bool:
    with work(actor) as w:
        order = w.lock(ORDER, order_id)
        if order.invoicing != WAITS:
            return False
        invoice_by_policy(w, order)
        return order.invoicing != WAITS


def _waiting(most: int) -> list[int]:
    """The ids of orders whose invoice waits, oldest first; found by their facets, of which there is an index."""
    with reading() as session:
        facets = select(col(OrderFacet.key)).where(col(OrderFacet.invoice_waits).is_(True))
        wanted = select(col(Order.id)).where(col(Order.facet).in_(facets), col(Order.invoicing) == WAITS)
        return [
            id_ or 0
            for id_ in session.connection()
            .execute(wanted.order_by(col(Order.position)).limit(most))
            .scalars()
        ]
