"""How an order is paid and how it leaves, as the settings of both methods are now (PAY-0, SHIP-2)."""

from typing import NamedTuple

from sqlmodel import Session

from backoffice_app.domain.core.payment_methods import Method, method_of
from backoffice_app.domain.core.shipping_methods import Shipping, shipping_of
from backoffice_app.models import Order


class OrderMethods(NamedTuple):
    """The payment method and the shipping method of an order."""

    payment: Method
    shipping: Shipping


def methods_of_order(session: Session, order: Order) -> OrderMethods:
    """Both, read by their keys: two statements at most."""
    return OrderMethods(
        method_of(session, order.payment_method, order.payment_method_name), shipping_of_order(session, order)
    )


def shipping_of_order(session: Session, order: Order) -> Shipping:
    """The shipping method alone."""
    return shipping_of(session, order.shipping_method, order.shipping_method_name)
