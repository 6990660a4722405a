"""The exported UI: built once by Reflex and Node, reused until something that goes into it changes, or shipped in the wheel (RUN-4)."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

PACKAGE = Path(__file__).parent
ROOT = PACKAGE.parent
SHIPPED = PACKAGE / "web"
"""Where a wheel carries the export. A checkout has none and builds its own."""
BUILT = ROOT / ".web"
"""The exports of a checkout, each in a folder named by its key: a running server keeps its own while the next is built."""
KEPT = 6
STAGE = ROOT / "build" / "ui"
"""A folder of its own for the export: Reflex leaves files in the folder it runs in."""
LOCK_DIR = "reflex.lock"
SOURCES = ("backoffice_app/pages", "backoffice_app/state", "backoffice_app/ui")
SINGLE = (
    "rxconfig.py",
    "backoffice_app/backoffice_app.py",
    "backoffice_app/i18n.py",
    # What pages take from below is compiled into them: words, choices, and the places of a row's cells.
    "backoffice_app/documents/texts.py",
    "backoffice_app/domain/core/rights.py",
    "backoffice_app/domain/core/shown.py",
    "backoffice_app/domain/listing/filters.py",
    "backoffice_app/domain/listing/rows.py",
    "backoffice_app/domain/mail/kinds.py",
    "backoffice_app/domain/people/keys.py",
    "backoffice_app/domain/people/passwords.py",
    "backoffice_app/domain/settings.py",
    "backoffice_app/domain/window/views.py",
)


class BuildFailed(Exception):  # noqa: N818
    """The UI could not be built; the message says what to do."""


def ui_dir() -> Path:
    """The folder of the exported UI that belongs to this code: the shipped one, else the one built here; it need not be there yet."""
    return SHIPPED if SHIPPED.exists() else BUILT / key()[:16]


def is_current() -> bool:
    """Whether the exported UI that belongs to this code is there."""
    return is_whole(ui_dir())


def is_whole(folder: Path) -> bool:
    """Whether `folder` holds an exported UI."""
    return (folder / "build/client/404.html").exists()


def key() -> str:
    """A digest of all that goes into the export: its Python files, texts, styles, locked packages and versions."""
    digest = hashlib.sha256(f"{version('reflex')} {version('reflex-base')} {sys.version_info[:2]}".encode())
    for file in _inputs():
        digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _inputs() -> Iterator[Path]:
    for folder in SOURCES:
        yield from sorted((ROOT / folder).rglob("*.py"))
    yield from (ROOT / name for name in SINGLE)
    for folder, pattern in (("backoffice_app/locales", "kontor.po"), ("assets", "*"), (LOCK_DIR, "*.json")):
        yield from sorted(f for f in (ROOT / folder).rglob(pattern) if f.is_file())


def ensure_ui(say: Callable[[str], None] = print, *, relock: bool = False) -> Path:
    """The folder of an up-to-date export, built now if need be (about 15 s the first time).

    `relock` accepts newer npm packages and writes `reflex.lock`; else a changed lock fails the build. Raises BuildFailed.
    """
    if is_current() and not relock:
        return ui_dir()
    with _readable_by_all(), _one_at_a_time() as lock:
        folder = ui_dir()
        if is_whole(folder) and not relock:  # another process built it meanwhile
            return folder
        say("Building the user interface (once; about 15 seconds) ...")
        if not (_stage() and _export(lock)):
            shutil.rmtree(STAGE / "web", ignore_errors=True)
            if not _export(lock):
                raise BuildFailed(_last_words())
        _check_lock(relock)
        folder = ui_dir() if relock else folder
        _keep(folder)
        say("The user interface is built.")
    return folder


@contextmanager
def _readable_by_all() -> Iterator[None]:
    """What is built holds nothing of the shop, and the user who serves it is often not the one who built it."""
    former = os.umask(0o022)
    try:
        yield
    finally:
        os.umask(former)


@contextmanager
def _one_at_a_time() -> Iterator[int]:
    """Holds the stage; the number of the held lock, for a child to hold it as long as it lives."""
    STAGE.mkdir(parents=True, exist_ok=True)
    with (STAGE.parent / "ui.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock.fileno()


def _stage() -> bool:
    """The stage holds configuration, locked packages and assets; the code is found on the Python path.

    Whether the last export can be built upon: with the same configuration and packages it takes seconds.
    """
    shutil.copy2(ROOT / "rxconfig.py", STAGE / "rxconfig.py")
    for folder in ("assets", LOCK_DIR):
        shutil.rmtree(STAGE / folder, ignore_errors=True)
        if (ROOT / folder).exists():
            shutil.copytree(ROOT / folder, STAGE / folder)
    parts = [version("reflex").encode(), *(f.read_bytes() for f in sorted([STAGE / "rxconfig.py", *(STAGE / LOCK_DIR).glob("*.json")]))]
    base, file = hashlib.sha256(b"\0".join(parts)).hexdigest(), STAGE / "base"
    is_same = file.exists() and file.read_text("utf-8") == base and (STAGE / "web").exists()
    file.write_text(base, "utf-8")
    shutil.rmtree(STAGE / "web/build", ignore_errors=True)
    return is_same


def _export(lock: int) -> bool:
    """Whether Reflex has made an export; what it says is in the stage's log."""
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    with (STAGE / "export.log").open("w", encoding="utf-8") as out:
        done = subprocess.run(  # noqa: S603
            command, cwd=STAGE, env=_environment(), stdout=out, stderr=subprocess.STDOUT, pass_fds=[lock], check=False
        )
    return done.returncode == 0 and is_whole(STAGE / "web")


