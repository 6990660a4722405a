"""How tests start `kontor`: as a fork of what has imported everything (`forks.py`), or as a process of its own where
the start matters.
"""

import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

ROOT = Path(__file__).parent.parent
FORKS = "FORKS_OF_KONTOR"
"""Names the folder with the sockets of those that fork; it is not set outside of a run of tests."""
SERVING = {"run", "demo"}
PATIENCE = 60
"""Seconds until a worker must have said that it runs, on a busy machine."""


class Process(Protocol):
    """What tests ask of a process that they started, as of a `subprocess.Popen`."""

    pid: int
    returncode: int | None

    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, sig: int) -> None: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...


class Fork:
    """A process that another one forked for us: that one tells how it ended."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self.returncode: int | None = None
        self.pid = _number(line)

    def poll(self) -> int | None:
        """The exit code, minus the signal that ended it; None while it runs."""
        return self._ended_within(0)

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code when it has ended. Raises subprocess.TimeoutExpired."""
        code = self._ended_within(timeout)
        if code is None:
            raise subprocess.TimeoutExpired("kontor", timeout or 0)
        return code

    def send_signal(self, sig: int) -> None:
        """Sends a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, sig)

    def terminate(self) -> None:
        """Asks it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it."""
        self.send_signal(signal.SIGKILL)

    def _ended_within(self, seconds: float | None) -> int | None:
        if self.returncode is None and select.select([self._line], [], [], seconds)[0]:
            self.returncode = _number(self._line)
            self._line.close()
        return self.returncode


def _number(line: socket.socket) -> int:
    told = line.recv(4, socket.MSG_WAITALL)
    assert len(told) == 4, "the process that forks has ended"
    return int(struct.unpack("i", told)[0])


@contextmanager
def forks() -> Iterator[None]:
    """Within, `start` forks, in this process and in all that it starts."""
    if FORKS in os.environ:
        yield
        return
    mine = os.getpid()
    with tempfile.TemporaryDirectory(prefix="kontor-forks-") as folder:
        # Without the settings of who runs the tests, and of Reflex: each fork gets its own.
        env = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("KONTOR_", "REFLEX_", "COLUMNS"))
        }
        command = [sys.executable, str(ROOT / "tests/forks.py")]
        pipe = subprocess.PIPE
        started = [
            subprocess.Popen([*command, f"{folder}/{kind}", kind], cwd=ROOT, env=env, stdin=pipe, stdout=pipe)
            for kind in ("commands", "servers")
        ]
        for one in started:
            assert one.stdout is not None
            one.stdout.readline()
        os.environ[FORKS] = folder
        try:
            yield
        finally:
            del os.environ[FORKS]
            assert os.getpid() == mine
            for one in started:
                assert one.stdin is not None
                one.stdin.close()
                one.wait()


@contextmanager
def without_forks() -> Iterator[None]:
    """Within, `start` starts a process of its own: what is tested is its start, its death, or what the system knows of
    it.
    """
    folder = os.environ.pop(FORKS, None)
    try:
        yield
    finally:
        if folder is not None:
            os.environ[FORKS] = folder


def start(
    *arguments: str,
    env: Mapping[str, str],
    stdout: IO[str],
    stderr: IO[str],
    stdin: IO[str] | int = subprocess.DEVNULL,
    umask: int = -1,
) -> Process:
    """A started `kontor` with these arguments in this environment, in the folder of the code."""
    if FORKS not in os.environ or env.get("PYTHONPATH") not in {None, "", str(ROOT)}:
        command = [sys.executable, "-m", "backoffice_app.cli.main", *arguments]
        return subprocess.Popen(
            command, env=env, cwd=ROOT, stdin=stdin, stdout=stdout, stderr=stderr, umask=umask
        )
    line = socket.socket(socket.AF_UNIX)
    line.connect(os.path.join(os.environ[FORKS], "servers" if arguments[0] in SERVING else "commands"))
    asked = {
        "arguments": arguments,
        "env": dict(env),
        "cwd": str(ROOT),
        "umask": _umask() if umask == -1 else umask,
    }
    text = json.dumps(asked).encode()
    with open(os.devnull) as nothing:
        given = nothing if isinstance(stdin, int) else stdin
        socket.send_fds(
            line, [struct.pack("i", len(text))], [given.fileno(), stdout.fileno(), stderr.fileno()]
        )
        line.sendall(text)
        return Fork(line)


def _umask() -> int:
    former = os.umask(0o077)
    os.umask(former)
    return former


def outcome(
    *arguments: str, env: Mapping[str, str], typed: str = "", umask: int = -1, timeout: float = 120
) -> "subprocess.CompletedProcess[str]":
    """The outcome of a `kontor` that ends; `typed` comes by the standard input.

    Raises subprocess.TimeoutExpired, having killed it.
    """
    with (
        tempfile.TemporaryFile("w+") as given,
        tempfile.TemporaryFile("w+") as out,
        tempfile.TemporaryFile("w+") as err,
    ):
        given.write(typed)
        given.seek(0)
        process = start(*arguments, env=env, stdin=given, stdout=out, stderr=err, umask=umask)
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        return subprocess.CompletedProcess(["kontor", *arguments], code, _all_of(out), _all_of(err))


@contextmanager
def started_worker(*, env: Mapping[str, str], umask: int = -1) -> Iterator[Process]:
    """A `kontor worker` that runs, as it has said itself.

    One that runs after the block is killed; where its threads were is printed.
    """
    with tempfile.TemporaryFile("w+") as out:
        process = start("worker", env=env, stdout=out, stderr=out, umask=umask)
        try:
            end = time.monotonic() + PATIENCE
            while "runs" not in _all_of(out):
                assert process.poll() is None, _all_of(out)
                assert time.monotonic() < end, "the worker says nothing"
                time.sleep(0.02)
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGUSR1)
                time.sleep(1)
                process.kill()
                process.wait()
                print(_all_of(out))  # noqa: T201


def _all_of(file: IO[str]) -> str:
    """What stands in a file that somebody else writes too: read at a place, so that theirs stays the end."""
    return os.pread(file.fileno(), 1_000_000, 0).decode()
