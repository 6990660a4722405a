"""Open orders follow their methods when the settings say anew who collects the money, or who comes for the goods
(PAY-0, W-5, ST-1).
"""

from collections.abc import Iterator
from typing import ClassVar

from sqlmodel import col, select

from backoffice_app.db import reading
from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.jobs import declare_job, queue
from backoffice_app.domain.core.payment_methods import COLLECTS_NAMES, Collects, method_of
from backoffice_app.domain.core.rights import WORKER
from backoffice_app.domain.core.work import work
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.as_sent import Dimension
from backoffice_app.domain.order.methods import shipping_of_order
from backoffice_app.domain.order.pickup import is_pickup
from backoffice_app.domain.order.states import Status
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order, OrderFacet

JOB = declare_job("follow_method", queue=queue("methods", at_once=1))
"""The job that brings the open orders of a payment method up to date; its argument is the code of the method."""
SHIPPING_JOB = declare_job("follow_shipping_method", queue="methods")
"""The same for a shipping method."""
CHUNK = 200
OVER = frozenset({Status.DRAFT, Status.COMPLETED, Status.PICKED_UP, Status.CANCELLED})
"""States in which nobody waits for money or goods; a draft asks the settings when it is placed."""


@fact
class CollectorChanged(Fact):
    """Somebody else collects the money of the order, as the settings of its payment method say now.

    `old`, `new`: values of `Collects`.
    """

    about: ClassVar[About] = About.PAYMENT
    code: str
    old: str
    new: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        said = _("The order follows the settings of payment method {code}. Who collects the money: {new}.")
        return said.format(
            code=self.code, new=COLLECTS_NAMES[Collects(self.new)] if self.new in set(Collects) else self.new
        )


@fact
class PickupChanged(Fact):
    """Whether the customer comes for the goods of the order is as the settings of its shipping method say now."""

    about: ClassVar[About] = About.SHIPPING
    code: str
    fetched: bool

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        if self.fetched:
            return _(
                "The order follows the settings of shipping method {code}: the customer picks it up."
            ).format(code=self.code)
        return _("The order follows the settings of shipping method {code}: it is shipped.").format(
            code=self.code
        )


def follow_method(code: str) -> int:
    """Each open order of the payment method `code` says who collects as the settings do now; returns how many were
    changed.

    Each is changed in its own transaction, and one that says so already is left alone: what stopped half-way is simply
    begun again. Raises Busy, Away or Unknown where an order can't be worked on now.
    """
    return sum(_follow(order_id, code) for order_id in _open_orders(code, "payment_method"))


def follow_shipping_method(code: str) -> int:
    """The same for the shipping method `code`: whether the customer comes for the goods.

    What has left already stays as it was.
    """
    return sum(_follow_shipping(order_id, code) for order_id in _open_orders(code, "shipping_method"))


def _follow(order_id: int, code: str) -> bool:
    with work(WORKER) as w:
        order = w.lock(ORDER, order_id)
        wanted = method_of(w.session, order.payment_method, order.payment_method_name).collects.value
        if order.payment_method != code or order.status in OVER or order.payment_collects == wanted:
            return False
        old, order.payment_collects = order.payment_collects, wanted
        w.record(order, CollectorChanged(code=code, old=old, new=wanted))
    return True


def _follow_shipping(order_id: int, code: str) -> bool:
    with work(WORKER) as w:
        order = w.lock(ORDER, order_id)
        method = shipping_of_order(w.session, order)
        is_gone = any(line.shipped for line in order.lines)
        if (
            order.shipping_method != code
            or order.status in OVER
            or is_gone
            or order.pickup == method.pickup.value
        ):
            return False
        was, order.pickup = is_pickup(order), method.pickup.value
        if is_pickup(order) != was:
            order.pickup_ready_at = None
            w.record(order, PickupChanged(code=code, fetched=is_pickup(order)))
    return True


def _open_orders(code: str, dimension: Dimension) -> Iterator[int]:
    """The ids of the open orders of a method, found by their facets; read in chunks, so that a million of them fit."""
    is_open = col(OrderFacet.status).not_in([status.value for status in OVER])
    facets = select(OrderFacet.key).where(getattr(OrderFacet, dimension) == code, is_open)
    wanted = select(Order.id).where(col(Order.facet).in_(facets)).order_by(col(Order.id)).limit(CHUNK)
    last = 0
    while True:
        with reading() as session:
            chunk = [id_ or 0 for id_ in session.exec(wanted.where(col(Order.id) > last)).all()]
        yield from chunk
        if len(chunk) < CHUNK:
            return
        last = chunk[-1]
