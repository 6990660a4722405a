"""Tables over pages with carry-over: all is measured first, so every page break is ours (INV-7). All measures in mm."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from backoffice_app.documents import fonts
from backoffice_app.documents.letter import LEFT, NEXT_PAGE_TOP, RIGHT, TEXT_WIDTH, Block, Letter
from backoffice_app.documents.sheet import Align

ROW_LINE, ROW_GAP, HEAD_HEIGHT, CARRY_HEIGHT = 4.3, 1.7, 7.0, 6.5
SMALL = 7.5
# Of one row or paragraph in one piece; what is longer goes on on the next page.
MOST_LINES = 36
# A row of so many lines may be parted at the end of a page; so many stay on each side.
PARTED, STAY = 6, 2
SIZE = 9.0
NARROWEST = 38.0
"""What a column of texts keeps of its width when figures need more room."""


@dataclass(frozen=True)
class Column:
    """A column with its heading; the widths of a table's columns sum up to the text width.

    `size`: of its letters, in points.

    Figures stand at the "right"; they are never torn.
    """

    title: str
    width: float
    align: Align = "start"
    size: float = SIZE


@dataclass(frozen=True)
class Row:
    """The cells of one row, as texts; `small` stands in grey below the wide column `small_in`.

    `amount` counts for the carry-over.
    """

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
    """A table of a letter.

    With `carry`, running sums of the rows' amounts are printed at each page break, written by it.
    """

    letter: Letter
    columns: Sequence[Column]
    rows: Sequence[Row]
    carry: Callable[[int], str] | None = None

    def __post_init__(self) -> None:
        self.columns = self._fitted()

    def draw(self, top: float, begin: Callable[[], None], blocks: Sequence[Block]) -> None:
        """`begin` draws the first page down to y = `top`; from there the table, then the blocks, the first kept with
        the last row.
        """
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
        pages, y, bottom = [Page()], top + HEAD_HEIGHT, self.letter.body_bottom
        measured = [part for row in self.rows for part in self._measure(row)]
        for i, row in enumerate(measured):
            is_last = i + 1 == len(measured)
            below = (blocks[0].height if blocks else 0.0) if is_last else carry
            if y + row.height + below > bottom and pages[-1].rows:
                staying, row = _parted(row, bottom - carry - y)  # noqa: PLW2901  # what is left of it goes on on the next page
                pages[-1].rows += staying
                pages.append(Page())
                y = NEXT_PAGE_TOP + HEAD_HEIGHT + carry
            pages[-1].rows.append(row)
            y += row.height
        for block in blocks:
            if y + block.height > bottom:
                pages.append(Page())
                y = NEXT_PAGE_TOP
            pages[-1].blocks.append((y, block))
            y += block.height
        return pages

    def _measure(self, row: Row) -> list[Measured]:
        """The row in lines; one taller than a page goes on in further parts, its amount counts with the first."""
        wrap = self.letter.sheet.wrap
        lines = []
        for cell, column in zip(row.cells, self.columns, strict=True):
            self.letter.ink(column.size)
            lines.append(wrap(cell, column.width - 2))
        self.letter.ink(SMALL, grey=True)
        small = [part for text in row.small for part in wrap(text, self.columns[row.small_in].width - 2)]
        parts = []
        while max(map(len, lines)) > MOST_LINES:
            parts.append(
                Measured(row, [cell[:MOST_LINES] for cell in lines], [], MOST_LINES * ROW_LINE + ROW_GAP)
            )
            lines, row = [cell[MOST_LINES:] for cell in lines], replace(row, amount=0)
        heights = [len(cell) * ROW_LINE for cell in lines]
        if small:
            heights.append(len(lines[row.small_in]) * ROW_LINE + len(small) * 3.6)
        return [*parts, Measured(row, lines, small, max(heights) + ROW_GAP)]

    def _fitted(self) -> list[Column]:
        """The columns with room for their widest figures: taken from the widest column of texts, then by smaller
        letters.
        """
        columns = list(self.columns)
        self.letter.ink(SIZE)
        giver = max(
            (i for i, column in enumerate(columns) if column.align != "right"), key=lambda i: columns[i].width
        )
        needed = {i: self._widest(i) + 2.1 for i, column in enumerate(columns) if column.align == "right"}
        wanted = {i: max(0.0, width - columns[i].width) for i, width in needed.items()}
        share = min(1.0, (columns[giver].width - NARROWEST) / (sum(wanted.values()) or 1.0))
        columns[giver] = replace(columns[giver], width=columns[giver].width - share * sum(wanted.values()))
        for i, wish in needed.items():
            width = columns[i].width + share * wanted[i]
            columns[i] = replace(
                columns[i], width=width, size=SIZE * min(1.0, (width - 2.05) / (wish - 2.05))
            )
        return columns

    def _widest(self, column: int) -> float:
        """The width of the longest word of a column in the present font."""
        words = {word for row in self.rows for word in fonts.clean(row.cells[column]).split(" ")}
        return max(map(self.letter.sheet.text_width, words), default=0.0)

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
        for lines, column, x in zip(measured.lines, self.columns, places, strict=True):
            self.letter.ink(column.size)
            self.letter.sheet.put_lines(lines, x + 1, y, column.width - 2, ROW_LINE, align=column.align)
        if measured.small:
            wide = measured.row.small_in
            self.letter.ink(SMALL, grey=True)
            below = y + len(measured.lines[wide]) * ROW_LINE
            self.letter.sheet.put_lines(
                measured.small, places[wide] + 1, below, self.columns[wide].width - 2, 3.6
            )
        self.letter.sheet.rule(y + measured.height - ROW_GAP / 2, LEFT, RIGHT)
        return y + measured.height

    def _carry(self, y: float, label: str, amount: str) -> float:
        self.letter.ink(9, "B")
        self.letter.sheet.put(label, LEFT + 1, y, TEXT_WIDTH - 2, ROW_LINE + 1)
        width = self.columns[-1].width
        self.letter.sheet.put(
            amount, self.letter.x(RIGHT - width, width) + 1, y, width - 2, ROW_LINE + 1, align="right"
        )
        return y + CARRY_HEIGHT


def _parted(row: Measured, room: float) -> tuple[list[Measured], Measured]:
    """What of a tall row stays on a page with `room` mm left for it, and the rest; a low row goes to the next page as a
    whole.
    """
    most = max(map(len, row.lines))
    fitting = min(int((room - ROW_GAP) / ROW_LINE), most - STAY)
    if most < PARTED or fitting < STAY:
        return [], row
    staying = Measured(row.row, [cell[:fitting] for cell in row.lines], [], fitting * ROW_LINE + ROW_GAP)
    rest = [cell[fitting:] for cell in row.lines]
    return [staying], Measured(replace(row.row, amount=0), rest, row.small, row.height - fitting * ROW_LINE)


def sums_block(
    letter: Letter, rows: Sequence[tuple[str, str, str]], amounts: float, x: float = 100.0
) -> Block:
    """Label and amount pairs at the end side; the third item is "" (plain), "small", or "strong" with a rule above.

    `amounts`: the width of the table's column above that these amounts stand in line with.
    """
    width = RIGHT - x
    steps = {"": 5.0, "small": 4.4, "strong": 7.0}
    column = max(amounts - 2, *(width_of(letter, amount, look) for _label, amount, look in rows))
    measured = []
    for label, amount, look in rows:
        letter.ink(*_look(look))
        taken = column if letter.texts.is_rtl else letter.sheet.text_width(amount)
        lines = letter.sheet.wrap(label, width - taken - 5)
        measured.append((lines, amount, look, steps[look] + max(0, len(lines) - 1) * 4.4))

    def draw(y: float) -> None:
        y += 2
        for lines, amount, look, height in measured:
            if look == "strong":
                place = letter.x(x, width)
                letter.sheet.rule(y + 0.7, place, place + width, 0.35)
            size, style = _look(look)
            letter.ink(size, style, grey=look == "small")
            line_height = steps[look] if look != "strong" else 8.0
            for i, line in enumerate(
                lines
            ):  # before its amount, so that who copies or hears the page gets them in pairs
                letter.sheet.put(line, letter.x(x, width) + 1, y + i * 4.4, width - 2, line_height)
            letter.sheet.put(
                amount, letter.x(RIGHT - 1 - column, column), y, column, line_height, align="right"
            )
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
    return _lines_block(
        letter,
        [lines for paragraph in paragraphs if (lines := letter.sheet.wrap(paragraph, TEXT_WIDTH))],
        gap,
    )


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
