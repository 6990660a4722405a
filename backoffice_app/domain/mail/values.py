"""All that a template can name: plain texts, made from the order and nothing beside it, so no internal note can get
into a mail (W-11).
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal

from backoffice_app.documents.paying import how_to_pay
from backoffice_app.documents.texts import Texts, document_language
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.carriers import carrier_name, tracking_url
from backoffice_app.domain.core.document_kinds import CREDIT_NOTE, asks_for_money
from backoffice_app.domain.core.payment_methods import Collects, Method
from backoffice_app.domain.core.postal import postal_lines
from backoffice_app.domain.core.shop import Company, Shop
from backoffice_app.domain.order.addressee import known_number
from backoffice_app.domain.order.methods import OrderMethods
from backoffice_app.domain.order.pickup import is_pickup
from backoffice_app.domain.order.refund_clock import refund_by
from backoffice_app.domain.order.states import derive, left_to_ship, step_of
from backoffice_app.formats import (
    format_day,
    format_moment,
    format_money,
    format_number,
    is_pieces,
    locale,
    with_minus,
)
from backoffice_app.models import Document, Order, OrderAddress, OrderLine, OrderReturn, Shipment


@dataclass(frozen=True)
class LineText:
    """One line. `total` is empty where the mail names no amounts."""

    quantity: str
    name: str
    sku: str
    total: str = ""


@dataclass(frozen=True)
class OrderText:
    """The order.

    Amounts are written out in the mail's language, and empty where there isn't one; `vat`: only for net prices.

    `known`: the number the customer knows it by, which is `number` where the shop gave none.
    `address`: where it goes; empty where the customer picks it up.
    `account`: where to transfer what is open, line by line; empty where somebody else collects it, which `how_to_pay`
    says (PAY-0). `status`: the system status, such as awaiting_shipment; `payment_link`: where what is open can be
    paid, "" for nowhere.
    """

    number: str
    known: str
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
    how_to_pay: str
    account: tuple[str, ...]
    status: str
    payment_link: str


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
class ReturnText:
    """Goods that come back. `step`: requested, approved, in progress, received, completed, rejected or cancelled.

    `lines`: as announced; `arrived`: as received so far. `pays`: who pays the way back, "customer", "shop" or "" where
    nothing is said. `withdrawn`: of a withdrawal when it was declared, and `refund_by` the last day for its money, else
    ""; `comment`: the customer's.
    """

    number: str
    step: str
    reason: str
    action: str
    pays: str
    lines: tuple[LineText, ...]
    arrived: tuple[LineText, ...]
    withdrawn: str = ""
    refund_by: str = ""
    comment: str = ""


@dataclass(frozen=True)
class DocumentText:
    """A document that goes along.

    `credits`: the number of the invoice that it takes back, or ""; `refund`: what is still to refund.
    """

    number: str
    kind: str
    day: str
    due: str
    total: str
    credits: str = ""
    refund: str = ""


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
    goods_return: ReturnText | None = None


def values_of(
    shop: Shop,
    order: Order,
    language: str,
    methods: OrderMethods,
    *,
    shipments: Sequence[Shipment] = (),
    documents: Sequence[Document],
    came_back: OrderReturn | None = None,
    message: str,
    title: str,
) -> Values:
    """Everything written out in `language`; `order` is loaded whole."""
    return Values(
        order=_order(shop, order, language, methods),
        company=company_text(shop.company),
        shipment=_shipments(order, shipments, language) if shipments else None,
        documents=tuple(_document(document, order, language) for document in documents),
        message=message,
        title=title,
        goods_return=_return(order, came_back, language, shop.regional.zone) if came_back else None,
    )


def values_of_shop(shop: Shop, *, message: str, title: str) -> Values:
    """The same for a mail that is about no order: all that is told of one is empty."""
    empty = {one.name: () if one.name in {"lines", "address", "account"} else "" for one in fields(OrderText)}
    return Values(OrderText(**empty), company_text(shop.company), None, (), message, title)  # type: ignore[arg-type]


def _order(shop: Shop, order: Order, language: str, methods: OrderMethods) -> OrderText:
    def money(amount: int) -> str:
        return with_minus(format_money(amount, order.currency, language)) if amount else ""

    states = derive(order)
    billing = next((a for a in order.addresses if a.kind == "billing"), None)
    delivery = next((a for a in order.addresses if a.kind == "shipping"), billing)
    parts = (
        sum(line.total for line in order.lines) + order.shipping_price + order.payment_cost - order.discount
    )
    ordered = ((line, line.ordered - line.cancelled) for line in order.lines)
    return OrderText(
        number=order.number,
        known=known_number(order) or order.number,
        number_at_source=order.number_at_source,
        day=format_day(clock.day_of(order.placed_at, shop.regional.zone), language, "long"),
        name=_one_line((billing.name or billing.company) if billing else ""),
        lines=tuple(
            _line(line, quantity, language, format_money(line.total, order.currency, language))
            for line, quantity in ordered
            if quantity
        ),
        address=_address(delivery, shop, language) if delivery and not is_pickup(order) else (),
        payment_method=_one_line(methods.payment.name_in(language)),
        shipping_method=_one_line(methods.shipping.name_in(language)),
        shipping=money(order.shipping_price),
        payment_cost=money(order.payment_cost),
        discount=money(-order.discount),
        vat=money(order.total - parts) if order.prices == "net" else "",
        total=format_money(order.total, order.currency, language),
        paid=money(states.paid),
        open=money(states.open_amount),
        how_to_pay=_how_to_pay(methods.payment, money(states.open_amount), language),
        account=_account(shop.company, language)
        if states.open_amount and methods.payment.collects is Collects.TRANSFER
        else (),
        status=states.status.value,
        payment_link=order.payment_link if states.open_amount else "",
    )


def _how_to_pay(method: Method, amount: str, language: str) -> str:
    name = _one_line(method.name_in(language))
    return (
        how_to_pay(Texts(document_language(language)), method.collects.value, amount, name) if amount else ""
    )


def _account(company: Company, language: str) -> tuple[str, ...]:
    """The shop's bank account, line by line; empty where it has none."""
    say = Texts(document_language(language)).say
    if not company.iban:
        return ()
    iban = " ".join(company.iban[i : i + 4] for i in range(0, len(company.iban), 4))
    parts = (
        (say("Account holder"), company.name or company.owner),
        (say("IBAN"), iban),
        (say("BIC"), company.bic),
        (say("Bank"), company.bank),
    )
    return tuple(f"{label}: {value}" for label, value in parts if value)


