"""`kontor generate`: any number of realistic orders, for trying out and for measuring (P-10)."""

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


def register(app: typer.Typer) -> None:
    """Adds `generate`."""
    app.command()(generate)


def generate(
    count: Annotated[int, typer.Argument(metavar="N", min=1, help="How many orders.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same orders.")] = 1,
) -> None:
    """Add N made-up orders with customers, invoices, payments, shipments and history, to a demo or to a database
    without orders.
    """
    from backoffice_app import db
    from backoffice_app import generate as bulk
    from backoffice_app.cli.migrate import upgrade

    _require_no_orders_of_a_shop()
    upgrade()
    columns = (
        TextColumn("Orders"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    console = Console()
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=count)
        bulk.generate(db.engine(), count, seed, lambda done: bar.update(task, completed=done))
    typer.echo(f"{count} orders were added.")


def _require_no_orders_of_a_shop() -> None:
    """Ends with exit code 1, having changed nothing, if the database has orders and is not a demo's."""
    from backoffice_app import db
    from backoffice_app.cli.migrate import refusing_newer
    from backoffice_app.demo.mark import may_be_filled
    from backoffice_app.migrate import is_empty

    with refusing_newer():
        if is_empty(db.engine()) or may_be_filled(db.engine()):
            return
    said = Console(highlight=False).print
    said("[red]The database already has orders and is not a demo.[/red] Nothing was changed.", soft_wrap=True)
    said("Made-up orders go into a demo or into a database without orders.", soft_wrap=True)
    raise typer.Exit(1)
