"""What a document will say, taken from order and shop at the moment of issue (INV-3)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, cast

from backoffice_app.domain.core import clock
from backoffice_app.domain.core.identifiers import is_vat_id
from backoffice_app.domain.core.money import to_decimal
from backoffice_app.domain.core.shipping_methods import Shipping
from backoffice_app.domain.core.shop import Shop
from backoffice_app.domain.core.snapshot import (
    DocumentSnapshot,
    Line,
    PackingSlipSnapshot,
    Parcel,
    Party,
    Reason,
    Reference,
    Seller,
    SlipLine,
    VatCategory,
)
from backoffice_app.domain.invoicing.tax import CATEGORIES, TaxCase, lines_left
from backoffice_app.domain.invoicing.totals import Cost, Goods, Key, Totals, invoice_totals
from backoffice_app.domain.order.addressee import known_number, name_of
from backoffice_app.domain.order.methods import OrderMethods
from backoffice_app.domain.order.pickup import is_pickup
from backoffice_app.domain.order.states import (
    ShipmentState,
    amount_owed,
    left_to_ship,
    paid_towards,
    received,
)
from backoffice_app.domain.orders.place import AS_GOODS
from backoffice_app.models import Customer, Document, Order, OrderAddress, OrderLine, Payment, Shipment


def totals_of(order: Order, case: TaxCase) -> Totals:
    """The sums of an order's invoice by EN 16931 in its tax case, whatever is cancelled left out (INV-4).

    The order is loaded whole.
    """
    goods = [_goods(piece) for piece in _pieces(order, case, None)]
    return _sums(order, goods, case.shipping, case.payment)


def added_totals_of(
    order: Order, case: TaxCase, added: Mapping[int, Decimal], taxes: Mapping[Key, int] | None = None
) -> Totals:
    """The sums of an invoice on pieces that were added to lines, by rank, without any cost or discount (W-17).

    `taxes`: see `totals`.
    """
    goods = [_goods(piece) for piece in _pieces(order, case, added)]
    return invoice_totals(cast(Literal["gross", "net"], order.prices), order.currency, goods, taxes=taxes)


@dataclass(frozen=True)
class _Piece:
    """So much of a line of the order, as an invoice has it."""

    line: OrderLine
    quantity: Decimal
    key: Key
    discount: int


def _pieces(order: Order, case: TaxCase, added: Mapping[int, Decimal] | None) -> Iterator[_Piece]:
    """What an invoice has of the order's lines: all that is left of them, or what was `added`, by rank."""
    for line, key in zip(lines_left(order), case.lines, strict=True):
        if added is None:
            yield _Piece(line, line.ordered - line.cancelled, key, line.discount)
        elif quantity := added.get(line.rank):
            yield _Piece(line, quantity, key, 0)


def _goods(piece: _Piece) -> Goods:
    category, rate = piece.key
    return Goods(piece.quantity, piece.line.unit_price, rate, category, piece.discount)


def placed_totals_of(order: Order) -> Totals:
    """The sums of an order as it was placed, whatever was cancelled of it since (INV-4).

    The order is loaded with its lines.

    Where nobody has said why a part has 0 % VAT, it counts as any part with 0 %: the sums are the same.
    """
    one = Decimal(1)
    keys = [_placed(line.vat_category, line.vat_rate) for line in order.lines]
    goods = [
        Goods(one, to_decimal(line.total, order.currency), rate, category)
        for line, (category, rate) in zip(order.lines, keys, strict=True)
    ]
    shipping = (
        None
        if order.shipping_vat_category == AS_GOODS
        else _placed(order.shipping_vat_category, order.shipping_vat_rate)
    )
    payment = (
        None
        if order.payment_vat_category == AS_GOODS
        else _placed(order.payment_vat_category, order.payment_vat_rate)
    )
    return _sums(order, goods, shipping, payment)


def _placed(category: str, rate: Decimal) -> Key:
    return (
        ("S", rate)
        if rate
        else (cast(VatCategory, category if category in CATEGORIES and category != "S" else "Z"), rate)
    )


def _sums(order: Order, goods: Sequence[Goods], shipping: Key | None, payment: Key | None) -> Totals:
    prices = cast(Literal["gross", "net"], order.prices)
    costs = []
    if order.shipping_price:
        costs.append(_cost("shipping", order.shipping_price, shipping, order.shipping_method_name))
    if order.payment_cost:
        costs.append(_cost("payment cost", order.payment_cost, payment, order.payment_method_name))
    return invoice_totals(
        prices, order.currency, goods, costs, discount=order.discount, discount_name=order.discount_name
    )


