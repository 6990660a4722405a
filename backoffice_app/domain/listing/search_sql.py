"""Parts of SQL that ask for texts and for positions, on both databases."""

import json
from collections.abc import Iterable
from typing import Any

from backoffice_app.domain.listing.reader import Reader


def among(reader: Reader, column: str) -> str:
    """SQL: the column is one of `:positions`."""
    return (
        f"{column} IN (SELECT value FROM json_each(:positions))"  # noqa: S608
        if reader.sqlite
        else f"{column} = ANY(CAST(:positions AS bigint[]))"
    )


def as_list(reader: Reader, positions: Iterable[int]) -> Any:
    """What `:positions` is bound to."""
    return json.dumps(list(positions)) if reader.sqlite else list(positions)


def contains(reader: Reader, name: str) -> str:
    """SQL: the text has the value `name` in it."""
    return f"instr(s.doc, :{name}) > 0" if reader.sqlite else f"s.doc LIKE :{name}"


def pattern(reader: Reader, word: str) -> str:
    """What `contains` is bound to: what a person types are letters, never wildcards."""
    if reader.sqlite:
        return word
    return "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
