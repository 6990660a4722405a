"""`kontor migrate`: brings the database to the newest schema; and what each command asks of the schema
before it works.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from backoffice_app import db
from backoffice_app.cli.data_folder import no_kontor_here, require_database_file, require_private_data_folder
from backoffice_app.demo.mark import is_demo, is_untouched
from backoffice_app.migrate import NewerDatabase, goes_down, is_current, is_empty, targets
from backoffice_app.migrate import migrate as migrate_database

LoseData = Annotated[
    bool,
    typer.Option(
        "--lose-data", help="Go down to an older schema: what only the newer one can hold is dropped."
    ),
]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("migrate")(migrate)


def migrate(
    to: Annotated[
        str, typer.Option(help="A revision, `head` or `base`, which is an empty database.")
    ] = "head",
    lose_data: LoseData = False,
) -> None:
    """Bring the database to the newest schema, or to the revision given. A second call does nothing."""
    if to not in targets():
        raise typer.BadParameter(
            f"There is no schema {to}. There are {', '.join(targets())}.", param_hint="--to"
        )
    with refusing_newer():
        if goes_down(db.engine(), to):
            _require_consent(to, lose_data=lose_data)
        migrate_database(db.engine(), to)
        if to == "head":
            _make_tables_of_plugins()
            _say_left_out()
        Console().print(
            "The database is at the newest schema."
            if is_current(db.engine())
            else f"The database is at {to}."
        )


def _require_consent(to: str, *, lose_data: bool) -> None:
    """Ends the command with exit code 1, having changed nothing, before it drops what was not to be dropped."""
    is_a_shops = not is_demo(db.engine()) and not is_untouched(db.engine())
    say = Console(highlight=False, soft_wrap=True).print
    if to == "base" and is_a_shops:
        say(
            "[red]All orders, documents and the history of this shop would be gone.[/red] Nothing was changed."
        )
        say(
            "To begin anew, choose another data folder (KONTOR_DATA_DIR) or another database (KONTOR_DATABASE_URL)."
        )
        raise typer.Exit(1)
    if not lose_data:
        say(
            f"[red]The schema {to} is older: what only the newer one can hold would be gone.[/red] Nothing was changed."
        )
        say("Make a backup, then repeat the command with --lose-data.")
        raise typer.Exit(1)


def upgrade() -> None:
    """The database is at the newest schema; an empty one is set up."""
    with refusing_newer():
        if not is_current(db.engine()):
            migrate_database(db.engine())
    _make_tables_of_plugins()


def prepare() -> bool:
    """An empty database is set up, and the answer is True; one of another version ends the command with exit code 1 and
    says what to do.
    """
    with refusing_newer():
        is_new = is_empty(db.engine())
        if is_new:
            migrate_database(db.engine())
    _require_current()
    _make_tables_of_plugins()
    return is_new


def _make_tables_of_plugins() -> None:
    """The tables that plug-ins bring are there.

    Without a plug-in nothing is imported for it: a start is to be quick.
    """
    from backoffice_app.plugins.load import are_there

    if are_there():
        from backoffice_app import load
        from backoffice_app.plugins.tables import make_tables

        load.domain()
        make_tables(db.engine())


def _say_left_out() -> None:
    """Ends the command with exit code 1 where the table of a plug-in could not be made or changed; names each with the
    reason.
    """
    from backoffice_app.plugins.load import LOADED

    failed = [found for found in LOADED.values() if found.error]
    for found in failed:
        Console().print(
            f"[red]The plug-in {found.key} is left out.[/red] {escape(f'{found.error} {found.where}')}",
            soft_wrap=True,
        )
    if failed:
        raise typer.Exit(1)


def require_shop() -> None:
    """There is a Kontor of this version in the database, else the command ends with exit code 1 and says what to do: it
    makes none.

    A data folder that was typed wrong would else be a new, empty shop. The folder is for its owner alone from now on.
    """
    require_database_file()
    require_private_data_folder()
    with refusing_newer():
        empty = is_empty(db.engine())
    if empty:
        raise no_kontor_here()
    _require_current()


def _require_current() -> None:
    with refusing_newer():
        if not is_current(db.engine()):
            Console().print(
                "[red]The database has the schema of another version.[/red] Make a backup, then run `kontor migrate`."
            )
            raise typer.Exit(1)


@contextmanager
def refusing_newer() -> Iterator[None]:
    """A database of a newer Kontor is left as it is, and the command ends with exit code 1 saying so."""
    try:
        yield
    except NewerDatabase as newer:
        Console().print(
            f"[red]The database was made by a newer Kontor[/red] (schema {newer.revision}). Install that "
            f"version; nothing was changed."
        )
        raise typer.Exit(1) from None
