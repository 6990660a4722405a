"""A DIN 5008 form B letter on fpdf2: sheet, address window, information block, fold marks, footer. All measures in mm (INV-7)."""

import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fpdf import FPDF

from backoffice_app.documents import fast_fonts, fonts
from backoffice_app.documents.texts import Texts

LEFT, RIGHT = 25.0, 190.0
TEXT_WIDTH = RIGHT - LEFT
WINDOW = (20.0, 45.0, 85.0, 45.0)
ADDRESS_TOP, ADDRESS_HEIGHT, ADDRESS_LINE = 62.7, 27.3, 4.55
INFORMATION_X, INFORMATION_TOP, INFORMATION_LINE = 125.0, 50.0, 4.5
SUBJECT_TOP, NEXT_PAGE_TOP, BODY_BOTTOM = 98.5, 26.0, 260.0
PAGE_NUMBER_TOP, FOOTER_TOP = 263.0, 269.5
FOLD_MARKS, PUNCH_MARK = (105.0, 210.0), 148.5
INK, GREY, RULE = (28, 30, 34), (105, 109, 116), (196, 199, 204)

# Start and end of the reading direction; numbers stand right in every script, so that their decimals are in line.
Align = Literal["start", "end", "right"]
# Blanks (no-break ones hold words together), one word, or one East Asian character with the punctuation that may not leave it.
WORDS = re.compile(
    r"\n| +|[「『（〔［〈《【]*[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef][、。，．・：；？！）」』】〉》〕］ー々]*"
    r"|[^ \n\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef]+"
)
IS_RTL = re.compile(r"[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff]")


class Sheet(FPDF):
    """The paper of one PDF: text by position, in any script, with the bytes fixed by its input alone."""

    def __init__(
        self, *, made_at: datetime, title: str, author: str, language: str, texts: Iterable[str], fast: bool = fast_fonts.FAST
    ) -> None:
        super().__init__(format="A4", unit="mm")
        self.set_creation_date(made_at)
        self.set_title(title)
        self.set_author(author)
        self.set_lang(language)
        self.set_producer("Kontor")
        self.set_creator("Kontor")
        self.set_auto_page_break(False)
        self.render_color_fonts = False
        self.c_margin = 0
        self.rtl = False
        self._widths: dict[tuple[str, str, float], float] = {}
        fonts.add_fonts(self, texts, fast=fast)

    def use(self, size: float, style: str = "") -> None:
        """Noto Sans in `size` points, style "" or "B"."""
        self.set_font("notosans", style, size)

    def text_width(self, text: str) -> float:
        """The width of cleaned `text` in the present font."""
        key = (text, self.font_style, self.font_size_pt)
        if key not in self._widths:
            text = self._direct(text, rtl=None)
            self._widths[key] = self.get_string_width(text)
            self.text_shaping = None
        return self._widths[key]

    def put(self, text: str, x: float, y: float, width: float, height: float, *, align: Align = "start", rtl: bool | None = None) -> None:
        """One line of text in a box, at the reading direction's start or end. `rtl`: the paragraph's direction, else found in the text."""
        text = fonts.clean(text)
        if not text:
            return
        at_right = align == "right" or (align == "end") != self.rtl
        if not self.current_font_is_set_on_page and self.current_font:
            # A line that begins in a fallback font would set this one inside its own q/Q, so the next line had a wrong size.
            self._out(self._set_font_for_page(self.current_font, self.font_size_pt))
        self.set_xy(x + width - self.text_width(text) if at_right else x, y)
        self.cell(None, height, self._direct(text, rtl=rtl))
        self.text_shaping = None

    def put_lines(self, lines: Sequence[str], x: float, y: float, width: float, height: float, *, align: Align = "start") -> float:
        """Lines of one paragraph, each `height` high; the y below them."""
        rtl = _base_direction(" ".join(lines))
        for line in lines:
            self.put(line, x, y, width, height, align=align, rtl=rtl)
            y += height
        return y

    def wrap(self, text: str, width: float) -> list[str]:
        """`text` broken into lines of at most `width` in the present font; words longer than a line are split."""
        text = fonts.clean(text).strip()
        if not text:
            return []
        if "\n" not in text and self.text_width(text) <= width:
            return [text]
        lines, line, used = [], "", 0.0
        for word in self._words(text, width):
            space = self.text_width(word)
            if word == "\n" or (used + space > width + 0.01 and line.strip() and not word.isspace()):
                lines.append(line.rstrip())
                line, used = "", 0.0
            if word != "\n" and (line or not word.isspace()):
                line, used = line + word, used + space
        return [*lines, line.rstrip()] if line.strip() else lines

    def _words(self, text: str, width: float) -> Iterable[str]:
        for word in WORDS.findall(text):
            while self.text_width(word) > width and len(word) > 1:
                end = next((i for i in range(len(word) - 1, 1, -1) if self.text_width(word[:i]) <= width), 1)
                yield word[:end]
                word = word[end:]  # noqa: PLW2901  # the rest is judged again
            yield word

    def _direct(self, text: str, *, rtl: bool | None) -> str:
        """Turns shaping on for text of right-to-left scripts, or off, which is faster and needs no invisible marks."""
        if rtl or IS_RTL.search(text):
            base = _base_direction(text) if rtl is None else rtl
            self.set_text_shaping(True, direction="rtl" if base else "ltr")
            return text
        self.text_shaping = None
        return text.translate(fonts.UNPRINTED)

    def rule(self, y: float, x: float = LEFT, end: float = RIGHT, thickness: float = 0.2) -> None:
        """A grey line across, or black where it is thick."""
        self.set_draw_color(*(INK if thickness > 0.3 else RULE))
        self.set_line_width(thickness)
        self.line(x, y, end, y)

    def finish(self) -> bytes:
        """The file's bytes."""
        try:
            return bytes(self.output())
        except Exception:
            fast_fonts.forget_document()
            raise


