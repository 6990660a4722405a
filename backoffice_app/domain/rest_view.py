"""An order as the REST API tells it: exact texts, values of ST-1 with `_` for the blank (API-1)."""

from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel
from sqlmodel import col, select

from backoffice_app.db import reading
from backoffice_app.domain.core.errors import Invalid, NotFound
from backoffice_app.domain.core.money import as_text
from backoffice_app.domain.core.whole import WHOLE, order_of_number
from backoffice_app.domain.invoicing.snapshot import placed_totals_of
from backoffice_app.i18n import _
from backoffice_app.models import Document, DocumentVersion, Order, OrderAddress, OrderLine, Payment, Shipment

MOST = 200


class AddressView(BaseModel):
    """An address as it stands on the order."""

    name: str
    company: str
    street: str
    addition: str
    postcode: str
    city: str
    region: str
    country: str


class LineView(BaseModel):
    """A line; money and quantities as decimal text, the six quantities of ST-2."""

    sku: str
    name: str
    unit: str
    unit_price: str
    quantity: str
    discount: str
    vat_rate: str
    vat_category: str
    total: str
    cancelled: str
    invoiced: str
    shipped: str
    returned: str
    credited: str


class MethodView(BaseModel):
    """What shipping or payment costs, by which method."""

    method: str
    name: str
    price: str
    vat_rate: str


class TotalsView(BaseModel):
    """What the order comes to, what was paid of it, and what is open."""

    discount: str
    net: str
    vat: str
    total: str
    paid: str
    open: str


class PaymentView(BaseModel):
    """Money booked on the order; negative: a refund or a counter-entry."""

    amount: str
    method: str
    provider_reference: str
    booked_on: date
    reason: str


class ParcelLineView(BaseModel):
    """How much of which line lies in a shipment; `line` counts from 0."""

    line: int
    quantity: str


class ShipmentView(BaseModel):
    """What leaves the house together."""

    number: str
    state: str
    carrier: str
    shipped_at: datetime | None
    tracking_numbers: list[str]
    lines: list[ParcelLineView]


class DocumentView(BaseModel):
    """An issued document; `pdf` and `xml` are paths that answer to the same key, `xml` null where there is none."""

    number: str
    kind: str
    language: str
    issued_on: date
    total: str
    pdf: str
    xml: str | None = None


class OrderView(BaseModel):
    """The whole order."""

    number: str
    external_reference: str
    source: str
    number_at_source: str
    placed_at: datetime
    language: str
    currency: str
    prices: str
    status: str
    payment_state: str
    shipping_state: str
    return_state: str
    email: str
    phone: str
    vat_id: str
    billing_address: AddressView
    shipping_address: AddressView | None
    lines: list[LineView]
    shipping: MethodView
    payment: MethodView
    discount_name: str
    totals: TotalsView
    total: str
    payments: list[PaymentView]
    shipments: list[ShipmentView]
    documents: list[DocumentView]
    comment: str
    tags: list[str]


class OrderPage(BaseModel):
    """Some orders, newest first; `next` is what `after` takes for the ones that follow, null at the end."""

    orders: list[OrderView]
    next: str | None


def order_view(number: str, sent_by: int | None = None) -> OrderView:
    """One order by its number; with `sent_by`, the id of an API key, only one that this key brought in. Raises NotFound."""
    with reading() as session:
        order = order_of_number(session, number)
        if sent_by not in {None, order.sent_by}:
            raise NotFound(number)
        return view_of(order)


def order_page(limit: int, after: str, sent_by: int | None = None) -> OrderPage:
    """At most `limit` (up to 200) orders that follow the cursor `after`, newest first; with `sent_by` only those of this API key.

    Raises Invalid naming `limit` or `after`.
    """
    if not 1 <= limit <= MOST:
        raise Invalid("limit", _("Must lie between 1 and {most}.").format(most=MOST))
    if after and not (after.isascii() and after.isdigit() and int(after) < 2**63):
        raise Invalid("after", _("Is no cursor that this list gave out."))
    with reading() as session:
        statement = select(Order).order_by(col(Order.position).desc()).limit(limit + 1).options(*WHOLE)
        if after:
            statement = statement.where(Order.position < int(after))
        if sent_by is not None:
            statement = statement.where(Order.sent_by == sent_by, col(Order.sent_by) != 0)  # the index holds only these
        found = session.exec(statement).all()
        following = str(found[limit - 1].position) if len(found) > limit else None
        return OrderPage(orders=[view_of(order) for order in found[:limit]], next=following)


