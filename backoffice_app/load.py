"""Imports what registers itself: actions, facts, mail kinds, pages. Anyone who asks a registry calls this first."""

from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

from backoffice_app import registry

PACKAGE = __package__ or ""


@cache
def domain() -> None:
    """Every action, fact, listener, mail and document kind is registered, and all that plug-ins add."""
    _core()
    _load_plugins()


@cache
def jobs() -> None:
    """The functions that do the jobs are registered."""
    _import_all("worker")


@cache
def everything() -> None:
    """The pages with their states are registered too. A process that shows pages calls this before `domain`."""
    _core()
    _import_all("state")
    _import_all("pages")
    registry.require_complete()
    _load_plugins()


@cache
def _core() -> None:
    _import_all("domain")
    _import_all("documents")
    registry.require_complete()


def _load_plugins() -> None:
    """After the core, so that a plug-in finds all its parts and can take none of its keys."""
    import_module(f"{PACKAGE}.plugins.load").load_plugins()


def _import_all(area: str) -> None:
    """All modules below `area`, so that none has to be named in a list. What imports twice is imported once."""
    package: ModuleType = import_module(f"{PACKAGE}.{area}")
    for found in walk_packages(package.__path__, f"{package.__name__}."):
        import_module(found.name)
