"""A shop of 20,000 generated orders, and what the tests of the list ask it."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from backoffice_app.domain.core import clock
from backoffice_app.domain.core.rights import COMMAND, Actor
from backoffice_app.domain.listing import OrderFilter, OrderPage, list_orders
from backoffice_app.domain.listing.order_filters import (
    days_of,
    first_second,
    highest_amount,
    lowest_amount,
    second_after,
)
from backoffice_app.domain.listing.rows import NUMBER
from backoffice_app.domain.order.states import STILL_OPEN, TO_SHIP

ORDERS = 20_000
COLUMNS = (
    "position, id, number, sort_name, total, status, payment_state, shipping_state, return_state, "
    "payment_method, shipping_method, "
    "country, source, printed_at, due_on, open_amount, tags, invoicing, cancelled_at"
)


@dataclass
class BigShop:
    """The shop and all its orders as plain rows, newest first."""

    engine: Engine
    orders: list[dict[str, Any]]
    texts: dict[int, str]
    _sorted: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)

    def sorted_by(self, sort: str, direction: str) -> list[dict[str, Any]]:
        """All orders, sorted once for all tests. Nobody changes them."""
        if (sort, direction) not in self._sorted:
            self._sorted[sort, direction] = sorted(self.orders, key=KEYS[sort], reverse=direction == "down")
        return self._sorted[sort, direction]


ZONE = "Europe/Berlin"
SAME = {
    "status": "status",
    "payment": "payment_state",
    "shipping": "shipping_state",
    "payment_method": "payment_method",
    "shipping_method": "shipping_method",
    "country": "country",
    "source": "source",
}
"""Filters by a value, each with the column that holds it."""
KEYS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "date": lambda o: o["position"],
    "number": lambda o: o["id"],
    "customer": lambda o: (o["sort_name"], o["position"]),
    "total": lambda o: (o["total"], o["position"]),
    "status": lambda o: (o["status"], o["position"]),
    "payment": lambda o: (o["payment_state"], o["position"]),
    "shipping": lambda o: (o["shipping_state"], o["position"]),
}


VIEWS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "all": lambda o: o["status"] != "draft",
    "to-pay": lambda o: o["status"] in STILL_OPEN and o["open_amount"] > 0,
    "to-ship": lambda o: o["status"] in TO_SHIP,
    "invoice-waits": lambda o: o["invoicing"] == "waits" and o["cancelled_at"] is None,
    "on-hold": lambda o: o["status"] == "on_hold",
    "differing": lambda o: bool(o.get("differing")),
    "overdue": lambda o: o["due_on"] is not None and str(o["due_on"]) < clock.today(ZONE).isoformat(),
    "overpaid": lambda o: o["payment_state"] == "overpaid",
    "returns-open": lambda o: o["return_state"] == "open",
    "drafts": lambda o: o["status"] == "draft",
}


def expected(shop: BigShop, wanted: OrderFilter) -> list[str]:
    """The numbers of the orders, in order, found by looking at each."""
    period = (
        [day.isoformat() for day in days_of(wanted.text("date"), clock.today(ZONE))]
        if wanted.text("date")
        else ["", ""]
    )
    first = first_second(day, ZONE) if (day := wanted.text("date_from") or period[0]) else None
    after = second_after(day, ZONE) if (day := wanted.text("date_to") or period[1]) else None
    lowest = lowest_amount(amount, "EUR") if (amount := wanted.text("amount_from")) else None
    highest = highest_amount(amount, "EUR") if (amount := wanted.text("amount_to")) else None
    printed, tags = wanted.text("printed"), wanted.text("tags").split()

    def fits(o: dict[str, Any]) -> bool:
        return (
            (not printed or (printed == "yes") == (o["printed_at"] is not None))
            and (first is None or o["position"] >> 30 >= first)
            and (after is None or o["position"] >> 30 < after)
            and (lowest is None or o["total"] >= lowest)
            and (highest is None or o["total"] <= highest)
            and all(tag in o["tags"].split() for tag in tags)
        )

    found = [o for o in shop.sorted_by(wanted.sort, wanted.direction) if VIEWS[wanted.view](o)]
    for name, column in SAME.items():
        is_not, values = wanted.values(name)
        if values:
            found = [o for o in found if (o[column] in values) != is_not]
    return [o["number"] for o in found if fits(o)]


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
        found.append(
            OrderFilter(**chosen, sort=chance.choice(sorted(KEYS)), direction=chance.choice(("up", "down")))
        )
    return found
