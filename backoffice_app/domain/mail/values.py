"""All that a template can name: plain texts, made from the order and nothing beside it, so no internal note can get into a mail (W-11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from backoffice_app.domain.core import clock
from backoffice_app.domain.core.carriers import carrier_name, tracking_url
from backoffice_app.domain.core.shop import Company, Shop
from backoffice_app.domain.core.states import derive
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
    """What left the house together."""

    number: str
    lines: tuple[LineText, ...]
    parcels: tuple[ParcelText, ...]


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
    shop: Shop, order: Order, language: str, *, shipment: Shipment | None, documents: Sequence[Document], message: str, title: str
) -> Values:
    """Everything written out in `language`; `order` is loaded whole."""
    return Values(
        order=_order(shop, order, language),
        company=_company(shop.company),
        shipment=_shipment(order, shipment, language) if shipment else None,
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


def _shipment(order: Order, shipment: Shipment, language: str) -> ShipmentText:
    lines = {line.id: line for line in order.lines}
    packed = tuple(_line(lines[part.order_line_id], part.quantity, language) for part in shipment.lines)
    parcels = ((parcel.tracking_number, parcel.carrier or shipment.carrier) for parcel in shipment.parcels)
    return ShipmentText(shipment.number, packed, tuple(ParcelText(n, carrier_name(c), tracking_url(c, n)) for n, c in parcels))


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
