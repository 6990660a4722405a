"""Which fonts a document needs, where they are, and which renderer this is (INV-7)."""

import hashlib
import os
import re
import unicodedata
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import fpdf
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from backoffice_app.documents import boxes, fast_fonts
from backoffice_app.domain.core.errors import NotFound
from backoffice_app.i18n import LOCALES

PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True)
class Family:
    """A font family: its name in the PDF and its files by style; the first that has a character draws it."""

    name: str
    regular: str
    bold: str


LATIN = Family("notosans", "NotoSans-Regular.ttf", "NotoSans-Bold.ttf")
FAMILIES = (
    LATIN,
    Family("notosansarabic", "NotoSansArabic-Regular.ttf", "NotoSansArabic-Bold.ttf"),
    Family("notosanshebrew", "NotoSansHebrew-Regular.ttf", "NotoSansHebrew-Bold.ttf"),
    Family("notosanscjk", "NotoSansCJK-Regular.ttf", "NotoSansCJK-Bold.ttf"),
)
# Unicode's Default_Ignorable_Code_Point, but for seven that Noto Sans draws by itself: joiners, direction marks,
# variation selectors, tags.
UNSEEN_RANGES = (
    (0xAD, 0xAD), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x2069), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
UNSEEN = frozenset(chr(code) for first, last in UNSEEN_RANGES for code in range(first, last + 1))
CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
UNPRINTED = {ord(c): None for c in UNSEEN}


@cache
def font_path(name: str) -> Path:
    """The font file `name`: in `KONTOR_FONTS` if set, else in `assets/fonts` beside or inside the package.

    Raises NotFound.
    """
    places = [Path(os.environ["KONTOR_FONTS"])] if "KONTOR_FONTS" in os.environ else []
    places += [PACKAGE.parent / "assets" / "fonts", PACKAGE / "assets" / "fonts"]
    for place in places:
        if (place / name).is_file():
            return place / name
    raise NotFound(name)


def clean(text: str) -> str:
    """`text` as it can be drawn: composed letters (é, not e + accent), tabs as blanks, no control characters but line
    breaks.
    """
    if text.isascii() and text.isprintable():
        return text
    return CONTROLS.sub("", unicodedata.normalize("NFC", text.replace("\t", " ").replace("\r\n", "\n")))


def missing_characters(text: str) -> list[str]:
    """The characters of `text` that no font has, such as most emoji, in the order of their codes: documents show a box
    for each.
    """
    _needed, missing = _families(text)
    return sorted(missing)


def named(characters: Iterable[str]) -> str:
    """Characters with their codes, for a person to find them by: "😀 (U+1F600), U+FFFF"."""
    return ", ".join(f"{c} (U+{ord(c):04X})" if c.isprintable() else f"U+{ord(c):04X}" for c in characters)


def add_fonts(pdf: fpdf.FPDF, texts: Iterable[str], *, fast: bool = fast_fonts.FAST) -> None:
    """`pdf` has all families that these texts need, Noto Sans first, and boxes for what no font has: every character
    can be drawn.
    """
    needed, missing = _families("".join(texts))
    for family in needed:
        for style, name in (("", family.regular), ("B", family.bold)):
            if fast:
                fast_fonts.add_font(pdf, family.name, style, font_path(name))
            else:
                pdf.add_font(family.name, style, font_path(name))
    others = [family.name for family in needed[1:]]
    if missing:
        boxes.add_boxes(pdf, missing)
        others.append(boxes.FAMILY)
    if others:
        pdf.set_fallback_fonts(others, exact_match=False)


def _families(text: str) -> tuple[list[Family], set[str]]:
    """The families that draw `text`, Noto Sans always among them, and the characters that none of them has."""
    left, needed = set(clean(text)) - UNSEEN - {"\n"}, []
    for family in FAMILIES:
        has = {c for c in left if ord(c) in _coverage(family.regular)} if left else set()
        if has or family is LATIN:
            needed.append(family)
        left -= has
    return needed, left


@cache
def _coverage(name: str) -> frozenset[int]:
    if fast_fonts.FAST:
        return frozenset(fast_fonts.parsed(font_path(name)).slots["cmap"])
    return frozenset(TTFont(font_path(name), lazy=True).getBestCmap())


@cache
def renderer() -> str:
    """The id of everything that forms the bytes: libraries, fonts, texts, this package.

    Equal ids promise equal bytes (INV-3).
    """
    digest = hashlib.sha256()
    libraries = ("fpdf2", "uharfbuzz", "fonttools", "babel", "segno", "pillow")
    digest.update(repr([(name, version(name)) for name in libraries]).encode())
    digest.update(f"{zlib.ZLIB_RUNTIME_VERSION} {fast_fonts.FAST}".encode())
    names = [name for family in FAMILIES for name in (family.regular, family.bold)]
    files = [
        PACKAGE / "formats.py",
        PACKAGE / "i18n.py",
        *(font_path(name) for name in names),
        *sorted(Path(__file__).parent.glob("*.py")),
        *sorted(LOCALES.glob("*/*/documents.po")),
    ]
    for file in files:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]
