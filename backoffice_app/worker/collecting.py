"""The jobs by which open orders follow the settings of their methods (PAY-0, W-5)."""

import logging
import time
from collections.abc import Callable

from backoffice_app.domain.collecting import JOB, SHIPPING_JOB, follow_method, follow_shipping_method
from backoffice_app.domain.core.errors import Away, Busy, Unknown
from backoffice_app.domain.core.jobs import job

log = logging.getLogger("kontor.methods")
PATIENCE = (1, 2, 5, 10, *[30] * 120)
"""Seconds between attempts while the database is away or a colleague works on one of the orders: an hour in all."""


@job(JOB)
def follow(code: str) -> None:
    """Run twice, or begun again after a crash, it changes each order once: those that follow already are left alone."""
    _patiently(follow_method, code)


@job(SHIPPING_JOB)
def follow_shipping(code: str) -> None:
    """The same for a shipping method."""
    _patiently(follow_shipping_method, code)


def _patiently(do: Callable[[str], int], code: str) -> None:
    for pause in PATIENCE:
        try:
            do(code)
        except (Away, Busy, Unknown) as error:
            log.warning(
                "The orders of method %s could not all follow it and are tried again: %s", code, error
            )
            time.sleep(pause)
        else:
            return
    do(code)
