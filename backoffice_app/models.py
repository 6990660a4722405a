"""Every table: columns, keys, checks. No rules, no queries; imports nothing of ours.

Money is whole minor units (`BigInteger`), quantities, unit prices and rates are exact decimals (`Micros`), times are aware UTC (`Moment`).
Columns under "derived" are written by one function, `domain/core/derived.py`, and proven equal to what they are derived from.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlmodel import Field, Relationship, SQLModel

# SQLite numbers rows by itself only in a column of exactly the type INTEGER.
BIG = BigInteger().with_variant(Integer(), "sqlite")


class Micros(TypeDecorator[Decimal]):
    """An exact decimal of six places, stored as whole millionths, so that both databases compare and add it exactly."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Raises ValueError for more than six decimals: nothing is rounded silently."""
        if value is None:
            return None
        scaled = Decimal(value).scaleb(6)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than six decimals")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Without trailing noughts: 1500000 -> 1.5."""
        if value is None:
            return None
        whole, rest = divmod(value, 1_000_000)
        return Decimal(whole) if not rest else Decimal(value).scaleb(-6).normalize()


class Moment(TypeDecorator[datetime]):
    """An aware moment in UTC. Naive ones are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware in, UTC out; SQLite gets it without its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always aware, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _key(target: str, *, index: bool = True, nullable: bool = False) -> Column[int]:
    return Column(BIG, ForeignKey(target), index=index, nullable=nullable)


def _id() -> Column[int]:
    return Column(BIG, primary_key=True, autoincrement=True)


def _money() -> Column[int]:
    return Column(BigInteger, nullable=False, server_default="0")


def _micros() -> Column[Decimal]:
    return Column(Micros, nullable=False, server_default="0")


def _text() -> Column[str]:
    return Column(Text, nullable=False, server_default="")


def _moment() -> Column[datetime]:
    return Column(Moment, nullable=False)


def _moment_or_none() -> Column[datetime]:
    return Column(Moment, nullable=True)


# --- the shop -----------------------------------------------------------------------------------------------------------------------


class Setting(SQLModel, table=True):
    """One section of the shop's settings, as JSON (`domain/core/shop.py` gives it types)."""

    section: str = Field(primary_key=True)
    value: str = Field(sa_column=_text())


class NumberSeries(SQLModel, table=True):
    """The next number of one kind in one year; locked last, drawn in the transaction of what gets the number (INV-2)."""

    __tablename__ = "number_series"
    kind: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    prefix: str
    next_counter: int = Field(sa_column=Column(BigInteger, nullable=False))
    last_day: date | None = None
    __table_args__ = (
        UniqueConstraint("prefix", name="uq_number_series_prefix"),
        CheckConstraint("next_counter > 0", name="ck_number_series_counter"),
    )


class CustomStatus(SQLModel, table=True):
    """A status of the shop's own that stands where the system status would (W-7). `names`: JSON, language -> name."""

    __tablename__ = "custom_status"
    id: int | None = Field(default=None, sa_column=_id())
    names: str = Field(sa_column=_text())
    colour: str = "gray"
    rank: int = 0
    clears_on: str = ""
    retired_at: datetime | None = Field(default=None, sa_column=_moment_or_none())


class PaymentMethod(SQLModel, table=True):
    """A way to pay. `names`: JSON, language -> name. `by_provider`: the provider takes the money at once (W-2)."""

    __tablename__ = "payment_method"
    key: str = Field(primary_key=True)
    names: str = Field(sa_column=_text())
    by_provider: bool = False
    retired_at: datetime | None = Field(default=None, sa_column=_moment_or_none())


class ShippingMethod(SQLModel, table=True):
    """A way to ship. `names`: JSON, language -> name; `carrier`: key of `domain/core/carriers.py` or ""."""

    __tablename__ = "shipping_method"
    key: str = Field(primary_key=True)
    names: str = Field(sa_column=_text())
    carrier: str = ""
    retired_at: datetime | None = Field(default=None, sa_column=_moment_or_none())


# --- people -------------------------------------------------------------------------------------------------------------------------


