"""Bulk runs without a worker: what it does, in this process (O-5)."""

from sqlmodel import Session

from backoffice_app import db
from backoffice_app.domain.bulk import work_on
from backoffice_app.models import BulkRun


def run_to_its_end(run_id: int) -> None:
    """What the worker does, in this process."""
    while (run := read(run_id)).ended_at is None:
        work_on.work_on(run_id, run.turn)


def read(run_id: int) -> BulkRun:
    """The run as it is now."""
    with Session(db.engine()) as session:
        return session.get_one(BulkRun, run_id)
