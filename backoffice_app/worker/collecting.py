"""The job by which open orders follow the settings of their payment method (PAY-0)."""

import logging
import time

from backoffice_app.domain.collecting import JOB, follow_method
from backoffice_app.domain.core.errors import Away, Busy, Unknown
from backoffice_app.domain.core.jobs import job

log = logging.getLogger("kontor.methods")
PATIENCE = (1, 2, 5, 10, *[30] * 120)
"""Seconds between attempts while the database is away or a colleague works on one of the orders: an hour in all."""


@job(JOB)
def follow(code: str) -> None:
    """Run twice, or begun again after a crash, it changes each order once: those that follow already are left alone."""
    for pause in PATIENCE:
        try:
            follow_method(code)
        except (Away, Busy, Unknown) as error:
            log.warning(
                "The orders of payment method %s could not all follow it and are tried again: %s", code, error
            )
            time.sleep(pause)
        else:
            return
    follow_method(code)
