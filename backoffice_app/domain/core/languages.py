"""Which language something is written in for a customer: the order's, else the customer's, else the shop's, else
English (INV-12, M-2).
"""

from collections.abc import Container, Mapping

LAST = "en"


def spoken(offered: Container[str], *wanted: str, last: str = LAST) -> str:
    """The first of the `wanted` languages that is `offered`, as it is or without its region ("de-AT" as "de"); else
    `last`.
    """
    for language in wanted:
        for form in (language, base_of(language)):
            if form and form in offered:
                return form
    return last


def base_of(language: str) -> str:
    """A language without its region, in small letters: "pt-BR" -> "pt"."""
    return language.replace("_", "-").split("-")[0].lower()


def name_among(names: Mapping[str, str], language: str) -> str:
    """The name in `language`, with or without its region, else the English one, else any; "–" where there isn't one."""
    return names.get(base_of(language)) or names.get(LAST) or next(iter(names.values()), "–")
