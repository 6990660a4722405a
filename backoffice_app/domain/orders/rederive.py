"""Orders whose stored states follow from rules that have changed since are derived anew in the background (ST-1)."""

from sqlalchemy import ColumnElement
from sqlmodel import and_, col, or_, select

from backoffice_app.db import reading
from backoffice_app.domain.core.jobs import declare_job, queue
from backoffice_app.domain.core.rights import WORKER
from backoffice_app.domain.core.work import work
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.states import MOVED, PaymentState
from backoffice_app.models import Order, Payment, Refund

RULES = 3
"""Goes up with each change of a rule that stored states follow from; `_is_concerned` says of which orders."""
JOB = declare_job("derive_states", queue=queue("states", at_once=1))
"""Put into the queue when a worker starts, once for each `RULES`."""
CHUNK = 200


def put_off() -> None:
    """The job is in the queue, if it was not there before."""
    with work(WORKER) as w:
        w.enqueue(JOB, key=f"derive-states-{RULES}")


def derive_anew() -> int:
    """The orders concerned have the states that the rules of now give them; returns how many were looked at.

    Each is done in its own transaction; what stopped half-way is simply begun again. Raises Busy, Away or Unknown where
    an order can't be worked on now.
    """
    wanted, done, before = select(Order.id).where(_is_concerned()), 0, 0
    while True:
        with reading() as session:
            ids = session.exec(
                wanted.where(col(Order.id) > before).order_by(col(Order.id)).limit(CHUNK)
            ).all()
        for id_ in ids:
            with work(WORKER) as w:
                w.lock(ORDER, id_ or 0)  # settling writes what is derived, and that is all
            done, before = done + 1, id_ or 0
        if len(ids) < CHUNK:
            return done


def _is_concerned() -> ColumnElement[bool]:
    """Those that read "part refunded" though only what was too much went back, or though more is still to go back;
    "unpaid" though their money is on another order; and those whose money went back for a document: it may be owed
    again by a new invoice.
    """
    away = select(Payment.order_id).where(Payment.kind == MOVED, Payment.amount < 0)
    is_unpaid = and_(col(Order.payment_state) == PaymentState.UNPAID.value, col(Order.id).in_(away))
    for_documents = select(Refund.order_id).where(
        col(Refund.document_id).is_not(None), Refund.state == "done"
    )
    is_part = col(Order.payment_state) == PaymentState.PART_REFUNDED.value
    return or_(is_part, is_unpaid, col(Order.id).in_(for_documents))
