"""Jobs that must survive are enqueued in the transaction of their cause, in the same database."""

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from sqlmodel import Session

if TYPE_CHECKING:
    from dbos import DBOSClient

APPLICATION = "kontor"
SCHEMA = "dbos"
QUEUE_OF: dict[str, str] = {"render_document": "documents"}
"""Which queue a job goes into, by its name; a job not named here goes into the queue of its own name."""


@cache
def _client(engine: Engine) -> "DBOSClient":
    from dbos import DBOSClient  # half a second to import; a server answers before it is needed

    return DBOSClient(system_database_engine=engine, dbos_system_schema=SCHEMA, application_name=APPLICATION, lazy=True)


def enqueue(session: Session, job: str, arguments: tuple[object, ...], *, key: str, delay: float = 0) -> None:
    """Adds the job `job` with plain `arguments`; a second one with the same `key` changes nothing. `delay` in seconds."""
    bind = session.get_bind()
    client = _client(bind if isinstance(bind, Engine) else bind.engine)
    options: dict[str, object] = {
        "queue_name": QUEUE_OF.get(job, job),
        "workflow_name": job,
        "workflow_id": key,
        "app_version": APPLICATION,
    }
    if delay:
        options["delay_seconds"] = delay
    client.enqueue_in_transaction(session, options, *arguments)  # type: ignore[arg-type]
