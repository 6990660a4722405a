"""Snapshots to render, made as issuing makes them: through the totals."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from backoffice_app.domain.core.snapshot import (
    DocumentSnapshot,
    Line,
    PackingSlipSnapshot,
    Parcel,
    Party,
    Prices,
    Seller,
    SlipLine,
)
from backoffice_app.domain.invoicing.totals import Cost, Goods, invoice_totals

SELLER = Seller(
    company="Feldmann & Söhne GmbH", name="", street="Speicherstraße 7", postcode="20457", city="Hamburg", country="DE",
    vat_id="DE123456789", tax_number="48/123/45678", iban="DE89370400440532013000", bic="COBADEFFXXX",
    bank="Commerzbank",
    registry="Amtsgericht Hamburg, HRB 12345", phone="+49 40 123456-0", email="post@feldmann.example",
    website="www.feldmann.example",
)  # fmt: skip
BUYER = Party(
    name="Ada Kovač",
    street="Hauptstraße 12",
    addition="2. Hof links",
    postcode="10827",
    city="Berlin",
    country="DE",
)
THREE = (
    ("MUG-01", "Becher, blau", Goods(Decimal(2), Decimal("19.95"), Decimal(19))),
    ("BOOK-7", "Kochbuch", Goods(Decimal(1), Decimal("24.00"), Decimal(7), discount=400)),
    ("CLOTH-3", "Stoff, Meterware", Goods(Decimal("1.5"), Decimal("12.00"), Decimal(19))),
)
SHIPPING = Cost("shipping", 490, Decimal(19), name="DHL Paket")


def make_invoice(
    *,
    goods: Sequence[tuple[str, str, Goods]] = THREE,
    costs: Sequence[Cost] = (SHIPPING,),
    discount: int = 500,
    prices: Prices = "gross",
    currency: str = "EUR",
    **others: object,
) -> DocumentSnapshot:
    """The order of three lines, or of other goods, as an issued invoice."""
    name = "WELCOME5" if discount else ""
    totals = invoice_totals(
        prices, currency, [item for _, _, item in goods], costs, discount=discount, discount_name=name
    )
    lines = tuple(
        Line(
            position=i, sku=sku, name=name, quantity=item.quantity, unit="m" if item.quantity % 1 else "",
            unit_price=item.unit_price,
            discount=item.discount, vat_rate=item.rate, vat_category=item.category, net=sums.net,
            tax=sums.tax, gross=sums.gross,
            effective_gross=sums.effective_gross, net_unit_price=sums.net_unit_price, net_discount=sums.net_discount,
        )
        for i, ((sku, name, item), sums) in enumerate(zip(goods, totals.lines, strict=True), 1)
    )  # fmt: skip
    values: dict[str, object] = {
        "kind": "invoice", "number": "RE-2026-0001", "issued_on": date(2026, 11, 24),
        "issued_at": datetime(2026, 11, 24, 9, 12, tzinfo=UTC),
        "supplied_on": date(2026, 11, 24), "due_on": date(2026, 12, 8), "language": "de",
        "currency": currency, "prices": prices,
        "seller": SELLER, "buyer": BUYER, "order_number": "10001", "ordered_on": date(2026, 11, 20),
        "customer_number": "K-4711",
        "lines": lines, "adjustments": totals.adjustments, "rates": totals.rates, "net": totals.net, "tax": totals.tax,
        "total": totals.total, "payment_method": "Vorkasse", "shipping_method": "DHL Paket",
        "delivery_time": "2–3 Werktage",
    }  # fmt: skip
    values |= others
    values["open_amount"] = totals.total - int(str(values.get("paid", 0)))
    return DocumentSnapshot.model_validate(values)


def make_slip(**others: object) -> PackingSlipSnapshot:
    """Two lines, one of which is only partly in the parcels."""
    values: dict[str, object] = {
        "number": "L-2026-0001", "issued_on": date(2026, 11, 25),
        "issued_at": datetime(2026, 11, 25, 8, tzinfo=UTC), "language": "de",
        "seller": SELLER, "delivery": BUYER, "order_number": "10001", "ordered_on": date(2026, 11, 20),
        "shipping_method": "DHL Paket",
        "parcels": (Parcel(carrier="DHL", tracking_number="00340434161094042557"),),
        "lines": (
            SlipLine(position=1, sku="MUG-01", name="Becher, blau", quantity=Decimal(2), ordered=Decimal(2)),
            SlipLine(position=2, name="Stoff", unit="m", quantity=Decimal("1.5"), ordered=Decimal("3.5"),
                to_follow=Decimal(2)),
        ),
    }  # fmt: skip
    return PackingSlipSnapshot.model_validate(values | others)


@pytest.fixture
def invoice() -> Callable[..., DocumentSnapshot]:
    return make_invoice


@pytest.fixture
def slip() -> Callable[..., PackingSlipSnapshot]:
    return make_slip
