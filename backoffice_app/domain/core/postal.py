"""Addresses as the post of their country wants them written, on documents and in mails (INV-7, W-1)."""

import re

EAST_ASIAN = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7ff\uf900-\ufaff]")
LARGEST_FIRST = frozenset({"CN", "HK", "JP", "KR", "MO", "TW"})
"""Where an address in the country's own letters goes from the largest to the smallest, the name last."""
WITHOUT_REGION = frozenset({
    "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "FI", "FR", "GR", "HR", "HU", "IS", "LI", "LT",
    "LU", "LV", "MC", "MT", "NL",
    "NO", "PL", "PT", "RO", "RS", "SE", "SI", "SK",
})  # fmt: skip
"""Where the post wants no region on an envelope; shop systems send one all the same."""
# The lines of the place by country. A line whose fields are all empty is left out.
USUAL = ("{postcode} {city}", "{region}")
POSTCODE_LAST = ("{city}", "{region}", "{postcode}")
CITY_FIRST = ("{city} {postcode}", "{region}")
ON_ONE_LINE = ("{city} {region} {postcode}",)
PLACES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(WITHOUT_REGION, ("{postcode} {city}",)),
    **dict.fromkeys(("AU", "CA", "CN", "ID", "JP", "KR", "PR", "TW", "US"), ON_ONE_LINE),
    **dict.fromkeys(("GB", "GG", "IE", "IM", "JE", "KE", "LK", "ZA"), POSTCODE_LAST),
    **dict.fromkeys(("AE", "BH", "EG", "IN", "JO", "KW", "NZ", "SA", "SG", "TH", "VN"), CITY_FIRST),
    **dict.fromkeys(("IT", "MX"), ("{postcode} {city} {region}",)),
    "BR": ("{city} {region}", "{postcode}"),
}


def postal_lines(
    *,
    name: str,
    company: str,
    street: str,
    addition: str,
    postcode: str,
    city: str,
    region: str,
    country: str,
) -> list[str]:
    """The lines of an address without the country's name, in the order of that country; none is empty.

    `country`: ISO 3166 alpha-2.
    """
    fields = {
        "postcode": postcode,
        "city": city,
        "region": "" if region.casefold() == city.casefold() else region,
    }
    if country in LARGEST_FIRST and EAST_ASIAN.search(city + street + region):
        mark = "〒" if country == "JP" and postcode and not postcode.startswith("〒") else ""
        lines = [mark + postcode, fields["region"] + city, street, addition, company, name]
    elif country == "HU":
        lines = [company, name, city, street, addition, postcode]
    else:
        place = [" ".join(line.format(**fields).split()) for line in PLACES.get(country, USUAL)]
        lines = [company, name, addition, street, *place]
    return [line.strip() for line in lines if line.strip()]
