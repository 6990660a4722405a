"""The exported UI: built once by Reflex and Node, reused until something that goes into it changes, or shipped in the
wheel (RUN-4).
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from backoffice_app.settings import NO_PLUGINS, settings

PACKAGE = Path(__file__).parent
ROOT = PACKAGE.parent
SHIPPED = PACKAGE / "web"
"""Where a wheel carries the export. A checkout has none and builds its own."""
BUILT = ROOT / ".web"
"""The exports of a checkout, each in a folder named by its key: a running server keeps its own while the
next is built.
"""
KEPT = 6
STAGE = ROOT / "build" / "ui"
"""A folder of its own for the export: Reflex leaves files in the folder it runs in."""
CHATTER = re.compile(r"\bnpm (silly|verbose|http|timing|info|notice)\b")
LOCK_DIR = "reflex.lock"
DRAWN = ("backoffice_app/pages", "backoffice_app/state", "backoffice_app/ui")
"""What the pages are made of. What these import from elsewhere, words and choices, is compiled into them too."""
DRAWN_PLAINLY = ", so it is drawn as plain data."
"""Ends each line of the export's log that says so of a component of a plug-in."""
IMPORTS = re.compile(r"^\s*from (backoffice_app[\w.]*) import (\([^)]*\)|[^\n]*)", re.MULTILINE)


class BuildFailed(Exception):  # noqa: N818
    """The UI could not be built; the message says what to do."""


class NoNode(BuildFailed):
    """There is no Node to build with."""


def drawing() -> tuple[Path, ...]:
    """The files of plug-ins that bring components of their own, which are built into the UI (EXT-1)."""
    from backoffice_app.plugins.load import drawing_files

    return drawing_files()


def ui_dir(drawn: Sequence[Path] = ()) -> Path:
    """The folder of the exported UI that belongs to this code: the shipped one, else the one built here; it
    need not be there yet.

    `drawn`: the files of plug-ins whose components are in it.
    """
    return SHIPPED if SHIPPED.exists() else BUILT / key(drawn)[:16]


def is_current(drawn: Sequence[Path] = ()) -> bool:
    """Whether the exported UI that belongs to this code is there."""
    return is_whole(ui_dir(drawn))


def is_whole(folder: Path) -> bool:
    """Whether `folder` holds an exported UI."""
    return (folder / "build/client/404.html").exists()


def key(drawn: Sequence[Path] = ()) -> str:
    """A digest of all that goes into the export: its Python files, texts, styles, locked packages and
    versions, and plug-ins.
    """
    digest = hashlib.sha256(f"{version('reflex')} {version('reflex-base')} {sys.version_info[:2]}".encode())
    for file in _inputs():
        digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    for file in drawn:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _inputs() -> Iterator[Path]:
    drawn = [file for folder in DRAWN for file in sorted((ROOT / folder).rglob("*.py"))]
    starts = [
        ROOT / "rxconfig.py",
        ROOT / "backoffice_app/backoffice_app.py",
        ROOT / "backoffice_app/slim_export.py",
    ]
    pages = [file for file in drawn if file.relative_to(ROOT).parts[1] != "state"]
    imported = {home for file in pages for home in _imported(file)}
    yield from dict.fromkeys([*starts, *drawn, *sorted(imported)])
    for folder, pattern in (
        ("backoffice_app/locales", "kontor.po"),
        ("backoffice_app/ui/lucide", "*"),
        ("assets", "*"),
        (LOCK_DIR, "*.json"),
    ):
        yield from sorted(f for f in (ROOT / folder).rglob(pattern) if f.is_file())


def _imported(file: Path) -> Iterator[Path]:
    """The files of ours that a file imports names from; all of a package that hands names on."""
    for module, names in IMPORTS.findall(file.read_text("utf-8")):
        home = ROOT / module.replace(".", "/")
        if home.with_suffix(".py").exists():
            yield home.with_suffix(".py")
            continue
        single = [home / f"{name}.py" for name in re.findall(r"\w+", names) if (home / f"{name}.py").exists()]
        yield from single or sorted(home.rglob("*.py"))


def ensure_ui(say: Callable[[str], None] = print, *, relock: bool = False) -> Path:
    """The folder of an up-to-date export, built now if need be (about 15 s the first time).

    Components of plug-ins are built into it. Where that fails, why is said, and they are drawn as plain data.
    `relock` accepts newer npm packages and writes `reflex.lock`, without plug-ins; else a changed lock fails
    the build. Raises BuildFailed.
    """
    drawn = () if relock else drawing()
    if drawn and (made := _with_plug_ins(say, drawn)) is not None:
        return made
    return _ensure(say, (), relock=relock)


def _with_plug_ins(say: Callable[[str], None], drawn: Sequence[Path]) -> Path | None:
    """The folder of an export with the components of these plug-ins; None, with the reason said, where there
    can't be one.
    """
    names = ", ".join(file.name for file in drawn)
    plain = f"Components of plug-ins ({names}) are not built, so their data is drawn plainly:"
    if SHIPPED.exists():
        say(
            f"{plain} this Kontor brings its user interface ready-made. It is built from a checkout with the "
            f"extra `build`."
        )
        return None
    failed = STAGE.parent / f"failed-{key(drawn)[:16]}"
    if failed.exists() and not is_current(drawn):
        say(
            f"{plain} the last attempt failed. Change the plug-in, or remove {failed}, which says why, to try again."
        )
        return None
    try:
        return _ensure(say, drawn)
    except NoNode as no:
        say(f"{plain} {no}")
    except BuildFailed as no:
        failed.write_text(str(no), "utf-8")
        say(f"{plain} {no}")
    return None


