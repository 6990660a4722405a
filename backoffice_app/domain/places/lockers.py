"""Parcel lockers and post boxes in addresses: they need no house number, and have a form of their own (W-20)."""

import re

PACKSTATION = re.compile(
    r"\b(?:pa[ck]{1,3}[\s-]?s?[tai]{1,4}[tion]{2,4}n|paket[\s-]?station)\b", re.IGNORECASE
)
OFFICE = re.compile(r"\b(?:post[\s-]?filiale?|postfillial\w*|postfilliale)\b", re.IGNORECASE)
PACZKOMAT = re.compile(r"\bpaczkomat\w*", re.IGNORECASE)
NO_STREET = re.compile(
    r"\b(?:postfach|po\s?box|p\.\s?o\.\s?box|postbus|postboks|apartado|casella postale|skrytka pocztowa|skr\. "
    r"poczt|boîte postale|"
    r"boite postale|case postale|postlagernd|poste restante|fermo\s?posta|bp \d+|cp \d+|cs \d+|tsa \d+|"
    r"pick-?up point|point relais|relais colis|postnl|parcel\s?shop|paketshop|inpost|locker)\b",
    re.IGNORECASE,
)
RIGHT_WORDS = frozenset({"packstation", "postfiliale"})
POST_NUMBER = re.compile(r"(?<!\d)\d{6,10}(?!\d)")
LOCKER_CODE = re.compile(r"\b[A-Z]{3}\d{2,4}[A-Z]{0,3}\b")


def needs_no_street(text: str) -> bool:
    """Whether the address goes to a box, a locker or a counter, so that it has no house number."""
    return any(pattern.search(text) for pattern in (NO_STREET, PACKSTATION, OFFICE, PACZKOMAT))


def fault_of(country: str, street: str, others: str) -> str:
    """What is wrong with the form of a locker or counter: "number", "post-number", "word", "place"; "" if nothing, or
    if there isn't one.

    `others`: all other lines of the address, without postcode and town.
    """
    text = f"{street}\n{others}"
    if country == "PL" and PACZKOMAT.search(text):
        return "" if LOCKER_CODE.search(text.upper()) else "code"
    found = PACKSTATION.search(text) or OFFICE.search(text)
    if country != "DE" or found is None:
        return ""
    if found.group().casefold() not in RIGHT_WORDS:
        return "word"
    if not re.search(rf"{found.group()}\s*(?:nr\.?|no\.?|#)?\s*\d{{3}}\b", text, re.IGNORECASE):
        return "number"
    if not POST_NUMBER.search(text):
        return "post-number"
    is_in_street = found.start() < len(street)
    return "" if is_in_street or not street.strip() or POST_NUMBER.fullmatch(street.strip()) else "place"
