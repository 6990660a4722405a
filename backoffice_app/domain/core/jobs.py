"""Jobs that must survive are enqueued in the transaction of their cause, in the same database."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Engine
from sqlmodel import Session

from backoffice_app.registry import Registry, require_takes

if TYPE_CHECKING:
    from dbos import DBOSClient

APPLICATION = "kontor"
SCHEMA = "dbos"
QUEUES: Registry[int] = Registry("queue")
"""Name of a queue -> how many of its jobs one process runs at once."""
QUEUE_OF: Registry[str] = Registry("job")
"""Name of a job -> the queue it goes into."""
RUNS: Registry[Callable[..., Any]] = Registry("function of a job")
"""Name of a job -> the function that does it. A web process without a worker knows the names alone."""
Run = TypeVar("Run", bound=Callable[..., Any])


def queue(name: str, *, at_once: int) -> str:
    """Registers a queue; returns its name. Raises ValueError for a name that is taken or an `at_once` below 1."""
    if at_once < 1:
        raise ValueError(f"The queue {name!r} would run nothing: at_once is {at_once}.")
    QUEUES.add(name, at_once)
    return name


def declare_job(name: str, *, queue: str) -> str:
    """Registers the name of a job, so that it can be enqueued; returns it. The function that does it has `@job(name)`.

    Raises ValueError for a name that is taken or a queue that is not registered.
    """
    if queue not in QUEUES:
        raise ValueError(
            f"The job {name!r} needs the queue {queue!r}, which is not registered: use `queue(...)`."
        )
    QUEUE_OF.add(name, queue)
    return name


def job(name: str, *, queue: str = "") -> Callable[[Run], Run]:
    """Registers the function below it as the one that does the job; with `queue` it declares the job too.

    It may run twice, also after a crash, so it asks its row first. Raises ValueError for a job that is not declared or
    is done already.
    """

    def register(run: Run) -> Run:
        if queue:
            declare_job(name, queue=queue)
        if name not in QUEUE_OF:
            raise ValueError(
                f"{run.__qualname__} does the job {name!r}, which is not declared: use `declare_job(...)`."
            )
        RUNS.add(name, run)
        return run

    return register


SWEEPS: Registry[Callable[[], object]] = Registry("minutely task of the worker")
"""Name -> what the worker does each minute, such as to look for what has become due."""
Sweep = TypeVar("Sweep", bound=Callable[[], object])


def each_minute(name: str) -> Callable[[Sweep], Sweep]:
    """Registers the function below it as one that the worker calls each minute, in each process that runs jobs.

    It may run twice and at the same time, so it asks its rows first; what it raises is logged, and it is called again a
    minute later.
    """

    def register(sweep: Sweep) -> Sweep:
        require_takes(f"`each_minute({name!r})`", sweep)
        SWEEPS.add(name, sweep)
        return sweep

    return register


def require_runs() -> None:
    """Raises ValueError for jobs that no function does."""
    if missing := sorted(QUEUE_OF.keys() - RUNS.keys()):
        raise ValueError(f"No function does the jobs {', '.join(map(repr, missing))}: use `@job(...)`.")


@cache
def _client(engine: Engine) -> "DBOSClient":
    from dbos import DBOSClient  # half a second to import; a server answers before it is needed

    return DBOSClient(
        system_database_engine=engine, dbos_system_schema=SCHEMA, application_name=APPLICATION, lazy=True
    )


def enqueue(session: Session, job: str, arguments: tuple[object, ...], *, key: str, delay: float = 0) -> None:
    """Adds the job `job` with plain `arguments`; a second one with the same `key` changes nothing. `delay` in seconds.

    Raises ValueError for a job that is not declared.
    """
    if job not in QUEUE_OF:
        raise ValueError(f"There is no job {job!r}: use `declare_job(...)`.")
    bind = session.get_bind()
    client = _client(bind if isinstance(bind, Engine) else bind.engine)
    options: dict[str, object] = {
        "queue_name": QUEUE_OF[job],
        "workflow_name": job,
        "workflow_id": key,
        "app_version": APPLICATION,
    }
    if delay:
        options["delay_seconds"] = delay
    client.enqueue_in_transaction(session, options, *arguments)  # type: ignore[arg-type]
