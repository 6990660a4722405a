"""kill -9 of the parent leaves nothing behind (R-12)."""

import os
import signal
import socket
from pathlib import Path

import httpx
import psutil
from serving import running, until
from starting import without_forks


def test_r12_killing_the_parent_leaves_no_orphan_that_holds_the_port(tmp_path: Path) -> None:
    with without_forks(), running(tmp_path / "data", "run") as server:
        port = httpx.URL(server.url).port or 0
        until(lambda: httpx.get(f"{server.url}/ready").json()["worker"], 60, "the worker")
        [parent] = [
            p
            for p in psutil.process_iter()
            if is_of(p, server.data_dir) and not is_of(p.parent(), server.data_dir)
        ]
        family = [parent, *parent.children(recursive=True)]
        assert len(family) > 1
        os.kill(parent.pid, signal.SIGKILL)
        until(lambda: is_free(port), 15, "the free port")
        until(
            lambda: not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in family),
            15,
            "the end of all processes",
        )


def is_of(process: psutil.Process | None, data_dir: Path) -> bool:
    """Whether a process is one of the server on this data folder."""
    try:
        return process is not None and process.environ().get("KONTOR_DATA_DIR") == str(data_dir.resolve())
    except psutil.Error:
        return False


def is_free(port: int) -> bool:
    """Whether the next `kontor run` finds the port free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
