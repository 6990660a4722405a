"""Plug-ins are found and loaded. One that fails is named with its reason, and Kontor starts without it (EXT-1)."""

import json
import logging
import os
import re
import stat
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from backoffice_app.plugins.about import Plugin
from backoffice_app.registry import forget, parts_of, registering, require_complete
from backoffice_app.settings import NO_PLUGINS, Settings, settings

GROUP = "kontor.plugins"
"""The entry points by which packages offer plug-ins."""
LEFT_OUT = "KONTOR_PLUGINS_LEFT_OUT"
"""Names, to the processes that this one starts, the plug-ins that it left out and why, as JSON."""
DRAWS = re.compile(rb"\bdraw\s*=[^=]")
"""How a file names a component of its own."""
log = logging.getLogger("kontor.plugins")


@dataclass(frozen=True)
class Found:
    """One plug-in that was found. `key`: the name of its file or entry point; `source`: its path or package.

    `about`: what it says of itself, None if it could not be read. `error`: why it is not loaded, as a sentence; "" if
    it is. `where`: the last line of the plug-in's own file that was run before it failed.
    """

    key: str
    source: str
    about: Plugin | None = None
    error: str = ""
    where: str = ""

    @property
    def parts(self) -> dict[str, list[str]]:
        """The keys of what it registered, by kind."""
        return {} if self.error else parts_of(self.key)


LOADED: dict[str, Found] = {}
"""Every plug-in that was found, by key, in the order in which they were loaded."""


def load_plugins() -> dict[str, Found]:
    """Loads all plug-ins that are not loaded yet: files first, by name, then packages.

    Never raises for a plug-in that fails.
    """
    given = settings()
    if given.plugins == NO_PLUGINS:
        return LOADED
    for file in files(given):
        _load(key_of(file), file)
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        _load(point.name, point)
    return LOADED


def key_of(file: Path) -> str:
    """The key of the plug-in in a file: gift-note for gift_note.py."""
    return file.stem.replace("_", "-")


def module_name(key: str) -> str:
    """The name under which the module of a plug-in's file is imported."""
    return f"kontor_plugin_{key.replace('-', '_')}"


def are_there() -> bool:
    """Whether there is a plug-in to load."""
    given = settings()
    return given.plugins != NO_PLUGINS and bool(next(files(given), None) or entry_points(group=GROUP))


def files(given: Settings) -> Iterator[Path]:
    """The files of plug-ins by name: those that KONTOR_PLUGINS names, a folder for all in it, else those beside the
    data folder.
    """
    for path in given.plugin_paths or [given.data_dir.parent / "plugins"]:
        if path.is_dir():
            yield from sorted(file for file in path.glob("*.py") if not file.name.startswith(("_", "test_")))
        elif path in given.plugin_paths:
            yield path


def drawing_files() -> tuple[Path, ...]:
    """The files of plug-ins that bring components of their own, by their text: no plug-in is loaded to find
    out.

    Of a package it is the module of its entry point. One that would not be loaded, because others can change
    it, is left out.
    """
    given = settings()
    if given.plugins == NO_PLUGINS:
        return ()
    points = sorted(entry_points(group=GROUP), key=lambda point: point.name)
    found = [*files(given), *(file for point in points if (file := _file_of(point)) is not None)]
    return tuple(
        file
        for file in found
        if file.is_file() and not _why_not_trusted(file) and DRAWS.search(file.read_bytes())
    )


def _file_of(point: EntryPoint) -> Path | None:
    """The file of a package's plug-in; None where it can't be found, which loading it says."""
    try:
        found = find_spec(point.module)
    except (ImportError, ValueError):
        return None
    return Path(found.origin) if found is not None and found.origin else None


def _load(key: str, source: Path | EntryPoint) -> None:
    name = str(source) if isinstance(source, Path) else source.value
    if key in LOADED:
        if LOADED[key].source != name:
            log.error(
                "The plug-in %s is not loaded: %s has the same name. Rename one of the files.",
                name,
                LOADED[key].source,
            )
        return
    if reason := _left_out().get(key):
        LOADED[key] = Found(key, name, error=reason)
        return
    about: Plugin | None = None
    try:
        with registering(key):
            module = _module(key, source)
            about = getattr(module, "PLUGIN", None)
            if not isinstance(about, Plugin):
                raise NotLoaded("It has no PLUGIN = Plugin(name=..., version=..., api=...).")
            if reason := about.why_not():
                raise NotLoaded(reason)
            require_complete()
    except Exception as error:  # whatever a plug-in does wrong, Kontor starts
        LOADED[key] = Found(
            key, name, about if isinstance(about, Plugin) else None, _sentence(error), _where(error, name)
        )
        _say_not_loaded(LOADED[key])
        return
    LOADED[key] = Found(key, name, about)
    log.info("The plug-in %s %s is loaded.", key, about.version)


def leave_out(key: str, error: Exception) -> None:
    """A plug-in that was loaded is left out after all: here, and in every process that this one starts."""
    forget(key)
    found = LOADED.get(key, Found(key, key))
    LOADED[key] = replace(found, error=_sentence(error), where=_where(error, found.source))
    os.environ[LEFT_OUT] = json.dumps(_left_out() | {key: LOADED[key].error})
    _say_not_loaded(LOADED[key])


def _left_out() -> dict[str, str]:
    """Why plug-ins are left out that the process that started this one could not use."""
    known: dict[str, str] = json.loads(os.environ.get(LEFT_OUT, "{}"))
    return known


def _say_not_loaded(found: Found) -> None:
    log.error("The plug-in %s is not loaded. %s %s", found.key, found.error, found.where)


class NotLoaded(Exception):  # noqa: N818
    """A plug-in is not loaded; the message is a sentence that says why."""


def _module(key: str, source: Path | EntryPoint) -> ModuleType:
    if isinstance(source, EntryPoint):
        found = source.load()
        return found if isinstance(found, ModuleType) else sys.modules[found.__module__]
    if not source.is_file():
        raise NotLoaded(f"There is no file {source}; KONTOR_PLUGINS names it.")
    if reason := _why_not_trusted(source):
        raise NotLoaded(reason)
    name = module_name(key)
    spec = spec_from_file_location(name, source)
    if spec is None or spec.loader is None:
        raise NotLoaded("It is no Python file.")
    module = sys.modules[name] = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _why_not_trusted(file: Path) -> str:
    """Code that others can change is not run: file and folder belong to this user or root, and only they and their own
    group may write.
    """
    for path in (file, file.parent):
        found = path.stat()
        if found.st_uid not in {os.getuid(), 0}:
            return f"{path} belongs to another user."
        if found.st_mode & stat.S_IWOTH or (
            found.st_mode & stat.S_IWGRP and found.st_gid not in {os.getgid(), 0}
        ):
            return f"Other users may write to {path}; take that right away (chmod go-w)."
    return ""


def _sentence(error: Exception) -> str:
    return str(error) if isinstance(error, NotLoaded) else f"{type(error).__name__}: {error}"


def _where(error: Exception, source: str) -> str:
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == source]
    return f"(line {own[-1].lineno}: {own[-1].line})" if own else ""
