"""Payments, and what they pay."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, text
from sqlmodel import Field, Relationship, SQLModel

from backoffice_app.tables.columns import (
    BIG,
    foreign_key,
    id_column,
    index_of_some,
    moment_column,
    optional_moment_column,
    word_column,
)

if TYPE_CHECKING:
    from backoffice_app.tables.documents import Document


class Payment(SQLModel, table=True):
    """Money booked on an order: insert only, signed minor units; a correction is a counter-entry (PAY-1).

    `kind`: "" for what came in or went back, "moved" between two orders, "charge back" for what the provider took back
    or gave back, "credit" for what became credit of the customer (negative) or was paid from it (PAY-2). `of_id`: of a
    charge-back the payment it is of; of money that was moved here the payment on the other order. `fee`: what the
    provider asked for a charge-back, in minor units. `key`: what the form that booked it is known by, so that one form
    works once.
    """

    id: int | None = Field(default=None, sa_column=id_column())
    order_id: int = Field(sa_column=foreign_key("orders.id"))
    amount: int = Field(sa_column=Column(BigInteger, nullable=False))
    booked_on: date
    booked_at: datetime = Field(sa_column=moment_column())
    method: str = ""
    provider: str = ""
    provider_reference: str = ""
    by_hand: bool = False
    reason: str = ""
    actor_name: str = ""
    reverses_id: int | None = Field(
        default=None, sa_column=Column(BigInteger, ForeignKey("payment.id"), unique=True, nullable=True)
    )
    kind: str = Field(default="", sa_column=word_column())
    of_id: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    fee: int = Field(default=0, sa_column=Column(BigInteger, nullable=False, server_default="0"))
    key: str = Field(default="", sa_column=word_column())
    __table_args__ = (
        CheckConstraint("amount <> 0", name="ck_payment_amount"),
        index_of_some("ix_payment_of_id", "of_id", where="of_id IS NOT NULL"),
        Index(
            "ix_payment_credit",
            "order_id",
            sqlite_where=text("kind = 'credit'"),
            postgresql_where=text("kind = 'credit'"),
        ),
        Index(
            "uq_payment_key",
            "order_id",
            "key",
            unique=True,
            sqlite_where=text("key <> ''"),
            postgresql_where=text("key <> ''"),
        ),
        Index(
            "uq_payment_reference",
            "provider",
            "provider_reference",
            unique=True,
            sqlite_where=text("provider_reference <> ''"),
            postgresql_where=text("provider_reference <> ''"),
        ),
    )


class Refund(SQLModel, table=True):
    """Money that goes back to the customer; `amount` in minor units, above 0; `state`: asked, sent, done, failed
    (PAY-2).

    Only one that is done is booked, as the negative payment `payment_id`. `key`: what the form that recorded it is
    known by, so that one form works once; "" where there was none. `document_id`: the credit note or cancellation it
    pays; None for what was paid too much.
    """

    id: int | None = Field(default=None, sa_column=id_column())
    order_id: int = Field(sa_column=foreign_key("orders.id"))
    amount: int = Field(sa_column=Column(BigInteger, nullable=False))
    method: str = ""
    state: str = "asked"
    reason: str = ""
    key: str = Field(default="", sa_column=word_column())
    document_id: int | None = Field(default=None, sa_column=foreign_key("document.id", nullable=True))
    payment_id: int | None = Field(
        default=None, sa_column=Column(BigInteger, ForeignKey("payment.id"), unique=True, nullable=True)
    )
    asked_at: datetime = Field(sa_column=moment_column())
    settled_at: datetime | None = Field(default=None, sa_column=optional_moment_column())
    actor_name: str = ""
    __table_args__ = (
        CheckConstraint("amount > 0", name="ck_refund_amount"),
        CheckConstraint("state in ('asked', 'sent', 'done', 'failed')", name="ck_refund_state"),
        Index(
            "uq_refund_key",
            "order_id",
            "key",
            unique=True,
            sqlite_where=text("key <> ''"),
            postgresql_where=text("key <> ''"),
        ),
    )


class Allocation(SQLModel, table=True):
    """What part of a payment settles which document, in minor units; several rows of the same two add up (PAY-1)."""

    id: int | None = Field(default=None, sa_column=id_column())
    payment_id: int = Field(default=0, sa_column=foreign_key("payment.id"))
    document_id: int = Field(default=0, sa_column=foreign_key("document.id"))
    amount: int = Field(sa_column=Column(BigInteger, nullable=False))
    payment: "Payment" = Relationship(sa_relationship_kwargs={"lazy": "raise_on_sql"})
    document: "Document" = Relationship(sa_relationship_kwargs={"lazy": "raise_on_sql"})
    __table_args__ = (CheckConstraint("amount <> 0", name="ck_allocation_amount"),)
