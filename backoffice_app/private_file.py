"""Secrets in the data folder: made once, the same for all processes, for nobody else to read."""

import os
import secrets
from contextlib import suppress
from pathlib import Path


def made_once(file: Path, content: bytes) -> bytes:
    """What `file` holds; `content` if it was not there. Of several processes that make it at once, the first one's holds."""
    if not file.exists():
        file.parent.mkdir(0o700, parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}-{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as new:
            new.write(content)
        with suppress(FileExistsError):  # another process was first; its content holds
            os.link(draft, file)
        draft.unlink()
    return file.read_bytes()
