"""What a document prints, frozen at issue: the whole input of rendering (INV-3).

Money is `int` minor units of `currency`.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Prices = Literal["gross", "net"]
IssuedKind = Literal["invoice", "credit note", "cancellation"]
# UNTDID 5305: standard, zero by law, exempt, reverse charge, intra-EU supply, export, outside the scope.
VatCategory = Literal["S", "Z", "E", "AE", "K", "G", "O"]
# Which sentence says why no tax is charged, where it is not the usual one of the category.
Reason = Literal["", "exempt", "small business", "zero"]
AdjustmentKind = Literal["discount", "shipping", "payment cost", "fee", "reduction", "amount", "kept fee"]
LESSENING: frozenset[AdjustmentKind] = frozenset({"discount", "kept fee"})
"""Adjustments that lessen the total: a discount on an invoice, a fee kept back on a credit note."""


def _no_float(value: object) -> object:
    if isinstance(value, float):
        raise ValueError("a float touches neither money nor quantities")
    return value


Minor = Annotated[int, Field(strict=True)]
Exact = Annotated[Decimal, BeforeValidator(_no_float)]


class Frozen(BaseModel):
    """Never changes after it was made; unknown fields are refused; `model_dump_json` writes Decimals as text, so reads
    back equal.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")


class Party(Frozen):
    """Name and postal address of one side. `country` is ISO 3166 alpha-2."""

    name: str = ""
    company: str = ""
    street: str = ""
    addition: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    vat_id: str = ""


class Seller(Party):
    """The shop as it was at issue. `logo` is the SHA-256 of the picture's bytes in the archive, or empty."""

    tax_number: str = ""
    iban: str = ""
    bic: str = ""
    bank: str = ""
    registry: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    logo: str = ""


class Line(Frozen):
    """One row of goods.

    `unit_price` and `discount` are gross or net as `prices` of the document says; `unit_price` in major units.

    `net`, `tax`, `gross` are after the line discount, before the order discount; `effective_gross` is after both (INV-6
    credits it). `net_unit_price` and `net_discount` are what EN 16931 asks for: quantity x price - discount = net to
    the cent.
    `credits_line` is the position of the invoice's line that a credit note's line takes back; `rank`: the place of the
    order's line.
    """

    position: int
    sku: str = ""
    name: str
    quantity: Exact
    unit: str = ""
    unit_price: Exact
    discount: Minor = 0
    vat_rate: Exact
    vat_category: VatCategory = "S"
    net: Minor
    tax: Minor
    gross: Minor
    effective_gross: Minor
    net_unit_price: Exact
    net_discount: Minor = 0
    credits_line: int | None = None
    rank: int | None = None


class Adjustment(Frozen):
    """A row beside the goods, in one rate.

    Amounts are positive; a "discount" and a "kept fee" lessen the total, all others add to it.

    "reduction", "amount" and "kept fee" stand on credit notes only: a price reduction, an amount without a line, a fee
    kept back. `effective_gross` is what a credit note may take back of a cost: its gross less its share of the order
    discount; 0 for a discount.
    """

    kind: AdjustmentKind
    name: str = ""
    vat_rate: Exact
    vat_category: VatCategory = "S"
    net: Minor
    tax: Minor
    gross: Minor
    effective_gross: Minor = 0

    @property
    def sign(self) -> int:
        """-1 for what lessens the total, else 1."""
        return -1 if self.kind in LESSENING else 1


class RateTotal(Frozen):
    """The sums of one VAT category and rate.

    `reason`: why no tax is charged, where it is not the usual sentence of the category.
    """

    category: VatCategory
    rate: Exact
    net: Minor
    tax: Minor
    gross: Minor
    reason: Reason = ""


class Reference(Frozen):
    """An earlier document this one follows."""

    number: str
    issued_on: date