def document_version(public_id: str, sent_by: int | None = None) -> tuple[int, str]:
    """The id of the newest version of the document with this random id, and the document's number; with `sent_by` only of an order
    that this API key brought in. Raises NotFound.
    """
    with reading() as session:
        statement = (
            select(DocumentVersion.id, Document.number)
            .join(Document)
            .where(Document.public_id == public_id)
            .order_by(col(DocumentVersion.version).desc())
        )
        if sent_by is not None:
            statement = statement.join(Order, col(Order.id) == col(Document.order_id)).where(Order.sent_by == sent_by)
        found = session.exec(statement).first()
    if found is None or found[0] is None:
        raise NotFound(public_id)
    return found[0], found[1]


def view_of(order: Order) -> OrderView:
    """The view of an order that is loaded with all its parts, such as one that was placed a moment ago; reads nothing."""

    def money(amount: int) -> str:
        return as_text(amount, order.currency)

    addresses = {address.kind: _address(address) for address in order.addresses}
    sums = placed_totals_of(order)
    places = {line.id: place for place, line in enumerate(order.lines)}
    return OrderView(
        number=order.number,
        external_reference=order.external_reference,
        source=order.source,
        number_at_source=order.number_at_source,
        placed_at=order.placed_at,
        language=order.language,
        currency=order.currency,
        prices=order.prices,
        status=_word(order.status),
        payment_state=_word(order.payment_state),
        shipping_state=_word(order.shipping_state),
        return_state=_word(order.return_state),
        email=order.email,
        phone=order.phone,
        vat_id=order.vat_id,
        billing_address=addresses["billing"],
        shipping_address=addresses.get("shipping"),
        lines=[_line(line, order.currency) for line in order.lines],
        shipping=_method(order.shipping_method, order.shipping_method_name, money(order.shipping_price), order.shipping_vat_rate),
        payment=_method(order.payment_method, order.payment_method_name, money(order.payment_cost), order.payment_vat_rate),
        discount_name=order.discount_name,
        totals=TotalsView(
            discount=money(order.discount),
            net=money(sums.net),
            vat=money(sums.tax),
            total=money(order.total),
            paid=money(order.paid),
            open=money(order.open_amount),
        ),
        total=money(order.total),
        payments=[_payment(payment, order.currency) for payment in order.payments],
        shipments=[_shipment(shipment, places) for shipment in order.shipments],
        documents=[_document(document) for document in order.documents],
        comment=order.comment,
        tags=order.tags.split(),
    )


def _word(value: str) -> str:
    return value.replace(" ", "_")


def _address(address: OrderAddress) -> AddressView:
    return AddressView.model_validate(address, from_attributes=True)


def _method(method: str, name: str, price: str, rate: Decimal) -> MethodView:
    return MethodView(method=method, name=name, price=price, vat_rate=f"{rate:f}")


def _line(line: OrderLine, currency: str) -> LineView:
    return LineView(
        sku=line.sku,
        name=line.name,
        unit=line.unit,
        unit_price=f"{line.unit_price:f}",
        quantity=f"{line.ordered:f}",
        discount=as_text(line.discount, currency),
        vat_rate=f"{line.vat_rate:f}",
        vat_category=line.vat_category,
        total=as_text(line.total, currency),
        cancelled=f"{line.cancelled:f}",
        invoiced=f"{line.invoiced:f}",
        shipped=f"{line.shipped:f}",
        returned=f"{line.returned:f}",
        credited=f"{line.credited:f}",
    )


def _payment(payment: Payment, currency: str) -> PaymentView:
    return PaymentView(
        amount=as_text(payment.amount, currency),
        method=payment.method,
        provider_reference=payment.provider_reference,
        booked_on=payment.booked_on,
        reason=payment.reason,
    )


def _shipment(shipment: Shipment, places: dict[int | None, int]) -> ShipmentView:
    return ShipmentView(
        number=shipment.number,
        state=_word(shipment.state),
        carrier=shipment.carrier,
        shipped_at=shipment.shipped_at,
        tracking_numbers=[parcel.tracking_number for parcel in shipment.parcels],
        lines=[ParcelLineView(line=places[part.order_line_id], quantity=f"{part.quantity:f}") for part in shipment.lines],
    )


def _document(document: Document) -> DocumentView:
    return DocumentView(
        number=document.number,
        kind=_word(document.kind),
        language=document.language,
        issued_on=document.issued_on,
        total=as_text(document.total, document.currency),
        pdf=f"/documents/{document.public_id}.pdf",
    )