def _last_words() -> str:
    log = STAGE / "export.log"
    tail = "\n".join(log.read_text("utf-8", "replace").splitlines()[-40:])
    return f"{tail}\nThe user interface could not be built; all that was said is in {log}."


def _environment() -> dict[str, str]:
    scripts = sysconfig.get_path("scripts")
    if not (Path(scripts) / "node").exists() and shutil.which("node") is None:
        raise BuildFailed("There is no Node to build the user interface with: run `make setup`, which installs it from PyPI.")
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("KONTOR_")}
    return inherited | {
        "PATH": scripts + os.pathsep + os.environ.get("PATH", ""),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        "REFLEX_WEB_WORKDIR": str(STAGE / "web"),
        "REFLEX_USE_NPM": "1",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "npm_config_omit_lockfile_registry_resolved": "true",
        "npm_config_fund": "false",
        "npm_config_audit": "false",
        "npm_config_update_notifier": "false",
        "NO_COLOR": "1",
    }


def _keep(folder: Path) -> None:
    """What a server needs of the export is in `folder`, whole or not at all; exports long out of use are gone."""
    draft = folder.with_name(folder.name + ".draft")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(STAGE / "web/build/client", draft / "build/client")
    shutil.copytree(STAGE / "web/backend", draft / "backend")
    shutil.copy2(STAGE / "web/routes.json", draft / "routes.json")
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)
    for old in sorted(BUILT.iterdir(), key=lambda f: f.stat().st_mtime, reverse=True)[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


def _check_lock(relock: bool) -> None:
    """The npm packages are the locked ones, or the lock is written anew, without any address in it."""
    for name in ("package.json", "package-lock.json"):
        made, kept = STAGE / LOCK_DIR / name, ROOT / LOCK_DIR / name
        if '"resolved"' in made.read_text("utf-8"):
            raise BuildFailed(f"{name} holds addresses of packages; npm's option omit-lockfile-registry-resolved was not heeded.")
        if kept.exists() and json.loads(kept.read_text("utf-8")) == json.loads(made.read_text("utf-8")):  # the order of keys varies
            continue
        if not relock:
            raise BuildFailed(f"The pages need other npm packages than {LOCK_DIR}/{name} holds. Run `kontor ui --relock` and commit it.")
        kept.parent.mkdir(exist_ok=True)
        shutil.copy2(made, kept)