class User(SQLModel, table=True):
    """A colleague (SEC-1). `email` is stored folded to lower case."""

    __tablename__ = "app_user"
    id: int | None = Field(default=None, sa_column=_id())
    email: str = Field(sa_column=Column(String, nullable=False, unique=True))
    name: str
    role: str
    password_hash: str
    language: str = "en"
    theme: str = "system"
    single_keys: bool = True
    created_at: datetime = Field(sa_column=_moment())
    retired_at: datetime | None = Field(default=None, sa_column=_moment_or_none())


class UserSession(SQLModel, table=True):
    """A signed-in browser. `id` is the SHA-256 of the cookie's token; the token itself is nowhere stored."""

    __tablename__ = "user_session"
    id: str = Field(primary_key=True)
    user_id: int = Field(sa_column=_key("app_user.id"))
    created_at: datetime = Field(sa_column=_moment())
    last_seen_at: datetime = Field(sa_column=_moment())
    revoked_at: datetime | None = Field(default=None, sa_column=_moment_or_none())
    user_agent: str = ""


class KnownBrowser(SQLModel, table=True):
    """A browser in which this person has signed in. `id` is the SHA-256 of the cookie's token; several people may share one (SEC-1)."""

    __tablename__ = "known_browser"
    id: str = Field(primary_key=True)
    user_id: int = Field(sa_column=Column(BIG, ForeignKey("app_user.id"), primary_key=True, index=True))
    seen_at: datetime = Field(sa_column=_moment())


class Draft(SQLModel, table=True):
    """What somebody typed into a dialog and did not save yet. `subject`: as "order/10001"; `which`: the part of it; `data`: JSON (W-16)."""

    __tablename__ = "draft"
    user_id: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    subject: str = Field(primary_key=True)
    form: str = Field(primary_key=True)
    which: str = ""
    data: str = "{}"
    at: datetime = Field(sa_column=_moment())


class SignInAttempt(SQLModel, table=True):
    """A failed sign-in, by e-mail and by address, or by known browser or session, for the lock-out (SEC-1)."""

    __tablename__ = "sign_in_attempt"
    id: int | None = Field(default=None, sa_column=_id())
    key: str
    at: datetime = Field(sa_column=_moment())
    __table_args__ = (Index("ix_sign_in_attempt_key_at", "key", "at"),)


class ApiKey(SQLModel, table=True):
    """A key of the REST API. `scopes`: words parted by blanks; `digest`: SHA-256 of the key, which is shown once."""

    __tablename__ = "api_key"
    id: int | None = Field(default=None, sa_column=_id())
    name: str
    scopes: str
    digest: str = Field(sa_column=Column(String, nullable=False, unique=True))
    created_at: datetime = Field(sa_column=_moment())
    last_used_at: datetime | None = Field(default=None, sa_column=_moment_or_none())
    revoked_at: datetime | None = Field(default=None, sa_column=_moment_or_none())


class IdempotencyKey(SQLModel, table=True):
    """One `Idempotency-Key` of one API key and the order its first call made (API-1)."""

    __tablename__ = "idempotency_key"
    id: int | None = Field(default=None, sa_column=_id())
    api_key_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    key: str
    body_digest: str
    order_id: int = Field(sa_column=_key("orders.id"))
    created_at: datetime = Field(sa_column=_moment())
    __table_args__ = (UniqueConstraint("api_key_id", "key", name="uq_idempotency_key"),)


# --- customers and products ---------------------------------------------------------------------------------------------------------


class Customer(SQLModel, table=True):
    """Someone who ordered. Orders keep their own copy of names and addresses."""

    id: int | None = Field(default=None, sa_column=_id())
    number: str = Field(sa_column=Column(String, nullable=False, unique=True))
    source: str = ""
    external_reference: str = ""
    email: str = Field(default="", index=True)
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    phone: str = ""
    vat_id: str = ""
    language: str = "en"
    warning: str = ""
    created_at: datetime = Field(sa_column=_moment())
    __table_args__ = (
        Index(
            "uq_customer_reference",
            "source",
            "external_reference",
            unique=True,
            sqlite_where=text("external_reference <> ''"),
            postgresql_where=text("external_reference <> ''"),
        ),
    )


