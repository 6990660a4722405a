"""`kontor migrate`: brings the database to the newest schema."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from backoffice_app import db
from backoffice_app.migrate import NewerDatabase, is_current, is_empty
from backoffice_app.migrate import migrate as migrate_database


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("migrate")(migrate)


def migrate(to: str = typer.Option("head", help="A revision, `head` or `base`.")) -> None:
    """Bring the database to the newest schema, or to the revision given. A second call does nothing."""
    with refusing_newer():
        migrate_database(db.engine(), to)
        Console().print("The database is at the newest schema." if is_current(db.engine()) else f"The database is at {to}.")


def upgrade() -> None:
    """The database is at the newest schema; an empty one is set up."""
    with refusing_newer():
        if not is_current(db.engine()):
            migrate_database(db.engine())


def prepare() -> None:
    """An empty database is set up; one of another version ends the command with exit code 1 and says what to do."""
    with refusing_newer():
        if is_empty(db.engine()):
            migrate_database(db.engine())
        elif not is_current(db.engine()):
            Console().print("[red]The database has the schema of another version.[/red] Make a backup, then run `kontor migrate`.")
            raise typer.Exit(1)


@contextmanager
def refusing_newer() -> Iterator[None]:
    """A database of a newer Kontor is left as it is, and the command ends with exit code 1 saying so."""
    try:
        yield
    except NewerDatabase as newer:
        Console().print(
            f"[red]The database was made by a newer Kontor[/red] (schema {newer.revision}). Install that version; nothing was changed."
        )
        raise typer.Exit(1) from None