def _line(line: OrderLine, quantity: Decimal, language: str, total: str = "") -> LineText:
    number = format_number(quantity, language)
    return LineText(
        f"{number} ×" if is_pieces(line.unit) else f"{number} {line.unit}",
        _one_line(line.name),
        line.sku,
        total,
    )


def _shipments(order: Order, shipments: Sequence[Shipment], language: str) -> ShipmentText:
    """All of them as one: a line that is in two is said once, and so is a parcel that holds two."""
    gone: dict[int, Decimal] = {}
    for part in (part for shipment in shipments for part in shipment.lines):
        gone[part.order_line_id] = gone.get(part.order_line_id, Decimal(0)) + part.quantity
    parcels = dict.fromkeys(
        (p.tracking_number, p.carrier or shipment.carrier) for shipment in shipments for p in shipment.parcels
    )
    return ShipmentText(
        number=", ".join(shipment.number for shipment in shipments),
        lines=tuple(_line(line, gone[line.id or 0], language) for line in order.lines if line.id in gone),
        parcels=tuple(
            ParcelText(number, carrier_name(carrier), tracking_url(carrier, number, language))
            for number, carrier in parcels
        ),
        to_follow=tuple(
            _line(line, left_to_ship(line), language) for line in order.lines if left_to_ship(line)
        ),
    )


def _return(order: Order, came_back: OrderReturn, language: str, zone: str) -> ReturnText:
    lines = {line.id: line for line in order.lines}
    parts = [(lines[held.order_line_id], held) for held in came_back.lines]
    return ReturnText(
        number=came_back.number,
        step=step_of(came_back),
        reason=_one_line(came_back.reason),
        action=_one_line(came_back.action),
        pays=came_back.pays,
        lines=tuple(_line(line, held.quantity, language) for line, held in parts if held.quantity),
        arrived=tuple(_line(line, held.received, language) for line, held in parts if held.received),
        withdrawn=format_moment(came_back.withdrawn_at, language, zone) if came_back.withdrawn_at else "",
        refund_by=format_day(refund_by(came_back.withdrawn_at, zone), language)
        if came_back.withdrawn_at
        else "",
        comment=_one_line(came_back.comment),
    )


def _document(document: Document, order: Order, language: str) -> DocumentText:
    """What is credited reads without a minus; a cancellation has the one that it prints (A27)."""
    is_invoice = asks_for_money(document.kind)
    total = -document.total if document.kind == CREDIT_NOTE.key else document.total
    to_refund = 0 if is_invoice else document.open_amount
    return DocumentText(
        number=document.number,
        kind=document.kind,
        day=format_day(document.issued_on, language),
        due=format_day(document.due_on, language) if document.due_on and document.open_amount else "",
        total=with_minus(format_money(total, document.currency, language)),
        credits=next(
            (one.number for one in order.documents if document.credits_id and one.id == document.credits_id),
            "",
        ),
        refund=format_money(to_refund, document.currency, language) if to_refund else "",
    )


def company_text(company: Company) -> CompanyText:
    """The shop as mails are signed."""
    place = f"{company.postcode} {company.city}".strip()
    return CompanyText(
        company.name,
        tuple(
            line for line in (company.street, place, company.phone, company.email, company.website) if line
        ),
    )


def _address(address: OrderAddress, shop: Shop, language: str) -> tuple[str, ...]:
    """The address, line by line; its country only where it is not the shop's."""
    fields = ("name", "company", "street", "addition", "postcode", "city", "region", "country")
    lines = postal_lines(**{field: _one_line(getattr(address, field)) for field in fields})
    abroad = address.country if address.country != shop.company.country else ""
    return (*lines, str(locale(language).territories.get(abroad, abroad))) if abroad else tuple(lines)


def _one_line(text: str) -> str:
    return " ".join(text.split())
