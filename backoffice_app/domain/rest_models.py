"""What the REST API says of an order: exact texts, values of ST-1 with `_` for the blank (API-1)."""

from datetime import date, datetime

from pydantic import BaseModel


class AddressView(BaseModel):
    """An address as it stands on the order.

    `street`: as it was typed; `street_name` and `house_number`: told apart by the country's order.

    `warnings`: what looks wrong in it and nobody said to be right, such as `house-number` or `postcode-town` (W-20).
    """

    name: str
    company: str
    street: str
    addition: str
    postcode: str
    city: str
    region: str
    country: str
    street_name: str
    house_number: str
    warnings: list[str]


class LineView(BaseModel):
    """A line; money and quantities as decimal text, the six quantities of ST-2.

    `rank`: its place, from 1, by which actions name it.
    """

    rank: int
    sku: str
    name: str
    options: str
    unit: str
    unit_price: str
    quantity: str
    discount: str
    vat_rate: str
    vat_category: str
    total: str
    cancelled: str
    invoiced: str
    shipped: str
    returned: str
    credited: str


class MethodView(BaseModel):
    """What shipping or payment costs, by which method. `vat_rate`: null where it has the VAT of the goods."""

    method: str
    name: str
    price: str
    vat_rate: str | None
    vat_category: str


class TotalsView(BaseModel):
    """What the order comes to, what was paid of it, and what is open."""

    discount: str
    net: str
    vat: str
    total: str
    paid: str
    open: str


class PaymentView(BaseModel):
    """Money booked on the order; negative: a refund or a counter-entry. `number`: what actions name it by.

    `kind`: "" for what came in or went back, "moved" from or to the order that `reason` names, "charge_back",
    "credit" for what became credit of the customer (negative) or was paid from it.
    """

    number: str
    amount: str
    method: str
    provider_reference: str
    booked_on: date
    reason: str
    kind: str


class ParcelLineView(BaseModel):
    """How much of which line is in a shipment; `line` counts from 0."""

    line: int
    quantity: str


class ShipmentView(BaseModel):
    """What leaves the house together."""

    number: str
    state: str
    carrier: str
    shipped_at: datetime | None
    tracking_numbers: list[str]
    lines: list[ParcelLineView]


class ReturnedLineView(BaseModel):
    """How much of which line comes back; `rank` as in the order's lines.

    `quantity`: announced; `received` of it, `restocked` of that.
    """

    rank: int
    quantity: str
    received: str
    restocked: str
    condition: str


class ReturnView(BaseModel):
    """Goods that come back. `state`: requested, approved, in_progress, received, completed, rejected or cancelled.

    `pays`: who pays the way back, "customer", "shop" or "" where nothing is said. `document`: the number of the credit
    note that completed it, or ""; `documents`: all of them where it is credited on several invoices. `withdrawn_at`: of
    a withdrawal when it was declared; `reference`: what the shop knows it by, or "". `slip`: a path that answers to the
    same key.
    """

    number: str
    state: str
    reason: str
    action: str
    pays: str
    text: str
    message: str
    created_at: datetime
    received_at: datetime | None
    closed_at: datetime | None
    locked: bool
    document: str
    documents: list[str]
    lines: list[ReturnedLineView]
    withdrawn_at: datetime | None
    reference: str
    slip: str


class DocumentView(BaseModel):
    """An issued document: invoice, credit_note or cancellation.

    `credits`: the number of the invoice that it takes back, else null.

    `total`: negative for what takes back. `open`: still to be paid, or of a credit note still to be refunded; never
    negative.
    `pdf` and `xml` are paths that answer to the same key, `xml` null where there isn't one.
    """

    number: str
    kind: str
    language: str
    issued_on: date
    total: str
    open: str
    credits: str | None = None
    pdf: str
    xml: str | None = None


class CustomStatusView(BaseModel):
    """One of the shop's own statuses (W-7). `names`: by language; `id`: what `set-status` takes, as it takes a name."""

    id: str
    names: dict[str, str]
    colour: str


class OrderView(BaseModel):
    """The whole order. `invoice_waits`: the shop's policy wants its invoice, and something is missing for it.

    `invoiced_by_provider`: the payment provider issues its invoice, so that Kontor issues none by itself.

    `status`: the system status; `custom_status`: the one of the shop's own that stands for it where people look, null
    for none.

    `version`: counts its changes; an action that is sent with it in `If-Match` is refused where somebody changed the
    order since.
    """

    number: str
    external_reference: str
    source: str
    number_at_source: str
    placed_at: datetime
    language: str
    currency: str
    prices: str
    status: str
    custom_status: CustomStatusView | None
    payment_state: str
    shipping_state: str
    return_state: str
    email: str
    phone: str
    vat_id: str
    billing_address: AddressView
    shipping_address: AddressView | None
    lines: list[LineView]
    shipping: MethodView
    payment: MethodView
    discount_name: str
    totals: TotalsView
    total: str
    payments: list[PaymentView]
    shipments: list[ShipmentView]
    documents: list[DocumentView]
    returns: list[ReturnView]
    invoice_waits: bool
    invoiced_by_provider: bool
    comment: str
    options: str
    tags: list[str]
    own_fields: dict[str, str]
    version: int


class DifferenceView(BaseModel):
    """One thing in which an order that was sent again differs: the `field` as it is sent, what Kontor keeps there, and
    what was sent.
    """

    field: str
    kept: str
    sent: str


class TakenOrderView(OrderView):
    """The order that was taken in.

    `differs`: in what this call differs from the order that was there already; Kontor keeps what it has.
    """

    differs: list[DifferenceView] = []


class OrderPage(BaseModel):
    """Some orders, newest first; `next` is what `after` takes for the ones that follow, null at the end."""

    orders: list[OrderView]
    next: str | None