def _base_direction(text: str) -> bool:
    """Whether the first strong character of `text` reads right to left."""
    return next((kind in {"R", "AL"} for kind in map(unicodedata.bidirectional, text) if kind in {"L", "R", "AL"}), False)


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
        """A page begins, with marks, heading and footer; the y where content may start on a following page."""
        self.page += 1
        self.sheet.add_page()
        self.sheet.rtl = self.texts.is_rtl
        self._marks()
        self._page_number()
        self._footer()
        if self.page == 1:
            self._letterhead()
            return SUBJECT_TOP
        self.ink(8.5, grey=True)
        half = TEXT_WIDTH / 2
        self.sheet.put(self.sender, self.x(LEFT, half), 15.5, half, 4.5)
        self.sheet.put(self.heading, self.x(LEFT + half, half), 15.5, half, 4.5, align="end")
        self.sheet.rule(21)
        return NEXT_PAGE_TOP

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
            self.sheet.image(io.BytesIO(self.logo), x=LEFT, y=13, w=70, h=22, keep_aspect_ratio=True)
            return
        self.ink(17, "B")
        self.sheet.put(self.sender, LEFT, 18, TEXT_WIDTH, 9)

    def _page_number(self) -> None:
        self.ink(8, grey=True)
        text = self.texts.say("Page {page} of {pages}", page=self.page, pages=self.pages)
        self.sheet.put(text, LEFT, PAGE_NUMBER_TOP, TEXT_WIDTH, 4, align="end")

    def _footer(self) -> None:
        """The sender's data in columns as wide as their text, or of equal width with wrapped lines where that is too wide."""
        self.sheet.rule(FOOTER_TOP - 1.5)
        self.ink(7, grey=True)
        columns = [[line for line in column if line] for column in self.footer]
        columns = [column for column in columns if column]
        if not columns:
            return
        widths = [max(self.sheet.text_width(fonts.clean(line)) for line in column) for column in columns]
        room = TEXT_WIDTH - sum(widths)
        gap = room / (len(columns) - 1) if len(columns) > 1 else 0.0
        if gap < 3 and len(columns) > 1:
            gap = 3.0
            widths = [(TEXT_WIDTH - gap * (len(columns) - 1)) / len(columns)] * len(columns)
        x = LEFT
        for column, width in zip(columns, widths, strict=True):
            y = FOOTER_TOP
            for line in column:
                y = self.sheet.put_lines(self.sheet.wrap(line, width + 0.1), self.x(x, width), y, width, 3.2)
            x += width + gap

    def address_field(self, return_line: str, lines: Sequence[str]) -> None:
        """The address in the envelope's window, at the left in every language, smaller where it is more than six lines."""
        x, _top, width, _height = WINDOW
        x, width = x + 5, width - 5
        rtl, self.sheet.rtl = self.sheet.rtl, False
        self.ink(7, grey=True)
        natural = self.sheet.text_width(fonts.clean(return_line))
        if natural > width:
            self.sheet.use(7 * width / natural * 0.995)
        self.sheet.put(return_line, x, ADDRESS_TOP - 4.2, width, 3)
        self.sheet.rule(ADDRESS_TOP - 0.9, x, x + width)
        self.sheet.set_text_color(*INK)
        for size in (10.0, 9.0, 8.0, 7.0, 6.0, 5.0):
            self.sheet.use(size)
            fitting = [part for line in lines for part in self.sheet.wrap(line, width)]
            height = min(ADDRESS_LINE, size * 0.43)
            if len(fitting) * height <= ADDRESS_HEIGHT:
                break
        for i, line in enumerate(fitting):
            self.sheet.put(line, x, ADDRESS_TOP + i * height, width, height)
        self.sheet.rtl = rtl

    def information_block(self, rows: Sequence[tuple[str, str]]) -> "Block":
        """Label and value pairs right of the window; values too long for their column take more lines."""
        width = RIGHT - INFORMATION_X
        self.ink(8.5)
        label_width = min(36.0, max(self.sheet.text_width(fonts.clean(label)) + 3 for label, _value in rows))
        label_x = RIGHT - label_width if self.texts.is_rtl else INFORMATION_X
        value_x = INFORMATION_X if self.texts.is_rtl else INFORMATION_X + label_width
        measured = [(self.sheet.wrap(label, label_width - 1), self.sheet.wrap(value, width - label_width)) for label, value in rows]

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
    """Where the content begins on the first page, and what draws all above it: return line and address, information, then `texts`."""
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
