"""What a plug-in reads for a place that all share may fail without taking the place away (EXT-1)."""

import logging
from collections.abc import Callable
from typing import TypeVar

from sqlmodel import Session

T = TypeVar("T")
log = logging.getLogger("kontor.plugins")


def guarded(session: Session, what: str, read: Callable[[], T], instead: T) -> T:
    """What `read` returns, else `instead`; the log names `what` and says why.

    Its statements are undone if one fails.
    """
    try:
        with session.begin_nested():
            return read()
    except Exception:  # whatever a plug-in does wrong, the page is shown
        log.exception("%s could not be read", what)
        return instead
