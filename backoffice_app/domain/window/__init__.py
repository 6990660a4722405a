"""The order window as one read: everything an actor may see of an order, ready to show."""

from backoffice_app.domain.window.queries import history_tab, order_window
from backoffice_app.domain.window.views import OrderWindow

__all__ = ["OrderWindow", "history_tab", "order_window"]
