"""Plays a shop at work from outside, kills its processes, and says whether everything it answered was true.

`make soak` calls it.
"""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from soak.colleagues import Colleague
from soak.feeder import Feeder
from soak.ledger import Ledger
from soak.premises import START, Premises, name_of, premises
from soak.truth import untrue

SET_UPS: dict[str, dict[str, int | bool]] = {
    "sqlite": {"postgres": False, "web": 1, "workers": 0},
    "postgres": {"postgres": True, "web": 2, "workers": 1},
}


@dataclass
class Outcome:
    """What a soak found. `untrue`: sentences, none where all was true."""

    ledger: Ledger
    feeder: Feeder
    kills: dict[str, int] = field(default_factory=dict)
    untrue: list[str] = field(default_factory=list)
    mails: int = 0

    def table(self) -> str:
        """Times in ms, kills, answers and the truth, for a person."""
        rows = [f"{'step':24}{'n':>7}{'p50':>8}{'p95':>8}{'max':>8}{'no answer':>11}"]
        for step in sorted(self.ledger.took.keys() | self.ledger.lost.keys()):
            took = sorted(self.ledger.took.get(step, []))
            figures = [f"{value * 1000:8.0f}" for value in _figures(took)] if took else [" " * 8] * 3
            rows.append(f"{step:24}{len(took):7}{''.join(figures)}{self.ledger.lost.get(step, 0):11}")
        answers = ", ".join(f"{n} {what}" for what, n in self.ledger.answered().items())
        kills = ", ".join(f"{name} {n}" for name, n in sorted(self.kills.items())) or "none"
        rows += [
            f"presses: {answers}",
            f"orders fed: {len(self.feeder.fed)}, calls repeated: {self.feeder.repeated}",
            f"kills: {kills}; tabs that came back: {self.ledger.reconnects}; mails arrived: {self.mails}",
            "truth: all true" if not self.untrue else f"truth: {len(self.untrue)} UNTRUE",
            *(f"  {sentence}" for sentence in self.untrue),
        ]
        return "\n".join(rows)


def _figures(took: list[float]) -> tuple[float, float, float]:
    return statistics.median(took), took[min(int(len(took) * 0.95), len(took) - 1)], took[-1]


def soak(
    shop: Premises,
    seconds: float,
    *,
    seed: int = 1,
    orders: int = 60,
    pace: float = 0.6,
    every: tuple[float, float] = (5, 20),
) -> Outcome:
    """Colleagues work for so long while processes are killed `every` so many seconds; 0 as its end: nobody
    is killed.
    """
    ledger = Ledger()
    outcome = Outcome(ledger, Feeder(shop.servers, shop.api_key, ledger, random.Random(seed)))
    cookies = [shop.cookie(n) for n in range(shop.colleagues)]
    asyncio.run(_play(shop, outcome, cookies, seconds, seed, orders, pace, every))
    shop.wait_until_up()
    outcome.untrue = untrue(shop, ledger, outcome.feeder)
    outcome.mails = len(shop.mails.got)
    return outcome


async def _play(
    shop: Premises,
    outcome: Outcome,
    cookies: list[str],
    seconds: float,
    seed: int,
    orders: int,
    pace: float,
    every: tuple[float, float],
) -> None:
    await outcome.feeder.feed(orders)
    end = time.monotonic() + seconds

    def over() -> bool:
        return time.monotonic() >= end

    def numbers() -> list[str]:
        return list(outcome.feeder.fed.values())

    team = [
        Colleague(
            name_of(n), cookie, shop.servers, outcome.ledger, numbers, seed * 1000 + n, pace, owner=n == 0
        )
        for n, cookie in enumerate(cookies)
    ]
    await asyncio.gather(
        outcome.feeder.go_on(over, pause=1.0),
        *(one.work(over) for one in team),
        *([_chaos(shop, outcome, over, random.Random(seed), every)] if every[1] else []),
    )


async def _chaos(
    shop: Premises, outcome: Outcome, over: object, dice: random.Random, every: tuple[float, float]
) -> None:
    """Kills one process after the other, each with its children, and starts it again at once."""
    while True:
        pause = time.monotonic() + dice.uniform(*every)
        while time.monotonic() < pause:
            if over():  # type: ignore[operator]
                return
            await asyncio.sleep(0.1)
        process = dice.choice(shop.processes)
        process.kill()
        process.start()
        outcome.kills[process.name] = outcome.kills.get(process.name, 0) + 1
        came = time.monotonic() + START
        while not await asyncio.to_thread(process.answers):
            assert time.monotonic() < came, f"{process.name} did not come back"
            await asyncio.sleep(0.1)


def main() -> int:
    """The command. Exit code 1 if anything was untrue."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("set_up", nargs="*", choices=[*SET_UPS, []], help="which of them; both without it")
    ask.add_argument("--seconds", type=float, default=600, help="how long each set-up is played")
    ask.add_argument("--colleagues", type=int, default=20)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--quiet", action="store_true", help="kill nothing: times of a shop in peace")
    given = ask.parse_args()
    is_untrue = False
    for name in given.set_up or SET_UPS:
        every = (0.0, 0.0) if given.quiet else (5.0, 20.0)
        with (
            tempfile.TemporaryDirectory(prefix=f"kontor-soak-{name}-") as folder,
            premises(Path(folder), colleagues=given.colleagues, **SET_UPS[name]) as shop,  # type: ignore[arg-type]
        ):
            outcome = soak(shop, given.seconds, seed=given.seed, every=every, orders=200)
        sys.stdout.write(
            f"\n{name}: {shop.colleagues} colleagues, {given.seconds:.0f} s, seed {given.seed}\n{outcome.table()}\n"
        )
        sys.stdout.flush()
        is_untrue = is_untrue or bool(outcome.untrue)
    return int(is_untrue)


if __name__ == "__main__":
    sys.exit(main())
