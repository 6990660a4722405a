"""How an order is paid and how it leaves, as the settings of both methods are now (PAY-0, SHIP-2)."""

from typing import NamedTuple

from sqlalchemy import bindparam, literal
from sqlmodel import Session, col, select

from backoffice_app.domain.core.payment_methods import Method, method_in
from backoffice_app.domain.core.shipping_methods import Shipping, shipping_in, shipping_of
from backoffice_app.models import Order, PaymentMethod, ShippingMethod


class OrderMethods(NamedTuple):
    """The payment method and the shipping method of an order."""

    payment: Method
    shipping: Shipping


_ONE = select(literal(1).label("one")).subquery()
_BOTH = (
    select(PaymentMethod, ShippingMethod)
    .select_from(_ONE)
    .outerjoin(PaymentMethod, col(PaymentMethod.key) == bindparam("payment"))
    .outerjoin(ShippingMethod, col(ShippingMethod.key) == bindparam("shipping"))
)


def methods_of_order(session: Session, order: Order) -> OrderMethods:
    """Both, read by their keys in one statement."""
    given = {"payment": order.payment_method, "shipping": order.shipping_method}
    payment, shipping = session.execute(_BOTH, given).one()
    return OrderMethods(
        method_in(payment, order.payment_method, order.payment_method_name),
        shipping_in(shipping, order.shipping_method, order.shipping_method_name),
    )


def shipping_of_order(session: Session, order: Order) -> Shipping:
    """The shipping method alone."""
    return shipping_of(session, order.shipping_method, order.shipping_method_name)
