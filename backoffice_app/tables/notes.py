"""What colleagues keep with an order: notes for one another, and files (W-11, W-21).

None of it ever reaches the customer.
"""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, String, text
from sqlmodel import Field, SQLModel

from backoffice_app.tables.columns import (
    BIG,
    foreign_key,
    id_column,
    moment_column,
    money_column,
    optional_moment_column,
    text_column,
)

UNREAD = text("read_at IS NULL AND for_id IS NOT NULL")


class OrderNote(SQLModel, table=True):
    """A note. `author_kind`, `author_id`: who may change it; `author`, `for_name`: names as they were.

    `for_id`: the colleague it is for, None for everybody. `changed_at`: of the last change, None if there was none.
    `read_at`: when that colleague said that it was read, None before.
    """

    __tablename__ = "order_note"
    id: int | None = Field(default=None, sa_column=id_column())
    order_id: int = Field(sa_column=foreign_key("orders.id"))
    note: str = Field(sa_column=text_column())
    author_kind: str
    author_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    author: str
    for_id: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    for_name: str = ""
    created_at: datetime = Field(sa_column=moment_column())
    changed_at: datetime | None = Field(default=None, sa_column=optional_moment_column())
    read_at: datetime | None = Field(default=None, sa_column=optional_moment_column())
    __table_args__ = (
        Index("ix_order_note_unread", "for_id", "order_id", sqlite_where=UNREAD, postgresql_where=UNREAD),
    )


class OrderFile(SQLModel, table=True):
    """A file that a colleague attached.

    `public_id`: what its address names; `sha256`: under which it is in the archive.

    `removed_at`: it is shown nowhere any more.
    """

    __tablename__ = "order_file"
    id: int | None = Field(default=None, sa_column=id_column())
    public_id: str = Field(sa_column=Column(String, nullable=False, unique=True))
    order_id: int = Field(sa_column=foreign_key("orders.id"))
    name: str
    kind: str
    size: int = Field(sa_column=money_column())
    sha256: str
    added_at: datetime = Field(sa_column=moment_column())
    added_by: str
    removed_at: datetime | None = Field(default=None, sa_column=optional_moment_column())
