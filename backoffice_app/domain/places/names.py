"""Names of towns as they are compared: case, accents, umlauts and punctuation stop mattering."""

import re
import unicodedata
from collections.abc import Iterator


def words(text: str) -> frozenset[str]:
    """The words of a list that is written as one text."""
    return frozenset(text.split())


WHOLE = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "a", "œ": "o", "ı": "i", "ð": "d", "þ": "th", "ß": "ss"}
)
UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))
SAINTS = {"sankt": "st", "saint": "st", "sint": "st", "sainte": "ste", "santa": "s", "sveti": "sv"}
NO_LETTER = re.compile(r"[\W_]+")
BREAKS = re.compile(r"[/,;|()]| [-–] ")
EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
TOO_GENERAL = words(
    "alt am auf bad banska bielsko castel castello chateau city de den der des dolni dolny dolna el fort "
    "gross gornji horni klein la las "
    "le les los maria markt mont monte neu neuf new nova nowa nowe nowy novi nove ober port porto rio s "
    "saint san sant santa st ste stara "
    "stare stari stary unter van villa ville"
)
"""First words that say nothing without the next one."""


def key_of(name: str) -> str:
    """The name as it is compared: "Sankt Pölten" and "St. Poelten" are both "st polten".

    Letters of other scripts stay.
    """
    letters = unicodedata.normalize("NFKD", name.casefold().translate(WHOLE))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    words = NO_LETTER.sub(" ", plain.replace("'", "").replace("’", "")).split()
    joined = " ".join(SAINTS.get(word, word) for word in words)
    for long, short in UMLAUTS:
        joined = joined.replace(long, short)
    return joined


def keys_as_typed(city: str) -> Iterator[str]:
    """The keys by which a typed town may be known as a whole: all of it, its parts ("Biel/Bienne"), without "Cedex 2"
    or other figures.

    None is empty, none comes twice.
    """
    parts = [city, *BREAKS.split(city)]
    seen: set[str] = set()
    for part in parts:
        key = key_of(part)
        for form in (key, re.sub(r" (cedex.*|\d.*|postfach|pf|bezirk)$", "", key)):
            if len(form) > 1 and form not in seen:
                seen.add(form)
                yield form


def keys_of_beginning(city: str) -> Iterator[str]:
    """Shorter and shorter beginnings of a typed town: "Hamburg-Altona" -> "hamburg", "Frankfurt a.

    M." -> "frankfurt a", "frankfurt".
    """
    words = key_of(city).split()
    if len(words) == 1 and EAST_ASIAN.match(city):  # written without blanks, the largest first
        yield from (words[0][:length] for length in range(len(words[0]) - 1, 1, -1))
    while len(words) > 1:
        words.pop()
        if len(words) > 1 or (words[0] not in TOO_GENERAL and len(words[0]) > 2):
            yield " ".join(words)


def is_same_town(typed: str, known: str) -> bool:
    """Whether a typed key may mean a known one: equal, the beginning of the other by whole words, or one letter
    mistyped.
    """
    if typed == known or f"{typed} ".startswith(f"{known} ") or f"{known} ".startswith(f"{typed} "):
        return True
    words, others = set(typed.split()), set(known.split())
    return (len(words) > 1 or len(others) > 1) and (words <= others or others <= words)
