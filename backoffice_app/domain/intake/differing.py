"""In what an order that is sent again differs from the one that Kontor keeps (API-1)."""

from collections.abc import Iterator
from decimal import Decimal

from backoffice_app.domain.core.money import as_text
from backoffice_app.domain.orders.differing import Difference
from backoffice_app.domain.orders.fields import plain
from backoffice_app.domain.orders.new_order import NewAddress, NewLine, NewOrder
from backoffice_app.models import Order, OrderAddress, OrderLine

ADDRESS = tuple(NewAddress.model_fields)


def differences(order: Order, new: NewOrder) -> list[Difference]:
    """All that differs but for money that moved, parcels, and what was cancelled or returned.

    `order` is loaded whole.
    """
    return [Difference(*found) for found in _compared(order, new) if found[1] != found[2]]


def has_same_goods(order: Order, new: NewOrder) -> bool:
    """Whether the lines are the same goods in the same numbers at the same prices, so that what became of them can be
    compared.
    """
    if len(order.lines) != len(new.lines):
        return False
    return all(_goods(a) == _goods(b) for a, b in zip(order.lines, new.lines, strict=True))


def has_same_costs(order: Order, new: NewOrder) -> bool:
    """Whether currency, discount, shipping and payment cost are the same."""
    kept = (order.currency, order.prices, order.discount, order.shipping_price, order.payment_cost)
    sent = (new.discount.amount, new.shipping.price, new.payment.cost)
    return kept == (new.currency, new.prices, *map(new.minor, sent))


def _goods(line: OrderLine | NewLine) -> tuple[object, ...]:
    quantity = line.ordered if isinstance(line, OrderLine) else line.quantity
    return line.sku, quantity, line.unit_price, line.vat_rate, line.ships


def _compared(order: Order, new: NewOrder) -> Iterator[tuple[str, str, str]]:
    yield "currency", order.currency, new.currency
    yield "prices", order.prices, new.prices
    if order.currency == new.currency:
        yield "total", as_text(order.total, order.currency), as_text(new.minor(new.total), new.currency)
        yield (
            "discount.amount",
            as_text(order.discount, order.currency),
            as_text(new.minor(new.discount.amount), new.currency),
        )
        yield (
            "shipping.price",
            as_text(order.shipping_price, order.currency),
            as_text(new.minor(new.shipping.price), new.currency),
        )
    yield "customer.email", order.email, new.customer.email
    yield "customer.phone", order.phone, new.customer.phone
    yield "customer.vat_id", order.vat_id, new.customer.vat_id
    kept = {address.kind: address for address in order.addresses}
    yield from _address("billing_address", kept.get("billing"), new.billing_address)
    own = new.shipping_address if new.shipping_address != new.billing_address else None
    yield from _address("shipping_address", kept.get("shipping"), own)
    yield "shipping.method", order.shipping_method, new.shipping.method
    yield "payment.method", order.payment_method, new.payment.method
    yield "comment", order.comment, new.comment
    yield "options", order.options, new.options
    kept_tags = order.tags.split("\n")
    if set(new.tags) - set(kept_tags):  # what colleagues tagged does not concern the shop
        yield "tags", ", ".join(kept_tags), ", ".join(dict.fromkeys(new.tags))
    if len(order.lines) != len(new.lines):
        yield "lines", str(len(order.lines)), str(len(new.lines))
    for i, (line, sent) in enumerate(zip(order.lines, new.lines, strict=False)):
        yield f"lines[{i}].sku", line.sku, sent.sku
        yield f"lines[{i}].name", line.name, sent.name
        yield f"lines[{i}].options", line.options, sent.options
        yield f"lines[{i}].quantity", _number(line.ordered), _number(sent.quantity)
        yield f"lines[{i}].unit_price", _number(line.unit_price), _number(sent.unit_price)
        yield f"lines[{i}].vat_rate", _number(line.vat_rate), _number(sent.vat_rate)


def _address(name: str, kept: OrderAddress | None, sent: NewAddress | None) -> Iterator[tuple[str, str, str]]:
    if kept is None or sent is None:
        yield name, _on_one_line(kept), _on_one_line(sent)
        return
    for field in ADDRESS:
        yield f"{name}.{field}", getattr(kept, field), getattr(sent, field)


def _on_one_line(address: OrderAddress | NewAddress | None) -> str:
    return ", ".join(filter(None, (getattr(address, field) for field in ADDRESS))) if address else ""


def _number(number: Decimal) -> str:
    return plain(number.normalize())
