"""Two colleagues go from order to order and press everything while what Kontor stores things in fails and comes back.

A round: both show something, one of the doors fails at a chosen moment of the first colleague's way to the next page,
both press what they are shown, the door is mended, and what was typed and is not saved yet is saved again. `make
soak-doors` plays many.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from math import inf
from pathlib import Path

from door import Breakable, Door, Lock
from soak import contract
from soak.contract import NOTHING, ORDER, OUTBOX, SHOP, USERS
from soak.feeder import Feeder
from soak.hands import AT_ONCE, OF_PALETTE, Hands
from soak.ledger import Ledger, Press
from soak.premises import Premises, name_of, premises
from soak.tab import Lost, Tab
from soak.truth import effects_now, untrue
from sqlalchemy import make_url

SHORT = (0.3, 1.0, 3.0)
LONG = (3.0, 15.0, 40.0)
"""For how many seconds a door stays shut."""
PATIENCE = 10.0
"""Seconds that a colleague waits for an answer after the door is mended."""
STALE = ("not up to date", "changed this order meanwhile", "database", "anew")
"""Words of refusals after which a person presses again; any other refusal is the rules'."""
SET_UPS = ("sqlite", "postgres", "postgres-two")
Typed = tuple[str, str | None, tuple[str, str, dict[str, str]]]
"""The number of the order, what the dialog is about, and what was typed into it."""


@dataclass
class Outcome:
    """What the rounds found.

    `silent`: presses that got no answer though the tab stayed connected and the door was mended long ago.
    """

    ledger: Ledger
    rounds: int = 0
    fails: dict[str, int] = field(default_factory=dict)
    untrue: list[str] = field(default_factory=list)
    silent: list[Press] = field(default_factory=list)

    def table(self) -> str:
        """For a person."""
        answers = ", ".join(f"{n} {what}" for what, n in self.ledger.answered().items())
        fails = ", ".join(f"{what} {n}" for what, n in sorted(self.fails.items()))
        truth = (
            ["truth: all true"]
            if not self.untrue
            else [f"truth: {len(self.untrue)} UNTRUE", *(f"  {one}" for one in self.untrue)]
        )
        silent = [f"{len(self.silent)} in silence", *(f"  {press}" for press in self.silent)]
        return "\n".join([f"rounds: {self.rounds}; {fails}", f"presses: {answers}", *silent, *truth])


