"""A path that an environment variable names from the folder of the command means the same for the server, which runs
elsewhere (RUN-3).
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from backoffice_app.cli import serve
from backoffice_app.settings import settings


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder that a command is typed in, with nothing set."""
    monkeypatch.chdir(tmp_path)
    for name in ("KONTOR_PLUGINS", "KONTOR_FONTS", "KONTOR_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def test_run3_paths_from_here_become_whole(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "linked.py").symlink_to(here / "elsewhere.py")
    monkeypatch.setenv("KONTOR_PLUGINS", os.pathsep.join(["linked.py", "my plugins", "/srv/one.py"]))
    monkeypatch.setenv("KONTOR_FONTS", "fonts")
    monkeypatch.setenv("KONTOR_DATABASE_URL", "sqlite:///shop.sqlite3")

    assert serve.paths_from_here() == {
        "KONTOR_PLUGINS": os.pathsep.join([f"{here}/linked.py", f"{here}/my plugins", "/srv/one.py"]),
        "KONTOR_FONTS": f"{here}/fonts",
        "KONTOR_DATABASE_URL": f"sqlite:///{here}/shop.sqlite3",
    }


@pytest.mark.parametrize("plugins", ["", "none"])
@pytest.mark.parametrize("database", ["", "sqlite:////srv/shop.sqlite3", "postgresql://kontor@host/shop"])
def test_run3_what_names_no_path_from_here_stays(
    monkeypatch: pytest.MonkeyPatch, plugins: str, database: str
) -> None:
    monkeypatch.setenv("KONTOR_PLUGINS", plugins)
    monkeypatch.setenv("KONTOR_DATABASE_URL", database)
    assert serve.paths_from_here() == {}


def test_run3_the_server_is_started_with_them(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[dict[str, str]] = []
    monkeypatch.setenv("KONTOR_PLUGINS", "own.py")
    monkeypatch.setenv("KONTOR_DATA_DIR", "data")
    monkeypatch.setattr(os, "execve", lambda _path, _command, env: started.append(env))
    monkeypatch.setattr(serve, "run_folder", lambda: here)

    serve.serve(here / "ui", lambda: None)

    assert (started[0]["KONTOR_PLUGINS"], started[0]["KONTOR_DATA_DIR"]) == (f"{here}/own.py", f"{here}/data")
