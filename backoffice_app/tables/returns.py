"""Returns, what comes back with them, and the reasons and actions that the shop keeps for them."""

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
    word_column,
)

if TYPE_CHECKING:
    from backoffice_app.tables.orders import OrderLine

WITHDRAWN, REFERRED = text("withdrawn_at IS NOT NULL"), text("reference <> ''")
"""The returns that are withdrawals, and those that the shop system names."""


class ReturnReason(SQLModel, table=True):
    """Why goods come back, as the shop words it.

    `names`: JSON, language -> name; `pays`: who pays the way back (RET-2, RET-3).
    """

    __tablename__ = "return_reason"
    id: int | None = Field(default=None, sa_column=id_column())
    names: str = Field(sa_column=text_column())
    pays: str = "customer"
    rank: int = 0
    retired_at: datetime | None = Field(default=None, sa_column=optional_moment_column())
    __table_args__ = (CheckConstraint("pays in ('customer', 'shop')", name="ck_return_reason_pays"),)


class ReturnAction(SQLModel, table=True):
    """What is done for the customer, such as a refund or a repair. `names`: JSON, language -> name (RET-2)."""

    __tablename__ = "return_action"
    id: int | None = Field(default=None, sa_column=id_column())
    names: str = Field(sa_column=text_column())
    rank: int = 0
    retired_at: datetime | None = Field(default=None, sa_column=optional_moment_column())


class OrderReturn(SQLModel, table=True):
    """Goods of an order that come back; `state`: requested, approved, received, completed, rejected, cancelled (RET-3).

    `reason`, `action`: the words as they were chosen or typed, in the order's language, so that no later change of the
    lists rewrites them; `reason_id`, `action_id`: what was chosen from the shop's lists. `comment`: the customer's;
    `note`: for colleagues; `message`: to the customer. `document_id`: the credit note it was completed by; `is_locked`:
    made by a credit note, or completed by one (INV-6). `withdrawn_at`: when the customer withdrew from the contract, if
    that is what it is; `reference`: what the shop system knows it by, so that one message makes one return (RET-4).
    """

    __tablename__ = "order_return"
    id: int | None = Field(default=None, sa_column=id_column())
    number: str = Field(sa_column=Column(String, nullable=False, unique=True))
    order_id: int = Field(sa_column=foreign_key("orders.id"))
    state: str = "requested"
    reason_id: int | None = Field(
        default=None, sa_column=foreign_key("return_reason.id", index=False, nullable=True)
    )
    reason: str = Field(default="", sa_column=text_column())
    action_id: int | None = Field(
        default=None, sa_column=foreign_key("return_action.id", index=False, nullable=True)
    )
    action: str = Field(default="", sa_column=text_column())
    pays: str = Field(default="", sa_column=word_column())
    comment: str = Field(default="", sa_column=text_column())
    note: str = Field(default="", sa_column=text_column())
    message: str = Field(default="", sa_column=text_column())
    created_at: datetime = Field(sa_column=moment_column())
    created_by: str = ""
    received_at: datetime | None = Field(default=None, sa_column=optional_moment_column())
    closed_at: datetime | None = Field(default=None, sa_column=optional_moment_column())
    document_id: int | None = Field(default=None, sa_column=foreign_key("document.id", nullable=True))
    is_locked: bool = False
    withdrawn_at: datetime | None = Field(default=None, sa_column=optional_moment_column())
    reference: str = Field(default="", sa_column=word_column())
    lines: list["ReturnLine"] = Relationship(
        sa_relationship_kwargs={
            "order_by": "ReturnLine.id",
            "lazy": "raise_on_sql",
            "cascade": "all, delete-orphan",
        }
    )
    __table_args__ = (
        Index("ix_order_return_state", "state", "id"),
        Index(
            "ix_order_return_withdrawn",
            "withdrawn_at",
            "id",
            sqlite_where=WITHDRAWN,
            postgresql_where=WITHDRAWN,
        ),
        Index(
            "uq_order_return_reference",
            "order_id",
            "reference",
            unique=True,
            sqlite_where=REFERRED,
            postgresql_where=REFERRED,
        ),
        CheckConstraint(
            "state in ('requested', 'approved', 'received', 'completed', 'rejected', 'cancelled')",
            name="ck_order_return_state",
        ),
    )


class ReturnLine(SQLModel, table=True):
    """How much of an order line comes back: `quantity` as announced, `received` as it arrived, `restocked` of that
    (RET-3).

    `quantity` is 0 of what arrived without having been announced.
    `condition`: "", or as found: "as new", "used", "damaged".
    """

    __tablename__ = "return_line"
    id: int | None = Field(default=None, sa_column=id_column())
    return_id: int = Field(default=0, sa_column=foreign_key("order_return.id", index=False))
    order_line_id: int = Field(default=0, sa_column=foreign_key("order_line.id"))
    quantity: Decimal = Field(sa_column=micros_column())
    received: Decimal = Field(default=Decimal(0), sa_column=micros_column())
    restocked: Decimal = Field(default=Decimal(0), sa_column=micros_column())
    condition: str = Field(default="", sa_column=word_column())
    line: "OrderLine" = Relationship(sa_relationship_kwargs={"lazy": "raise_on_sql"})
    __table_args__ = (
        UniqueConstraint("return_id", "order_line_id", name="uq_return_line"),
        CheckConstraint("quantity >= 0 and (quantity > 0 or received > 0)", name="ck_return_line_quantity"),
        CheckConstraint("0 <= restocked and restocked <= received", name="ck_return_line_restocked"),
    )
