"""Plug-ins are found, loaded, named if they fail, and never stop Kontor (EXT-1)."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from backoffice_app import registry
from backoffice_app.plugins import load
from backoffice_app.plugins.about import API, Plugin
from backoffice_app.registry import CORE, Registry, registering
from backoffice_app.settings import Settings

TOYS: Registry[str] = Registry("toy")
GOOD = """
from backoffice_app.plugins.about import Plugin
from test_loading import TOYS

PLUGIN = Plugin(name="Good", version="1.2", api=">=1.0,<2")
TOYS.add("ball", "round")
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for plug-ins that KONTOR_PLUGINS names; what was loaded from it is forgotten afterwards."""
    made = tmp_path / "plugins"
    made.mkdir(mode=0o755)
    monkeypatch.setattr(load, "settings", lambda: Settings(data_dir=tmp_path / "data", plugins=str(made)))
    monkeypatch.setattr(load, "entry_points", lambda group: [])
    monkeypatch.setattr(load, "LOADED", {})
    monkeypatch.setitem(__import__("sys").modules, "test_loading", __import__("sys").modules[__name__])
    yield made
    for key in list(load.LOADED):
        registry.forget(key)


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / f"{name}.py"
    file.write_text(text, "utf-8")
    file.chmod(0o644)
    return file


def test_ext1_a_file_in_the_folder_is_a_plug_in_and_owns_what_it_registers(folder: Path) -> None:
    write(folder, "good_one", GOOD)
    write(folder, "_parts", "raise SystemExit")
    write(folder, "test_good_one", "raise SystemExit")

    found = load.load_plugins()

    assert list(found) == ["good-one"]
    assert found["good-one"].about == Plugin(name="Good", version="1.2", api=">=1.0,<2")
    assert (found["good-one"].error, found["good-one"].parts) == ("", {"toy": ["ball"]})
    assert (TOYS["ball"], TOYS.owner_of("ball"), TOYS.owner_of("nothing")) == ("round", "good-one", CORE)


def test_ext1_the_folder_beside_the_data_folder_is_looked_at_unless_others_are_named(
    folder: Path, tmp_path: Path
) -> None:
    write(folder, "good", GOOD)
    assert [file.stem for file in load.files(Settings(data_dir=tmp_path / "data"))] == ["good"]
    assert list(load.files(Settings(data_dir=tmp_path / "elsewhere" / "data"))) == []
    other = write(tmp_path, "other", GOOD)
    named = Settings(data_dir=tmp_path / "data", plugins=os.pathsep.join([str(other), str(folder)]))
    assert [file.stem for file in load.files(named)] == ["other", "good"]


@pytest.mark.parametrize(
    ("text", "error", "where"),
    [
        (GOOD + "1 / 0\n", "ZeroDivisionError: division by zero", "(line 7: 1 / 0)"),
        (GOOD + "def broken(:\n", "SyntaxError: ", ""),
        (
            GOOD + "TOYS.add('ball', 'square')\n",
            "bad registers a toy 'ball', which bad registered before",
            "TOYS.add('ball', 'square')",
        ),
        (
            GOOD.replace(">=1.0,<2", ">=9"),
            f"It is written for the plug-in API >=9, and this Kontor has {API}.",
            "",
        ),
        (GOOD.replace(">=1.0,<2", "newest"), "it is written as in '>=1.0,<2'", ""),
        (GOOD.replace('"1.2"', '""'), "PLUGIN needs a name and a version.", ""),
        (GOOD.replace("PLUGIN =", "plugin ="), "It has no PLUGIN", ""),
        (
            GOOD + "import kontor_no_such_module\n",
            "ModuleNotFoundError: No module named 'kontor_no_such_module'",
            "(line 7",
        ),
    ],
)
def test_ext1_one_that_fails_is_named_leaves_nothing_behind_and_stops_no_other(
    folder: Path, text: str, error: str, where: str
) -> None:
    write(folder, "bad", text)
    write(folder, "good", GOOD)

    found = load.load_plugins()

    assert error in found["bad"].error
    assert where in found["bad"].where
    assert (found["bad"].parts, found["good"].parts) == ({}, {"toy": ["ball"]})


def test_ext1_the_core_is_not_replaced_and_says_whose_part_it_was(folder: Path) -> None:
    with registering("first"):
        TOYS.add("car", "red")
    write(folder, "second", GOOD + "TOYS.add('car', 'blue')\n")
    try:
        assert (
            "second registers a toy 'car', which first registered before"
            in load.load_plugins()["second"].error
        )
        assert TOYS == {"car": "red"}
    finally:
        registry.forget("first")


def test_ext1_code_that_others_can_change_is_not_run(folder: Path) -> None:
    write(folder, "open_to_all", GOOD).chmod(0o666)
    assert "Other users may write" in load.load_plugins()["open-to-all"].error
    assert TOYS == {}


def test_ext1_a_file_that_is_named_and_not_there_is_said(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone.py"
    monkeypatch.setattr(load, "settings", lambda: Settings(data_dir=tmp_path / "data", plugins=str(gone)))
    assert f"There is no file {gone}" in load.load_plugins()["gone"].error


def test_ext1_none_loads_none(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, "good", GOOD)
    monkeypatch.setattr(load, "settings", lambda: Settings(data_dir=tmp_path / "data", plugins="none"))
    assert load.load_plugins() == {}


def test_ext1_loading_twice_runs_a_file_once(folder: Path) -> None:
    write(folder, "good", GOOD)
    load.load_plugins()
    assert load.load_plugins()["good"].error == ""


def test_ext1_what_the_starting_process_left_out_is_not_loaded_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(load.LEFT_OUT, "{}")
    write(folder, "good", GOOD)
    load.load_plugins()
    load.leave_out("good", RuntimeError("its table is broken"))
    assert (TOYS, load.LOADED["good"].error, load.LOADED["good"].parts) == (
        {},
        "RuntimeError: its table is broken",
        {},
    )

    load.LOADED.clear()  # as in a process that this one starts
    load.load_plugins()
    assert (TOYS, load.LOADED["good"].error) == ({}, "RuntimeError: its table is broken")
