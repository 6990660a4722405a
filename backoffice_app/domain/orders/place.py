"""An order comes in: rows, numbers, money that was already there, and one open shipment."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import bindparam, insert
from sqlmodel import col, select

from backoffice_app.db import hold, is_sqlite, next_id
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.carriers import carrier_of
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.position import position_of
from backoffice_app.domain.core.rights import ActorKind
from backoffice_app.domain.core.series import draw
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail import MailKind, write
from backoffice_app.domain.orders.facts import OrderPlaced
from backoffice_app.domain.orders.new_order import BookedPayment, NewAddress, NewOrder, NewShipment, PayState
from backoffice_app.i18n import _
from backoffice_app.models import Customer, Order, OrderAddress, OrderLine, Parcel, Payment, PaymentMethod, Product, Shipment, ShipmentLine

_FROM_SOURCE = select(col(Customer.id), col(Customer.language)).where(col(Customer.source) == bindparam("of_source"))
# That it is not empty is said because the index holds no empty ones, and the planners take it only when told so.
_BY_REFERENCE = _FROM_SOURCE.where(col(Customer.external_reference) == bindparam("reference"), col(Customer.external_reference) != "")
_BY_EMAIL = _FROM_SOURCE.where(col(Customer.email) == bindparam("address")).order_by(col(Customer.id)).limit(1)
_NEW_CUSTOMER = insert(Customer).returning(col(Customer.id))
_BY_SKU = select(col(Product.sku), col(Product.id)).where(col(Product.sku).in_(bindparam("skus", expanding=True)))


def place_order(w: Work, new: NewOrder) -> Order:
    """The order with all its parts, recorded as `OrderPlaced`; listeners make its invoice where the policy says so (INV-1).

    Money that was already received is booked (PAY-1), parcels that already left are kept, and what is left to ship lies in
    one open shipment (SHIP-1). Raises Invalid for a payment reference that is booked already.
    """
    _refuse_known_payments(w, new)
    customer = _customer(w, new)
    order = _order(w, new, customer)
    order.addresses = _addresses(new)
    order.lines = _lines(w, new)
    w.add_order(order)
    order.payments = [_payment(w, new, order, payment) for payment in new.received()]
    order.shipments, order.documents = [], []  # before the first flush, which would make them things to be loaded
    for past in new.shipments:
        order.shipments.append(_past_shipment(w, order, past))
    if not order.cancelled_at:
        prepare_shipment(w, order)
    w.record(order, OrderPlaced(source=new.source, reference=new.external_reference, lines=len(new.lines)))
    return order


def confirm_order(w: Work, order: Order) -> None:
    """Tells the customer that the order came in, with the invoice where there is one; once for an order (M-1, M-3)."""
    write(w, MailKind.ORDER_CONFIRMATION, order, about="placed", documents=order.documents)


def prepare_shipment(w: Work, order: Order) -> Shipment | None:
    """One open shipment with all that is in no shipment yet; none where nothing is left (SHIP-1)."""
    packed: dict[int, Decimal] = {}
    for shipment in order.shipments:
        if shipment.state != "cancelled":
            for held in shipment.lines:
                packed[held.line.rank] = packed.get(held.line.rank, Decimal(0)) + held.quantity
    left = [(line, line.ordered - line.cancelled - packed.get(line.rank, Decimal(0))) for line in order.lines if line.ships]
    if not any(quantity > 0 for _line, quantity in left):
        return None
    number, _day = draw(w.session, "shipment", w.today)
    shipment = Shipment(
        number=number, order_id=order.id or 0, created_at=w.at, carrier=carrier_of(order.shipping_method, order.shipping_method_name)
    )
    shipment.lines = [ShipmentLine(line=line, quantity=quantity) for line, quantity in left if quantity > 0]
    shipment.parcels = []
    order.shipments.append(shipment)
    return shipment


def _refuse_known_payments(w: Work, new: NewOrder) -> None:
    """A provider's reference is booked once, on one order (PAY-1, I5)."""
    for payment in new.received():
        if payment.provider_reference:
            reference = col(Payment.provider_reference)
            known = select(Payment.id).where(Payment.provider == payment.method, reference == payment.provider_reference, reference != "")
            if w.session.exec(known).first():
                reason = _("The payment {reference} of {method} is booked already, on another order.")
                raise Invalid("payment.provider_reference", reason.format(reference=payment.provider_reference, method=payment.method))


