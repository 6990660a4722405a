"""What the database answers when it cannot do its work, as exceptions with a sentence for a person: made here and
nowhere else.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from backoffice_app.domain.core.errors import Away, Busy, Unknown
from backoffice_app.i18n import _, one_after_the_other

AWAY = _("The database does not answer.")
BUSY = _("A colleague is just changing this order. Try again.")
FULL = _("The disk of the database is full.")
DAMAGED = _("The file of the database is damaged, or it is not a database.")
SLOW = _("The database took too long.")
NOTHING_DONE = _("Nothing was done.")
"""Said besides, and only where somebody wanted something done: a page that can't be read says nothing of the click
before it.
"""
UNKNOWN = _("It is not known whether this was done. Look at the order before you press again.")

RAISED = (DBAPIError, PoolTimeout, sqlite3.Error, psycopg.Error)
"""Whatever a database raises; also unwrapped, as from a commit of SQLite (`db.py`)."""

_BUSY_STATES = frozenset({"55P03", "40P01", "40001"})  # lock timeout, deadlock, serialization failure
_SLOW_STATE, _FULL_STATE, _READ_ONLY_STATE = "57014", "53100", "25006"
# Connection, insufficient resources, shutdown or start of the server, trouble with its own files.
_AWAY_CLASSES = ("08", "53", "57P", "58")
_BUSY_CODES = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_DAMAGED_CODES = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_AWAY_CODES = frozenset(
    {
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_PROTOCOL,
    }
)


@contextmanager
def answering(*, changes: bool = False) -> Iterator[None]:
    """Inside the block a database that is away, full, slow or busy raises Away or Busy; every other error stays as it
    is.

    `changes`: the block is a transaction that is rolled back as a whole, and the sentence says that nothing was done.
    """
    try:
        yield
    except RAISED as error:
        said = trouble_of(error)
        if said is None:
            raise
        raise (
            Away(one_after_the_other(said.reason, NOTHING_DONE))
            if changes and isinstance(said, Away)
            else said
        ) from error


def trouble_of(error: BaseException) -> Away | Busy | None:
    """Away or Busy for an error the database has for reasons of its own; None for a bug."""
    if isinstance(error, PoolTimeout):
        return Away(AWAY)
    cause = _cause(error)
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(cause)
    if isinstance(cause, psycopg.Error):
        return _of_postgres(cause)
    return None


def is_in_doubt(error: BaseException) -> bool:
    """Whether a commit that raised this may have been done all the same: the connection broke before the
    answer came.
    """
    cause = _cause(error)
    if isinstance(
        cause, sqlite3.Error
    ):  # a full disk is noticed while writing, and rolled back; of a failed write nobody knows
        return _code(cause) == sqlite3.SQLITE_IOERR
    if isinstance(cause, psycopg.Error):
        return _is_lost(cause)
    return False


def unknown() -> Unknown:
    """What is raised by a commit that may have been done."""
    return Unknown(UNKNOWN)


def _cause(error: BaseException) -> BaseException:
    """The driver's own error behind SQLAlchemy's."""
    return error.orig if isinstance(error, DBAPIError) and error.orig is not None else error


def _of_sqlite(error: sqlite3.Error) -> Away | Busy | None:
    code = _code(error)
    if code in _BUSY_CODES:
        return Busy(BUSY)
    if code == sqlite3.SQLITE_FULL:
        return Away(FULL)
    if code in _DAMAGED_CODES:
        return Away(DAMAGED)
    return Away(AWAY) if code in _AWAY_CODES else None


def _code(error: sqlite3.Error) -> int:
    """The primary result code; the driver knows the extended one. 0 for an error of the driver itself."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _of_postgres(error: psycopg.Error) -> Away | Busy | None:
    state = error.sqlstate or ""
    if state in _BUSY_STATES:
        return Busy(BUSY)
    if state == _SLOW_STATE:
        return Away(SLOW)
    if state == _FULL_STATE:
        return Away(FULL)
    if _is_lost(error) or state == _READ_ONLY_STATE or state.startswith(_AWAY_CLASSES):
        return Away(AWAY)
    return None


def _is_lost(error: psycopg.Error) -> bool:
    """Whether there is no connection any more, or never was: then no server has given its code, or it is
    shutting down.
    """
    state = error.sqlstate or ""
    return state.startswith(("08", "57P")) or (
        not state and isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    )
