"""One generated order as rows: template, person, days and numbers put together, facts chained by hash."""

import hashlib
import json
import random
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from typing import Generic, TypeVar

from backoffice_app.domain.core.number_series import SERIES
from backoffice_app.domain.core.payment_methods import Collects
from backoffice_app.domain.order.address_findings import digest
from backoffice_app.domain.order.facets import FacetValues
from backoffice_app.domain.order.position import position_of
from backoffice_app.domain.places.checks import Address
from backoffice_app.generate.maker import Batch, Counters, Maker
from backoffice_app.generate.people import folded, mixed, other_form
from backoffice_app.generate.pools import (
    COLLEAGUES,
    COMMENTS,
    PAYMENT_METHODS,
    PRODUCTS,
    SHIPPING_METHODS,
    SOURCES,
)
from backoffice_app.generate.templates import BASKETS, EXPORT, MICRO, SCENARIOS, basket

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Weighted(Generic[Thing]):
    """Things of which some are likelier than others."""

    things: tuple[Thing, ...]
    heights: tuple[int, ...]

    @classmethod
    def of(cls, pairs: Sequence[tuple[Thing, int]]) -> "Weighted[Thing]":
        """From pairs of thing and weight."""
        return cls(
            tuple(thing for thing, _weight in pairs), tuple(accumulate(weight for _thing, weight in pairs))
        )

    def pick(self, chance: random.Random) -> Thing:
        """One of them."""
        return chance.choices(self.things, cum_weights=self.heights)[0]


OLD = Weighted.of(
    (
        ("done", 800),
        ("done later", 133),
        ("cancelled", 30),
        ("part refunded", 12),
        ("returned", 8),
        ("shipped, to pay", 10),
        ("overpaid", 2),
    )
)
RECENT = Weighted.of(
    (
        ("to ship", 300),
        ("done", 240),
        ("to pay", 150),
        ("shipped, to pay", 90),
        ("to ship, authorised", 60),
        ("part shipped", 40),
        ("on hold", 20),
        ("on hold, to pay", 10),
        ("part paid", 20),
        ("done later", 30),
        ("cancelled", 25),
        ("overpaid", 5),
        ("returned", 5),
        ("part refunded", 5),
    )
)

ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
BY_PROVIDER = Weighted.of([(method, method[3]) for method in PAYMENT_METHODS if method[2]])
BY_TRANSFER = Weighted.of([(method, method[3]) for method in PAYMENT_METHODS if not method[2]])
SHIPPING = Weighted.of([(place, row[4]) for place, row in enumerate(SHIPPING_METHODS)])
SOURCE = Weighted.of(SOURCES)
DUE_AFTER = 14 * 86_400


def make_order(maker: Maker, index: int, batch: Batch, at: Counters) -> None:
    """Adds the order at place `index` of all, with everything that belongs to it, to the batch; moves the
    counters on.
    """
    OrderRows(maker, index, batch, at).run()


