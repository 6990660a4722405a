"""Forks, by which tests start `kontor`, are what a start of its own is."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from serving import ROOT
from starting import outcome, started_worker, without_forks


def env(folder: Path, **more: str) -> dict[str, str]:
    return (
        {name: value for name, value in os.environ.items() if not name.startswith("KONTOR_")}
        | {"KONTOR_DATA_DIR": str(folder)}
        | more
    )


@pytest.mark.parametrize(
    ("command", "typed"),
    [
        (("migrate",), ""),
        (("user", "add", "olga@example.com"), "short\n"),
        (("user", "add", "olga@example.com", "--role", "king"), ""),
        (("user", "list", "--json"), ""),
        (("no-such-command",), ""),
    ],
)
def test_a_fork_says_and_ends_as_a_process_of_its_own(
    tmp_path: Path, command: tuple[str, ...], typed: str
) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        assert outcome("migrate", env=env(folder)).returncode == 0

    fork = outcome(*command, env=env(folders[0]), typed=typed)
    with without_forks():
        own = outcome(*command, env=env(folders[1]), typed=typed)

    assert (fork.returncode, fork.stdout, fork.stderr) == (own.returncode, own.stdout, own.stderr)


def test_a_fork_ends_by_the_signal_it_was_given(tmp_path: Path) -> None:
    outcome("migrate", env=env(tmp_path))
    with started_worker(env=env(tmp_path)) as killed, started_worker(env=env(tmp_path)) as ended:
        killed.kill()
        ended.terminate()

        assert (killed.wait(30), ended.wait(30)) == (-signal.SIGKILL, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(killed.pid, 0)


def test_commands_are_forked_from_what_has_registered_nothing() -> None:
    """Else a command that forgot to load what it needs would find it all the same."""
    asked = (
        "import forks; forks._load('commands'); from backoffice_app import registry; print([one for one "
        "in registry.REGISTRIES if one])"
    )
    told = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=ROOT / "tests",
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )

    assert (told.stdout.strip(), told.returncode) == (b"[]", 0), told.stderr