class Product(SQLModel, table=True):
    """Something the shop sells. `price` in minor units of the shop's currency, gross or net as the shop's prices are."""

    id: int | None = Field(default=None, sa_column=_id())
    sku: str = Field(sa_column=Column(String, nullable=False, unique=True))
    name: str
    unit: str = ""
    price: int = Field(default=0, sa_column=_money())
    vat_rate: Decimal = Field(default=Decimal(0), sa_column=_micros())
    created_at: datetime = Field(sa_column=_moment())
    retired_at: datetime | None = Field(default=None, sa_column=_moment_or_none())


# --- orders -------------------------------------------------------------------------------------------------------------------------


class Order(SQLModel, table=True):
    """An order. `position` orders every list: seconds of `placed_at` << 30 | id, unique, larger is newer.

    `sent_by`: the id of the API key that brought it in; 0 for one from a file or made by a person.
    """

    __tablename__ = "orders"
    id: int | None = Field(default=None, sa_column=_id())
    number: str = Field(sa_column=Column(String, nullable=False, unique=True))
    position: int = Field(sa_column=Column(BigInteger, nullable=False, unique=True))
    version: int = 1
    source: str = ""
    external_reference: str = ""
    number_at_source: str = ""
    placed_at: datetime = Field(sa_column=_moment())
    language: str = "en"
    currency: str = "EUR"
    prices: str = "gross"
    customer_id: int | None = Field(default=None, sa_column=_key("customer.id", nullable=True))
    vat_id: str = ""
    email: str = ""
    phone: str = ""
    comment: str = Field(default="", sa_column=_text())
    tags: str = Field(default="", sa_column=_text())
    sent_by: int = Field(default=0, sa_column=_money())

    payment_method: str = ""
    payment_method_name: str = ""
    payment_by_provider: bool = False
    payment_cost: int = Field(default=0, sa_column=_money())
    payment_vat_rate: Decimal = Field(default=Decimal(0), sa_column=_micros())
    authorised_at: datetime | None = Field(default=None, sa_column=_moment_or_none())
    shipping_method: str = ""
    shipping_method_name: str = ""
    shipping_price: int = Field(default=0, sa_column=_money())
    shipping_vat_rate: Decimal = Field(default=Decimal(0), sa_column=_micros())
    discount_name: str = ""
    discount: int = Field(default=0, sa_column=_money())
    total: int = Field(default=0, sa_column=_money())

    on_hold_since: datetime | None = Field(default=None, sa_column=_moment_or_none())
    hold_reason: str = ""
    cancelled_at: datetime | None = Field(default=None, sa_column=_moment_or_none())
    cancel_reason: str = ""
    custom_status_id: int | None = Field(default=None, sa_column=_key("custom_status.id", index=False, nullable=True))
    printed_at: datetime | None = Field(default=None, sa_column=_moment_or_none())

    # derived
    status: str = ""
    payment_state: str = ""
    shipping_state: str = ""
    return_state: str = ""
    paid: int = Field(default=0, sa_column=_money())
    open_amount: int = Field(default=0, sa_column=_money())
    due_on: date | None = None
    customer_name: str = ""
    company: str = ""
    country: str = ""
    sort_name: str = ""
    facet: int = Field(default=0, sa_column=_money())

    lines: list["OrderLine"] = Relationship(sa_relationship_kwargs={"order_by": "OrderLine.rank", "lazy": "raise_on_sql"})
    addresses: list["OrderAddress"] = Relationship(sa_relationship_kwargs={"lazy": "raise_on_sql"})
    payments: list["Payment"] = Relationship(sa_relationship_kwargs={"order_by": "Payment.id", "lazy": "raise_on_sql"})
    shipments: list["Shipment"] = Relationship(sa_relationship_kwargs={"order_by": "Shipment.id", "lazy": "raise_on_sql"})
    documents: list["Document"] = Relationship(sa_relationship_kwargs={"order_by": "Document.id", "lazy": "raise_on_sql"})

    __table_args__ = (
        Index(
            "uq_orders_reference",
            "source",
            "external_reference",
            unique=True,
            sqlite_where=text("external_reference <> ''"),
            postgresql_where=text("external_reference <> ''"),
        ),
        Index("ix_orders_status", "status", "position"),
        Index("ix_orders_payment_state", "payment_state", "position"),
        Index("ix_orders_shipping_state", "shipping_state", "position"),
        # A key that may only write lists what it sent itself: by the history that took 8 s among a million orders of others.
        Index("ix_orders_sent_by", "sent_by", "position", sqlite_where=text("sent_by <> 0"), postgresql_where=text("sent_by <> 0")),
        Index("ix_orders_list", "position", "facet", "total"),
        Index("ix_orders_total", "total", "position"),
        Index("ix_orders_sort_name", "sort_name", "position"),
        Index("ix_orders_due_on", "due_on", sqlite_where=text("due_on IS NOT NULL"), postgresql_where=text("due_on IS NOT NULL")),
        Index("ix_orders_due", "position", "due_on", sqlite_where=text("due_on IS NOT NULL"), postgresql_where=text("due_on IS NOT NULL")),
        # Within a facet each order of the list has its index too, so that filters that combine are merged and never scanned (P-3).
        Index("ix_orders_facet", "facet", "position"),
        Index("ix_orders_facet_id", "facet", "id"),
        Index("ix_orders_facet_total", "facet", "total", "position"),
        Index("ix_orders_facet_sort_name", "facet", "sort_name", "position"),
    )


