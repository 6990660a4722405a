"""`kontor doctor` says what is wrong and changes nothing (RUN-3); `kontor plugin list` names what plug-ins
add (EXT-1).
"""

import json
import os
import sqlite3
from pathlib import Path

import pytest
from starting import outcome

PLUGIN = """
from backoffice_app.plugins.about import Plugin

PLUGIN = Plugin(name="Small", version="1.0", api=">=1.0,<2")
"""


def kontor(home: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    """Exit code and output of a command whose data folder is `home / "data"`."""
    changed = {
        "KONTOR_DATA_DIR": str(home / "data"),
        "KONTOR_DATABASE_URL": "",
        "KONTOR_SMTP_URL": "",
        "COLUMNS": "400",
        **environment,
    }
    done = outcome(*arguments, env=os.environ | changed)
    return done.returncode, done.stdout + done.stderr


def findings(home: Path, **environment: str) -> tuple[int, dict[str, tuple[str, str]]]:
    code, said = kontor(home, "doctor", "--json", **environment)
    return code, {one["what"]: (one["state"], one["says"]) for one in json.loads(said)}


def test_run3_where_nothing_is_the_doctor_says_so_and_makes_nothing(tmp_path: Path) -> None:
    code, found = findings(tmp_path)
    assert (code, found["Data folder"][0], found["Database"][0]) == (1, "trouble", "trouble")
    assert "KONTOR_DATA_DIR names it" in found["Data folder"][1]
    assert list(tmp_path.iterdir()) == []


def test_run3_a_shop_that_is_well_has_no_trouble_and_hears_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    assert kontor(tmp_path, "migrate")[0] == 0
    code, found = findings(tmp_path)
    assert (code, {state for state, _says in found.values()}) == (0, {"ok", "note"}), found
    assert (found["Database"][0], found["Worker"][0], found["Mail server"][0]) == ("ok", "note", "note")
    (tmp_path / "data").chmod(0o755)
    assert findings(tmp_path)[1]["Data folder"] == (
        "trouble",
        f"other users may look into {tmp_path / 'data'}. `kontor run` closes it, or chmod 700.",
    )
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o755, "the doctor changes nothing"


def test_run3_an_empty_database_is_called_empty_and_plug_ins_are_not_blamed(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    sqlite3.connect(tmp_path / "data" / "kontor.sqlite3").close()
    plugin = Path(__file__).parents[2] / "plugins" / "gift_note.py"
    code, found = findings(tmp_path, KONTOR_PLUGINS=str(plugin))
    assert (code, found["Database"][0]) == (1, "trouble")
    assert "nothing is in it yet" in found["Database"][1]
    assert "Plug-ins" not in found
    assert found["Plug-in gift-note"][0] == "ok"


def test_run3_a_database_that_does_not_answer_is_named_and_the_rest_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    code, found = findings(tmp_path, KONTOR_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert (code, found["Database"][0], found["Mail server"][0]) == (1, "trouble", "note")
    assert "KONTOR_DATABASE_URL names it" in found["Database"][1]


@pytest.mark.parametrize("broken", [False, True])
def test_ext1_doctor_and_list_name_each_plug_in_and_why_one_is_not_loaded(
    tmp_path: Path, broken: bool
) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "plugins").mkdir(mode=0o755)
    file = tmp_path / "plugins" / "small.py"
    file.write_text(PLUGIN + ("1 / 0\n" if broken else ""), "utf-8")
    file.chmod(0o644)
    kontor(tmp_path, "migrate")

    code, found = findings(tmp_path)
    listed_code, listed = kontor(tmp_path, "plugin", "list")

    assert (code, listed_code) == ((1, 1) if broken else (0, 0))
    assert found["Plug-in small"][0] == ("trouble" if broken else "ok")
    assert ("ZeroDivisionError" in found["Plug-in small"][1], "ZeroDivisionError" in listed) == (
        broken,
        broken,
    )
    assert str(file) in listed
    assert "none is loaded" in findings(tmp_path, KONTOR_PLUGINS="none")[1]["Plug-ins"][1]


TABLE = """
from sqlmodel import Field, SQLModel
from backoffice_app.plugins.about import Plugin
from backoffice_app.plugins.tables import table

PLUGIN = Plugin(name="Ribbons", version="1.0", api=">=1.0,<2")


def breaks(connection):
    raise RuntimeError("no ribbon left")


@table(steps=[STEPS])
class Ribbon(SQLModel, table=True):
    __tablename__ = "cli_ribbon"
    id: int | None = Field(default=None, primary_key=True)
"""


def test_ext1_a_plug_in_whose_table_can_t_be_changed_is_named_and_left_out(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "plugins").mkdir(mode=0o700)
    file = tmp_path / "plugins" / "ribbons.py"
    file.write_text(TABLE.replace("STEPS", ""))
    assert kontor(tmp_path, "migrate")[0] == 0

    file.write_text(TABLE.replace("STEPS", "breaks"))
    code, said = kontor(tmp_path, "migrate")

    assert code == 1
    assert "The plug-in ribbons is left out. RuntimeError: no ribbon left" in said
    assert "Traceback" not in said
    found = findings(tmp_path)[1]["Plug-in ribbons"]
    assert found == (
        "trouble",
        "its table cli_ribbon is not made or not up to date. `kontor migrate` says why.",
    )
