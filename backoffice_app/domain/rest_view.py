"""An order as the REST API tells it: exact texts, values of ST-1 with `_` for the blank (API-1)."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType

from sqlmodel import Session, col, select

from backoffice_app.db import reading
from backoffice_app.domain.core.choice_lists import names_of
from backoffice_app.domain.core.cursor import row_after
from backoffice_app.domain.core.errors import NotFound
from backoffice_app.domain.core.money import as_text
from backoffice_app.domain.core.payment_methods import BY_PROVIDER
from backoffice_app.domain.core.resources import Resource, offer
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.subjects import LARGEST_ID
from backoffice_app.domain.custom_status.statuses import all_statuses, colour_of
from backoffice_app.domain.customer.details import own_pairs
from backoffice_app.domain.invoicing.snapshot import placed_totals_of
from backoffice_app.domain.mail.subject import MAIL
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.address_findings import open_findings, typed
from backoffice_app.domain.order.states import invoice_waits, step_of
from backoffice_app.domain.order.whole import WHOLE, id_of_number, order_of_number
from backoffice_app.domain.orders.place import AS_GOODS
from backoffice_app.domain.payments import number_of
from backoffice_app.domain.places.streets import split
from backoffice_app.domain.rest_models import (
    AddressView,
    CustomStatusView,
    DocumentView,
    LineView,
    MethodView,
    OrderPage,
    OrderView,
    ParcelLineView,
    PaymentView,
    ReturnedLineView,
    ReturnView,
    ShipmentView,
    TotalsView,
)
from backoffice_app.domain.returns.credit import notes_of
from backoffice_app.models import (
    CustomStatus,
    Document,
    DocumentVersion,
    Order,
    OrderAddress,
    OrderLine,
    OrderReturn,
    OutboxMail,
    Payment,
    Shipment,
)


def order_view(number: str, sent_by: int | None = None) -> OrderView:
    """One order by its number; with `sent_by`, the id of an API key, only one that this key brought in.

    Raises NotFound.
    """
    with reading() as session:
        order = readable_order(session, number, sent_by)
        return view_of(order, own_statuses(session, [order]))


def readable_order(session: Session, number: str, sent_by: int | None) -> Order:
    """One order by its number with all its parts; with `sent_by` only one that this API key brought in.

    Raises NotFound.
    """
    order = order_of_number(session, number)
    if sent_by not in {None, order.sent_by}:
        raise NotFound(number)
    return order


def _readable_id(session: Session, number: str, sent_by: int | None) -> int:
    """The id of an order by its number; with `sent_by` only of one that this API key brought in. Raises NotFound."""
    id_ = id_of_number(session, number)
    if sent_by is not None and session.exec(select(Order.sent_by).where(Order.id == id_)).one() != sent_by:
        raise NotFound(number)
    return id_


ORDERS = offer(Resource(ORDER, "orders", Right.ORDERS_READ, readable_order, find=_readable_id))
"""Orders, whose actions the API offers."""


def _readable_mail(session: Session, number: str, sent_by: int | None) -> OutboxMail:
    """One mail of the outbox by its number; with `sent_by` only one about an order that this API key brought in.

    Raises NotFound.
    """
    id_ = MAIL.find(session, number)
    statement = select(OutboxMail).where(OutboxMail.id == min(id_, LARGEST_ID))
    if sent_by is not None:
        statement = statement.join(Order, col(Order.id) == col(OutboxMail.order_id)).where(
            Order.sent_by == sent_by
        )
    mail = session.exec(statement).first()
    if mail is None:
        raise NotFound(number)
    return mail


MAILS = offer(Resource(MAIL, "mails", Right.MAIL, _readable_mail))
"""Mails of the outbox, whose actions the API offers."""


def order_page(limit: int, after: str, sent_by: int | None = None) -> OrderPage:
    """At most `limit` (up to 200) orders that follow the cursor `after`, newest first; with `sent_by` only those of
    this API key.

    Raises Invalid naming `limit` or `after`.
    """
    follows = row_after(limit, after)
    with reading() as session:
        orders = select(Order).where(col(Order.is_draft).is_(False))
        statement = orders.order_by(col(Order.position).desc()).limit(limit + 1).options(*WHOLE)
        if follows is not None:
            statement = statement.where(Order.position < follows)
        if sent_by is not None:
            statement = statement.where(
                Order.sent_by == sent_by, col(Order.sent_by) != 0
            )  # the index holds only these
        found = session.exec(statement).all()
        following = str(found[limit - 1].position) if len(found) > limit else None
        own = own_statuses(session, found)
        return OrderPage(orders=[view_of(order, own) for order in found[:limit]], next=following)


def document_version(public_id: str, sent_by: int | None = None) -> tuple[int, str]:
    """The id of the newest version of the document with this random id, and the document's number; with `sent_by` only
    of an order that this API key brought in. Raises NotFound.
    """
    with reading() as session:
        statement = (
            select(DocumentVersion.id, Document.number)
            .join(Document)
            .where(Document.public_id == public_id)
            .order_by(col(DocumentVersion.version).desc())
        )
        if sent_by is not None:
            statement = statement.join(Order, col(Order.id) == col(Document.order_id)).where(
                Order.sent_by == sent_by
            )
        found = session.exec(statement).first()
    if found is None or found[0] is None:
        raise NotFound(public_id)
    return found[0], found[1]


def own_statuses(session: Session, orders: Iterable[Order]) -> dict[int, CustomStatus]:
    """The shop's own statuses by id, if one of the orders has one; one statement at most."""
    if not any(order.custom_status_id for order in orders):
        return {}
    return {one.id or 0: one for one in all_statuses(session)}


