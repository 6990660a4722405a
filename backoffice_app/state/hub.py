"""Live pages: after a commit the hub only says "order 7 changed", and each tab that watches it runs its own refresh (O-6, RUN-2).

The refresh is an event like a click of that tab: it passes the gate and reads with that user's rights. With
`KONTOR_REDIS_URL` the word goes round all processes.
"""

import asyncio
import logging
from collections.abc import Iterable
from contextvars import Context
from functools import cache

import reflex as rx
from redis import Redis
from redis.asyncio import Redis as AsyncRedis
from redis.exceptions import RedisError
from reflex.event import Event, EventHandler

from backoffice_app.domain.core.work import AFTER_COMMIT
from backoffice_app.settings import settings

PAUSE = 0.1
"""Seconds between two refreshes of one topic: the first comes at once, whatever follows within the pause makes one more."""

log = logging.getLogger("kontor.hub")


class Hub:
    """Which tabs of this process watch which topic, and the pause between refreshes."""

    def __init__(self) -> None:
        self.watching: dict[str, dict[str, EventHandler]] = {}  # topic -> client token -> its refresh
        self.resting: dict[str, bool] = {}  # topic that was refreshed just now -> whether it changed since
        self.app: rx.App | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.running: set[asyncio.Task[None]] = set()

    def changed(self, topic: str) -> None:
        """Refreshes who watches `topic`: now, or once when the pause is over. Runs on the event loop."""
        if topic in self.resting:
            self.resting[topic] = True
            return
        if topic not in self.watching or self.loop is None:
            return
        self.resting[topic] = False
        self.loop.call_later(PAUSE, self._rested, topic)
        # In a context of its own: that of the event that made the change names another tab, its session and its colleague.
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
    """From now on this tab runs `refresh` (a handler without arguments) whenever `topic` is published, until `forget`."""
    HUB.watching.setdefault(topic, {})[_token(state)] = refresh


def forget(tab: rx.State | str) -> None:
    """This tab watches nothing any more. `Me.load`, the first step of each page, calls it, so each page watches its own topics."""
    token = tab if isinstance(tab, str) else _token(tab)
    for topic in list(HUB.watching):
        HUB.watching[topic].pop(token, None)
        if not HUB.watching[topic]:
            del HUB.watching[topic]


def publish(topic: str) -> None:
    """Says in all processes that `topic` changed. Callable from any thread; call it after the commit, never before.

    Without Redis it reaches this process only; a process without a hub, such as a command, says it to nobody then.
    """
    if settings().redis_url:
        try:
            _redis().publish(channel(), topic)
        except RedisError:  # the change is safe in the database; only the live refresh is lost
            log.warning("Redis did not take the word that %s changed", topic)
    elif HUB.loop is not None and not HUB.loop.is_closed():
        HUB.loop.call_soon_threadsafe(HUB.changed, topic)


def publish_all(topics: Iterable[str]) -> None:
    """Says of each topic that it changed; what a transaction calls after its commit."""
    for topic in topics:
        publish(topic)


def install() -> None:
    """From now on each commit of this process is published."""
    if publish_all not in AFTER_COMMIT:
        AFTER_COMMIT.append(publish_all)


async def listen(app: rx.App) -> None:
    """The hub's task while the server runs: ties it to the event loop and, with Redis, hears what other processes publish."""
    HUB.app, HUB.loop = app, asyncio.get_running_loop()
    install()
    url = settings().redis_url
    while url:
        try:
            async with AsyncRedis.from_url(url).pubsub() as messages:
                await messages.subscribe(channel())
                async for message in messages.listen():
                    if message["type"] == "message":
                        HUB.changed(message["data"].decode())
        except RedisError:
            log.warning("The connection to Redis was lost; live updates wait for it")
            await asyncio.sleep(1)


def channel() -> str:
    """The channel of this shop: Redis' channels know no databases, so the number of ours is part of the name."""
    return f"kontor-{_redis().get_connection_kwargs().get('db', 0)}"


@cache
def _redis() -> Redis:
    return Redis.from_url(settings().redis_url)


def _token(state: rx.State) -> str:
    return str(state._get_root_state().router.session.client_token)
