"""Whether an order adds up; if not, both figures are said (API-2, INV-4)."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
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
    problems = [
        *_lines_below_zero(order),
        *_impossible_payments(order),
        *_cancelled_too_much(order),
        *_shipped_too_much(order),
    ]
    goods = sum(order.line_total(line) for line in order.lines)
    if order.minor(order.discount.amount) > goods:
        reason = _("The discount of {discount} is more than the lines come to, {lines}.")
        discount = _text(order, order.minor(order.discount.amount))
        problems.append(
            Invalid("discount.amount", reason.format(discount=discount, lines=_text(order, goods)))
        )
    if not problems and (adds_up_to := total_of(order)) != order.minor(order.total):
        reason = _(
            "The order says {total}, but its lines, discounts, shipping and payment cost add up to {sum}."
        )
        problems.append(
            Invalid(
                "total",
                reason.format(total=_text(order, order.minor(order.total)), sum=_text(order, adds_up_to)),
            )
        )
    return problems


def total_of(order: "NewOrder") -> int:
    """What the customer owes by the order's own lines, in minor units, gross (INV-4).

    Gross prices: the plain sum. Net prices: the order discount, and costs that say no rate, are spread over the rates
    of the goods by largest remainder; VAT is rounded once per rate.
    """
    by_rate = _by_rate(order)
    return sum(by_rate.values()) + (vat_of(order) if order.prices == "net" else 0)


def vat_of(order: "NewOrder") -> int:
    """The VAT of the order in minor units as its invoice will say it: rounded once for each rate (INV-4)."""
    vat = 0
    for (_category, rate), amount in _by_rate(order).items():
        share = Fraction(rate) / (100 + Fraction(rate))
        vat += (
            money.percent(amount, rate)
            if order.prices == "net"
            else amount - money.round_half_up(amount * (1 - share))
        )
    return vat


def _by_rate(order: "NewOrder") -> dict[tuple[str, Decimal], int]:
    """What falls under each rate, in the order's prices."""
    by_rate: dict[tuple[str, Decimal], int] = defaultdict(int)
    for line in order.lines:
        by_rate[_key(line.vat_rate, line.vat_category)] += order.line_total(line)
    goods = dict(by_rate)
    discount = order.minor(order.discount.amount)
    if discount:
        parts = money.allocate(discount, list(by_rate.values()))
        for rate, part in zip(list(by_rate), parts, strict=True):
            by_rate[rate] -= part
    for cost, said in ((order.shipping.price, order.shipping), (order.payment.cost, order.payment)):
        if said.vat_rate is not None:
            by_rate[_key(said.vat_rate, said.vat_category)] += order.minor(cost)
            continue
        weights = list(goods.values()) if any(goods.values()) else [1] * len(goods)
        for rate, share in zip(goods, money.allocate(order.minor(cost), weights), strict=True):
            by_rate[rate] += share
    return by_rate


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
        yield Invalid(
            "currency",
            _("{currency} was in use until {day} only.").format(currency=order.currency, day=LazyDay(last)),
        )


def _too_many_decimals(order: "NewOrder") -> Iterator[Invalid]:
    for field, amount in _amounts(order):
        if amount != round(amount, money.digits(order.currency)):
            reason = _("“{value}” has more decimals than {currency} has.")
            yield Invalid(field, reason.format(value=f"{amount:f}", currency=order.currency))


def _lines_below_zero(order: "NewOrder") -> Iterator[Invalid]:
    for i, line in enumerate(order.lines):
        if order.line_total(line) < 0:
            before = order.line_total(line) + order.minor(line.discount)
            reason = _("The discount of {discount} is more than the line comes to, {line}.")
            discount = _text(order, order.minor(line.discount))
            yield Invalid(f"lines[{i}].discount", reason.format(discount=discount, line=_text(order, before)))
        yield from _wrong_category(f"lines[{i}]", line.vat_rate, line.vat_category)
    yield from _wrong_category("shipping", order.shipping.vat_rate, order.shipping.vat_category)
    yield from _wrong_category("payment", order.payment.vat_rate, order.payment.vat_category)


def _wrong_category(field: str, rate: Decimal | None, category: str) -> Iterator[Invalid]:
    if rate and category not in ("", "S"):
        reason = _("VAT category {category} goes with a rate of 0 only.")
        yield Invalid(f"{field}.vat_category", reason.format(category=category))
    if rate is None and category:
        yield Invalid(f"{field}.vat_rate", _("Is missing: a VAT category goes with a rate."))


def _impossible_payments(order: "NewOrder") -> Iterator[Invalid]:
    for i, payment in enumerate(order.payments):
        if payment.amount == 0:
            yield Invalid(f"payments[{i}].amount", _("Must not be zero."))
        earlier = {(p.method, p.provider_reference) for p in order.payments[:i]} | {
            (order.payment.method, order.payment.provider_reference)
        }
        if payment.provider_reference and (payment.method, payment.provider_reference) in earlier:
            yield Invalid(f"payments[{i}].provider_reference", _("Stands twice in this order."))


def _cancelled_too_much(order: "NewOrder") -> Iterator[Invalid]:
    for i, line in enumerate(order.lines):
        if line.cancelled > line.quantity:
            reason = _("Cancelled are {cancelled}, but only {ordered} were ordered.")
            yield Invalid(
                f"lines[{i}].cancelled",
                reason.format(cancelled=f"{line.cancelled:f}", ordered=f"{line.quantity:f}"),
            )
        elif line.cancelled and order.cancelled_at:
            yield Invalid(
                f"lines[{i}].cancelled", _("The whole order is cancelled; its lines say nothing of it.")
            )
    if all(line.cancelled == line.quantity for line in order.lines):
        yield Invalid("lines", _("Everything is cancelled: say so of the whole order, by cancelled_at."))


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
            ordered = order.lines[part.line].quantity - order.lines[part.line].cancelled
            if shipped[part.line] > ordered:
                reason = _("Shipped are {shipped}, but only {ordered} were ordered.")
                yield Invalid(
                    f"{field}.quantity",
                    reason.format(shipped=f"{shipped[part.line]:f}", ordered=f"{ordered:f}"),
                )
        if not shipment.lines:
            shipped.update(
                {i: line.quantity - line.cancelled for i, line in enumerate(order.lines) if line.ships}
            )
    for i, line in enumerate(order.lines):
        if line.returned > shipped[i]:
            reason = _("Returned are {returned}, but only {shipped} were shipped.")
            yield Invalid(
                f"lines[{i}].returned",
                reason.format(returned=f"{line.returned:f}", shipped=f"{shipped[i]:f}"),
            )
