"""`kontor plugin new` writes a plug-in that works as it is, with a test that passes (EXT-1)."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backoffice_app.cli.main import command_line
from backoffice_app.plugins.testing import small_shop

ROOT = Path(__file__).parents[2]


def kontor(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(command_line("plugin"), ["plugin", *arguments])
    return done.exit_code, done.output


def test_ext1_the_new_plug_in_works_and_its_own_test_passes(tmp_path: Path) -> None:
    code, said = kontor("new", "call-back", "--folder", str(tmp_path))
    assert (code, "call_back.py" in said) == (0, True)

    with small_shop(tmp_path / "shop", tmp_path / "call_back.py") as shop:
        order = shop.order()
        shop.do("call-back", order, words="on Monday")
        assert "Sam Staff said: on Monday" in shop.history(order)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        str(tmp_path / "test_call_back.py"),
    ]
    ran = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": ""},
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "1 passed" in ran.stdout


def test_ext1_what_is_said_can_be_typed_in_a_folder_with_blanks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    said = kontor("new", "call-back", "--folder", "my own")[1]
    [test] = [line.partition(":")[2] for line in said.splitlines() if line.startswith("Its test")]
    assert shlex.split(test) == [str(Path(sys.executable).with_name("pytest")), "my own/test_call_back.py"]
    assert "KONTOR_PLUGINS='my own/call_back.py' " in said


def test_ext1_the_checks_of_the_project_let_it_pass(tmp_path: Path) -> None:
    """It is written into a folder of the project: `make lint` says no more of it than of what is there."""
    kontor("new", "call-back", "--folder", str(tmp_path))
    for file in ("call_back.py", "test_call_back.py"):
        command = [sys.executable, "-m", "ruff", "check", "--stdin-filename", f"plugins/{file}", "-"]
        checked = subprocess.run(
            command,
            input=(tmp_path / file).read_text("utf-8"),
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )
        assert checked.returncode == 0, checked.stdout + checked.stderr


def test_ext1_what_is_there_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("mine", "utf-8")
    assert kontor("new", "mine", "--folder", str(tmp_path))[0] == 1
    assert (tmp_path / "mine.py").read_text("utf-8") == "mine"


@pytest.mark.parametrize("name", ["Gift", "1st", "a b", "../x", ""])
def test_ext1_a_name_that_can_be_no_file_is_refused(tmp_path: Path, name: str) -> None:
    assert kontor("new", name, "--folder", str(tmp_path))[0] == 2
    assert list(tmp_path.iterdir()) == []
