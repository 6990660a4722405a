"""A door before a server: a TCP proxy that lets pass, refuses, hangs or cuts, for tests of what happens when the server is away."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Door:
    """Listens on `port` of this machine and leads to the server at `to` (host, port)."""

    to: tuple[str, int]
    listener: socket.socket = field(default_factory=socket.socket)
    is_open: bool = True
    passes: threading.Event = field(default_factory=threading.Event)
    pairs: set[tuple[socket.socket, socket.socket]] = field(default_factory=set)
    cut_before_answer_to: bytes = b""
    """The next answer to what holds these bytes is not passed on: the connection is cut when the server has answered."""

    def __post_init__(self) -> None:
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(64)
        self.passes.set()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.listener.getsockname()[1])

    def cut(self) -> None:
        """Ends all connections there are; new ones pass."""
        for pair in list(self.pairs):
            self._end(pair)

    def refuse(self) -> None:
        """Ends all connections there are, and each new one at once."""
        self.is_open = False
        self.cut()

    def hang(self) -> None:
        """Nothing passes any more, and nothing is refused: connections are taken and nobody answers."""
        self.passes.clear()

    def pass_on(self) -> None:
        """Everything passes again, also what waited."""
        self.is_open = True
        self.passes.set()

    def close(self) -> None:
        """No door any more."""
        self.refuse()
        self.passes.set()
        self.listener.close()

    def _accept(self) -> None:
        while True:
            try:
                caller, _address = self.listener.accept()
            except OSError:
                return
            if not self.is_open:
                caller.close()
                continue
            threading.Thread(target=self._lead, args=(caller,), daemon=True).start()

    def _lead(self, caller: socket.socket) -> None:
        self.passes.wait()
        try:
            server = socket.create_connection(self.to, timeout=10)
        except OSError:
            caller.close()
            return
        server.settimeout(None)
        pair = (caller, server)
        self.pairs.add(pair)
        doomed = threading.Event()
        threading.Thread(target=self._pump, args=(pair, caller, server, doomed), daemon=True).start()
        self._pump(pair, server, caller, doomed)

    def _pump(
        self, pair: tuple[socket.socket, socket.socket], source: socket.socket, target: socket.socket, doomed: threading.Event
    ) -> None:
        """Carries bytes one way. `doomed`: the answer that comes next is the one to be cut off."""
        with suppress(OSError):
            while data := source.recv(65_536):
                self.passes.wait()
                if source is pair[0] and self.cut_before_answer_to and self.cut_before_answer_to in data:
                    self.cut_before_answer_to = b""
                    doomed.set()
                elif source is pair[1] and doomed.is_set():
                    break
                target.sendall(data)
        self._end(pair)

    def _end(self, pair: tuple[socket.socket, socket.socket]) -> None:
        self.pairs.discard(pair)
        for end in pair:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextmanager
def door(to: tuple[str, int]) -> Iterator[Door]:
    """A door before the server at `to`, closed at the end."""
    made = Door(to)
    try:
        yield made
    finally:
        made.close()
