"""Languages: sentences that are translated when they are shown, and the formats of numbers, money and dates (L-1)."""

import copy
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, cast
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date as babel_date
from babel.dates import format_datetime as babel_datetime
from babel.dates import format_time
from babel.lists import format_list
from babel.messages.pofile import read_po
from babel.numbers import NumberPattern, format_decimal

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
WITHOUT_DECIMALS = ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF")
WITH_THREE = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
DIGITS = dict.fromkeys(WITHOUT_DECIMALS, 0) | dict.fromkeys(WITH_THREE, 3) | {"CLF": 4, "UYW": 4}
"""Decimals of the currencies that do not have two, by ISO 4217."""
LETTERS_AT_FIGURES = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
PIECES = frozenset({"", "piece", "pieces", "pcs", "pc", "stk", "h87", "c62"})
"""Units that go without saying: what is counted, not measured."""
MEASURED = frozenset(
    "m cm mm dm km lfm mtr cmt mmt dmt kmt meter metre meters metres m² m2 cm² cm2 qm sqm mtk m³ m3 cbm mtq kg kgm g gr grm gram grams "  # noqa: SIM905
    "gramm mg mgm t tne l ltr liter litre liters litres dl dlt cl clt ml mlt hl h hr hrs hur hour hours std stunde stunden min minutes "
    "day days tag tage yd yrd ft fot in inh lb lbs lbr oz onz kwh kwt".split()
)
"""Units of what is measured and may be divided: lengths, areas, weights, times, with the codes of UN/ECE. All others are counted."""


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
        return pattern.format(**{k: v.in_language(language) if isinstance(v, LANGUAGE_BOUND) else v for k, v in self.values.items()})


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
            return format_time(self.moment.astimezone(zone), format="short", locale=locale(language), tzinfo=zone)
        return format_moment(self.moment, language, self.zone, "short")


@dataclass(frozen=True)
class LazyNumber:
    """A quantity inside a sentence, without trailing noughts."""

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
        return str(format_list([_with_unit(quantity, unit, language) for unit, quantity in self.by_unit.items()], locale=locale(language)))


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


LANGUAGE_BOUND = (LazyText, LazyMoney, LazyMoment, LazyNumber, LazyQuantities, LazyList, LazyDay, LazyLanguage)


def _(message: str, context: str = "") -> LazyText:
    """Marks a sentence a person reads; the English sentence is its key.

    `context` tells apart what English says in one word and other languages in two: "On hold" on a button and as a state.
    """
    return LazyText(message, context=context)


def ngettext(singular: str, plural: str, count: int) -> LazyText:
    """Marks a sentence with a count; `{count}` is filled in."""
    return LazyText(singular, {"count": count}, plural, count)


def one_after_the_other(*sentences: LazyText) -> LazyText:
    """Whole sentences as one text, a blank between them; one alone as it is."""
    if len(sentences) == 1:
        return sentences[0]
    return LazyText(" ".join(f"{{s{n}}}" for n in range(len(sentences))), {f"s{n}": sentence for n, sentence in enumerate(sentences)})


ADDED: dict[str, dict[str, str]] = {}
"""Language -> sentence -> translation, of plug-ins that bring their words in their own file (`plugins/texts.py`)."""


@cache
def catalog(language: str, domain: str = "kontor") -> Mapping[str, str | tuple[str, ...]]:
    """The translated sentences of one language; empty for English.

    They come from `<language>/LC_MESSAGES/<domain>.po` below `locales` and below the folders of `add_catalogs`.
    A sentence with a context stands under `key_of` both. Raises ValueError where a later catalog translates a sentence in another way:
    a word with two meanings needs a context.
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
            raise ValueError(f"A plug-in translates {key!r} into {text!r}, not {found[key]!r}: give it a context.")
    return found


def add_catalogs(folder: Path) -> None:
    """From now on the catalogs below `folder` are read too, as of a plug-in with sentences of its own.

    Raises ValueError for a folder that is there already or holds no catalog, or for a sentence that is translated in another way already.
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


