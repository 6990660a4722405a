"""Issued documents, their versions and files."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    String,
    UniqueConstraint,
    false,
)
from sqlmodel import Field, Relationship, SQLModel

from backoffice_app.tables.columns import (
    foreign_key,
    id_column,
    index_of_some,
    moment_column,
    money_column,
    optional_moment_column,
    text_column,
)


class Document(SQLModel, table=True):
    """An issued invoice or credit note. Never changed, never deleted, but for what was paid and sent (INV-2, INV-3).

    `is_difference`: a credit note on pieces that were taken out of the order: the order's total fell with them (W-17).
    """

    id: int | None = Field(default=None, sa_column=id_column())
    public_id: str = Field(sa_column=Column(String, nullable=False, unique=True))
    order_id: int = Field(sa_column=foreign_key("orders.id"))
    kind: str
    number: str = Field(sa_column=Column(String, nullable=False, unique=True))
    language: str
    issued_on: date
    issued_at: datetime = Field(sa_column=moment_column())
    due_on: date | None = None
    currency: str
    net: int = Field(sa_column=Column(BigInteger, nullable=False))
    vat: int = Field(sa_column=Column(BigInteger, nullable=False))
    total: int = Field(sa_column=Column(BigInteger, nullable=False))
    credits_id: int | None = Field(
        default=None, sa_column=foreign_key("document.id", index=False, nullable=True)
    )
    is_difference: bool = Field(
        default=False, sa_column=Column(Boolean, nullable=False, server_default=false())
    )

    # derived; `is_taken_back`: an invoice of which a cancellation or credit notes left nothing
    is_taken_back: bool = Field(
        default=False, sa_column=Column(Boolean, nullable=False, server_default=false())
    )
    open_amount: int = Field(default=0, sa_column=money_column())
    sent_at: datetime | None = Field(default=None, sa_column=optional_moment_column())
    versions: list["DocumentVersion"] = Relationship(
        sa_relationship_kwargs={"order_by": "DocumentVersion.version", "lazy": "raise_on_sql"}
    )
    __table_args__ = (
        CheckConstraint("kind in ('invoice', 'credit note', 'cancellation')", name="ck_document_kind"),
        CheckConstraint("total = net + vat", name="ck_document_total"),
        # The list of all documents, in both of its orders; what its filters ask for are few, and each has its own
        # (P-3).
        index_of_some("ix_document_credits_id", "credits_id", where="credits_id IS NOT NULL"),
        Index("ix_document_list", "issued_on", "id"),
        Index("ix_document_total", "total", "id"),
        index_of_some("ix_document_open", "issued_on", "id", "due_on", where="open_amount <> 0"),
        index_of_some("ix_document_open_total", "total", "id", "due_on", where="open_amount <> 0"),
        index_of_some("ix_document_unsent", "issued_on", "id", where="sent_at IS NULL"),
        index_of_some("ix_document_unsent_total", "total", "id", where="sent_at IS NULL"),
        index_of_some("ix_document_taken_back", "issued_on", "id", where="is_taken_back"),
        index_of_some("ix_document_taken_back_total", "total", "id", where="is_taken_back"),
        index_of_some("ix_document_credits", "issued_on", "id", where="kind <> 'invoice'"),
        index_of_some("ix_document_credits_total", "total", "id", where="kind <> 'invoice'"),
    )


class DocumentVersion(SQLModel, table=True):
    """What a document says: the snapshot it is rendered from, as canonical JSON, with its checksum; insert only (INV-3,
    INV-13).
    """

    __tablename__ = "document_version"
    id: int | None = Field(default=None, sa_column=id_column())
    document_id: int = Field(default=0, sa_column=foreign_key("document.id", index=False))
    version: int = 1
    snapshot: str = Field(sa_column=text_column())
    snapshot_sha256: str
    created_at: datetime = Field(sa_column=moment_column())
    __table_args__ = (UniqueConstraint("document_id", "version", name="uq_document_version"),)


class ArchivedFile(SQLModel, table=True):
    """A rendered file in the archive, kept under its checksum; insert only (INV-3). `renderer` says what made it."""

    __tablename__ = "archived_file"
    id: int | None = Field(default=None, sa_column=id_column())
    version_id: int = Field(sa_column=foreign_key("document_version.id", index=False))
    form: str
    sha256: str
    size: int
    renderer: str
    created_at: datetime = Field(sa_column=moment_column())
    __table_args__ = (UniqueConstraint("version_id", "form", name="uq_archived_file"),)