def _ensure(say: Callable[[str], None], drawn: Sequence[Path], *, relock: bool = False) -> Path:
    """As `ensure_ui`, with the components of just these plug-ins."""
    if is_current(drawn) and not relock:
        return ui_dir(drawn)
    with _readable_by_all(), _one_at_a_time() as lock:
        folder = ui_dir(drawn)
        if is_whole(folder) and not relock:  # another process built it meanwhile
            return folder
        environment = _environment(drawn)
        say("Building the user interface (once; about 15 seconds) ...")
        if not (_stage() and _export(lock, environment)):
            shutil.rmtree(STAGE / "web", ignore_errors=True)
            if not _export(lock, environment):
                raise BuildFailed(_last_words())
        _check_lock(relock)
        for line in (STAGE / "export.log").read_text("utf-8", "replace").splitlines() if drawn else ():
            if line.endswith(DRAWN_PLAINLY):
                say(line)
        folder = ui_dir(drawn) if relock else folder
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
    parts = [
        version("reflex").encode(),
        *(f.read_bytes() for f in sorted([STAGE / "rxconfig.py", *(STAGE / LOCK_DIR).glob("*.json")])),
    ]
    base, file = hashlib.sha256(b"\0".join(parts)).hexdigest(), STAGE / "base"
    is_same = file.exists() and file.read_text("utf-8") == base and (STAGE / "web").exists()
    file.write_text(base, "utf-8")
    shutil.rmtree(STAGE / "web/build", ignore_errors=True)
    return is_same


def _export(lock: int, environment: dict[str, str]) -> bool:
    """Whether Reflex has made an export; what it says is in the stage's log."""
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    with (STAGE / "export.log").open("w", encoding="utf-8") as out:
        done = subprocess.run(  # noqa: S603
            command,
            cwd=STAGE,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
            pass_fds=[lock],
            check=False,
        )
    return done.returncode == 0 and is_whole(STAGE / "web")


def _last_words() -> str:
    """Why it could not be built: the end of the log without npm's chatter, which buries its errors under hundreds of
    lines.
    """
    log = STAGE / "export.log"
    lines = [line for line in log.read_text("utf-8", "replace").splitlines() if not CHATTER.search(line)]
    tail = "\n".join(lines[-20:])
    return f"{tail}\nThe user interface could not be built; all that was said is in {log}."


def _environment(drawn: Sequence[Path] = ()) -> dict[str, str]:
    """What the export runs in: of plug-ins it loads those that draw, and no others, so the same code gives
    the same export.
    """
    scripts = sysconfig.get_path("scripts")
    if not (Path(scripts) / "node").exists() and shutil.which("node") is None:
        raise NoNode(
            "There is no Node to build the user interface with: run `make setup`, which installs it from PyPI."
        )
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("KONTOR_")}
    return inherited | {
        "HOME": _home(),
        "PATH": scripts + os.pathsep + os.environ.get("PATH", ""),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        "REFLEX_WEB_WORKDIR": str(STAGE / "web"),
        "KONTOR_PLUGINS": _plug_ins(drawn),
        "REFLEX_USE_NPM": "1",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "npm_config_omit_lockfile_registry_resolved": "true",
        "npm_config_fund": "false",
        "npm_config_audit": "false",
        "npm_config_update_notifier": "false",
        # a company's own certificate authority is known to the system, as pip and uv ask it too
        "NODE_USE_SYSTEM_CA": "1",
        "NO_COLOR": "1",
    }


def _plug_ins(drawn: Sequence[Path]) -> str:
    """What KONTOR_PLUGINS is for an export with these: the files by name; packages load by themselves,
    unless it says "none".
    """
    from backoffice_app.plugins.load import files

    if not drawn:
        return NO_PLUGINS
    nothing = STAGE / "plugins"
    nothing.mkdir(parents=True, exist_ok=True)
    own = [str(file.resolve()) for file in files(settings()) if file in drawn]
    return os.pathsep.join(own) or str(nothing)


def _home() -> str:
    """The user's home, where npm and Reflex keep things; one beside the stage for a user without one, or with one that
    is read-only.
    """
    home = os.environ.get("HOME", "")
    if home and os.path.isdir(home) and os.access(home, os.W_OK):
        return home
    own = STAGE.parent / "home"
    own.mkdir(parents=True, exist_ok=True)
    return str(own)


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
            raise BuildFailed(
                f"{name} holds addresses of packages; npm's option omit-lockfile-registry-resolved was not heeded."
            )
        if kept.exists() and json.loads(kept.read_text("utf-8")) == json.loads(
            made.read_text("utf-8")
        ):  # the order of keys varies
            continue
        if not relock:
            raise BuildFailed(
                f"The pages need other npm packages than {LOCK_DIR}/{name} holds. Run `kontor ui --relock` "
                f"and commit it."
            )
        kept.parent.mkdir(exist_ok=True)
        shutil.copy2(made, kept)
