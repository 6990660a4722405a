"""A shop of 20,000 generated orders, and what the tests of the list ask it."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from backoffice_app.domain.core.rights import COMMAND, Actor
from backoffice_app.domain.listing import OrderFilter, OrderPage, list_orders
from backoffice_app.domain.listing.rows import NUMBER

ORDERS = 20_000
COLUMNS = (
    "position, id, number, sort_name, total, status, payment_state, shipping_state, return_state, payment_method, shipping_method, "
    "country, source, printed_at, due_on, open_amount, tags"
)


@dataclass
class BigShop:
    """The shop and all its orders as plain rows, newest first."""

    engine: Engine
    orders: list[dict[str, Any]]
    texts: dict[int, str]


ZONE = "Europe/Berlin"
KEYS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "date": lambda o: o["position"],
    "number": lambda o: o["id"],
    "customer": lambda o: (o["sort_name"], o["position"]),
    "total": lambda o: (o["total"], o["position"]),
    "status": lambda o: (o["status"], o["position"]),
    "payment": lambda o: (o["payment_state"], o["position"]),
    "shipping": lambda o: (o["shipping_state"], o["position"]),
}


def page(shop: BigShop, wanted: OrderFilter, limit: int = 50, actor: Actor = COMMAND) -> OrderPage:
    """One page in a transaction of its own."""
    with Session(shop.engine) as session:
        return list_orders(session, wanted, actor, "en", limit)


def numbers(found: OrderPage) -> list[str]:
    """The order numbers of a page."""
    return [row[NUMBER] for row in found.rows]


def random_filters(count: int) -> list[OrderFilter]:
    """Filters of one to three conditions with every sort and direction, the same each time."""
    chance = random.Random(7)
    values: dict[str, list[str]] = {
        "view": ["to-pay", "to-ship", "on-hold", "overdue", "overpaid"],
        "status": ["completed", "cancelled", "awaiting_payment", "awaiting_shipment", "on_hold"],
        "payment": ["paid", "unpaid", "part_paid", "refunded", "authorised"],
        "shipping": ["shipped", "not_shipped", "part_shipped", "not_needed"],
        "payment_method": ["paypal", "invoice", "ideal", "bank-transfer"],
        "shipping_method": ["dhl", "express", "pickup"],
        "country": ["DE", "AT", "JP", "GR", "XX"],
        "source": ["woocommerce", "etsy"],
        "printed": ["yes", "no"],
        "date_from": ["2026-09-01", "2026-11-01"],
        "date_to": ["2026-11-10"],
        "amount_from": ["30", "500.50"],
        "amount_to": ["20", "31.5", "1000"],
    }
    found = []
    for _n in range(count):
        names = chance.sample(sorted(values), chance.choice((1, 2, 3, 3)))
        chosen = {name: chance.choice(values[name]) for name in names}
        found.append(OrderFilter(**chosen, sort=chance.choice(sorted(KEYS)), direction=chance.choice(("up", "down"))))
    return found
