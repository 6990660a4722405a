"""Tables over pages with carry-over: all is measured first, so every page break is ours (INV-7). All measures in mm."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from backoffice_app.documents.letter import BODY_BOTTOM, LEFT, NEXT_PAGE_TOP, RIGHT, TEXT_WIDTH, Block, Letter
from backoffice_app.documents.sheet import Align

ROW_LINE, ROW_GAP, HEAD_HEIGHT, CARRY_HEIGHT = 4.3, 1.7, 7.0, 6.5
SMALL = 7.5
# Of one row or paragraph in one piece; what is longer goes on on the next page.
MOST_LINES = 40


@dataclass(frozen=True)
class Column:
    """A column with its heading; the widths of a table's columns sum up to the text width."""

    title: str
    width: float
    align: Align = "start"


@dataclass(frozen=True)
class Row:
    """The cells of one row, as texts; `small` stands in grey below the wide column `small_in`. `amount` counts for the carry-over."""

    cells: Sequence[str]
    small: Sequence[str] = ()
    small_in: int = 2
    amount: int = 0


@dataclass
class Measured:
    """A row with its cells broken into lines."""

    row: Row
    lines: Sequence[Sequence[str]]
    small: Sequence[str]
    height: float


@dataclass
class Page:
    """What one page holds: rows of the table, then blocks, with the y of each block."""

    rows: list[Measured] = field(default_factory=list)
    blocks: list[tuple[float, Block]] = field(default_factory=list)


@dataclass
class Table:
    """A table of a letter. With `carry`, running sums of the rows' amounts are printed at each page break, written by it."""

    letter: Letter
    columns: Sequence[Column]
    rows: Sequence[Row]
    carry: Callable[[int], str] | None = None

    def draw(self, top: float, begin: Callable[[], None], blocks: Sequence[Block]) -> None:
        """`begin` draws the first page down to y = `top`; from there the table, then the blocks, the first kept with the last row."""
        pages = self._plan(top, blocks)
        self.letter.pages = len(pages)
        begin()
        running = 0
        for i, page in enumerate(pages):
            y = top if i == 0 else self.letter.new_page()
            if page.rows:
                y = self._head(y)
                if i and self.carry:
                    y = self._carry(y, self.letter.texts.say("Brought forward"), self.carry(running))
            for measured in page.rows:
                y = self._row(measured, y)
                running += measured.row.amount
            if self.carry and i + 1 < len(pages) and pages[i + 1].rows:
                self._carry(y, self.letter.texts.say("Carried over"), self.carry(running))
            for y_block, block in page.blocks:
                block.draw(y_block)
            self.letter.end_page()

    def _plan(self, top: float, blocks: Sequence[Block]) -> list[Page]:
        carry = CARRY_HEIGHT if self.carry else 0.0
        pages, y = [Page()], top + HEAD_HEIGHT
        measured = [part for row in self.rows for part in self._measure(row)]
        for i, row in enumerate(measured):
            is_last = i + 1 == len(measured)
            below = (blocks[0].height if blocks else 0.0) if is_last else carry
            if y + row.height + below > BODY_BOTTOM and pages[-1].rows:
                pages.append(Page())
                y = NEXT_PAGE_TOP + HEAD_HEIGHT + carry
            pages[-1].rows.append(row)
            y += row.height
        for block in blocks:
            if y + block.height > BODY_BOTTOM:
                pages.append(Page())
                y = NEXT_PAGE_TOP
            pages[-1].blocks.append((y, block))
            y += block.height
        return pages

    def _measure(self, row: Row) -> list[Measured]:
        """The row in lines; one taller than a page goes on in further parts, its amount counts with the first."""
        self.letter.ink(9)
        wrap = self.letter.sheet.wrap
        lines = [wrap(cell, column.width - 2) for cell, column in zip(row.cells, self.columns, strict=True)]
        self.letter.ink(SMALL, grey=True)
        small = [part for text in row.small for part in wrap(text, self.columns[row.small_in].width - 2)]
        parts = []
        while max(map(len, lines)) > MOST_LINES:
            parts.append(Measured(row, [cell[:MOST_LINES] for cell in lines], [], MOST_LINES * ROW_LINE + ROW_GAP))
            lines, row = [cell[MOST_LINES:] for cell in lines], replace(row, amount=0)
        heights = [len(cell) * ROW_LINE for cell in lines]
        if small:
            heights.append(len(lines[row.small_in]) * ROW_LINE + len(small) * 3.6)
        return [*parts, Measured(row, lines, small, max(heights) + ROW_GAP)]

    def _places(self) -> list[float]:
        places, x = [], LEFT
        for column in self.columns:
            places.append(self.letter.x(x, column.width))
            x += column.width
        return places

    def _head(self, y: float) -> float:
        for column, x in zip(self.columns, self._places(), strict=True):
            self.letter.ink(8, "B")
            natural = self.letter.sheet.text_width(column.title)
            if natural > column.width - 1:
                self.letter.ink(8 * (column.width - 1) / natural, "B")
            self.letter.sheet.put(column.title, x + 1, y, column.width - 2, 5, align=column.align)
        self.letter.sheet.rule(y + 5.6, LEFT, RIGHT, thickness=0.35)
        return y + HEAD_HEIGHT

    def _row(self, measured: Measured, y: float) -> float:
        places = self._places()
        self.letter.ink(9)
        for lines, column, x in zip(measured.lines, self.columns, places, strict=True):
            self.letter.sheet.put_lines(lines, x + 1, y, column.width - 2, ROW_LINE, align=column.align)
        if measured.small:
            wide = measured.row.small_in
            self.letter.ink(SMALL, grey=True)
            below = y + len(measured.lines[wide]) * ROW_LINE
            self.letter.sheet.put_lines(measured.small, places[wide] + 1, below, self.columns[wide].width - 2, 3.6)
        self.letter.sheet.rule(y + measured.height - ROW_GAP / 2, LEFT, RIGHT)
        return y + measured.height

    def _carry(self, y: float, label: str, amount: str) -> float:
        self.letter.ink(9, "B")
        self.letter.sheet.put(label, LEFT + 1, y, TEXT_WIDTH - 2, ROW_LINE + 1)
        width = self.columns[-1].width
        self.letter.sheet.put(amount, self.letter.x(RIGHT - width, width) + 1, y, width - 2, ROW_LINE + 1, align="right")
        return y + CARRY_HEIGHT