def _cost(kind: Literal["shipping", "payment cost"], amount: int, key: Key | None, name: str) -> Cost:
    return Cost(kind, amount, None, name=name) if key is None else Cost(kind, amount, key[1], key[0], name)


@dataclass(frozen=True)
class Supply:
    """When the goods of an invoice left: `day` of the last that did, `to_come` where some are still to leave (§ 14 (4)
    no. 6 UStG).
    """

    day: date | None
    to_come: bool


def supply_of(order: Order, zone: str, issued_on: date) -> Supply:
    """The supply as it stands now; what need not be shipped, such as a download, is supplied with its invoice of
    `issued_on`.
    """
    goods = [line for line in lines_left(order) if line.ships]
    if not goods:
        return Supply(issued_on, to_come=False)
    shipped = [
        shipment.shipped_at
        for shipment in order.shipments
        if shipment.shipped_at and shipment.state == ShipmentState.SHIPPED
    ]
    return Supply(
        clock.day_of(max(shipped), zone) if shipped else None,
        to_come=any(left_to_ship(line) for line in goods),
    )


@dataclass(frozen=True)
class Addition:
    """Pieces that were added to the order after it was invoiced, by rank of their line.

    `to`: the invoice that they add to (W-17).
    """

    quantities: Mapping[int, Decimal]
    to: Document


def invoice_snapshot(
    shop: Shop,
    order: Order,
    case: TaxCase,
    totals: Totals,
    methods: OrderMethods,
    *,
    number: str,
    day: date,
    at: datetime,
    due: date | None,
    supply: Supply,
    language: str = "",
    customer: Customer | None = None,
    corrects: Sequence[Document] = (),
    addition: Addition | None = None,
) -> DocumentSnapshot:
    """The snapshot of an order's invoice.

    `day`, `due`: legal days; `at`: the moment of issue; `language`: else the order's.

    The shop's text at the end of invoices in this language is its own text to begin with (M-1).
    `corrects`: the invoices that it takes the place of. `addition`: where it is on added pieces alone.
    """
    billing, delivery = addresses_of(order)
    came = received(order)
    if addition:
        came = max(
            0, paid_towards(order) - (amount_owed(order) - totals.total)
        )  # what was paid pays the other invoices first
    paid = max(
        0, min(came, totals.total)
    )  # what was refunded since is a credit note's matter, never owed again
    booked = _standing(order.payments) if came or not addition else []
    earlier = addition.to if addition else next(iter(corrects), None)
    footer = shop.footers.text_in((language or order.language).partition("-")[0])
    pieces = list(_pieces(order, case, addition.quantities if addition else None))
    return DocumentSnapshot(
        kind="invoice",
        number=number,
        issued_on=day,
        issued_at=at,
        supplied_on=supply.day,
        supply_to_come=supply.to_come,
        received_on=max(payment.booked_on for payment in booked) if booked and supply.to_come else None,
        due_on=due,
        language=language or order.language,
        currency=order.currency,
        prices=cast(Literal["gross", "net"], order.prices),
        seller=seller_of(shop),
        buyer=buyer_of(order, customer),
        delivery=named(party_of(delivery), order, customer) if delivery is not billing else None,
        order_number=order.number,
        ordered_on=clock.day_of(order.placed_at, shop.regional.zone),
        customer_number=customer.number if customer else "",
        known_number=known_number(order),
        refers_to=Reference(number=earlier.number, issued_on=earlier.issued_on) if earlier else None,
        also_replaces=tuple(one.number for one in corrects[1:]),
        is_addition=addition is not None,
        remarks=(footer,) if footer else (),
        lines=tuple(
            Line(
                position=position,
                sku=piece.line.sku,
                name=piece.line.name,
                quantity=piece.quantity,
                unit=piece.line.unit,
                unit_price=piece.line.unit_price,
                discount=piece.discount,
                vat_rate=piece.key[1],
                vat_category=piece.key[0],
                net=sums.net,
                tax=sums.tax,
                gross=sums.gross,
                effective_gross=sums.effective_gross,
                net_unit_price=sums.net_unit_price,
                net_discount=sums.net_discount,
                rank=piece.line.rank,
            )
            for position, (piece, sums) in enumerate(zip(pieces, totals.lines, strict=True), 1)
        ),
        adjustments=totals.adjustments,
        rates=tuple(
            rate.model_copy(update={"reason": reason_for(shop, rate.category)}) for rate in totals.rates
        ),
        net=totals.net,
        tax=totals.tax,
        total=totals.total,
        paid=paid,
        paid_by=tuple(dict.fromkeys(filter(None, (_method_of(payment, order) for payment in booked)))),
        overpaid=max(0, came - totals.total),
        open_amount=totals.total - paid,
        payment_method=order.payment_method_name or methods.payment.name_in(order.language),
        collects=methods.payment.collects.value,
        is_pickup=is_pickup(order),
        payment_method_names=dict(methods.payment.names),
        shipping_method=order.shipping_method_name,
        shipping_method_names=dict(methods.shipping.names),
    )


