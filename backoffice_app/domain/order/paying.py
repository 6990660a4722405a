"""Whether an order waits for its customer's money before the goods leave."""

from backoffice_app.domain.core.payment_methods import Pays, when_paid
from backoffice_app.domain.order.states import open_amount
from backoffice_app.models import Order


def waits_for_money(order: Order) -> bool:
    """Whether the customer was to pay first and has not, and no provider has authorised it. `order` is loaded whole."""
    if order.cancelled_at or order.authorised_at or not open_amount(order):
        return False
    return order.payment_by_provider or when_paid(order) is Pays.FIRST
