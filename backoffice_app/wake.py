"""The word that something changed, from process to process, by PostgreSQL's NOTIFY: after the commit, over a connection
of its own.

It only wakes: each process that hears it reads anew from the database. What is lost with a connection is made good by
waking everybody after it. On SQLite one process serves the shop, so there is nobody to tell.
"""

import asyncio
import atexit
import logging
import secrets
import threading
from collections.abc import Callable, Iterable

import psycopg

from backoffice_app.db import engine

CHANNEL = "kontor"
EVERYTHING = "*"
"""Said where it is not known what changed: everybody reads anew."""
LARGEST = 7_000
"""Bytes of one message; PostgreSQL takes less than 8,000."""
KEPT = 1_000
"""So many topics wait for a lost connection; beyond it everything changed."""
PAUSE = 0.5
CHECKED = 10.0
"""After so many seconds without a word the connection is asked whether it lives."""
REACHED = {
    "connect_timeout": 5,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
log = logging.getLogger("kontor.wake")


class Bell:
    """What this process has to say to the others, and the thread that says it: nobody who commits waits for it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.own = secrets.token_hex(4)
        self.topics: dict[str, None] = {}
        self.news = threading.Condition()
        self.ending = False
        self.thread = threading.Thread(target=self._ring, name="kontor-bell", daemon=True)
        self.thread.start()

    def say(self, topics: Iterable[str]) -> None:
        """Says of each topic that it changed, from any thread; what is not said yet is said once."""
        with self.news:
            self.topics.update(dict.fromkeys(topics))
            if len(self.topics) > KEPT:
                self.topics = {EVERYTHING: None}
            self.news.notify()

    def end(self) -> None:
        """Says what is left, and no more; waits two seconds at most."""
        with self.news:
            self.ending = True
            self.news.notify()
        self.thread.join(2)

    def _ring(self) -> None:
        connection: psycopg.Connection | None = None
        while True:
            with self.news:
                self.news.wait_for(lambda: self.topics or self.ending)
                said, self.topics = self.topics, {}
            if not said:
                return
            try:
                connection = connection or psycopg.connect(self.url, autocommit=True, **REACHED)  # type: ignore[arg-type]
                for message in _messages(self.own, said):
                    connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, message))
            except psycopg.Error as error:
                log.warning("Others could not be told that something changed: %s", type(error).__name__)
                connection = None
                self.say(said)
                if self.ending:
                    return
                threading.Event().wait(PAUSE)


def _messages(own: str, topics: Iterable[str]) -> Iterable[str]:
    """Who says it, then the topics, with blanks between; as many messages as it takes."""
    message = own
    for topic in topics:
        if len(message) + len(topic) >= LARGEST:
            yield message
            message = own
        message += f" {topic}"
    yield message


_BELL: list[Bell] = []


def say(topics: Iterable[str]) -> None:
    """Says of each topic that it changed to all other processes of this shop; call it after the commit.

    Nothing to do on SQLite.
    """
    if engine().dialect.name != "postgresql":
        return
    url = _url()
    if not _BELL or _BELL[0].url != url:
        while _BELL:
            _BELL.pop().end()
        _BELL.append(Bell(url))
    _BELL[0].say(topics)


@atexit.register
def fall_silent() -> None:
    """Ends the thread that talks, after what is left was said."""
    while _BELL:
        _BELL.pop().end()


async def listen(heard: Callable[[str], None]) -> None:
    """Calls `heard` on this event loop with each topic that another process changed, and with EVERYTHING after words
    may have been lost.
    """
    if engine().dialect.name != "postgresql":
        return
    was_lost = False
    while True:
        try:
            reached = psycopg.AsyncConnection.connect(_url(), autocommit=True, **REACHED)  # type: ignore[arg-type]
            async with await reached as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                if was_lost:
                    heard(EVERYTHING)
                was_lost = True
                await _hear(connection, heard)
        except (psycopg.Error, OSError, TimeoutError) as error:
            log.warning(
                "The connection that hears of changes was lost (%s); it is made anew", type(error).__name__
            )
        await asyncio.sleep(PAUSE)


async def _hear(connection: psycopg.AsyncConnection, heard: Callable[[str], None]) -> None:
    while True:
        async for word in connection.notifies(timeout=CHECKED):
            own, *topics = word.payload.split(" ")
            if not _BELL or own != _BELL[0].own:
                for topic in topics:
                    heard(topic)
        await asyncio.wait_for(connection.execute("SELECT 1"), CHECKED / 2)


def _url() -> str:
    return engine().url.set(drivername="postgresql").render_as_string(hide_password=False)