class OrderAddress(SQLModel, table=True):
    """The order's own copy of an address; `kind` is `billing` or `shipping`."""

    __tablename__ = "order_address"
    id: int | None = Field(default=None, sa_column=_id())
    order_id: int = Field(default=0, sa_column=_key("orders.id", index=False))
    kind: str
    name: str = ""
    company: str = ""
    street: str = ""
    addition: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    __table_args__ = (
        UniqueConstraint("order_id", "kind", name="uq_order_address_kind"),
        CheckConstraint("kind in ('billing', 'shipping')", name="ck_order_address_kind"),
    )


class OrderLine(SQLModel, table=True):
    """A line with its six quantities (ST-2).

    `unit_price` in major units, `discount` and `total` in minor units, gross or net as the order's prices are.
    """

    __tablename__ = "order_line"
    id: int | None = Field(default=None, sa_column=_id())
    order_id: int = Field(default=0, sa_column=_key("orders.id", index=False))
    rank: int
    product_id: int | None = Field(default=None, sa_column=_key("product.id", index=False, nullable=True))
    sku: str = ""
    name: str
    unit: str = ""
    ships: bool = True
    unit_price: Decimal = Field(sa_column=_micros())
    discount: int = Field(default=0, sa_column=_money())
    vat_rate: Decimal = Field(default=Decimal(0), sa_column=_micros())
    vat_category: str = "S"
    total: int = Field(default=0, sa_column=_money())
    ordered: Decimal = Field(sa_column=_micros())
    cancelled: Decimal = Field(default=Decimal(0), sa_column=_micros())
    invoiced: Decimal = Field(default=Decimal(0), sa_column=_micros())
    shipped: Decimal = Field(default=Decimal(0), sa_column=_micros())
    returned: Decimal = Field(default=Decimal(0), sa_column=_micros())
    credited: Decimal = Field(default=Decimal(0), sa_column=_micros())
    __table_args__ = (
        UniqueConstraint("order_id", "rank", name="uq_order_line_rank"),
        CheckConstraint("0 <= returned and returned <= shipped and shipped <= ordered - cancelled", name="ck_order_line_shipped"),
        CheckConstraint("0 <= credited and credited <= invoiced", name="ck_order_line_credited"),
        CheckConstraint("0 <= cancelled and cancelled <= ordered and ordered > 0", name="ck_order_line_ordered"),
    )


