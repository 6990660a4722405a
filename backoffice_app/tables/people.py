"""People: users, sessions, drafts, keys of the API."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from backoffice_app.tables.columns import BIG, foreign_key, id_column, moment_column, optional_moment_column


class User(SQLModel, table=True):
    """A colleague (SEC-1). `email` is stored folded to lower case."""

    __tablename__ = "app_user"
    id: int | None = Field(default=None, sa_column=id_column())
    email: str = Field(sa_column=Column(String, nullable=False, unique=True))
    name: str
    role: str
    password_hash: str
    language: str = "en"
    theme: str = "system"
    single_keys: bool = True
    created_at: datetime = Field(sa_column=moment_column())
    retired_at: datetime | None = Field(default=None, sa_column=optional_moment_column())


class UserSession(SQLModel, table=True):
    """A signed-in browser. `id` is the SHA-256 of the cookie's token; the token itself is nowhere stored."""

    __tablename__ = "user_session"
    id: str = Field(primary_key=True)
    user_id: int = Field(sa_column=foreign_key("app_user.id"))
    created_at: datetime = Field(sa_column=moment_column())
    last_seen_at: datetime = Field(sa_column=moment_column())
    revoked_at: datetime | None = Field(default=None, sa_column=optional_moment_column())
    user_agent: str = ""


class KnownBrowser(SQLModel, table=True):
    """A browser in which this person has signed in.

    `id` is the SHA-256 of the cookie's token; several people may share one (SEC-1).
    """

    __tablename__ = "known_browser"
    id: str = Field(primary_key=True)
    user_id: int = Field(sa_column=Column(BIG, ForeignKey("app_user.id"), primary_key=True, index=True))
    seen_at: datetime = Field(sa_column=moment_column())


class Draft(SQLModel, table=True):
    """What somebody typed into a dialog and did not save yet.

    `subject`: as "order/10001"; `which`: the part of it; `data`: JSON (W-16).
    """

    __tablename__ = "draft"
    user_id: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    subject: str = Field(primary_key=True)
    form: str = Field(primary_key=True)
    which: str = ""
    data: str = "{}"
    at: datetime = Field(sa_column=moment_column())


class SignInAttempt(SQLModel, table=True):
    """A failed sign-in, by e-mail and by address, or by known browser or session, for the lock-out (SEC-1)."""

    __tablename__ = "sign_in_attempt"
    id: int | None = Field(default=None, sa_column=id_column())
    key: str
    at: datetime = Field(sa_column=moment_column())
    __table_args__ = (Index("ix_sign_in_attempt_key_at", "key", "at"),)


class ApiKey(SQLModel, table=True):
    """A key of the REST API. `scopes`: words parted by blanks; `digest`: SHA-256 of the key, which is shown once."""

    __tablename__ = "api_key"
    id: int | None = Field(default=None, sa_column=id_column())
    name: str
    scopes: str
    digest: str = Field(sa_column=Column(String, nullable=False, unique=True))
    created_at: datetime = Field(sa_column=moment_column())
    last_used_at: datetime | None = Field(default=None, sa_column=optional_moment_column())
    revoked_at: datetime | None = Field(default=None, sa_column=optional_moment_column())


class IdempotencyKey(SQLModel, table=True):
    """One `Idempotency-Key` of one API key and the order its first call made (API-1)."""

    __tablename__ = "idempotency_key"
    id: int | None = Field(default=None, sa_column=id_column())
    api_key_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    key: str
    body_digest: str
    order_id: int = Field(sa_column=foreign_key("orders.id"))
    created_at: datetime = Field(sa_column=moment_column())
    __table_args__ = (UniqueConstraint("api_key_id", "key", name="uq_idempotency_key"),)
