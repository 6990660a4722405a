"""Secrets that the owner types, such as the password of the mail server: each in a file of the data folder, for its
owner alone.

The database holds the name of the file and nothing of what is in it. So no page, history, log or copy of the database
holds a secret.
"""

import logging
import os
import re
import secrets
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel

from backoffice_app.settings import settings

FOLDER = "passwords"
NAME = re.compile(r"[0-9a-f]{32}")
log = logging.getLogger("kontor.secrets")


class Hidden:
    """Marks a field whose value is a secret: what is stored of it is the name that `keep` returned, or ""."""


Secret = Annotated[str, Hidden()]
"""The type of such a field."""


def secret_fields(model: type[BaseModel]) -> frozenset[str]:
    """The names of the fields of `model` that hold secrets."""
    return frozenset(
        name
        for name, info in model.model_fields.items()
        if any(isinstance(one, Hidden) for one in info.metadata)
    )


def keep(secret: str) -> str:
    """Writes a secret to the disk; returns the name it is kept under. Raises OSError."""
    name = secrets.token_hex(16)
    file = _folder() / name
    file.parent.mkdir(0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as new:
        new.write(secret)
        new.flush()
        os.fsync(new.fileno())
    return name


def read(name: str) -> str | None:
    """The secret of this name; None where it is lost, such as after a restore without the folder."""
    if not NAME.fullmatch(name):
        return None
    try:
        return (_folder() / name).read_text("utf-8")
    except FileNotFoundError:
        return None


def forget(name: str) -> None:
    """Deletes the secret of this name; a file that can't be deleted is left, which the log says."""
    if NAME.fullmatch(name):
        try:
            (_folder() / name).unlink(missing_ok=True)
        except OSError as error:
            log.warning("A former secret could not be deleted: %s", error.strerror)


def _folder() -> Path:
    return settings().data_dir / FOLDER
