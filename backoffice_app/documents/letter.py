"""A DIN 5008 form B letter: address window, information block, fold marks, footer. All measures in mm (INV-7)."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from PIL import Image

from backoffice_app.documents import fonts
from backoffice_app.documents.sheet import GREY, INK, Sheet
from backoffice_app.documents.texts import Texts

LEFT, RIGHT = 25.0, 190.0
TEXT_WIDTH = RIGHT - LEFT
WINDOW = (20.0, 45.0, 85.0, 45.0)
ADDRESS_TOP, ADDRESS_HEIGHT, ADDRESS_LINE = 62.7, 27.3, 4.55
INFORMATION_X, INFORMATION_TOP, INFORMATION_LINE = 125.0, 50.0, 4.5
SUBJECT_TOP, NEXT_PAGE_TOP, BODY_BOTTOM = 98.5, 26.0, 260.0
PAGE_NUMBER_TOP, FOOTER_TOP, FOOTER_BOTTOM = 263.0, 269.5, 289.5
LOGO_TOP, LOGO_WIDTH, LOGO_HEIGHT = 13.0, 70.0, 22.0
FOOTER_SIZES = (7.0, 6.5, 6.0, 5.5)
# Sizes of the sender's name at the head of the page, and the lines it may take in each.
NAME_SIZES = ((17.0, 1), (15.0, 1), (13.0, 2), (11.0, 3), (9.0, 5), (7.0, 8))
MOST_EXTRA = 12.0
"""By so much a long address may begin higher up, in the zone for notes of the post, before its letters get
too small.
"""
FOLD_MARKS, PUNCH_MARK = (105.0, 210.0), 148.5
LINE_HEIGHT = 3.2 / 7
"""Of small print: mm for each point of its size."""


@dataclass(frozen=True)
class Footer:
    """The sender's data as they are written: columns of a width with their lines.

    `higher`: how much above its usual place it begins.
    """

    size: float
    columns: list[tuple[float, list[str]]]
    higher: float


@dataclass
class Letter:
    """One document on the sheet: what its pages have around their content."""

    sheet: Sheet
    texts: Texts
    heading: str
    sender: str
    footer: Sequence[Sequence[str]]
    logo: bytes | None = None
    page: int = 0
    pages: int = 1

    def new_page(self) -> float:
        """A page begins, with marks and heading; the y where content may start on a following page."""
        self.page += 1
        self.sheet.add_page()
        self.sheet.rtl = self.texts.is_rtl
        self._marks()
        if self.page == 1:
            self._letterhead()
            return SUBJECT_TOP
        self.ink(8.5, grey=True)
        half = TEXT_WIDTH / 2
        self.sheet.put(self.sheet.shorten(self.sender, half - 3), self.x(LEFT, half), 15.5, half, 4.5)
        self.sheet.put(
            self.sheet.shorten(self.heading, half), self.x(LEFT + half, half), 15.5, half, 4.5, align="end"
        )
        self.sheet.rule(21, LEFT, RIGHT)
        return NEXT_PAGE_TOP

    def end_page(self) -> None:
        """Page number and footer, written last so that the page reads in order."""
        self._page_number()
        self._footer()

    def ink(self, size: float, style: str = "", *, grey: bool = False) -> None:
        """Font and colour of what is written next."""
        self.sheet.use(size, style)
        self.sheet.set_text_color(*(GREY if grey else INK))

    def x(self, x: float, width: float) -> float:
        """Where a box at `x` stands in this reading direction: mirrored for Arabic and Hebrew."""
        return LEFT + RIGHT - x - width if self.texts.is_rtl else x

    def _marks(self) -> None:
        self.sheet.set_draw_color(*GREY)
        self.sheet.set_line_width(0.15)
        for y in FOLD_MARKS:
            self.sheet.line(2, y, 5, y)
        self.sheet.line(2, PUNCH_MARK, 4, PUNCH_MARK)

    def _letterhead(self) -> None:
        if self.logo:
            self._draw_logo(self.logo)
            return
        for size, most in NAME_SIZES:
            self.ink(size, "B")
            lines = self.sheet.wrap(self.sender, TEXT_WIDTH)
            if len(lines) <= most:
                break
        self.sheet.put_lines(
            lines, LEFT, 18 if len(lines) == 1 else 13, TEXT_WIDTH, size * 0.45 if len(lines) > 1 else 9
        )

    def _draw_logo(self, picture: bytes) -> None:
        """At the edge of the text, as large as its box takes it."""
        with Image.open(io.BytesIO(picture)) as opened:
            shape = opened.width / opened.height
        width = min(LOGO_WIDTH, LOGO_HEIGHT * shape)
        self.sheet.image(io.BytesIO(picture), x=self.x(LEFT, width), y=LOGO_TOP, w=width, h=width / shape)

    def _page_number(self) -> None:
        self.ink(8, grey=True)
        text = self.texts.say("Page {page} of {pages}", page=self.page, pages=self.pages)
        self.sheet.put(text, LEFT, PAGE_NUMBER_TOP - self.footer_lines.higher, TEXT_WIDTH, 4, align="end")

    @property
    def body_bottom(self) -> float:
        """Where the content of a page ends at the latest: higher where the sender's data are very long."""
        return BODY_BOTTOM - self.footer_lines.higher

    @cached_property
    def footer_lines(self) -> "Footer":
        """The sender's data in columns as wide as their text, or of equal width with wrapped lines where that is too
        wide.

        What is too long for the foot of the page is written smaller, and then begins higher up.
        """
        columns = [
            column for column in ([line for line in column if line] for column in self.footer) if column
        ]
        footer = Footer(FOOTER_SIZES[0], [], 0.0)
        for size in FOOTER_SIZES:
            self.ink(size, grey=True)
            widths = [max(self.sheet.text_width(fonts.clean(line)) for line in column) for column in columns]
            if len(columns) > 1 and (TEXT_WIDTH - sum(widths)) / (len(columns) - 1) < 3:
                widths = [(TEXT_WIDTH - 3.0 * (len(columns) - 1)) / len(columns)] * len(columns)
            widths = [min(width, TEXT_WIDTH) for width in widths]
            placed = [
                (width, [part for line in column for part in self.sheet.wrap(line, width + 0.1)])
                for column, width in zip(columns, widths, strict=True)
            ]
            tallest = max((len(lines) for _width, lines in placed), default=0) * size * LINE_HEIGHT
            footer = Footer(size, placed, max(0.0, tallest - (FOOTER_BOTTOM - FOOTER_TOP)))
            if not footer.higher:
                break
        return footer

    def _footer(self) -> None:
        footer = self.footer_lines
        top = FOOTER_TOP - footer.higher
        self.sheet.rule(top - 1.5, LEFT, RIGHT)
        self.ink(footer.size, grey=True)
        room = TEXT_WIDTH - sum(width for width, _lines in footer.columns)
        gap = room / (len(footer.columns) - 1) if len(footer.columns) > 1 else 0.0
        x = LEFT
        for width, lines in footer.columns:
            y = top
            for line in lines:
                y = self.sheet.put_lines([line], self.x(x, width), y, width, footer.size * LINE_HEIGHT)
            x += width + gap

    def address_field(self, return_line: str, lines: Sequence[str]) -> None:
        """The address in the envelope's window, at the left in every language, smaller where it is more
        than six lines.
        """
        x, _top, width, _height = WINDOW
        x, width = x + 5, width - 5
        rtl, self.sheet.rtl = self.sheet.rtl, False
        size, top, fitting = self._fitting_address(lines, width)
        self.ink(7, grey=True)
        natural = self.sheet.text_width(fonts.clean(return_line))
        if natural > width:
            self.sheet.use(7 * width / natural * 0.995)
        self.sheet.put(return_line, x, top - 4.2, width, 3)
        self.sheet.rule(top - 0.9, x, x + width)
        self.ink(size)
        for i, line in enumerate(fitting):
            self.sheet.put(
                line, x, top + i * min(ADDRESS_LINE, size * 0.43), width, min(ADDRESS_LINE, size * 0.43)
            )
        self.sheet.rtl = rtl

    def _fitting_address(self, lines: Sequence[str], width: float) -> tuple[float, float, list[str]]:
        """Size, top and lines of the address: at least 8 points where it can be, for machines to read, begun higher up
        if long.
        """
        for size in (10.0, 9.0, 8.0, 7.0, 6.0, 5.0):
            self.sheet.use(size)
            fitting = [part for line in lines for part in self.sheet.wrap(line, width)]
            higher = max(0.0, len(fitting) * min(ADDRESS_LINE, size * 0.43) - ADDRESS_HEIGHT)
            if higher <= (MOST_EXTRA if size <= 8 else 0.0):
                break
        return size, ADDRESS_TOP - min(higher, MOST_EXTRA), fitting

    def information_block(self, rows: Sequence[tuple[str, str]]) -> "Block":
        """Label and value pairs right of the window; values too long for their column take more lines."""
        width = RIGHT - INFORMATION_X
        self.ink(8.5)
        label_width = min(36.0, max(self.sheet.text_width(fonts.clean(label)) + 3 for label, _value in rows))
        label_x = RIGHT - label_width if self.texts.is_rtl else INFORMATION_X
        value_x = INFORMATION_X if self.texts.is_rtl else INFORMATION_X + label_width
        measured = [
            (self.sheet.wrap(label, label_width - 1), self.sheet.wrap(value, width - label_width))
            for label, value in rows
        ]

        def draw(y: float) -> None:
            for label, value in measured:
                self.ink(8.5, grey=True)
                self.sheet.put_lines(label, label_x, y, label_width, INFORMATION_LINE)
                self.ink(8.5)
                self.sheet.put_lines(value, value_x, y, width - label_width, INFORMATION_LINE)
                y += max(len(label), len(value)) * INFORMATION_LINE

        return Block(sum(max(len(label), len(value)) for label, value in measured) * INFORMATION_LINE, draw)

    def subject(self, notes: Sequence[str] = ()) -> "Block":
        """The heading of the first page with its grey notes."""
        self.ink(14, "B")
        title = self.sheet.wrap(self.heading, TEXT_WIDTH)
        self.ink(8.5)
        small = [line for note in notes for line in self.sheet.wrap(note, TEXT_WIDTH)]

        def draw(y: float) -> None:
            self.ink(14, "B")
            y = self.sheet.put_lines(title, LEFT, y, TEXT_WIDTH, 7) + 0.5
            self.ink(8.5, grey=True)
            self.sheet.put_lines(small, LEFT, y, TEXT_WIDTH, 4.2)

        return Block(len(title) * 7 + len(small) * 4.2 + 3.5, draw)


@dataclass(frozen=True)
class Block:
    """Something measured that stays in one piece: `draw` gets the y of its top."""

    height: float
    draw: Callable[[float], None]


def first_page(
    letter: Letter, address: tuple[str, Sequence[str]], information: Block, texts: Sequence[Block]
) -> tuple[float, Callable[[], None]]:
    """Where the content begins on the first page, and what draws all above it: return line and address, information,
    then `texts`.
    """
    start = max(SUBJECT_TOP, INFORMATION_TOP + information.height + 4)

    def draw() -> None:
        letter.new_page()
        letter.address_field(*address)
        information.draw(INFORMATION_TOP)
        y = start
        for block in texts:
            block.draw(y)
            y += block.height

    return start + sum(block.height for block in texts), draw
