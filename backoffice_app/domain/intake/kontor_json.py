"""Orders in Kontor's own JSON, as the API takes them (API-1, API-2)."""

from backoffice_app.domain.intake.given import Home
from backoffice_app.domain.orders.new_order import NewOrder, parse_order
from backoffice_app.i18n import LazyText


def from_kontor(data: object, _home: Home = Home()) -> tuple[NewOrder, list[LazyText]]:  # noqa: B008  # it is frozen
    """A NewOrder from the API's JSON, which leaves nothing unsaid. Raises InvalidOrder naming the fields."""
    return parse_order(data), []
