"""Colleagues at work: two tabs each, from list to order to order, pressing everything, some of it at the
same moment.
"""

import asyncio
import random
from collections.abc import Callable
from urllib.parse import urlencode

from soak import contract
from soak.contract import ORDERS, OUTBOX, SHOP, USERS
from soak.hands import AT_ONCE, Hands
from soak.ledger import Ledger
from soak.tab import Lost, Tab

DIALOGS = ("billing", "part-shipment", contract.CUSTOMER_MAIL_FORM)
VIEWS = ("to-pay", "to-ship", "on-hold", "completed", "")


class Colleague:
    """One person. `orders`: the numbers this shop has; the newest of them are fought over.

    `pace`: seconds between two steps.
    """

    def __init__(
        self,
        who: str,
        cookie: str,
        servers: list[str],
        ledger: Ledger,
        orders: Callable[[], list[str]],
        seed: int,
        pace: float,
        *,
        owner: bool,
    ) -> None:
        self.dice = random.Random(seed)
        self.orders, self.pace, self.owner, self.ledger = orders, pace, owner, ledger
        self.tabs = [Tab(who, cookie, servers, ledger, self.dice) for _n in range(2)]

    async def work(self, stop: Callable[[], bool]) -> None:
        """Works in both tabs until told to stop, and closes them."""
        await asyncio.gather(*(self._at(tab, stop) for tab in self.tabs))

    async def _at(self, tab: Tab, stop: Callable[[], bool]) -> None:
        try:
            await tab.open("/orders")
            while not stop():
                await self._something(tab)
                await asyncio.sleep(self.dice.uniform(0.3, 1.7) * self.pace)
        except Lost as never:
            self.ledger.wrong.append(f"a tab of {tab.who} never came up: {never}")
        finally:
            await tab.close()

    async def _something(self, tab: Tab) -> None:
        if not await self._is_there(tab):
            return
        roll = self.dice.random()
        if roll < 0.70:
            await self._an_order(tab)
        elif roll < 0.92:
            await self._a_list(tab)
        else:
            await self._a_page(tab)

    @staticmethod
    async def _is_there(tab: Tab) -> bool:
        try:
            await tab.until(lambda: tab.connected, 120, visit=None)
        except Lost as gone:
            tab.ledger.wrong.append(f"a tab of {tab.who} did not come back: {gone}")
            return False
        return True

    async def _a_list(self, tab: Tab) -> None:
        what = self.dice.choice(("list", "filter", "search"))
        before = tab.value(ORDERS, "view")

        def other() -> bool:
            return tab.value(ORDERS, "view") is not before

        if what == "search" and tab.here["pathname"] == "/orders":
            text = self.dice.choice(("Ada", "hafen", "SOAK", f"Soak {self.dice.randint(1, 50)}"))
            await tab.go(what, f"/orders?{urlencode({'q': f'{text} {self.dice.randint(1, 9)}'})}", other)
        else:
            view = self.dice.choice(VIEWS) if what == "filter" else ""
            await tab.go(
                "filter" if view else "list",
                f"/orders?{urlencode({'view': view})}" if view else "/orders",
                other,
            )

    async def _a_page(self, tab: Tab) -> None:
        pages = [
            ("outbox", OUTBOX, "rows", "/outbox"),
            ("users", USERS, "page", "/settings/users"),
            ("settings", SHOP, "shown", "/settings/company"),
        ]
        what, state, var, path = self.dice.choice(pages if self.owner else pages[:1])
        before = tab.value(state, var)
        await tab.go(what, path, lambda: tab.value(state, var) is not before)

    async def _an_order(self, tab: Tab) -> None:
        numbers = self.orders()
        number = self.dice.choice(numbers[-5:] if self.dice.random() < 0.5 else numbers)
        if not await tab.go("open an order", f"/orders/{number}", lambda: tab.shown == number):
            return
        hands = Hands(tab)
        for _n in range(self.dice.randint(1, 3)):
            if tab.shown != number:  # it came back on a process that has not shown it yet
                return
            roll = self.dice.random()
            if roll < 0.45:
                await hands.click(self.dice.choice(AT_ONCE))
            elif roll < 0.60:
                await hands.tell(self.dice.choice(("pay", "ship", "hold")))
            elif roll < 0.85:
                await hands.fill_and_save(self.dice.choice(DIALOGS))
            else:
                await hands.undo()
