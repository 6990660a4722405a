"""`kontor import`: orders from files, order by order, with a report (API-2)."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from backoffice_app import logs
from backoffice_app.domain import everything
from backoffice_app.domain.core.errors import Away, Unknown
from backoffice_app.domain.core.rights import COMMAND
from backoffice_app.domain.intake.files import Format, count_orders
from backoffice_app.domain.intake.take_in import ImportedRow, Outcome, import_files

__all__ = ["everything", "import_orders", "register"]
LOOK = {Outcome.IMPORTED: "green", Outcome.WOULD_BE: "green", Outcome.SKIPPED: "yellow", Outcome.REFUSED: "red"}


def register(app: typer.Typer) -> None:
    """Adds `import`."""
    app.command("import")(import_orders)


def import_orders(
    files: Annotated[
        list[Path], typer.Argument(exists=True, dir_okay=False, readable=True, help="Files of orders, as JSON.", metavar="FILE...")
    ],
    format: Annotated[Format | None, typer.Option(help="Whose orders they are; recognised by itself without it.")] = None,  # noqa: A002
    source: Annotated[str, typer.Option(help="A name for the shop they are from, where there are several of one kind.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would become of each order, and keep nothing.")] = False,
) -> None:
    """Take in orders of Kontor, WooCommerce or Shopify. Exit code 0: all are there; 1: some were refused, or the database went away."""
    from backoffice_app.cli.migrate import prepare

    prepare()
    logs.start()  # an order that breaks Kontor is reported by a number, which must stand somewhere
    console = Console(highlight=False, soft_wrap=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    outcomes: Counter[Outcome] = Counter()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Orders", total=sum(count_orders(file) for file in files) or None)
        try:
            for row in import_files(COMMAND, files, format, source=source, dry_run=dry_run):
                outcomes[row.outcome] += 1
                show(console, row)
                progress.advance(task)
        except (Away, Unknown):
            console.print(f"The import stopped after {outcomes.total()} orders. Start it again: what is there already is skipped.")
            raise
    counts = ", ".join(f"{outcomes[outcome]} {outcome.value}" for outcome in Outcome if outcomes[outcome]) or "no orders in it"
    console.print(f"{'Dry run, nothing was kept: ' if dry_run else ''}{counts}.")
    if outcomes[Outcome.REFUSED]:
        raise typer.Exit(1)


def show(console: Console, row: ImportedRow) -> None:
    """One line for the order, then one for each problem and remark."""
    place = f"{Path(row.file).name}{f' {row.index}' if row.index else ''}{f' ({row.name})' if row.name else ''}"
    more = f" as {row.number}" if row.outcome is Outcome.IMPORTED else f", is there as {row.number}" if row.number else ""
    console.print(f"{escape(place)}: [{LOOK[row.outcome]}]{row.outcome.value}[/]{escape(more)}")
    for problem in row.problems:
        reason = problem.reason.in_language("en")
        console.print(f"    {escape(f'{problem.field}: {reason}' if problem.field else reason)}")
    for remark in row.remarks:
        console.print(f"    {escape(remark.in_language('en'))}")
