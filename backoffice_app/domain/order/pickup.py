"""Whether the customer fetches an order at the shop (W-5)."""

from backoffice_app.domain.core.shipping_methods import is_pickup_method
from backoffice_app.models import Order


def is_pickup(order: Order) -> bool:
    """Whether the customer picks this order up: as the settings of its shipping method said, else as the method's words
    say.
    """
    return is_pickup_method(order.shipping_method, order.shipping_method_name, order.pickup)
