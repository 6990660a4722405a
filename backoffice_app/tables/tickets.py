"""Tickets: what customers ask, and what is said about it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, Index, String, text
from sqlmodel import Field, SQLModel

from backoffice_app.tables.columns import (
    foreign_key,
    id_column,
    moment_column,
    money_column,
    text_column,
    word_column,
)

OPEN = text("state = 'open'")
REFERRED, KEYED = text("external_reference <> ''"), text("idempotency_key <> ''")
NAMED, ONCE, MAILED = text("message_id <> ''"), text("once <> ''"), text("mail_id IS NOT NULL")


class Ticket(SQLModel, table=True):
    """A question of a customer, with all that is written about it (T-6, API-4).

    `mark`: "to do" or "closed" where a colleague said so, else "". `order_given`: the number of an order that came
    along and is unknown. `source`, `external_reference`: what the shop system knows it by. `sent_by`: the id of the API
    key that brought it in, 0 for none; `idempotency_key`, `sent_digest`: of that call. `last_at`: when the customer or
    a colleague wrote last.
    """

    id: int | None = Field(default=None, sa_column=id_column())
    number: str = Field(sa_column=Column(String, nullable=False, unique=True))
    version: int = 1
    mark: str = Field(default="", sa_column=word_column())
    subject: str
    language: str
    name: str = Field(default="", sa_column=word_column())
    email: str = Field(sa_column=Column(String, nullable=False, index=True))
    order_id: int | None = Field(default=None, sa_column=foreign_key("orders.id", nullable=True))
    order_given: str = Field(default="", sa_column=word_column())
    customer_id: int | None = Field(default=None, sa_column=foreign_key("customer.id", nullable=True))
    assignee_id: int | None = Field(
        default=None, sa_column=foreign_key("app_user.id", index=False, nullable=True)
    )
    source: str = Field(default="", sa_column=word_column())
    external_reference: str = Field(default="", sa_column=word_column())
    sent_by: int = Field(default=0, sa_column=money_column())
    idempotency_key: str = Field(default="", sa_column=word_column())
    sent_digest: str = Field(default="", sa_column=word_column())
    created_at: datetime = Field(sa_column=moment_column())
    last_at: datetime = Field(sa_column=moment_column())

    # derived
    state: str = "open"
    search: str = Field(default="", sa_column=text_column())
    __table_args__ = (
        CheckConstraint("state in ('open', 'answered', 'to do', 'closed')", name="ck_ticket_state"),
        CheckConstraint("mark in ('', 'to do', 'closed')", name="ck_ticket_mark"),
        Index("ix_ticket_last", "last_at", "id"),
        Index("ix_ticket_state", "state", "last_at", "id"),
        Index("ix_ticket_assignee", "assignee_id", "last_at", "id"),
        Index("ix_ticket_open", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index(
            "uq_ticket_reference",
            "source",
            "external_reference",
            unique=True,
            sqlite_where=REFERRED,
            postgresql_where=REFERRED,
        ),
        Index(
            "uq_ticket_key",
            "sent_by",
            "idempotency_key",
            unique=True,
            sqlite_where=KEYED,
            postgresql_where=KEYED,
        ),
    )


class TicketMessage(SQLModel, table=True):
    """One message of a ticket.

    `kind`: "in" from the customer, "out" to them, "memo" between colleagues, which never leaves the house.

    `message_id`: what the sender knows it by, once for each `sent_by`, the id of an API key. `once`: the key of the
    dialog that wrote it. `mail_id`: the mail that it goes out by. `mark_before`: the ticket's mark before it, for
    taking it back.
    """

    __tablename__ = "ticket_message"
    id: int | None = Field(default=None, sa_column=id_column())
    ticket_id: int = Field(sa_column=foreign_key("ticket.id"))
    kind: str
    author: str = Field(default="", sa_column=word_column())
    text: str = Field(sa_column=text_column())
    language: str = Field(default="", sa_column=word_column())
    at: datetime = Field(sa_column=moment_column())
    sent_by: int = Field(default=0, sa_column=money_column())
    message_id: str = Field(default="", sa_column=word_column())
    once: str = Field(default="", sa_column=word_column())
    mail_id: int | None = Field(
        default=None, sa_column=foreign_key("outbox_mail.id", index=False, nullable=True)
    )
    mark_before: str = Field(default="", sa_column=word_column())
    __table_args__ = (
        CheckConstraint("kind in ('in', 'out', 'memo')", name="ck_ticket_message_kind"),
        Index(
            "uq_ticket_message_id",
            "sent_by",
            "message_id",
            unique=True,
            sqlite_where=NAMED,
            postgresql_where=NAMED,
        ),
        Index(
            "uq_ticket_message_once",
            "ticket_id",
            "once",
            unique=True,
            sqlite_where=ONCE,
            postgresql_where=ONCE,
        ),
        Index("ix_ticket_message_mail", "mail_id", sqlite_where=MAILED, postgresql_where=MAILED),
    )
