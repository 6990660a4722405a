"""One order as it comes in, whatever shop it is from: exactly the JSON of the API, checked (API-1, API-2)."""

from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator

from backoffice_app.domain.core import money
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.orders.fields import (
    Amount,
    AwareMoment,
    Code,
    Comment,
    Country,
    Currency,
    Email,
    Language,
    Name,
    PayLink,
    Quantity,
    Rate,
    SignedAmount,
    SomeQuantity,
    Tag,
    Title,
)
from backoffice_app.domain.orders.part import InvalidOrder, Part, Tally, refusal_of
from backoffice_app.domain.orders.sums import problems_of
from backoffice_app.i18n import _

__all__ = ["InvalidOrder", "NewOrder", "parse_order"]
MOST_LINES = 10_000
VatCategory = Literal["", "S", "Z", "E", "AE", "K", "G", "O"]


class PayState(StrEnum):
    """What the shop says about the chosen payment."""

    OPEN = "open"
    AUTHORISED = "authorised"
    PAID = "paid"


class NewCustomer(Part):
    """Who ordered, as the shop knows them."""

    external_reference: Code = ""
    email: Email = ""
    phone: Code = ""
    first_name: Name = ""
    last_name: Name = ""
    company: Name = ""
    vat_id: Code = ""


class NewAddress(Part):
    """An address as it was typed.

    Only the country must be there: the rest is warned about later, not refused (W-20).
    """

    name: Name = ""
    company: Name = ""
    street: Name = ""
    addition: Name = ""
    postcode: Code = ""
    city: Name = ""
    region: Name = ""
    country: Country


class NewLine(Part):
    """Goods, or a fee (`ships` false).

    `unit_price` and `discount` (of the whole line) are gross or net as the order's `prices` say.

    `cancelled`: how much of `quantity` was taken out before it was shipped; it costs nothing. `returned`: how much of
    what was shipped came back. `options`: what the customer chose or wrote for this line, such as an engraving, one
    `name: text` a line. `vat_category` says why a line has 0 % VAT; without it the invoice waits until a person has
    chosen (INV-1).
    """

    sku: Code = ""
    name: Title = Field(min_length=1)
    options: Comment = ""
    quantity: Quantity
    cancelled: SomeQuantity = Decimal(0)
    returned: SomeQuantity = Decimal(0)
    unit: Code = ""
    unit_price: Amount
    discount: Amount = Decimal(0)
    vat_rate: Rate
    vat_category: VatCategory = ""
    ships: bool = True


class NewDiscount(Part):
    """A discount on the whole order.

    With amount 0 it only names the coupons whose discount already stands in the lines.
    """

    name: Name = ""
    amount: Amount = Decimal(0)


class NewShipping(Part):
    """The shipping method the customer chose, and its price.

    Without `vat_rate` it has the VAT of the goods, in their proportion.
    """

    method: Code = ""
    name: Name = ""
    price: Amount = Decimal(0)
    vat_rate: Rate | None = None
    vat_category: VatCategory = ""


class NewPayment(Part):
    """The payment method the customer chose, its cost, and whether the money is there.

    Paid: all that `payments` left open.

    `invoiced_by`: "provider" where the payment provider issues the invoice itself, so that Kontor issues none; "shop"
    where we do, whatever the settings say of the method; "" leaves it to them (PAY-0).
    Without `vat_rate` the cost has the VAT of the goods, in their proportion. `link`: where the customer can pay what
    is open.
    """

    method: Code = ""
    name: Name = ""
    cost: Amount = Decimal(0)
    vat_rate: Rate | None = None
    vat_category: VatCategory = ""
    state: PayState = PayState.OPEN
    paid_at: AwareMoment | None = None
    provider_reference: Name = ""
    invoiced_by: Literal["", "shop", "provider"] = ""
    link: PayLink = ""


class BookedPayment(Part):
    """Money that moved besides the chosen payment: a gift card, a part payment, or (negative) a refund already made."""

    amount: SignedAmount
    method: Code = ""
    name: Name = ""
    paid_at: AwareMoment | None = None
    provider_reference: Name = ""
    reason: Name = ""


