"""Actions on many orders at once: the runs, and what became of each order."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from backoffice_app.tables.columns import (
    BIG,
    foreign_key,
    id_column,
    moment_column,
    optional_moment_column,
    text_column,
    word_column,
)

HOLDS = text("input <> ''")


class BulkRun(SQLModel, table=True):
    """One action on a frozen choice of orders (O-5). `input`: what the action is told, as JSON.

    `key`: what makes a repeated start harmless, "" for none. `turn`: how many jobs have begun to work on it.
    """

    __tablename__ = "bulk_run"
    id: int | None = Field(default=None, sa_column=id_column())
    action: str
    input: str = Field(sa_column=text_column())
    actor_kind: str
    actor_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    actor_name: str
    key: str = Field(default="", sa_column=word_column())
    size: int
    turn: int = Field(default=0, sa_column=Column(BigInteger, nullable=False, server_default="0"))
    started_at: datetime = Field(sa_column=moment_column())
    ended_at: datetime | None = Field(default=None, sa_column=optional_moment_column())
    cancelled_at: datetime | None = Field(default=None, sa_column=optional_moment_column())
    __table_args__ = (
        Index("ix_bulk_run_actor", "actor_kind", "actor_id", "id"),
        Index(
            "ix_bulk_run_open",
            "id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "uq_bulk_run_key",
            "actor_kind",
            "actor_id",
            "key",
            unique=True,
            sqlite_where=text("key <> ''"),
            postgresql_where=text("key <> ''"),
        ),
    )


class BulkItem(SQLModel, table=True):
    """One order of a run, in the order of the list it was chosen from.

    It has no foreign key to the order: a draft may be deleted meanwhile.

    `status`: what a call for this order alone would have answered, as a status of HTTP; 0 while it waits or
    was left out.
    `field`: the field of the input that was wrong. `said`: what a person reads, as JSON by language.
    `error`: its number in the log. `input`: what the action is told of this order alone, as JSON; "" for nothing, and
    once it is done. `place`: where it stands in the file it came from. `outcome`, `invoicing`: of an imported order, as
    `take_in` names them.
    """

    __tablename__ = "bulk_item"
    id: int | None = Field(default=None, sa_column=id_column())
    run_id: int = Field(sa_column=foreign_key("bulk_run.id", index=False))
    rank: int
    order_id: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    number: str
    state: str
    status: int = 0
    field: str = Field(default="", sa_column=word_column())
    said: str = Field(default="", sa_column=text_column())
    error: str = Field(default="", sa_column=word_column())
    input: str = Field(default="", sa_column=text_column())
    place: str = Field(default="", sa_column=word_column())
    outcome: str = Field(default="", sa_column=word_column())
    invoicing: str = Field(default="", sa_column=word_column())
    __table_args__ = (
        CheckConstraint(
            "state in ('waiting', 'done', 'skipped', 'failed', 'cancelled')",
            name="ck_bulk_item_state",
        ),
        UniqueConstraint("run_id", "rank", name="uq_bulk_item_rank"),
        Index("ix_bulk_item_state", "run_id", "state", "rank"),
        Index("ix_bulk_item_input", "run_id", sqlite_where=HOLDS, postgresql_where=HOLDS),
    )
