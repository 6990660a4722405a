"""Templates and the outbox."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Index, String, true
from sqlmodel import Field, Relationship, SQLModel

from backoffice_app.tables.columns import (
    foreign_key,
    id_column,
    moment_column,
    optional_moment_column,
    text_column,
    word_column,
)


class MailTemplate(SQLModel, table=True):
    """A template the shop changed; where there isn't one the built-in one stands (M-1).

    The row of the language "" is about the kind as a whole: whether its mails go at all (`active`), whether they take
    along the documents they tell of, and the ids of the shop's files that go along, as a JSON list. `version` counts up
    with each change of the kind.
    """

    __tablename__ = "mail_template"
    kind: str = Field(primary_key=True)
    language: str = Field(primary_key=True)
    subject: str
    body: str = Field(sa_column=text_column())
    active: bool = True
    documents: bool = Field(default=True, sa_column=Column(Boolean, nullable=False, server_default=true()))
    files: str = Field(default="", sa_column=text_column())
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})


class TextBlock(SQLModel, table=True):
    """A piece of text that colleagues put into the mails they write.

    `names`: JSON with its title; `texts`: JSON, language -> text.
    """

    __tablename__ = "text_block"
    id: int | None = Field(default=None, sa_column=id_column())
    names: str = Field(sa_column=text_column())
    texts: str = Field(default="", sa_column=text_column())
    rank: int = 0
    retired_at: datetime | None = Field(default=None, sa_column=optional_moment_column())


class OutboxMail(SQLModel, table=True):
    """A mail, rendered in the transaction of its cause (M-3).

    `key`: order, event, object, sequence; a second one with it does nothing.

    `in_reply_to`: the Message-ID of the mail that it answers, "" for none; `refers_to`: those of its thread, by blanks
    (RFC 5322). `html`: the same as HTML, "" for a mail of former times. It names the shop's logo as `cid:logo`, one of
    its `files`.
    """

    __tablename__ = "outbox_mail"
    id: int | None = Field(default=None, sa_column=id_column())
    key: str = Field(sa_column=Column(String, nullable=False, unique=True))
    message_id: str = Field(sa_column=Column(String, nullable=False, unique=True))
    order_id: int | None = Field(default=None, sa_column=foreign_key("orders.id", nullable=True))
    kind: str
    language: str
    recipient: str
    sender: str = ""
    reply_to: str = ""
    subject: str
    body: str = Field(sa_column=text_column())
    html: str = Field(default="", sa_column=text_column())
    state: str = "waiting"
    created_at: datetime = Field(sa_column=moment_column())
    send_after: datetime = Field(sa_column=moment_column())
    attempts: int = 0
    sent_at: datetime | None = Field(default=None, sa_column=optional_moment_column())
    error: str = Field(default="", sa_column=text_column())
    in_reply_to: str = Field(default="", sa_column=word_column())
    refers_to: str = Field(default="", sa_column=text_column())
    again_of_id: int | None = Field(
        default=None, sa_column=foreign_key("outbox_mail.id", index=False, nullable=True)
    )
    attachments: list["MailAttachment"] = Relationship(
        sa_relationship_kwargs={"order_by": "MailAttachment.id", "lazy": "raise_on_sql"}
    )
    papers: list["MailPaper"] = Relationship(
        sa_relationship_kwargs={"order_by": "MailPaper.id", "lazy": "raise_on_sql"}
    )
    files: list["MailFile"] = Relationship(
        sa_relationship_kwargs={"order_by": "MailFile.id", "lazy": "raise_on_sql"}
    )
    __table_args__ = (
        CheckConstraint(
            "state in ('waiting', 'sending', 'sent', 'retrying', 'failed', 'unclear', 'withheld', 'no-server')",
            name="ck_outbox_mail_state",
        ),
        Index("ix_outbox_mail_state", "state", "send_after"),
    )


class MailAttachment(SQLModel, table=True):
    """A file that goes along: one version of one document, in one language, fixed when the mail was written (M-3)."""

    __tablename__ = "mail_attachment"
    id: int | None = Field(default=None, sa_column=id_column())
    mail_id: int = Field(default=0, sa_column=foreign_key("outbox_mail.id"))
    version_id: int = Field(sa_column=foreign_key("document_version.id", index=False))
    name: str


class MailPaper(SQLModel, table=True):
    """A paper that goes along and is no issued document, such as a return slip: what it says, fixed when the mail was
    written (M-3).
    """

    __tablename__ = "mail_paper"
    id: int | None = Field(default=None, sa_column=id_column())
    mail_id: int = Field(default=0, sa_column=foreign_key("outbox_mail.id"))
    kind: str
    name: str
    snapshot: str = Field(sa_column=text_column())


class ShopFile(SQLModel, table=True):
    """A file of the shop that goes along with mails, kept in the archive under its checksum; never changed, only taken
    out of use (M-1).

    `use`: "logo" for the picture at the top of each mail, "attachment" for what a template can take along, such as the
    terms.
    """

    __tablename__ = "shop_file"
    id: int | None = Field(default=None, sa_column=id_column())
    use: str
    name: str
    media_type: str
    sha256: str
    size: int = Field(default=0, sa_column=Column(BigInteger, nullable=False, server_default="0"))
    added_at: datetime = Field(sa_column=moment_column())
    retired_at: datetime | None = Field(default=None, sa_column=optional_moment_column())


class MailFile(SQLModel, table=True):
    """A file of the shop that goes along with a mail, or stands in it as the logo; fixed when the mail was written
    (M-3).
    """

    __tablename__ = "mail_file"
    id: int | None = Field(default=None, sa_column=id_column())
    mail_id: int = Field(default=0, sa_column=foreign_key("outbox_mail.id"))
    file_id: int = Field(sa_column=foreign_key("shop_file.id", index=False))
    file: ShopFile = Relationship(sa_relationship_kwargs={"lazy": "joined"})
