"""All that a template can name: plain texts, made from the order and nothing beside it, so no internal note can get into a mail (W-11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from backoffice_app.domain.core import clock
from backoffice_app.domain.core.carriers import carrier_name, tracking_url
from backoffice_app.domain.core.shop import Company, Shop
from backoffice_app.domain.core.states import derive, left_to_ship
from backoffice_app.i18n import format_day, format_money, format_number, locale
from backoffice_app.models import Document, Order, OrderAddress, OrderLine, Shipment


@dataclass(frozen=True)
class LineText:
    """One line. `total` is empty where the mail names no amounts."""

    quantity: str
    name: str
    sku: str
    total: str = ""


@dataclass(frozen=True)
class OrderText:
    """The order. Amounts are written out in the mail's language, and empty where there is none; `vat`: only for net prices."""

    number: str
    number_at_source: str
    day: str
    name: str
    lines: tuple[LineText, ...]
    address: tuple[str, ...]
    payment_method: str
    shipping_method: str
    shipping: str
    payment_cost: str
    discount: str
    vat: str
    total: str
    paid: str
    open: str


@dataclass(frozen=True)
class ParcelText:
    """One parcel. `url`: the carrier's page that follows it, or empty."""

    number: str
    carrier: str
    url: str


@dataclass(frozen=True)
class ShipmentText:
    """What left the house together, in one shipment or several. `to_follow`: what of the order is still to come."""

    number: str
    lines: tuple[LineText, ...]
    parcels: tuple[ParcelText, ...]
    to_follow: tuple[LineText, ...]


@dataclass(frozen=True)
class DocumentText:
    """A document that goes along."""

    number: str
    kind: str
    day: str
    due: str
    total: str


@dataclass(frozen=True)
class CompanyText:
    """The shop, as it signs."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Values:
    """The names a template can use. `message` is what a colleague wrote (customer mail), else empty."""

    order: OrderText
    company: CompanyText
    shipment: ShipmentText | None
    documents: tuple[DocumentText, ...]
    message: str
    title: str


def values_of(
    shop: Shop,
    order: Order,
    language: str,
    *,
    shipments: Sequence[Shipment] = (),
    documents: Sequence[Document],
    message: str,
    title: str,
) -> Values:
    """Everything written out in `language`; `order` is loaded whole."""
    return Values(
        order=_order(shop, order, language),
        company=_company(shop.company),
        shipment=_shipments(order, shipments, language) if shipments else None,
        documents=tuple(_document(document, language) for document in documents),
        message=message,
        title=title,
    )


def _order(shop: Shop, order: Order, language: str) -> OrderText:
    def money(amount: int) -> str:
        return format_money(amount, order.currency, language) if amount else ""

    states = derive(order)
    billing = next((a for a in order.addresses if a.kind == "billing"), None)
    delivery = next((a for a in order.addresses if a.kind == "shipping"), billing)
    parts = sum(line.total for line in order.lines) + order.shipping_price + order.payment_cost - order.discount
    ordered = ((line, line.ordered - line.cancelled) for line in order.lines)
    return OrderText(
        number=order.number,
        number_at_source=order.number_at_source,
        day=format_day(clock.day_of(order.placed_at, shop.regional.zone), language, "long"),
        name=_one_line((billing.name or billing.company) if billing else ""),
        lines=tuple(_line(line, quantity, language, money(line.total)) for line, quantity in ordered if quantity),
        address=_address(delivery, shop, language) if delivery else (),
        payment_method=_one_line(order.payment_method_name),
        shipping_method=_one_line(order.shipping_method_name),
        shipping=money(order.shipping_price),
        payment_cost=money(order.payment_cost),
        discount=money(-order.discount),
        vat=money(order.total - parts) if order.prices == "net" else "",
        total=format_money(order.total, order.currency, language),
        paid=money(states.paid),
        open=money(states.open_amount),
    )


def _line(line: OrderLine, quantity: Decimal, language: str, total: str = "") -> LineText:
    number = format_number(quantity, language)
    return LineText(f"{number} {line.unit}" if line.unit else f"{number} ×", _one_line(line.name), line.sku, total)


def _shipments(order: Order, shipments: Sequence[Shipment], language: str) -> ShipmentText:
    """All of them as one: a line that lies in two is said once, and so is a parcel that holds two."""
    gone: dict[int, Decimal] = {}
    for part in (part for shipment in shipments for part in shipment.lines):
        gone[part.order_line_id] = gone.get(part.order_line_id, Decimal(0)) + part.quantity
    parcels = dict.fromkeys((p.tracking_number, p.carrier or shipment.carrier) for shipment in shipments for p in shipment.parcels)
    return ShipmentText(
        number=", ".join(shipment.number for shipment in shipments),
        lines=tuple(_line(line, gone[line.id or 0], language) for line in order.lines if line.id in gone),
        parcels=tuple(ParcelText(number, carrier_name(carrier), tracking_url(carrier, number)) for number, carrier in parcels),
        to_follow=tuple(_line(line, left_to_ship(line), language) for line in order.lines if left_to_ship(line)),
    )


def _document(document: Document, language: str) -> DocumentText:
    return DocumentText(
        number=document.number,
        kind=document.kind,
        day=format_day(document.issued_on, language),
        due=format_day(document.due_on, language) if document.due_on else "",
        total=format_money(document.total, document.currency, language),
    )


def _company(company: Company) -> CompanyText:
    place = f"{company.postcode} {company.city}".strip()
    return CompanyText(company.name, tuple(line for line in (company.street, place, company.phone, company.email, company.website) if line))


def _address(address: OrderAddress, shop: Shop, language: str) -> tuple[str, ...]:
    """The address, line by line; its country only where it is not the shop's."""
    place = f"{address.postcode} {address.city}".strip()
    abroad = address.country if address.country != shop.company.country else ""
    country = str(locale(language).territories.get(abroad, abroad))
    parts = (address.company, address.name, address.street, address.addition, place, address.region, country)
    return tuple(_one_line(part) for part in parts if part)


def _one_line(text: str) -> str:
    return " ".join(text.split())
