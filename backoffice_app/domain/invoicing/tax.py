"""The tax case: which VAT category each part of an order has by what was said and by the facts; nothing is guessed
(INV-1, INV-4).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import cast, get_args

from backoffice_app.domain.core.identifiers import is_eu_vat_id, is_vat_id
from backoffice_app.domain.core.shop import Shop
from backoffice_app.domain.core.snapshot import VatCategory
from backoffice_app.domain.core.vat_area import is_in_eu, vat_country
from backoffice_app.domain.invoicing.lacks import Lack
from backoffice_app.domain.invoicing.totals import Key
from backoffice_app.domain.orders.place import AS_GOODS
from backoffice_app.models import Order, OrderAddress, OrderLine

CATEGORIES: tuple[VatCategory, ...] = get_args(VatCategory)
NIL = Decimal(0)
SMALL: Key = ("E", NIL)


@dataclass(frozen=True)
class TaxCase:
    """Category and rate of each line that is left, and of shipping and payment cost; None for a cost that follows the
    goods.

    `lacks`: what is not clear; empty where the invoice may be issued as the keys say. `questioned`: categories that a
    person has to choose anew, "" among them for parts of which nothing was said.
    """

    lines: tuple[Key, ...]
    shipping: Key | None = None
    payment: Key | None = None
    lacks: tuple[Lack, ...] = ()
    questioned: frozenset[str] = frozenset()


def tax_case(shop: Shop, order: Order) -> TaxCase:
    """The tax case of an order that is loaded whole. Pure: the same shop and order give the same case.

    A rate above 0 is the standard case. 0 % needs a category that was given and that the facts bear out. A part that
    costs nothing needs none. Costs follow the goods unless they say otherwise. A small business charges no VAT at all
    (§ 19 UStG).
    """
    lines = lines_left(order)
    if shop.administration.small_business:
        return _small_business(order, lines)
    said = [_said(line.vat_category, line.vat_rate) for line in lines]
    given = [key[0] for key in said if key and key[0] != "S"]
    free: Key = (given[0] if given else "Z", NIL)
    keys = [key or free for key in said]
    unsaid = any(key is None and line.total for key, line in zip(said, lines, strict=True))
    are_untaxed = all(key[1] == 0 for key, line in zip(keys, lines, strict=True) if line.total)
    shipping, is_shipping_said = _cost(
        order.shipping_price, order.shipping_vat_category, order.shipping_vat_rate, are_untaxed=are_untaxed
    )
    payment, is_payment_said = _cost(
        order.payment_cost, order.payment_vat_category, order.payment_vat_rate, are_untaxed=are_untaxed
    )
    lacks = [Lack.CATEGORY] if unsaid else []
    if not (is_shipping_said and is_payment_said):
        lacks.append(Lack.COST_CATEGORY)
    counted = [key for key, line in zip(keys, lines, strict=True) if line.total] + [
        key for key in (shipping, payment) if key
    ]
    against = dict(_contradictions(shop, order, {key[0] for key in counted}))
    questioned = {category for categories in against.values() for category in categories} | (
        {""} if lacks else set()
    )
    return TaxCase(tuple(keys), shipping, payment, (*lacks, *against), frozenset(questioned))


def suggested_category(shop: Shop, order: Order) -> VatCategory | None:
    """The category that the facts suggest for 0 % VAT, for a person to confirm: export, or a company in another EU
    country.
    """
    seller, destination = _seller_country(shop), _destination(order)
    if is_in_eu(seller) and not is_in_eu(destination):
        return "G"
    if is_in_eu(destination) and destination != seller and _is_buyer_abroad(shop, order):
        return "K"
    return None


def lines_left(order: Order) -> list[OrderLine]:
    """The lines of which something is left after what was cancelled."""
    return [line for line in order.lines if line.ordered > line.cancelled]


def _small_business(order: Order, lines: Sequence[OrderLine]) -> TaxCase:
    """Gross prices hold whatever VAT is in them; net prices with VAT on top would come to less than the customer agreed
    to.
    """
    has_vat = any(line.vat_rate for line in lines) or order.shipping_vat_rate or order.payment_vat_rate
    lacks = (Lack.SMALL_BUSINESS_NET,) if has_vat and order.prices == "net" else ()
    keys = tuple(
        (line_category, line.vat_rate) if lacks else SMALL
        for line in lines
        for line_category in (_shown(line),)
    )
    return TaxCase(keys, None if lacks else SMALL, None if lacks else SMALL, lacks)


def _shown(line: OrderLine) -> VatCategory:
    return "S" if line.vat_rate else "Z"


def _said(category: str, rate: Decimal) -> Key | None:
    """What was said of a part; None for 0 % without a reason."""
    if rate:
        return "S", rate
    return (cast(VatCategory, category), NIL) if category in CATEGORIES and category != "S" else None


def _cost(amount: int, category: str, rate: Decimal, *, are_untaxed: bool) -> tuple[Key | None, bool]:
    """The key of a cost, None if it follows the goods; and whether it is clear. 0 % without a reason is clear beside
    untaxed goods.
    """
    if not amount or category == AS_GOODS:
        return None, True
    found = _said(category, rate)
    return (found, True) if found else (None, True) if are_untaxed else (("Z", NIL), False)


def _contradictions(
    shop: Shop, order: Order, categories: set[VatCategory]
) -> Iterator[tuple[Lack, frozenset[VatCategory]]]:
    """What the facts say against the categories, with those they speak against."""
    seller, destination = _seller_country(shop), _destination(order)
    if "O" in categories and len(categories) > 1:
        yield Lack.NOT_SUBJECT_BESIDE, frozenset({"O"})
    if "K" in categories:
        if not _is_buyer_abroad(shop, order):
            yield Lack.BUYER_EU_VAT_ID, frozenset({"K"})
        if not is_in_eu(destination) or not is_in_eu(seller) or destination == seller:
            yield Lack.OTHER_EU_COUNTRY, frozenset({"K"})
    if "AE" in categories and not is_vat_id(order.vat_id):
        yield Lack.BUYER_VAT_ID, frozenset({"AE"})
    if "G" in categories and (destination == seller or (is_in_eu(seller) and is_in_eu(destination))):
        yield Lack.EXPORT_INSIDE, frozenset({"G"})
    if categories & {"K", "AE"} and not is_vat_id(shop.company.vat_id):
        yield Lack.SELLER_VAT_ID, frozenset()


def _is_buyer_abroad(shop: Shop, order: Order) -> bool:
    """Whether the buyer has a VAT ID of another EU country than the seller's."""
    prefix = {"GR": "EL"}.get(shop.company.country, shop.company.country)
    return is_eu_vat_id(order.vat_id) and not order.vat_id.strip().upper().startswith(prefix)


def _seller_country(shop: Shop) -> str:
    return vat_country(shop.company.country, shop.company.postcode) or shop.company.country


def _destination(order: Order) -> str:
    """Where the goods go, as a VAT country."""
    address = _address(order.addresses, "shipping") or _address(order.addresses, "billing")
    return vat_country(address.country, address.postcode) if address else ""


def _address(addresses: Iterable[OrderAddress], kind: str) -> OrderAddress | None:
    return next((address for address in addresses if address.kind == kind), None)
