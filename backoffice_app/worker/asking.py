"""All queues are asked by one statement.

DBOS asks each by two of its own, which kept an idle shop at 7 % of a core (P-16).
"""

import logging
import threading
from collections.abc import Callable, Iterable

import sqlalchemy as sa
from dbos._dbos import _get_dbos_instance
from dbos._utils import INTERNAL_QUEUE_NAME
from sqlalchemy.exc import SQLAlchemyError

from backoffice_app.domain.core.jobs import QUEUES

POLL = 0.5
"""Seconds after which the queues are asked again."""
SELDOM = 30.0
"""Seconds after which DBOS asks a queue by itself although nothing was found in it."""
THREAD = "queue-worker-"
"""How DBOS calls its thread of a queue, before the name of the queue."""
log = logging.getLogger("kontor.worker")


def ask_all_at_once() -> None:
    """From now on the queues of the DBOS that was launched are asked by one statement, until it is destroyed."""
    dbos = _get_dbos_instance()
    names = [*QUEUES, INTERNAL_QUEUE_NAME]
    statement = waiting_jobs(dbos._sys_db.tables.workflow_status, names)
    engine = dbos._sys_db.engine

    def ask() -> list[str]:
        with engine.connect() as connection:
            row = connection.execute(statement).one()
        return [name for name, waits in zip(names, row, strict=True) if waits]

    for stop in dbos.background_thread_stop_events:
        wake_by(stop, names, ask)


def waiting_jobs(jobs: sa.Table, names: Iterable[str]) -> sa.Select[*tuple[bool, ...]]:
    """Says for each queue whether a job waits in it."""
    return sa.select(
        *(sa.exists().where(jobs.c.queue_name == name, jobs.c.status == "ENQUEUED") for name in names)
    )


def wake_by(stop: threading.Event, names: Iterable[str], ask: Callable[[], Iterable[str]]) -> None:
    """A queue's thread that waits on `stop` waits until `ask` names its queue, `SELDOM` seconds have passed, or `stop`
    is set.

    All other threads wait on `stop` as ever. `ask` is called each `POLL` seconds, in a thread of its own, until `stop`
    is set.
    """
    bells = {THREAD + name: threading.Event() for name in names}
    wait, stop_all = stop.wait, stop.set

    def wait_for_bell(timeout: float | None = None) -> bool:
        bell = bells.get(threading.current_thread().name)
        if bell is None or stop.is_set():
            return wait(timeout)
        bell.wait(SELDOM)
        bell.clear()
        return stop.is_set()

    def end() -> None:
        stop_all()
        for bell in bells.values():
            bell.set()

    def watch() -> None:
        while not wait(POLL):
            try:
                found = list(ask())
            except SQLAlchemyError:
                log.debug("The queues could not be asked; they are asked again", exc_info=True)
                continue
            for name in found:
                bells[THREAD + name].set()

    stop.wait, stop.set = wait_for_bell, end  # type: ignore[method-assign]
    threading.Thread(target=watch, name="kontor-asking", daemon=True).start()