class NewShipmentLine(Part):
    """How much of which line was shipped; `line` counts from 0."""

    line: int = Field(ge=0, strict=True)
    quantity: Quantity


class NewShipment(Part):
    """A parcel that left before the order came here. Without lines: everything."""

    shipped_at: AwareMoment
    carrier: Code = ""
    tracking_numbers: tuple[Code, ...] = Field(default=(), max_length=100)
    lines: tuple[NewShipmentLine, ...] = Field(default=(), max_length=MOST_LINES)


class NewOrder(Part):
    """An order that came in and adds up.

    Money and quantities are exact decimals in major units; `minor` turns them into minor units.

    `options`: what the customer chose or wrote in the shop's own fields of the checkout, one `name: text` a line.
    """

    external_reference: Code = ""
    source: Code = ""
    number_at_source: Code = ""
    placed_at: AwareMoment
    language: Language = ""
    currency: Currency
    prices: Literal["gross", "net"]
    customer: NewCustomer = NewCustomer()
    billing_address: NewAddress
    shipping_address: NewAddress | None = None
    lines: tuple[NewLine, ...] = Field(min_length=1, max_length=MOST_LINES)
    discount: NewDiscount = NewDiscount()
    shipping: NewShipping = NewShipping()
    payment: NewPayment = NewPayment()
    payments: tuple[BookedPayment, ...] = Field(default=(), max_length=200)
    shipments: tuple[NewShipment, ...] = Field(default=(), max_length=200)
    cancelled_at: AwareMoment | None = None
    total: Amount
    comment: Comment = ""
    options: Comment = ""
    tags: tuple[Tag, ...] = Field(default=(), max_length=50)

    @field_validator("shipping_address", mode="before")
    @classmethod
    def _blank_is_none(cls, value: object) -> object:
        """Checkouts send the form of an address that nobody filled in."""
        if isinstance(value, dict) and value.keys() <= NewAddress.model_fields.keys():
            filled = any(
                text.strip() if isinstance(text, str) else text is not None for text in value.values()
            )
            return value if filled else None
        return value

    def minor(self, amount: Decimal) -> int:
        """An amount of this order in minor units of its currency; exact, for `parse_order` refuses more decimals than
        the currency has.
        """
        return int(amount.scaleb(money.digits(self.currency)))

    def line_total(self, line: NewLine) -> int:
        """What is left of a line costs this in minor units, less its discount, gross or net as `prices` say.

        Rounded once.
        """
        return money.times(line.unit_price, line.quantity - line.cancelled, self.currency) - self.minor(
            line.discount
        )

    def received(self) -> tuple[BookedPayment, ...]:
        """All money that has moved: the chosen payment, if it is paid, over what is left of the total, then `payments`
        (PAY-1).
        """
        others = sum((p.amount for p in self.payments if p.amount > 0), Decimal(0))
        if self.payment.state is not PayState.PAID or self.total <= others:
            return self.payments
        chosen = BookedPayment.model_construct(
            amount=self.total - others,
            method=self.payment.method,
            name=self.payment.name,
            paid_at=self.payment.paid_at or self.placed_at,
            provider_reference=self.payment.provider_reference,
            reason="",
        )
        return (chosen, *self.payments)

    def as_json(self) -> dict[str, Any]:
        """The order as the API's JSON; `parse_order` makes an equal order of it."""
        return self.model_dump(mode="json")


def parse_order(data: object) -> NewOrder:
    """A NewOrder from the API's JSON.

    Raises InvalidOrder naming the wrong fields as the caller wrote them, such as `lines[0].unit_price`.

    Null is the same as leaving a field out. Money is decimal text; unknown fields, JSON numbers and lines that do not
    add up to `total` are refused. (API-1, API-2)
    """
    if not isinstance(data, dict):
        raise InvalidOrder([Invalid("", _("An order must be a JSON object."))])
    tally = Tally()
    try:
        order = NewOrder.model_validate(data, context=tally)
    except ValidationError as error:
        raise refusal_of(error, tally) from None
    problems = problems_of(order)
    if problems:
        raise InvalidOrder(problems)
    return order
