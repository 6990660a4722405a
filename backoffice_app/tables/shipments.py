"""Shipments, what is in them, and their parcels."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Column, Index, String, UniqueConstraint, text
from sqlmodel import Field, Relationship, SQLModel

from backoffice_app.tables.columns import (
    foreign_key,
    id_column,
    micros_column,
    moment_column,
    optional_moment_column,
    text_column,
)

if TYPE_CHECKING:
    from backoffice_app.tables.orders import OrderLine


class Shipment(SQLModel, table=True):
    """What leaves the house together; `state`: open, shipped, cancelled.

    Its packing slip carries its number (SHIP-1, SHIP-2).

    `merged_into`: the number of the shipment that took all of a cancelled one.
    """

    id: int | None = Field(default=None, sa_column=id_column())
    number: str = Field(sa_column=Column(String, nullable=False, unique=True))
    order_id: int = Field(sa_column=foreign_key("orders.id"))
    state: str = "open"
    carrier: str = ""
    created_at: datetime = Field(sa_column=moment_column())
    shipped_at: datetime | None = Field(default=None, sa_column=optional_moment_column())
    shipped_by: str = ""
    merged_into: str = Field(default="", sa_column=text_column())
    lines: list["ShipmentLine"] = Relationship(
        sa_relationship_kwargs={
            "order_by": "ShipmentLine.id",
            "lazy": "raise_on_sql",
            "cascade": "all, delete-orphan",
        }
    )
    parcels: list["Parcel"] = Relationship(
        sa_relationship_kwargs={
            "order_by": "Parcel.id",
            "lazy": "raise_on_sql",
            "cascade": "all, delete-orphan",
        }
    )
    __table_args__ = (
        CheckConstraint("state in ('open', 'shipped', 'cancelled')", name="ck_shipment_state"),
        Index("ix_shipment_state", "state", "id"),
        Index(
            "ix_shipment_shipped_at",
            "shipped_at",
            "id",
            sqlite_where=text("shipped_at IS NOT NULL"),
            postgresql_where=text("shipped_at IS NOT NULL"),
        ),
    )


class ShipmentLine(SQLModel, table=True):
    """How much of an order line is in a shipment."""

    __tablename__ = "shipment_line"
    id: int | None = Field(default=None, sa_column=id_column())
    shipment_id: int = Field(default=0, sa_column=foreign_key("shipment.id", index=False))
    order_line_id: int = Field(default=0, sa_column=foreign_key("order_line.id"))
    quantity: Decimal = Field(sa_column=micros_column())
    line: "OrderLine" = Relationship(sa_relationship_kwargs={"lazy": "raise_on_sql"})
    __table_args__ = (
        UniqueConstraint("shipment_id", "order_line_id", name="uq_shipment_line"),
        CheckConstraint("quantity > 0", name="ck_shipment_line_quantity"),
    )


class Parcel(SQLModel, table=True):
    """One parcel of a shipment with its tracking number (SHIP-2)."""

    id: int | None = Field(default=None, sa_column=id_column())
    shipment_id: int = Field(default=0, sa_column=foreign_key("shipment.id"))
    tracking_number: str = Field(index=True)
    carrier: str = ""
