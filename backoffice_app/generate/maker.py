"""What the rows of one run share: the shop, the customers so far, the facets met, and where numbers stand."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from backoffice_app.domain.core.number_series import CUSTOMERS
from backoffice_app.domain.core.search_text import customer_columns
from backoffice_app.domain.core.shop import Shop
from backoffice_app.domain.invoicing.snapshot import seller_of
from backoffice_app.domain.order.facets import FacetValues, facet_key
from backoffice_app.generate.columns import COLUMNS
from backoffice_app.generate.people import Person, person
from backoffice_app.generate.pools import PRODUCTS
from backoffice_app.generate.templates import Templates

Row = tuple[object, ...]
RECENT_SHARE = 0.045
"""The newest part of the orders, most of which are still open: about 3 % of all are."""


@dataclass
class Counters:
    """Where numbers stand: the last id of each table, the next number of each series, and the end of the chain."""

    ids: dict[str, int]
    series: dict[tuple[str, int], int]
    days: dict[tuple[str, int], str]
    sequence: int
    chain: str


@dataclass
class Batch:
    """Rows by table, and what the counts of the views rise by."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {table: [] for table in COLUMNS})
    tallies: dict[str, int] = field(default_factory=dict)


class Maker:
    """Makes orders one after another, oldest first.

    `total`: how many there will be in all; `now`: the latest moment.
    """

    def __init__(
        self, total: int, seed: int, shop: Shop, *, now: datetime, suffix: str, products: dict[str, int]
    ) -> None:
        self.total, self.seed, self.shop, self.now = total, seed, shop, int(now.timestamp())
        self.zone = ZoneInfo(shop.regional.zone)
        self.suffix = suffix
        self.products = [products[goods[0]] for goods in PRODUCTS]
        self.templates = Templates(seed, shop)
        self.facets: dict[FacetValues, int] = {}
        self.regulars: list[int] = []
        self.customer_count = 0
        self.first_customer = 0
        span = timedelta(days=max(45, min(1100, total // 300))).total_seconds()
        self.start, self.step = self.now - span, span / total
        self.recent_from = total - max(int(total * RECENT_SHARE), min(total // 2, 80))
        self.seller = seller_of(shop).model_dump_json()
        self.currency = shop.regional.currency

    def moment(self, seconds: int) -> str:
        """An aware moment as the database writes it."""
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S.000000") + self.suffix

    def facet(self, values: FacetValues, batch: Batch) -> int:
        """The key of a facet; a row is added when it is met for the first time."""
        key = self.facets.get(values)
        if key is None:
            key = self.facets[values] = facet_key(values)
            batch.rows["order_facet"].append((key, *values))
        return key

    def customer(
        self, chance: random.Random, placed: int, source: str, batch: Batch, at: Counters
    ) -> tuple[Person, int]:
        """A new customer for every second order; the others come again, a few of them hundreds of times."""
        dice = chance.random()
        if dice < 0.5 or not self.customer_count:
            number = self.customer_count
            self.customer_count += 1
            who = person(self.seed, number)
            id_ = at.ids["customer"] = at.ids["customer"] + 1
            if number == 0:
                self.first_customer = id_
            batch.rows["customer"].append((id_, *self._customer_row(who, placed, source, at)))
            if number % 3000 == 7:
                self.regulars.append(number)
            return who, self.first_customer + number
        if dice < 0.58 and self.regulars:
            number = self.regulars[int(len(self.regulars) * chance.random() ** 2)]
        else:
            number = int(self.customer_count * chance.random())
        return person(self.seed, number), self.first_customer + number

    def _customer_row(self, who: Person, placed: int, source: str, at: Counters) -> Row:
        counter = at.series[("customer", 0)]
        at.series[("customer", 0)] = counter + 1
        at.days[("customer", 0)] = self.day(placed)
        names = (who.email, who.first, who.last, who.company, who.phone, "", who.land.language, "")
        number, reference = f"{CUSTOMERS.prefix}{counter:0{CUSTOMERS.digits}d}", f"c{counter}"
        derived = customer_columns(
            number=number,
            external_reference=reference,
            email=who.email,
            first_name=who.first,
            last_name=who.last,
            company=who.company,
            phone=who.phone,
        )
        return (
            number,
            source,
            reference,
            *names,
            self.moment(placed),
            derived["search"],
            derived["sort_name"],
        )

    def day(self, seconds: int) -> str:
        """The legal day in the shop's zone (L-3)."""
        return datetime.fromtimestamp(seconds, self.zone).strftime("%Y-%m-%d")
