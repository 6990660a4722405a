"""Whether an order's invoice can be issued by law: seller, buyer, tax case and sums (INV-1; § 14 (4) UStG,
§ 33 UStDV).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from backoffice_app.domain.core.shop import Company, Shop
from backoffice_app.domain.invoicing.lacks import Lack, reason_of
from backoffice_app.domain.invoicing.snapshot import addresses_of, totals_of
from backoffice_app.domain.invoicing.tax import TaxCase, tax_case
from backoffice_app.domain.invoicing.totals import Totals
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order

SMALL_AMOUNT = 250_00
"""Up to this total in EUR cents, VAT included, an invoice needs no buyer (§ 33 UStDV)."""


@dataclass(frozen=True)
class Readiness:
    """What an invoice would say of VAT, and what it still lacks; it may be issued if `lacks` is empty."""

    case: TaxCase
    totals: Totals
    lacks: tuple[Lack, ...]


def readiness(shop: Shop, order: Order) -> Readiness:
    """What the invoice of an order that is loaded whole lacks, in the order in which it is shown. Pure."""
    case = tax_case(shop, order)
    totals = totals_of(order, case)
    lacks = [*_of_seller(shop.company), *_of_buyer(order, case), *case.lacks]
    if totals.total != order.total:
        lacks.append(Lack.SUMS)
    return Readiness(case, totals, tuple(lacks))


def what_is_missing(shop: Shop, order: Order) -> LazyText | None:
    """What the invoice lacks, as one text for a person; None if it may be issued."""
    return reason_of(readiness(shop, order).lacks)


def is_set_up(company: Company) -> bool:
    """Whether the company's data suffice for an invoice."""
    return not list(_of_seller(company))


def what_seller_lacks(company: Company) -> LazyText | None:
    """What the company's data lack for an invoice, as one text for a person; None if they suffice.

    One thing is named, several are "your company's data".
    """
    lacks = list(_of_seller(company))
    if len(lacks) > 1:
        return _("Enter your company's data before the first invoice.")
    return reason_of(lacks)


def _of_seller(company: Company) -> Iterator[Lack]:
    if not (company.name or company.owner):
        yield Lack.SELLER_NAME
    if not company.street:
        yield Lack.SELLER_STREET
    if not company.city:
        yield Lack.SELLER_TOWN
    if not (company.vat_id or company.tax_number):
        yield Lack.SELLER_TAX_NUMBER


def _of_buyer(order: Order, case: TaxCase) -> Iterator[Lack]:
    """The buyer's name and address; an amount in another currency counts as a large one, as no rate of exchange is
    known here.
    """
    is_small = order.currency == "EUR" and order.total <= SMALL_AMOUNT
    if is_small and not {key[0] for key in case.lines} & {"K", "AE"}:
        return
    billing, _delivery = addresses_of(order)
    if billing is None or not (billing.name or billing.company):
        yield Lack.BUYER_NAME
    if billing is None or not billing.street or not billing.city:
        yield Lack.BUYER_ADDRESS
