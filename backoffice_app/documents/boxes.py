"""What no font has is drawn as a box with the character's code in it, in small hexadecimal digits (INV-7)."""

import io
from collections.abc import Collection, Iterator

import fpdf
import uharfbuzz as hb  # type: ignore[import-untyped]
from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]
from fpdf.fonts import HarfBuzzFont, TTFFont

FAMILY = "kontorboxes"
BLANK = 0x20
# All in thousandths of the font size.
UNITS, BOTTOM, SIDE, STROKE, INSIDE, GAP = 1000, -100, 40, 40, 40, 50
DIGIT_WIDTH, DIGIT_HEIGHT, DIGIT_STROKE = 160, 270, 38
TOP = BOTTOM + 2 * (STROKE + INSIDE) + 2 * DIGIT_HEIGHT + GAP
MADE_AT = 3_786_912_000
"""The moment the font says it was made at, in seconds since 1904: fixed, so that the same characters give the same
bytes.
"""
# The bars of a digital clock: top, upper right, lower right, bottom, lower left, upper left, middle.
BARS = {
    "0": "trRbLl", "1": "rR", "2": "trmLb", "3": "trmRb", "4": "lmrR", "5": "tlmRb", "6": "tlmRbL", "7": "trR",
    "8": "trRbLlm", "9": "trRblm", "A": "trRLlm", "B": "lLmRb", "C": "tlLb", "D": "rRmLb", "E": "tlLmb", "F": "tlLm",
}  # fmt: skip
Bar = tuple[int, int, int, int]


def add_boxes(pdf: fpdf.FPDF, characters: Collection[str]) -> None:
    """`pdf` has the family `FAMILY` with a box for each of `characters`; text copied from the PDF still holds the
    character itself.
    """
    data = boxes(characters)
    font = TTFFont(pdf, io.BytesIO(data), FAMILY, "")  # type: ignore[arg-type]  # fontTools takes a file as well as its path
    font._hbfont = HarfBuzzFont(hb.Face(hb.Blob(data)))  # else it would be read from a path
    pdf.fonts[FAMILY] = font


def boxes(characters: Collection[str]) -> bytes:
    """A TrueType font with these characters alone; the same characters give the same bytes."""
    names = {code: f"u{code:04X}" for code in sorted(map(ord, characters))}
    builder = FontBuilder(UNITS, isTTF=True)
    builder.setupGlyphOrder([".notdef", "space", *names.values()])
    builder.setupCharacterMap(
        {BLANK: "space"} | names
    )  # HarfBuzz sets a blank of no width where a mark is not to be seen
    drawn = {name: _outline([]) for name in (".notdef", "space")}
    builder.setupGlyf(drawn | {name: _outline(list(_box(code))) for code, name in names.items()})
    widths = dict.fromkeys(drawn, (_advance(2), 0)) | {
        name: (_advance(_columns(code)), SIDE) for code, name in names.items()
    }
    builder.setupHorizontalMetrics(widths)
    builder.setupHorizontalHeader(ascent=TOP, descent=BOTTOM)
    builder.setupNameTable(
        {
            "familyName": "Kontor Boxes",
            "styleName": "Regular",
            "fullName": "KontorBoxes",
            "psName": "KontorBoxes",
        }
    )
    builder.setupOS2(
        sTypoAscender=TOP, sTypoDescender=BOTTOM, usWinAscent=TOP, usWinDescent=-BOTTOM, sCapHeight=TOP
    )
    builder.setupPost()
    builder.updateHead(created=MADE_AT, modified=MADE_AT)
    builder.font.recalcTimestamp = False
    file = io.BytesIO()
    builder.save(file)
    return file.getvalue()


def _columns(code: int) -> int:
    """Digits in a row: two rows of two, or of three beyond U+FFFF."""
    return 2 if code <= 0xFFFF else 3


def _advance(columns: int) -> int:
    return 2 * (SIDE + STROKE + INSIDE) + columns * DIGIT_WIDTH + (columns - 1) * GAP


def _box(code: int) -> Iterator[Bar]:
    """The frame and the digits as bars: left, bottom, right, top."""
    columns = _columns(code)
    left, right = SIDE, _advance(columns) - SIDE
    yield left, BOTTOM, right, BOTTOM + STROKE
    yield left, TOP - STROKE, right, TOP
    yield left, BOTTOM + STROKE, left + STROKE, TOP - STROKE
    yield right - STROKE, BOTTOM + STROKE, right, TOP - STROKE
    for place, digit in enumerate(f"{code:0{2 * columns}X}"):
        x = left + STROKE + INSIDE + place % columns * (DIGIT_WIDTH + GAP)
        y = BOTTOM + STROKE + INSIDE + (1 - place // columns) * (DIGIT_HEIGHT + GAP)
        yield from _digit(digit, x, y)


def _digit(digit: str, x: int, y: int) -> Iterator[Bar]:
    thick, right, top, middle = (
        DIGIT_STROKE,
        x + DIGIT_WIDTH,
        y + DIGIT_HEIGHT,
        y + (DIGIT_HEIGHT - DIGIT_STROKE) // 2,
    )
    bars: dict[str, Bar] = {
        "t": (x, top - thick, right, top), "r": (right - thick, middle, right, top),
        "R": (right - thick, y, right, middle + thick),
        "b": (x, y, right, y + thick), "L": (x, y, x + thick, middle + thick), "l": (x, middle, x + thick, top),
        "m": (x, middle, right, middle + thick),
    }  # fmt: skip
    return (bars[bar] for bar in BARS[digit])


def _outline(bars: list[Bar]) -> object:
    pen = TTGlyphPen(None)
    for left, bottom, right, top in bars:
        pen.moveTo((left, bottom))
        for corner in ((left, top), (right, top), (right, bottom)):
            pen.lineTo(corner)
        pen.closePath()
    return pen.glyph()
