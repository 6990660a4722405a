"""P-6, P-7, P-9: an order is opened, shipped, and comes in."""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import FastAPI
from sqlalchemy import text

from backoffice_app.api.rest import create_api
from backoffice_app.bench.floor import Floor
from backoffice_app.bench.shops import BenchShop
from backoffice_app.bench.tab import Tab
from backoffice_app.bench.timing import TIMES, WARM_UP, Job, p95
from backoffice_app.db import reading
from backoffice_app.domain import people
from backoffice_app.domain.core.clock import now
from backoffice_app.domain.core.rights import COMMAND
from backoffice_app.state.order import OrderState

COMPLETED = "status = 'completed'"
PARTS = ("order_line", "order_address", "payment", "shipment", "document")
ROWS_OF_AN_ORDER = 16
"""Rows that one order with its invoice, mails and history writes, and so its floor."""
CLIENTS = 8


def jobs(shop: BenchShop, floor: Floor, tab: Tab) -> Iterator[Job]:
    """Opening through gate, handler and JSON; shipping with fact and mail; intake through the API's routes."""
    with reading() as session:
        newest = f"SELECT number, id FROM orders WHERE {COMPLETED} ORDER BY position DESC LIMIT 1"  # noqa: S608
        number, id_ = session.execute(text(newest)).one()
    least = [
        "SELECT * FROM orders WHERE number = :number",
        *(f"SELECT * FROM {table} WHERE order_id = :id" for table in PARTS),  # noqa: S608
    ]
    least.append("SELECT * FROM history WHERE subject = 'order' AND subject_id = :id")
    query = {"status": "completed", "sort": "total"}
    opened = lambda: tab.load(OrderState, f"/orders/{number}", query, number=number, tab="")  # noqa: E731
    yield Job("P-6", "open an order", 10, opened, floor.read(*least, number=number, id=id_), 25)
    beside = (
        f"SELECT number FROM orders WHERE total < 5000 AND {COMPLETED} ORDER BY total DESC, position "  # noqa: S608
        f"DESC LIMIT 1"
    )
    yield Job(
        "P-6",
        "its place in the list of what is completed, by total",
        10,
        lambda: tab.send(OrderState, "find_place"),
        floor.read(beside),
        25,
    )
    intake = Intake(shop)
    waiting = iter(to_ship(intake))

    def ship() -> None:
        chosen = next(waiting)
        tab.load(OrderState, f"/orders/{chosen}", number=chosen, tab="")
        tab.send(OrderState, "act", "ship", tab.about(), {"tracking": f"BENCH{chosen}"})

    yield Job("P-7", "open and ship, committed", 50, ship, floor.write(8))
    yield Job(
        "P-9",
        "intake by API, with invoice, mail, history",
        20,
        intake.order,
        floor.write(ROWS_OF_AN_ORDER),
        150,
    )
    together = f"{CLIENTS} clients at once"
    yield Job(
        "P-9",
        f"{together}: ms an order (150 a second)",
        1000 / 150,
        lambda: intake.together()[0],
        times=5,
        tells=True,
    )
    yield Job("P-9", f"{together}: p95 of one order", 150, lambda: intake.together()[1], times=3, tells=True)


def to_ship(intake: "Intake") -> Sequence[str]:
    """The numbers of orders that came in just now."""
    wanted = TIMES + WARM_UP
    for _n in range(wanted):
        intake.order()
    newest = text(
        "SELECT number FROM orders WHERE source = 'bench' AND shipping_state = 'not_shipped' ORDER BY "
        "position DESC LIMIT :n"
    )
    with reading() as session:
        return list(session.execute(newest, {"n": wanted}).scalars())


class Intake:
    """A shop that sends orders to the API, without the network."""

    def __init__(self, shop: BenchShop) -> None:
        self.app = FastAPI(openapi_url=None)
        self.app.mount("/api", create_api())
        self.key = people.create_api_key(COMMAND, "bench", ["orders:write"])
        self.loop = asyncio.new_event_loop()
        self.prefix = f"bench-{shop.database}-{now().timestamp():.6f}"
        self.count = 0

    def order(self) -> None:
        """Sends one new order; raises AssertionError unless it is taken."""
        self.loop.run_until_complete(self._send())

    def together(self, each: int = 10) -> tuple[float, float]:
        """`CLIENTS` clients at once send `each` orders one after the other: milliseconds an order took, and the p95 of
        one.
        """
        taken: list[float] = []

        async def client() -> None:
            for _n in range(each):
                begun = time.perf_counter()
                await self._send()
                taken.append((time.perf_counter() - begun) * 1000)

        async def all_at_once() -> None:
            await asyncio.gather(*(client() for _n in range(CLIENTS)))

        begun = time.perf_counter()
        self.loop.run_until_complete(all_at_once())
        return (time.perf_counter() - begun) * 1000 / len(taken), p95(taken)

    async def _send(self) -> None:
        self.count += 1
        body = json.dumps(_order(f"{self.prefix}-{self.count}")).encode()
        status = await self._post("/api/v1/orders", body)
        if status != 201:
            raise AssertionError(f"the API answered {status}")

    async def _post(self, path: str, body: bytes) -> int:
        headers = [
            (b"authorization", f"Bearer {self.key}".encode()),
            (b"content-type", b"application/json"),
            (b"host", b"bench"),
        ]
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [*headers, (b"content-length", str(len(body)).encode())],
            "client": ("127.0.0.1", 1),
            "server": ("bench", 80),
        }
        status = 0

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            nonlocal status
            status = message.get("status", status)

        await self.app(scope, receive, send)
        return status


def _order(reference: str) -> dict[str, Any]:
    address = {
        "name": "Ada Bench",
        "street": "Hauptstraße 12",
        "postcode": "10827",
        "city": "Berlin",
        "country": "DE",
    }
    goods = [
        {
            "sku": f"BENCH-{n}",
            "name": f"Becher {n}",
            "quantity": "2",
            "unit_price": "19.95",
            "discount": "0.00",
            "vat_rate": "19",
        }
        for n in (1, 2, 3)
    ]
    return {
        "external_reference": reference,
        "source": "bench",
        "placed_at": now().isoformat(timespec="seconds"),
        "language": "de",
        "currency": "EUR",
        "prices": "gross",
        "customer": {"email": "ada@mail.example", "first_name": "Ada", "last_name": "Bench"},
        "billing_address": address,
        "lines": goods,
        "shipping": {"method": "dhl", "price": "4.90", "vat_rate": "19"},
        "payment": {"method": "bank-transfer", "state": "open"},
        "total": "124.60",
    }
