"""A wrong setting, and a machine on which something is missing, is a sentence that names it, never a
traceback (RUN-3).
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from serving import ROOT, free_port
from starting import outcome

from backoffice_app.cli.main import app
from backoffice_app.settings import settings

PASSWORD = "gEheim"


def kontor(
    *arguments: str, folder: Path | None = None, **settings: str
) -> "subprocess.CompletedProcess[str]":
    """The outcome of a command in an environment with these settings alone."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("KONTOR_")} | {
        "PYTHONPATH": str(ROOT),
        **settings,
    }
    if folder:
        env["KONTOR_DATA_DIR"] = str(folder)
    return outcome(*arguments, env=env, timeout=60)


def said_of(told: "subprocess.CompletedProcess[str]") -> str:
    """What it said, with line ends of the terminal's width taken out; no traceback, and a few lines at most."""
    said = told.stdout + told.stderr
    assert "Traceback" not in said
    assert said.count("\n") <= 10, said
    return " ".join(said.replace("│", " ").split())


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("PORT", "abc", "integer"),
        ("PORT", "70000", "65535"),
        ("PORT", "0", "greater than or equal to 1"),
        ("BASE_URL", "kontor.example.com", "https://kontor.example.com"),
        ("BASE_URL", "https://host.example/kontor", "below a path"),
        ("BASE_URL", "https://host.example:99999", "https://kontor.example.com"),
        ("SMTP_URL", "nonsense", "smtp+starttls://"),
        ("SMTP_URL", f"mailto://me:{PASSWORD}@mail.example", "smtp+starttls://"),
        ("DATABASE_URL", "hello", "postgresql://"),
        ("DATABASE_URL", f"mysql://root:{PASSWORD}@127.0.0.1/kontor", "postgresql://"),
        ("DATABASE_URL", f"postgresql://root:p@{PASSWORD}@127.0.0.1/kontor", "%40"),
        ("DATABASE_URL", f"postgresql://root:{PASSWORD}@127.0.0.1", "names no database"),
        ("DATABASE_URL", f"postgresql://root:{PASSWORD}/x@127.0.0.1/kontor", "%2F"),
        ("DATABASE_URL", "sqlite://", "names no file"),
        ("TRUSTED_PROXIES", "proxy.example", "does not appear to be"),
        ("SESSION_DAYS", "0", "greater than or equal to 1"),
        ("UNDO_SECONDS", "soon", "integer"),
        ("WORKER_IN_WEB", "perhaps", "boolean"),
    ],
)
def test_n7_a_wrong_setting_is_named_and_ends_with_2(tmp_path: Path, name: str, value: str, why: str) -> None:
    told = kontor("migrate", folder=tmp_path / "data", **{f"KONTOR_{name}": value})

    said = said_of(told)
    assert (told.returncode, f"KONTOR_{name} is wrong: " in said) == (2, True), said
    assert why in said
    assert PASSWORD not in said
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("command", ["doctor", "worker", "plugin list", "user list"])
def test_n7_a_wrong_setting_is_one_sentence_whatever_the_command(tmp_path: Path, command: str) -> None:
    told = kontor(*command.split(), folder=tmp_path / "data", KONTOR_PORT="abc")

    assert told.returncode == 2
    assert said_of(told).startswith("KONTOR_PORT is wrong: ")
    assert said_of(told).count("KONTOR_PORT") == 1


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["run", "--port", "70000"], "less than or equal to 65535"),
        (["run", "--port", "-1"], "greater than or equal to 1"),
        (["demo", "--port", "0"], "greater than or equal to 1"),
        (["migrate", "--to", "nonsense"], "There is no schema nonsense. There are base, 0001"),
        (["bench", "--database", "nonsense"], "nonsense"),
        (["bench", "--orders", "10"], "10"),
    ],
)
def test_n7_a_wrong_option_is_named_and_ends_with_2(tmp_path: Path, arguments: list[str], why: str) -> None:
    told = kontor(*arguments, folder=tmp_path / "data")

    said = said_of(told)
    assert told.returncode == 2, said
    assert why in said


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (f"postgresql://root:{PASSWORD}@127.0.0.1:1/kontor", "127.0.0.1"),
        (
            f"postgresql://root:{PASSWORD}@no-such-host.invalid/kontor?connect_timeout=3",
            "no-such-host.invalid",
        ),
        ("sqlite:////no/such/folder/kontor.sqlite3", "unable to open"),
    ],
)
def test_n7_a_database_that_is_not_there_ends_with_1_and_says_who_names_it(
    tmp_path: Path, url: str, why: str
) -> None:
    told = kontor("migrate", folder=tmp_path / "data", KONTOR_DATABASE_URL=url)

    said = said_of(told)
    assert told.returncode == 1, said
    assert "The database does not answer." in said
    assert "KONTOR_DATABASE_URL" in said
    assert why in said
    assert PASSWORD not in said


