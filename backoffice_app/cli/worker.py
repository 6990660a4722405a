"""`kontor worker`: a process that only runs jobs, beside web processes that need not (RUN-2)."""

import os
import signal
import socket
import threading

import typer
from rich.console import Console

from backoffice_app import db, logs

END_WITHIN = 15
"""Seconds from the signal to the end, whatever a job waits for: less than a service manager waits
(`TimeoutStopSec=30`).
"""
say = Console(highlight=False).print


def register(app: typer.Typer) -> None:
    """Adds `worker`."""
    app.command()(worker)


def worker() -> None:
    """Run jobs until Ctrl-C: send mails and whatever else must survive. Any number of these may run."""
    from backoffice_app.cli.migrate import require_shop
    from backoffice_app.domain.core.shop import load_shop
    from backoffice_app.domain.mail.server import is_set
    from backoffice_app.worker import Worker

    require_shop()
    logs.start("worker")
    asked_to_end = _signals()
    running = Worker("worker")
    say(f"Worker {running.start()} runs.")
    with db.reading() as session:
        has_server = is_set(load_shop(session))
    if not has_server:
        say("No mail server is set: mails stay in the outbox until Settings > Mail names one.")
    asked_to_end.recv(1)
    _end_in_time()
    say("Ending after the jobs that run now ...")
    running.stop()


def _signals() -> socket.socket:
    """Where a byte comes for each SIGINT or SIGTERM, whichever thread it reaches.

    A wait for a lock ends by one in this thread alone.
    """
    here, there = socket.socketpair()
    there.setblocking(False)
    signal.set_wakeup_fd(there.detach())
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: None)
    return here


def _end_in_time(seconds: int = END_WITHIN) -> None:
    """From now on this process lives so many seconds at most: jobs are durable, and those that are left are taken over
    by others.

    A thread of the queue asks a database that is locked or away again without end, and the interpreter would wait for
    it. Should no thread run at all, the system ends the process a moment later.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(seconds + 3)
    end = threading.Timer(seconds, os._exit, (0,))
    end.daemon = True
    end.start()
