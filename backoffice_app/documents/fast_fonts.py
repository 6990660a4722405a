"""Fonts parsed once per process and cut by HarfBuzz, five times as fast as fpdf2 alone; it touches internals of one
fpdf2 release.

fpdf2 walks a whole font file for each document and lets fontTools cut the subset. Here the parse is kept and HarfBuzz
cuts. A test compares the pictures of both ways.
"""

import copy
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, BinaryIO

import fpdf
import fpdf.output
import structlog
import uharfbuzz as hb  # type: ignore[import-untyped]
from fontTools import subset as stock  # type: ignore[import-untyped]
from fpdf.enums import TextEmphasis
from fpdf.fonts import HarfBuzzFont, SubsetMap, TTFFont

KNOWN_RELEASE = "2.8.9"
KNOWN_SLOTS = frozenset({
    "i", "type", "name", "desc", "glyph_ids", "_hbfont", "sp", "ss", "up", "ut", "cw", "ttffile", "fontkey",
    "emphasis", "scale", "subset",
    "cmap", "ttfont", "missing_glyphs", "biggest_size_pt", "color_font", "unicode_range", "palette_index",
    "is_compressed", "is_cff",
    "is_cid_keyed", "is_symbol", "cff_ros", "collection_font_number",
})  # fmt: skip
PER_DOCUMENT = frozenset({
    "i", "fontkey", "emphasis", "ttfont", "_hbfont", "subset", "unicode_range", "desc", "cw",
    "missing_glyphs", "biggest_size_pt",
})  # fmt: skip
DROPPED = frozenset(
    int.from_bytes(tag, "big")
    for tag in (b"GSUB", b"GPOS", b"GDEF", b"name", b"STAT", b"gasp", b"meta", b"DSIG", b"hdmx")
)
FAST = (
    fpdf.__version__ == KNOWN_RELEASE
    and frozenset(TTFFont.__slots__) == KNOWN_SLOTS
    and hasattr(fpdf.output, "ftsubset")
)

if not FAST:
    structlog.get_logger().warning("fonts take the slow way", fpdf2=fpdf.__version__, known=KNOWN_RELEASE)


class Parsed:
    """All that fpdf2 computes from a font file; made once per process, never changed."""

    def __init__(self, path: Path) -> None:
        font = TTFFont(fpdf.FPDF(), path, "x", "")
        if font.is_cff or font.is_compressed or font.color_font:
            raise ValueError(f"{path.name}: TrueType outlines only")
        self.order: list[str] = font.ttfont.getGlyphOrder()
        self.slots = {slot: getattr(font, slot) for slot in TTFFont.__slots__ if slot not in PER_DOCUMENT}
        self.desc, self.cw = font.desc, font.cw
        self.ids = {name: i for i, name in enumerate(self.order)}
        self.hmtx = SimpleNamespace(metrics=dict(font.ttfont["hmtx"].metrics))
        self.face = hb.Face(hb.Blob.from_file_path(str(path)))


@cache
def parsed(path: Path) -> Parsed:
    """The parsed font file; the first call for a file costs 7 ms (Latin) to 50 ms (CJK)."""
    return Parsed(path)


class Sfnt:
    """What fpdf2 asks of a fontTools font after the parse."""

    def __init__(self, source: Parsed) -> None:
        self.source = source
        self.new_ids: dict[int, int] = {}
        self.data = b""

    def __getitem__(self, tag: str) -> SimpleNamespace:
        return {"hmtx": self.source.hmtx}[tag]

    def getGlyphName(self, glyph: int) -> str:  # noqa: N802  # fontTools' name
        return self.source.order[glyph]

    def getGlyphID(self, name: str) -> int:  # noqa: N802
        return self.new_ids[self.source.ids[name]]

    def cut(self, names: list[str]) -> None:
        """`data` is the font with these glyphs only. Hints stay: without them the pixels change."""
        wish = hb.SubsetInput()
        wish.glyph_set.update({0, *(self.source.ids[name] for name in names)})
        wish.drop_table_tag_set.update(DROPPED)
        wish.flags = hb.SubsetFlags.NOTDEF_OUTLINE | hb.SubsetFlags.NO_LAYOUT_CLOSURE
        plan = hb.SubsetPlan(self.source.face, wish)
        self.data, self.new_ids = bytes(plan.execute().blob.data), dict(plan.old_to_new_glyph_mapping)

    def save(self, out: BinaryIO) -> None:
        out.write(self.data)

    def close(self) -> None:
        """Nothing is open."""


class FastFont(TTFFont):
    """A font of one document that shares the parse with all others."""

    __slots__ = ()

    def __init__(self, pdf: fpdf.FPDF, path: Path, key: str, style: str) -> None:
        source = parsed(path)
        for name, value in source.slots.items():
            setattr(self, name, value)
        self.i, self.fontkey, self.emphasis = len(pdf.fonts) + 1, key, TextEmphasis.coerce(style)
        self.desc, self.cw, self.missing_glyphs = copy.copy(source.desc), source.cw.copy(), []
        self.ttfont, self._hbfont, self.biggest_size_pt = Sfnt(source), HarfBuzzFont(source.face), 0
        self.unicode_range = None
        self.subset = SubsetMap(self)


class Subsetter(stock.Subsetter):  # type: ignore[misc]  # fontTools is untyped
    """fontTools' subsetter that leaves our fonts to HarfBuzz."""

    def populate(self, *, glyphs: Any = (), **others: Any) -> None:
        self.names = list(glyphs)
        super().populate(glyphs=glyphs, **others)

    def subset(self, font: Any) -> None:
        if isinstance(font, Sfnt):
            font.cut(self.names)
        else:
            super().subset(font)


if FAST:
    fpdf.output.ftsubset = SimpleNamespace(  # type: ignore[attr-defined]  # the place that fpdf2 asks for its subsetter
        Options=stock.Options, Subsetter=Subsetter
    )


def add_font(pdf: fpdf.FPDF, family: str, style: str, path: Path) -> None:
    """`family` in `style` ("" or "B") is ready for `set_font`, as after `FPDF.add_font`."""
    key = f"{family.lower()}{style}"
    pdf.fonts[key] = FastFont(pdf, path, key, style)


def forget_document() -> None:
    """Lets go of a document that failed before its output; fpdf2 caches glyphs per font object on the class."""
    for name in ("pick", "get_glyph"):
        clear = getattr(getattr(SubsetMap, name, None), "cache_clear", None)
        if clear:
            clear()
