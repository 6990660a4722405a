"""Fills an empty shop: orders come in over six weeks, colleagues pay, ship and hold them, all through the doors everybody uses."""

import heapq
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from sqlmodel import select

from backoffice_app.db import reading
from backoffice_app.demo.goods import GOODS
from backoffice_app.demo.people import PEOPLE
from backoffice_app.domain import everything  # noqa: F401  # registers the actions
from backoffice_app.domain.core import clock, money
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.rights import COMMAND, RIGHTS_OF, Actor, ActorKind, Right, Role
from backoffice_app.domain.core.shop import Administration, Company, Regional, save_section
from backoffice_app.domain.core.work import work
from backoffice_app.domain.orders.new_order import parse_order
from backoffice_app.domain.orders.place import confirm_order, place_order
from backoffice_app.models import Order, PaymentMethod, Product, ShippingMethod, User

DAYS = 42
WEB_SHOP = Actor(ActorKind.API_KEY, "Web shop", frozenset({Right.ORDERS_WRITE}))
PAYMENTS = {
    "ideal": ("iDEAL", True),
    "card": ("Kreditkarte", True),
    "paypal": ("PayPal", True),
    "prepaid": ("Vorkasse", False),
    "invoice": ("Rechnung", False),
}
SHIPPINGS = {
    "dhl": ("DHL Paket", "4.90"),
    "dpd": ("DPD Classic", "5.90"),
    "postnl": ("PostNL", "6.50"),
    "pickup": ("Abholung im Laden", "0.00"),
}
COMMENTS = (
    "Bitte bei Nachbarin Meier abgeben.",
    "Please leave it with the porter.",
    "Cadeau : merci de ne pas joindre le prix.",
    "Bitte als Geschenk verpacken.",
)


@dataclass(frozen=True)
class Step:
    """Something that happens in the demo's past."""

    at: datetime
    do: Callable[[], None]


def fill(orders: int = 200, seed: int = 1) -> Iterator[int]:
    """Makes the shop and its orders if there are none; yields the number of orders placed so far. The same seed, the same shop."""
    with reading() as session:
        if session.exec(select(Order.id).limit(1)).first() is not None:
            return
    _found_the_shop()
    story = Story(random.Random(seed), clock.now())  # noqa: S311  # dice, no secret
    yield from story.tell(orders)


def _found_the_shop() -> None:
    with work(COMMAND) as w:
        company = Company(
            name="Hafen & Haus GmbH",
            owner="",
            street="Am Sandtorkai 30",
            postcode="20457",
            city="Hamburg",
            phone="+49 40 5550100",
            email="hallo@hafen-und-haus.example",
            website="www.hafen-und-haus.example",
            vat_id="DE136695976",
            tax_number="48/123/45678",
            registry="Amtsgericht Hamburg, HRB 123456",
            bank="Sparkasse am Hafen",
            iban="DE89370400440532013000",
            bic="COBADEFFXXX",
        )
        save_section(w.session, "company", company)
        save_section(w.session, "administration", Administration())
        save_section(w.session, "regional", Regional(language="de"))
        for key, (name, by_provider) in PAYMENTS.items():
            w.session.add(PaymentMethod(key=key, names=json.dumps({"de": name}), by_provider=by_provider))
        for key, (name, _price) in SHIPPINGS.items():
            w.session.add(ShippingMethod(key=key, names=json.dumps({"de": name}), carrier=key if key != "pickup" else ""))
        for sku, name, unit, price, rate in GOODS:
            w.session.add(
                Product(sku=sku, name=name, unit=unit, price=money.parse(price, "EUR", "price"), vat_rate=Decimal(rate), created_at=w.at)
            )