@dataclass(frozen=True)
class _Known:
    """What an order takes from its customer."""

    id: int
    language: str


def _customer(w: Work, new: NewOrder) -> _Known | None:
    who = new.customer
    name = who.last_name or who.company or who.email or new.billing_address.name
    if not name:
        return None
    found = _known_customer(w, new)
    if found is None and not is_sqlite(w.session) and (who.external_reference or who.email):
        hold(w.session, f"customer {new.source} {who.external_reference or who.email.lower()}")
        found = _known_customer(w, new)  # of two orders that came at once the other may have made the customer
    if found:
        return found
    number, _day = draw(w.session, "customer", w.today)
    row = {
        "number": number,
        "source": new.source,
        "external_reference": who.external_reference,
        "email": who.email.lower(),
        "first_name": who.first_name,
        "last_name": who.last_name or ("" if who.first_name else new.billing_address.name),
        "company": who.company,
        "phone": who.phone,
        "vat_id": who.vat_id,
        "language": new.language or w.shop.regional.language,
        "warning": "",
        "created_at": w.at,
    }
    return _Known(w.connection.execute(_NEW_CUSTOMER, row).scalar_one() or 0, str(row["language"]))


def _known_customer(w: Work, new: NewOrder) -> _Known | None:
    """Who ordered before under this reference, or without one from this e-mail address, at the same source."""
    who = new.customer
    if not who.external_reference and not who.email:
        return None
    wanted = {"of_source": new.source, "reference": who.external_reference, "address": who.email.lower()}
    row = w.connection.execute(_BY_REFERENCE if who.external_reference else _BY_EMAIL, wanted).first()
    return _Known(row[0] or 0, row[1]) if row else None


def _order(w: Work, new: NewOrder, customer: _Known | None) -> Order:
    number, _day = draw(w.session, "order", w.today)
    order_id = next_id(w.session, "orders")
    return Order(
        id=order_id,
        number=number,
        position=position_of(int(new.placed_at.timestamp()), order_id),
        source=new.source,
        external_reference=new.external_reference,
        number_at_source=new.number_at_source,
        placed_at=new.placed_at,
        language=new.language or (customer.language if customer else w.shop.regional.language),
        currency=new.currency,
        prices=new.prices,
        customer_id=customer.id if customer else None,
        vat_id=new.customer.vat_id,
        email=new.customer.email,
        phone=new.customer.phone,
        comment=new.comment,
        tags=" ".join(new.tags),
        sent_by=w.actor.id if w.actor.kind is ActorKind.API_KEY else 0,
        payment_method=new.payment.method,
        payment_method_name=new.payment.name or new.payment.method,
        payment_by_provider=_is_by_provider(w, new),
        payment_cost=new.minor(new.payment.cost),
        payment_vat_rate=new.payment.vat_rate,
        authorised_at=new.payment.paid_at or new.placed_at if new.payment.state is PayState.AUTHORISED else None,
        shipping_method=new.shipping.method,
        shipping_method_name=new.shipping.name or new.shipping.method,
        shipping_price=new.minor(new.shipping.price),
        shipping_vat_rate=new.shipping.vat_rate,
        discount_name=new.discount.name,
        discount=new.minor(new.discount.amount),
        total=new.minor(new.total),
        cancelled_at=new.cancelled_at,
    )


