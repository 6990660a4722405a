"""What was not tested is said plainly at the end of a run (RUN-1)."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import databases
import pytest
from databases import SERVER, postgres_answers, why_no_postgres
from serving import ROOT, free_port
from sqlalchemy import create_engine, make_url, text

FILE = "tests/cli/test_migrate.py"


def run_on(server: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """One test for both databases, run as on a machine whose PostgreSQL is `server`."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        FILE,
        "-k",
        "never_dropped",
        "-p",
        "no:cacheprovider",
        "--basetemp",
        str(folder / "base"),
    ]
    env = os.environ | {"KONTOR_TEST_POSTGRES": server}
    return subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False
    )


@contextmanager
def refusing() -> Iterator[int]:
    """The port of a server that lets nobody in, as a PostgreSQL that wants a password."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(30)

        def refuse() -> None:
            while True:
                try:
                    connection, _address = listening.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(1024)
                    fields = b"SFATAL\0C28P01\0Mpassword authentication failed for user root\0\0"
                    connection.sendall(b"E" + (len(fields) + 4).to_bytes(4, "big") + fields)

        Thread(target=refuse, daemon=True).start()
        yield int(listening.getsockname()[1])


def test_n10_a_run_without_postgresql_says_so_and_why(tmp_path: Path) -> None:
    told = run_on(f"postgresql+psycopg://root@127.0.0.1:{free_port()}/postgres", tmp_path)

    assert told.returncode == 0, told.stdout + told.stderr
    assert "NOT TESTED ON POSTGRESQL: 2 tests were skipped." in told.stdout
    assert "Connection refused" in told.stdout
    assert "KONTOR_TEST_POSTGRES" in told.stdout


def why_not(monkeypatch: pytest.MonkeyPatch, server: str) -> str:
    """Why tests can't run on this PostgreSQL; "" where they can."""
    monkeypatch.setattr(databases, "SERVER", server)
    return why_no_postgres.__wrapped__()


def test_n10_a_postgresql_that_lets_nobody_in_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    with refusing() as port:
        told = why_not(monkeypatch, f"postgresql+psycopg://root@127.0.0.1:{port}/postgres?sslmode=disable")
    assert "password authentication failed" in told


@pytest.mark.skipif(
    not postgres_answers(), reason="no PostgreSQL server answers: nobody can be refused by it"
)
def test_n10_a_role_that_may_not_make_databases_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    role = f"kontor_plain_{os.getpid()}"
    server = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN PASSWORD 'x'"))
        try:
            plain = make_url(SERVER).set(username=role, password="x").render_as_string(hide_password=False)
            assert why_not(monkeypatch, plain) == f"{role} is no superuser, and the tests make databases"
            assert why_not(monkeypatch, SERVER) == ""
        finally:
            connection.execute(text(f"DROP ROLE {role}"))
    server.dispose()
