"""EN 16931's sums: the gross total the customer paid stays, net and tax are found per VAT rate (INV-4)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.money import allocate, digits, round_half_up, times
from backoffice_app.domain.core.snapshot import Adjustment, AdjustmentKind, Prices, RateTotal, VatCategory
from backoffice_app.i18n import _

Key = tuple[VatCategory, Decimal]


@dataclass(frozen=True)
class Goods:
    """One order line as the shop states it, gross or net as its prices: `unit_price` in major units, `discount` in
    minor units.
    """

    quantity: Decimal
    unit_price: Decimal
    rate: Decimal
    category: VatCategory = "S"
    discount: int = 0


@dataclass(frozen=True)
class Cost:
    """Shipping, payment cost or a fee, in minor units, gross or net as the shop's prices.

    Without `rate` it follows the goods' rates.
    """

    kind: AdjustmentKind
    amount: int
    rate: Decimal | None = None
    category: VatCategory = "S"
    name: str = ""


@dataclass(frozen=True)
class LineSums:
    """What `snapshot.Line` wants to know of a line, in the order of the goods.

    Minor units; `net_unit_price` in major units.
    """

    net: int
    tax: int
    gross: int
    effective_gross: int
    net_unit_price: Decimal
    net_discount: int


@dataclass(frozen=True)
class Totals:
    """All sums of one invoice, in minor units; `net + tax == total`, exact on every level."""

    lines: tuple[LineSums, ...]
    adjustments: tuple[Adjustment, ...]
    rates: tuple[RateTotal, ...]
    net: int
    tax: int
    total: int


@dataclass
class _Item:
    """One row on its way; `stated` is in the shop's prices, negative for a discount."""

    kind: str
    name: str
    key: Key
    stated: int
    net: int = 0
    gross: int = 0
    effective: int = 0


def invoice_totals(
    prices: Prices,
    currency: str,
    goods: Sequence[Goods],
    costs: Sequence[Cost] = (),
    *,
    discount: int = 0,
    discount_name: str = "",
    taxes: Mapping[Key, int] | None = None,
) -> Totals:
    """The sums of an order with these lines, costs and order `discount` (minor units, in the shop's prices).

    In a gross shop `total` is exactly the lines plus costs less discount, as the customer paid it. The order discount
    becomes one allowance per rate. Raises Invalid for quantities not above 0 and for discounts above what they lessen.
    (INV-4) `taxes`: the VAT of a rate where it is not rounded for itself, as on an invoice that adds to another one.
    """
    lines = [_line(line, i, currency) for i, line in enumerate(goods)]
    items = lines + _costs(costs, lines)
    items += _discounts(discount, discount_name, items)
    groups: dict[Key, list[_Item]] = {}
    for item in items:
        groups.setdefault(item.key, []).append(item)
    divide = _divide_gross if prices == "gross" else _divide_net
    rates = tuple(_rate(key, groups[key], divide, (taxes or {}).get(key)) for key in sorted(groups))
    for group in groups.values():
        _set_effective(group)
    return Totals(
        lines=tuple(_sums(item, line, prices, currency) for item, line in zip(lines, goods, strict=True)),
        adjustments=tuple(_adjustment(item) for item in items if item.kind != "line"),
        rates=rates,
        net=sum(rate.net for rate in rates),
        tax=sum(rate.tax for rate in rates),
        total=sum(rate.gross for rate in rates),
    )


def unit_price(net: int, quantity: Decimal, currency: str) -> Decimal:
    """The price of one in major units, with as few decimals as make quantity x price round to `net` minor units again.

    Up to 12 decimals, which is enough for quantities below 10 ** 10; ValueError beyond. (INV-4)
    """
    for places in range(digits(currency), 13):
        scaled = Fraction(net) / Fraction(quantity) * 10 ** (places - digits(currency))
        price = Decimal(round_half_up(scaled)).scaleb(-places)
        if times(price, quantity, currency) == net:
            return price
    raise ValueError(f"no price for {net} / {quantity}")


def _line(line: Goods, index: int, currency: str) -> _Item:
    if line.quantity <= 0:
        raise Invalid(f"lines[{index}].quantity", _("The quantity must be above 0."))
    if line.unit_price < 0:
        raise Invalid(
            f"lines[{index}].unit_price", _("The price must not be negative; enter a discount instead.")
        )
    before = times(line.unit_price, line.quantity, currency)
    if not 0 <= line.discount <= before:
        raise Invalid(
            f"lines[{index}].discount", _("The discount must lie between 0 and the amount of the line.")
        )
    return _Item("line", "", (line.category, line.rate), before - line.discount)


def _by_rate(items: Sequence[_Item]) -> dict[Key, int]:
    sums: dict[Key, int] = {}
    for item in items:
        sums[item.key] = sums.get(item.key, 0) + item.stated
    return sums


