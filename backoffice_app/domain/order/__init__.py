"""What an order is to the kernel: how it is locked, added and settled."""

from backoffice_app.domain.order.subject import ORDER, order_id

__all__ = ["ORDER", "order_id"]
