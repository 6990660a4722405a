"""Customers made from their number alone, so that a million of them need no memory: names repeat as they do in life."""

import json
from dataclasses import dataclass
from functools import lru_cache

from backoffice_app.domain.core.search_text import fold, fold_umlauts, phone_forms
from backoffice_app.generate.pools import COMPANIES, LANDS, LEGAL_FORMS, MAIL_DOMAINS, Land

MASK = (1 << 64) - 1
LAND_OF: tuple[Land, ...] = tuple(land for land in LANDS for _times in range(land.weight))
folded = lru_cache(maxsize=20_000)(fold)
other_form = lru_cache(maxsize=20_000)(fold_umlauts)

Address = tuple[str, str, str, str, str, str]
"""Name, company, street, postcode, town, country."""


@dataclass(frozen=True, slots=True)
class Person:
    """A customer with all that an order copies of them.

    `words`, `numbers`: what they are searched by, the words in one form.
    """

    land: Land
    first: str
    last: str
    company: str
    email: str
    phone: str
    billing: Address
    delivery: Address | None
    billing_json: str
    delivery_json: str
    words: tuple[str, ...]
    numbers: tuple[str, ...]
    sort_name: str

    @property
    def country(self) -> str:
        """Where the parcel goes."""
        return (self.delivery or self.billing)[5]


def mixed(seed: int, number: int) -> int:
    """64 bits that follow from both, well spread (splitmix64)."""
    z = (seed * 0x9E3779B97F4A7C15 + number * 0xD1B54A32D192ED03 + 0x632BE59BD9B4E019) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def person(seed: int, number: int) -> Person:
    """The customer of this number, the same each time it is asked for."""
    bits = mixed(seed, number)
    bits, pick = divmod(bits, len(LAND_OF))
    land = LAND_OF[pick]
    bits, pick = divmod(bits, len(land.first))
    first = land.first[pick]
    bits, pick = divmod(bits, len(land.last))
    last = land.last[pick]
    bits, kind = divmod(bits, 100)
    bits, pick = divmod(bits, len(COMPANIES) * len(LEGAL_FORMS))
    company = (
        f"{COMPANIES[pick % len(COMPANIES)]} {last} {LEGAL_FORMS[pick // len(COMPANIES)]}"
        if kind < 12 and land.latin
        else ""
    )
    name = f"{last} {first}" if land.code == "JP" else f"{first} {last}"
    more = mixed(seed ^ 0x5DEECE66D, number)
    more, first_place = divmod(more, 1 << 16)
    more, second_place = divmod(more, 1 << 16)
    billing = _address(land, name, company, first_place)
    delivery = _address(land, name, "", second_place) if kind % 8 == 5 else None
    local = f"{folded(first)}.{folded(last)}" if land.latin else f"customer{number}"
    email = f"{local.replace(' ', '').replace(chr(39), '')}{number % 997}@{MAIL_DOMAINS[number % len(MAIL_DOMAINS)]}"
    phone = f"{land.phone} {150 + more % 40} {more // 64 % 10_000_000:07d}" if kind % 3 else ""
    return Person(
        land,
        first,
        last,
        company,
        email,
        phone,
        billing,
        delivery,
        _json(billing),
        _json(delivery) if delivery else "null",
        _words(billing, delivery),
        _numbers(email, phone, billing, delivery),
        folded(name)[:60],
    )


def _address(land: Land, name: str, company: str, pick: int) -> Address:
    pick, street = divmod(pick, len(land.streets))
    house, town = divmod(pick, len(land.towns))
    postcode, city = land.towns[town]
    line = (
        f"{1 + house % 120} {land.streets[street]}"
        if land.code in {"FR", "GB"}
        else f"{land.streets[street]} {1 + house % 120}"
    )
    return name, company, line, postcode, city, land.code


def _json(address: Address) -> str:
    name, company, street, postcode, city, country = (
        json.dumps(part, ensure_ascii=False) for part in address
    )
    return (
        f'{{"name":{name},"company":{company},"street":{street},"addition":"","postcode":{postcode},"city":{city},"region":"",'
        f'"country":{country},"vat_id":""}}'
    )


def _words(billing: Address, delivery: Address | None) -> tuple[str, ...]:
    texts = [billing[0], billing[1], billing[2], billing[4]]
    if delivery:
        texts += [delivery[1], delivery[2], delivery[4]]
    return tuple(dict.fromkeys(word for text in texts for word in folded(text).split()))


def _numbers(email: str, phone: str, billing: Address, delivery: Address | None) -> tuple[str, ...]:
    postcodes = (folded(billing[3]), folded(delivery[3])) if delivery else (folded(billing[3]),)
    return (email, *phone_forms(phone), *postcodes)
