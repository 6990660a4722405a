"""Whether an order adds up; if not, both figures are said (API-2, INV-4)."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from backoffice_app.domain.core import money
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.orders.fields import LAST_DAYS
from backoffice_app.i18n import LazyDay, _

if TYPE_CHECKING:
    from backoffice_app.domain.orders.new_order import NewOrder


def problems_of(order: "NewOrder") -> list[Invalid]:
    """Everything about the order's figures that can't be, each with the field that says it; empty if it adds up."""
    problems = [*_money_of_the_past(order), *_too_many_decimals(order)]
    if problems:
        return problems
    problems = [*_lines_below_zero(order), *_impossible_payments(order), *_shipped_too_much(order)]
    goods = sum(order.line_total(line) for line in order.lines)
    if order.minor(order.discount.amount) > goods:
        reason = _("The discount of {discount} is more than the lines come to, {lines}.")
        discount = _text(order, order.minor(order.discount.amount))
        problems.append(Invalid("discount.amount", reason.format(discount=discount, lines=_text(order, goods))))
    if not problems and (adds_up_to := total_of(order)) != order.minor(order.total):
        reason = _("The order says {total}, but its lines, discounts, shipping and payment cost add up to {sum}.")
        problems.append(Invalid("total", reason.format(total=_text(order, order.minor(order.total)), sum=_text(order, adds_up_to))))
    return problems


def total_of(order: "NewOrder") -> int:
    """What the customer owes by the order's own lines, in minor units, gross (INV-4).

    Gross prices: the plain sum. Net prices: the order discount is spread over the rates by largest remainder, VAT is rounded once per rate.
    """
    by_rate: dict[tuple[str, Decimal], int] = defaultdict(int)
    for line in order.lines:
        by_rate[_key(line.vat_rate, line.vat_category)] += order.line_total(line)
    discount = order.minor(order.discount.amount)
    if discount:
        parts = money.allocate(discount, list(by_rate.values()))
        for rate, part in zip(list(by_rate), parts, strict=True):
            by_rate[rate] -= part
    by_rate[_key(order.shipping.vat_rate)] += order.minor(order.shipping.price)
    by_rate[_key(order.payment.vat_rate)] += order.minor(order.payment.cost)
    if order.prices == "gross":
        return sum(by_rate.values())
    return sum(net + money.percent(net, rate) for (_category, rate), net in by_rate.items())


def _key(rate: Decimal, category: str = "") -> tuple[str, Decimal]:
    return category or ("S" if rate else "Z"), rate


def _text(order: "NewOrder", amount: int) -> str:
    return f"{money.as_text(amount, order.currency)} {order.currency}"


def _amounts(order: "NewOrder") -> Iterator[tuple[str, Decimal]]:
    yield "total", order.total
    yield "discount.amount", order.discount.amount
    yield "shipping.price", order.shipping.price
    yield "payment.cost", order.payment.cost
    for i, line in enumerate(order.lines):
        yield f"lines[{i}].discount", line.discount
    for i, payment in enumerate(order.payments):
        yield f"payments[{i}].amount", payment.amount


def _money_of_the_past(order: "NewOrder") -> Iterator[Invalid]:
    """Orders of the past come in with the money of their day: kuna up to January 2023, but not today."""
    last = LAST_DAYS[order.currency]
    if order.placed_at.date() > last:
        yield Invalid("currency", _("{currency} was in use until {day} only.").format(currency=order.currency, day=LazyDay(last)))


def _too_many_decimals(order: "NewOrder") -> Iterator[Invalid]:
    for field, amount in _amounts(order):
        if amount != round(amount, money.digits(order.currency)):
            reason = _("“{value}” has more decimals than {currency} has.")
            yield Invalid(field, reason.format(value=f"{amount:f}", currency=order.currency))


def _lines_below_zero(order: "NewOrder") -> Iterator[Invalid]:
    for i, line in enumerate(order.lines):
        if order.line_total(line) < 0:
            before = money.times(line.unit_price, line.quantity, order.currency)
            reason = _("The discount of {discount} is more than the line comes to, {line}.")
            discount = _text(order, order.minor(line.discount))
            yield Invalid(f"lines[{i}].discount", reason.format(discount=discount, line=_text(order, before)))
        if line.vat_rate and line.vat_category not in ("", "S"):
            reason = _("VAT category {category} goes with a rate of 0 only.")
            yield Invalid(f"lines[{i}].vat_category", reason.format(category=line.vat_category))


def _impossible_payments(order: "NewOrder") -> Iterator[Invalid]:
    for i, payment in enumerate(order.payments):
        if payment.amount == 0:
            yield Invalid(f"payments[{i}].amount", _("Must not be zero."))
        earlier = {(p.method, p.provider_reference) for p in order.payments[:i]} | {
            (order.payment.method, order.payment.provider_reference)
        }
        if payment.provider_reference and (payment.method, payment.provider_reference) in earlier:
            yield Invalid(f"payments[{i}].provider_reference", _("Stands twice in this order."))


def _shipped_too_much(order: "NewOrder") -> Iterator[Invalid]:
    shipped: dict[int, Decimal] = defaultdict(Decimal)
    for s, shipment in enumerate(order.shipments):
        if not shipment.lines and len(order.shipments) > 1:
            yield Invalid(f"shipments[{s}].lines", _("With more than one shipment each must say its lines."))
        for n, part in enumerate(shipment.lines):
            field = f"shipments[{s}].lines[{n}]"
            if part.line >= len(order.lines):
                yield Invalid(f"{field}.line", _("There is no line {line}.").format(line=part.line))
                continue
            shipped[part.line] += part.quantity
            if shipped[part.line] > order.lines[part.line].quantity:
                reason = _("Shipped are {shipped}, but only {ordered} were ordered.")
                ordered = order.lines[part.line].quantity
                yield Invalid(f"{field}.quantity", reason.format(shipped=f"{shipped[part.line]:f}", ordered=f"{ordered:f}"))
