"""The data folder is for its owner alone, whatever it was before (security A-3)."""

import os
import stat
import subprocess
from pathlib import Path

import httpx
import pytest
from serving import running, until
from starting import outcome

from backoffice_app import web
from backoffice_app.private_files import NotPrivate, make_private


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def open_to_others(folder: Path, *, archive: bool = True) -> list[str]:
    """Everything in `folder`, itself included, that the group or others may touch."""
    found = [path for path in folder.rglob("*") if archive or folder / "archive" not in path.parents]
    return [str(path) for path in (folder, *found) if mode(path) & 0o077]


def old_shop(folder: Path) -> None:
    """A data folder as it was before: readable by all, with files readable by all."""
    for path in (
        folder,
        folder / "archive",
        folder / "archive/ab",
        folder / "logs",
        folder / "executors",
        folder / "passwords",
        folder / "run",
    ):
        path.mkdir(exist_ok=True)
        path.chmod(0o755)
    for name in (
        "kontor.sqlite3",
        "kontor.sqlite3-wal",
        "kontor.sqlite3-shm",
        "logs/kontor.log",
        "executors/web-0.lock",
        "passwords/0123456789abcdef0123456789abcdef",
        "archive/ab/c.pdf",
    ):
        (folder / name).touch()
        (folder / name).chmod(0o644)


def kontor(
    folder: Path, *arguments: str, umask: int = 0o022, **settings: str
) -> "subprocess.CompletedProcess[str]":
    """The outcome of a command, started by somebody whose files are usually readable by all."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("KONTOR_")} | {
        "KONTOR_DATA_DIR": str(folder),
        **settings,
    }
    return outcome(*arguments, env=env, umask=umask)


def test_a3_an_open_data_folder_is_closed_with_all_that_is_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    old_shop(folder)

    make_private(folder, f"sqlite:///{folder / 'kontor.sqlite3'}")

    assert open_to_others(folder, archive=False) == []  # what is in the archive is behind its own folder
    assert {mode(folder), mode(folder / "archive")} == {0o700}
    assert {mode(folder / f"kontor.sqlite3{end}") for end in ("", "-wal", "-shm")} == {0o600}


def test_a3_a_database_elsewhere_is_closed_too(tmp_path: Path) -> None:
    database = tmp_path / "elsewhere.sqlite3"
    for end in ("", "-wal"):
        database.with_name(database.name + end).touch(0o644)

    make_private(tmp_path / "data", f"sqlite:///{database}")

    assert [mode(database.with_name(database.name + end)) for end in ("", "-wal")] == [0o600, 0o600]


@pytest.mark.parametrize("command", [("migrate",), ("user", "list"), ("api-key", "list")])
def test_a3_each_command_closes_the_folder_and_writes_for_its_owner_alone(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    folder = tmp_path / "shop"
    folder.mkdir(0o755)
    assert kontor(folder, "migrate").returncode == 0
    for path in (folder, *folder.iterdir()):
        path.chmod(0o755)

    done = kontor(folder, *command)

    assert done.returncode == 0, done.stderr
    assert (folder / "kontor.sqlite3").exists()
    assert open_to_others(folder) == []


def test_a3_a_running_server_writes_for_its_owner_alone(tmp_path: Path) -> None:
    """With the umask of a usual shell, on a folder that was open: database, its log, archive, logs, run and worker's
    locks.
    """
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o755)
    former = os.umask(0o022)
    try:
        with running(folder, "demo", "--orders", "5") as server:
            order = server.open_order()
            paper = httpx.get(
                f"{server.url}/orders/{order}/invoices.pdf",
                headers={"cookie": server.cookie("owner@demo.test")},
            )
            assert paper.status_code in {200, 404}
            until((folder / "logs/kontor.log").exists)
            assert (folder / "kontor.sqlite3-wal").exists()
            assert open_to_others(folder) == []
    finally:
        os.umask(former)


def test_a3_a_shared_folder_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    shared, system = tmp_path / "tmp", tmp_path / "var"
    for folder, rights in ((shared, 0o1777), (system, 0o755)):
        folder.mkdir()
        folder.chmod(rights)
    (system / "lib").mkdir()

    for folder in (shared, system):
        before = mode(folder)
        done = kontor(folder, "migrate")
        assert done.returncode == 1
        assert f"The data folder {folder} can't be closed to other users of this machine" in done.stderr
        assert "Traceback" not in done.stderr
        assert (mode(folder), (folder / "kontor.sqlite3").exists()) == (before, False)


def test_a3_a_folder_of_another_owner_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only its owner, and root, who may run the tests, can change a folder's rights: the system's answer to others is
    played here.
    """
    folder = tmp_path / "theirs"
    folder.mkdir()
    folder.chmod(0o755)

    def refuse(path: Path, _mode: int, **_options: object) -> None:
        raise PermissionError(1, "Operation not permitted", str(path))

    monkeypatch.setattr(Path, "chmod", refuse)

    with pytest.raises(NotPrivate, match="Operation not permitted"):
        make_private(folder)


def test_a3_the_built_pages_stay_readable_for_the_user_who_serves_them() -> None:
    former = os.umask(0o077)
    try:
        with web._readable_by_all():
            inside = os.umask(0o022)
        after = os.umask(0o077)
    finally:
        os.umask(former)

    assert (inside, after) == (0o022, 0o077)