def translation(language: str, message: str, plural: str = "", count: int = 1, domain: str = "kontor", *, context: str = "") -> str:
    """The pattern for `message` in `language`, its plural form chosen by `count`; the English one where it is not translated."""
    found = catalog(language, domain).get(key_of(message, context))
    if isinstance(found, tuple):
        form = int(Locale.parse(language).plural_form(count) != "one")
        return found[min(form, len(found) - 1)] or (message if count == 1 else plural)
    return found or (plural if plural and count != 1 else message)


@cache
def locale(language: str) -> Locale:
    """Babel's locale for a language code such as "de" or "pt-BR"; English for one that Babel does not know.

    English is written as in Europe, where the shops are: day before month, 24 hours.
    """
    if language == "en":
        return Locale.parse("en_GB")
    try:
        return Locale.parse(language.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale.parse("en_GB")


def currency_digits(currency: str) -> int:
    """Decimals of a currency by ISO 4217: 2 for EUR, 0 for JPY. CLDR, and so Babel, says 0 for some whose small coins are gone, as RSD."""
    return DIGITS.get(currency.upper(), 2)


@cache
def countries() -> tuple[str, ...]:
    """The codes of all countries: ISO 3166 alpha-2."""
    codes = map(str, locale("en").territories)
    return tuple(sorted(code for code in codes if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES))


@cache
def country_names(language: str) -> tuple[tuple[str, str], ...]:
    """The countries as (code, name in `language`), by name: "Österreich" stands beside "Oman", "Ägypten" near "Albanien"."""
    names, english = locale(language).territories, locale("en").territories
    named = [(code, str(names.get(code) or english[code])) for code in countries()]
    return tuple(sorted(named, key=lambda country: as_sorted(country[1])))


def named_codes(codes: Iterable[str], names: Literal["territories", "currencies"], language: str) -> list[list[str]]:
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


@cache
def _money_pattern(language: str, digits: int) -> NumberPattern:
    """How amounts are written in `language`, with `digits` decimals."""
    pattern = copy.copy(locale(language).currency_formats["standard"])
    pattern.frac_prec = (digits, digits)
    return cast(NumberPattern, pattern)


def _written(amount: Decimal, currency: str, language: str, digits: int) -> str:
    """An amount with its currency; letters never touch the figures (CLDR's currencySpacing, which Babel leaves out)."""
    written = _money_pattern(language, digits).apply(amount, locale(language), currency=currency, currency_digits=False)
    return LETTERS_AT_FIGURES.sub("\u00a0", written)


KEPT = 8192
"""Texts of numbers and moments that a process keeps: pages and papers say the same ones again and again, and Babel takes its time."""
SAMPLES = (0, 1, 99, 100, 12_345, 100_000, 123_456_789, 98_765_432_101, -1, -12_345, -123_456_789)
"""Amounts that a pattern must write as Babel does."""


def format_money(amount: int, currency: str, language: str) -> str:
    """Minor units as people write them: (1999, "EUR", "de") -> "19,99 €"."""
    return _writes(currency, language)(int(amount))  # sums come as decimals from PostgreSQL


@cache
def _writes(currency: str, language: str) -> Callable[[int], str]:
    """Writes minor units as Babel does, from a pattern that is taken from it once; where they would differ it is Babel itself."""
    digits = currency_digits(currency)

    def babel(amount: int) -> str:
        return _written(Decimal(amount).scaleb(-digits), currency, language, digits)

    quick = _pattern(babel(1_234_567 * 10**digits), babel(-1_234_567 * 10**digits), digits)
    return quick if quick and all(quick(sample) == babel(sample) for sample in SAMPLES) else babel


def _pattern(sample: str, negative: str, digits: int) -> Callable[[int], str] | None:
    """Writes minor units as 1,234,567 and its negative are written in the samples; None where no figures of ours stand there."""
    if not ("1" in sample and "1" in negative):
        return None
    unit, (before, after), (before_negative, after_negative) = 10**digits, _around(sample), _around(negative)
    group = sample[len(before) + 1]
    point = sample[len(sample) - len(after) - digits - 1] if digits else ""

    def write(amount: int) -> str:
        whole, rest = divmod(abs(amount), unit)
        number = f"{whole:,}".replace(",", group) + (f"{point}{rest:0{digits}d}" if digits else "")
        return f"{before_negative}{number}{after_negative}" if amount < 0 else f"{before}{number}{after}"

    return write


def _around(sample: str) -> tuple[str, str]:
    """What stands before and after the figures."""
    last = max(place for place, letter in enumerate(sample) if letter.isdigit())
    return sample[: sample.index("1")], sample[last + 1 :]


def format_amount(amount: int, currency: str, language: str) -> str:
    """Minor units as people type them, without the currency: (1900, "EUR", "de") -> "19,00"."""
    digits = currency_digits(currency)
    pattern = "0." + "0" * digits if digits else "0"
    return str(format_decimal(Decimal(amount).scaleb(-digits), format=pattern, locale=locale(language)))


def with_minus(amount: str) -> str:
    """An amount with a real minus sign, as wide as a plus, where a hyphen stands before it."""
    return amount.replace("-", "\N{MINUS SIGN}")


def format_number(number: Decimal | int, language: str) -> str:
    """A quantity or rate without trailing noughts: (Decimal("1.500"), "de") -> "1,5"."""
    return _number(str(number), language)


@lru_cache(maxsize=KEPT)
def _number(number: str, language: str) -> str:
    return format_decimal(Decimal(number), locale=locale(language), decimal_quantization=False)


def format_quantity(quantity: Decimal, unit: str, language: str) -> str:
    """A quantity with its unit, pieces without: (Decimal("1.5"), "m", "de") -> "1,5 m", (Decimal(2), "pcs", "de") -> "2"."""
    number = format_number(quantity, language)
    return number if is_pieces(unit) else f"{number} {unit}"


def is_pieces(unit: str) -> bool:
    """Whether what bears this unit is counted in pieces."""
    return unit.lower() in PIECES


def is_measured(unit: str) -> bool:
    """Whether what has this unit may be divided, as 1.5 m of cloth; pieces, pairs, boxes can't (ST-2)."""
    return unit.strip(" .").lower() in MEASURED


def _with_unit(quantity: Decimal, unit: str, language: str) -> str:
    if not is_pieces(unit):
        return format_quantity(quantity, unit, language)
    pieces = ngettext("{count} piece", "{count} pieces", 1 if quantity == 1 else 2)
    return pieces.format(count=LazyNumber(quantity)).in_language(language)


def format_day(day: date, language: str, form: str = "medium") -> str:
    """A day: (2026-11-24, "de") -> "24.11.2026". `form`: short, medium, long or a CLDR pattern."""
    return _day(day, language, form)


@lru_cache(maxsize=KEPT)
def _day(day: date, language: str, form: str) -> str:
    return babel_date(day, format=form, locale=locale(language))


@cache
def _minute_form(language: str, *, weekday: bool) -> str:
    here = locale(language)
    whole = str(here.datetime_formats["medium"])
    day = here.datetime_skeletons["yMMMEd"] if weekday else here.date_formats["medium"]
    return whole.replace("{1}", day.pattern).replace("{0}", here.time_formats["short"].pattern)


def format_moment(moment: datetime, language: str, zone: str, form: str = "medium") -> str:
    """An aware moment in the shop's zone: "24.11.2026, 10:12:00" (L-3). `form` "short": the day as elsewhere, without the seconds;
    "weekday": with the name of the day before it.
    """
    return _moment(moment, language, zone, form)


@lru_cache(maxsize=KEPT)
def _moment(moment: datetime, language: str, zone: str, form: str) -> str:
    if form in ("short", "weekday"):
        form = _minute_form(language, weekday=form == "weekday")
    return babel_datetime(moment.astimezone(ZoneInfo(zone)), format=form, locale=locale(language), tzinfo=ZoneInfo(zone))


def format_price(price: Decimal, currency: str, language: str) -> str:
    """A unit price in major units, with as many decimals as it has but never fewer than the currency: 12.3456 EUR stays exact."""
    decimals = -int(price.normalize().as_tuple().exponent)
    return _written(price, currency, language, max(currency_digits(currency), decimals))
