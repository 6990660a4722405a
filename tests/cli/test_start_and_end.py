"""`kontor run` says where it answers when it does, and ends at a signal of any moment of its start (RUN-2)."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from serving import ROOT, free_port, running, until
from starting import without_forks

from backoffice_app import server

STARTING, ANSWERS = "Starting Kontor ...", "Kontor answers at"


@contextmanager
def starting(folder: Path, port: int) -> Iterator[tuple["subprocess.Popen[bytes]", Path]]:
    """`kontor run` in a process group of its own, as a terminal has it, and the file with what it says."""
    folder.mkdir(exist_ok=True)
    env = {k: v for k, v in os.environ.items() if not k.startswith("KONTOR_")}
    env |= {"KONTOR_DATA_DIR": str(folder), "KONTOR_PORT": str(port), "PYTHONPATH": str(ROOT)}
    said = folder / "said.txt"
    with said.open("w") as out:
        command = [sys.executable, "-m", "backoffice_app.cli.main", "run"]
        process = subprocess.Popen(command, env=env, cwd=ROOT, stdout=out, stderr=out, start_new_session=True)
    try:
        yield process, said
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with its database, so that each start is the usual one."""
    folder = tmp_path_factory.mktemp("shop")
    with running(folder, "run"):
        pass
    return folder


@pytest.mark.parametrize("seconds", [0, 0.2, 0.5, 0.8, 1.1, 1.5, 2, 3])
def test_n2_a_signal_at_any_moment_of_a_start_ends_it_within_five_seconds(shop: Path, seconds: float) -> None:
    port = free_port()
    with starting(shop, port) as (process, said):
        until(lambda: STARTING in said.read_text(), 60, "the line that says that it starts")
        time.sleep(seconds)
        process.terminate()

        assert process.wait(5) in {0, -signal.SIGTERM}, said.read_text()

        assert is_free(port)


@pytest.mark.parametrize("seconds", [0.3, 1])
def test_n2_ctrl_c_in_the_middle_of_a_start_ends_it(shop: Path, seconds: float) -> None:
    """A terminal sends the signal to both processes."""
    port = free_port()
    with starting(shop, port) as (process, said):
        until(lambda: STARTING in said.read_text(), 60, "the line that says that it starts")
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGINT)

        assert process.wait(5) in {0, -signal.SIGINT}, said.read_text()

        assert is_free(port)


def test_n2_a_child_that_does_not_end_is_killed_before_a_service_manager_does_it() -> None:
    unit = (ROOT / "docs/running.md").read_text("utf-8")

    assert f"TimeoutStopSec={server.KILL_AFTER + 5}" in unit


def test_n17_the_address_is_printed_when_it_answers(tmp_path: Path) -> None:
    port = free_port()
    with starting(tmp_path / "data", port) as (_process, said):
        until(lambda: ANSWERS in said.read_text(), 60, "the address")

        assert httpx.get(f"http://127.0.0.1:{port}/login", timeout=2).status_code == 303  # to the first start
        assert "/setup?key=" in said.read_text()


def test_sec3_the_key_of_the_first_start_stands_in_no_list_of_processes(tmp_path: Path) -> None:
    with without_forks(), running(tmp_path / "data", "run") as server:
        key = server.setup_address().partition("=")[2]
        for process in Path("/proc").glob("[0-9]*"):
            for name in ("cmdline", "environ"):
                try:
                    assert key.encode() not in (process / name).read_bytes(), process
                except (FileNotFoundError, PermissionError, ProcessLookupError):
                    continue


def is_free(port: int) -> bool:
    """Whether nobody listens on the port any more."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
