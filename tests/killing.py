"""A process that is killed while it works, at a statement of its choice: what did it leave behind?"""

import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection

from sqlalchemy import event
from sqlalchemy.engine import Engine

from backoffice_app import db

fork = multiprocessing.get_context("fork")


def killed_at(statement: int, what: Callable[[], object]) -> int:
    """Does `what` in a process of its own that is killed at its `statement`th statement or commit, counted from 1;
    how many it made, 0 if it was killed. With 0 for `statement` it lives.
    """
    db.forget_engines()  # no connection may be shared with the child
    ours, theirs = fork.Pipe(duplex=False)
    process = fork.Process(target=_count, args=(statement, what, theirs))
    process.start()
    theirs.close()
    try:
        made: int = ours.recv()
    except EOFError:
        made = 0
    process.join(30)
    assert process.exitcode == (0 if made else -signal.SIGKILL)
    return made


def _count(statement: int, what: Callable[[], object], told: Connection) -> None:
    seen = 0

    def count(*_arguments: object) -> None:
        nonlocal seen
        seen += 1
        if seen == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)
    what()
    told.send(seen)
