"""The environment as typed settings; every name begins with `KONTOR_` (RUN-3)."""

import os
from functools import cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def user_data_dir() -> Path:
    """Where data lies unless told otherwise: the user's data folder by the XDG rules."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "kontor"


class Settings(BaseSettings):
    """What is set from outside. Everything that a shop owner chooses lies in the database instead (`domain/core/shop.py`)."""

    model_config = SettingsConfigDict(env_prefix="KONTOR_", extra="ignore")

    data_dir: Path = Field(default_factory=user_data_dir)
    database_url: str = ""
    redis_url: str = ""
    smtp_url: str = ""
    host: str = "127.0.0.1"
    port: int = 3000
    base_url: str = ""
    demo: bool = False
    session_days: int = 30
    """How long a colleague stays signed in at most (SEC-1)."""
    session_idle_hours: int = 12
    """After how long without a click a colleague is signed out (SEC-1)."""
    undo_seconds: int = 10
    """How long a mail waits in the outbox, so that it can still be held back (W-21)."""
    lock_seconds: int = Field(30, ge=1)
    """How long a transaction waits for another's lock; `kontor run` sets 5 unless told otherwise: a person waits (RUN-2)."""
    statement_seconds: int = Field(0, ge=0)
    """How long one statement may take on PostgreSQL, 0 for any time; `kontor run` sets 30 unless told otherwise."""
    worker_in_web: bool = True
    """Whether the web process also runs the worker; off where `kontor worker` processes do (RUN-2)."""

    @property
    def database(self) -> str:
        """The SQLAlchemy URL: the one given, else a SQLite file in the data folder."""
        url = self.database_url or f"sqlite:///{self.data_dir / 'kontor.sqlite3'}"
        return url.replace("postgresql://", "postgresql+psycopg://", 1).replace("postgres://", "postgresql+psycopg://", 1)

    @property
    def archive_dir(self) -> Path:
        """Where issued documents are kept, each under its checksum (INV-3)."""
        return self.data_dir / "archive"

    @property
    def public_url(self) -> str:
        """The address people reach Kontor at, without a slash at its end."""
        return (self.base_url or f"http://localhost:{self.port}").rstrip("/")


@cache
def settings() -> Settings:
    """The settings of this process, read once; `settings.cache_clear()` reads them anew."""
    return Settings()
