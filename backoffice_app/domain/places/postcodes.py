"""Postcodes as people write them, and as the data know them (W-20)."""

import re

from backoffice_app.domain.places import data

ON_CARS = {
    "AT": "A", "BE": "B", "DE": "D", "ES": "E", "FI": "FIN", "FR": "F", "HU": "H", "IT": "I", "LU": "L",
    "NO": "N", "PT": "P", "SE": "S",
    "SI": "SLO",
}  # fmt: skip
"""What is written before a postcode where it is not the country's code: "D-10115"."""
NO_SIGN = re.compile(r"[^0-9A-Z]")
AREA_ONLY = {"NL": r"\d{4}", "PT": r"\d{4}", "GB": r"[A-Z]{1,2}(?=\d)"}
"""Countries of which the data know only the beginning of a postcode."""


def plain(country: str, typed: str) -> str:
    """A typed postcode without the country before it, blanks as one, in capitals: " d-10115 " -> "10115"."""
    code = " ".join(typed.upper().split()).removeprefix("〒")
    signs = "|".join(filter(None, (country, ON_CARS.get(country))))
    return re.sub(rf"^(?:{signs})[- ]?(?=\d)", "", code) if signs else code


def signs_of(country: str, typed: str) -> str:
    """The letters and figures of a postcode as the data have them; of some countries only the beginning that the data
    know.
    """
    signs = NO_SIGN.sub("", plain(country, typed))
    known = AREA_ONLY.get(country)
    if known is None:
        return signs
    found = re.match(known, signs)
    return found.group() if found else ""


def fits(country: str, typed: str) -> bool:
    """Whether it looks like a postcode there; case, blanks, hyphens and the country before it are forgiven.

    True where nobody knows.
    """
    pattern = data.patterns().get(country)
    if pattern is None:
        return True
    code = plain(country, typed)
    signs = NO_SIGN.sub("", code)
    forms = (code, signs, f"{country}-{signs}", f"{country}{signs}", _spaced_as(pattern.example, signs))
    return any(pattern.expression.fullmatch(form) for form in forms)


def example_of(country: str) -> str:
    """How a postcode of the country looks, such as "26133"; "" where nobody knows."""
    pattern = data.patterns().get(country)
    return pattern.example if pattern else ""


def is_needed(country: str) -> bool:
    """Whether an address of the country needs a postcode."""
    pattern = data.patterns().get(country)
    return bool(pattern and pattern.is_needed)


def _spaced_as(example: str, signs: str) -> str:
    """The signs with blanks and hyphens where the example has them: "00950" as "00-950"."""
    if len(NO_SIGN.sub("", example)) != len(signs):
        return signs
    left = iter(signs)
    return "".join(sign if NO_SIGN.fullmatch(sign) else next(left) for sign in example)
