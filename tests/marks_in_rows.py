"""The marks of an order as a row of the list has them."""

from collections.abc import Sequence

from backoffice_app.domain.listing.parts import PIECES
from backoffice_app.domain.listing.rows import MARKS


def marks_of(row: Sequence[str]) -> str:
    """The words of those that are there, as "Note, Task"."""
    return ", ".join(filter(None, row[MARKS : MARKS + PIECES["marks"]]))
