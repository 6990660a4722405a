"""The serving process ends when the process that watches it dies: no orphan answers, or holds the port (RUN-2)."""

import multiprocessing
import os
import signal
import threading

GRACE = 10.0
"""Seconds for what runs to end by itself."""


def end_with_it() -> None:
    """From now on this process ends when its parent does, also if that was killed, or is dead already.

    granian starts the server as a child of multiprocessing: both are tied by a pipe whose other end the parent alone
    holds, and the system closes it whatever the parent dies of. Where there is no such parent, as in tests, nothing
    happens.
    """
    if multiprocessing.parent_process() is not None:
        threading.Thread(target=_wait, name="kontor-parent", daemon=True).start()


def _wait() -> None:
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    parent.join()
    end = threading.Timer(GRACE, os.kill, (os.getpid(), signal.SIGKILL))
    end.daemon = True
    end.start()
    os.kill(os.getpid(), signal.SIGTERM)
