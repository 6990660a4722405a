"""Makes the fonts in assets/fonts from Debian's fonts-noto-core and fonts-noto-cjk; needed only to change them.

Use: apt-get install fonts-noto-core fonts-noto-cjk; python tools/make_fonts.py Noto Sans is cut to Latin, Greek and
Cyrillic, Noto Sans CJK to the characters of JIS X 0208, GB 2312 and KS X 1001 with TrueType outlines, which HarfBuzz
can cut per document. The same input gives the same bytes.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from fontTools import subset  # type: ignore[import-untyped]
from fontTools.pens.cu2quPen import Cu2QuPen  # type: ignore[import-untyped]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont, newTable  # type: ignore[import-untyped]

NOTO = Path("/usr/share/fonts/truetype/noto")
CJK = Path("/usr/share/fonts/opentype/noto")
CATALOG = Path(__file__).parents[1] / "backoffice_app" / "locales" / "ja" / "LC_MESSAGES" / "documents.po"
LICENCE = Path("/usr/share/doc/fonts-noto-core/copyright")
FONTS = Path(__file__).parents[1] / "assets" / "fonts"
JAPANESE_FACE = 0

EUROPE = (
    (0x20, 0x7E), (0xA0, 0x24F), (0x250, 0x2AF), (0x2B0, 0x36F), (0x370, 0x3FF), (0x400, 0x52F),
    (0x1E00, 0x1EFF), (0x1F00, 0x1FFF),
    (0x2000, 0x206F), (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2190, 0x2193),
    (0x2212, 0x2212), (0x2260, 0x2265),
)  # fmt: skip
MINUS = 0x2212
DROPPED = ["GSUB", "GPOS", "GDEF", "STAT", "gasp", "meta", "DSIG", "hdmx", "vhea", "vmtx", "VORG", "BASE"]


def main() -> None:
    """All font files and OFL.txt are written anew."""
    FONTS.mkdir(parents=True, exist_ok=True)
    europe = {c for first, last in EUROPE for c in range(first, last + 1)}
    for style in ("Regular", "Bold"):
        cut(NOTO / f"NotoSans-{style}.ttf", europe, layout=False)
        cut(NOTO / f"NotoSansArabic-{style}.ttf", None, layout=True)
        cut(NOTO / f"NotoSansHebrew-{style}.ttf", None, layout=True)
    cut_cjk("NotoSansCJK-Regular", set(east_asian()) | set(range(0x20, 0x7F)))
    cut_cjk("NotoSansCJK-Bold", set(printed_bold()))
    (FONTS / "OFL.txt").write_text(licence(), encoding="utf-8")
    for file in sorted(FONTS.iterdir()):
        print(f"{file.stat().st_size:>9} {file.name}")  # noqa: T201  # a command line tool


def options(*, layout: bool) -> subset.Options:
    """How a subset is cut: hints kept, glyph names dropped, layout tables only where letters must be joined."""
    wish = subset.Options()
    wish.drop_tables = [t for t in DROPPED if not (layout and t in ("GSUB", "GPOS", "GDEF"))]
    wish.glyph_names = False
    wish.notdef_outline = True
    wish.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    wish.recalc_timestamp = False
    return wish


def cut(source: Path, characters: set[int] | None, *, layout: bool) -> None:
    """The font with only these characters, or all of them, in `assets/fonts` under its own name."""
    font = TTFont(source, recalcTimestamp=False)
    cutter = subset.Subsetter(options(layout=layout))
    cutter.populate(unicodes=characters if characters is not None else set(font.getBestCmap()))
    cutter.subset(font)
    if characters is not None and MINUS not in font.getBestCmap():
        add_minus(font)
    font.save(FONTS / source.name)


def add_minus(font: TTFont) -> None:
    """The minus sign that Noto Sans leaves to its mathematical sister: the bar of the plus, as wide as that, so that
    sums stay in line.
    """
    plus = font.getBestCmap()[ord("+")]
    outline, (advance, _left) = font["glyf"][plus], font["hmtx"][plus]
    left, right = outline.xMin, outline.xMax
    heights = sorted({y for _x, y in outline.coordinates})
    bottom, top = heights[1], heights[2]
    pen = TTGlyphPen(None)
    pen.moveTo((left, bottom))
    for corner in ((left, top), (right, top), (right, bottom)):
        pen.lineTo(corner)
    pen.closePath()
    name = "minus"
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"][name] = pen.glyph()
    font["hmtx"][name] = (advance, left)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[MINUS] = name


def cut_cjk(name: str, characters: set[int]) -> None:
    """The Japanese face with these characters, its cubic outlines turned into TrueType's quadratic ones, one unit off
    at most.
    """
    font = TTFont(CJK / f"{name}.ttc", fontNumber=JAPANESE_FACE, recalcTimestamp=False)
    cutter = subset.Subsetter(options(layout=False))
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    order, glyphs = font.getGlyphOrder(), font.getGlyphSet()
    outlines = {}
    for glyph in order:
        pen = TTGlyphPen(None)
        glyphs[glyph].draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
        outlines[glyph] = pen.glyph()
    font["loca"], glyf = newTable("loca"), newTable("glyf")
    font["glyf"] = glyf
    glyf.glyphOrder, glyf.glyphs = order, outlines
    del font["CFF "]
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    maxp.maxZones, maxp.maxTwilightPoints, maxp.maxStorage, maxp.maxFunctionDefs, maxp.maxInstructionDefs = (
        1,
        0,
        0,
        0,
        0,
    )
    maxp.maxStackElements, maxp.maxSizeOfInstructions, maxp.maxComponentElements = 0, 0, 0
    font["post"].formatType = 3.0
    font["post"].extraNames, font["post"].mapping = [], {}
    font.sfntVersion = "\x00\x01\x00\x00"
    for glyph in order:
        outlines[glyph].recalcBounds(glyf)
        advance, _ = font["hmtx"][glyph]
        font["hmtx"][glyph] = (advance, getattr(outlines[glyph], "xMin", 0))
    font.save(FONTS / f"{name}.ttf")


def east_asian() -> Iterator[int]:
    """The code points of JIS X 0208, GB 2312 and KS X 1001, and the half-width kana."""
    for codec in ("euc_jp", "gb2312", "euc_kr"):
        for high in range(0xA1, 0xFF):
            for low in range(0xA1, 0xFF):
                try:
                    yield ord(bytes((high, low)).decode(codec))
                except (UnicodeDecodeError, TypeError):
                    continue
    yield from range(0xFF61, 0xFFA0)


def printed_bold() -> Iterator[int]:
    """What our Japanese documents may set in bold: the letters of their texts and all kana; everything else is drawn
    regular there.
    """
    catalog = CATALOG.read_text(encoding="utf-8")
    yield from (ord(c) for c in catalog if ord(c) > 0x2E7F)
    yield from range(0x3001, 0x3100)


def licence() -> str:
    """Who holds the rights in the fonts, and the text of the SIL Open Font License 1.1."""
    text = LICENCE.read_text(encoding="utf-8")
    body = cast("re.Match[str]", re.search(r"^License: OFL-1\.1\n((?: .*\n)+)", text, re.MULTILINE)).group(1)
    lines = ["" if line.strip() == "." else line[1:] for line in body.splitlines()]
    head = (
        "Noto Sans, Noto Sans Arabic, Noto Sans Hebrew: Copyright 2010-2020 Google LLC.\n"
        "Noto Sans CJK: Copyright 2014-2021 Adobe (http://www.adobe.com/).\n"
        "Cut and converted by tools/make_fonts.py. Noto is a trademark of Google LLC.\n\n"
        "This Font Software is licensed under the SIL Open Font License, Version 1.1.\n\n"
        "SIL OPEN FONT LICENSE Version 1.1 - 26 February 2007\n\n"
    )
    return head + "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
