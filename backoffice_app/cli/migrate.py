"""`kontor migrate`: brings the database to the newest schema."""

import typer
from rich.console import Console

from backoffice_app import db
from backoffice_app.migrate import is_current, is_empty
from backoffice_app.migrate import migrate as migrate_database


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("migrate")(migrate)


def migrate(to: str = typer.Option("head", help="A revision, `head` or `base`.")) -> None:
    """Bring the database to the newest schema, or to the revision given. A second call does nothing."""
    migrate_database(db.engine(), to)
    Console().print("The database is at the newest schema." if is_current(db.engine()) else f"The database is at {to}.")


def upgrade() -> None:
    """The database is at the newest schema; an empty one is set up."""
    if not is_current(db.engine()):
        migrate_database(db.engine())


def prepare() -> None:
    """An empty database is set up; one of another version ends the command with exit code 1 and says what to do."""
    if is_empty(db.engine()):
        migrate_database(db.engine())
    elif not is_current(db.engine()):
        Console().print("[red]The database has the schema of another version.[/red] Make a backup, then run `kontor migrate`.")
        raise typer.Exit(1)
