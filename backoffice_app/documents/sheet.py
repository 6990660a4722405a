"""The paper of one PDF: text by position in any script, on fpdf2. All measures in mm (INV-7)."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Literal

from fpdf import FPDF
from fpdf import Align as FpdfAlign
from fpdf.fonts import CoreFont, TTFFont
from fpdf.line_break import Fragment, TextLine

from backoffice_app.documents import fast_fonts, fonts

INK, GREY, RULE = (28, 30, 34), (105, 109, 116), (196, 199, 204)

# Start and end of the reading direction; numbers stand right in every script, so that their decimals are in line.
Align = Literal["start", "end", "right"]
# Blanks (no-break ones hold words together), one word, or one East Asian character with the punctuation that may not
# leave it.
WORDS = re.compile(
    r"\n| +|[「『（〔［〈《【]*[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef]"
    r"[、。，．・：；？！）」』】〉》〕］ー々]*"
    r"|[^ \n\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef]+"
)
IS_RTL = re.compile(r"[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc]")


class Sheet(FPDF):
    """A PDF whose bytes are fixed by its input alone.

    `fast` writes text itself, else fpdf2 does, with the same pixels.
    """

    def __init__(
        self,
        *,
        made_at: datetime,
        title: str,
        author: str,
        language: str,
        texts: Iterable[str],
        fast: bool = fast_fonts.FAST,
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
        self.fast = fast
        self._widths: dict[tuple[str, str, float], float] = {}
        self._shaped: dict[tuple[str, bool, str, float], Sequence[Fragment]] = {}
        self._font_of: dict[tuple[str, str], CoreFont | TTFFont] = {}
        fonts.add_fonts(self, texts, fast=fast)

    def use(self, size: float, style: str = "") -> None:
        """Noto Sans in `size` points, style "" or "B"."""
        self.set_font("notosans", style, size)

    def text_width(self, text: str) -> float:
        """The width of cleaned `text` in the present font."""
        key = (text, self.font_style, self.font_size_pt)
        if key not in self._widths:
            self._widths[key] = self._measure(text)
        return self._widths[key]

    def put(
        self,
        text: str,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        align: Align = "start",
        rtl: bool | None = None,
    ) -> None:
        """One line of text in a box, at the reading direction's start or end.

        `rtl`: the paragraph's direction, else found in the text.
        """
        text = fonts.clean(text)
        if not text:
            return
        if align == "right" or (align == "end") != self.rtl:
            x += width - self.text_width(text)
        if not self.current_font_is_set_on_page and self.current_font:
            # A line that begins in a fallback font would set this one inside its own q/Q, so the next line had a wrong
            # size.
            self._out(self._set_font_for_page(self.current_font, self.font_size_pt))
        if rtl or IS_RTL.search(text):
            self._put_shaped(text, x, y, height, base_direction(text) if rtl is None else rtl)
        elif self.fast:
            self._put_plain(_seen(text), x, y, height)
        elif seen := _seen(text):
            self.set_xy(x, y)
            self.cell(None, height, seen)

    def put_lines(
        self, lines: Sequence[str], x: float, y: float, width: float, height: float, *, align: Align = "start"
    ) -> float:
        """Lines of one paragraph, each `height` high; the y below them."""
        rtl = base_direction(" ".join(lines))
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

    def shorten(self, text: str, width: float) -> str:
        """Cleaned `text` on one line of at most `width` in the present font, cut with an ellipsis where it
        is longer.
        """
        text = " ".join(fonts.clean(text).split())
        if self.text_width(text) <= width:
            return text
        fits = next(
            (
                end
                for end in range(len(text) - 1, 0, -1)
                if self.text_width(text[:end].rstrip() + "…") <= width
            ),
            0,
        )
        return text[:fits].rstrip() + "…"

    def _words(self, text: str, width: float) -> Iterable[str]:
        for word in WORDS.findall(text):
            while self.text_width(word) > width and len(word) > 1:
                end = next((i for i in range(len(word) - 1, 1, -1) if self.text_width(word[:i]) <= width), 1)
                yield word[:end]
                word = word[end:]  # noqa: PLW2901  # the rest is judged again
            yield word

    def _measure(self, text: str) -> float:
        if IS_RTL.search(text):
            width: float = sum(
                fragment.get_width() for fragment in self._fragments(text, rtl=base_direction(text))
            )
            return width
        if not self.fast:
            return self.get_string_width(_seen(text))
        return (
            sum(font.get_text_width(run, self.font_size_pt, None)[1] for font, run in self._runs(_seen(text)))
            / self.k
        )

    def _runs(self, text: str) -> list[tuple[CoreFont | TTFFont, str]]:
        """`text` in parts that one font can draw."""
        if text.isascii() and self.current_font:
            return [(self.current_font, text)]
        return [(font, "".join(run)) for font, run in groupby(text, self._font_for)]

    def _font_for(self, character: str) -> CoreFont | TTFFont:
        key = (character, self.font_style)
        if key not in self._font_of:
            font = self.fonts[f"notosans{self.font_style}"]
            if isinstance(font, TTFFont) and ord(character) not in font.cmap:
                font = self.fonts[self.get_fallback_font(character, self.font_style) or font.fontkey]
            self._font_of[key] = font
        return self._font_of[key]

    def _put_plain(self, text: str, x: float, y: float, height: float) -> None:
        """Writes what needs no shaping, as `cell` does but without its detours: half of a document's time."""
        baseline = self.h - y - 0.5 * height - 0.3 * self.font_size
        color = self.text_color.serialize().lower() if self.text_color else ""
        parts = [f"q {color} BT {x * self.k:.2f} {baseline * self.k:.2f} Td"]
        for font, run in self._runs(text):
            if font is not self.current_font or len(parts) > 1:
                parts.append(self._set_font_for_page(font, self.font_size_pt, wrap_in_text_object=False))
            parts.append(font.encode_text(run))
        self._out(" ".join([*parts, "ET Q"]))

    def _fragments(self, text: str, *, rtl: bool) -> Sequence[Fragment]:
        """The parts of a line with letters of right-to-left scripts, in their order on paper."""
        key = (text, rtl, self.font_style, self.font_size_pt)
        if key not in self._shaped:
            self.set_text_shaping(True, direction="rtl" if rtl else "ltr")
            self._shaped[key] = self._preload_bidirectional_text(text, False)
            self.text_shaping = None
        return self._shaped[key]

    def _put_shaped(self, text: str, x: float, y: float, height: float, rtl: bool) -> None:
        fragments = self._fragments(text, rtl=rtl)
        for fragment in fragments:
            fragment.graphics_state.text_color = self.text_color
        self.set_xy(x, y)
        width = sum(fragment.get_width() for fragment in fragments)
        line = TextLine(list(fragments), width, 0, FpdfAlign.L, height, width)
        self._render_styled_text_line(line, height)

    def rule(self, y: float, x: float, end: float, thickness: float = 0.2) -> None:
        """A grey line across, or black where it is thick."""
        self.set_draw_color(*(INK if thickness > 0.3 else RULE))
        self.set_line_width(thickness)
        self.line(x, y, end, y)

    def fill(self, boxes: Iterable[tuple[float, float, float, float]]) -> None:
        """Black boxes (x, y, width, height), in one stroke of the pen."""
        k = self.k
        path = " ".join(
            f"{x * k:.2f} {(self.h - y) * k:.2f} {width * k:.2f} {-height * k:.2f} re"
            for x, y, width, height in boxes
        )
        self._out(f"q 0 g {path} f Q")

    def finish(self) -> bytes:
        """The file's bytes."""
        try:
            return bytes(self.output())
        except Exception:
            fast_fonts.forget_document()
            raise


def _seen(text: str) -> str:
    """`text` without marks that have no picture."""
    return text if text.isascii() else text.translate(fonts.UNPRINTED)


def base_direction(text: str) -> bool:
    """Whether the first strong character of `text` reads right to left."""
    return next(
        (kind in {"R", "AL"} for kind in map(unicodedata.bidirectional, text) if kind in {"L", "R", "AL"}),
        False,
    )
