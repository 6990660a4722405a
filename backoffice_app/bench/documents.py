"""P-11: invoices as PDF, fonts warm; the floor is fpdf2 as it comes."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from backoffice_app.bench.shops import COMPANY
from backoffice_app.bench.timing import Job
from backoffice_app.documents import render_pdf
from backoffice_app.domain.core.clock import day_of, now
from backoffice_app.domain.core.payment_methods import known_method
from backoffice_app.domain.core.shipping_methods import known_shipping
from backoffice_app.domain.core.shop import Shop
from backoffice_app.domain.core.snapshot import DocumentSnapshot
from backoffice_app.domain.invoicing.snapshot import Supply, invoice_snapshot, totals_of
from backoffice_app.domain.invoicing.tax import tax_case
from backoffice_app.domain.order.methods import OrderMethods
from backoffice_app.models import Order, OrderAddress, OrderLine

PEOPLE = {
    "de": ("Jürgen Müller", "Hauptstraße 12", "Berlin"),
    "ar": ("محمد المنصوري", "شارع الكورنيش", "دبي"),
    "ja": ("田中 陽菜", "丸の内1丁目", "東京"),
}
GOODS = {"de": "Becher, weiß", "ar": "كوب أبيض", "ja": "白いマグカップ"}


def jobs() -> Iterator[Job]:
    """One page Latin, nine pages, Arabic, Japanese."""
    for name, language, lines, owed, ratio in (
        ("one page, Latin", "de", 4, 10.0, 0.3),
        ("nine pages", "de", 190, 45.0, 0.6),
        ("Arabic", "ar", 4, 30.0, 0.6),
        ("Japanese", "ja", 4, 12.0, 0.1),
    ):
        made = snapshot(language, lines)
        yield Job(
            "P-11",
            f"invoice: {name}",
            owed,
            lambda made=made: render_pdf(made),  # type: ignore[misc]
            lambda made=made: render_pdf(made, fast=False),  # type: ignore[misc]
            ratio=ratio,
        )


def snapshot(language: str, lines: int) -> DocumentSnapshot:
    """The snapshot of an invoice with so many lines."""
    name, street, town = PEOPLE[language]
    at = now()
    order = Order(
        number="10001",
        position=1,
        placed_at=at,
        language=language,
        payment_method_name="PayPal",
        shipping_method_name="DHL",
    )
    order.addresses = [
        OrderAddress(
            order_id=0, kind="billing", name=name, street=street, postcode="10115", city=town, country="DE"
        )
    ]
    order.lines = [
        OrderLine(
            order_id=0,
            rank=n,
            sku=f"M-{n:03d}",
            name=f"{GOODS[language]} {n}",
            unit_price=Decimal("19.95"),
            vat_rate=Decimal(19),
            ordered=Decimal(2),
            cancelled=Decimal(0),
            total=3990,
        )
        for n in range(1, lines + 1)
    ]
    order.payments, order.documents, order.shipments = [], [], []
    day = day_of(at, "Europe/Berlin")
    due = day + timedelta(days=14)
    shop, methods = (
        Shop(company=COMPANY),
        OrderMethods(known_method("paypal", "PayPal"), known_shipping("dhl", "DHL")),
    )
    case = tax_case(shop, order)
    totals = totals_of(order, case)
    supply = Supply(day, to_come=False)
    return invoice_snapshot(
        shop, order, case, totals, methods, number="RE-2026-0001", day=day, at=at, due=due, supply=supply
    )
