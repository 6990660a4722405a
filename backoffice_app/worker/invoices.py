"""The job that issues the invoice of an order that was paid, once that can't be undone any more (INV-1, W-21)."""

import logging
import time

from backoffice_app.domain.core.errors import Away, Busy, Unknown, WrongClock
from backoffice_app.domain.core.jobs import job
from backoffice_app.domain.invoicing.policy import JOB, issue_when_due

log = logging.getLogger("kontor.invoices")
PATIENCE = (1, 2, 5, 10, *[30] * 120)
"""Seconds between attempts while the database is away or the clock is wrong: an hour in all."""


@job(JOB)
def issue_invoice(order_id: int) -> None:
    """The order has its invoice, unless its payment was taken back.

    Run twice, it is issued once: the order's rows are asked first.
    """
    for pause in PATIENCE:
        try:
            issue_when_due(order_id)
        except (Away, Busy, Unknown, WrongClock) as error:
            log.warning("The invoice of order %s could not be issued and is tried again: %s", order_id, error)
            time.sleep(pause)
        else:
            return
    issue_when_due(order_id)
