"""What looks wrong in an address: each finding with its reason, none of them a wall (W-20)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from backoffice_app.domain.places import lockers, mail_domains, postcodes
from backoffice_app.domain.places.data import patterns
from backoffice_app.domain.places.locate import locate
from backoffice_app.domain.places.names import key_of, words
from backoffice_app.domain.places.streets import has_number

NUMBERED = words("AT AU BE CA CH CZ DE DK EE ES FI FR GB HR HU IT LI LT LU LV NL NO NZ PL PT SE SI SK US")
"""Countries in which a street without a number is nearly always a mistake."""
STREET_WORD = re.compile(
    r"(?:straße|strasse|\bstr\.|str\.|gasse|allee|\bweg\b|weg\b|platz\b|\bring\b|damm\b|ufer\b|chaussee|steig\b|"
    r"straat|laan\b|plein\b|gracht\b|"
    r"kade\b|dijk\b|\brue\b|\bavenue\b|\bboulevard\b|\bbd\b|\bchemin\b|\bimpasse\b|\bplace\b|\bquai\b|\broute\b|"
    r"\bvia\b|\bviale\b|\bcorso\b|"
    r"\bpiazza\b|\bstrada\b|\bvicolo\b|\bul\.|\bulica\b|\bal\.|\baleja\b|\bos\.|\bosiedle\b|\bplac\b|\bstreet\b|"
    r"\broad\b|\blane\b|\bdrive\b|"
    r"\bclose\b|\bcrescent\b|\bgardens\b|\bterrace\b)",
    re.IGNORECASE,
)
NUMBERLESS = {
    "GB": r"\b(?:cottages?|house|farm|farmhouse|lodge|barn|hall|mill|manor|court|church|school|rectory|vicarage|"
    r"grange|croft|villa|castle|estate|works|hotel|inn|stables|mews|tower|chapel|hospital|university|college|airport|station|bungalow)\b",
    "FR": r"\b(?:lieu[- ]?dit|ld|hameau|le bourg|"
    r"ferme|château|chateau|domaine|mas|zone|z\.?a\.?c?|z\.?i|centre commercial|"
    r"résidence|residence|lotissement|mairie|moulin|gare|parc|campus|hôpital|camping)\b",
    "IT": r"\b(?:s\.?n\.?c?|senza numero|"
    r"km|località|localita|loc|contrada|c\.da|frazione|fraz|borgo|cascina|podere|masseria|"
    r"stazione|aeroporto|ospedale|zona industriale)\b",
    "": r"\b(?:schloss|schloß|gut|gutshof|hof|kloster|burg|flughafen|bahnhof|hafen|messe|campus|universität|"
    r"kaserne|mühle|klinikum|krankenhaus|rathaus|kirche|schule|hotel|forsthaus|industriegebiet|gewerbegebiet|bauernhof|alm|hütte|"
    r"weiler|kasteel|boerderij|camping|dwór|zamek|klasztor|lotnisko|szpital)\b",
}
"""Places that have a name and no number, by country; "" in all the others. What is in it counts as a whole address."""
MAIL = re.compile(r"\S+@\S+\.\S+")
PHONE = re.compile(r"^\s*(?:\+|00)\d[\d\s/()-]{7,}$|(?:tel|telefon|phone|mobil)\W*\d", re.IGNORECASE)
LEADING_CODE = re.compile(r"^(?:[A-Z]{1,2}-)?(\d{2}-\d{3}|\d{4,6}|\d{4}\s?[A-Z]{2})\s+(?=\S*[^\W\d_])")


class Address(NamedTuple):
    """The lines of an address as they were typed. `country`: ISO 3166 alpha-2."""

    name: str = ""
    company: str = ""
    street: str = ""
    addition: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether it says no place at all; a name and a country are none."""
        return not (self.street or self.postcode or self.city or self.addition)


@dataclass(frozen=True)
class Finding:
    """One thing that looks wrong. `kind`: a key of `KINDS`; `detail`: which form of it, or what was meant.

    It holds nothing of the address itself, so that nothing personal is kept with it.
    """

    kind: str
    detail: str = ""

    @property
    def text(self) -> str:
        """As it is stored."""
        return f"{self.kind} {self.detail}".strip()

    @classmethod
    def parse(cls, text: str) -> "Finding":
        """From how it is stored."""
        kind, _blank, detail = text.partition(" ")
        return cls(kind, detail)


