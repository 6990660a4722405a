"""What was typed into the search box, taken apart (O-2)."""

import re
from dataclasses import dataclass
from decimal import Decimal

from backoffice_app.domain.core.search_text import fold, fold_umlauts, phone_forms

PHONE = re.compile(r"[+(0][\d\s()/.-]{6,}")
SIGN = r"(?:eur|chf|usd|gbp|[€$£])"
AMOUNT = re.compile(
    rf"(?P<before>{SIGN}\s?)?(?P<whole>\d{{1,3}}(?:[.,' ]\d{{3}})+|\d{{1,9}})"
    rf"(?P<decimals>[.,]\d\d)?(?P<after>\s?{SIGN})?",
    re.ASCII | re.IGNORECASE,
)
"""An amount of money as people copy it from an invoice or a bank statement."""
STREET = re.compile(r"(?<=\w{3}str)(?:asse|\.)$")
"""How "Heidestraße" and "Heidestr." go on after what both begin with."""


@dataclass(frozen=True)
class Query:
    """A search text taken apart.

    `words`: each in the forms it may have; `identifier`: the text as typed, if it may be a number; of a tracking number
    in groups, as a label shows it, without the blanks.

    `is_phone`: it is written as phone numbers are, from their beginning on, so it is looked for at the beginning of a
    field only. `amount`: what it says if it is an amount of money, in major units.
    """

    words: tuple[tuple[str, ...], ...]
    identifier: str
    is_phone: bool = False
    amount: Decimal | None = None

    @property
    def is_short(self) -> bool:
        """Only one or two characters: no trigram can be asked for."""
        return all(len(form) < 3 for forms in self.words for form in forms)


def parse_query(text: str) -> Query:
    """The words of a search text, folded as the documents are; a phone number with blanks is one word, "#" before a
    number is dropped.
    """
    text = " ".join(text.split())
    amount = _amount(text)
    is_phone = amount is None and PHONE.fullmatch(text) is not None and not text.isdigit()
    in_groups = text.replace(" ", "") if is_phone else ""
    phone = tuple(phone_forms(text)) if is_phone else ()
    is_phone = bool(phone)
    if is_phone:
        is_phone = text.lstrip("(").startswith(("+", "0"))
        text = phone[0]
    text = re.sub(r"(?<!\S)#(?=\S*\d)", "", text)
    words = (phone,) if phone else tuple(map(_forms, dict.fromkeys(fold(text).split())))
    is_identifier = (
        " " not in text
        and len(text) >= 3
        and any(c.isdigit() for c in text)
        and text.isascii()
        and "@" not in text
    )
    if in_groups.isdigit():
        return Query(words, in_groups, is_phone, amount)
    return Query(words, text if is_identifier else "", is_phone, amount)


def _amount(text: str) -> Decimal | None:
    """The amount that a text is; without decimals or a currency it is any number."""
    found = AMOUNT.fullmatch(text)
    if found is None or not (found["decimals"] or found["before"] or found["after"]):
        return None
    whole, decimals = (re.sub(r"\D", "", found[part] or "") for part in ("whole", "decimals"))
    return Decimal(f"{whole}.{decimals or '0'}")


def _forms(word: str) -> tuple[str, ...]:
    """The word, and as names with umlauts may be written; a form that becomes too short for a trigram tells
    too little.
    """
    word = STREET.sub("", word)
    other = fold_umlauts(word)
    return (word,) if other == word or len(other) < 3 <= len(word) else (word, other)
