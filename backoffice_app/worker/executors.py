"""Executor ids: each live process that runs jobs holds one by a lock, so a dead one's id is free and its jobs can be
taken over (RUN-2).
"""

import fcntl
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

import psycopg

from backoffice_app.db import engine, limits
from backoffice_app.settings import settings

MOST = 1_000
# The server drops the lock of a machine that vanished within a minute.
KEEPALIVE = "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3"


@dataclass(frozen=True)
class Slot:
    """An executor id that this process holds. `is_held`: whether it still does.

    `let_go`: gives it back; dying does so too.
    """

    executor_id: str
    is_held: Callable[[], bool]
    let_go: Callable[[], None]


def hold(role: str) -> Slot:
    """The first free id of `role`, such as "web-0", held from now on."""
    for number in range(MOST):
        if slot := try_to_hold(f"{role}-{number}"):
            return slot
    raise RuntimeError(f"all {MOST} executor ids of {role} are taken")


def try_to_hold(executor_id: str) -> Slot | None:
    """This very id, or None if a live process holds it: the process that gets it knows that its last holder is dead."""
    if engine().dialect.name == "sqlite":
        return _hold_file(executor_id)
    return _hold_advisory(executor_id)


def _hold_file(executor_id: str) -> Slot | None:
    folder = settings().data_dir / "executors"
    folder.mkdir(parents=True, exist_ok=True)
    file: IO[str] = (folder / f"{executor_id}.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return Slot(executor_id, lambda: not file.closed, file.close)


def _hold_advisory(executor_id: str) -> Slot | None:
    """The lock lives as long as its own connection."""
    url = engine().url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg.connect(url, autocommit=True, options=KEEPALIVE, **limits(engine().url))  # type: ignore[arg-type]  # whole numbers all
    key = int.from_bytes(
        hashlib.sha256(f"kontor executor {executor_id}".encode()).digest()[:8], "big", signed=True
    )
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", (key,)).fetchone()
    if row is None or not row[0]:
        connection.close()
        return None

    def is_held() -> bool:
        try:
            connection.execute("SELECT 1")
        except psycopg.Error:
            return False
        return True

    return Slot(executor_id, is_held, connection.close)
