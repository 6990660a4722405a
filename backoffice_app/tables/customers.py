"""Customers and products."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Boolean, Column, Index, String, false, text
from sqlmodel import Field, SQLModel

from backoffice_app.tables.columns import (
    BIG,
    Micros,
    id_column,
    index_of_some,
    micros_column,
    moment_column,
    money_column,
    optional_moment_column,
    text_column,
    word_column,
)


class Customer(SQLModel, table=True):
    """Someone who ordered. Orders keep their own copy of names and addresses.

    `warning`: what stands on all their orders; `note`: for colleagues; `own_fields`: what the shop keeps besides, one
    `name: text` a line. `mails_off`: no mail is written to them by itself (M-6). `merged_into_id`: the customer who
    they are too; this row is a sign post then.
    """

    id: int | None = Field(default=None, sa_column=id_column())
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
    created_at: datetime = Field(sa_column=moment_column())
    note: str = Field(default="", sa_column=text_column())
    own_fields: str = Field(default="", sa_column=text_column())
    mails_off: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))
    merged_into_id: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))

    # derived
    search: str = Field(default="", sa_column=text_column())
    sort_name: str = Field(default="", sa_column=word_column())
    __table_args__ = (
        Index("ix_customer_sort_name", "sort_name", "id"),
        index_of_some("ix_customer_warned", "id", where="warning <> ''"),
        index_of_some("ix_customer_mails_off", "id", where="mails_off"),
        index_of_some("ix_customer_merged_into", "merged_into_id", where="merged_into_id IS NOT NULL"),
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
    """Something the shop sells. `price` in minor units of the shop's currency, gross or net as the shop's prices are.

    `on_hand`: how much is in stock, None where nobody counts; `reserved`: what orders that came in wait for; both
    derived from the movements (STK-1). `low_at`: at so many, or fewer, free pieces the stock is shown as low; None
    never. `search`: SKU and name, folded.
    """

    id: int | None = Field(default=None, sa_column=id_column())
    sku: str = Field(sa_column=Column(String, nullable=False, unique=True))
    name: str
    unit: str = ""
    price: int = Field(default=0, sa_column=money_column())
    vat_rate: Decimal = Field(default=Decimal(0), sa_column=micros_column())
    created_at: datetime = Field(sa_column=moment_column())
    retired_at: datetime | None = Field(default=None, sa_column=optional_moment_column())
    low_at: Decimal | None = Field(default=None, sa_column=Column(Micros, nullable=True))

    # derived
    on_hand: Decimal | None = Field(default=None, sa_column=Column(Micros, nullable=True))
    reserved: Decimal = Field(default=Decimal(0), sa_column=micros_column())
    search: str = Field(default="", sa_column=text_column())
    __table_args__ = (
        index_of_some("ix_product_kept", "sku", where="retired_at IS NULL"),
        index_of_some("ix_product_name", "name", "id", where="retired_at IS NULL"),
        index_of_some(
            "ix_product_on_hand", "on_hand", "id", where="retired_at IS NULL AND on_hand IS NOT NULL"
        ),
        index_of_some("ix_product_low", "sku", where="retired_at IS NULL AND on_hand - reserved <= low_at"),
        index_of_some("ix_product_out", "sku", where="retired_at IS NULL AND on_hand - reserved <= 0"),
        index_of_some("ix_product_retired", "sku", where="retired_at IS NOT NULL"),
    )