class DocumentSnapshot(Frozen):
    """An issued invoice, credit note or cancellation. It can't be made with sums that disagree (INV-4).

    `supplied_on`: the last day on which something left; with `supply_to_come` the rest, or all of it, is still to be
    delivered, and `received_on` is the day of the last payment for it. `known_number`: the order's number as the
    customer knows it. `paid_by`: the names of what it was paid with. `overpaid`: what came in beyond the total.
    `is_pickup`: the customer comes for the goods.
    `is_rest`: a cancellation of what credit notes had left of its invoice. `is_addition`: an invoice on pieces that
    were added after the one that it refers to; `also_replaces`: the numbers of other invoices that a corrected one
    takes the place of.
    `reason`: why a credit note or cancellation was issued. `delivery_time`: a text, or a day as ISO 8601 (INV-13).
    `collects`: who collects what is open, a value of `payment_methods.Collects`; `payment_method_names`: by language,
    where known; so are `shipping_method_names`.
    """

    kind: IssuedKind
    number: str
    version: int = 1
    version_on: date | None = None
    issued_on: date
    issued_at: AwareDatetime
    supplied_on: date | None = None
    supply_to_come: bool = False
    received_on: date | None = None
    due_on: date | None = None
    language: str
    currency: str
    prices: Prices
    seller: Seller
    buyer: Party
    delivery: Party | None = None
    order_number: str = ""
    ordered_on: date | None = None
    customer_number: str = ""
    customer_reference: str = ""
    known_number: str = ""
    refers_to: Reference | None = None
    lines: tuple[Line, ...]
    adjustments: tuple[Adjustment, ...] = ()
    rates: tuple[RateTotal, ...]
    net: Minor
    tax: Minor
    total: Minor
    paid: Minor = 0
    paid_by: tuple[str, ...] = ()
    overpaid: Minor = 0
    open_amount: Minor
    payment_method: str = ""
    collects: str = "transfer"
    is_pickup: bool = False
    payment_method_names: dict[str, str] = {}
    shipping_method: str = ""
    shipping_method_names: dict[str, str] = {}
    delivery_time: str = ""
    reason: str = ""
    is_rest: bool = False
    is_addition: bool = False
    also_replaces: tuple[str, ...] = ()
    legal_sentences: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _sums_agree(self) -> Self:
        wrong = [name for name, fits in self._checks() if not fits]
        if wrong:
            raise ValueError(f"the sums of {self.number} disagree: {', '.join(wrong)}")
        return self

    def _checks(self) -> list[tuple[str, bool]]:
        checks = [
            ("net", self.net == sum(r.net for r in self.rates)),
            ("tax", self.tax == sum(r.tax for r in self.rates)),
            ("total", self.total == self.net + self.tax),
            ("open amount", self.open_amount == self.total - self.paid),
        ]
        for rate in self.rates:
            key = (rate.category, rate.rate)
            lines = [line for line in self.lines if (line.vat_category, line.vat_rate) == key]
            others = [other for other in self.adjustments if (other.vat_category, other.vat_rate) == key]
            name = f"{rate.category} {rate.rate}"
            checks += [
                (
                    f"net {name}",
                    rate.net
                    == sum(line.net for line in lines) + sum(other.sign * other.net for other in others),
                ),
                (
                    f"gross {name}",
                    rate.gross
                    == sum(line.gross for line in lines) + sum(other.sign * other.gross for other in others),
                ),
                (f"tax {name}", rate.gross == rate.net + rate.tax),
            ]
        known = {(rate.category, rate.rate) for rate in self.rates}
        used = {(line.vat_category, line.vat_rate) for line in self.lines}
        used |= {(other.vat_category, other.vat_rate) for other in self.adjustments}
        checks.append(("rates", used <= known and len(known) == len(self.rates)))
        return checks


class SlipLine(Frozen):
    """One row of a packing slip: `quantity` is in these parcels, of `ordered` pieces; `to_follow` is still to come.

    `options`: what the customer chose or wrote for it, such as an engraving, one a line.
    """

    position: int
    sku: str = ""
    name: str
    options: str = ""
    quantity: Exact
    unit: str = ""
    ordered: Exact | None = None
    to_follow: Exact = Decimal(0)


class Parcel(Frozen):
    """One parcel of a shipment."""

    carrier: str = ""
    tracking_number: str = ""


class PackingSlipSnapshot(Frozen):
    """What is in one shipment; no prices on it (SHIP-1). `known_number`: the order's number as the customer knows it.

    `comment`: what the customer wrote at the checkout. `is_pickup`: they come for the goods.
    """

    kind: Literal["packing slip"] = "packing slip"
    number: str
    issued_on: date
    issued_at: AwareDatetime
    language: str
    seller: Seller
    delivery: Party
    is_pickup: bool = False
    comment: str = ""
    order_number: str = ""
    ordered_on: date | None = None
    customer_number: str = ""
    known_number: str = ""
    shipping_method: str = ""
    parcels: tuple[Parcel, ...] = ()
    lines: tuple[SlipLine, ...]
    remarks: tuple[str, ...] = ()
