"""Whether the customer fetches an order at the shop, told by the words of its shipping method (W-5)."""

import re
from functools import lru_cache

from backoffice_app.domain.core.carriers import SHIPPING_METHODS
from backoffice_app.domain.core.search_text import fold
from backoffice_app.models import Order

_FETCHED = re.compile(
    r"pick.?up|click.{0,5}collect|\bcollect(ion)? "
    r"(in|at|from)\b|in.?store|abhol|afhal|retrait|enlevement|ritiro|recog|odbior osobisty"
)
_TRAVELS = re.compile(r"post|parcel|paket|pakket|colis|relais|relay|locker|packstation|shop2shop|point")
"""To a parcel shop or a locker the goods travel."""


def is_pickup_method(method: str, name: str) -> bool:
    """Whether the customer comes for the goods, as a shipping method is registered, else as its words say:
    "Abholung im Laden".
    """
    known = SHIPPING_METHODS.get(method)
    return known.is_pickup if known is not None else _speaks_of_pickup(method, name)


@lru_cache(maxsize=1024)
def _speaks_of_pickup(method: str, name: str) -> bool:
    said = fold(f"{method} {name}")
    return bool(_FETCHED.search(said)) and not _TRAVELS.search(said)


def is_pickup(order: Order) -> bool:
    """Whether the customer picks this order up."""
    return is_pickup_method(order.shipping_method, order.shipping_method_name)
