"""The subject "order": locked with all its parts; its derived columns, facet, search text and counts are written when
it is settled.
"""

from collections.abc import Sequence

from sqlalchemy import bindparam, insert, update
from sqlmodel import col, select

from backoffice_app.domain.core.search_text import order_text
from backoffice_app.domain.core.subjects import Subject, register
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.order.custom import clear_status, stand_of
from backoffice_app.domain.order.derived import OrderCompleted, write_derived
from backoffice_app.domain.order.facets import remember_facet
from backoffice_app.domain.order.insert import insert_order
from backoffice_app.domain.order.states import FINISHED
from backoffice_app.domain.order.views import move_counts, tallies_of
from backoffice_app.domain.order.whole import id_of_number, locked_order
from backoffice_app.i18n import _
from backoffice_app.models import Order, OrderSearch

Tallies = dict[str, int]

# Built once: building a statement takes longer than SQLite needs for it.
_DOC = select(col(OrderSearch.doc)).where(col(OrderSearch.id) == bindparam("at"))
_NEW_DOC = insert(OrderSearch)
_CHANGED_DOC = update(OrderSearch).where(col(OrderSearch.id) == bindparam("at")).values(doc=bindparam("new"))


def order_id(order: Order) -> int:
    """The id of an order that has one."""
    return ORDER.id_of(order)


def _insert(w: Work, order: Order) -> None:
    """Writes a new order with its parts and its derived columns."""
    write_derived(order)
    insert_order(w.session, order)


def _settle(w: Work, held: Sequence[tuple[Order, Tallies | None]]) -> None:
    """Brings the orders of a transaction to rest.

    All counts move at the end and in one order, so that nothing deadlocks.
    """
    changes = [_settle_one(w, order, before) for order, before in held]
    w.session.flush()
    move_counts(w.session, changes)


def _settle_one(w: Work, order: Order, before: Tallies | None) -> tuple[Tallies, Tallies]:
    """Writes the derived columns and the search text of one order; the only place that does.

    Returns its tallies before and after.
    """
    former, stood = order.status, stand_of(order)
    write_derived(order)
    if order.custom_status_id is not None and before is not None and clear_status(w, order, stood):
        write_derived(order)
    remember_facet(w.session, order)
    if order.status != former and former and order.status in FINISHED:
        w.record(order, OrderCompleted())
    if w.has_facts(order):
        if before is not None:
            order.version += 1
        w.touch("orders")
    _keep_findable(w, order, is_new=before is None)
    return before or {}, tallies_of(order)


def _keep_findable(w: Work, order: Order, *, is_new: bool) -> None:
    """The search text is what the order says now (O-2)."""
    doc, connection = order_text(order), w.connection
    found = None if is_new else connection.execute(_DOC, {"at": order.position}).scalar_one_or_none()
    if found is None:
        connection.execute(_NEW_DOC, {"id": order.position, "doc": doc})
    elif found != doc:
        connection.execute(_CHANGED_DOC, {"at": order.position, "new": doc})


ORDER: Subject[Order] = register(
    Subject(
        key="order",
        row=Order,
        lock=lambda w, id_: locked_order(w.session, id_),
        before=tallies_of,
        settle=_settle,
        insert=_insert,
        topic=lambda id_: f"order-{id_}",
        version=lambda order: order.version,
        find=id_of_number,
        unready=lambda order: _("This is a draft. Place it first.") if order.is_draft else None,
        overtaken=_("This order was changed meanwhile, so nothing was done. Look at it, then press again."),
        overtaken_form=_(
            "This order was changed meanwhile. Your text is kept: look at the change, then save again."
        ),
    )
)
