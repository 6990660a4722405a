"""Lists as CSV: UTF-8 that spreadsheets recognise, and no cell that a spreadsheet would run as a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from babel.numbers import get_decimal_symbol

from backoffice_app.domain.core.clock import in_zone
from backoffice_app.formats import locale

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins with one of these is run as a formula by spreadsheets, so it gets an apostrophe before it."""
BOM = "\ufeff"
"""Without it spreadsheets take UTF-8 for another encoding."""
MANY = 64 * 1024
"""About so many characters are handed on at once."""


def as_csv(rows: Iterable[Sequence[object]], zone: str, language: str = "en") -> Iterator[str]:
    """The rows as CSV, in pieces, as spreadsheets in `language` open it.

    Where decimals follow a comma, semicolons part the cells: a German spreadsheet reads 44.03 as a day in March.
    Numbers stay plain numbers, also negative ones; days are ISO 8601, moments in the zone of the shop.
    """
    comma = get_decimal_symbol(locale(language)) == ","
    text = io.StringIO(BOM)
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text, lineterminator="\r\n", delimiter=";" if comma else ",")
    for row in rows:
        writer.writerow([_written(value, zone, comma=comma) for value in row])
        if text.tell() > MANY:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()


def _written(value: object, zone: str, *, comma: bool) -> str:
    cell = cell_of(value, zone)
    return cell.replace(".", ",") if comma and isinstance(value, Decimal) else cell


def cell_of(value: object, zone: str) -> str:
    """One cell as text. What people wrote is never a formula."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime):
        return in_zone(value, zone).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
