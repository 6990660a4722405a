"""The exported UI is built again when, and only when, something in it changed."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from backoffice_app import web


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of all that goes into the export, taken for the real one."""
    for file in web._inputs():
        copy = tmp_path / file.relative_to(web.ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
    monkeypatch.setattr(web, "ROOT", tmp_path)
    monkeypatch.setattr(web, "BUILT", tmp_path / ".web")
    return tmp_path


def test_run4_an_unchanged_copy_has_the_same_key(checkout: Path) -> None:
    here = web.key()
    (checkout / "backoffice_app/domain/orders.py").write_text("# rules are not drawn\n")

    assert web.key() == here


@pytest.mark.parametrize(
    "changed",
    ["rxconfig.py", "backoffice_app/pages/not_found.py", "backoffice_app/state/me.py", "assets/kontor.css", "reflex.lock/package.json"],
)
def test_run4_a_changed_input_has_another_key(checkout: Path, changed: str) -> None:
    before = web.key()
    with (checkout / changed).open("a") as file:
        file.write("\n")

    assert web.key() != before


def test_run4_a_ui_of_older_code_is_not_current(checkout: Path) -> None:
    page = web.ui_dir() / "build/client/404.html"
    page.parent.mkdir(parents=True)
    page.write_text("")
    assert web.is_current()

    (checkout / "backoffice_app/pages/not_found.py").write_text("")

    assert not web.is_current()


def test_run1_the_lock_of_the_browser_packages_holds_no_address() -> None:
    for name in ("package.json", "package-lock.json"):
        assert '"resolved"' not in (web.ROOT / web.LOCK_DIR / name).read_text()


def test_run1_the_lock_of_the_python_packages_is_hashed_and_holds_no_address() -> None:
    lock = (web.ROOT / "requirements.lock").read_text()

    assert "://" not in lock
    assert all("--hash=sha256:" in entry for entry in lock.split("\n") if entry.startswith("    --hash"))
    assert lock.count("==") <= lock.count("--hash=sha256:")
