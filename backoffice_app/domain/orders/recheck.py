"""Open orders whose addresses were never checked, or by older checks, are checked in the background (W-20)."""

from collections.abc import Iterator

from sqlmodel import col, exists, not_, select

from backoffice_app.db import reading
from backoffice_app.domain.core.jobs import declare_job, queue
from backoffice_app.domain.core.rights import WORKER
from backoffice_app.domain.core.work import work
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.address_findings import CHECKS
from backoffice_app.domain.order.states import FINISHED, Status
from backoffice_app.models import Order, OrderAddress, OrderFacet

QUEUE = queue("places", at_once=1)
JOB = declare_job("check_addresses", queue=QUEUE)
"""The job that checks the addresses of open orders; put into the queue when a worker starts, once for each `CHECKS`."""
CHUNK = 200
OVER = (*FINISHED, Status.CANCELLED)


def put_off() -> None:
    """The job is in the queue, if it was not there before."""
    with work(WORKER) as w:
        w.enqueue(JOB, key=f"check-addresses-{CHECKS}")


def check_open_orders() -> int:
    """Each open order has what looks wrong in its addresses; returns how many had to be checked.

    Each is done in its own transaction, and one that is checked is left alone: what stopped half-way is simply begun
    again.
    Raises Busy, Away or Unknown where an order can't be worked on now.
    """
    done = 0
    for order_id in _unchecked():
        with work(WORKER) as w:
            w.lock(ORDER, order_id)  # settling writes what is derived, and that is all
        done += 1
    return done


def _unchecked() -> Iterator[int]:
    """The ids of open orders with an address that is not checked; read in chunks, the newest first."""
    is_open = col(OrderFacet.status).not_in([status.value for status in OVER])
    facets = select(OrderFacet.key).where(is_open)
    stale = exists().where(
        col(OrderAddress.order_id) == Order.id, not_(col(OrderAddress.checked).startswith(f"{CHECKS}:"))
    )
    wanted = (
        select(Order.id)
        .where(col(Order.facet).in_(facets), stale)
        .order_by(col(Order.id).desc())
        .limit(CHUNK)
    )
    before: int | None = None
    while True:
        with reading() as session:
            chunk = [
                id_ or 0
                for id_ in session.exec(
                    wanted if before is None else wanted.where(col(Order.id) < before)
                ).all()
            ]
        yield from chunk
        if len(chunk) < CHUNK:
            return
        before = chunk[-1]
