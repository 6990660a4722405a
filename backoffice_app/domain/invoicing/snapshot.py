"""What a document will say, taken from order and shop at the moment of issue (INV-3)."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, cast

from backoffice_app.domain.core import clock
from backoffice_app.domain.core.shop import Shop
from backoffice_app.domain.core.snapshot import DocumentSnapshot, Line, PackingSlipSnapshot, Parcel, Party, Seller, SlipLine, VatCategory
from backoffice_app.domain.core.states import left_to_ship, received
from backoffice_app.domain.invoicing.totals import Cost, Goods, Totals, invoice_totals
from backoffice_app.models import Order, OrderAddress, OrderLine, Shipment


def totals_of(order: Order) -> Totals:
    """The sums of an order by EN 16931, whatever is cancelled left out (INV-4). The order is loaded with its lines."""
    return _sums(order, invoiced_lines(order))


def placed_totals_of(order: Order) -> Totals:
    """The sums of an order as it was placed, whatever was cancelled of it since (INV-4). The order is loaded with its lines."""
    return _sums(order, order.lines)


def invoiced_lines(order: Order) -> list[OrderLine]:
    """The lines of which something is left after what was cancelled."""
    return [line for line in order.lines if line.ordered > line.cancelled]


def _sums(order: Order, lines: Sequence[OrderLine]) -> Totals:
    prices = cast(Literal["gross", "net"], order.prices)
    goods = [Goods(line.ordered, line.unit_price, line.vat_rate, cast(VatCategory, line.vat_category), line.discount) for line in lines]
    costs = []
    if order.shipping_price:
        costs.append(_cost("shipping", order.shipping_price, order.shipping_vat_rate, order.shipping_method_name))
    if order.payment_cost:
        costs.append(_cost("payment cost", order.payment_cost, order.payment_vat_rate, order.payment_method_name))
    return invoice_totals(prices, order.currency, goods, costs, discount=order.discount, discount_name=order.discount_name)


def _cost(kind: Literal["shipping", "payment cost"], amount: int, rate: Decimal, name: str) -> Cost:
    return Cost(kind, amount, rate, "S" if rate else "Z", name)


def invoice_snapshot(
    shop: Shop, order: Order, totals: Totals, *, number: str, day: date, at: datetime, due: date | None, supplied: date
) -> DocumentSnapshot:
    """The snapshot of an order's invoice. `day`, `due`, `supplied`: legal days; `at`: the moment of issue."""
    billing, delivery = addresses_of(order)
    paid = max(0, min(received(order), totals.total))  # what was refunded since is a credit note's matter, never owed again
    return DocumentSnapshot(
        kind="invoice",
        number=number,
        issued_on=day,
        issued_at=at,
        supplied_on=supplied,
        due_on=due,
        language=order.language,
        currency=order.currency,
        prices=cast(Literal["gross", "net"], order.prices),
        seller=seller_of(shop),
        buyer=party_of(billing, order.vat_id),
        delivery=party_of(delivery) if delivery is not billing else None,
        order_number=order.number,
        ordered_on=clock.day_of(order.placed_at, shop.regional.zone),
        customer_reference=order.external_reference,
        lines=tuple(
            Line(
                position=position,
                sku=line.sku,
                name=line.name,
                quantity=line.ordered,
                unit=line.unit,
                unit_price=line.unit_price,
                discount=line.discount,
                vat_rate=line.vat_rate,
                vat_category=cast(VatCategory, line.vat_category),
                net=sums.net,
                tax=sums.tax,
                gross=sums.gross,
                effective_gross=sums.effective_gross,
                net_unit_price=sums.net_unit_price,
                net_discount=sums.net_discount,
            )
            for position, (line, sums) in enumerate(zip(invoiced_lines(order), totals.lines, strict=True), 1)
        ),
        adjustments=totals.adjustments,
        rates=totals.rates,
        net=totals.net,
        tax=totals.tax,
        total=totals.total,
        paid=paid,
        open_amount=totals.total - paid,
        payment_method=order.payment_method_name,
        shipping_method=order.shipping_method_name,
    )


def packing_slip_snapshot(shop: Shop, order: Order, shipment: Shipment) -> PackingSlipSnapshot:
    """What lies in one shipment, for the slip in the parcel; in the order's language (SHIP-1)."""
    billing, delivery = addresses_of(order)
    return PackingSlipSnapshot(
        number=shipment.number,
        issued_on=clock.day_of(shipment.created_at, shop.regional.zone),
        issued_at=shipment.created_at,
        language=order.language,
        seller=seller_of(shop),
        delivery=party_of(delivery or billing),
        order_number=order.number,
        ordered_on=clock.day_of(order.placed_at, shop.regional.zone),
        shipping_method=order.shipping_method_name,
        parcels=tuple(Parcel(carrier=parcel.carrier, tracking_number=parcel.tracking_number) for parcel in shipment.parcels),
        lines=tuple(
            SlipLine(
                position=position,
                sku=packed.line.sku,
                name=packed.line.name,
                quantity=packed.quantity,
                unit=packed.line.unit,
                ordered=packed.line.ordered,
                to_follow=_to_follow(packed.line, packed.quantity, shipment),
            )
            for position, packed in enumerate(shipment.lines, 1)
        ),
    )


def _to_follow(line: OrderLine, packed: Decimal, shipment: Shipment) -> Decimal:
    left = left_to_ship(line)
    return left if shipment.state == "shipped" else max(left - packed, Decimal(0))


def addresses_of(order: Order) -> tuple[OrderAddress | None, OrderAddress | None]:
    """Billing and shipping address; the shipping address is the billing one where there is no other."""
    billing = next((a for a in order.addresses if a.kind == "billing"), None)
    return billing, next((a for a in order.addresses if a.kind == "shipping"), billing)


def party_of(address: OrderAddress | None, vat_id: str = "") -> Party:
    """An address as a document prints it."""
    if address is None:
        return Party(vat_id=vat_id)
    return Party(
        vat_id=vat_id, **address.model_dump(include={"name", "company", "street", "addition", "postcode", "city", "region", "country"})
    )


def seller_of(shop: Shop) -> Seller:
    """The shop as it is at issue."""
    company = shop.company
    return Seller(
        company=company.name,
        name=company.owner,
        **company.model_dump(include=set(Seller.model_fields) & set(type(company).model_fields) - {"name"}),
    )
