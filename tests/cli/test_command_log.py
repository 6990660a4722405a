"""What the command line does to colleagues and keys is in the security log, and not on the terminal (security A-5)."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

from serving import ROOT

PASSWORD = "long enough for all of us"


def kontor(folder: Path, *arguments: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
    env = {k: v for k, v in os.environ.items() if not k.startswith("KONTOR_")} | {
        "KONTOR_DATA_DIR": str(folder)
    }
    command = [sys.executable, "-m", "backoffice_app.cli.main", *arguments]
    return subprocess.run(command, env=env, cwd=ROOT, input=typed, capture_output=True, text=True, check=True)


def test_a5_commands_note_what_they_do_in_a_log_of_their_own(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    kontor(folder, "migrate")
    added = kontor(
        folder,
        "user",
        "add",
        "ben@example.com",
        "--name",
        "Ben\nBeier",
        "--role",
        "owner",
        typed=f"{PASSWORD}\n",
    )
    made = kontor(folder, "api-key", "create", "A shop", "--scope", "orders:write")

    lines = (folder / "logs/kontor-command.log").read_text().splitlines()
    pairs = [
        dict(pair.split("=", 1) for pair in shlex.split(line.partition("kontor.security: ")[2]))
        for line in lines
    ]
    assert [pair["event"] for pair in pairs] == ["colleague-added", "api-key-made"]
    assert {(pair["actor"], pair["from"]) for pair in pairs} == {
        ("command", f"command line of user {os.getuid()}")
    }
    assert (pairs[0]["to_email"], pairs[0]["to_role"], pairs[1]["to_scopes"]) == (
        "ben@example.com",
        "owner",
        "orders:write",
    )
    assert PASSWORD not in "".join(lines)
    assert made.stdout.strip() not in "".join(lines)
    assert "kontor.security" not in added.stdout + added.stderr + made.stdout + made.stderr


def test_a5_a_command_that_notes_nothing_leaves_no_log(tmp_path: Path) -> None:
    kontor(tmp_path / "shop", "migrate")
    kontor(tmp_path / "shop", "user", "list")

    assert not (tmp_path / "shop/logs").exists()
