"""`kontor generate`: any number of realistic orders, for trying out and for measuring (P-10)."""

from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


def register(app: typer.Typer) -> None:
    """Adds `generate`."""
    app.command()(generate)


def generate(
    count: Annotated[int, typer.Argument(metavar="N", min=1, help="How many orders.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same orders.")] = 1,
) -> None:
    """Add N realistic orders with customers, invoices, payments, shipments and history."""
    from backoffice_app import db
    from backoffice_app import generate as bulk
    from backoffice_app.migrate import migrate

    migrate(db.engine())
    columns = (TextColumn("Orders"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns) as bar:
        task = bar.add_task("", total=count)
        bulk.generate(db.engine(), count, seed, lambda done: bar.update(task, completed=done))
    typer.echo(f"{count} orders are there.")