def check(address: Address, email: str = "") -> list[Finding]:
    """What looks wrong in the address, and in the e-mail address that goes with it; empty for an address that says no
    place.
    """
    found = [] if address.is_blank else [*_swapped(address)]
    if not address.is_blank:
        swapped = {one.detail for one in found}
        found += _places(address, swapped)
        found += _street(address, swapped)
    if meant := mail_domains.meant_by(email):
        found.append(Finding("email-domain", meant))
    return found


def _swapped(address: Address) -> Iterator[Finding]:
    """Fields that hold what belongs into another one."""
    code = LEADING_CODE.match(address.city.upper())
    if code and (postcodes.fits(address.country, code.group(1)) or address.country == "NL"):
        yield Finding("swapped", "postcode-in-town")
    elif _is_code(address, address.city) and _is_word(address.postcode):
        yield Finding("swapped", "postcode-and-town")
    if MAIL.search(address.street) or PHONE.search(address.street):
        yield Finding("swapped", "contact-in-street")
    elif _has_town(address):
        yield Finding("swapped", "town-in-street")
    if any(
        lockers.needs_no_street(line)
        for line in (address.street, address.addition, address.company, address.name)
    ):
        return
    if not _is_street(address.street):
        if _is_street(address.name):
            yield Finding("swapped", "street-in-name")
        elif _is_street(address.company):
            yield Finding("swapped", "street-in-company")
        elif _is_street(address.addition) and not has_number(address.street) and not _has_no_number(address):
            yield Finding("swapped", "street-in-addition")
        elif (
            address.street
            and key_of(address.street) == key_of(address.name)
            and not has_number(address.street)
        ):
            yield Finding("swapped", "name-in-street")


def _places(address: Address, swapped: set[str]) -> Iterator[Finding]:
    """Postcode by itself, and against the town."""
    if swapped & {"postcode-in-town", "postcode-and-town"}:
        return
    if not address.postcode:
        if postcodes.is_needed(address.country):
            yield Finding("postcode", "missing")
    elif not postcodes.fits(address.country, address.postcode):
        yield Finding("postcode", "form")
    elif address.city and (found := locate(address.country, address.postcode, address.city)).contradicts:
        yield Finding("postcode-town", "; ".join(found.belongs_to[:2]))
    if not address.city:
        yield Finding("incomplete", "town")


def _street(address: Address, swapped: set[str]) -> Iterator[Finding]:
    """The locker's form, or the street with its number."""
    others = "\n".join((address.addition, address.company, address.name))
    if fault := lockers.fault_of(address.country, address.street, others):
        yield Finding("parcel-locker", fault)
    if lockers.needs_no_street(f"{address.street}\n{others}"):
        return
    if swapped & {
        "street-in-name",
        "street-in-company",
        "street-in-addition",
        "name-in-street",
        "contact-in-street",
    }:
        return
    if not address.street:
        if not has_number(address.addition):
            yield Finding("incomplete", "street")
    elif address.country in NUMBERED and not (
        has_number(address.street) or has_number(address.addition) or _has_no_number(address)
    ):
        yield Finding("house-number")


def _has_no_number(address: Address) -> bool:
    """Whether the place is one that is known by a name."""
    country = address.country
    text = f"{address.street} {address.addition}"
    if country == "GB" and (address.addition or "," in address.street):
        return True  # a house with a name, and its street
    if country == "GB" and STREET_WORD.search(text):
        return False  # "Mill Lane" is no mill
    pattern = NUMBERLESS.get(country, NUMBERLESS[""])
    return bool(re.search(pattern, text, re.IGNORECASE))


def _is_street(line: str) -> bool:
    """Whether a line is a street with its number."""
    return bool(STREET_WORD.search(line)) and has_number(line)


def _is_code(address: Address, text: str) -> bool:
    return (
        bool(text)
        and any(c.isdigit() for c in text)
        and address.country in postcodes_known()
        and postcodes.fits(address.country, text)
    )


def _is_word(text: str) -> bool:
    return bool(text) and not any(c.isdigit() for c in text)


def _has_town(address: Address) -> bool:
    """Whether postcode and town stand in the street once more, or instead of in their fields."""
    code = postcodes.plain(address.country, address.postcode)
    street = address.street
    if (
        len(code) > 3
        and re.search(rf"(?<!\w){re.escape(code)}(?!\w)", street.upper())
        and key_of(address.city) in key_of(street)
    ):
        return True
    if address.postcode or address.country not in postcodes_known():
        return False
    found = re.search(r"[,\s](\d{2}-\d{3}|\d{4,5})\s+[^\W\d_]{2,}", street)
    return bool(found and postcodes.fits(address.country, found.group(1)))


def postcodes_known() -> frozenset[str]:
    """Countries whose postcodes have figures of a known form."""
    return frozenset(patterns())
