"""What the order window shows, as frozen values: texts in the reader's language, no rows, no price for who may not see one."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class BadgeView:
    """A state: `tone` is one of neutral, info, good, look, act, ended; `icon` a lucide name."""

    tone: str = "neutral"
    icon: str = "circle"
    label: str = ""


@dataclass(frozen=True)
class ActionView:
    """A button: shown only to who holds the right; greyed with its `reason` where the rule says no."""

    key: str = ""
    label: str = ""
    shown: bool = False
    enabled: bool = False
    reason: str = ""
    shortcut: str = ""


@dataclass(frozen=True)
class AddressView:
    """An address as it is written on a letter (`lines`), and its fields for the dialog. `stays`: what a change of it leaves as it is."""

    kind: str = ""
    lines: list[str] = field(default_factory=list)
    is_same: bool = False
    stays: list[str] = field(default_factory=list)
    name: str = ""
    company: str = ""
    street: str = ""
    addition: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""


@dataclass(frozen=True)
class LineView:
    """A line of the order: figures as text, amounts "" for who may not see prices."""

    id: int = 0
    sku: str = ""
    name: str = ""
    quantity: str = ""
    unit_price: str = ""
    discount: str = ""
    vat_rate: str = ""
    total: str = ""
    shipped: str = ""
    returned: str = ""
    invoiced: str = ""
    credited: str = ""


@dataclass(frozen=True)
class SumView:
    """A row under the lines: what it is, and its amount."""

    label: str = ""
    amount: str = ""
    is_total: bool = False


@dataclass(frozen=True)
class ParcelView:
    """A parcel: its number, and the carrier's page about it."""

    tracking_number: str = ""
    url: str = ""


@dataclass(frozen=True)
class PackedView:
    """How much of a line lies in a shipment. `rank`: the line's place in the order, from 1; `most`: "of 1.5 m"."""

    rank: str = ""
    sku: str = ""
    name: str = ""
    most: str = ""


@dataclass(frozen=True)
class ShipmentView:
    """A shipment with its packing slip. `contents`: "1.5 m × Cloth", one a line; `summary`: its beginning, to tell it from others.

    Of an open one alone: `packed`, the same in parts; `merges_into`, the number of the open one it could be put into.
    """

    number: str = ""
    state: BadgeView = BadgeView()
    is_open: bool = False
    is_cancelled: bool = False
    date: str = ""
    tracking: str = ""
    parcels: list[ParcelView] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)
    summary: str = ""
    packed: list[PackedView] = field(default_factory=list)
    merges_into: str = ""
    slip_url: str = ""


@dataclass(frozen=True)
class DocumentView:
    """An invoice or credit note; `pdf_url` opens the PDF of this document alone."""

    number: str = ""
    kind: str = ""
    date: str = ""
    due: str = ""
    total: str = ""
    state: BadgeView = BadgeView()
    sent: str = ""
    pdf_url: str = ""


@dataclass(frozen=True)
class PaymentView:
    """One booking, signed."""

    date: str = ""
    method: str = ""
    amount: str = ""
    by: str = ""


@dataclass(frozen=True)
class OtherOrderView:
    """Another open order of the same customer."""

    number: str = ""
    date: str = ""
    status: str = ""
    total: str = ""


@dataclass(frozen=True)
class CustomerView:
    """Who ordered; `orders` and `total` over all their orders."""

    number: str = ""
    name: str = ""
    company: str = ""
    email: str = ""
    phone: str = ""
    vat_id: str = ""
    orders: str = ""
    total: str = ""
    warning: str = ""
    others: list[OtherOrderView] = field(default_factory=list)


@dataclass(frozen=True)
class HistoryView:
    """One line of the history tab."""

    sequence: int = 0
    at: str = ""
    actor: str = ""
    sentence: str = ""


@dataclass(frozen=True)
class HistoryTab:
    """The history tab. `kinds`: what it can be narrowed to, as [key, word, how many, address]; `kind`: the key of the chosen one."""

    facts: list[HistoryView] = field(default_factory=list)
    kinds: list[list[str]] = field(default_factory=list)
    kind: str = ""


@dataclass(frozen=True)
class OrderWindow:
    """All of it. `actions` by key; `languages`: (code, name) of what `Invoice language` offers; `happened`: how many facts.

    `about`: order and version as `Shown` says them, which each event of the window takes along.
    `to_part`: the open shipments of which a part can be moved out, (value, word) each.
    """

    id: int = 0
    version: int = 0
    number: str = ""
    about: str = ""
    placed_at: str = ""
    source: str = ""
    reference: str = ""
    total: str = ""
    open_amount: str = ""
    paid: str = ""
    comment: str = ""
    hold_reason: str = ""
    tags: list[str] = field(default_factory=list)
    sees_prices: bool = False
    status: BadgeView = BadgeView()
    payment_state: BadgeView = BadgeView()
    shipping_state: BadgeView = BadgeView()
    billing: AddressView = AddressView()
    shipping: AddressView = AddressView()
    payment_method: str = ""
    shipping_method: str = ""
    payments: list[PaymentView] = field(default_factory=list)
    documents: list[DocumentView] = field(default_factory=list)
    shipments: list[ShipmentView] = field(default_factory=list)
    to_part: list[tuple[str, str]] = field(default_factory=list)
    lines: list[LineView] = field(default_factory=list)
    sums: list[SumView] = field(default_factory=list)
    shop_total: str = ""
    customer: CustomerView = CustomerView()
    actions: dict[str, ActionView] = field(default_factory=dict)
    languages: list[tuple[str, str]] = field(default_factory=list)
    language: str = ""
    happened: int = 0
    draft: list[str] = field(default_factory=list)
    """Of the newest text this colleague typed into a dialog and did not save: the dialog, and the part it is of; empty without one."""
