"""What colleagues pressed, on what they were shown, and what they were told: kept outside of Kontor."""

import itertools
import threading
from dataclasses import dataclass, field

from soak.contract import DONE, NOTHING, UNKNOWN, claim


@dataclass
class Press:
    """One changing press.

    `subject`: what it was shown for, such as ("order", "10017"); `token`: a text of its own in what it does.
    """

    who: str
    subject: tuple[str, str]
    action: str
    token: str = ""
    answers: list[tuple[str, str]] = field(default_factory=list)
    """(kind, text) of each answer that came, also late ones."""
    seconds: float | None = None
    """From the press to its first answer."""
    lost: str = ""
    """Why no answer came: the connection went, or the time."""

    def claims(self) -> set[str]:
        """All that was claimed of it."""
        return {claim(kind, text) for kind, text in self.answers}

    @property
    def must(self) -> bool:
        """Whether it was answered as done."""
        return DONE in self.claims()

    @property
    def may(self) -> bool:
        """Whether it may have been done: answered so, or nobody said that it was not."""
        return self.must or NOTHING not in self.claims()

    def __str__(self) -> str:
        told = "; ".join(f"{kind}: {text}" for kind, text in self.answers) or f"no answer, {self.lost}"
        return f"{self.who} pressed {self.action} on {' '.join(self.subject)} ({told})"


@dataclass
class Ledger:
    """All presses of all colleagues, how long each kind of step took, and what was seen that must never be."""

    presses: list[Press] = field(default_factory=list)
    took: dict[str, list[float]] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)
    reconnects: int = 0
    wrong: list[str] = field(default_factory=list)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def token(self) -> str:
        """A text that stands nowhere else."""
        with self._lock:
            return f"soak{next(self._numbers):06d}x"

    def time(self, step: str, seconds: float) -> None:
        """Notes how long a step took."""
        self.took.setdefault(step, []).append(seconds)

    def miss(self, step: str) -> None:
        """Notes a step that got no answer."""
        self.lost[step] = self.lost.get(step, 0) + 1

    def answered(self) -> dict[str, int]:
        """How many presses were answered how."""
        found = {"done": 0, "not done": 0, "unknown": 0, "unanswered": 0}
        for press in self.presses:
            key = (
                "done"
                if press.must
                else "not done"
                if not press.may
                else "unknown"
                if UNKNOWN in press.claims()
                else "unanswered"
            )
            found[key] += 1
        return found