def sums_block(letter: Letter, rows: Sequence[tuple[str, str, str]], x: float = 100.0) -> Block:
    """Label and amount pairs at the end side; the third item is "" (plain), "small", or "strong" with a rule above."""
    width = RIGHT - x
    steps = {"": 5.0, "small": 4.4, "strong": 7.0}
    measured = []
    for label, amount, look in rows:
        letter.ink(*_look(look))
        lines = letter.sheet.wrap(label, width - letter.sheet.text_width(amount) - 5)
        measured.append((lines, amount, look, steps[look] + max(0, len(lines) - 1) * 4.4))

    amounts = max(width_of(letter, amount, look) for _lines, amount, look, _height in measured)

    def draw(y: float) -> None:
        y += 2
        for lines, amount, look, height in measured:
            if look == "strong":
                place = letter.x(x, width)
                letter.sheet.rule(y + 0.7, place, place + width, 0.35)
            size, style = _look(look)
            letter.ink(size, style, grey=look == "small")
            line_height = steps[look] if look != "strong" else 8.0
            letter.sheet.put(amount, letter.x(RIGHT - 1 - amounts, amounts), y, amounts, line_height, align="right")
            for i, line in enumerate(lines):
                letter.sheet.put(line, letter.x(x, width) + 1, y + i * 4.4, width - 2, line_height)
            y += height

    return Block(sum(height for *_rest, height in measured) + 5, draw)


def width_of(letter: Letter, amount: str, look: str) -> float:
    """How wide an amount of the sums is."""
    letter.ink(*_look(look))
    return letter.sheet.text_width(amount)


def _look(look: str) -> tuple[float, str]:
    return {"": (9.0, ""), "small": (8.0, ""), "strong": (10.5, "B")}[look]


def text_block(letter: Letter, paragraphs: Sequence[str], *, gap: float = 1.5) -> Block:
    """Short paragraphs in one piece, `gap` mm between them; no height without text."""
    letter.ink(9)
    return _lines_block(letter, [lines for paragraph in paragraphs if (lines := letter.sheet.wrap(paragraph, TEXT_WIDTH))], gap)


def long_text_blocks(letter: Letter, text: str) -> list[Block]:
    """A text of any length, in pieces that fit a page; none without text."""
    letter.ink(9)
    lines = letter.sheet.wrap(text, TEXT_WIDTH)
    return [_lines_block(letter, [lines[i : i + MOST_LINES]], 1.5) for i in range(0, len(lines), MOST_LINES)]


def _lines_block(letter: Letter, paragraphs: Sequence[Sequence[str]], gap: float) -> Block:
    def draw(y: float) -> None:
        letter.ink(9)
        for lines in paragraphs:
            y = letter.sheet.put_lines(lines, LEFT, y, TEXT_WIDTH, 4.5) + gap

    return Block(sum(len(lines) * 4.5 + gap for lines in paragraphs) + 1.5 if paragraphs else 0.0, draw)