# --- payments -----------------------------------------------------------------------------------------------------------------------


class Payment(SQLModel, table=True):
    """Money booked on an order: insert only, signed minor units; a correction is a counter-entry (PAY-1)."""

    id: int | None = Field(default=None, sa_column=_id())
    order_id: int = Field(sa_column=_key("orders.id"))
    amount: int = Field(sa_column=Column(BigInteger, nullable=False))
    booked_on: date
    booked_at: datetime = Field(sa_column=_moment())
    method: str = ""
    provider: str = ""
    provider_reference: str = ""
    by_hand: bool = False
    reason: str = ""
    actor_name: str = ""
    reverses_id: int | None = Field(default=None, sa_column=Column(BigInteger, ForeignKey("payment.id"), unique=True, nullable=True))
    __table_args__ = (
        CheckConstraint("amount <> 0", name="ck_payment_amount"),
        Index(
            "uq_payment_reference",
            "provider",
            "provider_reference",
            unique=True,
            sqlite_where=text("provider_reference <> ''"),
            postgresql_where=text("provider_reference <> ''"),
        ),
    )


class Allocation(SQLModel, table=True):
    """What part of a payment settles which document, in minor units (PAY-1)."""

    id: int | None = Field(default=None, sa_column=_id())
    payment_id: int = Field(default=0, sa_column=_key("payment.id"))
    document_id: int = Field(default=0, sa_column=_key("document.id"))
    amount: int = Field(sa_column=Column(BigInteger, nullable=False))
    payment: "Payment" = Relationship(sa_relationship_kwargs={"lazy": "raise_on_sql"})
    document: "Document" = Relationship(sa_relationship_kwargs={"lazy": "raise_on_sql"})
    __table_args__ = (
        UniqueConstraint("payment_id", "document_id", name="uq_allocation"),
        CheckConstraint("amount <> 0", name="ck_allocation_amount"),
    )


# --- shipments ----------------------------------------------------------------------------------------------------------------------


class Shipment(SQLModel, table=True):
    """What leaves the house together; `state`: open, shipped, cancelled. Its packing slip carries its number (SHIP-1, SHIP-2)."""

    id: int | None = Field(default=None, sa_column=_id())
    number: str = Field(sa_column=Column(String, nullable=False, unique=True))
    order_id: int = Field(sa_column=_key("orders.id"))
    state: str = "open"
    carrier: str = ""
    created_at: datetime = Field(sa_column=_moment())
    shipped_at: datetime | None = Field(default=None, sa_column=_moment_or_none())
    shipped_by: str = ""
    lines: list["ShipmentLine"] = Relationship(
        sa_relationship_kwargs={"order_by": "ShipmentLine.id", "lazy": "raise_on_sql", "cascade": "all, delete-orphan"}
    )
    parcels: list["Parcel"] = Relationship(
        sa_relationship_kwargs={"order_by": "Parcel.id", "lazy": "raise_on_sql", "cascade": "all, delete-orphan"}
    )
    __table_args__ = (CheckConstraint("state in ('open', 'shipped', 'cancelled')", name="ck_shipment_state"),)


class ShipmentLine(SQLModel, table=True):
    """How much of an order line lies in a shipment."""

    __tablename__ = "shipment_line"
    id: int | None = Field(default=None, sa_column=_id())
    shipment_id: int = Field(default=0, sa_column=_key("shipment.id", index=False))
    order_line_id: int = Field(default=0, sa_column=_key("order_line.id"))
    quantity: Decimal = Field(sa_column=_micros())
    line: "OrderLine" = Relationship(sa_relationship_kwargs={"lazy": "raise_on_sql"})
    __table_args__ = (
        UniqueConstraint("shipment_id", "order_line_id", name="uq_shipment_line"),
        CheckConstraint("quantity > 0", name="ck_shipment_line_quantity"),
    )


class Parcel(SQLModel, table=True):
    """One parcel of a shipment with its tracking number (SHIP-2)."""

    id: int | None = Field(default=None, sa_column=_id())
    shipment_id: int = Field(default=0, sa_column=_key("shipment.id"))
    tracking_number: str = Field(index=True)
    carrier: str = ""


