"""Lists that the shop keeps to choose from: each entry has a name per language, a place, and can be retired without harm (RET-2, W-7)."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.languages import name_among
from backoffice_app.i18n import DOCUMENT_LANGUAGES, _

NAME = "name-"
"""Begins the field of the name in a language: "name-de"."""


class Entry(Protocol):
    """A row of such a list. `names`: JSON, by language; `rank`: its place, from 1."""

    id: int | None
    names: str
    rank: int
    retired_at: datetime | None


E = TypeVar("E", bound=Entry)


def in_use(entries: Iterable[E]) -> list[E]:
    """Those that can be chosen anew."""
    return [one for one in entries if one.retired_at is None]


def in_order(entries: Sequence[E]) -> list[E]:
    """As the page shows them: those in use, then the retired ones."""
    return [*in_use(entries), *(one for one in entries if one.retired_at is not None)]


def names_of(one: Entry) -> dict[str, str]:
    """The names by language."""
    return dict(json.loads(one.names or "{}"))


def name_in(one: Entry, language: str) -> str:
    """The name in `language`, else the English one, else any."""
    return name_among(names_of(one), language)


def name_texts(one: Entry) -> dict[str, str]:
    """The names as the form shows them, by field."""
    names = names_of(one)
    return {NAME + language: names.get(language, "") for language in DOCUMENT_LANGUAGES}


def is_called(one: Entry, words: str) -> bool:
    """Whether `words` are its name in whichever language."""
    return words.casefold() in {name.casefold() for name in names_of(one).values()}


def rename(one: Entry, given: Mapping[str, str], entries: Iterable[Entry], language: str) -> None:
    """Gives it the names of a form. `entries`: the list; `language`: of the shop.

    Raises Invalid where it would have no name, or the name of another one in use: what is typed must mean one of them.
    """
    names = {code: given[NAME + code] for code in DOCUMENT_LANGUAGES if given.get(NAME + code)}
    if not names:
        first = language if language in DOCUMENT_LANGUAGES else "en"
        raise Invalid(NAME + first, _("Write a name in one language at least."))
    for other in in_use(entries):
        if other.id != one.id and (twin := next((code for code, name in names.items() if is_called(other, name)), "")):
            raise Invalid(NAME + twin, _("There is one with this name already."))
    one.names = json.dumps(names, ensure_ascii=False)


def move(entries: Sequence[E], one: E, by: int) -> None:
    """One place up (-1) or down (1) among those in use; at the end of the list nothing happens."""
    current = in_use(entries)
    at = current.index(one) if one in current else -1
    to = at + (1 if by > 0 else -1)
    if at < 0 or not 0 <= to < len(current):
        return
    current[at], current[to] = current[to], current[at]
    for rank, entry in enumerate([*current, *(entry for entry in entries if entry.retired_at is not None)], 1):
        entry.rank = rank
