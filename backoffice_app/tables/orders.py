"""Orders with their addresses and lines."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlmodel import Field, Relationship, SQLModel

from backoffice_app.tables.columns import (
    foreign_key,
    id_column,
    micros_column,
    moment_column,
    money_column,
    optional_moment_column,
    text_column,
    word_column,
)

if TYPE_CHECKING:
    from backoffice_app.tables.documents import Document
    from backoffice_app.tables.payments import Payment, Refund
    from backoffice_app.tables.returns import OrderReturn
    from backoffice_app.tables.shipments import Shipment


class Order(SQLModel, table=True):
    """An order. `position` orders every list: seconds of `placed_at` << 30 | id, unique, larger is newer.

    `sent_by`: the id of the API key that brought it in; 0 for one from a file or made by a person. `sent_digest`: of
    what was sent. `options`: the shop's own fields of the checkout, one `name: text` a line. `tags`: one a line.
    `own_fields`: its copy of what the shop keeps of the customer besides, one `name: text` a line (T-1).
    `invoicing`: "waits" while its invoice lacks something, "elsewhere" if it is invoiced by hand alone, "provider" if
    the payment provider issues its invoice (PAY-0), "" otherwise (INV-1).
    `payment_collects`: who collects the money, as the payment method says when the order comes and while it is open; ""
    if nothing was known or kept (PAY-0).
    `differing`: JSON, what differs of what was sent later, [field, kept, sent] each, until a person has dealt with it;
    "" if nothing. `is_draft`: it has no number of the series yet and waits to be placed (W-18). `copied_from`: the
    number of the order it is a copy of. `hold_until`: the day on which an order that is on hold is to be looked at
    again (W-13).
    `payment_link`: where the customer can pay what is open, as the web shop gave it, or "".
    `reminder_level`, `reminded_on`, `reminded_of`: the last reminder to pay that was sent: its level from 1, its day,
    and the number of the invoice it was about, "" for none (W-14).
    `shipping_vat_category`, `payment_vat_category`: "goods" if the cost follows the VAT of the goods, "" if nothing is
    said.
    """

    __tablename__ = "orders"
    id: int | None = Field(default=None, sa_column=id_column())
    number: str = Field(sa_column=Column(String, nullable=False, unique=True))
    position: int = Field(sa_column=Column(BigInteger, nullable=False, unique=True))
    version: int = 1
    source: str = ""
    external_reference: str = ""
    number_at_source: str = ""
    placed_at: datetime = Field(sa_column=moment_column())
    language: str = "en"
    currency: str = "EUR"
    prices: str = "gross"
    customer_id: int | None = Field(default=None, sa_column=foreign_key("customer.id", nullable=True))
    vat_id: str = ""
    email: str = ""
    phone: str = ""
    comment: str = Field(default="", sa_column=text_column())
    options: str = Field(default="", sa_column=text_column())
    own_fields: str = Field(default="", sa_column=text_column())
    tags: str = Field(default="", sa_column=text_column())
    sent_by: int = Field(default=0, sa_column=money_column())
    sent_digest: str = Field(default="", sa_column=text_column())
    differing: str = Field(default="", sa_column=word_column())

    payment_method: str = ""
    payment_method_name: str = ""
    payment_collects: str = Field(default="", sa_column=word_column())
    payment_by_provider: bool = False
    payment_link: str = Field(default="", sa_column=text_column())
    payment_cost: int = Field(default=0, sa_column=money_column())
    payment_vat_rate: Decimal = Field(default=Decimal(0), sa_column=micros_column())
    payment_vat_category: str = Field(default="", sa_column=word_column())
    authorised_at: datetime | None = Field(default=None, sa_column=optional_moment_column())
    shipping_method: str = ""
    shipping_method_name: str = ""
    pickup: str = Field(default="", sa_column=word_column())
    shipping_price: int = Field(default=0, sa_column=money_column())
    shipping_vat_rate: Decimal = Field(default=Decimal(0), sa_column=micros_column())
    shipping_vat_category: str = Field(default="", sa_column=word_column())
    discount_name: str = ""
    discount: int = Field(default=0, sa_column=money_column())
    total: int = Field(default=0, sa_column=money_column())
    invoicing: str = Field(default="", sa_column=word_column())

    on_hold_since: datetime | None = Field(default=None, sa_column=optional_moment_column())
    hold_reason: str = ""
    held_by: str = Field(default="", sa_column=word_column())
    hold_until: date | None = None
    is_draft: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))
    copied_from: str = Field(default="", sa_column=word_column())
    cancelled_at: datetime | None = Field(default=None, sa_column=optional_moment_column())
    cancel_reason: str = ""
    custom_status_id: int | None = Field(
        default=None, sa_column=foreign_key("custom_status.id", index=False, nullable=True)
    )
    printed_at: datetime | None = Field(default=None, sa_column=optional_moment_column())
    pickup_ready_at: datetime | None = Field(default=None, sa_column=optional_moment_column())
    reminder_level: int = Field(default=0, sa_column=money_column())
    reminded_of: str = Field(default="", sa_column=word_column())
    reminded_on: date | None = None

    # derived
    status: str = ""
    payment_state: str = ""
    shipping_state: str = ""
    return_state: str = ""
    paid: int = Field(default=0, sa_column=money_column())
    open_amount: int = Field(default=0, sa_column=money_column())
    due_on: date | None = None
    customer_name: str = ""
    company: str = ""
    country: str = ""
    sort_name: str = ""
    facet: int = Field(default=0, sa_column=money_column())
    return_count: int = Field(default=0, sa_column=money_column())
    refund_count: int = Field(default=0, sa_column=money_column())
    address_warning: bool = Field(
        default=False, sa_column=Column(Boolean, nullable=False, server_default=false())
    )

    # counted where it changes: what colleagues keep with the order
    task_count: int = Field(default=0, sa_column=money_column())
    open_task_count: int = Field(default=0, sa_column=money_column())
    note_count: int = Field(default=0, sa_column=money_column())
    file_count: int = Field(default=0, sa_column=money_column())

    lines: list["OrderLine"] = Relationship(
        sa_relationship_kwargs={"order_by": "OrderLine.rank", "lazy": "raise_on_sql"}
    )
    addresses: list["OrderAddress"] = Relationship(sa_relationship_kwargs={"lazy": "raise_on_sql"})
    payments: list["Payment"] = Relationship(
        sa_relationship_kwargs={"order_by": "Payment.id", "lazy": "raise_on_sql"}
    )
    shipments: list["Shipment"] = Relationship(
        sa_relationship_kwargs={"order_by": "Shipment.id", "lazy": "raise_on_sql"}
    )
    documents: list["Document"] = Relationship(
        sa_relationship_kwargs={"order_by": "Document.id", "lazy": "raise_on_sql"}
    )

    returns: list["OrderReturn"] = Relationship(
        sa_relationship_kwargs={"order_by": "OrderReturn.id", "lazy": "raise_on_sql"}
    )
    refunds: list["Refund"] = Relationship(
        sa_relationship_kwargs={"order_by": "Refund.id", "lazy": "raise_on_sql"}
    )

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
        Index(
            "ix_orders_differing",
            "position",
            sqlite_where=text("differing <> ''"),
            postgresql_where=text("differing <> ''"),
        ),
        # A key that may only write lists what it sent itself: by the history that took 8 s among a million orders of
        # others.
        Index(
            "ix_orders_sent_by",
            "sent_by",
            "position",
            sqlite_where=text("sent_by <> 0"),
            postgresql_where=text("sent_by <> 0"),
        ),
        Index("ix_orders_list", "position", "facet", "total"),
        Index(
            "ix_orders_copied_from",
            "copied_from",
            sqlite_where=text("copied_from <> ''"),
            postgresql_where=text("copied_from <> ''"),
        ),
        Index(
            "ix_orders_open_task",
            "position",
            sqlite_where=text("open_task_count > 0"),
            postgresql_where=text("open_task_count > 0"),
        ),
        Index(
            "ix_orders_note",
            "position",
            sqlite_where=text("note_count > 0"),
            postgresql_where=text("note_count > 0"),
        ),
        Index(
            "ix_orders_tagged",
            "position",
            sqlite_where=text("tags <> ''"),
            postgresql_where=text("tags <> ''"),
        ),
        Index("ix_orders_total", "total", "position"),
        Index("ix_orders_sort_name", "sort_name", "position"),
        Index(
            "ix_orders_due_on",
            "due_on",
            sqlite_where=text("due_on IS NOT NULL"),
            postgresql_where=text("due_on IS NOT NULL"),
        ),
        Index(
            "ix_orders_due",
            "position",
            "due_on",
            sqlite_where=text("due_on IS NOT NULL"),
            postgresql_where=text("due_on IS NOT NULL"),
        ),
        # Within a facet each order of the list has its index too, so that filters that combine are merged and never
        # scanned (P-3).
        Index("ix_orders_facet", "facet", "position"),
        Index("ix_orders_facet_id", "facet", "id"),
        Index("ix_orders_facet_total", "facet", "total", "position"),
        Index("ix_orders_facet_sort_name", "facet", "sort_name", "position"),
    )


class OrderAddress(SQLModel, table=True):
    """The order's own copy of an address; `kind` is `billing` or `shipping`. Street and number stay as they were typed.

    `findings`: what looks wrong in it, one a line (`domain/places/checks.py`); `checked`: of which fields, by which
    checks, as a digest; `confirmed`: the digest with which a colleague said that the address is right (W-20).
    """

    __tablename__ = "order_address"
    id: int | None = Field(default=None, sa_column=id_column())
    order_id: int = Field(default=0, sa_column=foreign_key("orders.id", index=False))
    kind: str
    name: str = ""
    company: str = ""
    street: str = ""
    addition: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    findings: str = Field(default="", sa_column=text_column())
    checked: str = Field(default="", sa_column=word_column())
    confirmed: str = Field(default="", sa_column=word_column())
    __table_args__ = (
        UniqueConstraint("order_id", "kind", name="uq_order_address_kind"),
        CheckConstraint("kind in ('billing', 'shipping')", name="ck_order_address_kind"),
    )


class OrderLine(SQLModel, table=True):
    """A line with its six quantities (ST-2).

    `unit_price` in major units, `discount` and `total` in minor units, gross or net as the order's prices are; `total`
    is of what was not cancelled before it was invoiced. `options`: what the customer chose or wrote for it, one `name:
    text` a line.
    """

    __tablename__ = "order_line"
    id: int | None = Field(default=None, sa_column=id_column())
    order_id: int = Field(default=0, sa_column=foreign_key("orders.id", index=False))
    rank: int
    product_id: int | None = Field(
        default=None, sa_column=foreign_key("product.id", index=False, nullable=True)
    )
    sku: str = ""
    name: str
    options: str = Field(default="", sa_column=text_column())
    unit: str = ""
    ships: bool = True
    unit_price: Decimal = Field(sa_column=micros_column())
    discount: int = Field(default=0, sa_column=money_column())
    vat_rate: Decimal = Field(default=Decimal(0), sa_column=micros_column())
    vat_category: str = "S"
    total: int = Field(default=0, sa_column=money_column())
    ordered: Decimal = Field(sa_column=micros_column())
    cancelled: Decimal = Field(default=Decimal(0), sa_column=micros_column())
    invoiced: Decimal = Field(default=Decimal(0), sa_column=micros_column())
    shipped: Decimal = Field(default=Decimal(0), sa_column=micros_column())
    returned: Decimal = Field(default=Decimal(0), sa_column=micros_column())
    credited: Decimal = Field(default=Decimal(0), sa_column=micros_column())
    __table_args__ = (
        UniqueConstraint("order_id", "rank", name="uq_order_line_rank"),
        Index(
            "ix_order_line_waits",
            "product_id",
            sqlite_where=text("product_id IS NOT NULL AND shipped < ordered - cancelled"),
            postgresql_where=text("product_id IS NOT NULL AND shipped < ordered - cancelled"),
        ),
        CheckConstraint(
            "0 <= returned and returned <= shipped and shipped <= ordered - cancelled",
            name="ck_order_line_shipped",
        ),
        CheckConstraint("0 <= credited and credited <= invoiced", name="ck_order_line_credited"),
        CheckConstraint(
            "0 <= cancelled and cancelled <= ordered and ordered > 0", name="ck_order_line_ordered"
        ),
    )
