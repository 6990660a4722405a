"""A person chooses the tax case of an order whose VAT is not clear (INV-1)."""

from decimal import Decimal
from typing import ClassVar, cast

from pydantic import Field

from backoffice_app.domain.core.actions import Done, Input, action
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.identifiers import vat_id
from backoffice_app.domain.core.money import DECIMAL_TEXT
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shop import Shop
from backoffice_app.domain.core.snapshot import VatCategory
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.invoicing.lacks import Lack, reason_of
from backoffice_app.domain.invoicing.tax import TaxCase, lines_left, tax_case
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.states import WAITS
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order, OrderLine

CASE_NAMES: dict[VatCategory, LazyText] = {
    "K": _("Supply to a company in another EU country (0 %)"),
    "G": _("Export out of the EU (0 %)"),
    "AE": _("Reverse charge: the customer owes the VAT (0 %)"),
    "E": _("Exempt from VAT (0 %)"),
    "Z": _("Zero rate by law, such as solar panels in Germany (0 %)"),
    "O": _("Not subject to VAT, such as a gift card (0 %)"),
    "S": _("VAT is contained in the price"),
}
"""The cases a person can choose, in the order in which they are offered."""
FIELD_OF = {Lack.BUYER_VAT_ID: "vat_id", Lack.BUYER_EU_VAT_ID: "vat_id", Lack.SMALL_BUSINESS_NET: ""}
"""The field that a lack speaks of; the category for all others."""


@fact
class TaxCaseChosen(Fact):
    """A person said which VAT category the parts of the order have of which it was not clear. `rate`: only with VAT."""

    about: ClassVar[About] = About.INVOICE
    category: str
    rate: Decimal

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        case = CASE_NAMES.get(cast(VatCategory, self.category), self.category)
        if self.rate:
            return _("{actor} chose the tax case: {case}, {rate} %.").format(
                case=case, rate=f"{self.rate.normalize():f}"
            )
        return _("{actor} chose the tax case: {case}.").format(case=case)


@fact
class VatIdEntered(Fact):
    """The customer's VAT ID on the order was entered or corrected."""

    about: ClassVar[About] = About.CUSTOMER
    personal: ClassVar[frozenset[str]] = frozenset({"old", "new"})
    old: str
    new: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        if self.old:
            return _("{actor} changed the customer's VAT ID from {old} to {new}.").format(
                old=self.old, new=self.new
            )
        return _("{actor} entered the customer's VAT ID {new}.").format(new=self.new)


class ChooseTaxCase(Input):
    """`category`: one of `CASE_NAMES`; `rate`: in per cent, only with VAT; `vat_id`: the customer's, to enter or
    correct it.
    """

    category: str = Field(max_length=2)
    rate: str = Field(default="", max_length=10)
    vat_id: str = Field(default="", max_length=30)


def why_not_choose(order: Order) -> LazyText | None:
    """INV-1: before the invoice is issued."""
    if order.cancelled_at:
        return _("The order is cancelled.")
    if any(line.invoiced for line in order.lines):
        return _("The order is invoiced already.")
    return None


def why_not_choose_in(shop: Shop, order: Order) -> LazyText | None:
    """Only what is not clear is chosen; what the shop sent stays as it is."""
    return None if tax_case(shop, order).questioned else _("The tax case is clear.")


@action(
    subject=ORDER,
    key="choose-tax-case",
    label=_("Choose tax case"),
    right=Right.INVOICE,
    why_not=why_not_choose,
    why_not_in=why_not_choose_in,
    input=ChooseTaxCase,
    overwrites=True,
)
def choose_tax_case(w: Work, order: Order, data: ChooseTaxCase) -> Done:
    """Gives the parts of the order of which it was not clear a VAT category; an invoice that waited for it is issued
    (INV-1).

    Raises Invalid where the facts speak against the category.
    """
    category = _category(data.category)
    rate = _rate(data.rate) if category == "S" else Decimal(0)
    case = tax_case(w.shop, order)
    _enter_vat_id(w, order, data.vat_id)
    if rate:
        _price_with_vat(order)
    for line in questioned_lines(case, order):
        line.vat_category, line.vat_rate = category, rate
    _apply_to_costs(case, order, category, rate)
    after = tax_case(w.shop, order)
    own = [lack for lack in after.lacks if lack is not Lack.SELLER_VAT_ID]
    if own:
        raise Invalid(FIELD_OF.get(own[0], "category"), cast(LazyText, reason_of(own[:1])))
    waited = order.invoicing == WAITS
    w.record(order, TaxCaseChosen(category=category, rate=rate))
    if waited and order.invoicing != WAITS:
        return Done(
            _("The tax case is chosen, and invoice {number} is issued.").format(
                number=order.documents[-1].number
            )
        )
    return Done(_("The tax case is chosen."))


def questioned_lines(case: TaxCase, order: Order) -> list[OrderLine]:
    """The lines whose category a person has to choose."""
    return [
        line
        for line in lines_left(order)
        if line.total and line.vat_rate == 0 and _is_questioned(case, line.vat_category)
    ]


def _is_questioned(case: TaxCase, category: str) -> bool:
    return ("" if category == "S" else category) in case.questioned


def _apply_to_costs(case: TaxCase, order: Order, category: VatCategory, rate: Decimal) -> None:
    if (
        order.shipping_price
        and order.shipping_vat_rate == 0
        and _is_questioned(case, order.shipping_vat_category)
    ):
        order.shipping_vat_category, order.shipping_vat_rate = category, rate
    if (
        order.payment_cost
        and order.payment_vat_rate == 0
        and _is_questioned(case, order.payment_vat_category)
    ):
        order.payment_vat_category, order.payment_vat_rate = category, rate


def _category(text: str) -> VatCategory:
    if text not in CASE_NAMES:
        raise Invalid("category", _("Choose a tax case."))
    return text


def _rate(text: str) -> Decimal:
    typed = text.strip().removesuffix("%").strip().replace(",", ".")
    rate = Decimal(typed) if DECIMAL_TEXT.fullmatch(typed) else Decimal(0)
    if not 0 < rate <= 100 or rate != round(rate, 4):
        raise Invalid("rate", _("Enter the VAT rate in per cent, such as 19."))
    return rate


def _enter_vat_id(w: Work, order: Order, typed: str) -> None:
    entered = vat_id(typed)
    if entered and entered != order.vat_id:
        old, order.vat_id = order.vat_id, entered
        w.record(order, VatIdEntered(old=old, new=entered))


def _price_with_vat(order: Order) -> None:
    """Prices that VAT is contained in are gross; net prices are the same as gross ones only while nothing has VAT."""
    if order.prices == "gross":
        return
    if any(line.vat_rate for line in order.lines) or order.shipping_vat_rate or order.payment_vat_rate:
        raise Invalid(
            "category",
            _(
                "The prices of this order are net: with more VAT it would cost more than the customer agreed to."
            ),
        )
    order.prices = "gross"
