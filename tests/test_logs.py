"""A log can't be forged, flooded or erased, and holds no secrets; each process has a file of its own (security A-5)."""

import logging
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import structlog
from serving import until

from backoffice_app import allowance, logs
from backoffice_app.allowance import Allowance
from backoffice_app.log_lines import CONTINUES, LONGEST, LONGEST_TRACE, SENT, OneLine
from backoffice_app.settings import settings

FORGED = "2026-11-29T00:00:00.000Z INFO kontor.security: event=signed-in id=1"
TAB = "0b0c9f86-7a0e-4d5e-9b37-6f6f4a1c2d3e"


def record(said: str, name: str = "kontor.probe", error: BaseException | None = None) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord(name, logging.ERROR, "probe.py", 1, said, (), info)


def written(said: str, name: str = "kontor.probe", error: BaseException | None = None) -> str:
    return OneLine().format(record(said, name, error))


def raised(error: Exception) -> Exception:
    try:
        raise error
    except Exception as caught:
        return caught


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder for logs; what is logged goes where it went before when the test is over."""
    monkeypatch.setenv("KONTOR_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    root, umask, wrapped = logging.getLogger(), os.umask(0o022), structlog.get_config()
    before, level = list(root.handlers), root.level
    root.handlers = []  # pytest's own, which `start` would close
    yield tmp_path
    for handler in root.handlers:
        with suppress(OSError):  # of the test with a full disk
            handler.close()
    root.handlers, root.level = before, level
    os.umask(umask)
    structlog.configure(**wrapped)
    settings.cache_clear()


@pytest.mark.parametrize(
    "end", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"], ids=ascii
)
def test_a5_log_lines_cannot_be_forged(end: str) -> None:
    line = written(f"an error{end}{FORGED}")

    assert len(line.splitlines()) == 1
    assert ascii(end)[1:-1] in line


@pytest.mark.parametrize(
    "letter", ["\x1b[2J", "\x00", "\x7f", "\x9b", "\u202e", "\u200b", "\ud800"], ids=ascii
)
def test_a5_nothing_in_a_log_moves_the_cursor_or_hides_letters(letter: str) -> None:
    line = written(f"before {letter} after")

    assert line.isprintable()
    assert line.encode().decode() == line


def test_a5_no_line_of_a_traceback_looks_like_a_record() -> None:
    first, *rest = written(
        "it broke", error=raised(ValueError(f"no number: x\r\n{FORGED}\n{FORGED}"))
    ).splitlines()

    assert first.endswith("kontor.probe: it broke")
    assert len(rest) >= 5
    assert all(line.startswith(CONTINUES) for line in rest)
    assert any(FORGED in line for line in rest)


def test_a5_a_record_is_cut() -> None:
    line = written("é" * 800_000)

    assert len(line.encode()) < LONGEST + 200
    assert line.endswith("more]")


@pytest.mark.parametrize("text", ["x" * 800_000, "x\n" * 400_000], ids=["one long line", "many lines"])
def test_a5_a_traceback_is_cut_and_keeps_its_beginning(text: str) -> None:
    told = written("it broke", error=raised(ValueError(text)))

    assert len(told.encode()) < LONGEST_TRACE + 400
    assert "Traceback (most recent call last)" in told
    assert "in raised" in told


@pytest.mark.parametrize(
    "secret",
    [
        "kontor_session=aBc-123_x; path=/",
        "__Host-kontor_session=aBc-123_x",
        "Authorization: Bearer aBc-123_x",
        "the key kt_7_aBc-123_xaBc-123_xaBc-123_xaBc-123_x is used up",
        f"reflex_event|load|{TAB}-0123456789abcdef|1.5",
        f"client '{TAB}'",
        "smtp://shop%40example.com:aBc-123_x@mail.example.com",
        "INSERT failed\n[parameters: ('Ada', 'aBc-123_x')]\n(Background on this error)",
    ],
)
def test_a5_secrets_are_masked_in_messages_and_tracebacks(secret: str) -> None:
    told = written(secret) + written("it broke", error=raised(ValueError(secret)))

    for part in ("aBc-123_x", TAB, "0123456789abcdef"):
        assert part not in told


@pytest.mark.parametrize(("words", "sentence"), SENT)
@pytest.mark.parametrize(
    "name", ["reflex.app", "reflex_base.event.processor.event_processor", "asyncio", "engineio.server"]
)
def test_a5_nothing_that_a_client_sent_is_kept_of_what_reflex_logs(
    words: str, sentence: str, name: str
) -> None:
    said = f"Something {words} {{'cookie': 'SECRET', 'password': 'SECRET'}}"

    for line in (
        written(said, name, raised(KeyError("SECRET"))),
        written("It broke", name, raised(KeyError(said))),
    ):
        assert "SECRET" not in line
        assert line.endswith(f"{name}: {sentence}")


def test_a5_what_floods_is_held_up_and_counted_and_hides_nothing_else(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        logs, "Allowance", lambda burst, each, tell: Allowance(burst, each, tell, seconds=0.05)
    )
    logs.start(terminal=False)
    file = home / "logs/kontor.log"

    for _n in range(2_000):
        logging.getLogger("reflex.app").warning("flood " + "x" * 1_000)
    logging.getLogger("kontor.errors").error("Error 1234 in an event handler")

    kept = file.read_text().count("flood")

    def told() -> int:
        return sum(
            int(count) for count in re.findall(r"reflex.app wrote too much: (\d+) records", file.read_text())
        )

    until(lambda: told() == 2_000 - kept, what="the number of what was left out")
    text = file.read_text()
    assert len(text) < logs.BURST * 1.2
    assert "Error 1234" in text
    assert text.count("flood") == kept < 300


def test_a5_each_process_writes_a_file_of_its_own_for_its_owner_alone(home: Path) -> None:
    folder = home / "logs"
    first, second, worker = (logs.OwnFile(folder, name) for name in ("kontor", "kontor", "kontor-worker"))
    for number, file in enumerate((first, second, worker)):
        file.handle(record(f"of {number}"))

    assert sorted(path.name for path in folder.glob("*.log")) == [
        "kontor-2.log",
        "kontor-worker.log",
        "kontor.log",
    ]
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert (folder / "kontor-2.log").read_text() == "of 1\n"

    first.close()
    third = logs.OwnFile(folder, "kontor")
    third.handle(record("of its successor"))
    assert (folder / "kontor.log").read_text() == "of 0\nof its successor\n"
    for file in (second, third, worker):
        file.close()


def test_a5_a_log_that_others_could_read_is_closed_and_stays_so_when_it_is_renamed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "LARGEST", 2_000)
    folder = home / "logs"
    folder.mkdir()
    (folder / "kontor.log").touch(0o644)
    file = logs.OwnFile(folder, "kontor")
    for _n in range(10):
        file.handle(record("x" * 500))
    file.close()

    assert len(list(folder.glob("kontor.log*"))) >= 3
    assert {path.stat().st_mode & 0o777 for path in folder.glob("kontor.log*")} == {0o600}


def test_a5_a_full_disk_stops_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logs, "_for_owner", lambda _path, flags: os.open("/dev/full", flags))
    monkeypatch.setattr(logs.os, "fchmod", lambda *_: None)
    logs.start()

    logging.getLogger("kontor.probe").warning("what happened")

    told = capsys.readouterr().err
    assert "kontor.probe: what happened" in told
    assert "The log can't be written: OSError(28" in told
    assert "Traceback" not in told


def test_a5_libraries_write_to_the_terminal_only_through_the_log(home: Path) -> None:
    """engine.io, DBOS and granian each bring a handler of their own, which would write whatever a client
    sent as it is.
    """
    for name in logs.BY_THEMSELVES:
        logging.getLogger(name).addHandler(logging.StreamHandler(sys.stdout))
    logs.start(terminal=False)

    logging.getLogger("engineio.server").error("post\n%s", FORGED)

    assert all(
        isinstance(h, logging.NullHandler)
        for name in logs.BY_THEMSELVES
        for h in logging.getLogger(name).handlers
    )
    assert len((home / "logs/kontor.log").read_text().splitlines()) == 1


def test_a5_structlog_writes_one_line_with_its_values_and_the_traceback(home: Path) -> None:
    logs.start(terminal=False)

    structlog.get_logger("kontor.probe").error(
        "it broke", path=f"/a\n{FORGED}", exc_info=raised(ValueError("why"))
    )

    first, *rest = (home / "logs/kontor.log").read_text().splitlines()
    assert 'event="it broke"' in first
    assert rest
    assert all(line.startswith(CONTINUES) for line in rest)


def test_a5_an_allowance_fills_again_and_tells_what_it_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(allowance.time, "monotonic", lambda: now[0])
    told: list[tuple[str, int]] = []
    spent = Allowance(3, 60, lambda *what: told.append(what), seconds=0.02)

    allowed: Callable[[], int] = lambda: sum(spent.allows("a") for _n in range(10))  # noqa: E731
    assert allowed() == 3
    now[0] += 2
    assert allowed() == 2
    assert spent.allows("b")
    _wait(lambda: bool(told))
    assert sum(count for key, count in told if key == "a") <= 15
    assert {key for key, _count in told} == {"a"}


def _wait(condition: Callable[[], bool]) -> None:
    """`until` reads the clock that the test has stopped."""
    for _n in range(200):
        if condition():
            return
        allowance.threading.Event().wait(0.02)
    raise AssertionError("it did not come")


def test_a5_made_up_names_fill_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowance, "MOST_KEYS", 50)
    spent = Allowance(1, 0, lambda *_: None, seconds=60)

    allowed = [spent.allows(f"address {n}") for n in range(500)]

    assert len(spent.purses) <= 51
    assert sum(allowed) == 51
