"""Rows of the list as texts ready to show, cell by cell of the registered columns (O-1)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from typing import Any

from backoffice_app.domain.core.guarded import guarded
from backoffice_app.domain.core.languages import name_among
from backoffice_app.domain.custom_status.manage import tone_of
from backoffice_app.domain.listing import order_columns
from backoffice_app.domain.listing.parts import COLUMNS, Column, Look, Pieces
from backoffice_app.domain.listing.reader import Reader
from backoffice_app.domain.listing.search_sql import among, as_list
from backoffice_app.domain.listing.typed import Query
from backoffice_app.domain.listing.why import OWN, reasons_for
from backoffice_app.registry import CORE, Ranked

Badge = order_columns.Badge
CUSTOM = "custom_status_id"


@dataclass(frozen=True)
class Layout:
    """How a row is read and where its texts stand, computed from the columns.

    `select`: the expressions of the statement; `read`: by column, which of them its cell is given. `places`: of the
    first text of each column; first those that the page draws itself, then `why`, then all others.
    """

    select: tuple[str, ...]
    read: dict[str, tuple[int, ...]]
    places: dict[str, int]
    why: int
    built: tuple[Column, ...]
    others: tuple[Column, ...]


def _layout(columns: Ranked[Column]) -> Layout:
    select = tuple(dict.fromkeys(("position", "id", *(part for column in columns for part in column.sql))))
    read = {column.key: tuple(map(select.index, column.sql)) for column in columns}
    built = tuple(column for column in columns if column.built)
    others = tuple(column for column in columns if not column.built)
    places: dict[str, int] = {}
    at = 0
    for column in built:
        places[column.key] = at
        at += column.pieces
    why = at
    at += 1
    for column in others:
        places[column.key] = at
        at += column.pieces
    return Layout(select, read, places, why, built, others)


def layout() -> Layout:
    """How rows are laid out now."""
    return COLUMNS.computed(_layout)


def place_of(key: str) -> int:
    """Where the first text of a column stands in a row. Raises KeyError for a column that is not registered."""
    return layout().places[key]


NUMBER, DATE, TOTAL, SOURCE, MARKS = map(place_of, ("number", "date", "total", "source", "marks"))
CUSTOMER, COMPANY = place_of("customer"), place_of("customer") + 1
STATUS, PAYMENT, SHIPPING = map(place_of, ("status", "payment", "shipping"))
"""Of these three tone, icon and label follow each other."""
WHY = layout().why
"""What a search found the order by, where no other cell says it."""


def read_rows(reader: Reader, positions: Sequence[int], look: Look, query: Query) -> list[list[str]]:
    """The rows of the orders at these positions, in this order; each says why `query` found it."""
    if not positions:
        return []
    made = layout()
    own = [name for name, _label in OWN] if query.words else []
    statement = f"SELECT {', '.join([*made.select, *own])} FROM orders WHERE {among(reader, 'position')}"  # noqa: S608
    found = {row[0]: row for row in reader.rows(statement, {"positions": as_list(reader, positions)})}
    known = [position for position in positions if position in found]
    rows = [found[position] for position in known]
    look = _with_statuses(reader, made, rows, look)
    shown = _cells(reader, made, made.built, rows, look)
    seen = {
        position: (row[NUMBER], row[CUSTOMER], row[COMPANY])
        for position, row in zip(known, shown, strict=True)
    }
    told = {row[0]: row[len(made.select) :] for row in rows}
    reasons = reasons_for(reader, query, seen, told, look.language) if own else {}
    more = _cells(reader, made, made.others, rows, look) if made.others else repeat(())
    return [
        [*row, reasons.get(position, ""), *others]
        for position, row, others in zip(known, shown, more, strict=False)
    ]


def positions_of(reader: Reader, numbers: Sequence[str]) -> list[int]:
    """Where the orders of these numbers stand, in the order of the numbers."""
    if not numbers:
        return []
    names = {f"n{i}": number for i, number in enumerate(numbers)}
    statement = (
        f"SELECT number, position FROM orders WHERE number IN ({', '.join(':' + name for name in names)})"  # noqa: S608
    )
    found = dict(reader.rows(statement, dict(names)))
    return [found[number] for number in numbers if number in found]


def _cells(
    reader: Reader, made: Layout, columns: Sequence[Column], rows: Sequence[tuple[Any, ...]], look: Look
) -> list[list[str]]:
    """The texts of these columns, row by row; what the actor has no right to see is "" (SEC-4)."""
    values = list(zip(*rows, strict=True))
    shown: list[list[str]] = [[] for _row in rows]
    for column in columns:
        if column.right not in look.rights:
            for cells in shown:
                cells.extend(repeat("", column.pieces))
            continue
        given = [values[at] for at in made.read[column.key]]
        read = _texts if COLUMNS.owner_of(column.key) == CORE else _safely
        found = read(reader, column, given, values[1], look)
        if column.pieces == 1:
            for cells, text in zip(shown, found, strict=True):
                cells.append(text)  # type: ignore[arg-type]  # a cell of one piece gives a text
        else:
            for cells, texts in zip(shown, found, strict=True):
                cells.extend(texts)
    return shown


def _texts(
    reader: Reader, column: Column, values: Sequence[Sequence[Any]], ids: Sequence[int], look: Look
) -> Sequence[Pieces]:
    if column.cell is not None:
        found = list(map(column.cell, *values, repeat(look, len(ids))))
    elif column.read is not None:
        read = column.read(reader.session, ids)
        found = [read.get(id_, "") for id_ in ids]
    return found if column.built else [_checked(column, pieces) for pieces in found]


def _safely(
    reader: Reader, column: Column, values: Sequence[Sequence[Any]], ids: Sequence[int], look: Look
) -> Sequence[Pieces]:
    """The cells of a plug-in's column; empty ones, and a line in the log, where its function fails."""
    none: list[Pieces] = [_checked(column, "") for _id in ids]
    what = f"The column {column.key}"
    return guarded(reader.session, what, lambda: _texts(reader, column, values, ids, look), none)


def _checked(column: Column, pieces: Pieces) -> Pieces:
    """The texts of one cell, as many as the column has. Raises ValueError with a sentence for other ones."""
    texts = (pieces,) if isinstance(pieces, str) else tuple(pieces)
    if texts == ("",):
        texts *= column.pieces
    if len(texts) != column.pieces or not all(isinstance(text, str) for text in texts):
        raise ValueError(
            f"A cell of the column “{column.key}” gave {pieces!r}; a {column.kind} is {column.pieces} text(s)."
        )
    return texts[0] if column.pieces == 1 else texts


def _with_statuses(reader: Reader, made: Layout, rows: Sequence[tuple[Any, ...]], look: Look) -> Look:
    """`look` with the shop's own statuses, if one of the rows has one (W-7)."""
    at = made.select.index(CUSTOM) if CUSTOM in made.select else None
    if at is None or not any(row[at] for row in rows):
        return look
    own: dict[int, Badge] = {}
    for id_, names, colour in reader.rows("SELECT id, names, colour FROM custom_status", {}):
        own[id_] = (tone_of(colour), "", name_among(json.loads(names), look.language))
    return replace(look, custom=own)
