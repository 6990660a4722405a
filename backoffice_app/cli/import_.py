"""`kontor import`: orders from files, order by order, with a report (API-2)."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from backoffice_app import load, logs
from backoffice_app.cli.import_report import report_to
from backoffice_app.domain.core.errors import Away, Unknown
from backoffice_app.domain.core.rights import COMMAND
from backoffice_app.domain.intake.files import Format, count_orders
from backoffice_app.domain.intake.report import about_invoices
from backoffice_app.domain.intake.take_in import ImportedRow, Invoicing, Outcome, import_files
from backoffice_app.domain.invoicing.lacks import OF_SELLER, Lack, sentences_of

LOOK = {
    Outcome.IMPORTED: "green",
    Outcome.WOULD_BE: "green",
    Outcome.UPDATED: "green",
    Outcome.WOULD_BE_UPDATED: "green",
    Outcome.SKIPPED: "yellow",
    Outcome.REPEATED: "yellow",
    Outcome.REFUSED: "red",
}


def register(app: typer.Typer) -> None:
    """Adds `import`."""
    app.command("import")(import_orders)


def import_orders(
    files: Annotated[
        list[Path],
        typer.Argument(
            exists=True, dir_okay=False, readable=True, help="Files of orders, as JSON.", metavar="FILE..."
        ),
    ],
    format: Annotated[  # noqa: A002
        Format | None, typer.Option(help="Whose orders they are; recognised by itself without it.")
    ] = None,
    source: Annotated[
        str, typer.Option(help="A name for the shop they are from, where there are several of one kind.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would become of each order, and keep nothing.")
    ] = False,
    issue: Annotated[
        bool,
        typer.Option(
            "--issue",
            help=(
                "Invoice orders of the past too: shipped, completed, cancelled, or older than the shop's "
                "first day in Kontor."
            ),
        ),
    ] = False,
    *,
    report: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False,
            help="Write what became of each order into this file: .csv or .json.",
            metavar="FILE",
        ),
    ] = None,
) -> None:
    """Take in orders of Kontor, WooCommerce or Shopify.

    Exit code 0: all are there; 1: some were refused, or the database went away.
    """
    from backoffice_app.cli.data_folder import shops_place
    from backoffice_app.cli.migrate import prepare

    load.domain()
    if prepare():
        typer.echo(f"There was no shop {shops_place()}: a new one is made.", err=True)
    logs.start()  # an order that breaks Kontor is reported by a number, which must stand somewhere
    console = Console(highlight=False, soft_wrap=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    outcomes: Counter[Outcome] = Counter()
    invoices: Counter[Invoicing] = Counter()
    lacks: set[Lack] = set()
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    with report_to(report, files) as add_to_report, bar as progress:
        task = progress.add_task("Orders", total=sum(count_orders(file) for file in files) or None)
        try:
            for row in import_files(COMMAND, files, format, source=source, dry_run=dry_run, issue=issue):
                outcomes[row.outcome] += 1
                invoices[row.invoicing] += 1
                lacks.update(row.lacks)
                show(console, row)
                add_to_report(row)
                progress.advance(task)
        except (Away, Unknown):
            console.print(
                f"The import stopped after {outcomes.total()} orders. Start it again: what is there already is skipped."
            )
            raise
    counts = (
        ", ".join(f"{outcomes[outcome]} {outcome.value}" for outcome in Outcome if outcomes[outcome])
        or "no orders in it"
    )
    console.print(f"{'Dry run, nothing was kept: ' if dry_run else ''}{counts}.")
    for line in about_invoices(invoices, dry_run=dry_run):
        console.print(line.in_language("en"))
    if invoices[Invoicing.PAST]:
        console.print("With --issue orders of the past are invoiced too.")
    for sentence in sentences_of(lack for lack in Lack if lack in lacks & OF_SELLER):
        console.print(f"    {sentence.in_language('en')}")
    if outcomes[Outcome.REFUSED]:
        raise typer.Exit(1)


def show(console: Console, row: ImportedRow) -> None:
    """One line for the order, then one for each problem and remark."""
    place = (
        f"{Path(row.file).name}{f' {row.index}' if row.index else ''}{f' ({row.name})' if row.name else ''}"
    )
    more = (
        f" as {row.number}"
        if row.outcome is Outcome.IMPORTED
        else f", is there as {row.number}"
        if row.number
        else ""
    )
    console.print(f"{escape(place)}: [{LOOK[row.outcome]}]{row.outcome.value}[/]{escape(more)}")
    for problem in row.problems:
        reason = problem.reason.in_language("en")
        console.print(f"    {escape(f'{problem.field}: {reason}' if problem.field else reason)}")
    for remark in row.remarks:
        console.print(f"    {escape(remark.in_language('en'))}")
