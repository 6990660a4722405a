"""A process that runs jobs: in the web process, or by itself as `kontor worker` (RUN-2)."""

import logging
import threading
from datetime import timedelta
from functools import cache

from dbos import DBOS, DBOSConfig
from sqlalchemy import make_url
from sqlmodel import col, delete

from backoffice_app import load
from backoffice_app.db import limits
from backoffice_app.domain.bulk import work_on as bulk
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.jobs import APPLICATION, QUEUE_OF, QUEUES, RUNS, SCHEMA, SWEEPS, require_runs
from backoffice_app.domain.core.rights import WORKER
from backoffice_app.domain.core.work import work
from backoffice_app.domain.mail import delivery
from backoffice_app.domain.orders import recheck, rederive
from backoffice_app.models import WorkerProcess
from backoffice_app.settings import settings
from backoffice_app.worker import asking
from backoffice_app.worker.executors import Slot, hold, try_to_hold

BEAT = 5.0
SWEEP_EACH = 12
LOOSE_AT_ONCE = 500
ALIVE = {"ENQUEUED", "DELAYED", "PENDING"}
OVER = ["SUCCESS", "ERROR", "CANCELLED"]
KEPT = timedelta(days=14)
"""How long a job that is over is remembered."""
log = logging.getLogger("kontor.worker")


def launch(executor_id: str) -> None:
    """From now on this process runs jobs under `executor_id`, which it holds. The database is migrated."""
    url = make_url(settings().database)
    config: DBOSConfig = {
        "name": APPLICATION,
        "system_database_url": settings().database,
        "dbos_system_schema": SCHEMA,
        "application_version": APPLICATION,  # else an upgrade would leave the jobs of the version before
        "executor_id": executor_id,
        "run_migrations": False,
        "sys_db_pool_size": 8,
        "db_engine_kwargs": {} if url.get_backend_name() == "sqlite" else {"connect_args": limits(url)},
        "log_level": "WARNING",
        "enable_otlp": False,
    }
    register_jobs()
    DBOS(config=config)
    DBOS.launch()
    for queue, at_once in QUEUES.items():
        DBOS.register_queue(
            queue, worker_concurrency=at_once, polling_interval_sec=asking.POLL, on_conflict="always_update"
        )
    asking.ask_all_at_once()


@cache
def register_jobs() -> None:
    """Every registered job is a workflow of the queue. ValueError for one that no function does."""
    load.domain()
    load.jobs()
    require_runs()
    for name, run in RUNS.items():
        DBOS.workflow(name=name)(run)


class Worker:
    """One executor id, its jobs, and the watch over dead colleagues."""

    def __init__(self, role: str) -> None:
        self.role = role
        self.slot: Slot | None = None
        self.stopping = threading.Event()
        self.thread: threading.Thread | None = None

    def start(self) -> str:
        """Takes an executor id and runs jobs until `stop`; returns the id."""
        self.slot = hold(self.role)
        launch(self.slot.executor_id)
        beat(self.slot.executor_id)
        recheck.put_off()
        rederive.put_off()
        self.thread = threading.Thread(target=self._watch, name="kontor-watch", daemon=True)
        self.thread.start()
        log.info("Worker %s runs", self.slot.executor_id)
        return self.slot.executor_id

    def stop(self, patience: float = 10.0) -> None:
        """Ends after the jobs that run now, at most `patience` seconds later; what is left is taken over by others."""
        self.stopping.set()
        if self.thread:
            self.thread.join(patience)
        DBOS.destroy(workflow_completion_timeout_sec=int(patience))
        if self.slot:
            sign_off(self.slot.executor_id)
            self.slot.let_go()
            self.slot = None

    def _watch(self) -> None:
        """Each few seconds: a sign of life, and the jobs of those that give none; each minute mails whose
        job is gone.
        """
        rounds = 0
        while not self.stopping.is_set():
            try:
                self._keep_slot()
                if self.slot:
                    beat(self.slot.executor_id)
                    take_over(self.slot.executor_id)
                if rounds % SWEEP_EACH == 0:
                    pick_up_loose_mails()
                    pick_up_stranded_runs()
                    forget_old_jobs()
                    sweep()
            # Such as a database that is away: a watch that ends would leave all others unwatched.
            except Exception:
                log.exception("A round of the worker's watch failed; the next one tries again")
            rounds += 1
            self.stopping.wait(BEAT)

    def _keep_slot(self) -> None:
        """An id whose lock was lost with its connection is held again; if another took it meanwhile, a new one is
        begun.
        """
        if self.slot is None or self.slot.is_held():
            return
        lost = self.slot.executor_id
        again = try_to_hold(lost)
        if again is None:
            log.warning("Worker %s lost its id and begins anew", lost)
            DBOS.destroy(workflow_completion_timeout_sec=10)
            again = hold(self.role)
            launch(again.executor_id)
        self.slot = again


