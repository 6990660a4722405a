"""Texts from outside, without the characters that nobody sees: two names that look alike are the same text.

What is invisible and taken out is Unicode's Default_Ignorable_Code_Point and the rest of its format characters (UTS 39,
section 3.1; UAX 9 for the marks of direction). What a script cannot be written without stays where it has an effect,
and only there.
"""

import re
import unicodedata

_IGNORED = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffb\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Default_Ignorable_Code_Point, other format characters that show nothing by themselves, and U+2800, a blank that is
none.
"""
MARKS_OF_DIRECTION = frozenset("\u061c\u200e\u200f")
"""Single marks, which turn no other text around. A longer text in two directions needs them; a name does not."""
NON_JOINER, JOINER = "\u200c", "\u200d"
TEXT_LOOK, PICTURE_LOOK, KEYCAP = "\ufe0e", "\ufe0f", "\u20e3"
PICTURES = {"So", "Sm"}
_VIRAMA = 9  # the canonical combining class of the sign that ties two consonants
_JOINING = re.compile(
    "[\u0600-\u07ff\u0840-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\u1a20-\u1aaf\u1b00-\u1bff\ua840-\ua95f\ufb50-\ufdff\ufe70-\ufefc]"
)
"""Arabic, Syriac, N'Ko, Mongolian, and the scripts of India and South East Asia."""
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff]")


def visible(text: str, *, marks: bool = False) -> str:
    """`text` without invisible characters; with `marks` the single marks of direction stay.

    Joiners stay between letters that join and in composed emoji, variation selectors behind what has variants.
    """
    if not _IGNORED.search(text):
        return text
    kept: list[str] = []
    for at, character in enumerate(text):
        stays = not _IGNORED.match(character) or (marks and character in MARKS_OF_DIRECTION)
        if stays or (kept and _has_an_effect(character, kept, text[at + 1 : at + 2])):
            kept.append(character)
    return "".join(kept)


def _has_an_effect(character: str, before: list[str], after: str) -> bool:
    """Whether an invisible character changes what is seen of its neighbours."""
    last = before[-1]
    if character in {NON_JOINER, JOINER}:
        return _joins(last, after) or (
            character == JOINER and _is_picture(before) and unicodedata.category(after or " ") in PICTURES
        )
    if character in {TEXT_LOOK, PICTURE_LOOK}:
        return after == KEYCAP or unicodedata.category(last) in PICTURES | {"Po"}
    if "\u180b" <= character <= "\u180f":
        return "\u1800" <= last <= "\u18aa"
    # Forms of one ideograph, as in Japanese names.
    return "\U000e0100" <= character <= "\U000e01ef" and unicodedata.name(last, "").startswith("CJK ")


def _joins(last: str, after: str) -> bool:
    """The rule of domain names, RFC 5892 A.1 and A.2, a little wider: between any two letters of a script
    that joins.
    """
    return unicodedata.combining(last) == _VIRAMA or (
        _JOINING.match(last) is not None and _JOINING.match(after) is not None
    )


def _is_picture(before: list[str]) -> bool:
    looks = [PICTURE_LOOK, TEXT_LOOK]
    base = next((c for c in before[:-4:-1] if c not in looks and not _SKIN.match(c)), "")
    return bool(base) and unicodedata.category(base) in PICTURES
