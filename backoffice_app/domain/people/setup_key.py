"""The key of the first start: only who reads the terminal of `kontor run` makes the owner (SEC-3)."""

import hmac
import secrets
from pathlib import Path

from backoffice_app.private_files import made_once
from backoffice_app.settings import settings


def setup_key() -> str:
    """The key in the address of the first set-up, made if there isn't one. It stays the same until there is an owner.

    It is in the data folder, so that all processes and restarts agree.
    """
    return made_once(_file(), secrets.token_urlsafe(32).encode()).decode()


def is_setup_key(given: str) -> bool:
    """Whether this is the key; never if there isn't one."""
    try:
        kept = _file().read_bytes()
    except FileNotFoundError:
        return False
    return bool(kept) and hmac.compare_digest(kept, given.encode("utf-8", "replace"))


def forget_setup_key() -> None:
    """There is somebody now: the key is gone."""
    _file().unlink(missing_ok=True)


def _file() -> Path:
    return settings().data_dir / "setup-key"
