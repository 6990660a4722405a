"""A door before a server, which a test can close in the ways networks fail; and a hand on a SQLite file that nobody
else may write.
"""

import asyncio
import socket
import sqlite3
import struct
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

RESET = struct.pack("ii", 1, 0)
"""SO_LINGER with a time of zero: closing sends a reset, not a polite end."""
KINDS = ("refuse", "cut", "hang")


class Breakable(Protocol):
    """Something between Kontor and what it stores things in. `fail` with one of `kinds`, until `mend`."""

    kinds: tuple[str, ...]

    def fail(self, kind: str) -> None: ...
    def mend(self) -> None: ...
    def close(self) -> None: ...


class Door:
    """A TCP proxy in a thread of its own, listening on `port`.

    `fail("refuse")`: connections are reset, new ones refused. `fail("cut")`: those that are there are reset, new ones
    pass. `fail("hang")`: everything is accepted and nothing goes through; what was held goes on when `mend` is called.
    `cut_before_answer_to`: the next answer to what holds these bytes is not passed on; the connection is cut when the
    server has answered.
    """

    kinds: tuple[str, ...] = KINDS

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.port = 0
        self.cut_before_answer_to = b""
        self._listener: asyncio.Server | None = None
        self._lines: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="door", daemon=True)
        self._thread.start()
        self._go = self._do(self._made_event())
        self._do(self._listen())

    def fail(self, kind: str) -> None:
        """Returns when the door has failed so."""
        if kind not in KINDS:
            raise ValueError(f"a door can't {kind}")
        self._do({"refuse": self._refuse, "cut": self._cut, "hang": self._hang}[kind]())

    def mend(self) -> None:
        """Everything passes again, also what was held."""
        self._do(self._mend())

    def close(self) -> None:
        """Ends the door and all that goes through it."""
        self._do(self._refuse())
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        done: Future[Any] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return done.result(10)

    async def _made_event(self) -> asyncio.Event:
        event = asyncio.Event()
        event.set()
        return event

    async def _listen(self) -> None:
        self._listener = await asyncio.start_server(self._come_in, "127.0.0.1", self.port)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def _refuse(self) -> None:
        if self._listener:
            self._listener.close()
            self._listener = None
        await self._cut()

    async def _cut(self) -> None:
        for line in list(self._lines):
            sock = line.get_extra_info("socket")
            with suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            line.transport.abort()

    async def _end(self) -> None:
        """No task is left for the collector, which would meet it in the middle of anything."""
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _hang(self) -> None:
        self._go.clear()

    async def _mend(self) -> None:
        self._go.set()
        if self._listener is None:
            await self._listen()

    async def _come_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._lines.add(writer)
        there: asyncio.StreamWriter | None = None
        try:
            await self._go.wait()
            from_there, there = await asyncio.open_connection(*self.target)
            self._lines.add(there)
            doomed = asyncio.Event()
            await asyncio.gather(
                self._ask(reader, there, doomed),
                self._answer(from_there, writer, doomed),
                return_exceptions=True,
            )
        except OSError:
            pass
        finally:
            for line in (writer, there):
                if line is not None:
                    self._lines.discard(line)
                    line.transport.abort()

    async def _ask(
        self, reader: asyncio.StreamReader, there: asyncio.StreamWriter, doomed: asyncio.Event
    ) -> None:
        while data := await reader.read(65_536):
            await self._go.wait()
            if self.cut_before_answer_to and self.cut_before_answer_to in data:
                self.cut_before_answer_to = b""
                doomed.set()
            there.write(data)
            await there.drain()
        there.close()

    async def _answer(
        self, from_there: asyncio.StreamReader, writer: asyncio.StreamWriter, doomed: asyncio.Event
    ) -> None:
        while (data := await from_there.read(65_536)) and not doomed.is_set():
            await self._go.wait()
            writer.write(data)
            await writer.drain()
        writer.close()


class Lock:
    """Somebody else writes to the SQLite file and does not end: Kontor's own writes wait."""

    kinds: tuple[str, ...] = ("hang",)

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file, timeout=30, isolation_level=None, check_same_thread=False)

    def fail(self, kind: str) -> None:
        """Takes the write lock; returns when it is held."""
        if kind not in self.kinds:
            raise ValueError(f"a file can't {kind}")
        self._connection.execute("BEGIN IMMEDIATE")

    def mend(self) -> None:
        """Gives the write lock back."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def close(self) -> None:
        """Gives everything back."""
        self.mend()
        self._connection.close()


@contextmanager
def door(host: str | None, port: int | None) -> Iterator[Door]:
    """A door before the PostgreSQL server at that address, or at the usual one; closed at the end."""
    made = Door(host or "127.0.0.1", port or 5432)
    try:
        yield made
    finally:
        made.close()
