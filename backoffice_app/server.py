"""The serving process: granian with one child that answers, and signals that end both at any moment of a
start (RUN-2).
"""

import os
import signal
import socket
import sys
import threading
import time
from typing import Any

if __name__ == "__main__":
    # Until granian listens to it, Ctrl-C ends this process at once: an exception in the middle of an import may be lost
    # in a callback of Python's, and the server would start all the same.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from granian.constants import Interfaces
from granian.http import HTTP1Settings, HTTP2Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

APP = "backoffice_app.backoffice_app:app"
KILL_AFTER = 25
"""Seconds after which a child that does not end is killed: before a service manager does it (`TimeoutStopSec=30`)."""
SIGNALS = {signal.SIGINT, signal.SIGTERM}
BETWEEN_TRIES = 0.05


class Server(MPServer):
    """granian, which says something once its child answers, and ends with exit code 0 whenever it is told to end."""

    when_it_answers = ""

    def startup(self, spawn_target: Any, target_loader: Any) -> None:
        """Starts the child; a thread waits for its first answer.

        The thread comes after the fork, which copes with none.
        """
        super().startup(spawn_target, target_loader)
        where = (self.bind_addr, self.bind_port)
        threading.Thread(
            target=_say_later, args=(self.when_it_answers, where), name="kontor-announcement", daemon=True
        ).start()

    def shutdown(self, exit_code: int = 0) -> None:
        """Ends the child. One that heard the same signal and ended first did not fail."""
        if self.interrupt_signal:
            self.interrupt_children.clear()
        super().shutdown(exit_code)


def serve(host: str, port: int, when_it_answers: str) -> None:
    """Serves until SIGTERM or SIGINT; `when_it_answers` is printed at the first answer."""
    end_children_at_once()
    server = Server(
        APP,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=1,
        factory=True,
        http1_settings=HTTP1Settings(),
        http2_settings=HTTP2Settings(),
        log_level=LogLevels.warning,
        workers_kill_timeout=KILL_AFTER,
    )
    server.when_it_answers = when_it_answers
    server.serve()


def end_children_at_once() -> None:
    """From now on a child of this process ends at SIGTERM until it sets a handler of its own, and leaves SIGINT to this
    process.

    granian sets its handlers, then forks, and the child loads the app for a second or ten. With the inherited handler
    it would only note the signal in its own copy of granian's state, and this process would wait for its end for ever.
    Signals of the moment of the fork wait.
    """
    os.register_at_fork(
        before=_hold_signals, after_in_parent=_let_signals_in, after_in_child=_forget_handlers
    )


def _hold_signals() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)


def _let_signals_in() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


def _forget_handlers() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C goes to both processes; this one gets a SIGTERM from the other
    _let_signals_in()


def _say_later(text: str, where: tuple[str, int]) -> None:
    """Prints `text` once `/health` has answered at `where`.

    The port is open before: what connects then waits for the child.
    """
    host, port = where
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # every address: this machine's own is one of them
    while not _answers(here, port):
        time.sleep(BETWEEN_TRIES)
    sys.stdout.write(text)
    sys.stdout.flush()


def _answers(host: str, port: int) -> bool:
    """Whether there came an answer of any kind."""
    try:
        with socket.create_connection((host, port)) as connection:
            connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return connection.recv(1) != b""
    except OSError:
        return False


if __name__ == "__main__":
    address, port_number, said = sys.argv[1:]
    with os.fdopen(int(said), encoding="utf-8") as text_to_say:
        serve(address, int(port_number), text_to_say.read())
