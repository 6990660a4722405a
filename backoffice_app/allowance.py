"""How much may be written at once and in a minute, so that nobody floods a log; what is left out is counted
and told.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

MOST_KEYS = 5_000
OTHERS = "others"


@dataclass
class _Purse:
    left: float
    at: float
    missed: int = 0


class Allowance:
    """Each key may spend `burst` at once and as much again each minute. Safe to share between threads.

    `tell(key, count)`: called some time after something was left out, at most once in `seconds` for each key.
    """

    def __init__(
        self, burst: float, per_minute: float, tell: Callable[[str, int], None], *, seconds: float = 60.0
    ) -> None:
        self.burst = burst
        self.per_second = per_minute / 60
        self.tell = tell
        self.seconds = seconds
        self.purses: dict[str, _Purse] = {}
        self.timer: threading.Timer | None = None
        self.lock = threading.Lock()

    def allows(self, key: str, cost: float = 1.0) -> bool:
        """Whether `key` may spend `cost` now; then it is spent, else counted as left out."""
        with self.lock:
            purse = self._purse(key)
            if purse.left >= cost:
                purse.left -= cost
                return True
            purse.missed += 1
            if self.timer is None:
                self.timer = threading.Timer(self.seconds, self._settle)
                self.timer.daemon = True
                self.timer.start()
            return False

    def _purse(self, key: str) -> _Purse:
        now = time.monotonic()
        if key not in self.purses and len(self.purses) >= MOST_KEYS:
            self._forget_full(now)
            key = key if len(self.purses) < MOST_KEYS else OTHERS  # made-up addresses fill no memory
        purse = self.purses.setdefault(key, _Purse(self.burst, now))
        purse.left, purse.at = self._filled(purse, now), now
        return purse

    def _filled(self, purse: _Purse, now: float) -> float:
        return min(self.burst, purse.left + (now - purse.at) * self.per_second)

    def _forget_full(self, now: float) -> None:
        self.purses = {
            key: purse
            for key, purse in self.purses.items()
            if purse.missed or self._filled(purse, now) < self.burst
        }

    def _settle(self) -> None:
        """Tells of all that was left out since the last time; the lock is free meanwhile, as telling may ask for an
        allowance too.
        """
        with self.lock:
            self.timer = None
            missed = [(key, purse.missed) for key, purse in self.purses.items() if purse.missed]
            for key, _count in missed:
                self.purses[key].missed = 0
        for key, count in missed:
            self.tell(key, count)
