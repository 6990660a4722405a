"""`kontor plugin`: which plug-ins there are, what they add, and why one is not loaded (EXT-1)."""

import json
import logging
import re
import sys
from contextlib import suppress
from pathlib import Path
from shlex import quote
from shutil import which
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from backoffice_app import load
from backoffice_app.plugins import template
from backoffice_app.plugins.about import API
from backoffice_app.plugins.load import load_plugins

logging.getLogger("kontor.plugins").addHandler(logging.NullHandler())  # the command says it itself
plugin = typer.Typer(help="Plug-ins: list them and what they add, or begin a new one.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Adds the group of commands."""
    app.add_typer(plugin, name="plugin")


@plugin.callback()
def _group() -> None:
    """Plug-ins: list them and what they add, or begin a new one."""


@plugin.command("new")
def new(
    name: Annotated[str, typer.Argument(help="What it is called, in small letters: gift-note.")],
    folder: Annotated[Path, typer.Option(help="Where its two files are written.")] = Path("plugins"),
) -> None:
    """Write a plug-in that works, and its test. Nothing is overwritten."""
    key = name.replace("_", "-")
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", key):
        raise typer.BadParameter("Small letters, digits and hyphens, as in gift-note.", param_hint="NAME")
    stem, major = key.replace("-", "_"), int(API.partition(".")[0])
    words: dict[str, str] = {
        "key": key,
        "title": key.replace("-", " ").capitalize(),
        "name": "".join(part.capitalize() for part in key.split("-")),
        "file": f"{stem}.py",
        "test": f"test_{stem}.py",
        "api": API,
        "next": str(major + 1),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in ((folder / words["file"], template.PLUGIN), (folder / words["test"], template.TEST)):
        try:
            with file.open("x", encoding="utf-8") as written:
                written.write(text.format(**words))
            file.chmod(0o644)
        except FileExistsError:
            typer.echo(f"{file} is there already. Nothing was changed.", err=True)
            raise typer.Exit(1) from None
        typer.echo(f"Written: {file}")
    typer.echo(f"Its test:    {_typed('pytest')} {quote(str(folder / words['test']))}")
    typer.echo(f"In the demo: KONTOR_PLUGINS={quote(str(folder / words['file']))} {_typed('kontor')} demo")


def _typed(command: str) -> str:
    """How a command beside this Python is typed: by its name where that is found, else by its path from here."""
    beside = Path(sys.executable).parent / command
    found = which(command)
    if found and Path(found).resolve() == beside.resolve():
        return command
    with suppress(ValueError):
        beside = beside.relative_to(Path.cwd())
    return quote(str(beside))


@plugin.command("list")
def list_plugins(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False,
) -> None:
    """List the plug-ins with what they add. Exit code 1 if one is not loaded."""
    load.domain()
    found = load_plugins().values()
    if as_json:
        rows = [
            {
                "key": one.key,
                "source": one.source,
                "name": one.about.name if one.about else "",
                "version": one.about.version if one.about else "",
                "error": f"{one.error} {one.where}".strip(),
                "adds": one.parts,
            }
            for one in found
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif found:
        table = Table("Plug-in", "Version", "Adds", "File or package")
        for one in found:
            adds = ", ".join(f"{kind} {key}" for kind, keys in one.parts.items() for key in keys)
            state = (
                escape(adds)
                if not one.error
                else f"[red]not loaded: {escape(f'{one.error} {one.where}'.strip())}[/red]"
            )
            table.add_row(one.key, one.about.version if one.about else "", state, escape(one.source))
        Console(highlight=False).print(table)
    else:
        typer.echo(
            f"There are no plug-ins. This Kontor has the plug-in API {API}; KONTOR_PLUGINS names files and folders."
        )
    if any(one.error for one in found):
        raise typer.Exit(1)
