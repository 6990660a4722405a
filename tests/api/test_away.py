"""What HTTP answers while PostgreSQL is away, and what those who watch are told (R-8, R-10, R-11)."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import psycopg
import pytest
from databases import SERVER, postgres_answers
from door import Door, door
from serving import Server, running, until
from sqlalchemy import make_url

if not postgres_answers():
    pytest.skip("no PostgreSQL server answers", allow_module_level=True)
URL = make_url(SERVER)


@pytest.fixture(scope="module")
def behind() -> Iterator[Door]:
    with door(URL.host, URL.port) as found:
        yield found


@pytest.fixture(scope="module")
def server(behind: Door, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A demo shop whose PostgreSQL is behind a door."""
    name = f"kontor_away_{behind.port}"
    with psycopg.connect(
        URL.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
    ) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            url = URL.set(drivername="postgresql", host="127.0.0.1", port=behind.port, database=name)
            told = ("--database-url", url.render_as_string(hide_password=False))
            with running(tmp_path_factory.mktemp("away"), "demo", "--orders", "3", *told) as found:
                found.cookie("owner@demo.test")
                until(lambda: ready(found)[0] == 200, 60, "a shop that is ready")
                yield found
        finally:
            behind.mend()
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def visitor(server: Server, behind: Door) -> Iterator[httpx.Client]:
    """The owner, who knows German; the database is there again afterwards."""
    headers = {"cookie": server.cookie("owner@demo.test"), "accept-language": "de", "origin": server.url}
    with httpx.Client(base_url=server.url, headers=headers, timeout=30) as client:
        yield client
        behind.mend()
        until(lambda: ready(server)[0] == 200, 60, "a shop that is ready again")


def ready(server: Server) -> tuple[int, dict[str, bool]]:
    answer = httpx.get(f"{server.url}/ready", timeout=30)
    return answer.status_code, answer.json()


def connected(visitor: httpx.Client) -> int:
    """The status that the handshake of a tab is answered with: 101 if it is let in."""
    upgrade = {
        "connection": "upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "a2V5a2V5a2V5a2V5a2V5a2V5",
    }
    address = "/_event/?EIO=4&transport=websocket&token=00000000-0000-4000-8000-000000000000"
    with visitor.stream("GET", address, headers=upgrade) as answer:
        return answer.status_code


@pytest.mark.parametrize(
    "path", ["/orders", "/login", "/orders/10001", "/orders/10001/invoices.pdf", "/packing-slips/L-1.pdf"]
)
def test_r8_pages_and_files_answer_503_with_a_sentence(
    path: str, visitor: httpx.Client, behind: Door
) -> None:
    behind.fail("refuse")
    answer = visitor.get(path)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-store"
    assert "Die Datenbank antwortet nicht." in answer.text
    assert '<html lang="de">' in answer.text
    behind.mend()
    assert visitor.get("/orders").status_code == 200


def test_r8_signing_in_answers_503_and_not_that_the_password_is_wrong(
    visitor: httpx.Client, behind: Door
) -> None:
    behind.fail("refuse")
    answer = visitor.post("/session", data={"email": "owner@demo.test", "password": "kontor-demo"})
    assert answer.status_code == 503
    assert "Die Datenbank antwortet nicht." in answer.text


def test_r8_the_api_answers_a_503_problem(visitor: httpx.Client, behind: Door) -> None:
    behind.fail("refuse")
    answer = visitor.get("/api/v1/orders", headers={"authorization": "Bearer kontor_x"})
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "Die Datenbank antwortet nicht."


def test_r8_a_tab_that_connects_meanwhile_is_refused_and_the_server_goes_on(
    visitor: httpx.Client, behind: Door
) -> None:
    """Origin, session and token are good, so the database alone decides."""
    behind.fail("refuse")
    assert connected(visitor) == 403
    assert visitor.get("/health").text == "ok"
    behind.mend()
    assert connected(visitor) == 101


@pytest.mark.parametrize("mood", ["refuse", "hang"])
@pytest.mark.parametrize("path", ["/ready", "/metrics"])
def test_r10_those_who_watch_are_answered_within_a_second(
    mood: str, path: str, visitor: httpx.Client, behind: Door
) -> None:
    behind.fail(mood)
    for _n in range(3):
        began = time.monotonic()
        answer = visitor.get(path)
        assert time.monotonic() - began < 1.5
    if path == "/ready":
        assert answer.status_code == 503
        assert answer.json() == {
            "ready": False,
            "database": False,
            "database_writable": False,
            "worker": False,
            "ui": True,
            "clock": True,
        }
    else:
        assert "\nkontor_database_up 0.0\n" in answer.text


def test_r5_figures_name_the_mails_that_need_a_person_and_the_room(visitor: httpx.Client) -> None:
    figures = dict(
        line.rsplit(" ", 1) for line in visitor.get("/metrics").text.splitlines() if not line.startswith("#")
    )
    assert {
        f'kontor_mails{{state="{state}"}}' for state in ("failed", "unclear", "waiting", "retrying")
    } <= figures.keys()
    assert float(figures['kontor_free_bytes{folder="data"}']) > 0
    assert (
        figures["kontor_database_up"]
        == figures["kontor_database_writable"]
        == figures["kontor_clock_right"]
        == "1.0"
    )


def test_r11_a_full_disk_is_not_ready(tmp_path: Path) -> None:
    """SQLite and its data folder on a disk of 80 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=80m,mode=0700", "tmpfs", str(disk)],
        check=False,
        capture_output=True,
    ).returncode:
        pytest.skip("only root may mount a small disk")
    try:
        with running(disk, "run") as server:
            until(lambda: ready(server)[0] == 200, 60, "a shop that is ready")
            with suppress(OSError), (disk / "filler").open("wb", buffering=0) as filler:
                while filler.write(b"x" * 65_536):
                    pass
            status, parts = ready(server)
            assert (status, parts["database"], parts["database_writable"]) == (503, True, False)
            (disk / "filler").unlink()
            until(lambda: ready(server)[0] == 200, 60, "a shop that is ready again")
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)