class Story:
    """What happened in the shop, step by step in order of time."""

    def __init__(self, dice: random.Random, now: datetime) -> None:
        self.dice, self.now = dice, now
        self.steps: list[tuple[datetime, int, Step]] = []
        self.ties = count()
        self.placed = 0
        self.staff = _staff()

    def tell(self, orders: int) -> Iterator[int]:
        """Plays everything that happened up to now; yields after each order that came in."""
        start = self.now - timedelta(days=DAYS)
        moments = sorted(start + timedelta(seconds=self.dice.triangular(0, DAYS * 86_400, DAYS * 86_400 * 0.9)) for _ in range(orders))
        for number, moment in enumerate(moments, 1):
            self.plan(moment.replace(microsecond=0), self.order_step(number, moment.replace(microsecond=0)))
        before = 0
        while self.steps:
            _at, _tie, step = heapq.heappop(self.steps)
            if step.at > self.now:
                continue
            with clock.at(step.at):
                step.do()
            if self.placed > before:
                before = self.placed
                yield self.placed

    def plan(self, at: datetime, do: Callable[[], None]) -> None:
        """Something happens at a moment; what would lie in the future never does."""
        heapq.heappush(self.steps, (at, next(self.ties), Step(at, do)))

    def order_step(self, number: int, moment: datetime) -> Callable[[], None]:
        """An order comes in, and its later life is planned."""

        def come_in() -> None:
            data = self.payload(number, moment)
            with work(WEB_SHOP) as w:
                order = place_order(w, parse_order(data))
                confirm_order(w, order)
            self.placed += 1
            self.plan_life(order.id or 0, moment, is_paid=data["payment"]["state"] == "paid", is_cancelled="cancelled_at" in data)

        return come_in

    def plan_life(self, order_id: int, moment: datetime, *, is_paid: bool, is_cancelled: bool) -> None:
        """Most orders are paid and shipped within days; some wait, some are never paid, one is paid twice."""
        if is_cancelled:
            return
        clerk = self.dice.choice(self.staff)
        fate = self.dice.random()
        day = timedelta(days=1)
        if fate > 0.96:
            reason = self.dice.choice(("Kunde meldet sich wegen der Farbe", "Adresse wird geklärt", "Lieferung gesammelt mit der nächsten"))
            self.plan(moment + day / 2, lambda: _try(clerk, "hold", order_id, {"reason": reason}))
            return
        if not is_paid and fate < 0.8:
            values = {"amount": "5.00"} if fate < 0.08 else {}
            self.plan(moment + day * self.dice.uniform(1, 12), lambda: _try(clerk, "pay", order_id, values))
        if fate < 0.9:
            tracking = {"tracking": f"0034043416109{self.dice.randrange(10**7):07d}"} if self.dice.random() < 0.7 else {}
            self.plan(moment + day * self.dice.uniform(0.5, 5), lambda: _try(clerk, "ship", order_id, tracking))

    def payload(self, number: int, moment: datetime) -> dict[str, Any]:
        """One order as the shop would send it, in the API's own form."""
        language, first, last, company, street, addition, postcode, city, country = self.dice.choice(PEOPLE)
        lines, goods_total = self.lines()
        method = self.dice.choices(list(PAYMENTS), weights=(30, 20, 20, 15, 15))[0]
        shipping = self.dice.choices(list(SHIPPINGS), weights=(60, 15, 15, 10))[0]
        name, price = SHIPPINGS[shipping]
        total = goods_total + money.parse(price, "EUR", "price")
        discount = min(500, total // 10) if self.dice.random() < 0.15 else 0
        payment: dict[str, object] = {"method": method, "name": PAYMENTS[method][0], "state": "open"}
        if PAYMENTS[method][1]:
            payment |= {
                "state": "paid",
                "paid_at": moment.isoformat(),
                "provider_reference": f"tr_{number:05d}{self.dice.randrange(16**8):08x}",
            }
        address = {
            "name": f"{last} {first}" if language == "ja" else f"{first} {last}",
            "company": company,
            "street": street,
            "addition": addition,
            "postcode": postcode,
            "city": city,
            "country": country,
        }
        who = PEOPLE.index((language, first, last, company, street, addition, postcode, city, country))
        data: dict[str, Any] = {
            "external_reference": f"HH-{20_000 + number}",
            "source": "hafen-und-haus.example",
            "placed_at": moment.isoformat(),
            "language": language,
            "currency": "EUR",
            "prices": "gross",
            "customer": {
                "external_reference": f"K-{who + 1}",
                "email": f"kunde{who + 1}@example.com",
                "first_name": first,
                "last_name": last,
                "company": company,
            },
            "billing_address": address,
            "lines": lines,
            "discount": {"name": "WILLKOMMEN" if discount else "", "amount": money.as_text(discount, "EUR")},
            "shipping": {"method": shipping, "name": name, "price": price, "vat_rate": "19"},
            "payment": payment,
            "total": money.as_text(total - discount, "EUR"),
            "comment": self.dice.choice(COMMENTS) if self.dice.random() < 0.12 else "",
            "tags": ["gift"] if self.dice.random() < 0.08 else [],
        }
        if method == "prepaid" and self.dice.random() < 0.2:
            data["payments"] = [
                {"amount": money.as_text(total - discount + 1_000, "EUR"), "method": "prepaid", "paid_at": moment.isoformat()}
            ]
        elif not PAYMENTS[method][1] and self.dice.random() < 0.08:
            data["cancelled_at"] = (moment + timedelta(minutes=20)).isoformat()
        return data

    def lines(self) -> tuple[list[dict[str, str]], int]:
        """One to five lines and their gross sum in cents."""
        lines, total = [], 0
        for sku, name, unit, price, rate in self.dice.sample(GOODS, self.dice.choices((1, 2, 3, 4, 5), weights=(30, 30, 20, 12, 8))[0]):
            quantity = (
                self.dice.choice(("0.5", "1.5", "2", "3.25"))
                if unit
                else self.dice.choices(("1", "2", "4", "6"), weights=(60, 25, 10, 5))[0]
            )
            lines.append({"sku": sku, "name": name, "quantity": quantity, "unit": unit, "unit_price": price, "vat_rate": rate})
            total += money.times(Decimal(price), Decimal(quantity), "EUR")
        return lines, total


def _staff() -> list[Actor]:
    """The colleagues who may pay and ship; the command itself where the shop has none yet."""
    with reading() as session:
        users = session.exec(select(User).where(User.role.in_([Role.OWNER.value, Role.STAFF.value]))).all()  # type: ignore[attr-defined]
        found = [Actor(ActorKind.USER, user.name, RIGHTS_OF[Role(user.role)], id=user.id or 0, role=Role(user.role)) for user in users]
    return found or [COMMAND]


def _try(actor: Actor, key: str, order_id: int, values: dict[str, str]) -> None:
    """Does it where the rules allow it, as a colleague would."""

    try:
        perform(actor, key, order_id, values)
    except Refused:
        return
