"""The report of `kontor import --report FILE`: what became of each order, as CSV or JSON (API-2)."""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import typer

from backoffice_app.domain.core.csv_text import BOM, cell_of
from backoffice_app.domain.intake.take_in import ImportedRow
from backoffice_app.domain.invoicing.lacks import OF_SELLER, sentences_of

HEAD = ("file", "place", "order", "outcome", "number", "invoice", "fields", "reasons", "warnings")
"""The columns of the CSV. `place` 0 is the file as a whole. A cell that holds several things has a line for each."""
Add = Callable[[ImportedRow], None]


@contextmanager
def report_to(path: Path | None, sources: Sequence[Path]) -> Iterator[Add]:
    """Gives the function that adds the row of an order to the report at `path`, whose ending says how: .csv or .json.

    The file is opened before the first order is taken in, and is whole also where the import stops half-way: it then
    ends with the last order. `sources`: the files that are imported, which it can't be. Raises typer.BadParameter for a
    path that it can't be written to.
    """
    if path is None:
        yield lambda _row: None
        return
    write = {".csv": _csv, ".json": _json}.get(path.suffix.lower())
    if write is None:
        raise typer.BadParameter("The report ends with .csv or .json.", param_hint="--report")
    if path.resolve() in {source.resolve() for source in sources}:
        raise typer.BadParameter("The report would overwrite a file that is imported.", param_hint="--report")
    try:
        file = path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise typer.BadParameter(
            f"The report cannot be written: {error.strerror or error}.", param_hint="--report"
        ) from None
    with file, write(file) as add:
        yield add


def _warnings(row: ImportedRow) -> list[str]:
    """The remarks, and what the company lacks, which the terminal says once at the end. In English, as there."""
    of_seller = sentences_of(lack for lack in row.lacks if lack in OF_SELLER)
    return [sentence.in_language("en") for sentence in (*row.remarks, *of_seller)]


@contextmanager
def _csv(file: TextIO) -> Iterator[Add]:
    """A row an order, safe against formulas; spreadsheets recognise its UTF-8."""
    file.write(BOM)
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(HEAD)

    def add(row: ImportedRow) -> None:
        fields = [problem.field for problem in row.problems]
        reasons = [problem.reason.in_language("en") for problem in row.problems]
        lists = ("\n".join(texts) for texts in (fields, reasons, _warnings(row)))
        cells = (row.file, row.index, row.name, row.outcome.value, row.number, row.invoicing.value, *lists)
        writer.writerow([cell_of(cell, "UTC") for cell in cells])

    yield add


@contextmanager
def _json(file: TextIO) -> Iterator[Add]:
    """An array with an object an order, on a line of its own; closed whatever ends the import."""
    before = "[\n"

    def add(row: ImportedRow) -> None:
        nonlocal before
        told = {
            "file": row.file,
            "place": row.index,
            "order": row.name,
            "outcome": row.outcome.value,
            "number": row.number,
            "invoice": row.invoicing.value,
            "problems": [
                {"field": problem.field, "reason": problem.reason.in_language("en")}
                for problem in row.problems
            ],
            "warnings": _warnings(row),
        }
        file.write(before + json.dumps(told, ensure_ascii=False))
        before = ",\n"

    try:
        yield add
    finally:
        file.write("[]\n" if before == "[\n" else "\n]\n")
