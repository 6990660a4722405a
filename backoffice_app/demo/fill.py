"""Fills an empty shop: orders come in over six weeks, colleagues pay, ship and hold them, all through the doors
everybody uses.
"""

import heapq
import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from sqlmodel import select

from backoffice_app import load
from backoffice_app.db import reading
from backoffice_app.demo.desk import fill_desk
from backoffice_app.demo.goods import GOODS, STOCK
from backoffice_app.demo.people import PEOPLE
from backoffice_app.demo.questions import plan_question
from backoffice_app.domain.core import clock, money
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.payment_methods import Collects, known_method
from backoffice_app.domain.core.rights import COMMAND, RIGHTS_OF, Actor, ActorKind, Right, Role
from backoffice_app.domain.core.shop import SETTINGS, Administration, Company, Regional, save_section
from backoffice_app.domain.core.work import work
from backoffice_app.domain.custom_status.manage import LIST as STATUS_LIST
from backoffice_app.domain.orders.new_order import parse_order
from backoffice_app.domain.orders.place import confirm_order, place_order
from backoffice_app.domain.returns.choices import ACTION, REASON, USUAL, store_usual
from backoffice_app.domain.settings import SettingsChanged
from backoffice_app.models import Customer, Order, OrderReturn, PaymentMethod, ShippingMethod, User

DAYS = 42
FORGETS = 15
"""The customer of each fifteenth order forgets the house number."""
COME_BACK = 0.12
"""Of so many shipped orders something comes back."""
WEB_SHOP = Actor(ActorKind.API_KEY, "Webshop", frozenset({Right.ORDERS_WRITE}))
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


STATUSES = (
    {
        "name-de": "Wird graviert",
        "name-en": "Being engraved",
        "name-nl": "Wordt gegraveerd",
        "name-fr": "En cours de gravure",
        "name-es": "En proceso de grabado",
        "name-ja": "彫刻中",
        "name-ar": "قيد النقش",
        "colour": "violet",
        "mails": "on",
        "clear-shipped": "on",
        "clear-cancelled": "on",
    },
    {"name-de": "Rückfrage offen", "name-en": "Query open", "colour": "orange", "clear-cancelled": "on"},
)
MARKED = 0.12
"""So many orders get one of them."""


@dataclass(frozen=True)
class Step:
    """Something that happens in the demo's past."""

    at: datetime
    do: Callable[[], None]


def fill(orders: int = 200, seed: int = 1) -> Iterator[int]:
    """Makes the shop and its orders if there are none; yields the number of orders placed so far.

    The same seed, the same shop.
    """
    load.domain()
    with reading() as session:
        if session.exec(select(Order.id).limit(1)).first() is not None:
            return
    with clock.at(clock.now() - timedelta(days=DAYS)):
        _found_the_shop()
    story = Story(random.Random(seed), clock.now())  # noqa: S311  # dice, no secret
    yield from story.tell(orders)
    fill_desk(story.staff, story.now, seed)


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
        w.record(
            (SETTINGS, 0), SettingsChanged("company", "name", "", company.name)
        )  # the shop's first day: what is older is of the past
        save_section(
            w.session, "administration", Administration(delivery_times="2–3 Werktage; 1 Woche; auf Anfrage")
        )
        save_section(w.session, "regional", Regional(language="de"))
        for kind in (REASON, ACTION):
            store_usual(w, kind)
        for status in STATUSES:
            STATUS_LIST.store(w, status)
        for key, (name, by_provider) in PAYMENTS.items():
            collects = Collects.PROVIDER if by_provider else Collects.TRANSFER
            names = {**known_method(key).names, "de": name}
            w.session.add(
                PaymentMethod(key=key, names=json.dumps(names, ensure_ascii=False), collects=collects.value)
            )
        for key, (name, _price) in SHIPPINGS.items():
            w.session.add(
                ShippingMethod(
                    key=key, names=json.dumps({"de": name}), carrier=key if key != "pickup" else ""
                )
            )
    for sku, name, unit, price, rate in GOODS:
        on_hand, low_at = STOCK.get(sku, ("", ""))
        given = {
            "sku": sku,
            "name": name,
            "unit": unit,
            "price": price,
            "vat_rate": rate,
            "on_hand": on_hand,
            "low_at": low_at,
        }
        perform(COMMAND, "new-product", 0, given)