def _costs(costs: Sequence[Cost], lines: Sequence[_Item]) -> list[_Item]:
    """The costs as items; one that follows the goods is split over their rates by largest remainder."""
    found = []
    for cost in costs:
        if cost.amount < 0:
            raise Invalid(cost.kind, _("The price must not be negative; enter a discount instead."))
        if cost.rate is not None:
            found.append(_Item(cost.kind, cost.name, (cost.category, cost.rate), cost.amount))
            continue
        weights = _by_rate(lines)
        if not weights:
            raise Invalid(cost.kind, _("Without goods the VAT rate must be named."))
        shares = allocate(
            cost.amount, list(weights.values()) if any(weights.values()) else [1] * len(weights)
        )
        found += [
            _Item(cost.kind, cost.name, key, share)
            for key, share in zip(weights, shares, strict=True)
            if share
        ]
    return [item for item in found if item.stated]


def _discounts(discount: int, name: str, items: Sequence[_Item]) -> list[_Item]:
    """The order discount as one allowance per rate: over the goods, and over the costs too where it is more than the
    goods.
    """
    if not discount:
        return []
    weights = _by_rate([item for item in items if item.kind == "line"])
    if discount > sum(weights.values()):
        weights = _by_rate(items)
    if not 0 < discount <= sum(weights.values()):
        raise Invalid("discount", _("The discount must lie between 0 and the amount of the order."))
    shares = allocate(discount, list(weights.values()))
    return [_Item("discount", name, key, -share) for key, share in zip(weights, shares, strict=True) if share]


def _rate(
    key: Key,
    group: Sequence[_Item],
    divide: Callable[[Sequence[_Item], Fraction, int | None], None],
    tax: int | None,
) -> RateTotal:
    divide(group, Fraction(key[1]) / 100, tax)
    net, gross = sum(item.net for item in group), sum(item.gross for item in group)
    return RateTotal(category=key[0], rate=key[1], net=net, tax=gross - net, gross=gross)


def _divide_gross(group: Sequence[_Item], rate: Fraction, tax: int | None) -> None:
    """Keeps the gross sum and rounds its net once; the cents by which the rows' nets miss it go to the
    largest lines.
    """
    gross = sum(item.stated for item in group)
    target = round_half_up(Fraction(gross) / (1 + rate)) if tax is None else gross - tax
    for item in group:
        item.gross, item.net = item.stated, round_half_up(Fraction(item.stated) / (1 + rate))
    odd = target - sum(item.net for item in group)
    step = 1 if odd > 0 else -1
    largest_first = sorted(group, key=lambda item: (item.kind != "line", -abs(item.net)))
    able = [item for item in largest_first if 0 <= item.net + step <= item.gross] or largest_first
    for n in range(abs(odd)):
        able[n % len(able)].net += step


def _divide_net(group: Sequence[_Item], rate: Fraction, tax: int | None) -> None:
    """Taxes the net sum once; the rows share this tax by largest remainder."""
    net = sum(item.stated for item in group)
    tax = round_half_up(net * rate) if tax is None else tax
    for item in group:
        item.net, item.gross = item.stated, item.stated
    adding = [item for item in group if item.net > 0]
    for item in group:
        if item.net < 0:
            share = round_half_up(item.net * rate)
            item.gross += share
            tax -= share
    if adding:
        for item, share in zip(adding, allocate(tax, [item.net for item in adding]), strict=True):
            item.gross += share


def _set_effective(group: Sequence[_Item]) -> None:
    """Each row's gross less its share of the rate's discounts; the lines bear it, the costs too where the lines are not
    enough.
    """
    lessened = -sum(item.gross for item in group if item.kind == "discount")
    rows = [item for item in group if item.kind != "discount"]
    for item in rows:
        item.effective = item.gross
    if not lessened:
        return
    bearing = [item for item in rows if item.kind == "line"]
    if sum(item.gross for item in bearing) < lessened:
        bearing = rows
    for item, share in zip(bearing, allocate(lessened, [item.gross for item in bearing]), strict=True):
        item.effective -= share


def _sums(item: _Item, line: Goods, prices: Prices, currency: str) -> LineSums:
    before, price = item.net + line.discount, line.unit_price
    if prices == "gross":
        whole = Fraction(times(line.unit_price, line.quantity, currency)) / (1 + Fraction(line.rate) / 100)
        # An odd cent may have raised the net above the rounded price before the discount.
        before = max(round_half_up(whole), item.net) if line.discount else item.net
        price = unit_price(before, line.quantity, currency)
    return LineSums(item.net, item.gross - item.net, item.gross, item.effective, price, before - item.net)


def _adjustment(item: _Item) -> Adjustment:
    kind: AdjustmentKind = item.kind  # type: ignore[assignment]  # every item that is no line came from a Cost or a discount
    net, gross = abs(item.net), abs(item.gross)
    return Adjustment(
        kind=kind,
        name=item.name,
        vat_category=item.key[0],
        vat_rate=item.key[1],
        net=net,
        tax=gross - net,
        gross=gross,
        effective_gross=item.effective,
    )
