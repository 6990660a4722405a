"""Jobs and their floors, timed in turns, so that a noisy machine disturbs both alike."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

WARM_UP = 3
TIMES = 15


@dataclass(frozen=True)
class Job:
    """Something owed in milliseconds.

    `run` does it once; `floor` is the least that could be done, None where there is no such thing.

    `ratio`: at most so much of the floor is the target too, 0 for none. `times`: 0 for the usual number. `tells`: `run`
    returns the figure.
    """

    row: str
    name: str
    owed: float
    run: Callable[[], Any]
    floor: Callable[[], object] | None = None
    p95: float = 0
    ratio: float = 0
    times: int = 0
    tells: bool = False


@dataclass(frozen=True)
class Figure:
    """What came out, in milliseconds."""

    job: Job
    median: float
    p95: float
    floor: float | None

    @property
    def is_met(self) -> bool:
        """Whether it reaches its target."""
        slow = self.median > self.job.owed or (self.job.p95 and self.p95 > self.job.p95)
        return not slow and not (self.job.ratio and self.floor and self.median > self.job.ratio * self.floor)


def measure(job: Job) -> Figure:
    """Runs job and floor in turns."""
    for _n in range(WARM_UP if not job.times or job.times > WARM_UP else 0):
        job.run()
        if job.floor:
            job.floor()
    taken: list[float] = []
    least: list[float] = []
    for _n in range(job.times or TIMES):
        taken.append(job.run() if job.tells else _milliseconds(job.run))
        if job.floor:
            least.append(_milliseconds(job.floor))
    return Figure(job, statistics.median(taken), p95(taken), statistics.median(least) if least else None)


def _milliseconds(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return (time.perf_counter() - begun) * 1000


def p95(taken: list[float]) -> float:
    """What 95 of 100 did not exceed."""
    return sorted(taken)[min(len(taken) - 1, round(0.95 * len(taken)))]
