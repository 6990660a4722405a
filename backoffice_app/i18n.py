"""Languages: sentences that are translated when they are shown (L-1)."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_time
from babel.lists import format_list
from babel.messages.pofile import read_po

from backoffice_app.formats import (
    format_day,
    format_moment,
    format_money,
    format_number,
    format_quantity,
    is_pieces,
    locale,
    with_minus,
)

LOCALES = Path(__file__).parent / "locales"
CATALOGS = [LOCALES]
"""Folders of catalogs; where two translate one sentence, both must say the same."""


@dataclass(frozen=True)
class Language:
    """A language: its own name, and where Kontor speaks it."""

    name: str
    screen: bool = False
    mail: bool = False
    paper: bool = True


LANGUAGES = {
    "en": Language("English", screen=True, mail=True),
    "de": Language("Deutsch", screen=True, mail=True),
    "nl": Language("Nederlands", screen=True, mail=True),
    "fr": Language("Français", screen=True, mail=True),
    "es": Language("Español", mail=True),
    "ja": Language("日本語", mail=True),
    "ar": Language("العربية", mail=True),
}
"""Code -> language, the one list of them. The first is spoken where another is missing."""
UI_LANGUAGES = tuple(code for code, language in LANGUAGES.items() if language.screen)
MAIL_LANGUAGES = tuple(code for code, language in LANGUAGES.items() if language.mail)
DOCUMENT_LANGUAGES = tuple(code for code, language in LANGUAGES.items() if language.paper)


@dataclass(frozen=True)
class LazyText:
    """A sentence with named places, translated when it is shown. `values` may hold other LazyTexts."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    plural: str = ""
    count: int = 1
    context: str = ""

    def format(self, **values: object) -> "LazyText":
        """The same sentence with its named places filled."""
        return replace(self, values={**self.values, **values})

    def in_language(self, language: str) -> str:
        """The finished sentence in `language` ("de"); English where the catalog lacks it."""
        pattern = translation(language, self.message, self.plural, self.count, context=self.context)
        if not self.values:
            return pattern
        return pattern.format(
            **{
                k: v.in_language(language) if isinstance(v, LANGUAGE_BOUND) else v
                for k, v in self.values.items()
            }
        )


@dataclass(frozen=True)
class LazyMoney:
    """An amount inside a sentence: minor units and their currency."""

    amount: int
    currency: str

    def in_language(self, language: str) -> str:
        """As people write it in `language`."""
        return with_minus(format_money(self.amount, self.currency, language))


@dataclass(frozen=True)
class LazyMoment:
    """A moment inside a sentence, shown in the shop's `zone`: the time alone if it was today, else with its day."""

    moment: datetime
    zone: str
    now: datetime

    def in_language(self, language: str) -> str:
        """As people write it in `language`."""
        zone = ZoneInfo(self.zone)
        if self.moment.astimezone(zone).date() == self.now.astimezone(zone).date():
            return format_time(
                self.moment.astimezone(zone), format="short", locale=locale(language), tzinfo=zone
            )
        return format_moment(self.moment, language, self.zone, "short")


@dataclass(frozen=True)
class LazyNumber:
    """A quantity inside a sentence, without trailing zeros."""

    number: Decimal

    def in_language(self, language: str) -> str:
        """As people write it in `language`."""
        return format_number(self.number, language)


@dataclass(frozen=True)
class LazyQuantities:
    """Quantities inside a sentence, by their unit: pieces and metres are never added up."""

    by_unit: Mapping[str, Decimal]

    def in_language(self, language: str) -> str:
        """As people write them in `language`: "3 pieces and 1.5 m"."""
        return str(
            format_list(
                [_with_unit(quantity, unit, language) for unit, quantity in self.by_unit.items()],
                locale=locale(language),
            )
        )


@dataclass(frozen=True)
class LazyList:
    """Names inside a sentence."""

    names: Sequence[str]

    def in_language(self, language: str) -> str:
        """As people list them in `language`: "Ben Beier and Olga Owner"."""
        return str(format_list(list(self.names), locale=locale(language)))


@dataclass(frozen=True)
class LazyDay:
    """A day inside a sentence."""

    day: date

    def in_language(self, language: str) -> str:
        """As people write it in `language`."""
        return format_day(self.day, language)


@dataclass(frozen=True)
class LazyLanguage:
    """The name of a language inside a sentence; its code where Babel has no name."""

    code: str

    def in_language(self, language: str) -> str:
        """As people call it in `language`: "ar" -> "Arabic"."""
        return str(locale(language).languages.get(self.code, self.code))


LANGUAGE_BOUND = (
    LazyText,
    LazyMoney,
    LazyMoment,
    LazyNumber,
    LazyQuantities,
    LazyList,
    LazyDay,
    LazyLanguage,
)


def _(message: str, context: str = "") -> LazyText:
    """Marks a sentence a person reads; the English sentence is its key.

    `context` tells apart what English says in one word and other languages in two: "On hold" on a button and as a
    state.
    """
    return LazyText(message, context=context)


def ngettext(singular: str, plural: str, count: int) -> LazyText:
    """Marks a sentence with a count; `{count}` is filled in."""
    return LazyText(singular, {"count": count}, plural, count)


