"""A browser tab as Kontor sees it: a socket that comes back by itself, an address, and the state the server sent so
far.
"""

import asyncio
import json
import random
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import aiohttp
import socketio
from soak import contract
from soak.contract import DONE, HYDRATE, NOTHING, NOTICES, ON_LOAD, ORDER, VAR
from soak.ledger import Ledger, Press


class Lost(Exception):  # noqa: N818  # not always an error: what is sent then has no answer, and that is noted
    """The connection went before the answer came, or the time was over."""


class Tab:
    """One tab of a colleague. `servers`: addresses of web processes, any of which may take it, as behind a proxy."""

    def __init__(
        self, who: str, cookie: str, servers: list[str], ledger: Ledger, dice: random.Random
    ) -> None:
        self.who, self.cookie, self.servers, self.ledger, self.dice = who, cookie, servers, ledger, dice
        self.token = str(uuid4())
        self.here: dict[str, Any] = {}
        self.vars: dict[str, dict[str, Any]] = {}
        self.pending: Press | None = None
        self.pressed: list[Press] = []
        self.asking: list[Press] = []
        """Steps that change nothing and had no answer in time: one may come late, and is no answer to what was pressed
        since.
        """
        self.told_of: dict[str, Press] = {}
        """Key of a notice -> what it answered."""
        self.trail: deque[str] = deque(maxlen=30)
        """What was sent and told last, to see how a contradiction came about."""
        self.visits = 0
        """How often this tab was connected."""
        self.connected = False
        self._client: socketio.AsyncClient | None = None
        self._http: aiohttp.ClientSession | None = None
        self._stirred = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    async def open(self, path: str) -> None:
        """Opens the tab at an address; returns when the server has sent something."""
        self._go(path)
        self._http = aiohttp.ClientSession()
        self._running = asyncio.create_task(self._stay_connected())
        await self.until(lambda: bool(self.vars), 120, visit=None)

    async def close(self) -> None:
        """Closes the tab."""
        if self._running:
            self._running.cancel()
            with suppress(asyncio.CancelledError):
                await self._running
        if self._http:
            await self._http.close()

    def value(self, state: str, var: str) -> Any:
        """What the tab holds of a var; None if it was never sent."""
        return self.vars.get(state, {}).get(var + VAR)

    @property
    def view(self) -> dict[str, Any]:
        """The order window as it is shown; empty before there is one."""
        return self.value(ORDER, "view") or {}

    @property
    def shown(self) -> str:
        """The number of the order in sight."""
        return str(self.view.get("number") or "")

    async def visit(self, path: str) -> None:
        """Goes to another page of Kontor, as a link leads there."""
        self._go(path)
        await self.emit(ON_LOAD, {})

    async def emit(self, name: str, payload: Mapping[str, object]) -> None:
        """Sends an event. Raises Lost without a connection."""
        if not self.connected or self._client is None:
            raise Lost("no connection")
        self.trail.append(f"{time.monotonic():.2f} sent {name.rsplit('.', 1)[-1]} at {self.here['asPath']}")
        try:
            await self._client.emit(
                "event", {"name": name, "payload": payload, "router_data": self.here}, namespace="/_event"
            )
        except socketio.exceptions.SocketIOError as gone:
            raise Lost(str(gone)) from gone

    async def until(
        self, condition: Callable[[], object], seconds: float = 30, *, visit: int | None = -1
    ) -> None:
        """Waits until what the server sends makes the condition true.

        Raises Lost if the connection ends before, or the time.
        """
        visit = self.visits if visit == -1 else visit
        end = time.monotonic() + seconds
        while not condition():
            if visit is not None and (visit != self.visits or not self.connected):
                raise Lost("the connection was lost")
            left = end - time.monotonic()
            if left <= 0:
                raise Lost(f"no answer within {seconds} s")
            self._stirred.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stirred.wait(), min(left, 1))

    async def step(
        self,
        what: str,
        name: str,
        payload: Mapping[str, object],
        condition: Callable[[], object],
        seconds: float = 30,
    ) -> bool:
        """Sends an event that changes nothing and waits for what it shows; False if that did not come, or was refused.

        A refusal of it says nothing of what was pressed before, so it is kept as the answer to this.
        """
        asking, begun = Press(self.who, ("order", self.shown), what), time.monotonic()
        self.pressed.append(asking)
        self.pending = asking
        try:
            await self.emit(name, payload)
            await self.until(lambda: condition() or asking.answers, seconds)
        except Lost:
            self.ledger.miss(what)
            self.asking.append(asking)
            return False
        finally:
            self.pending = None
        self.ledger.time(what, time.monotonic() - begun)
        return bool(condition())

    async def go(self, what: str, path: str, condition: Callable[[], object], seconds: float = 30) -> bool:
        """Goes to a page and waits for what it shows; False if that did not come."""
        self._go(path)
        return await self.step(what, ON_LOAD, {}, condition, seconds)

    async def press(self, press: Press, event: contract.Event, seconds: float = 30) -> Press:
        """Sends a changing event and waits for the first answer; what was pressed, and what was said, stands in the
        ledger.
        """
        self.ledger.presses.append(press)
        self.pressed.append(press)
        self.pending, begun = press, time.monotonic()
        try:
            await self.emit(*event)
            await self.until(lambda: press.answers, seconds)
        except Lost as why:
            press.lost = str(why)
            self.ledger.miss(press.action)
        else:
            press.seconds = time.monotonic() - begun
            self.ledger.time(press.action, press.seconds)
        finally:
            self.pending = None
        return press

    def notices(self) -> list[dict[str, str]]:
        """The notices in sight."""
        return self.value(NOTICES, "items") or []

    def _go(self, path: str) -> None:
        address = urlsplit(path)
        parts, query = address.path.strip("/").split("/"), dict(parse_qsl(address.query))
        route = address.path
        if parts[0] == "orders" and len(parts) > 1:
            route = "/orders/[number]/[[tab]]"
            query |= {"number": parts[1]} | ({"tab": parts[2]} if len(parts) > 2 else {})
        self.here = {"pathname": route, "asPath": path, "query": query}

    async def _stay_connected(self) -> None:
        failed = 0
        while True:
            gone = asyncio.Event()
            client = socketio.AsyncClient(reconnection=False, http_session=self._http)
            client.on("event", self._heard, namespace="/_event")
            client.on("new_token", self._take_token, namespace="/_event")
            client.on("disconnect", lambda *_why, gone=gone: gone.set(), namespace="/_event")
            server = self.dice.choice(self.servers)
            try:
                await client.connect(
                    f"{server}/_event?token={self.token}",
                    headers={"Cookie": self.cookie, "Origin": server},
                    transports=["websocket"],
                    namespaces=["/_event"],
                    socketio_path="/_event",
                    auth={"event": {"name": HYDRATE, "router_data": self.here}},
                    wait_timeout=20,
                )
            except (socketio.exceptions.SocketIOError, OSError, TimeoutError):
                failed = min(failed + 1, 10)
                await asyncio.sleep(0.2 * failed)  # as the browser waits
                continue
            except asyncio.CancelledError:
                await _end(client)
                raise
            self.ledger.reconnects += self.visits > 0
            failed, self._client, self.connected, self.visits = 0, client, True, self.visits + 1
            self._stirred.set()
            try:
                await gone.wait()
            finally:
                self.connected = False
                self._stirred.set()
                await _end(client)

    async def _take_token(self, token: object) -> None:
        """The server still holds the former socket of this tab: it gives a new name, which the browser keeps."""
        self.token = str(token)

    async def _heard(self, raw: object) -> None:
        update = json.loads(raw) if isinstance(raw, str) else raw
        if not isinstance(update, dict):
            return
        for state, changed in (update.get("delta") or {}).items():
            self.vars.setdefault(state, {}).update(changed)
            if state == NOTICES and "items" + VAR in changed:
                self._read_notices(changed["items" + VAR])
            if changed.get("wrong" + VAR) and self.pending:
                self._answer(self.pending, "wrong", str(changed["wrong" + VAR]))
        for event in update.get("events") or []:
            self._follow(event)
        self._stirred.set()

    def _follow(self, event: Mapping[str, Any]) -> None:
        if event.get("name") != "_redirect":
            return
        path = str((event.get("payload") or {}).get("path") or "")
        if path.startswith(("/signed-out", "/login")):
            self.ledger.wrong.append(f"{self.who}, who is signed in, was led to {path}")
            return
        self._go(path)
        self._later = asyncio.create_task(self._load())

    async def _load(self) -> None:
        with suppress(Lost):
            await self.emit(ON_LOAD, {})

    def _read_notices(self, items: list[dict[str, str]]) -> None:
        for item in items:
            if item["key"] not in self.told_of:
                self.trail.append(f"{time.monotonic():.2f} told {item['text']} ({item['about']})")
            if item["key"] not in self.told_of and (press := self._meant(item)):
                self.told_of[item["key"]] = press
                self._answer(press, item["kind"], item["text"])

    def _meant(self, item: Mapping[str, str]) -> Press | None:
        """What a notice answers: a question that still waits, the press that waits, else the last one on the order it
        names.
        """
        if self.asking and item["kind"] == "refused" and not item.get("about"):
            return self.asking.pop(0)
        for press in [*([self.pending] if self.pending else []), *reversed(self.pressed)]:
            if contract.is_of(item, press.subject):
                return press
        if not contract.SAYS_NOTHING.search(item["text"]):
            self.ledger.wrong.append(
                f"{self.who} was told of {item.get('about')}, and never pressed there: {item['text']}"
            )
        return None

    def _answer(self, press: Press, kind: str, text: str) -> None:
        if (kind, text) not in press.answers:
            press.answers.append((kind, text))
            if {DONE, NOTHING} <= press.claims():
                self.ledger.wrong.append(f"{self.who} was told two things: {'; '.join(self.trail)}")


async def _end(client: socketio.AsyncClient) -> None:
    with suppress(Exception):  # what ends here is gone already
        await asyncio.wait_for(client.shutdown(), 5)