# --- documents ----------------------------------------------------------------------------------------------------------------------


class Document(SQLModel, table=True):
    """An issued invoice or credit note. Never changed, never deleted, but for what was paid and sent (INV-2, INV-3)."""

    id: int | None = Field(default=None, sa_column=_id())
    public_id: str = Field(sa_column=Column(String, nullable=False, unique=True))
    order_id: int = Field(sa_column=_key("orders.id"))
    kind: str
    number: str = Field(sa_column=Column(String, nullable=False, unique=True))
    language: str
    issued_on: date
    issued_at: datetime = Field(sa_column=_moment())
    due_on: date | None = None
    currency: str
    net: int = Field(sa_column=Column(BigInteger, nullable=False))
    vat: int = Field(sa_column=Column(BigInteger, nullable=False))
    total: int = Field(sa_column=Column(BigInteger, nullable=False))
    credits_id: int | None = Field(default=None, sa_column=_key("document.id", nullable=True))

    # derived
    open_amount: int = Field(default=0, sa_column=_money())
    sent_at: datetime | None = Field(default=None, sa_column=_moment_or_none())
    versions: list["DocumentVersion"] = Relationship(sa_relationship_kwargs={"order_by": "DocumentVersion.version", "lazy": "raise_on_sql"})
    __table_args__ = (
        CheckConstraint("kind in ('invoice', 'credit note', 'cancellation')", name="ck_document_kind"),
        CheckConstraint("total = net + vat", name="ck_document_total"),
    )


class DocumentVersion(SQLModel, table=True):
    """What a document says: the snapshot it is rendered from, as canonical JSON, with its checksum; insert only (INV-3, INV-13)."""

    __tablename__ = "document_version"
    id: int | None = Field(default=None, sa_column=_id())
    document_id: int = Field(default=0, sa_column=_key("document.id", index=False))
    version: int = 1
    snapshot: str = Field(sa_column=_text())
    snapshot_sha256: str
    created_at: datetime = Field(sa_column=_moment())
    __table_args__ = (UniqueConstraint("document_id", "version", name="uq_document_version"),)


class ArchivedFile(SQLModel, table=True):
    """A rendered file in the archive, kept under its checksum; insert only (INV-3). `renderer` says what made it."""

    __tablename__ = "archived_file"
    id: int | None = Field(default=None, sa_column=_id())
    version_id: int = Field(sa_column=_key("document_version.id", index=False))
    form: str
    sha256: str
    size: int
    renderer: str
    created_at: datetime = Field(sa_column=_moment())
    __table_args__ = (UniqueConstraint("version_id", "form", name="uq_archived_file"),)


# --- mail ---------------------------------------------------------------------------------------------------------------------------


class MailTemplate(SQLModel, table=True):
    """A template the shop changed; where there is none the built-in one stands (M-1)."""

    __tablename__ = "mail_template"
    kind: str = Field(primary_key=True)
    language: str = Field(primary_key=True)
    subject: str
    body: str = Field(sa_column=_text())
    active: bool = True


class OutboxMail(SQLModel, table=True):
    """A mail, rendered in the transaction of its cause (M-3). `key`: order, event, object, sequence; a second one with it does nothing."""

    __tablename__ = "outbox_mail"
    id: int | None = Field(default=None, sa_column=_id())
    key: str = Field(sa_column=Column(String, nullable=False, unique=True))
    message_id: str = Field(sa_column=Column(String, nullable=False, unique=True))
    order_id: int | None = Field(default=None, sa_column=_key("orders.id", nullable=True))
    kind: str
    language: str
    recipient: str
    sender: str = ""
    reply_to: str = ""
    subject: str
    body: str = Field(sa_column=_text())
    state: str = "waiting"
    created_at: datetime = Field(sa_column=_moment())
    send_after: datetime = Field(sa_column=_moment())
    attempts: int = 0
    sent_at: datetime | None = Field(default=None, sa_column=_moment_or_none())
    error: str = Field(default="", sa_column=_text())
    again_of_id: int | None = Field(default=None, sa_column=_key("outbox_mail.id", index=False, nullable=True))
    attachments: list["MailAttachment"] = Relationship(sa_relationship_kwargs={"order_by": "MailAttachment.id", "lazy": "raise_on_sql"})
    __table_args__ = (
        CheckConstraint(
            "state in ('waiting', 'sending', 'sent', 'retrying', 'failed', 'unclear', 'withheld', 'no-server')", name="ck_outbox_mail_state"
        ),
        Index("ix_outbox_mail_state", "state", "send_after"),
    )