def _standing(payments: Sequence[Payment]) -> list[Payment]:
    """The payments that came in and were not booked back."""
    booked_back = {payment.reverses_id for payment in payments if payment.reverses_id}
    return [
        payment
        for payment in payments
        if payment.amount > 0 and not payment.reverses_id and payment.id not in booked_back
    ]


def _method_of(payment: Payment, order: Order) -> str:
    """The name of what was paid with; the order's name of its method where the payment has only the key."""
    return order.payment_method_name if payment.method in {"", order.payment_method} else payment.method


def reason_for(shop: Shop, category: VatCategory) -> Reason:
    """Which sentence says why no tax is charged, where it is not the usual one of the category."""
    is_german = shop.company.country == "DE"
    if category == "E" and not shop.administration.small_business:
        return "exempt"
    if category == "E" and not is_german:
        return "small business"
    return "zero" if category == "Z" and not is_german else ""


def packing_slip_snapshot(
    shop: Shop,
    order: Order,
    shipment: Shipment,
    shipping: Shipping,
    *,
    language: str = "",
    customer: Customer | None = None,
    remarks: Iterable[str] = (),
) -> PackingSlipSnapshot:
    """What is in one shipment, for the slip in the parcel; in `language`, else the order's (SHIP-1).

    `remarks`: paragraphs below.
    """
    billing, delivery = addresses_of(order)
    return PackingSlipSnapshot(
        number=shipment.number,
        issued_on=clock.day_of(shipment.created_at, shop.regional.zone),
        issued_at=shipment.created_at,
        language=language or order.language,
        seller=seller_of(shop),
        delivery=named(party_of(delivery or billing), order, customer),
        is_pickup=is_pickup(order),
        comment=order.comment if shop.administration.comment_on_slips else "",
        order_number=order.number,
        ordered_on=clock.day_of(order.placed_at, shop.regional.zone),
        customer_number=customer.number if customer else "",
        known_number=known_number(order),
        shipping_method=shipping.name_in(language or order.language),
        parcels=tuple(
            Parcel(carrier=parcel.carrier, tracking_number=parcel.tracking_number)
            for parcel in shipment.parcels
        ),
        lines=tuple(
            SlipLine(
                position=position,
                sku=packed.line.sku,
                name=packed.line.name,
                options=packed.line.options,
                quantity=packed.quantity,
                unit=packed.line.unit,
                ordered=packed.line.ordered - packed.line.cancelled,
                to_follow=_to_follow(packed.line, packed.quantity, shipment),
            )
            for position, packed in enumerate(shipment.lines, 1)
        ),
        remarks=tuple(line for remark in remarks for line in remark.split("\n")),
    )


def _to_follow(line: OrderLine, packed: Decimal, shipment: Shipment) -> Decimal:
    left = left_to_ship(line)
    return left if shipment.state == ShipmentState.SHIPPED else max(left - packed, Decimal(0))


def addresses_of(order: Order) -> tuple[OrderAddress | None, OrderAddress | None]:
    """Billing and shipping address; the shipping address is the billing one where there is no other."""
    billing = next((a for a in order.addresses if a.kind == "billing"), None)
    return billing, next((a for a in order.addresses if a.kind == "shipping"), billing)


def buyer_of(order: Order, customer: Customer | None) -> Party:
    """Whom the invoice of the order is for, as it stands now."""
    billing, _delivery = addresses_of(order)
    return named(party_of(billing, order.vat_id if is_vat_id(order.vat_id) else ""), order, customer)


def party_of(address: OrderAddress | None, vat_id: str = "") -> Party:
    """An address as a document prints it."""
    if address is None:
        return Party(vat_id=vat_id)
    return Party(
        vat_id=vat_id,
        **address.model_dump(
            include={"name", "company", "street", "addition", "postcode", "city", "region", "country"}
        ),
    )


def named(party: Party, order: Order, customer: Customer | None) -> Party:
    """`party`, with what the customer is called else where its address names nobody."""
    return (
        party if party.name or party.company else party.model_copy(update={"name": name_of(order, customer)})
    )


def seller_of(shop: Shop) -> Seller:
    """The shop as it is at issue."""
    company = shop.company
    return Seller(
        company=company.name,
        name=company.owner,
        logo=shop.mail_look.logo_sha256,
        **company.model_dump(include=set(Seller.model_fields) & set(type(company).model_fields) - {"name"}),
    )
