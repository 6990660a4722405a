"""An order comes in: rows, numbers, money that was already there, and one open shipment."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import bindparam, func, insert
from sqlmodel import col, select

from backoffice_app.db import hold, is_sqlite, next_id
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.payment_methods import BY_PROVIDER, Collects, method_of
from backoffice_app.domain.core.rights import ActorKind, Right
from backoffice_app.domain.core.search_text import SEARCHED_OF_CUSTOMER, customer_columns
from backoffice_app.domain.core.series import draw
from backoffice_app.domain.core.shipping_methods import shipping_of
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail import MailState, addresses, write
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.order.methods import shipping_of_order
from backoffice_app.domain.order.position import position_of
from backoffice_app.domain.order.states import ShipmentState
from backoffice_app.domain.orders.facts import EmailDoubted, OrderPlaced
from backoffice_app.domain.orders.new_order import (
    BookedPayment,
    NewAddress,
    NewOrder,
    NewPayment,
    NewShipment,
    NewShipping,
    PayState,
)
from backoffice_app.i18n import _
from backoffice_app.models import (
    Customer,
    Order,
    OrderAddress,
    OrderLine,
    Parcel,
    Payment,
    Product,
    Shipment,
    ShipmentLine,
)

# Who was merged into another customer is that one. The lock is the one that the key of the order takes anyway; taken
# here it waits for a merge that is under way and reads what came of it.
_WHO = func.coalesce(col(Customer.merged_into_id), col(Customer.id))
_FROM_SOURCE = (
    select(_WHO, col(Customer.language), col(Customer.own_fields))
    .where(col(Customer.source) == bindparam("of_source"))
    .with_for_update(read=True, key_share=True)
)
# That it is not empty is said because the index holds no empty ones, and the planners take it only when told so.
_BY_REFERENCE = _FROM_SOURCE.where(
    col(Customer.external_reference) == bindparam("reference"), col(Customer.external_reference) != ""
)
_BY_EMAIL = (
    _FROM_SOURCE.where(col(Customer.email) == bindparam("address")).order_by(col(Customer.id)).limit(1)
)
_NEW_CUSTOMER = insert(Customer).returning(col(Customer.id))
_BY_SKU = select(col(Product.sku), col(Product.id)).where(
    col(Product.sku).in_(bindparam("skus", expanding=True))
)


AS_GOODS = "goods"
"""The VAT category of shipping or payment cost that follows the goods."""
ELSEWHERE = "elsewhere"
"""`Order.invoicing` of an order that is invoiced by hand alone: it was invoiced before it came here."""


def place_order(w: Work, new: NewOrder, digest: str = "", *, invoicing: str = "") -> Order:
    """The order with all its parts, recorded as `OrderPlaced`; listeners make its invoice where the policy says so
    (INV-1).

    `digest`: of what was sent, by which an order that comes again is known to be the same. `invoicing`: ELSEWHERE for
    an order of the past, which gets no invoice by policy; neither does one whose provider issues it (PAY-0). Money that
    was already received is booked (PAY-1), parcels that already left are kept, and what is left to ship is in one
    open shipment (SHIP-1). Raises Invalid for a payment reference that is booked already.
    """
    _refuse_known_payments(w, new)
    customer = _customer(w, new)
    order = _order(w, new, customer)
    order.sent_digest = digest
    order.invoicing = _invoiced_by(w, new) or invoicing
    order.addresses = _addresses(new)
    order.lines = _lines(w, new)
    w.add(order)
    order.payments = [came_in(w, new, order, payment) for payment in new.received()]
    order.shipments, order.documents = (
        [],
        [],
    )  # before the first flush, which would make them things to be loaded
    for past in new.shipments:
        order.shipments.append(past_shipment(w, order, past, contents_of(new, past)))
    if not order.cancelled_at:
        prepare_shipment(w, order)
    w.record(order, OrderPlaced(source=new.source, reference=new.external_reference, lines=len(new.lines)))
    if not addresses(order.email) and order.email:
        w.record(order, EmailDoubted(address=order.email))
    return order


def confirm_order(w: Work, order: Order) -> None:
    """Tells the customer that the order came in; once for an order.

    Its invoice goes along and is sent by that (M-1, M-3, T-3).
    """
    mail = write(w, mail_kinds.ORDER_CONFIRMATION, order, about="placed", documents=order.documents)
    if mail is not None and mail.state != MailState.NO_SERVER:
        for document in order.documents:
            document.sent_at = w.at


def prepare_shipment(w: Work, order: Order) -> Shipment | None:
    """One open shipment with all that is in no shipment yet; none where nothing is left (SHIP-1)."""
    packed: dict[int, Decimal] = {}
    for shipment in order.shipments:
        if shipment.state != ShipmentState.CANCELLED:
            for held in shipment.lines:
                packed[held.line.rank] = packed.get(held.line.rank, Decimal(0)) + held.quantity
    left = [
        (line, line.ordered - line.cancelled - packed.get(line.rank, Decimal(0)))
        for line in order.lines
        if line.ships
    ]
    if not any(quantity > 0 for _line, quantity in left):
        return None
    number, _day = draw(w.session, "shipment", w.today)
    carrier = shipping_of_order(w.session, order).carrier
    shipment = Shipment(number=number, order_id=order.id or 0, created_at=w.at, carrier=carrier)
    shipment.lines = [ShipmentLine(line=line, quantity=quantity) for line, quantity in left if quantity > 0]
    shipment.parcels = []
    order.shipments.append(shipment)
    w.made("shipments", number)
    return shipment


def _refuse_known_payments(w: Work, new: NewOrder) -> None:
    """A provider's reference is booked once, on one order; within one source, since two shops count by themselves
    (PAY-1, I5).
    """
    for payment in new.received():
        number = booked_on(w, new.source, payment) if payment.provider_reference else None
        if number is not None:
            reason = _("The payment {reference} of {method} is booked already, on another order.")
            if w.actor.may(Right.READ) or w.actor.may(Right.ORDERS_READ):
                reason = _("The payment {reference} of {method} is booked already, on order {number}.")
            given = {"reference": payment.provider_reference, "method": payment.method, "number": number}
            raise Invalid("payment.provider_reference", reason.format(**given))


def booked_on(w: Work, source: str, payment: BookedPayment) -> str | None:
    """The number of the order on which money with this reference of its provider was booked, from the same source; None
    if on none.
    """
    reference, provider = col(Payment.provider_reference), provider_of(source, payment)
    mine = (Payment.provider == provider, reference == payment.provider_reference, reference != "")
    return w.session.exec(
        select(Order.number).join(Payment, col(Payment.order_id) == col(Order.id)).where(*mine)
    ).first()


def provider_of(source: str, payment: BookedPayment) -> str:
    """Who gave the reference of a payment, told apart by the source of the order."""
    return f"{source}/{payment.method}"


@dataclass(frozen=True)
class _Known:
    """What an order takes from its customer."""

    id: int
    language: str
    own_fields: str = ""


def _customer(w: Work, new: NewOrder) -> _Known | None:
    who = new.customer
    name = who.last_name or who.company or who.email or new.billing_address.name
    if not name:
        return None
    found = _known_customer(w, new)
    if found is None and not is_sqlite(w.session) and (who.external_reference or who.email):
        hold(w.session, f"customer {new.source} {who.external_reference or who.email.lower()}")
        found = _known_customer(
            w, new
        )  # of two orders that came at once the other may have made the customer
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
    row |= customer_columns(**{field: str(row[field]) for field in SEARCHED_OF_CUSTOMER})
    return _Known(w.connection.execute(_NEW_CUSTOMER, row).scalar_one() or 0, str(row["language"]))


def _known_customer(w: Work, new: NewOrder) -> _Known | None:
    """Who ordered before under this reference, or without one from this e-mail address, at the same source."""
    who = new.customer
    if not who.external_reference and not who.email:
        return None
    wanted = {"of_source": new.source, "reference": who.external_reference, "address": who.email.lower()}
    row = w.connection.execute(_BY_REFERENCE if who.external_reference else _BY_EMAIL, wanted).first()
    return _Known(row[0] or 0, row[1], row[2]) if row else None


def _order(w: Work, new: NewOrder, customer: _Known | None) -> Order:
    number, _day = draw(w.session, "order", w.today)
    order_id = next_id(w.session, "orders")
    language = new.language or (customer.language if customer else w.shop.regional.language)
    shipping = shipping_of(w.session, new.shipping.method, new.shipping.name)
    return Order(
        id=order_id,
        number=number,
        position=position_of(int(new.placed_at.timestamp()), order_id),
        source=new.source,
        external_reference=new.external_reference,
        number_at_source=new.number_at_source,
        placed_at=new.placed_at,
        language=language,
        currency=new.currency,
        prices=new.prices,
        customer_id=customer.id if customer else None,
        vat_id=new.customer.vat_id,
        email=new.customer.email,
        phone=new.customer.phone,
        comment=new.comment,
        options=new.options,
        own_fields=customer.own_fields if customer else "",
        tags="\n".join(dict.fromkeys(new.tags)),
        sent_by=w.actor.id if w.actor.kind is ActorKind.API_KEY else 0,
        payment_method=new.payment.method,
        payment_method_name=new.payment.name or new.payment.method,
        payment_collects=method_of(w.session, new.payment.method, new.payment.name).collects.value,
        payment_by_provider=is_by_provider(w, new),
        payment_link=new.payment.link,
        payment_cost=new.minor(new.payment.cost),
        payment_vat_rate=new.payment.vat_rate or Decimal(0),
        payment_vat_category=_category(new.payment),
        authorised_at=new.payment.paid_at or new.placed_at
        if new.payment.state is PayState.AUTHORISED
        else None,
        shipping_method=new.shipping.method,
        shipping_method_name=new.shipping.name or shipping.name_in(language),
        pickup=shipping.pickup.value,
        shipping_price=new.minor(new.shipping.price),
        shipping_vat_rate=new.shipping.vat_rate or Decimal(0),
        shipping_vat_category=_category(new.shipping),
        discount_name=new.discount.name,
        discount=new.minor(new.discount.amount),
        total=new.minor(new.total),
        cancelled_at=new.cancelled_at,
    )


def _invoiced_by(w: Work, new: NewOrder) -> str:
    """BY_PROVIDER where order or settings say that the payment provider issues the invoice; what the order says comes
    first (PAY-0).
    """
    said = new.payment.invoiced_by or method_of(w.session, new.payment.method, new.payment.name).invoiced_by
    return BY_PROVIDER if said == BY_PROVIDER else ""


def _category(cost: NewShipping | NewPayment) -> str:
    """The VAT category of a cost; a cost that says no rate follows the goods."""
    return AS_GOODS if cost.vat_rate is None else cost.vat_category


def is_by_provider(w: Work, new: NewOrder) -> bool:
    """Whether a provider took the money at once, so that `Not paid` has no sense (W-2)."""
    if new.payment.state is not PayState.PAID:
        return False
    if new.payment.provider_reference:
        return True
    return method_of(w.session, new.payment.method, new.payment.name).collects is Collects.PROVIDER


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
            options=line.options,
            unit=line.unit,
            ships=line.ships,
            unit_price=line.unit_price,
            discount=new.minor(line.discount),
            vat_rate=line.vat_rate,
            vat_category=line.vat_category or ("S" if line.vat_rate else ""),
            total=new.line_total(line),
            ordered=line.quantity,
            cancelled=line.quantity - shipped.get(rank - 1, Decimal(0))
            if new.cancelled_at
            else line.cancelled,
            shipped=shipped.get(rank - 1, Decimal(0)),
            returned=line.returned,
        )
        for rank, line in enumerate(new.lines, 1)
    ]


def _shipped_quantities(new: NewOrder) -> dict[int, Decimal]:
    """What left before, by index of the line. A shipment without lines holds all that ships."""
    gone: dict[int, Decimal] = {}
    for shipment in new.shipments:
        for index, quantity in contents_of(new, shipment):
            gone[index] = gone.get(index, Decimal(0)) + quantity
            if gone[index] > new.lines[index].quantity - new.lines[index].cancelled:
                raise Invalid(
                    "shipments",
                    _("More of “{name}” was shipped than was ordered.").format(name=new.lines[index].name),
                )
    return gone


def contents_of(new: NewOrder, shipment: NewShipment) -> list[tuple[int, Decimal]]:
    """What left in one parcel, as (index of the line, quantity).

    Without lines: all that ships and was not cancelled.
    """
    if shipment.lines:
        return [(line.line, line.quantity) for line in shipment.lines]
    left = ((index, line.quantity - line.cancelled) for index, line in enumerate(new.lines) if line.ships)
    return [(index, quantity) for index, quantity in left if quantity]


def past_shipment(w: Work, order: Order, past: NewShipment, contents: list[tuple[int, Decimal]]) -> Shipment:
    """A shipment that left before Kontor heard of it, with `contents` as (index of the line, quantity)."""
    number, _day = draw(w.session, "shipment", w.today)
    shipment = Shipment(
        number=number,
        order_id=order.id or 0,
        state=ShipmentState.SHIPPED.value,
        carrier=past.carrier,
        created_at=past.shipped_at,
        shipped_at=past.shipped_at,
        shipped_by=order.source,
    )
    quantities: dict[int, Decimal] = {}
    for index, quantity in contents:
        quantities[index] = quantities.get(index, Decimal(0)) + quantity
    shipment.lines = [
        ShipmentLine(line=order.lines[i], quantity=quantity) for i, quantity in quantities.items()
    ]
    shipment.parcels = [
        Parcel(tracking_number=number, carrier=past.carrier) for number in past.tracking_numbers
    ]
    return shipment


def came_in(w: Work, new: NewOrder, order: Order, payment: BookedPayment) -> Payment:
    """Money that moved at the shop, as a payment on `order`."""
    moment = payment.paid_at or new.placed_at
    return Payment(
        order_id=order.id or 0,
        amount=new.minor(payment.amount),
        booked_on=clock.day_of(moment, w.shop.regional.zone),
        booked_at=w.at,
        method=payment.name or payment.method or new.payment.name or new.payment.method,
        provider=provider_of(new.source, payment),
        provider_reference=payment.provider_reference,
        reason=payment.reason,
        actor_name=w.actor.name,
    )
