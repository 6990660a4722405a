"""`kontor bench`: the figures owed, beside their floors, printed as a table (P)."""

import os
from collections.abc import Iterator
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from backoffice_app import load

if TYPE_CHECKING:
    from backoffice_app.bench.timing import Figure


class Databases(StrEnum):
    """What `--database` takes."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"
    BOTH = "both"


SIZES = [1_000, 100_000]


def register(app: typer.Typer) -> None:
    """Adds `bench`."""
    app.command()(bench)


def bench(
    orders: Annotated[
        list[int] | None, typer.Option(help="Sizes of the shops; 1,000 and 100,000 without it.", min=1000)
    ] = None,
    database: Annotated[Databases, typer.Option(help="What the shops are measured on.")] = Databases.BOTH,
    folder: Annotated[Path, typer.Option(help="Where the shops are kept from run to run.")] = Path(
        "build/bench"
    ),
    row: Annotated[list[str] | None, typer.Option(help="Only these rows, such as P-1.")] = None,
) -> None:
    """Measure the targets; ends with 1 if a row of the largest shop is not met."""
    from backoffice_app.bench.shops import postgres_answers

    console = Console()
    console = console if console.is_terminal else Console(width=150)
    databases = ["sqlite", "postgresql"] if database is Databases.BOTH else [database.value]
    if "postgresql" in databases and not postgres_answers():
        console.print("No PostgreSQL server answers: measured on SQLite only.")
        databases.remove("postgresql")
    sizes = sorted(orders or SIZES)
    missed = 0
    for name in databases:
        smaller: dict[str, Figure] = {}
        for size in sizes:
            table = _table(f"{name}, {size:,} orders; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
            for figure in _measured(console, name, size, folder.resolve(), set(row or [])):
                known = smaller.setdefault(figure.job.name, figure)
                _add(table, figure, known)
                missed += size == sizes[-1] and not figure.is_met
            console.print(table)
    raise typer.Exit(1 if missed else 0)


def _measured(console: Console, database: str, size: int, folder: Path, rows: set[str]) -> "Iterator[Figure]":
    load.domain()  # first: the states of the window are made of the parts that are registered by then
    from backoffice_app.bench import browser, coming_back, documents, lists, orders, starts
    from backoffice_app.bench.floor import Floor
    from backoffice_app.bench.shops import shop
    from backoffice_app.bench.tab import Tab
    from backoffice_app.bench.timing import measure

    columns = (TextColumn(f"Making {size:,} orders on {database}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=size)
        with shop(database, size, folder, lambda done: bar.update(task, completed=done)) as made:
            bar.update(task, visible=False)
            floor = Floor()
            tab = Tab()
            try:
                of_orders = chain(
                    lists.jobs(made, floor, tab),
                    orders.jobs(made, floor, tab),
                    coming_back.jobs(made, floor, tab),
                )
                for job in chain(of_orders, documents.jobs(), starts.jobs(made), browser.jobs(made)):
                    if not rows or job.row in rows:
                        yield measure(job)
            finally:
                floor.close()


def _table(title: str) -> Table:
    table = Table(title=title, title_justify="left")
    for head in ("Row", "Job"):
        table.add_column(head)
    for head in ("median", "p95", "floor", "x floor", "owed", "p95 owed", "flat"):
        table.add_column(head, justify="right")
    table.add_column("")
    return table


def _add(table: Table, figure: "Figure", smaller: "Figure") -> None:
    job = figure.job
    floor = f"{figure.floor:.2f}" if figure.floor is not None else "-"
    times = f"{figure.median / figure.floor:.1f}" if figure.floor else "-"
    owed = f"{job.owed:g}" + (f", x {job.ratio:g}" if job.ratio else "")
    verdict = "[green]met[/]" if figure.is_met else "[red]missed[/]"
    flat = "" if smaller is figure else f"{figure.median / smaller.median:.1f}"
    table.add_row(
        job.row,
        job.name,
        f"{figure.median:.2f}",
        f"{figure.p95:.2f}",
        floor,
        times,
        owed,
        f"{job.p95:g}" if job.p95 else "",
        flat,
        verdict,
    )