class MailAttachment(SQLModel, table=True):
    """A file that goes along: one version of one document, in one language, fixed when the mail was written (M-3)."""

    __tablename__ = "mail_attachment"
    id: int | None = Field(default=None, sa_column=_id())
    mail_id: int = Field(default=0, sa_column=_key("outbox_mail.id"))
    version_id: int = Field(sa_column=_key("document_version.id", index=False))
    name: str


# --- history ------------------------------------------------------------------------------------------------------------------------


class ChainHead(SQLModel, table=True):
    """The end of the shop's one hash chain; one row, locked as the very last thing of a transaction (AUD-1)."""

    __tablename__ = "chain_head"
    id: int = Field(default=1, primary_key=True)
    sequence: int = Field(sa_column=Column(BigInteger, nullable=False))
    hash: str


class History(SQLModel, table=True):
    """What happened: one fact, append only, chained by hash over the whole shop (AUD-1)."""

    sequence: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    subject: str
    subject_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    kind: str
    at: datetime = Field(sa_column=_moment())
    actor_kind: str
    actor_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    actor_name: str
    data: str = Field(sa_column=_text())
    personal_digest: str = ""
    previous_hash: str
    hash: str
    __table_args__ = (Index("ix_history_subject", "subject", "subject_id", "sequence"),)


class HistoryPersonal(SQLModel, table=True):
    """The personal part of a fact, beside the chain: erasing it leaves the chain verifying (AUD-3)."""

    __tablename__ = "history_personal"
    sequence: int = Field(sa_column=Column(BigInteger, ForeignKey("history.sequence"), primary_key=True, autoincrement=False))
    salt: str
    data: str = Field(sa_column=_text())


# --- lists and search ---------------------------------------------------------------------------------------------------------------


class ViewCount(SQLModel, table=True):
    """How many orders a built-in view holds, moved by each transaction; the shards are summed on reading (O-4, P-5)."""

    __tablename__ = "view_count"
    view: str = Field(primary_key=True)
    shard: int = Field(primary_key=True)
    n: int = Field(sa_column=Column(BigInteger, nullable=False, server_default="0"))


class OrderFacet(SQLModel, table=True):
    """A combination of all that a list filters by, which an order has or once had; `orders.facet` holds its `key`. Insert only (O-3).

    `seq` grows in the order of the commits, so whoever has read up to one of them needs only the newer ones.
    """

    __tablename__ = "order_facet"
    seq: int | None = Field(default=None, sa_column=_id())
    key: int = Field(sa_column=Column(BigInteger, nullable=False, unique=True))
    status: str
    payment_state: str
    shipping_state: str
    return_state: str
    owes: bool
    payment_method: str
    shipping_method: str
    country: str
    source: str
    printed: bool
    custom_status_id: int = Field(sa_column=Column(BigInteger, nullable=False))


class OrderSearch(SQLModel, table=True):
    """All that an order is found by, folded to ASCII, under the order's `position` (O-2)."""

    __tablename__ = "order_search"
    id: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    doc: str = Field(sa_column=_text())


# --- jobs ---------------------------------------------------------------------------------------------------------------------------


class WorkerProcess(SQLModel, table=True):
    """A live process that runs jobs, and when it was last heard of; a dead one's jobs are taken over."""

    __tablename__ = "worker_process"
    executor_id: str = Field(primary_key=True)
    heard_at: datetime = Field(sa_column=_moment())
