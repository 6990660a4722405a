"""The queues of the worker are asked by one statement, and each is worked on as soon as something is found in it
(P-16).
"""

import inspect
import threading
import time
from collections.abc import Callable

import pytest
from dbos import _queue
from sqlalchemy import Column, MetaData, String, Table, create_engine, insert
from sqlalchemy.exc import OperationalError

from backoffice_app.worker import asking

SOON = 5.0


def queue_thread(stop: threading.Event, name: str, does: Callable[[], None]) -> threading.Thread:
    """As DBOS has one for each queue."""

    def run() -> None:
        while not stop.wait(timeout=0.01):
            does()

    thread = threading.Thread(target=run, name=asking.THREAD + name, daemon=True)
    thread.start()
    return thread


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "POLL", 0.02)


@pytest.mark.usefixtures("quick")
def test_p16_a_queue_is_asked_by_itself_only_when_something_waits_in_it() -> None:
    stop, mails, places, waits = (
        threading.Event(),
        threading.Semaphore(0),
        threading.Semaphore(0),
        threading.Event(),
    )
    asking.wake_by(stop, ["mail", "places"], lambda: ["mail"] if waits.is_set() else [])
    threads = [queue_thread(stop, "mail", mails.release), queue_thread(stop, "places", places.release)]

    assert not mails.acquire(timeout=0.3)
    waits.set()
    assert mails.acquire(timeout=SOON)
    assert not places.acquire(timeout=0.1)
    begun = time.monotonic()
    stop.set()
    for thread in threads:
        thread.join(SOON)
    assert not any(thread.is_alive() for thread in threads)
    assert time.monotonic() - begun < SOON


@pytest.mark.usefixtures("quick")
def test_p16_a_database_that_was_away_is_asked_again() -> None:
    stop, mails = threading.Event(), threading.Semaphore(0)
    answers = iter(
        [OperationalError("select", {}, Exception("away")), OperationalError("select", {}, Exception("away"))]
    )

    def ask() -> list[str]:
        if (trouble := next(answers, None)) is not None:
            raise trouble
        return ["mail"]

    asking.wake_by(stop, ["mail"], ask)
    queue_thread(stop, "mail", mails.release)

    assert mails.acquire(timeout=SOON)
    stop.set()


@pytest.mark.usefixtures("quick")
def test_p16_other_threads_wait_as_long_as_they_say() -> None:
    stop = threading.Event()
    asking.wake_by(stop, ["mail"], lambda: [])

    assert stop.wait(timeout=0.01) is False
    stop.set()
    assert stop.wait(timeout=SOON) is True


def test_p16_the_thread_of_a_queue_is_known_by_the_name_that_dbos_gives_it() -> None:
    assert f'name=f"{asking.THREAD}{{queue_name}}"' in inspect.getsource(_queue)


def test_p16_a_queue_without_waiting_jobs_is_not_named() -> None:
    jobs = Table("workflow_status", MetaData(), Column("queue_name", String), Column("status", String))
    engine = create_engine("sqlite://")
    jobs.metadata.create_all(engine)
    with engine.begin() as connection:
        for queue, status in (
            ("mail", "ENQUEUED"),
            ("places", "PENDING"),
            ("bulk", "SUCCESS"),
            ("mail", "SUCCESS"),
        ):
            connection.execute(insert(jobs).values(queue_name=queue, status=status))
        found = connection.execute(asking.waiting_jobs(jobs, ["mail", "places", "bulk", "documents"])).one()

    assert [bool(waits) for waits in found] == [True, False, False, False]
