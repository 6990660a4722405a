"""The door before a server: it passes, refuses, cuts and hangs, and goes back to passing."""

import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from door import Door, Lock


@pytest.fixture
def door() -> Iterator[Door]:
    """Before a server that answers with what it is sent."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    line, _address = server.accept()
                except OSError:
                    return
                threading.Thread(target=echo, args=(line,), daemon=True).start()

        def echo(line: socket.socket) -> None:
            with line:
                try:
                    while data := line.recv(100):
                        line.sendall(data)
                except OSError:
                    return

        threading.Thread(target=serve, daemon=True).start()
        made = Door("127.0.0.1", server.getsockname()[1])
        yield made
        made.close()


def line_to(door: Door) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", door.port), timeout=5)
    made.settimeout(5)
    return made


def test_an_open_door_passes(door: Door) -> None:
    with line_to(door) as line:
        line.sendall(b"one")
        assert line.recv(100) == b"one"


@pytest.mark.parametrize("kind", ["cut", "refuse"])
def test_a_door_resets_what_went_through_it(door: Door, kind: str) -> None:
    with line_to(door) as line:
        line.sendall(b"one")
        assert line.recv(100) == b"one"
        door.fail(kind)
        with pytest.raises(ConnectionResetError):
            line.recv(100)
    if kind == "refuse":
        with pytest.raises(ConnectionRefusedError):
            line_to(door)
    door.mend()
    with line_to(door) as line:
        line.sendall(b"two")
        assert line.recv(100) == b"two"


def test_a_door_that_hangs_holds_all_and_loses_nothing(door: Door) -> None:
    with line_to(door) as old:
        old.sendall(b"one")
        assert old.recv(100) == b"one"
        door.fail("hang")
        with line_to(door) as new:
            for line in (old, new):
                line.sendall(b"two")
                line.settimeout(0.2)
                with pytest.raises(TimeoutError):
                    line.recv(100)
                line.settimeout(5)
            door.mend()
            assert (old.recv(100), new.recv(100)) == (b"two", b"two")


def test_a_locked_file_takes_no_write_until_it_is_given_back(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "file.sqlite3", timeout=0.05)) as own:
        own.execute("CREATE TABLE t (n)")
        lock = Lock(tmp_path / "file.sqlite3")
        lock.fail("hang")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            own.execute("INSERT INTO t VALUES (1)")
        lock.mend()
        own.execute("INSERT INTO t VALUES (1)")
        own.rollback()
        lock.close()
