"""The order window as one read: everything an actor may see of an order, ready to show."""

from backoffice_app.domain.window import blocks  # noqa: F401  # registers the blocks
from backoffice_app.domain.window.queries import order_window
from backoffice_app.domain.window.views import OrderView, OrderWindow

__all__ = ["OrderView", "OrderWindow", "order_window"]
