"""What generated orders contain: baskets of goods in a scenario, brought to rest once by the real rules and then used
many times.
"""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache

from backoffice_app.domain.core.payment_methods import known_method
from backoffice_app.domain.core.search_text import fold
from backoffice_app.domain.core.shipping_methods import known_shipping
from backoffice_app.domain.core.shop import Shop
from backoffice_app.domain.invoicing.snapshot import invoice_snapshot, supply_of, totals_of
from backoffice_app.domain.invoicing.tax import tax_case
from backoffice_app.domain.order.derived import write_derived
from backoffice_app.domain.order.methods import OrderMethods
from backoffice_app.domain.order.states import left_to_ship
from backoffice_app.domain.order.views import tallies_of
from backoffice_app.generate.pools import PRODUCTS, SHIPPING_METHODS
from backoffice_app.models import Document, Order, OrderLine, Payment

BASKETS = 400
MICRO = 1_000_000
NO_METHODS = OrderMethods(known_method(""), known_shipping(""))
ON_INVOICE = "invoice"
"""The payment method whose goods leave before the money comes, which makes another status (ST-1)."""
EXPORT = "G"
"""The VAT category of what leaves the EU."""
DAY = date(2000, 1, 1)
MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Scenario:
    """How far an order has come.

    `paid`: at once, authorised, later, part, over, no; `gone` (shipped) and `refund`: all, part, none.
    """

    key: str
    paid: str
    gone: str
    on_hold: bool = False
    cancelled: bool = False
    refund: str = ""
    returned: bool = False


SCENARIOS: dict[str, Scenario] = {
    s.key: s
    for s in (
        Scenario("done", "at once", "all"),
        Scenario("done later", "later", "all"),
        Scenario("to ship", "at once", "none"),
        Scenario("to ship, authorised", "authorised", "none"),
        Scenario("part shipped", "at once", "part"),
        Scenario("to pay", "no", "none"),
        Scenario("part paid", "part", "none"),
        Scenario("shipped, to pay", "no", "all"),
        Scenario("on hold", "at once", "none", on_hold=True),
        Scenario("on hold, to pay", "no", "none", on_hold=True),
        Scenario("cancelled", "no", "none", cancelled=True),
        Scenario("overpaid", "over", "all"),
        Scenario("part refunded", "at once", "all", refund="part"),
        Scenario("returned", "at once", "all", refund="all", returned=True),
    )
}


@dataclass(frozen=True)
class Basket:
    """Places in `PRODUCTS` with quantities, and an order discount in per cent."""

    goods: tuple[tuple[int, int], ...]
    discount: int

    @property
    def ships(self) -> bool:
        """Whether there is anything to send."""
        return any(PRODUCTS[place][4] for place, _quantity in self.goods)


@dataclass(frozen=True, slots=True)
class Template:
    """An order as it will stand in the tables, without the person, the numbers and the days."""

    states: tuple[str, str, str, str, int, int]
    """status, payment, shipping, return state, paid, open amount"""
    tallies: tuple[tuple[str, int], ...]
    shipping_price: int
    discount: int
    total: int
    lines: tuple[tuple[int, str, str, int, int, int, int, int, int, int, int], ...]
    """place in PRODUCTS, name, VAT category, unit price, VAT rate, total, ordered, cancelled, invoiced, shipped,
    returned
    """
    payments: tuple[tuple[int, bool], ...]
    """amount, whether it came with the order"""
    shipments: tuple[tuple[bool, tuple[tuple[int, int], ...]], ...]
    """whether it left; (line, quantity)"""
    quantity_gone: str
    invoice_due: bool
    """whether the invoice asks for money"""
    net: int
    vat: int
    document_open: int
    settles: int
    """how much of the first payment settles the invoice"""
    tail: tuple[str, str]
    """the snapshot's JSON from its lines on, before and after the name of the payment method"""
    skus: tuple[str, ...]
    words: tuple[str, ...]