def _is_by_provider(w: Work, new: NewOrder) -> bool:
    """Whether a provider took the money at once, so that `Not paid` has no sense (W-2)."""
    if new.payment.state is not PayState.PAID:
        return False
    if new.payment.provider_reference:
        return True
    method = w.session.get(PaymentMethod, new.payment.method) if new.payment.method else None
    return bool(method and method.by_provider)


def _addresses(new: NewOrder) -> list[OrderAddress]:
    def copy(kind: str, address: NewAddress) -> OrderAddress:
        return OrderAddress(kind=kind, **address.model_dump())

    made = [copy("billing", new.billing_address)]
    if new.shipping_address and new.shipping_address != new.billing_address:
        made.append(copy("shipping", new.shipping_address))
    return made


def _lines(w: Work, new: NewOrder) -> list[OrderLine]:
    skus = {line.sku for line in new.lines if line.sku}
    rows = w.connection.execute(_BY_SKU, {"skus": list(skus)}).all() if skus else []
    products: dict[str, int | None] = {sku: id_ for sku, id_ in rows}  # noqa: C416  # dict() of rows loses the types
    shipped = _shipped_quantities(new)
    return [
        OrderLine(
            rank=rank,
            product_id=products.get(line.sku),
            sku=line.sku,
            name=line.name,
            unit=line.unit,
            ships=line.ships,
            unit_price=line.unit_price,
            discount=new.minor(line.discount),
            vat_rate=line.vat_rate,
            vat_category=line.vat_category or ("S" if line.vat_rate else "Z"),
            total=new.line_total(line),
            ordered=line.quantity,
            cancelled=line.quantity - shipped.get(rank - 1, Decimal(0)) if new.cancelled_at else Decimal(0),
            shipped=shipped.get(rank - 1, Decimal(0)),
        )
        for rank, line in enumerate(new.lines, 1)
    ]


def _shipped_quantities(new: NewOrder) -> dict[int, Decimal]:
    """What left before, by index of the line. A shipment without lines holds all that ships."""
    gone: dict[int, Decimal] = {}
    for shipment in new.shipments:
        for index, quantity in _contents(new, shipment):
            gone[index] = gone.get(index, Decimal(0)) + quantity
            if gone[index] > new.lines[index].quantity:
                raise Invalid("shipments", _("More of “{name}” was shipped than was ordered.").format(name=new.lines[index].name))
    return gone


def _contents(new: NewOrder, shipment: NewShipment) -> list[tuple[int, Decimal]]:
    if shipment.lines:
        return [(line.line, line.quantity) for line in shipment.lines]
    return [(index, line.quantity) for index, line in enumerate(new.lines) if line.ships]


def _past_shipment(w: Work, order: Order, past: NewShipment) -> Shipment:
    number, _day = draw(w.session, "shipment", w.today)
    shipment = Shipment(
        number=number,
        order_id=order.id or 0,
        state="shipped",
        carrier=past.carrier,
        created_at=past.shipped_at,
        shipped_at=past.shipped_at,
        shipped_by=order.source,
    )
    quantities = {line.line: line.quantity for line in past.lines} or {i: line.ordered for i, line in enumerate(order.lines) if line.ships}
    shipment.lines = [ShipmentLine(line=order.lines[i], quantity=quantity) for i, quantity in quantities.items()]
    shipment.parcels = [Parcel(tracking_number=number, carrier=past.carrier) for number in past.tracking_numbers]
    return shipment


def _payment(w: Work, new: NewOrder, order: Order, payment: BookedPayment) -> Payment:
    moment = payment.paid_at or new.placed_at
    return Payment(
        order_id=order.id or 0,
        amount=new.minor(payment.amount),
        booked_on=clock.day_of(moment, w.shop.regional.zone),
        booked_at=w.at,
        method=payment.name or payment.method or new.payment.name or new.payment.method,
        provider=payment.method,
        provider_reference=payment.provider_reference,
        reason=payment.reason,
        actor_name=w.actor.name,
    )
