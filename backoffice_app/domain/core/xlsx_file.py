"""Lists as a spreadsheet (XLSX): amounts and days are numbers and days, and a text is never run as a formula."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from backoffice_app.domain.core.clock import in_zone

ROWS = 1_048_576
"""A sheet holds no more, heads included; what comes then goes on in the next one."""
LONGEST = 32_767
"""Characters that one cell holds."""
EXACT = 15
"""A number in a spreadsheet is a binary float: what has more digits than this is written as text."""
FIRST_DAY = date(1900, 3, 1)
"""Spreadsheets count days wrongly before: they know a 29 February 1900."""
WIDEST = 60
"""Characters that a column is wide at most."""
DAY, MOMENT = 14, 22
"""The built-in formats of days and of days with a time: shown as the reader's own spreadsheet writes them."""


def write_xlsx(rows: Iterable[Sequence[object]], file: IO[bytes], zone: str, *, most: int = ROWS) -> None:
    """The rows as a workbook into `file`; the first are the heads, which stay in sight and can be filtered by.

    Moments are in the zone of the shop. `most`: rows of one sheet; each has the heads. Rows go to the disk as they
    come, so many need no more memory than few.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        cells = _Cells(book, zone)
        every = iter(rows)
        heads = next(every, [])
        sheet = _Sheet(cells, heads)
        for row in every:
            if sheet.length == most:
                sheet.close()
                sheet = _Sheet(cells, heads)
            sheet.add(row)
        sheet.close()


class _Cells:
    """How values are written, each kind with its format, which a workbook has once."""

    def __init__(self, book: Workbook, zone: str) -> None:
        self.book, self.zone = book, zone
        self.head, self.day, self.moment = (
            book.add_format(how) for how in ({"bold": True}, {"num_format": DAY}, {"num_format": MOMENT})
        )
        self._numbers: dict[int, Format] = {}

    def number(self, places: int) -> Format:
        """Numbers with so many decimal places."""
        if places not in self._numbers:
            how = "#,##0" + (f".{'0' * places}" if places else "")
            self._numbers[places] = self.book.add_format({"num_format": how})
        return self._numbers[places]

    def write(self, sheet: Worksheet, row: int, column: int, value: object) -> int:
        """One cell. Gives back about how many characters it shows."""
        match value:
            case None | "":
                return 0
            case Decimal() if value.is_finite() and len(value.as_tuple().digits) <= EXACT:
                places = max(0, -int(value.as_tuple().exponent))
                sheet.write_number(row, column, float(value), self.number(places))
                return len(f"{value:,.{places}f}")
            case int() if not isinstance(value, bool) and len(str(abs(value))) <= EXACT:
                sheet.write_number(row, column, value)
                return len(str(value))
            case datetime() if value.date() >= FIRST_DAY:
                sheet.write_datetime(row, column, in_zone(value, self.zone).replace(tzinfo=None), self.moment)
                return len("31.12.2026 23:59")
            case date() if not isinstance(value, datetime) and value >= FIRST_DAY:
                sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), self.day)  # noqa: DTZ001
                return len("31.12.2026")
            case _:
                text = str(value)
                sheet.write_string(row, column, text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")
                return max(map(len, text.splitlines()), default=0)


class _Sheet:
    """One sheet, with its heads and as wide as what it holds."""

    def __init__(self, cells: _Cells, heads: Sequence[object]) -> None:
        self.cells, self.heads = cells, heads
        self.sheet: Worksheet = cells.book.add_worksheet()
        self.widths = [len(str(head)) + 3 for head in heads]  # room for the arrow of the filter
        for column, head in enumerate(heads):
            self.sheet.write_string(0, column, str(head), cells.head)
        self.length = 1

    def add(self, row: Sequence[object]) -> None:
        """A row below those that are there."""
        for column, value in enumerate(row):
            shown = self.cells.write(self.sheet, self.length, column, value)
            if column < len(self.widths):
                self.widths[column] = max(self.widths[column], shown + 1)
        self.length += 1

    def close(self) -> None:
        """No row comes any more."""
        self.sheet.freeze_panes(1, 0)
        if self.heads:
            self.sheet.autofilter(0, 0, self.length - 1, len(self.heads) - 1)
        for column, width in enumerate(self.widths):
            self.sheet.set_column(column, column, min(width, WIDEST))