def beat(executor_id: str) -> None:
    """Notes that this executor is alive; `/ready` reads it."""
    with work(WORKER) as w:
        w.session.merge(WorkerProcess(executor_id=executor_id, heard_at=w.at))


def sign_off(executor_id: str) -> None:
    """Forgets an executor that is no more."""
    with work(WORKER) as w:
        w.session.execute(delete(WorkerProcess).where(col(WorkerProcess.executor_id) == executor_id))


def take_over(own_id: str) -> None:
    """Puts the jobs of dead executors back into their queues: dead is whose lock can be had."""
    running = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
    for executor_id in sorted({w.executor_id for w in running if w.executor_id} - {own_id}):
        slot = try_to_hold(executor_id)
        if slot is None:
            continue
        log.warning("Executor %s is dead; its jobs are taken over", executor_id)
        left = DBOS.list_workflows(
            status="PENDING", executor_id=executor_id, load_input=False, load_output=False
        )
        for job in left:
            DBOS.resume_workflow(job.workflow_id, queue_name=QUEUE_OF.get(job.name, job.queue_name))
        sign_off(executor_id)
        slot.let_go()


def pick_up_loose_mails() -> None:
    """Mails that wait for a job that is gone get a new one; mails that a job left in the dialogue become
    unclear (M-3).
    """
    loose = delivery.loose_mails(LOOSE_AT_ONCE)
    if not loose:
        return
    names = [mail.job for mail in loose]
    alive = {
        w.workflow_id
        for w in DBOS.list_workflows(workflow_ids=names, load_input=False, load_output=False)
        if w.status in ALIVE
    }
    for mail in loose:
        if mail.job not in alive:
            delivery.pick_up(mail)


def pick_up_stranded_runs() -> None:
    """Bulk runs that are not over and whose job is gone, such as one that found no database for long, get a new one
    (O-5).
    """
    open_runs = bulk.stranded_runs(LOOSE_AT_ONCE)
    if not open_runs:
        return
    known = DBOS.list_workflows(workflow_ids=list(open_runs), load_input=False, load_output=False)
    alive = {w.workflow_id for w in known if w.status in ALIVE}
    for name, run_id in open_runs.items():
        if name not in alive:
            bulk.pick_up(run_id, name)


def sweep() -> None:
    """What is to be done each minute, such as to remind of tasks that are due; one that fails stops none of
    the others.
    """
    for name, do in SWEEPS.items():
        try:
            do()
        except Exception:  # the database may be away; the next minute tries again
            log.exception("%s failed; it is tried again in a minute", name)


def forget_old_jobs(kept: timedelta = KEPT) -> None:
    """The queue forgets jobs that have been over for two weeks; some hundreds go at a time."""
    before = (clock.now() - kept).isoformat()
    old = DBOS.list_workflows(
        status=OVER, completed_before=before, limit=LOOSE_AT_ONCE, load_input=False, load_output=False
    )
    if old:
        DBOS.delete_workflows([job.workflow_id for job in old])


RUNNING: list[Worker] = []


def start_in_web() -> None:
    """Runs the worker inside the web process, unless `KONTOR_WORKER_IN_WEB` says no. Blocks a moment: call it in a
    thread.
    """
    if settings().worker_in_web and not RUNNING:
        worker = Worker("web")
        worker.start()
        RUNNING.append(worker)


def stop_in_web() -> None:
    """Ends what `start_in_web` began."""
    while RUNNING:
        RUNNING.pop().stop()
