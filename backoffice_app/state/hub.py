"""Live pages: after a commit the hub only says "order 7 changed", and each tab that watches it runs its own refresh
(O-6, RUN-2).

The refresh is an event like a click of that tab: it passes the gate and reads with that user's rights. On PostgreSQL
the word goes round all processes (`wake`).
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextvars import Context

import reflex as rx
from reflex.event import Event, EventHandler

from backoffice_app import wake
from backoffice_app.domain.core.work import AFTER_COMMIT
from backoffice_app.state.base import socket_of

PAUSE = 0.1
"""Seconds between two refreshes of one topic: the first comes at once, whatever follows within the pause makes one
more.
"""

log = logging.getLogger("kontor.hub")


class Hub:
    """Which tabs of this process watch which topic, and the pause between refreshes."""

    def __init__(self) -> None:
        self.watching: dict[str, dict[str, EventHandler]] = {}  # topic -> client token -> its refresh
        self.resting: dict[str, bool] = {}  # topic that was refreshed just now -> whether it changed since
        self.told: list[
            Callable[[str], None]
        ] = []  # besides tabs that watch: told of each topic, on the event loop
        self.left: list[
            Callable[[str, str], None]
        ] = []  # told of each topic, and the client token, that watches it no more
        self.app: rx.App | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.running: set[asyncio.Task[None]] = set()

    def changed(self, topic: str) -> None:
        """Refreshes who watches `topic`: now, or once when the pause is over. Runs on the event loop."""
        for tell in self.told:
            tell(topic)
        if topic == wake.EVERYTHING:
            for watched in list(self.watching):
                self.changed(watched)
            return
        if topic in self.resting:
            self.resting[topic] = True
            return
        if topic not in self.watching or self.loop is None:
            return
        self.resting[topic] = False
        self.loop.call_later(PAUSE, self._rested, topic)
        # In a context of its own: that of the event that made the change names another tab, its session and its
        # colleague.
        task = self.loop.create_task(self._deliver(topic), context=Context())
        self.running.add(task)
        task.add_done_callback(self.running.discard)

    def _rested(self, topic: str) -> None:
        if self.resting.pop(topic, False):
            self.changed(topic)

    async def _deliver(self, topic: str) -> None:
        if self.app is None or self.app.event_namespace is None:
            return
        connected = set(self.app.event_namespace.sid_to_token.values())
        for token, refresh in list(self.watching.get(topic, {}).items()):
            if token not in connected:
                forget(token)
                continue
            with self.app.set_contexts():
                [event] = Event.from_event_type(refresh)
                await self.app.event_processor.enqueue(token, event)


HUB = Hub()


def watch(state: rx.State, topic: str, refresh: EventHandler) -> None:
    """From now on this tab runs `refresh` (a handler without arguments) whenever `topic` is published,
    until `forget`.
    """
    HUB.watching.setdefault(topic, {})[_token(state)] = refresh


def forget(tab: rx.State | str) -> None:
    """This tab watches nothing any more.

    `Me.load`, the first step of each page, calls it, so each page watches its own topics.
    """
    token = tab if isinstance(tab, str) else _token(tab)
    for topic in list(HUB.watching):
        if HUB.watching[topic].pop(token, None) is not None:
            for tell in HUB.left:
                tell(topic, token)
        if not HUB.watching[topic]:
            del HUB.watching[topic]


def lost(token: str) -> None:
    """The tab with this client token has no socket any more; it may come back, so it goes on watching."""
    for topic, tabs in list(HUB.watching.items()):
        if token in tabs:
            for tell in HUB.left:
                tell(topic, token)


def publish(topic: str) -> None:
    """Says in this process that `topic` changed. Callable from any thread; a command has no hub, so nobody to tell."""
    if HUB.loop is not None and not HUB.loop.is_closed():
        HUB.loop.call_soon_threadsafe(HUB.changed, topic)


def publish_all(topics: Iterable[str]) -> None:
    """Says of each topic that it changed; what a transaction calls after its commit."""
    for topic in topics:
        publish(topic)


async def listen(app: rx.App) -> None:
    """The hub's task while the server runs: ties it to the event loop, and hears what this process and
    others change.
    """
    HUB.app, HUB.loop = app, asyncio.get_running_loop()
    if publish_all not in AFTER_COMMIT:
        AFTER_COMMIT.append(publish_all)
    await wake.listen(HUB.changed)


def _token(state: rx.State) -> str:
    return str(socket_of(state).client_token)
