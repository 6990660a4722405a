"""The sums of an order whose lines changed after it came in, worked out as for one that comes in (INV-4, W-15)."""

from decimal import Decimal
from typing import Literal, cast

from backoffice_app.domain.core import money
from backoffice_app.domain.core.money import to_decimal
from backoffice_app.domain.orders.new_order import (
    NewAddress,
    NewDiscount,
    NewLine,
    NewOrder,
    NewPayment,
    NewShipping,
    VatCategory,
)
from backoffice_app.domain.orders.place import AS_GOODS
from backoffice_app.domain.orders.sums import total_of
from backoffice_app.models import Order, OrderLine


def recompute(order: Order) -> None:
    """Afterwards each line's `total` and the order's `total` are of what is not cancelled; `order` is loaded whole.

    The discount on the order is at most what the goods come to.
    """
    for line in order.lines:
        gross = money.times(line.unit_price, line.ordered - line.cancelled, order.currency)
        line.discount = min(line.discount, gross)
        line.total = gross - line.discount
    order.discount = min(order.discount, sum(line.total for line in order.lines))
    order.total = total_of(as_new(order)) if order.lines else order.shipping_price + order.payment_cost


def lessen(line: OrderLine, quantity: Decimal, currency: str) -> None:
    """Cancels `quantity` of a line that is not invoiced; its discount falls in proportion, rounded once."""
    before = line.ordered - line.cancelled
    line.cancelled += quantity
    left = before - quantity
    line.discount = money.round_half_up(Decimal(line.discount) * left / before) if left else 0
    line.total = money.times(line.unit_price, left, currency) - line.discount


def as_new(order: Order) -> NewOrder:
    """The order's figures as those of one that comes in, for `sums`; its `total` is as it stands."""

    def major(amount: int) -> Decimal:
        return to_decimal(amount, order.currency)

    def rate(said: Decimal, category: str) -> tuple[Decimal | None, VatCategory]:
        return (None, "") if category == AS_GOODS else (said, cast(VatCategory, category))

    shipping, payment = (
        rate(order.shipping_vat_rate, order.shipping_vat_category),
        rate(order.payment_vat_rate, order.payment_vat_category),
    )
    return NewOrder.model_construct(
        placed_at=order.placed_at,
        currency=order.currency,
        prices=cast(Literal["gross", "net"], order.prices),
        billing_address=NewAddress.model_construct(country=""),
        lines=tuple(_line(line, order.currency) for line in order.lines),
        discount=NewDiscount.model_construct(name=order.discount_name, amount=major(order.discount)),
        shipping=NewShipping.model_construct(
            price=major(order.shipping_price), vat_rate=shipping[0], vat_category=shipping[1]
        ),
        payment=NewPayment.model_construct(
            cost=major(order.payment_cost), vat_rate=payment[0], vat_category=payment[1]
        ),
        payments=(),
        shipments=(),
        cancelled_at=None,
        total=major(order.total),
    )


def _line(line: OrderLine, currency: str) -> NewLine:
    return NewLine.model_construct(
        sku=line.sku,
        name=line.name,
        quantity=line.ordered,
        cancelled=line.cancelled,
        returned=Decimal(0),
        unit=line.unit,
        unit_price=line.unit_price,
        discount=to_decimal(line.discount, currency),
        vat_rate=line.vat_rate,
        vat_category=cast(VatCategory, line.vat_category),
        ships=line.ships,
    )
