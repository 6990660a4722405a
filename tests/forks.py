"""Where forks of `kontor` come from: a process that has imported what they need, so that tests pay for it once and not
at each start.

It forks for each start; the fork takes environment, folder, umask and standard streams of who asked, and runs the
module as `python -m` does. Two of these processes live beside a run of tests. The one for commands has imported the
packages of others and the tables alone: what a command registers or forgets to register is as after a start of its own.
The one for servers has imported what `load.everything` does. What is about the start itself, its signals or its death,
is not for forks: such tests start a process of their own.
"""

import contextlib
import faulthandler
import gc
import json
import os
import runpy
import select
import signal
import socket
import struct
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).parent.parent
COMMAND, SERVER = "backoffice_app.cli.main", "backoffice_app.server"
PACKAGES = (
    "alembic.command", "argon2", "babel.messages", "dbos", "email_validator", "fastapi", "fpdf", "httpx",
    "jinja2", "prometheus_client",
    "psycopg", "pwdlib.hashers.argon2", "pydantic_settings", "rich.progress", "rich.table",
    "sqlalchemy.dialects.sqlite", "sqlmodel",
    "starlette.middleware", "stdnum", "structlog", "typer", "uharfbuzz",
)  # fmt: skip
"""What commands import of others; one that is missing here is imported by each fork."""
TABLES = ("backoffice_app.models", "backoffice_app.db_errors", "backoffice_app.settings")
AREAS = ("state", "pages", "api", "worker")
AS_SERVED = {"__REFLEX_SKIP_COMPILE": "true", "REFLEX_ENV_MODE": "prod", "REFLEX_TELEMETRY_ENABLED": "false"}
"""What `kontor run` sets for its server, as far as it is the same each time: Reflex may look at it when it
is imported.
"""


def main() -> None:
    """Forks until the standard input ends. Arguments: the socket to listen on, and `commands` or `servers`."""
    path, kind = sys.argv[1:]
    sys.path[0] = str(ROOT)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    woken, wake = os.pipe()
    for end in (woken, wake):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(64)
        print("listening", flush=True)  # noqa: T201
        _serve(listener, woken, kind)


def _serve(listener: socket.socket, woken: int, kind: str) -> None:
    waiting: dict[int, socket.socket] = {}
    is_loaded = False
    while True:
        ready, _w, _x = select.select([listener, woken, 0], [], [])
        if 0 in ready:
            return
        if woken in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(woken, 4096)
            _tell_of_ends(waiting)
        if listener in ready:
            line = listener.accept()[0]
            if not is_loaded:
                _load(kind)
                is_loaded = True
            asked, streams = _read(line)
            if (pid := os.fork()) == 0:
                for inherited in (listener, line, *waiting.values()):
                    inherited.detach()  # or the collector would close files of the same numbers
                _be(asked, streams)
            for stream in streams:
                os.close(stream)
            waiting[pid] = line
            line.sendall(struct.pack("i", pid))


def _load(kind: str) -> None:
    """Everything that `kind` needs is imported, no thread lives, and the collector leaves it alone."""
    os.environ.update(AS_SERVED)
    for name in (*PACKAGES, *TABLES):
        import_module(name)
    if kind == "servers":
        load = import_module("backoffice_app.load")
        load._core()
        for area in AREAS:
            load._import_all(area)
        import_module(SERVER)
        sys.modules.pop(SERVER)
    assert len(os.listdir("/proc/self/task")) == 1, "a fork of threads is none"
    gc.collect()
    gc.freeze()


def _read(line: socket.socket) -> tuple[dict[str, Any], list[int]]:
    head, streams, _flags, _from = socket.recv_fds(line, 4, 3)
    size = struct.unpack("i", head)[0]
    text = b""
    while len(text) < size:
        text += line.recv(size - len(text))
    return json.loads(text), streams


def _tell_of_ends(waiting: dict[int, socket.socket]) -> None:
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            line = waiting.pop(ended[0])
            with contextlib.suppress(OSError):
                line.sendall(struct.pack("i", os.waitstatus_to_exitcode(ended[1])))
            line.close()


def _be(asked: dict[str, Any], streams: list[int]) -> NoReturn:
    """Becomes the process that was asked for."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.closerange(3, 4096)
    _open_streams()
    faulthandler.register(signal.SIGUSR1)  # one that does not end is asked where its threads are
    os.umask(asked["umask"])
    _settle(asked["env"], asked["cwd"])
    if asked["arguments"][0] in {"run", "demo"}:
        _be_server(asked["arguments"])
    _run(COMMAND, asked["arguments"])


def _settle(env: dict[str, str], folder: str) -> None:
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    os.chdir(folder)


def _open_streams() -> None:
    """As an interpreter opens them at its start."""
    encoding = sys.stdout.encoding
    sys.stdin = sys.__stdin__ = open(0, encoding=encoding, closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stdout = sys.__stdout__ = open(1, "w", encoding=encoding, closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(2, "w", 1, encoding=encoding, errors="backslashreplace", closefd=False)  # type: ignore[misc]  # noqa: SIM115


def _run(module: str, arguments: list[str]) -> NoReturn:
    """Runs the module as `python -m` does, and ends as an interpreter ends."""
    import atexit
    import threading
    import traceback

    sys.argv = ["", *arguments]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = _code_of(end)
    except BaseException:
        traceback.print_exc()
        code = 1
    with contextlib.suppress(Exception):
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    os._exit(code)


def _code_of(end: SystemExit) -> int:
    if end.code is None or isinstance(end.code, int):
        return (end.code or 0) & 0xFF
    print(end.code, file=sys.stderr)  # noqa: T201
    return 1


def _be_server(arguments: list[str]) -> NoReturn:
    """`kontor run` becomes the server by `exec`.

    A fork of it runs up to there, and this process, as it was, is what it would become.
    """
    here, there = socket.socketpair()
    child = os.fork()
    if child == 0:
        here.close()
        os.execve = lambda _path, command, env: _hand_over(there, command, env)  # type: ignore[assignment,misc]
        _run(COMMAND, arguments)
    there.close()
    signal.signal(signal.SIGTERM, lambda number, _frame: os.kill(child, number))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    head, texts, _flags, _from = socket.recv_fds(here, 4, 1)
    _pid, status = os.waitpid(child, 0)
    if not head:
        code = os.waitstatus_to_exitcode(status)
        if code < 0:
            signal.signal(-code, signal.SIG_DFL)
            os.kill(os.getpid(), -code)
        os._exit(code)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    asked = json.loads(here.makefile("rb").read(struct.unpack("i", head)[0]))
    here.close()
    os.umask(asked["umask"])
    _settle(asked["env"], asked["cwd"])
    _run(SERVER, [*asked["command"][3:-1], str(texts[0])])


def _hand_over(there: socket.socket, command: list[str], env: dict[str, str]) -> NoReturn:
    """Says what would be executed, with the open file whose number is its last argument, and ends without a trace."""
    text = json.dumps({"command": command, "env": env, "cwd": os.getcwd(), "umask": os.umask(0)}).encode()
    socket.send_fds(there, [struct.pack("i", len(text))], [int(command[-1])])
    there.sendall(text)
    os._exit(0)


if __name__ == "__main__":
    main()
