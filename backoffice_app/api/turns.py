"""Who may have a PDF drawn, and when: a few at a time, a queue with an end, and nobody takes all places (SEC-5)."""

from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, Lock, to_thread

from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.rights import Actor
from backoffice_app.i18n import _

T = TypeVar("T")
SECONDS = 5
"""After how long it is worth trying again."""


class TooManyDrawn(Refused):
    """So many files wait to be drawn that one more would only wait longer."""

    def __init__(self) -> None:
        super().__init__(_("Too many documents are being drawn right now. Try again in a few seconds."))


class Turns:
    """Runs slow calls in threads of their own: `at_once` together, of one actor one, while `queue` others wait, of one
    actor `each`.
    """

    def __init__(self, *, at_once: int, queue: int, each: int) -> None:
        self.most, self.each = at_once + queue, 1 + each
        self._places = CapacityLimiter(at_once)
        self._inside: Counter[str] = Counter()
        self._own: dict[str, Lock] = {}

    async def run(self, actor: Actor, call: Callable[[], T]) -> T:
        """What `call` returns, in its turn. Raises TooManyDrawn where the queue is at its end."""
        who = f"{actor.kind.value}-{actor.id}"
        if self._inside.total() >= self.most or self._inside[who] >= self.each:
            raise TooManyDrawn
        self._inside[who] += 1
        try:
            async with self._own.setdefault(who, Lock()):
                return await to_thread.run_sync(call, limiter=self._places)
        finally:
            self._inside[who] -= 1
            if not self._inside[who]:
                del self._inside[who], self._own[who]


drawing = Turns(at_once=2, queue=20, each=4)
