"""Jobs that work on one order after the other wait while the database is away or a colleague works on one of them."""

import logging
import time
from collections.abc import Callable

from backoffice_app.domain.core.errors import Away, Busy, Unknown

log = logging.getLogger("kontor.jobs")
PATIENCE = (1, 2, 5, 10, *[30] * 120)
"""Seconds between attempts: an hour in all."""


def patiently(run: Callable[[], object], trouble: str) -> None:
    """Calls `run`, which leaves alone what it did before, until it ends.

    `trouble`: what the log says where it is tried again.
    """
    for pause in PATIENCE:
        try:
            run()
        except (Away, Busy, Unknown) as error:
            log.warning("%s, which is tried again: %s", trouble, error)
            time.sleep(pause)
        else:
            return
    run()
