"""The job that works on a bulk run (O-5)."""

from backoffice_app.domain.bulk.start import JOB
from backoffice_app.domain.bulk.work_on import work_on
from backoffice_app.domain.core.jobs import job


@job(JOB)
def bulk_run(run_id: int, turn: int) -> None:
    """Some seconds of work on the run; the next turn of it is in the queue afterwards, or it is over.

    It may run twice, each order once.
    """
    work_on(run_id, turn)
