"""The history and its chain."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, ForeignKey, Index
from sqlmodel import Field, SQLModel

from backoffice_app.tables.columns import moment_column, text_column


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
    at: datetime = Field(sa_column=moment_column())
    actor_kind: str
    actor_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    actor_name: str
    data: str = Field(sa_column=text_column())
    personal_digest: str = ""
    previous_hash: str
    hash: str
    __table_args__ = (Index("ix_history_subject", "subject", "subject_id", "sequence"),)


class HistoryPersonal(SQLModel, table=True):
    """The personal part of a fact, beside the chain: erasing it leaves the chain verifying (AUD-3)."""

    __tablename__ = "history_personal"
    sequence: int = Field(
        sa_column=Column(BigInteger, ForeignKey("history.sequence"), primary_key=True, autoincrement=False)
    )
    salt: str
    data: str = Field(sa_column=text_column())
