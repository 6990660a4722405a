"""Orders in Kontor's own JSON, as the API takes them (API-1, API-2)."""

from backoffice_app.domain.orders.new_order import NewOrder, parse_order
from backoffice_app.i18n import LazyText


def from_kontor(data: object) -> tuple[NewOrder, list[LazyText]]:
    """A NewOrder from the API's JSON; nothing to remark. Raises InvalidOrder naming the fields."""
    return parse_order(data), []
