"""The job that derives the states of orders anew where their rules have changed (ST-1)."""

from backoffice_app.domain.core.jobs import job
from backoffice_app.domain.orders import rederive
from backoffice_app.worker.patience import patiently


@job(rederive.JOB)
def derive_states() -> None:
    """Run twice, or begun again after a crash, it writes only what differs."""
    patiently(rederive.derive_anew, "The states of orders could not all be derived anew")