class OrderRows:
    """One order on its way into the batch."""

    def __init__(self, maker: Maker, index: int, batch: Batch, at: Counters) -> None:
        self.m, self.batch, self.at = maker, batch, at
        self.chance = chance = random.Random(mixed(maker.seed, index) ^ 0xA5A5)  # noqa: S311  # test data
        self.placed = int(maker.start + maker.step * (index + chance.random()))
        self.source = SOURCE.pick(chance)
        self.who, self.customer_id = maker.customer(chance, self.placed, self.source, batch, at)
        self.scenario = (RECENT if index >= maker.recent_from else OLD).pick(chance)
        self.basket = int(BASKETS * chance.random() ** 2)
        self.ships = basket(maker.seed, self.basket).ships
        self.shipping = SHIPPING.pick(chance) if self.ships else 0
        self.payment = (
            BY_PROVIDER if SCENARIOS[self.scenario].paid in {"at once", "authorised"} else BY_TRANSFER
        ).pick(chance)
        self.collects = (Collects.PROVIDER if self.payment[2] else Collects.TRANSFER).value
        taxed = not self.who.land.export
        self.template = maker.templates.get(
            self.basket, self.shipping, self.scenario, self.payment[0], taxed=taxed
        )
        self.day = maker.day(self.placed)
        self.id = at.ids["orders"] = at.ids["orders"] + 1
        self.order_number = self.draw("order")
        self.later = min(maker.now, self.placed + chance.randrange(20_000, 200_000))
        self.at_placed, self.at_later = maker.moment(self.placed), maker.moment(self.later)
        self.document_number = ""
        self.shipments: list[str] = []

    def draw(self, kind: str) -> str:
        """The next number of a series, dated no earlier than the one before (INV-2)."""
        series = SERIES[kind]
        year = int(self.day[:4]) if series.is_yearly else 0
        counter = self.at.series.get((kind, year), series.first)
        self.at.series[(kind, year)] = counter + 1
        self.at.days[(kind, year)] = self.day
        return f"{series.prefix.format(year=year)}{counter:0{series.digits}d}"

    def run(self) -> None:
        t = self.template
        for view, n in t.tallies:
            self.batch.tallies[view] = self.batch.tallies.get(view, 0) + n
        self.fact(
            "OrderPlaced",
            {"source": self.source, "reference": self.reference, "lines": len(t.lines)},
            self.placed,
        )
        self.addresses()
        self.lines()
        self.documents()
        self.payments()
        self.ship()
        if t.states[0] in {"completed", "picked_up"}:
            self.fact("OrderCompleted", {}, self.later)
        self.order()
        self.search()

    @property
    def reference(self) -> str:
        return f"{self.source[:2]}-{self.id + 20_000}"

    @property
    def number_at_source(self) -> str:
        return f"#{self.id + 1000}" if self.source == "shopify" else ""

    def order(self) -> None:
        t, m, who = self.template, self.m, self.who
        status, payment, shipping, returned, paid, still_open = t.states
        key, names, by_provider, _weight = self.payment
        method, method_name = (
            (SHIPPING_METHODS[self.shipping][0], SHIPPING_METHODS[self.shipping][1]["de"])
            if self.ships
            else ("", "")
        )
        cancelled, held = self.scenario == "cancelled", status == "on_hold"
        printed = t.states[2] in {"shipped", "part_shipped"} and self.id % 40 != 0
        owes, country, source = still_open > 0, who.country, self.source
        states = (status, payment, shipping, returned)
        facet = FacetValues(*states, owes, key, method, country, source, printed, 0, False, False)
        facet_of = m.facet(facet, self.batch)
        later = self.at_later
        due = (
            m.day(self.placed + DUE_AFTER) if still_open and self.document_number and t.invoice_due else None
        )
        row = (
            self.id,
            self.order_number,
            position_of(self.placed, self.id),
            2
            + any(not at_once for _amount, at_once in t.payments)
            + any(gone for gone, _part in t.shipments),
            self.source,
            self.reference,
            self.number_at_source,
            self.at_placed,
            who.land.language,
            m.currency,
            "gross",
            self.customer_id,
            "",
            who.email,
            who.phone,
            COMMENTS[self.id % len(COMMENTS)] if self.id % 23 == 0 else "",
            "gift" if self.id % 61 == 0 else "",
            key,
            names["de"],
            self.collects,
            by_provider,
            0,
            0,
            "",
            self.at_placed if self.scenario == "to ship, authorised" else None,
            method,
            method_name,
            t.shipping_price,
            0 if who.land.export else 19 * MICRO,
            EXPORT if who.land.export else "S",
            "Welcome" if t.discount else "",
            t.discount,
            t.total,
            "",
            later if held else None,
            "Address to be checked" if held else "",
            later if cancelled else None,
            "The customer changed their mind" if cancelled else "",
            None,
            later if printed else None,
            status,
            payment,
            shipping,
            returned,
            paid,
            still_open,
            due,
            who.billing[0],
            who.billing[1],
            who.country,
            who.sort_name or folded(who.billing[1])[:60],
            facet_of,
        )
        self.batch.rows["orders"].append(row)

    def addresses(self) -> None:
        rows = self.batch.rows["order_address"]
        for kind, address in (("billing", self.who.billing), ("shipping", self.who.delivery)):
            if address:
                name, company, street, postcode, city, country = address
                typed = Address(name, company, street, "", postcode, city, "", country)
                fetched = kind == "shipping" and self.ships and SHIPPING_METHODS[self.shipping][0] == "pickup"
                checked = digest(typed, self.who.email if kind == "billing" else "", needless=fetched)
                rows.append((self.id, kind, *typed, checked))

    def lines(self) -> None:
        rows = self.batch.rows["order_line"]
        self.first_line = self.at.ids["order_line"] + 1
        for rank, (
            place,
            name,
            category,
            price,
            rate,
            total,
            ordered,
            cancelled,
            invoiced,
            shipped,
            back,
        ) in enumerate(self.template.lines, 1):
            sku, ships = PRODUCTS[place][0], PRODUCTS[place][4]
            line = (
                self.first_line + rank - 1,
                self.id,
                rank,
                self.m.products[place],
                sku,
                name,
                "",
                ships,
                price,
                0,
                rate,
                category,
                total,
            )
            rows.append((*line, ordered, cancelled, invoiced, shipped, back, 0))
        self.at.ids["order_line"] += len(self.template.lines)

    def documents(self) -> None:
        if self.scenario == "cancelled":
            return
        t, m = self.template, self.m
        number = self.document_number = self.draw("invoice")
        id_ = self.document_id = self.at.ids["document"] = self.at.ids["document"] + 1
        issued = self.at_placed
        due = m.day(self.placed + DUE_AFTER) if t.invoice_due else None
        language = self.who.land.language
        row = (
            id_,
            secrets.token_urlsafe(24),
            self.id,
            "invoice",
            number,
            language,
            self.day,
            issued,
            due,
            m.currency,
            t.net,
            t.vat,
            t.total,
            None,
        )
        self.batch.rows["document"].append((*row, t.document_open, None))
        text = self.snapshot(number, due)
        digest = hashlib.sha256(text.encode()).hexdigest()
        self.batch.rows["document_version"].append((id_, 1, text, digest, issued))
        data = {"number": number, "language": language, "total": t.total, "currency": m.currency}
        self.fact("InvoiceIssued", data, self.placed)

    def snapshot(self, number: str, due: str | None) -> str:
        """The JSON of `DocumentSnapshot`: what the template found, with this order's numbers, days and names."""
        issued = datetime.fromtimestamp(self.placed, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        before, after = self.template.tail
        day = self.day
        to_come = "true" if self.ships else "false"
        supplied = "null" if self.ships else f'"{day}"'
        is_paid = any(at_once and amount > 0 for amount, at_once in self.template.payments)
        received = f'"{day}"' if self.ships and is_paid else "null"
        return (
            f'{{"kind":"invoice","number":"{number}","version":1,"version_on":null,"issued_on":"{day}","issued_at":"{issued}",'
            f'"supplied_on":{supplied},"supply_to_come":{to_come},"received_on":{received},'
            f'"due_on":{f"{chr(34)}{due}{chr(34)}" if due else "null"},"language":"{self.who.land.language}",'
            f'"currency":"{self.m.currency}","prices":"gross","seller":{self.m.seller},"buyer":{self.who.billing_json},'
            f'"delivery":{self.who.delivery_json},"order_number":"{self.order_number}","ordered_on":"{day}","customer_number":"",'
            f'"customer_reference":"","known_number":"{self.number_at_source or self.reference}"'
            f'{before}"{self.payment[1]["de"]}",'
            f'"collects":"{self.collects}"{after}'
        )

    def payments(self) -> None:
        settles = self.template.settles if self.document_number else 0
        key, names, by_provider, _weight = self.payment
        for amount, at_once in self.template.payments:
            id_ = self.at.ids["payment"] = self.at.ids["payment"] + 1
            when = self.placed if at_once else self.later
            reference = f"{key[:2].upper()}{mixed(self.m.seed ^ 77, id_):016X}" if by_provider else ""
            booked = (
                id_,
                self.id,
                amount,
                self.m.day(when),
                (self.at_placed if when == self.placed else self.at_later),
                names["de"],
                key,
                reference,
            )
            self.batch.rows["payment"].append(
                (*booked, not at_once, "" if amount > 0 else "refund", COLLEAGUES[0], None)
            )
            if amount > 0 and settles:
                self.batch.rows["allocation"].append((id_, self.document_id, settles))
            if not at_once:
                data = {
                    "amount": amount,
                    "currency": self.m.currency,
                    "method": names["de"],
                    "booked_on": self.m.day(when),
                    "again": False,
                }
                self.fact("PaymentBooked", data, when)

    def ship(self) -> None:
        carrier = SHIPPING_METHODS[self.shipping][2]
        for gone, part in self.template.shipments:
            number = self.draw("shipment")
            id_ = self.at.ids["shipment"] = self.at.ids["shipment"] + 1
            by = COLLEAGUES[1 + self.id % 2] if gone else ""
            created, left = self.at_placed, self.at_later if gone else None
            self.batch.rows["shipment"].append(
                (id_, number, self.id, "shipped" if gone else "open", carrier, created, left, by)
            )
            for line, quantity in part:
                self.batch.rows["shipment_line"].append((id_, self.first_line + line, quantity * MICRO))
            self.shipments.append(number)
            tracking = ""
            if gone and carrier and self.id % 10:
                tracking = tracking_number(carrier, mixed(self.m.seed ^ 99, id_))
                self.batch.rows["parcel"].append((id_, tracking, carrier))
                self.shipments.append(tracking)
            if gone:
                data: dict[str, object] = {
                    "shipment": number,
                    "quantities": {"": self.template.quantity_gone},
                }
                if SHIPPING_METHODS[self.shipping][0] == "pickup":
                    self.fact("OrderPickedUp", data, self.later, by)
                else:
                    self.fact("OrderShipped", data | {"tracking": tracking}, self.later, by)

    def fact(self, kind: str, data: Mapping[str, object], when: int, colleague: str = "") -> None:
        """Appends to the chain what `Work.record` would (AUD-1)."""
        at = self.at
        at.sequence += 1
        moment = datetime.fromtimestamp(when, UTC)
        row: dict[str, object] = {
            "sequence": at.sequence,
            "subject": "order",
            "subject_id": self.id,
            "kind": kind,
            "at": moment.isoformat(),
            "actor_kind": "user" if colleague else "command",
            "actor_id": 0,
            "actor_name": colleague or "kontor command",
            "data": ENCODER.encode(data),
            "personal_digest": "",
            "previous_hash": at.chain,
        }
        at.chain = hashlib.sha256(ENCODER.encode(row).encode()).hexdigest()
        row["at"] = self.at_placed if when == self.placed else self.at_later
        self.batch.rows["history"].append((*row.values(), at.chain))

    def search(self) -> None:
        """The text of `search_text.order_text`, from parts that were folded before."""
        numbers = [
            self.order_number,
            self.reference,
            self.number_at_source,
            *self.who.numbers,
            *self.template.skus,
            self.document_number,
        ]
        if self.id % 61 == 0:
            numbers.append("#gift")
        words = list(dict.fromkeys((*self.who.words, *self.template.words)))
        words = [*words, *map(other_form, words)]
        words += [
            *(number.lower() for number in numbers if number),
            *(number.lower() for number in self.shipments),
        ]
        doc = " " + " ".join(dict.fromkeys(words)) + " "
        self.batch.rows["order_search"].append((position_of(self.placed, self.id), doc))


def tracking_number(carrier: str, bits: int) -> str:
    """A number as this carrier writes it."""
    if carrier == "ups":
        return f"1Z{bits % 36**10:010d}{bits // 7 % 10**6:06d}"
    return f"0034043{bits % 10**13:013d}" if carrier == "dhl" else f"0{bits % 10**13:013d}"