@cache
def basket(seed: int, number: int) -> Basket:
    """The basket of this number: one to six different goods; a few are downloads only."""
    chance = random.Random(f"{seed}-basket-{number}")  # noqa: S311  # test data
    physical = len(PRODUCTS) - 2
    if chance.random() < 0.02:
        return Basket(((physical, 1),), 0)
    places = chance.sample(range(physical), chance.choices((1, 2, 3, 4, 6), (40, 28, 18, 9, 5))[0])
    goods = tuple((place, chance.choices((1, 2, 3, 5), (75, 16, 6, 3))[0]) for place in places)
    return Basket(goods, 10 if chance.random() < 0.08 else 0)


class Templates:
    """The templates of one run, each made when it is first asked for."""

    def __init__(self, seed: int, shop: Shop) -> None:
        self.seed = seed
        self.shop = shop
        self.made: dict[tuple[int, int, str, bool, bool], Template] = {}

    def get(self, number: int, method: int, scenario: str, payment: str, *, taxed: bool) -> Template:
        """The basket `number` sent by the shipping method at place `method`, in the scenario; `payment`: code of the
        payment method; `taxed`: with VAT.
        """
        on_invoice = payment == ON_INVOICE
        key = (number, method, scenario, on_invoice, taxed)
        found = self.made.get(key)
        if found is None:
            found = self.made[key] = self._make(
                basket(self.seed, number),
                method,
                SCENARIOS[scenario],
                ON_INVOICE if on_invoice else "",
                taxed=taxed,
            )
        return found

    def _make(self, goods: Basket, method: int, scenario: Scenario, payment: str, *, taxed: bool) -> Template:
        order = _order(goods, method, scenario, taxed=taxed)
        case = tax_case(self.shop, order)
        totals = totals_of(order, case)
        order.total = totals.total
        came = [
            Payment(order_id=0, amount=amount, booked_on=DAY, booked_at=MOMENT)
            for amount, at_once in _payments(order, scenario)
            if at_once
        ]
        order.payments = came
        is_collected = scenario.paid == "authorised"
        due = DAY if sum(payment.amount for payment in came) < order.total and not is_collected else None
        supply = supply_of(order, self.shop.regional.zone, DAY)
        snapshot = invoice_snapshot(
            self.shop, order, case, totals, NO_METHODS, number="", day=DAY, at=MOMENT, due=due, supply=supply
        )
        order.documents = [] if scenario.cancelled else [_document(order, due)]
        for line in order.lines:
            line.cancelled, line.invoiced = (
                (line.ordered, Decimal(0)) if scenario.cancelled else (Decimal(0), line.ordered)
            )
        order.payments = [
            Payment(order_id=0, amount=a, booked_on=DAY, booked_at=MOMENT)
            for a, _at_once in _payments(order, scenario)
        ]
        shipments = _shipments(order, scenario)
        order.payment_method = payment
        write_derived(order)
        received = sum(p.amount for p in order.payments if p.amount > 0)
        text = snapshot.model_dump_json()
        tail = text[text.index(',"refers_to":') :]
        before, after = tail.split('"payment_method":"","collects":"transfer"')
        return Template(
            (
                order.status,
                order.payment_state,
                order.shipping_state,
                order.return_state,
                order.paid,
                order.open_amount,
            ),
            tuple(sorted(tallies_of(order).items())),
            order.shipping_price,
            order.discount,
            order.total,
            tuple(
                _line(line, place) for line, (place, _quantity) in zip(order.lines, goods.goods, strict=True)
            ),
            tuple(_payments(order, scenario)),
            shipments,
            f"{sum(line.shipped for line in order.lines):f}",
            due is not None,
            totals.net,
            totals.tax,
            max(totals.total - received, 0),
            min(received, totals.total),
            (before + '"payment_method":', after),
            tuple(fold(PRODUCTS[place][0]) for place, _quantity in goods.goods),
            tuple(word for line in order.lines for word in fold(line.name).split()),
        )


