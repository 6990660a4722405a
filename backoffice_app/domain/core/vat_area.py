"""Which places belong to the EU's VAT area: exports leave it, intra-EU supplies stay inside (Directive 2006/112/EC,
articles 5 to 8).
"""

import re

_MEMBERS = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
MEMBERS = frozenset(_MEMBERS.split())
_COUNTS_AS = {"MC": "FR", "IM": "GB", "XI": "GB"}
_OUTSIDE = {
    "DE": r"27498|78266",  # Helgoland, Büsingen
    "ES": r"(35|38|51|52)\d{3}",  # Canary Islands, Ceuta, Melilla
    "FI": r"22\d{3}",  # Åland
    "FR": r"9[78]\d{3}",  # overseas
    "GR": r"63086",  # Mount Athos
    "IT": r"23041|22061",  # Livigno, Campione
}
"""Country -> postcodes of its places that belong to the customs area or the country, but not to the VAT area."""
_NORTHERN_IRELAND = re.compile(r"BT\d", re.IGNORECASE)


def vat_country(country: str, postcode: str) -> str:
    """The country whose VAT goods delivered to this place are subject to; "" for a place outside every VAT area known
    here.

    Northern Ireland is "XI": for goods it counts as a member.
    """
    code = _COUNTS_AS.get(country.upper(), country.upper())
    plain = re.sub(r"[\s-]", "", postcode).removeprefix(code)
    if code == "GB" and (country.upper() == "XI" or _NORTHERN_IRELAND.match(plain)):
        return "XI"
    outside = _OUTSIDE.get(country.upper())
    return "" if outside and re.fullmatch(outside, plain) else code


def is_in_eu(vat_country_code: str) -> bool:
    """Whether a code of `vat_country` belongs to the EU's VAT area."""
    return vat_country_code in MEMBERS or vat_country_code == "XI"
