"""Reads a page anew after something was done. A failure of that never hides that it was done."""

import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger("kontor.reread")


async def reread(read: Callable[[], Awaitable[None]]) -> bool:
    """Whether the page could be read anew with `read`; a failure is logged."""
    try:
        await read()
    except Exception:
        log.exception("The page could not be read anew after something was done")
        return False
    return True