class Player:
    """One colleague with one tab.

    `longest`: for how many seconds a door stays shut at most; `owner`: also goes to the settings.
    """

    def __init__(self, tab: Tab, orders: list[str], longest: float, *, owner: bool) -> None:
        self.tab, self.orders, self.owner = tab, orders, owner
        self.patience = longest + PATIENCE
        self.hands = Hands(tab)
        self.dice = tab.dice
        self.typed: list[Typed] = []
        self.promised: list[tuple[str, list[Press]]] = []
        """Texts that were typed into a dialog, and the presses that were to save them."""

    async def start(self) -> None:
        """Shows an order, with every door open."""
        self.typed = []
        number = self.dice.choice(self.orders)
        await self._see(f"/orders/{number}", lambda: self.tab.shown == number)
        roll = self.dice.random()
        if roll < 0.25:
            await self.hands.click(self.dice.choice(AT_ONCE))  # so that there is something to undo
        elif roll < 0.5:
            await self._open(self.dice.choice(("billing", "part-shipment", contract.CUSTOMER_MAIL_FORM)))

    async def go_on(self, when: str, fail: Callable[[], None]) -> None:
        """Goes to another page, or stays at an open dialog; `fail` is called at the moment `when` says."""
        if self.typed:
            fail()
            return
        path, is_shown = self._next()
        if when == "before":
            fail()
        with suppress(Lost):
            await self.tab.visit(path)
        if when == "during":
            await asyncio.sleep(self.dice.uniform(0, 0.06))
            fail()
            return
        with suppress(Lost):
            await self.tab.until(is_shown, 2 if when == "before" else 10)
        if when == "after":
            fail()

    async def press(self) -> None:
        """Presses something that is shown at this moment, whatever that is."""
        await asyncio.sleep(self.dice.uniform(0, 0.3))
        for typed in self.typed:
            await self._save(typed)
        if self.typed:
            return
        page = self.tab.here["pathname"]
        if page == "/outbox":
            await self._press_mail()
        elif page == "/settings/users":
            await self._press_person()
        elif page == "/settings/mail":
            await self._press_setting()
        elif self.tab.shown:
            await self._press_order()

    async def finish(self) -> None:
        """With every door open again: what was typed and is not saved is saved, as a person would, who still sees the
        text.
        """
        for number, about, typed in self.typed:
            for _try in range(3):
                press = self.promised[-1][1][-1]
                if press.must or _is_refused_by_rule(press):
                    break
                with suppress(Lost):
                    await self.tab.until(lambda: self.tab.connected, PATIENCE, visit=None)
                await self._save(
                    (number, contract.asked(self.tab.vars.get(ORDER, {})) or about, typed), again=True
                )

    async def _see(self, path: str, is_shown: Callable[[], bool]) -> None:
        for _try in range(6):
            with suppress(Lost):
                await self.tab.until(lambda: self.tab.connected, 60, visit=None)
                await self.tab.visit(path)
                await self.tab.until(is_shown, 10)
                return
        self.tab.ledger.wrong.append(f"{self.tab.who} can't see {path} with every door open")

    def _next(self) -> tuple[str, Callable[[], bool]]:
        roll = self.dice.random()
        if self.owner and roll < 0.12:
            return "/settings/users", lambda: bool(self.tab.value(USERS, "ready"))
        if self.owner and roll < 0.2:
            return "/settings/mail", lambda: bool(self.tab.value(SHOP, "ready"))
        mails = self._mails()
        if mails and roll < 0.35:
            id_ = self.dice.choice(mails)
            return f"/outbox?mail={id_}", lambda: str((self.tab.value(OUTBOX, "mail") or {}).get("id")) == id_
        if roll < 0.4:
            return "/outbox", lambda: bool(self.tab.value(OUTBOX, "ready"))
        number = self.dice.choice(self.orders)
        return f"/orders/{number}", lambda: self.tab.shown == number

    def _mails(self) -> list[str]:
        """Ids of the newest mails this tab has seen, without those that a colleague wrote: they are undone
        elsewhere.
        """
        return [row[0] for row in (self.tab.value(OUTBOX, "rows") or [])[:12] if "soak" not in row[5]]

    async def _open(self, form: str) -> None:
        number = self.tab.shown
        if not number or not await self.hands.open_dialog(form, 10):
            return
        typed = self.hands.filled(form)
        if typed and self.tab.shown == number:
            self.typed = [(number, contract.asked(self.tab.vars.get(ORDER, {})), typed)]

    async def _save(self, what: Typed, *, again: bool = False) -> None:
        number, about, typed = what
        press = await self.hands.save(number, about, typed, PATIENCE if again else self.patience)
        if again:
            self.promised[-1][1].append(press)
        else:
            self.promised.append((typed[1], [press]))

    async def _press_order(self) -> None:
        roll, patience = self.dice.random(), self.patience
        if roll < 0.4:
            await self.hands.click(self.dice.choice(AT_ONCE), patience)
        elif roll < 0.55:
            await self.hands.tell(self.dice.choice(("pay", "ship", "hold")), patience)
        elif roll < 0.7:
            await self.hands.choose(self.dice.choice(OF_PALETTE), patience)
        elif roll < 0.8 or not await self.hands.undo(patience):
            await self._open("billing")
            for typed in self.typed:
                await self._save(typed)

    async def _press_mail(self) -> None:
        mail = self.tab.value(OUTBOX, "mail") or {}
        verb = "hold-back" if mail.get("can_hold_back") else "release" if mail.get("can_release") else ""
        if mail.get("id") and verb and "soak" not in mail["subject"]:
            await self._tell(("mail", str(mail["id"])), verb, "", contract.act_on_mail(mail, verb))

    async def _press_person(self) -> None:
        people = [
            one
            for one in (self.tab.value(USERS, "page") or {}).get("people", [])
            if one["name"].startswith("Nobody")
        ]
        if not people:
            return
        id_ = self.dice.choice(people)["id"]
        if not await self.tab.step(
            "dialog person", *contract.open_person(id_), lambda: self.tab.value(USERS, "form") == "person", 10
        ):
            return
        person = self.tab.value(USERS, "person")
        role = self.dice.choice(
            [role for role in ("staff", "warehouse", "read-only") if role != person["role"]]
        )
        await self._tell(
            ("user", str(person["id"])), "change-role", "", contract.change_role(person.get("about"), role)
        )

    async def _press_setting(self) -> None:
        held = self.tab.vars.get(SHOP, {})
        token = self.tab.ledger.token()
        form = (self.tab.value(SHOP, "shown") or {}).get("mailing")
        if form and self.tab.value(SHOP, "ready"):
            event = contract.save_setting(held, "mailing", {**form, "reply_to": f"{token}@soak.example"})
            await self._tell(("setting", "mailing"), "save-setting", token, event)

    async def _tell(self, subject: tuple[str, str], action: str, token: str, event: contract.Event) -> None:
        await self.tab.press(Press(self.tab.who, subject, action, token), event, self.patience)


def _is_refused_by_rule(press: Press) -> bool:
    said = [text for kind, text in press.answers if contract.claim(kind, text) == NOTHING]
    return any(not any(word in text for word in STALE) for text in said)


