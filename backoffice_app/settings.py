"""The environment as typed settings; every name begins with `KONTOR_` (RUN-3)."""

import os
from functools import cache, cached_property
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path

from pydantic import Field, field_validator
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
    """Of former versions; said to be needless."""
    smtp_url: str = ""
    host: str = "127.0.0.1"
    port: int = 3000
    base_url: str = ""
    trusted_proxies: str = "127.0.0.0/8, ::1"
    """Addresses or networks, parted by commas, of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed (SEC-2)."""
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

    @field_validator("trusted_proxies")
    @classmethod
    def _networks_only(cls, given: str) -> str:
        _networks(given)
        return given

    def is_trusted_proxy(self, address: str) -> bool:
        """Whether the proxy at this IP address is believed. False for text that is no address."""
        try:
            ip = ip_address(address)
        except ValueError:
            return False
        return any(ip in network for network in self._trusted)

    @cached_property
    def _trusted(self) -> tuple[IPv4Network | IPv6Network, ...]:
        return _networks(self.trusted_proxies)

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


def _networks(given: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(one.strip(), strict=False) for one in given.split(",") if one.strip())


@cache
def settings() -> Settings:
    """The settings of this process, read once; `settings.cache_clear()` reads them anew."""
    return Settings()
