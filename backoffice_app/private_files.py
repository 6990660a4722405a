"""The data folder and all in it are for its owner alone: databases, documents, secrets and logs of the shop
lie there.
"""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

UMASK = 0o077
OTHERS = 0o077
"""The bits of a mode that say what the group and everybody else may do."""
FOLDERS = ("archive", "executors", "logs", "passwords", "run")
"""Folders that Kontor makes.

What is in the archive is behind its own folder: a walk over a million files would take too long.
"""
KNOWN = frozenset({*FOLDERS, "kontor.sqlite3", "secret"})


class NotPrivate(Exception):  # noqa: N818
    """The data folder can't be made or closed to others; the message says why and what to do."""

    def __init__(self, folder: Path, why: str, done: str = "closed to other users of this machine") -> None:
        super().__init__(
            f"The data folder {folder} can't be {done}: {why}. "
            "Choose another with KONTOR_DATA_DIR, or make the user who runs Kontor its owner (chown) and "
            "close it (chmod 700)."
        )


def write_for_owner_only() -> None:
    """From now on each file and folder that this process makes is for its owner alone."""
    os.umask(UMASK)


def make_private(folder: Path, database: str = "") -> None:
    """`folder` is there with mode 0700, what Kontor keeps in it has 0600 or 0700, whatever it had before.

    Raises NotPrivate.

    `database`: its URL; the files of a SQLite database are closed wherever they are.

    A folder that others can read is only closed if it is Kontor's or new: closing /tmp or /etc would stop the machine.
    Symbolic links are left as they are, and so is a file of another user, which the closed folder keeps.
    """
    folder = folder.resolve()
    try:
        folder.mkdir(0o700, parents=True, exist_ok=True)
    except OSError as error:
        why = (
            "a file of that name is there"
            if isinstance(error, FileExistsError)
            else f"{error.strerror} ({error.filename})"
        )
        raise NotPrivate(folder, why, "made") from error
    try:
        if folder.stat().st_mode & OTHERS:
            _require_own(folder)
            _close(folder)
        for path in _small_things(folder):
            with suppress(PermissionError):
                _close(path)
        for path in _sqlite_files(database):
            _close(path)
    except OSError as error:
        raise NotPrivate(folder, f"{error.strerror} ({error.filename})") from error


def made_once(file: Path, content: bytes) -> bytes:
    """What `file` holds; `content` if it was not there.

    Of several processes that make it at once, the first one's holds.
    """
    if not file.exists():
        file.parent.mkdir(0o700, parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}-{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as new:
            new.write(content)
        with suppress(FileExistsError):  # another process was first; its content holds
            os.link(draft, file)
        draft.unlink()
    return file.read_bytes()


def write_whole(file: Path, content: bytes) -> None:
    """`file` holds `content` and is on the disk, whole or not at all; where it is there already, nothing is written.

    For files that are named by their checksum. Raises OSError, and leaves no half of a file behind: on a full disk it
    would keep it full.
    """
    if file.exists():
        return
    file.parent.mkdir(0o700, parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}-{secrets.token_hex(4)}")
    try:
        with draft.open("wb") as new:
            new.write(content)
            new.flush()
            os.fsync(new.fileno())
        draft.replace(file)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _require_own(folder: Path) -> None:
    entries = list(os.scandir(folder))
    is_ours = any(entry.name in KNOWN for entry in entries)
    holds_folders = any(entry.is_dir() and not entry.name.startswith(".") for entry in entries)
    if folder.stat().st_mode & stat.S_ISVTX:
        raise NotPrivate(folder, "it is meant to be shared")
    if holds_folders and not is_ours:
        raise NotPrivate(folder, "it holds folders that are not Kontor's")


def _small_things(folder: Path) -> Iterator[Path]:
    """All that is in the data folder itself and in the small folders."""
    for place in (folder, *(folder / name for name in FOLDERS if name != "archive")):
        if place.is_dir() and (place == folder or not place.is_symlink()):
            yield from (Path(entry) for entry in os.scandir(place))


def _sqlite_files(url: str) -> Iterator[Path]:
    """The database with its log and its index."""
    if url.startswith("sqlite:///"):
        file = Path(url.removeprefix("sqlite:///"))
        yield from (
            path for end in ("", "-wal", "-shm") if (path := file.with_name(file.name + end)).exists()
        )


def _close(path: Path) -> None:
    """Others may do nothing with `path`, its owner what they could before.

    A file that has gone meanwhile is no error.
    """
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode) or not mode & OTHERS:
            return
        path.chmod(stat.S_IMODE(mode) & ~OTHERS)
    except FileNotFoundError:
        return
    if path.lstat().st_mode & OTHERS:
        raise PermissionError(1, "its file system keeps no rights", str(path))
