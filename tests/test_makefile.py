"""`make setup` on machines that lack something, played with programs that only note how they were called (RUN-1)."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from serving import ROOT

PYTHON = """#!/bin/sh
echo "python $* HOME=$HOME" >> "$CALLS"
if [ "$1 $2" = "-m venv" ]; then
    mkdir -p .venv/bin
    cp "$0" .venv/bin/python
    if [ -e no-ensurepip ]; then exit 1; fi
    touch .venv/bin/pip
    printf '#!/bin/sh\\necho "uv $*" >> "$CALLS"\\n%s\\n' "$(cat uv-does)" > .venv/bin/uv
    printf '#!/bin/sh\\necho "kontor $*" >> "$CALLS"\\n' > .venv/bin/kontor
    chmod +x .venv/bin/*
fi
if [ "$1 $2" = "-m pip" ]; then [ -e .venv/bin/pip ] || { echo "No module named pip" >&2; exit 1; }; fi
exit 0
"""


class Checkout:
    """A folder with the Makefile, and a `python3` that notes its calls."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        for name in ("Makefile", "pyproject.toml"):
            (folder / name).write_bytes((ROOT / name).read_bytes())
        for name in ("requirements.lock", "requirements-server.lock"):
            (folder / name).write_text(f"# {name}\n")
        (folder / "uv-does").write_text("exit 0")
        (folder / "python3").write_text(PYTHON)
        (folder / "python3").chmod(0o755)

    def make(self, target: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        """The outcome of `make TARGET` here."""
        env = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
        env |= {"CALLS": str(self.folder / "calls"), **settings}
        command = ["make", target, "PYTHON=./python3"]
        return subprocess.run(
            command, cwd=self.folder, env=env, capture_output=True, text=True, timeout=60, check=False
        )

    @property
    def calls(self) -> str:
        """How each program was called, one a line."""
        return (self.folder / "calls").read_text()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "Büro Ümläut" / "mein 'kontor'")


def test_n5_the_path_may_have_blanks_umlauts_and_quotes(checkout: Checkout) -> None:
    told = checkout.make("setup")

    assert told.returncode == 0, told.stdout + told.stderr
    assert (
        "uv --no-config pip sync --python .venv/bin/python --quiet --require-hashes --compile-bytecode "
        "requirements.lock"
    ) in checkout.calls
    assert "kontor ui" in checkout.calls


def test_run1_a_second_setup_installs_nothing(checkout: Checkout) -> None:
    checkout.make("setup")
    (checkout.folder / "calls").unlink()

    checkout.make("setup")

    assert checkout.calls == "kontor ui\n"


def test_n4_following_the_advice_about_venv_helps(checkout: Checkout) -> None:
    (checkout.folder / "no-ensurepip").touch()
    told = checkout.make("setup")
    assert told.returncode != 0
    assert "apt install python3-venv" in told.stdout
    assert (checkout.folder / ".venv/bin/python").exists()

    (checkout.folder / "no-ensurepip").unlink()  # the advice was followed
    told = checkout.make("setup")

    assert told.returncode == 0, told.stdout + told.stderr
    assert "uv --no-config pip sync" in checkout.calls


def test_n6_uv_is_asked_with_the_systems_authorities_then_pip(checkout: Checkout) -> None:
    (checkout.folder / "uv-does").write_text("echo UnknownIssuer >&2; exit 1")

    told = checkout.make("setup")

    assert told.returncode == 0, told.stdout + told.stderr
    assert "UnknownIssuer" not in told.stderr
    assert "UnknownIssuer" in (checkout.folder / "build/setup.log").read_text()
    lines = [line for line in checkout.calls.splitlines() if "--require-hashes" in line]
    assert [line.split()[:3] for line in lines[:2]] == [
        ["uv", "--no-config", "pip"],
        ["uv", "--no-config", "--system-certs"],
    ]
    assert (
        "-m pip --disable-pip-version-check install --quiet --require-hashes -r requirements.lock" in lines[2]
    )
    assert "install --quiet --no-deps --no-build-isolation -e ." in checkout.calls


@pytest.mark.parametrize("home", ["", "/no/such/home"])
def test_n16_without_a_home_the_caches_lie_in_the_build(checkout: Checkout, home: str) -> None:
    told = checkout.make("setup", HOME=home)

    assert told.returncode == 0, told.stdout + told.stderr
    assert f"HOME={checkout.folder}/build/home" in checkout.calls


def test_n18_a_server_is_set_up_without_what_only_tests_need(checkout: Checkout) -> None:
    told = checkout.make("setup-server")

    assert told.returncode == 0, told.stdout + told.stderr
    assert "--compile-bytecode requirements-server.lock" in checkout.calls


def locked(name: str) -> set[str]:
    """The packages of a lock with their versions."""
    return {line.split(" ")[0] for line in (ROOT / name).read_text().splitlines() if line[:1].isalnum()}


def test_n18_both_locks_agree() -> None:
    server, whole = locked("requirements-server.lock"), locked("requirements.lock")

    assert server < whole
    names = {line.partition("==")[0] for line in server}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["build"]]
    assert {re.split(r"[\[=<>]", wish)[0] for wish in wanted} <= names, (
        "`make lock` after each new dependency"
    )
    assert not names & {"playwright", "mypy", "pytest", "ruff", "hypothesis"}
