"""No registration of the core is lost: each part that docs/parts.md names is there, and the page names each
(EXT-1).
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "parts.md").read_text("utf-8")
NAMED: dict[str, list[str]] = {
    kind[0].lower() + kind[1:]: re.findall(r"^- `(.+)`$", keys, re.MULTILINE)
    for kind, keys in re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
}


@pytest.fixture(scope="module")
def registered() -> dict[str, list[str]]:
    """What the core registers, read in a process of its own: other tests register parts too."""
    made = subprocess.run(
        [sys.executable, "tools/make_parts.py", "--list"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    found: dict[str, list[str]] = json.loads(made.stdout)
    return found


@pytest.mark.parametrize("kind", sorted(NAMED))
def test_ext1_no_registration_of_the_core_is_lost(registered: dict[str, list[str]], kind: str) -> None:
    missing = sorted(set(NAMED[kind]) - set(registered.get(kind, [])))
    assert missing == [], f"no longer registered as {kind}: if that is meant, run `make docs`"


def test_ext1_the_page_of_parts_is_current(registered: dict[str, list[str]]) -> None:
    more = {kind: sorted(set(keys) - set(NAMED.get(kind, []))) for kind, keys in registered.items()}
    assert {kind: keys for kind, keys in more.items() if keys} == {}, (
        "docs/parts.md is older than the code: run `make docs`"
    )


def test_ext1_the_page_names_every_kind_that_plug_ins_can_add() -> None:
    kinds = {
        "action",
        "fact",
        "listener",
        "mail kind",
        "right",
        "payment method",
        "carrier",
        "section of the settings",
    }
    assert (
        kinds | {"tab of the order window", "block of the order window", "column of the order list", "page"}
        <= NAMED.keys()
    )
    assert sum(map(len, NAMED.values())) > 300