def one_after_the_other(*sentences: LazyText) -> LazyText:
    """Whole sentences as one text, a blank between them; one alone as it is."""
    if len(sentences) == 1:
        return sentences[0]
    return LazyText(
        " ".join(f"{{s{n}}}" for n in range(len(sentences))),
        {f"s{n}": sentence for n, sentence in enumerate(sentences)},
    )


ADDED: dict[str, dict[str, str]] = {}
"""Language -> sentence -> translation, of plug-ins that bring their words in their own file (`plugins/texts.py`)."""


@cache
def catalog(language: str, domain: str = "kontor") -> Mapping[str, str | tuple[str, ...]]:
    """The translated sentences of one language; empty for English.

    They come from `<language>/LC_MESSAGES/<domain>.po` below `locales` and below the folders of `add_catalogs`.
    A sentence with a context stands under `key_of` both. Raises ValueError where a later catalog translates a sentence
    in another way: a word with two meanings needs a context.
    """
    found: dict[str, str | tuple[str, ...]] = {}
    for folder in CATALOGS:
        file = folder / language / "LC_MESSAGES" / f"{domain}.po"
        for key, text in _read_catalog(file, language) if file.exists() else ():
            if found.setdefault(key, text) != text:
                said = f"translates {key!r} into {text!r}, not {found[key]!r}: give it a context."
                raise ValueError(f"{file.name} of {folder.parent.name} {said}")
    for key, text in ADDED.get(language, {}).items() if domain == "kontor" else ():
        if found.setdefault(key, text) != text:
            raise ValueError(
                f"A plug-in translates {key!r} into {text!r}, not {found[key]!r}: give it a context."
            )
    return found


def add_catalogs(folder: Path) -> None:
    """From now on the catalogs below `folder` are read too, as of a plug-in with sentences of its own.

    Raises ValueError for a folder that is there already or holds no catalog, or for a sentence that is translated in
    another way already.
    """
    if folder in CATALOGS:
        raise ValueError(f"The catalogs in {folder.name!r} of {folder.parent.name!r} are added twice.")
    files = sorted(folder.glob("*/LC_MESSAGES/*.po"))
    if not files:
        missing = "<language>/LC_MESSAGES/kontor.po is missing."
        raise ValueError(f"There is no catalog in {folder.name!r} of {folder.parent.name!r}: {missing}")
    CATALOGS.append(folder)
    catalog.cache_clear()
    try:
        for file in files:
            catalog(file.parts[-3], file.stem)
    except ValueError:
        CATALOGS.remove(folder)
        catalog.cache_clear()
        raise


def _read_catalog(file: Path, language: str) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    with file.open("rb") as source:
        messages = read_po(source, locale=language)
    for m in messages:
        if m.id and m.string and not m.fuzzy:
            key = key_of(m.id if isinstance(m.id, str) else m.id[0], m.context or "")
            yield key, m.string if isinstance(m.string, str) else tuple(m.string)


def key_of(message: str, context: str = "") -> str:
    """What a sentence stands under in a catalog: gettext's own convention of putting the context before it."""
    return f"{context}\x04{message}" if context else message


def translation(
    language: str,
    message: str,
    plural: str = "",
    count: int = 1,
    domain: str = "kontor",
    *,
    context: str = "",
) -> str:
    """The pattern for `message` in `language`, its plural form chosen by `count`; the English one where it is not
    translated.
    """
    found = catalog(language, domain).get(key_of(message, context))
    if isinstance(found, tuple):
        form = int(Locale.parse(language).plural_form(count) != "one")
        return found[min(form, len(found) - 1)] or (message if count == 1 else plural)
    return found or (plural if plural and count != 1 else message)


@cache
def countries() -> tuple[str, ...]:
    """The codes of all countries: ISO 3166 alpha-2."""
    codes = map(str, locale("en").territories)
    return tuple(
        sorted(code for code in codes if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES)
    )


@cache
def country_names(language: str) -> tuple[tuple[str, str], ...]:
    """The countries as (code, name in `language`), by name: "Österreich" stands beside "Oman", "Ägypten" near
    "Albanien".
    """
    names, english = locale(language).territories, locale("en").territories
    named = [(code, str(names.get(code) or english[code])) for code in countries()]
    return tuple(sorted(named, key=lambda country: as_sorted(country[1])))


def named_codes(
    codes: Iterable[str], names: Literal["territories", "currencies"], language: str
) -> list[list[str]]:
    """Codes as [code, "name (code)"] in `language`, by name; the code alone where Babel has no name."""
    words = getattr(locale(language), names)
    named = [[code, f"{words.get(code, code)} ({code})"] for code in codes]
    return sorted(named, key=lambda option: as_sorted(option[1]))


NO_COUNTRIES = frozenset({"CQ", "EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
"""Codes of two letters that Babel knows and nobody lives in."""


def as_sorted(word: str) -> str:
    """What words are sorted by in a list a person reads: Ä stands beside A, whatever the case."""
    letters = unicodedata.normalize("NFKD", word).casefold()
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _with_unit(quantity: Decimal, unit: str, language: str) -> str:
    if not is_pieces(unit):
        return format_quantity(quantity, unit, language)
    pieces = ngettext("{count} piece", "{count} pieces", 1 if quantity == 1 else 2)
    return pieces.format(count=LazyNumber(quantity)).in_language(language)
