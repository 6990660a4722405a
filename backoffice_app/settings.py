"""The environment as typed settings; every name begins with `KONTOR_` (RUN-3)."""

import os
from functools import cache, cached_property
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

MAIL_SCHEMES = ("smtp", "smtp+starttls", "smtps")
NO_PLUGINS = "none"
"""The value of KONTOR_PLUGINS that loads no plug-in at all, to find out whether one of them is at fault."""
DATABASES = ("postgresql", "postgres", "sqlite")


class NoHome(Exception):  # noqa: N818
    """There is no data folder: none is set, and the user who runs Kontor has no home."""

    def __init__(self) -> None:
        super().__init__(
            "KONTOR_DATA_DIR is not set, and the user who runs Kontor has no home folder: set it to a data folder."
        )


def user_data_dir() -> Path:
    """Where data lies unless told otherwise: the user's data folder by the XDG rules. Raises NoHome."""
    try:
        return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "kontor"
    except RuntimeError:  # no HOME, and no entry in the list of users, as in a container
        raise NoHome from None


class Settings(BaseSettings):
    """What is set from outside.

    Everything that a shop owner chooses is in the database instead (`domain/core/shop.py`).
    """

    model_config = SettingsConfigDict(env_prefix="KONTOR_", extra="ignore")

    data_dir: Path = Field(default_factory=user_data_dir)
    database_url: str = ""
    redis_url: str = ""
    """Of former versions; said to be needless."""
    plugins: str = ""
    """Files and folders with plug-ins, parted by the system's sign for paths; "none" loads none (EXT-1)."""
    smtp_url: str = ""
    host: str = "127.0.0.1"
    port: int = Field(3000, ge=1, le=65535)
    base_url: str = ""
    trusted_proxies: str = "127.0.0.0/8, ::1"
    """Addresses or networks, parted by commas, of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed
    (SEC-2).
    """
    demo: bool = False
    session_days: int = Field(30, ge=1)
    """How long a colleague stays signed in at most (SEC-1)."""
    session_idle_hours: int = Field(12, ge=1)
    """After how long without a click a colleague is signed out (SEC-1)."""
    undo_seconds: int = Field(10, ge=0)
    """How long a mail waits in the outbox, so that it can still be held back (W-21)."""
    lock_seconds: int = Field(30, ge=1)
    """How long a transaction waits for another's lock; `kontor run` sets 5 unless told otherwise: a person waits
    (RUN-2).
    """
    statement_seconds: int = Field(0, ge=0)
    """How long one statement may take on PostgreSQL, 0 for any time; `kontor run` sets 30 unless told otherwise."""
    geocoder: str = ""
    """Where exact places are asked for: the address of a Nominatim, or `google:KEY`; "" asks nobody (W-1)."""
    geocoder_seconds: float = Field(5.0, gt=0, le=60)
    """How long an answer of the geocoder is waited for; no page ever waits for it."""
    worker_in_web: bool = True
    """Whether the web process also runs the worker; off where `kontor worker` processes do (RUN-2)."""

    @field_validator("trusted_proxies")
    @classmethod
    def _networks_only(cls, given: str) -> str:
        _networks(given)
        return given

    @field_validator("base_url")
    @classmethod
    def _an_address(cls, given: str) -> str:
        """Scheme and host, as a browser's address bar has them. A path is refused: Kontor's pages begin at the root."""
        parts = urlsplit(given)
        if given and (parts.scheme not in {"http", "https"} or not _host_of(given)):
            raise ValueError("it must be an address such as https://kontor.example.com")
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError(
                "Kontor can't be served below a path; give it a host name of its own, such as "
                "https://kontor.example.com"
            )
        return given

    @field_validator("geocoder")
    @classmethod
    def _a_geocoder(cls, given: str) -> str:
        """What is wrong is not repeated, as it may be a key."""
        if given.startswith("google:") and given.removeprefix("google:").strip():
            return given
        if given and (urlsplit(given).scheme not in {"http", "https"} or not _host_of(given)):
            raise ValueError(
                "it must be the address of a Nominatim, such as https://nominatim.example.com, or google: and a key"
            )
        return given

    @field_validator("smtp_url")
    @classmethod
    def _a_mail_server(cls, given: str) -> str:
        if given and (urlsplit(given).scheme not in MAIL_SCHEMES or not _host_of(given)):
            schemes = ", ".join(f"{scheme}://" for scheme in MAIL_SCHEMES)
            raise ValueError(
                f"it must begin with one of {schemes} and name a host, as in "
                f"smtp+starttls://user:password@mail.example.com:587"
            )
        return given

    @field_validator("database_url")
    @classmethod
    def _a_database(cls, given: str) -> str:
        """What is certainly no address of a database. What is wrong is not repeated, as it may hold a password."""
        scheme, _sign, rest = given.partition("://")
        if not given or scheme == "sqlite":
            if given and not rest.strip("/"):
                raise ValueError(
                    "it names no file; a SQLite database is named as in sqlite:////srv/kontor/kontor.sqlite3"
                )
            return given
        if scheme.removesuffix("+psycopg") not in DATABASES or not rest:
            raise ValueError(
                "it must be a database such as postgresql://user:password@host/name, or "
                "sqlite:////srv/kontor/kontor.sqlite3"
            )
        if rest.partition("?")[0].count("@") > 1:
            raise ValueError("an @ in the user or the password is written as %40, a / as %2F, a : as %3A")
        try:
            _port = urlsplit(given).port
        except ValueError:
            raise ValueError(
                "its port is not a number; a / or : in the password is written as %2F or %3A"
            ) from None
        if len(rest.partition("?")[0].partition("/")[2]) == 0:
            raise ValueError(
                "it names no database; it stands at the end, as in postgresql://user:password@host/name"
            )
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

    @cached_property
    def plugin_paths(self) -> tuple[Path, ...]:
        """The files and folders that KONTOR_PLUGINS names; none where it is empty or loads no plug-in."""
        named = "" if self.plugins == NO_PLUGINS else self.plugins
        return tuple(Path(part).expanduser() for part in named.split(os.pathsep) if part)

    @property
    def database(self) -> str:
        """The SQLAlchemy URL: the one given, else a SQLite file in the data folder."""
        url = self.database_url or f"sqlite:///{self.data_dir / 'kontor.sqlite3'}"
        return url.replace("postgresql://", "postgresql+psycopg://", 1).replace(
            "postgres://", "postgresql+psycopg://", 1
        )

    @property
    def archive_dir(self) -> Path:
        """Where issued documents are kept, each under its checksum (INV-3)."""
        return self.data_dir / "archive"

    @property
    def public_url(self) -> str:
        """The address people reach Kontor at, without a slash at its end."""
        return (self.base_url or f"http://localhost:{self.port}").rstrip("/")


def _host_of(url: str) -> str:
    """The host of an address with a port that can be one; "" if there isn't one."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "") if parts.port != 0 else ""
    except ValueError:
        return ""


def _networks(given: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(one.strip(), strict=False) for one in given.split(",") if one.strip())


@cache
def settings() -> Settings:
    """The settings of this process, read once; `settings.cache_clear()` reads them anew."""
    return Settings()
