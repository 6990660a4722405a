"""Street and house number told apart by the order of the country; the line as it was typed stays (W-20)."""

import re
from typing import NamedTuple

NUMBER_FIRST = frozenset(
    {"AU", "CA", "FR", "GB", "GG", "IE", "IM", "IN", "JE", "LU", "MC", "MT", "NZ", "US", "ZA"}
)
MONTHS = (
    "januar|jänner|februar|feber|märz|april|mai|juni|juli|august|september|oktober|november|dezember|"
    "janvier|février|mars|avril|juin|juillet|août|septembre|octobre|décembre|"
    "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|dicembre|"
    "stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|wrzesnia|października|pazdziernika|listopada|grudnia|"
    "enero|febrero|abril|mayo|junio|julio|septiembre|octubre|noviembre|diciembre|ledna|února|března|dubna|května|června|července|srpna|"
    "září|října|listopadu|prosince|mei|maart|augustus|october"
)
DATE = re.compile(
    rf"\b\d{{1,2}}(?:er|\.|º)?\s*(?:de\s+)?(?:{MONTHS})(?:\s+(?:de\s+)?(?:18|19|20)\d\d\b)?", re.IGNORECASE
)
"""A day that a street is called after: "Straße des 17. Juni", "rue du 8 mai 1945", "ul. 3 Maja"."""
ORDINAL = re.compile(
    r"\b\d{1,3}(?:\.(?=\s*[^\W\d_])|(?:er|ère|ème|e|de|ste|nd|rd|th|st)\b(?=\s+[^\W\d_]))", re.IGNORECASE
)
"""A figure that counts and is no house number: "2. Hof", "1e Helmersstraat", "42nd Street"."""
FLOOR = re.compile(r"[,\s]+\d{1,2}\.\s*(?:og|ug|stock|etage|obergeschoss|hof|hinterhof)\b.*", re.IGNORECASE)
YEAR_SQUARE = re.compile(
    r"\b(plein|weg|platz|straße|strasse|square)\s+(?:19|20)\d\d(?:[-–](?:19)?\d\d)?\b", re.IGNORECASE
)
BLOCK = re.compile(r"^([A-U]\s?\d{1,2})[,\s]+(\d.*)$")
"""Mannheim's blocks: "Q7, 24"."""
LEAD = r"(?:n[ro°º]?\.?\s?|hausnr\.?\s?|č\.\s?p?\.?\s?)?"
AT_THE_END = re.compile(
    rf"^(?P<name>.*?[^\W\d_][^\d]*?)(?:(?<=[\s,.])|(?<=[a-zß]{{4}}))\s*{LEAD}(?P<number>\d.*)$", re.IGNORECASE
)
IN_FRONT = re.compile(
    r"^(?P<before>(?:flat|unit|apt|apartment|suite|appt|bât|bâtiment|résidence)\b[^,]*,\s*)?"
    r"(?P<number>\d+(?:\s?(?:bis|ter|quater)\b|\s?[a-z]\b)?(?:\s?[-/]\s?\d+\s?[a-z]?\b)?)[\s,]+(?P<name>[^\d\s].*)$",
    re.IGNORECASE,
)


class Street(NamedTuple):
    """What stands in one line. `number`: with all that follows it, such as "12 a, 2. OG"; "" where there isn't one."""

    name: str
    number: str


def split(line: str, country: str) -> Street:
    """Street and house number of a line: ("Straße des 17. Juni 135", "DE") -> "Straße des 17. Juni" and "135"."""
    text = " ".join(line.split())
    if country == "DE" and (block := BLOCK.match(text)):
        return Street(block.group(1), block.group(2))
    readers = (_in_front, _at_the_end) if country in NUMBER_FIRST else (_at_the_end, _in_front)
    for read in readers:
        if (found := read(text)) is not None:
            return found
    return Street(text, "")


def has_number(line: str) -> bool:
    """Whether a figure in the line may be a house number: not one of a date, of a floor, or one that counts."""
    return bool(re.search(r"\d", masked(line)))


def masked(line: str) -> str:
    """The line with a "#" for each figure that is certainly no house number."""

    def hide(found: re.Match[str]) -> str:
        return re.sub(r"\d", "#", found.group())

    for pattern in (DATE, FLOOR, ORDINAL, YEAR_SQUARE):
        line = pattern.sub(hide, line)
    return line


def _at_the_end(text: str) -> Street | None:
    # A floor after the number belongs to it, so here it hides nothing.
    shown = text
    for pattern in (DATE, ORDINAL, YEAR_SQUARE):
        shown = pattern.sub(lambda found: re.sub(r"\d", "#", found.group()), shown)
    found = AT_THE_END.match(shown)
    if found is None:
        return None
    return Street(text[: found.end("name")].rstrip(" ,"), text[found.start("number") :])


def _in_front(text: str) -> Street | None:
    found = IN_FRONT.match(text)
    if found is None or masked(text)[found.start("number")] == "#":
        return None
    return Street(found["name"], f"{found['before'] or ''}{found['number']}")