def test_n7_a_damaged_database_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "kontor.sqlite3").write_bytes(b"no database at all" * 1000)

    for command in (("verify",), ("user", "list"), ("migrate",), ("run", "--port", str(free_port()))):
        told = kontor(*command, folder=folder)

        said = said_of(told)
        assert told.returncode == 1, said
        assert "The file of the database is damaged, or it is not a database." in said
        assert str(folder) in said


def test_n7_a_data_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")

    told = kontor("migrate", folder=tmp_path / "data")

    said = said_of(told)
    assert told.returncode == 1
    assert "a file of that name is there" in said
    assert "KONTOR_DATA_DIR" in said


def test_n7_an_address_that_is_not_of_this_machine_is_said(tmp_path: Path) -> None:
    for host in ("192.0.2.1", "no-such-host.invalid", "2001:db8::1"):
        told = kontor("run", "--port", str(free_port()), folder=tmp_path / "data", KONTOR_HOST=host)

        said = said_of(told)
        assert told.returncode == 1, said
        assert f"on {host} can't be used" in said


def test_n16_a_user_without_a_home_is_told_to_set_a_folder(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As in a container: no HOME, and a number that is in no list of users. The system's answer is played here."""

    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", no_home)
    monkeypatch.setattr(sys, "argv", ["kontor", "user", "list"])
    for name in ("KONTOR_DATA_DIR", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    settings.cache_clear()
    umask = os.umask(0o077)

    with pytest.raises(SystemExit) as end:
        app()

    os.umask(umask)
    assert end.value.code == 2
    assert capsys.readouterr().err.startswith("KONTOR_DATA_DIR is not set")


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_n16_a_folder_that_can_not_be_written_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    told = kontor("migrate", folder=tmp_path / "data")
    tmp_path.chmod(0o700)

    said = said_of(told)
    assert told.returncode == 1
    assert "KONTOR_DATA_DIR" in said


@pytest.mark.parametrize(
    "command",
    [("user", "list"), ("user", "add", "ben@example.com"), ("api-key", "list"),
        ("api-key", "create", "Shop", "--scope", "orders:write"),
     ("verify",), ("clock",), ("clock", "--is-right"), ("worker",)],
    ids=" ".join,
)  # fmt: skip
def test_n12_a_command_makes_no_shop_where_there_is_none(tmp_path: Path, command: tuple[str, ...]) -> None:
    told = kontor(*command, folder=tmp_path / "mistyped")

    said = said_of(told)
    assert told.returncode == 1, said
    assert f"There is no Kontor in {tmp_path / 'mistyped'}." in said
    assert not (tmp_path / "mistyped").exists()
    assert "The demo's shop" not in said


def test_n12_who_means_the_demo_reads_where_it_is(tmp_path: Path) -> None:
    """Without KONTOR_DATA_DIR a command is about the shop beside the demo's."""
    (tmp_path / "kontor-demo").mkdir()

    told = kontor("user", "list", XDG_DATA_HOME=str(tmp_path))

    assert f"The demo's shop is in {tmp_path / 'kontor-demo'}: set KONTOR_DATA_DIR" in said_of(told)


def test_n12_an_import_that_makes_a_shop_says_so_and_where(tmp_path: Path) -> None:
    orders = tmp_path / "orders.json"
    orders.write_text("[]", "utf-8")

    told, again = (kontor("import", str(orders), folder=tmp_path / "mistyped") for _time in range(2))

    assert f"There was no shop in {tmp_path / 'mistyped'}: a new one is made." in said_of(told)
    assert "There was no shop" not in said_of(again)
