"""What a return slip says (RET-3)."""

from backoffice_app.domain.core import clock
from backoffice_app.domain.core.return_slip import ReturnedLine, ReturnSlipSnapshot
from backoffice_app.domain.core.shop import Shop
from backoffice_app.domain.invoicing.snapshot import addresses_of, named, party_of, seller_of
from backoffice_app.domain.order.addressee import known_number
from backoffice_app.domain.returns.rules import line_of
from backoffice_app.models import Customer, Order, OrderReturn


def return_slip_snapshot(
    shop: Shop, order: Order, came_back: OrderReturn, *, language: str = "", customer: Customer | None = None
) -> ReturnSlipSnapshot:
    """What comes back with this return, for the slip in the parcel; in `language`, else the order's.

    What arrived unannounced stays out.
    """
    billing, delivery = addresses_of(order)
    parts = [(line_of(order, held), held.quantity) for held in came_back.lines if held.quantity]
    return ReturnSlipSnapshot(
        number=came_back.number,
        issued_on=clock.day_of(came_back.created_at, shop.regional.zone),
        issued_at=came_back.created_at,
        language=language or order.language,
        seller=seller_of(shop),
        customer=named(party_of(delivery or billing), order, customer),
        order_number=order.number,
        ordered_on=clock.day_of(order.placed_at, shop.regional.zone),
        customer_number=customer.number if customer else "",
        known_number=known_number(order),
        reason=came_back.reason,
        action=came_back.action,
        pays="shop" if came_back.pays == "shop" else "customer" if came_back.pays == "customer" else "",
        lines=tuple(
            ReturnedLine(
                position=position,
                sku=line.sku,
                name=line.name,
                options=line.options,
                quantity=quantity,
                unit=line.unit,
            )
            for position, (line, quantity) in enumerate(parts, 1)
        ),
    )