def play(
    shop: Premises,
    doors: dict[str, Breakable],
    rounds: int,
    times: tuple[float, ...],
    seed: int,
    seconds: float = inf,
) -> Outcome:
    """Plays so many rounds, or as many as begin within so many `seconds` of the first one, and judges them."""
    ledger = Ledger()
    outcome = Outcome(ledger)
    feeder = Feeder(shop.servers, shop.api_key, ledger, random.Random(seed))
    players = asyncio.run(_play(shop, doors, outcome, feeder, rounds, times, seed, seconds))
    outcome.untrue = untrue(shop, ledger, feeder, mails_rest=False)
    said = " ".join(effect.said for effect in effects_now(shop))
    for player in players:
        for token, presses in player.promised:
            if token not in said and not any(_is_refused_by_rule(press) for press in presses):
                outcome.untrue.append(f"what was typed was lost ({token}): {'; '.join(map(str, presses))}")
    outcome.silent = [press for press in ledger.presses if not press.answers and "within" in press.lost]
    return outcome


async def _play(
    shop: Premises,
    doors: dict[str, Breakable],
    outcome: Outcome,
    feeder: Feeder,
    rounds: int,
    times: tuple[float, ...],
    seed: int,
    seconds: float,
) -> list[Player]:
    await feeder.feed(24)
    dice = random.Random(seed)
    orders = sorted(feeder.fed.values())
    tabs = [
        Tab(name_of(n), shop.cookie(n), shop.servers, outcome.ledger, random.Random(seed * 100 + n))
        for n in range(2)
    ]
    players = [Player(tab, orders, max(times), owner=n == 0) for n, tab in enumerate(tabs)]
    try:
        for tab in tabs:
            await tab.open("/outbox")
        end = time.monotonic() + seconds
        for _n in range(rounds):
            await _round(players, doors, outcome, dice, times)
            outcome.rounds += 1
            if time.monotonic() > end:
                break
    finally:
        for tab in tabs:
            await tab.close()
    return players


async def _round(
    players: list[Player],
    doors: dict[str, Breakable],
    outcome: Outcome,
    dice: random.Random,
    times: tuple[float, ...],
) -> None:
    first, second = players
    await asyncio.gather(first.start(), second.start())
    name = dice.choice(list(doors))
    kind, seconds, when = (
        dice.choice(doors[name].kinds),
        dice.choice(times),
        dice.choice(("before", "during", "after")),
    )
    failed = asyncio.Event()

    def fail() -> None:
        doors[name].fail(kind)
        failed.set()

    async def mend() -> None:
        await failed.wait()
        await asyncio.sleep(seconds)
        await asyncio.to_thread(doors[name].mend)

    async def of_first() -> None:
        await first.go_on(when, fail)
        await first.press()

    async def of_second() -> None:
        await second.go_on("", lambda: None)
        await second.press()

    await asyncio.gather(mend(), of_first(), of_second())
    outcome.fails[f"{name} {kind}"] = outcome.fails.get(f"{name} {kind}", 0) + 1
    await asyncio.gather(first.finish(), second.finish())


@contextmanager
def shop_behind_doors(set_up: str, folder: Path) -> Iterator[tuple[Premises, dict[str, Breakable]]]:
    """A shop of two colleagues, and the doors before what it stores things in.

    Customer mails wait long, so that they can be held back.
    """
    with ExitStack() as stack:
        doors: dict[str, Breakable] = {}

        def door(name: str, host: str, port: int) -> int:
            made = Door(host, port)
            stack.callback(made.close)
            doors[name] = made
            return made.port

        def behind(url: str) -> str:
            there = make_url(url)
            if set_up == "sqlite":
                return url
            port = door("PostgreSQL", there.host or "127.0.0.1", there.port or 5432)
            return there.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)

        settings = {"KONTOR_UNDO_SECONDS": "3600"}
        two = set_up == "postgres-two"
        shape = {"postgres": set_up != "sqlite", "web": 2 if two else 1, "workers": 1 if two else 0}
        shop = stack.enter_context(premises(folder, colleagues=2, behind=behind, **shape, **settings))  # type: ignore[arg-type]
        if set_up == "sqlite":
            lock = Lock(folder / "kontor.sqlite3")
            stack.callback(lock.close)
            doors["SQLite"] = lock
        yield shop, doors


def main() -> int:
    """The command. Exit code 1 if anything was untrue."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("set_up", nargs="*", choices=[*SET_UPS, []], help="which of them; all without it")
    ask.add_argument("--rounds", type=int, default=500, help="how many rounds each is played")
    ask.add_argument(
        "--short", action="store_true", help=f"doors stay shut for {SHORT} seconds instead of {LONG}"
    )
    ask.add_argument("--seed", type=int, default=1)
    given = ask.parse_args()
    is_untrue = False
    for name in given.set_up or SET_UPS:
        with (
            tempfile.TemporaryDirectory(prefix=f"kontor-doors-{name}-") as folder,
            shop_behind_doors(name, Path(folder)) as (shop, doors),
        ):
            outcome = play(shop, doors, given.rounds, SHORT if given.short else LONG, given.seed)
        sys.stdout.write(f"\n{name}, seed {given.seed}\n{outcome.table()}\n")
        sys.stdout.flush()
        is_untrue = is_untrue or bool(outcome.untrue)
    return int(is_untrue)


if __name__ == "__main__":
    sys.exit(main())