def _order(goods: Basket, method: int, scenario: Scenario, *, taxed: bool) -> Order:
    key, names, _carrier, price, _weight = SHIPPING_METHODS[method]
    order = Order(
        number="",
        position=0,
        placed_at=MOMENT,
        shipping_method=key if goods.ships else "",
        shipping_method_name=names["de"] if goods.ships else "",
        shipping_price=price if goods.ships else 0,
        shipping_vat_rate=Decimal(19 if taxed else 0),
        shipping_vat_category="S" if taxed else EXPORT,
        authorised_at=MOMENT if scenario.paid == "authorised" else None,
        on_hold_since=MOMENT if scenario.on_hold else None,
        cancelled_at=MOMENT if scenario.cancelled else None,
        discount_name="Welcome" if goods.discount else "",
    )
    order.lines = [
        _new_line(rank, place, quantity, scenario, taxed=taxed, alone=len(goods.goods) == 1)
        for rank, (place, quantity) in enumerate(goods.goods, 1)
    ]
    order.discount = sum(line.total for line in order.lines) * goods.discount // 100
    order.addresses, order.payments, order.documents, order.shipments = [], [], [], []
    return order


def _new_line(
    rank: int, place: int, quantity: int, scenario: Scenario, *, taxed: bool, alone: bool
) -> OrderLine:
    sku, name, price, rate, ships = PRODUCTS[place]
    ordered = Decimal(quantity)
    gone = {"all": ordered, "part": ordered - 1 if alone else ordered}.get(scenario.gone, Decimal(0))
    shipped = gone if ships and (scenario.gone == "all" or rank == 1) else Decimal(0)
    return OrderLine(
        id=rank,
        order_id=0,
        rank=rank,
        sku=sku,
        name=name,
        ships=ships,
        unit_price=Decimal(price).scaleb(-2),
        vat_rate=Decimal(rate if taxed else 0),
        vat_category="S" if rate and taxed else EXPORT,
        total=price * quantity,
        ordered=ordered,
        cancelled=Decimal(0),
        invoiced=Decimal(0),
        shipped=shipped,
        returned=shipped if scenario.returned else Decimal(0),
        credited=Decimal(0),
    )


def _payments(order: Order, scenario: Scenario) -> list[tuple[int, bool]]:
    """(amount, whether it came with the order), in the order they are booked."""
    whole = order.total
    booked = {
        "at once": [(whole, True)],
        "later": [(whole, False)],
        "part": [(whole // 2, False)],
        "over": [(whole + 500, False)],
    }
    found = booked.get(scenario.paid, [])
    if scenario.refund:
        found = [*found, (-whole if scenario.refund == "all" else -(whole // 3), True)]
    return found


def _document(order: Order, due: date | None) -> Document:
    return Document(
        public_id="",
        order_id=0,
        kind="invoice",
        number="",
        language="en",
        issued_on=DAY,
        issued_at=MOMENT,
        due_on=due,
        currency=order.currency,
        net=0,
        vat=0,
        total=order.total,
    )


def _shipments(order: Order, scenario: Scenario) -> tuple[tuple[bool, tuple[tuple[int, int], ...]], ...]:
    """What left, and one open shipment with what is left to ship (SHIP-1)."""
    if scenario.cancelled:
        return ()
    gone = tuple((i, int(line.shipped)) for i, line in enumerate(order.lines) if line.shipped)
    left = tuple((i, int(left_to_ship(line))) for i, line in enumerate(order.lines) if left_to_ship(line))
    return tuple((is_gone, part) for is_gone, part in ((True, gone), (False, left)) if part)


def _line(line: OrderLine, place: int) -> tuple[int, str, str, int, int, int, int, int, int, int, int]:
    def micros(number: Decimal) -> int:
        return int(number * MICRO)

    return (
        place,
        line.name,
        line.vat_category,
        micros(line.unit_price),
        micros(line.vat_rate),
        line.total,
        micros(line.ordered),
        micros(line.cancelled),
        micros(line.invoiced),
        micros(line.shipped),
        micros(line.returned),
    )
