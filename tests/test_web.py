"""The exported UI is built again when, and only when, something in it changed."""

import ast
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
    [
        "rxconfig.py",
        "backoffice_app/pages/not_found.py",
        "backoffice_app/state/me.py",
        "assets/kontor.css",
        "backoffice_app/slim_export.py",
        "reflex.lock/package.json",
    ],
)
def test_run4_a_changed_input_has_another_key(checkout: Path, changed: str) -> None:
    before = web.key()
    with (checkout / changed).open("a") as file:
        file.write("\n")

    assert web.key() != before


def home_of(module: str, name: str) -> Path:
    """The file that defines what `from module import name` gives, past the faces of packages that hand it on."""
    path = web.ROOT / module.replace(".", "/")
    if not path.is_dir():
        return path.with_suffix(".py")
    if (path / f"{name}.py").exists():
        return path / f"{name}.py"
    handed_on = [
        n
        for n in ast.walk(ast.parse((path / "__init__.py").read_text("utf-8")))
        if isinstance(n, ast.ImportFrom)
    ]
    [source] = [n.module for n in handed_on if n.module and name in {alias.name for alias in n.names}]
    return home_of(source, name)


def test_run4_what_pages_take_from_elsewhere_goes_into_the_key() -> None:
    pages = [file for folder in ("pages", "ui") for file in (web.PACKAGE / folder).rglob("*.py")]
    imports = [
        node
        for file in pages
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
    ]
    homes = {
        home_of(n.module, a.name)
        for n in imports
        if n.module and n.module.startswith("backoffice_app")
        for a in n.names
    }

    assert len(homes) > 50
    assert sorted(homes - set(web._inputs())) == []


def test_run4_a_page_that_imports_something_new_brings_it_into_the_key(checkout: Path) -> None:
    clock = checkout / "backoffice_app/domain/core/clock.py"
    clock.parent.mkdir(parents=True, exist_ok=True)
    clock.write_text("SLACK = 1\n")
    assert clock not in web._inputs()

    with (checkout / "backoffice_app/pages/not_found.py").open("a") as page:
        page.write("from backoffice_app.domain.core import (\n    clock,\n)\n")

    assert clock in web._inputs()


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


def test_n6_of_a_failed_build_the_errors_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "STAGE", tmp_path)
    noise = [f"npm silly unfinished package {n}" for n in range(400)]
    (tmp_path / "export.log").write_text(
        "\n".join(["npm error code SELF_SIGNED_CERT_IN_CHAIN", "npm http fetch GET", *noise])
    )

    said = web._last_words()

    assert said.startswith("npm error code SELF_SIGNED_CERT_IN_CHAIN\nThe user interface could not be built")


def test_n6_node_trusts_the_authorities_that_the_system_trusts() -> None:
    assert web._environment()["NODE_USE_SYSTEM_CA"] == "1"


@pytest.mark.parametrize("home", ["", "/no/such/home"])
def test_n16_without_a_home_the_build_has_one_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    monkeypatch.setattr(web, "STAGE", tmp_path / "ui")
    monkeypatch.setenv("HOME", home)

    assert web._environment()["HOME"] == str(tmp_path / "home")
    assert (tmp_path / "home").is_dir()


def test_n16_a_home_that_can_be_written_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    assert web._environment()["HOME"] == str(tmp_path)