def status_view(status: CustomStatus) -> CustomStatusView:
    """A custom status as the API tells it."""
    return CustomStatusView(id=str(status.id), names=names_of(status), colour=colour_of(status.colour))


def view_of(order: Order, own: Mapping[int, CustomStatus] = MappingProxyType({})) -> OrderView:
    """The view of an order that is loaded with all its parts, such as one that was placed a moment ago; reads nothing.

    `own`: the custom statuses by id, of which an order that has just come in has none.
    """
    custom = own.get(order.custom_status_id or 0)

    def money(amount: int) -> str:
        return as_text(amount, order.currency)

    addresses = {address.kind: _address(order, address) for address in order.addresses}
    sums = placed_totals_of(order)
    numbers = {document.id: document.number for document in order.documents}
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
        custom_status=status_view(custom) if custom else None,
        payment_state=_word(order.payment_state),
        shipping_state=_word(order.shipping_state),
        return_state=_word(order.return_state),
        email=order.email,
        phone=order.phone,
        vat_id=order.vat_id,
        billing_address=addresses["billing"],
        shipping_address=addresses.get("shipping"),
        lines=[_line(line, order.currency) for line in order.lines],
        shipping=_method(
            order.shipping_method,
            order.shipping_method_name,
            money(order.shipping_price),
            order.shipping_vat_rate,
            order.shipping_vat_category,
        ),
        payment=_method(
            order.payment_method,
            order.payment_method_name,
            money(order.payment_cost),
            order.payment_vat_rate,
            order.payment_vat_category,
        ),
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
        payments=[_payment(payment, number_of(order, payment), order.currency) for payment in order.payments],
        shipments=[_shipment(shipment, places) for shipment in order.shipments],
        documents=[_document(document, numbers) for document in order.documents],
        returns=[_return(order, came_back) for came_back in order.returns],
        invoice_waits=invoice_waits(order),
        invoiced_by_provider=order.invoicing == BY_PROVIDER,
        comment=order.comment,
        options=order.options,
        tags=order.tags.split("\n") if order.tags else [],
        own_fields=dict(own_pairs(order.own_fields)),
        version=order.version,
    )


def _word(value: str) -> str:
    return value.replace(" ", "_")


def _address(order: Order, address: OrderAddress) -> AddressView:
    apart = split(address.street, address.country)
    return AddressView(
        **typed(address)._asdict(),
        street_name=apart.name,
        house_number=apart.number,
        warnings=[finding.kind for finding in open_findings(order, address)],
    )


def _method(method: str, name: str, price: str, rate: Decimal, category: str) -> MethodView:
    if category == AS_GOODS:
        return MethodView(method=method, name=name, price=price, vat_rate=None, vat_category="")
    return MethodView(
        method=method,
        name=name,
        price=price,
        vat_rate=f"{rate:f}",
        vat_category=category or ("S" if rate else ""),
    )


def _line(line: OrderLine, currency: str) -> LineView:
    return LineView(
        rank=line.rank,
        sku=line.sku,
        name=line.name,
        options=line.options,
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


def _payment(payment: Payment, number: str, currency: str) -> PaymentView:
    return PaymentView(
        number=number,
        amount=as_text(payment.amount, currency),
        method=payment.method,
        provider_reference=payment.provider_reference,
        booked_on=payment.booked_on,
        reason=payment.reason,
        kind=_word(payment.kind),
    )


def _shipment(shipment: Shipment, places: dict[int | None, int]) -> ShipmentView:
    return ShipmentView(
        number=shipment.number,
        state=_word(shipment.state),
        carrier=shipment.carrier,
        shipped_at=shipment.shipped_at,
        tracking_numbers=[parcel.tracking_number for parcel in shipment.parcels],
        lines=[
            ParcelLineView(line=places[part.order_line_id], quantity=f"{part.quantity:f}")
            for part in shipment.lines
        ],
    )


def _return(order: Order, came_back: OrderReturn) -> ReturnView:
    ranks = {line.id: line.rank for line in order.lines}
    return ReturnView(
        number=came_back.number,
        state=_word(step_of(came_back)),
        reason=came_back.reason,
        action=came_back.action,
        pays=came_back.pays,
        text=came_back.comment,
        message=came_back.message,
        created_at=came_back.created_at,
        received_at=came_back.received_at,
        closed_at=came_back.closed_at,
        locked=came_back.is_locked,
        document=next(
            (document.number for document in order.documents if document.id == came_back.document_id), ""
        ),
        documents=[document.number for document in notes_of(order, came_back)],
        lines=[
            ReturnedLineView(
                rank=ranks[held.order_line_id],
                quantity=f"{held.quantity:f}",
                received=f"{held.received:f}",
                restocked=f"{held.restocked:f}",
                condition=_word(held.condition),
            )
            for held in came_back.lines
        ],
        withdrawn_at=came_back.withdrawn_at,
        reference=came_back.reference,
        slip=f"/return-slips/{came_back.number}.pdf",
    )


def _document(document: Document, numbers: dict[int | None, str]) -> DocumentView:
    return DocumentView(
        number=document.number,
        kind=_word(document.kind),
        language=document.language,
        issued_on=document.issued_on,
        total=as_text(document.total, document.currency),
        open=as_text(document.open_amount, document.currency),
        credits=numbers.get(document.credits_id) if document.credits_id else None,
        pdf=f"/documents/{document.public_id}.pdf",
    )
