"""A question to something that may hang: asked in a thread of its own, answered within a deadline or not at all
(RUN-4).
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")
log = logging.getLogger("kontor.health")


class Probe(Generic[T]):
    """Asks `look`.

    While one asking hangs, no second one is begun: a hanging database holds one thread, however often it is asked.
    """

    def __init__(self, look: Callable[[], T]) -> None:
        self.look = look
        self.lock = threading.Lock()
        self.asking: Future[T] | None = None

    async def answer(self, seconds: float) -> T | None:
        """What `look` returns; None if it raises, or does not return in time."""
        try:
            return await asyncio.wait_for(asyncio.wrap_future(self._ask()), seconds)
        except Exception as error:
            log.warning("No answer to %s: %s", self.look.__name__, error or type(error).__name__)
            return None

    def _ask(self) -> Future[T]:
        with self.lock:
            if self.asking is None or self.asking.done():
                self.asking = Future()
                self.asking.set_running_or_notify_cancel()  # who stops waiting does not stop the asking
                threading.Thread(
                    target=self._run, args=(self.asking,), name="kontor-probe", daemon=True
                ).start()
            return self.asking

    def _run(self, asking: Future[T]) -> None:
        try:
            asking.set_result(self.look())
        except BaseException as error:
            asking.set_exception(error)
