"""The web shop that feeds orders over the API, and repeats a call with the same Idempotency-Key until it is
answered.
"""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from soak.ledger import Ledger

ANSWERED = {200, 201}
AT_ONCE = 4


@dataclass
class Feeder:
    """What was fed: reference -> number of the order, and how many calls had to be repeated."""

    servers: list[str]
    api_key: str
    ledger: Ledger
    dice: random.Random
    fed: dict[str, str] = field(default_factory=dict)
    repeated: int = 0
    _begun: int = 0

    async def feed(self, orders: int) -> None:
        """So many orders, a few at a time."""

        async def some(count: int) -> None:
            for _n in range(count):
                await self.one()

        await asyncio.gather(*(some(len(range(start, orders, AT_ONCE))) for start in range(AT_ONCE)))

    async def go_on(self, stop: Callable[[], bool], pause: float) -> None:
        """An order every `pause` seconds or so, until `stop` says so; the last one is brought to its end."""
        while not stop():
            await self.one()
            await asyncio.sleep(self.dice.uniform(0.5, 1.5) * pause)

    async def one(self) -> None:
        """One order, repeated until it is answered."""
        body, key = self._order(), uuid4().hex
        headers = {"Authorization": f"Bearer {self.api_key}", "Idempotency-Key": key}
        while True:
            begun = time.monotonic()
            try:
                async with httpx.AsyncClient(timeout=20) as client:
                    answer = await client.post(
                        f"{self.dice.choice(self.servers)}/api/v1/orders", json=body, headers=headers
                    )
            except httpx.TransportError:
                self.repeated += 1
                await asyncio.sleep(0.3)
                continue
            if answer.status_code in ANSWERED:
                self.fed[body["external_reference"]] = answer.json()["number"]
                self.ledger.time("order over the API", time.monotonic() - begun)
                return
            if answer.status_code < 500:
                self.ledger.wrong.append(
                    f"the API refused an order with {answer.status_code}: {answer.text[:300]}"
                )
                return
            self.repeated += 1
            await asyncio.sleep(0.3)

    def _order(self) -> dict[str, Any]:
        self._begun = n = self._begun + 1
        lines = [
            {
                "sku": f"MUG-{k}",
                "name": f"Mug {k}",
                "quantity": str(self.dice.randint(2, 6)),
                "unit_price": "10.00",
                "vat_rate": "19",
            }
            for k in range(1, self.dice.randint(2, 4))
        ]
        total = sum(int(line["quantity"]) * 10 for line in lines)
        address = {
            "name": f"Ada Soak {n}",
            "street": f"Hafen {n}",
            "postcode": "20457",
            "city": "Hamburg",
            "country": "DE",
        }
        return {
            "external_reference": f"SOAK-{uuid4().hex}",
            "source": "soak-shop",
            "placed_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "language": "en",
            "currency": "EUR",
            "prices": "gross",
            "customer": {"email": f"ada{n}@soak.example", "first_name": "Ada", "last_name": f"Soak {n}"},
            "billing_address": address,
            "lines": lines,
            "shipping": {"method": "dhl", "name": "DHL", "price": "0.00", "vat_rate": "19"},
            "payment": {"method": "invoice", "name": "Invoice", "state": "open"},
            "total": f"{total}.00",
        }