class Story:
    """What happened in the shop, step by step in order of time."""

    def __init__(self, dice: random.Random, now: datetime) -> None:
        self.dice, self.now = dice, now
        self.fate = random.Random(dice.random())  # noqa: S311  # of returns, so that they change nothing else of the story
        self.asked = random.Random(7)  # noqa: S311  # of questions: the same
        self.marks = random.Random(7)  # noqa: S311  # of statuses, for the same reason
        self.steps: list[tuple[datetime, int, Step]] = []
        self.ties = count()
        self.placed = 0
        self.staff = _staff()

    def tell(self, orders: int) -> Iterator[int]:
        """Plays everything that happened up to now; yields after each order that came in."""
        start = self.now - timedelta(days=DAYS)
        moments = sorted(
            start + timedelta(seconds=self.dice.triangular(0, DAYS * 86_400, DAYS * 86_400 * 0.9))
            for _ in range(orders)
        )
        for number, moment in enumerate(moments, 1):
            self.plan(moment.replace(microsecond=0), self.order_step(number, moment.replace(microsecond=0)))
        self.plan(self.now - timedelta(days=3), self.mark_customers)
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
            if "cancelled_at" not in data:
                fetched = data["shipping"]["method"] == "pickup"
                self.plan_life(
                    order.id or 0, moment, is_paid=data["payment"]["state"] == "paid", is_fetched=fetched
                )

        return come_in

    def plan_life(self, order_id: int, moment: datetime, *, is_paid: bool, is_fetched: bool) -> None:
        """Most orders are paid and shipped or fetched within days; some wait, some are never paid, one is
        paid twice.
        """
        clerk = self.dice.choice(self.staff)
        plan_question(self.plan, self.asked, order_id, moment, clerk)
        fate = self.dice.random()
        day = timedelta(days=1)
        if fate > 0.96:
            reason = self.dice.choice(
                (
                    "Kunde meldet sich wegen der Farbe",
                    "Adresse wird geklärt",
                    "Lieferung gesammelt mit der nächsten",
                )
            )
            self.plan(moment + day / 2, lambda: _try(clerk, "hold", order_id, {"reason": reason}))
            return
        if self.marks.random() < MARKED:
            status = self.marks.choice(STATUSES)["name-en"]
            self.plan(
                moment + day * self.marks.uniform(0.05, 0.4),
                lambda: _try(clerk, "set-status", order_id, {"status": status}),
            )
        if not is_paid and fate < 0.8:
            values = {"amount": "5.00"} if fate < 0.08 else {}
            self.plan(moment + day * self.dice.uniform(1, 12), lambda: _try(clerk, "pay", order_id, values))
        if fate < 0.9:
            tracking = (
                {"tracking": f"0034043416109{self.dice.randrange(10**7):07d}"}
                if self.dice.random() < 0.7
                else {}
            )
            gone = moment + day * self.dice.uniform(0.5, 5)
            if is_fetched:
                self.plan(moment + (gone - moment) / 2, lambda: _try(clerk, "ready-for-pickup", order_id, {}))
                self.plan(gone, lambda: _try(clerk, "picked-up", order_id, {}))
            else:
                self.plan(gone, lambda: _try(clerk, "ship", order_id, tracking))
            if self.fate.random() < COME_BACK:
                self.plan_return(order_id, gone + day * self.fate.uniform(3, 9), clerk)

    def plan_return(self, order_id: int, at: datetime, clerk: Actor) -> None:
        """A piece comes back; most returns arrive within days and are refunded, some are declined, some are still on
        their way.
        """
        day, fate = timedelta(days=1), self.fate.random()
        reasons, actions = ([names[1] for names, _pays in USUAL[kind]] for kind in (REASON, ACTION))
        values = {
            "quantities": {"1": "1"},
            "reason": self.fate.choice(reasons),
            "action": self.fate.choice(actions[:2]),
        }
        self.plan(at, lambda: _try(clerk, "create-return", order_id, values))
        if fate < 0.2:
            return
        if fate < 0.3:
            self.plan(
                at + day,
                lambda: _try_return(
                    clerk, "reject-return", order_id, {"reason": "Die Rückgabefrist ist vorbei."}
                ),
            )
            return
        self.plan(at + day / 2, lambda: _try_return(clerk, "approve-return", order_id, {}))
        arrived = at + day * self.fate.uniform(2, 5)
        self.plan(
            arrived,
            lambda: _try_return(clerk, "receive-return", order_id, {"condition": "as new", "restock": True}),
        )
        if fate > 0.45:
            self.plan(arrived + day / 2, lambda: _try_return(clerk, "complete-return", order_id, {}))

    def mark_customers(self) -> None:
        """Colleagues warn of one customer, note something about another, and write nothing by itself to a third."""
        with reading() as session:
            ids = session.exec(select(Customer.id).order_by(Customer.id).limit(3)).all()  # type: ignore[arg-type]
        clerk = self.staff[0]
        marks: tuple[tuple[str, dict[str, object]], ...] = (
            (
                "warn-customer",
                {"warning": "Liefert nur an die Packstation: vor dem Versand die Adresse prüfen."},
            ),
            (
                "edit-customer",
                {
                    "note": "Ruft gern an, bevor sie bestellt.",
                    "own_fields": {"Kundenkarte": "4711", "Geburtstag": "12. Mai"},
                },
            ),
            ("customer-mails-off", {}),
        )
        for id_, (key, values) in zip(ids, marks, strict=False):
            _try(clerk, key, id_ or 0, values)

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
            "street": street if number % FORGETS else street.rstrip("0123456789 "),
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
            "tags": ["Geschenk"] if self.dice.random() < 0.08 else [],
        }
        if method == "prepaid" and self.dice.random() < 0.2:
            data["payments"] = [
                {
                    "amount": money.as_text(total - discount + 1_000, "EUR"),
                    "method": "prepaid",
                    "paid_at": moment.isoformat(),
                }
            ]
        elif not PAYMENTS[method][1] and self.dice.random() < 0.08:
            data["cancelled_at"] = (moment + timedelta(minutes=20)).isoformat()
        return data

    def lines(self) -> tuple[list[dict[str, str]], int]:
        """One to five lines and their gross sum in cents."""
        lines, total = [], 0
        for sku, name, unit, price, rate in self.dice.sample(
            GOODS, self.dice.choices((1, 2, 3, 4, 5), weights=(30, 30, 20, 12, 8))[0]
        ):
            quantity = (
                self.dice.choice(("0.5", "1.5", "2", "3.25"))
                if unit
                else self.dice.choices(("1", "2", "4", "6"), weights=(60, 25, 10, 5))[0]
            )
            lines.append(
                {
                    "sku": sku,
                    "name": name,
                    "quantity": quantity,
                    "unit": unit,
                    "unit_price": price,
                    "vat_rate": rate,
                }
            )
            total += money.times(Decimal(price), Decimal(quantity), "EUR")
        return lines, total


def _staff() -> list[Actor]:
    """The colleagues who may pay and ship; the command itself where the shop has none yet."""
    with reading() as session:
        users = session.exec(select(User).where(User.role.in_([Role.OWNER.value, Role.STAFF.value]))).all()  # type: ignore[attr-defined]
        found = [
            Actor(
                ActorKind.USER, user.name, RIGHTS_OF[Role(user.role)], id=user.id or 0, role=Role(user.role)
            )
            for user in users
        ]
    return found or [COMMAND]


def _try(actor: Actor, key: str, order_id: int, values: Mapping[str, object]) -> None:
    """Does it where the rules allow it, as a colleague would."""
    try:
        perform(actor, key, order_id, values)
    except (Invalid, Refused):
        return


def _try_return(actor: Actor, key: str, order_id: int, values: Mapping[str, object]) -> None:
    """The same to the order's return, if it has one by then."""
    with reading() as session:
        number = session.exec(select(OrderReturn.number).where(OrderReturn.order_id == order_id)).first()
    if number is not None:
        _try(actor, key, order_id, {**values, "return": number})
