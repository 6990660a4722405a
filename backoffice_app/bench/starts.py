"""P-16: how long `kontor run` takes to its first answer, with everything built and migrated, and what it costs while
nobody works.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

from backoffice_app.bench.shops import BenchShop
from backoffice_app.bench.timing import Job

PATIENCE = 60.0
AT_REST = 10.0
"""Seconds after which a server has begun with all that it does by itself."""
WATCHED = 30.0
"""Seconds for which an idle server is watched."""


def jobs(shop: BenchShop) -> Iterator[Job]:
    """A start on the shop; the floor is Python importing the app and nothing more."""
    imports = [sys.executable, "-c", "import backoffice_app.backoffice_app"]
    least = lambda: subprocess.run(imports, check=True, env=_environment(shop, 1))  # noqa: E731, S603
    yield Job("P-16", "kontor run, first answer", 3000, lambda: _start(shop), least, times=3)
    if Path("/proc/self/stat").exists():
        yield Job(
            "P-16",
            "kontor run with its worker, idle: % of a core",
            5,
            lambda: _idle(shop),
            times=1,
            tells=True,
        )


def _start(shop: BenchShop) -> None:
    with running(shop):
        pass


def _idle(shop: BenchShop) -> float:
    with _process(shop, worker=True) as (_url, pid):
        time.sleep(AT_REST)
        begun = _worked(pid)
        time.sleep(WATCHED)
        return (_worked(pid) - begun) / WATCHED * 100


def _worked(pid: int) -> float:
    """The seconds of processor time that the process and those it began have taken, as Linux counts them."""
    taken = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return (int(taken[11]) + int(taken[12])) / os.sysconf("SC_CLK_TCK") + sum(
        _worked(int(child)) for child in children
    )


@contextmanager
def running(shop: BenchShop) -> Iterator[str]:
    """`kontor run` on the shop until the block ends; yields its address once it answers."""
    with _process(shop, worker=False) as (url, _pid):
        yield url


@contextmanager
def _process(shop: BenchShop, *, worker: bool) -> Iterator[tuple[str, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "backoffice_app.cli.main", "run"]
    process = subprocess.Popen(  # noqa: S603
        command,
        env=_environment(shop, port, worker=worker),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/health", process)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE:
        if process.poll() is not None:
            raise AssertionError(f"kontor run ended with {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except (URLError, ConnectionError):
            time.sleep(0.02)
    raise AssertionError("kontor run gave no answer")


def _environment(shop: BenchShop, port: int, *, worker: bool = False) -> dict[str, str]:
    return os.environ | {
        "KONTOR_PORT": str(port),
        "KONTOR_DATA_DIR": str(shop.folder),
        "KONTOR_DATABASE_URL": shop.url,
        "KONTOR_WORKER_IN_WEB": "1" if worker else "0",
    }
