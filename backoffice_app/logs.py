"""Logs of a process: English, one line an event, to the terminal and into a file of its own in the data folder (five of
5 MB).
"""

import fcntl
import logging
import os
import sys
from itertools import count
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO, Any

import structlog

from backoffice_app.allowance import Allowance
from backoffice_app.log_lines import OURS, OneLine
from backoffice_app.private_files import write_for_owner_only
from backoffice_app.settings import settings

BURST, EACH_MINUTE = 200_000, 10_000
"""Bytes that one logger may write at once, and then each minute: a flood of one kind hides no other, and needs hours to
fill the files.
"""
UNLIMITED = {"kontor.mail", "kontor.worker"}
"""What they write comes from no visitor, and a run of many mails is no flood."""
LARGEST, FORMER = 5_000_000, 4
BY_THEMSELVES = ("_granian", "granian.access", "dbos", "engineio.server", "socketio.server")
"""Loggers of libraries that write to the terminal by themselves; they write here instead."""
log = logging.getLogger("kontor.logs")


def start(process: str = "", *, terminal: bool = True) -> None:
    """From now on warnings of all, and what Kontor itself notes, are in the file of this process and on the terminal.

    `process`: "" for the web process, whose file is `logs/kontor.log`, else a part of the name:
    `logs/kontor-worker.log`. Each file that this process makes is for its owner alone.
    """
    write_for_owner_only()
    sinks: list[logging.Handler] = [
        OwnFile(settings().data_dir / "logs", f"kontor-{process}" if process else "kontor")
    ]
    if terminal:
        sinks.append(logging.StreamHandler())
    logging.basicConfig(level=logging.WARNING, handlers=[Steady(sinks)], force=True)
    for ours in OURS:
        logging.getLogger(ours).setLevel(logging.INFO)
    for name in BY_THEMSELVES:
        other = logging.getLogger(name)
        other.handlers, other.propagate = (
            [logging.NullHandler()],
            True,
        )  # one that has a handler gets none by itself
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, structlog.contextvars.merge_contextvars, _to_logging],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


class Steady(logging.Handler):
    """Writes each record once, as a line, and hands it to all `sinks`; a logger that writes too much is held up."""

    def __init__(self, sinks: list[logging.Handler]) -> None:
        super().__init__()
        self.sinks = sinks
        self.setFormatter(OneLine())
        self.allowance = Allowance(BURST, EACH_MINUTE, _tell)

    def emit(self, record: logging.LogRecord) -> None:
        """Writes the record, or counts it as left out."""
        try:
            line = self.format(record)
        except Exception:  # a call with the wrong number of arguments must not stop what is logged about
            line = f"A record of {record.name} can't be written: {record.pathname}:{record.lineno}"
        if record.name in UNLIMITED or self.allowance.allows(record.name, len(line)):
            written = logging.makeLogRecord({"msg": line, "levelno": record.levelno, "name": record.name})
            for sink in self.sinks:
                sink.handle(written)

    def close(self) -> None:
        """Closes the sinks with it."""
        for sink in self.sinks:
            sink.close()
        super().close()


class OwnFile(RotatingFileHandler):
    """A log file that no other process writes to or renames, made at its first line, for the owner alone.

    A lock beside it says whose it is. Where `kontor.log` is taken, the next process has `kontor-2.log`; a dead one's
    name is free.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.name_wanted = name
        self.held: IO[str] | None = None
        super().__init__(
            folder / f"{name}.log", maxBytes=LARGEST, backupCount=FORMER, encoding="utf-8", delay=True
        )

    def _open(self) -> Any:
        if self.held is None:
            self.folder.mkdir(0o700, parents=True, exist_ok=True)
            name, self.held = _own_name(self.folder, self.name_wanted)
            self.baseFilename = str(self.folder.resolve() / f"{name}.log")
        file = open(self.baseFilename, "a", encoding="utf-8", errors="backslashreplace", opener=_for_owner)  # noqa: SIM115
        os.fchmod(file.fileno(), 0o600)
        return file

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, ARG002  # as logging calls it
        """A full disk stops nothing. One short line says so; the record itself may be on the terminal."""
        sys.stderr.write(f"The log can't be written: {sys.exc_info()[1]!r}\n")

    def close(self) -> None:
        """Gives the name back."""
        super().close()
        if self.held:
            self.held.close()
            self.held = None


def _own_name(folder: Path, wanted: str) -> tuple[str, IO[str]]:
    """The first free name of `wanted`, `wanted-2`, ..., and the lock that keeps it as long as it is open."""
    for number in count(1):
        name = wanted if number == 1 else f"{wanted}-{number}"
        lock = open(folder / f"{name}.lock", "w", encoding="utf-8", opener=_for_owner)  # noqa: SIM115
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            return name, lock
    raise AssertionError("counting ended")


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _tell(name: str, left_out: int) -> None:
    log.warning("%s wrote too much: %d records were left out", name, left_out)


def _to_logging(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> tuple[tuple[str], dict[str, Any]]:
    """What structlog was told as one text; an exception goes with it, for the traceback."""
    error = event.pop("exc_info", None)
    said = structlog.processors.LogfmtRenderer(key_order=["event"])(None, "", dict(event))
    return (said,), {"exc_info": error} if error else {}
