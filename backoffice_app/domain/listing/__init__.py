"""The order list: filters, search, paging and counts, as fast with a million orders as with a thousand (O,
P-1 to P-5).
"""

from backoffice_app.domain.listing import order_columns, order_filters
from backoffice_app.domain.listing.filters import OrderFilter
from backoffice_app.domain.listing.places import Place, Standing, find_place
from backoffice_app.domain.listing.queries import (
    OrderPage,
    choices,
    count_matching,
    counts,
    list_orders,
    locate,
    new_since,
)

__all__ = [
    "OrderFilter",
    "OrderPage",
    "Place",
    "Standing",
    "choices",
    "count_matching",
    "counts",
    "find_place",
    "list_orders",
    "locate",
    "new_since",
    "order_columns",
    "order_filters",
]
