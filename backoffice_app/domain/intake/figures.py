"""The figures of a shop's order, which come as amounts and taxes, as lines with unit prices and VAT rates that add up
(API-2, INV-4).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from backoffice_app.domain.core import money
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.intake.fitting import fitted
from backoffice_app.domain.orders.fields import plain
from backoffice_app.domain.orders.new_order import InvalidOrder, NewOrder, parse_order
from backoffice_app.domain.orders.sums import vat_of
from backoffice_app.i18n import LazyText, _


@dataclass(frozen=True)
class Item:
    """Goods, a fee or the shipping of a shop's order.

    Amounts in major units, in the shop's price mode; `tax` lies on `after`.

    `before` and `after` the discount are of what is left of `quantity` without `cancelled`; `price` is of one where
    nothing is left.
    """

    path: str
    name: str
    quantity: Decimal
    before: Decimal
    after: Decimal
    tax: Decimal
    rate: Decimal
    sku: str = ""
    ships: bool = True
    method: str = ""
    options: str = ""
    cancelled: Decimal = Decimal(0)
    returned: Decimal = Decimal(0)
    price: Decimal = Decimal(0)


@dataclass(frozen=True)
class ShopOrder:
    """A shop's order as it says itself: what `settle` makes a NewOrder of.

    `total` is what all payments together should come to.

    `has_shares`: lines of which only a part is left were worked out by their share, so each may be off by a cent.
    """

    head: dict[str, Any]
    currency: str
    prices: str
    items: Sequence[Item]
    shipping: Item | None
    total: Decimal
    tax: Decimal
    discount_name: str = ""
    discount: Decimal = Decimal(0)
    names: dict[str, str] = field(default_factory=dict)
    has_shares: bool = False


def settle(shop: ShopOrder) -> tuple[NewOrder, list[LazyText]]:
    """The NewOrder whose total is the shop's, to the cent, and what had to be remarked on the way.

    Shops round VAT per line, Kontor per rate: where that moves a cent, the order is kept with gross prices, so that
    what the customer paid stays. Raises InvalidOrder with both figures if the shop's own figures do not add up.
    """
    try:
        order, remarks = _as_order(shop)
        return order, [*remarks, *_other_vat(shop, order)]
    except InvalidOrder as refused:
        if [p.field for p in refused.problems] != [
            shop.names.get("total", "total")
        ] or not _only_rounding_is_off(shop):
            raise
    gross = shop if shop.prices == "gross" else _with_gross_prices(shop)
    gross, odd = _with_cents_on_the_largest(gross)
    if odd:
        reason = _(
            "The shop rounds VAT differently: {difference} {currency} were put on its largest line, so that "
            "the total stays {total}."
        )
    else:
        reason = _(
            "The shop rounds VAT differently: the order is kept with gross prices, so that the total stays {total}."
        )
    order, remarks = _as_order(gross)
    return order, [
        *remarks,
        reason.format(difference=plain(odd), currency=shop.currency, total=plain(shop.total)),
    ]


def _other_vat(shop: ShopOrder, order: NewOrder) -> list[LazyText]:
    """With gross prices the total stays whatever the VAT in it is, so a difference shows nowhere else."""
    ours, theirs = money.to_decimal(vat_of(order), shop.currency), _rounded(shop.tax, shop.currency)
    if ours == theirs:
        return []
    reason = _(
        "The shop says {theirs} {currency} of VAT; rounded once for each rate it is {ours}, and so the "
        "invoice will say it."
    )
    return [reason.format(theirs=plain(theirs), ours=plain(ours), currency=shop.currency)]


def rate_of(net: Decimal, tax: Decimal, known: Iterable[Decimal], currency: str) -> Decimal | None:
    """The VAT rate, in per cent, by which `tax` falls on `net`: a `known` one, else the one with the fewest decimals,
    four at most.

    Both ways of rounding are tried: tax on the net amount, and tax out of the gross amount. None if no rate up to 100
    gives it.
    """
    known = sorted(set(known))
    if not tax:
        return Decimal(0)
    if net <= 0 or tax < 0:
        return None
    exact = tax / net * 100
    snapped = [exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) for places in range(5)]
    near = sorted(known, key=lambda rate: abs(rate - exact))
    for rate in [*near, *snapped]:
        if 0 < rate <= 100 and _gives(net, tax, rate, currency):
            return Decimal(plain(rate.normalize()))
    return None


def gives_in_parts(net: Decimal, tax: Decimal, rate: Decimal, parts: int, currency: str) -> bool:
    """Whether `rate` gives `tax` on `net` as the sum of `parts` taxes, each of which was rounded by itself: Canada, the
    US, Spain.
    """
    off: Fraction = abs(Fraction(tax) - Fraction(net) * Fraction(rate) / 100) * 10 ** money.digits(currency)
    return off <= Fraction(parts, 2) * (1 + Fraction(rate) / 100)


def _gives(net: Decimal, tax: Decimal, rate: Decimal, currency: str) -> bool:
    scale = 10 ** money.digits(currency)
    wanted = money.round_half_up(Fraction(tax) * scale)
    on_net = Fraction(net) * Fraction(rate) / 100 * scale
    out_of_gross = Fraction(net + tax) * Fraction(rate) / (100 + Fraction(rate)) * scale
    return wanted in (money.round_half_up(on_net), money.round_half_up(out_of_gross))


def unit_price(amount: Decimal, quantity: Decimal, currency: str) -> tuple[Decimal, Decimal]:
    """The price of one with as few decimals as give `amount` again, and what must come off if six decimals do not."""
    minor = money.round_half_up(Fraction(amount) * 10 ** money.digits(currency))
    for places in range(money.digits(currency), 7):
        price = (amount / quantity).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if money.times(price, quantity, currency) == minor:
            return price, Decimal(0)
    price = (amount / quantity).quantize(Decimal("0.000001"), ROUND_CEILING)
    return price, money.to_decimal(money.times(price, quantity, currency) - minor, currency)


def renamed(problem: Invalid, names: dict[str, str]) -> Invalid:
    """The problem with its field as the shop calls it."""
    return Invalid(renamed_field(problem.field, names), problem.reason)


def renamed_field(field: str, names: dict[str, str]) -> str:
    """The field as the shop calls it; `names`: longest beginnings first win."""
    for ours in sorted(names, key=len, reverse=True):
        if field == ours or field.startswith((f"{ours}.", f"{ours}[")):
            return names[ours] + field[len(ours) :]
    return field


def _as_order(shop: ShopOrder) -> tuple[NewOrder, list[LazyText]]:
    names = shop.names | {f"lines[{i}]": item.path for i, item in enumerate(shop.items)}
    data = shop.head | {
        "currency": shop.currency,
        "prices": shop.prices,
        "lines": [_line(item, shop.currency) for item in shop.items],
        "discount": {"name": shop.discount_name, "amount": plain(shop.discount)},
        "total": plain(_rounded(shop.total, shop.currency)),
    }
    if shop.shipping:
        ship = shop.shipping
        price = plain(_rounded(ship.after, shop.currency))
        data["shipping"] = {
            "method": ship.method,
            "name": ship.name,
            "price": price,
            "vat_rate": plain(ship.rate),
        }
        names = names | {"shipping": ship.path}
    data, cut = fitted(data, NewOrder)
    said = [
        _("{field} is longer than Kontor keeps it, and was cut.").format(field=renamed_field(path, names))
        for path in cut
    ]
    try:
        return parse_order(data), said
    except InvalidOrder as refused:
        raise refused.named(renamed(p, names) for p in refused.problems) from None


def _line(item: Item, currency: str) -> dict[str, Any]:
    after = _rounded(item.after, currency)
    before = max(_rounded(item.before, currency), after)
    left = item.quantity - item.cancelled
    if left > 0:
        price, odd = unit_price(before, left, currency)
    else:
        price, odd = (item.price if item.cancelled else before), Decimal(0)
    return {
        "sku": item.sku,
        "name": item.name,
        "options": item.options,
        "quantity": plain(item.quantity),
        "cancelled": plain(item.cancelled),
        "returned": plain(item.returned),
        "unit_price": plain(price),
        "discount": plain(before - after + odd),
        "vat_rate": plain(item.rate),
        "ships": item.ships,
    }


def _rounded(amount: Decimal, currency: str) -> Decimal:
    return money.to_decimal(money.round_half_up(Fraction(amount) * 10 ** money.digits(currency)), currency)


def _parts(shop: ShopOrder) -> list[Item]:
    return [*shop.items, *([shop.shipping] if shop.shipping else [])]


def _only_rounding_is_off(shop: ShopOrder) -> bool:
    """The shop's own sum is right, and its tax is the sum of its lines' taxes but for less than a cent each."""
    parts = _parts(shop)
    net = sum((p.after - (p.tax if shop.prices == "gross" else 0) for p in parts), -shop.discount)
    cent = Decimal(1).scaleb(-money.digits(shop.currency))
    most = len(parts) if shop.prices == "gross" else 1
    right = abs(net + shop.tax - shop.total) < cent * (2 * len(parts) + 1 if shop.has_shares else most)
    return (
        right
        and abs(shop.tax - sum(p.tax for p in parts)) < cent * len(parts)
        and not (shop.discount and shop.prices == "net")
    )


def _with_gross_prices(shop: ShopOrder) -> ShopOrder:
    def gross(item: Item) -> Item:
        after = item.after + item.tax
        return replace(item, before=after + (item.before - item.after) * (1 + item.rate / 100), after=after)

    return replace(
        shop,
        prices="gross",
        items=[gross(i) for i in shop.items],
        shipping=gross(shop.shipping) if shop.shipping else None,
    )


def _with_cents_on_the_largest(shop: ShopOrder) -> tuple[ShopOrder, Decimal]:
    odd = shop.total + shop.discount - sum(_rounded(p.after, shop.currency) for p in _parts(shop))
    largest = max(range(len(shop.items)), key=lambda i: shop.items[i].after)
    items = [
        replace(item, before=item.before + odd, after=item.after + odd) if i == largest else item
        for i, item in enumerate(shop.items)
    ]
    return replace(shop, items=items), odd
