"""Languages: sentences that are translated when they are shown, and the formats of numbers, money and dates (L-1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date as babel_date
from babel.dates import format_datetime as babel_datetime
from babel.dates import format_time
from babel.lists import format_list
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, get_currency_precision

LOCALES = Path(__file__).parent / "locales"
UI_LANGUAGES = ("en", "de")
PIECES = frozenset({"", "piece", "pieces", "pcs", "pc", "stk", "h87", "c62"})
"""Units that go without saying: what is counted, not measured."""


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
        return format_money(self.amount, self.currency, language)


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


LANGUAGE_BOUND = (LazyText, LazyMoney, LazyMoment, LazyNumber, LazyQuantities, LazyDay, LazyLanguage)


def _(message: str, context: str = "") -> LazyText:
    """Marks a sentence a person reads; the English sentence is its key.

    `context` tells apart what English says in one word and other languages in two: "On hold" on a button and as a state.
    """
    return LazyText(message, context=context)


def ngettext(singular: str, plural: str, count: int) -> LazyText:
    """Marks a sentence with a count; `{count}` is filled in."""
    return LazyText(singular, {"count": count}, plural, count)


def one_after_the_other(*sentences: LazyText) -> LazyText:
    """Whole sentences as one text, a blank between them."""
    return LazyText(" ".join(f"{{s{n}}}" for n in range(len(sentences))), {f"s{n}": sentence for n, sentence in enumerate(sentences)})


@cache
def catalog(language: str, domain: str = "kontor") -> Mapping[str, str | tuple[str, ...]]:
    """The translated sentences of one language, from `locales/<language>/LC_MESSAGES/<domain>.po`; empty for English.

    A sentence with a context stands under `key_of` both.
    """
    file = LOCALES / language / "LC_MESSAGES" / f"{domain}.po"
    if not file.exists():
        return {}
    with file.open("rb") as source:
        messages = read_po(source, locale=language)
    found = {}
    for m in messages:
        if m.id and m.string and not m.fuzzy:
            key = key_of(m.id if isinstance(m.id, str) else m.id[0], m.context or "")
            found[key] = m.string if isinstance(m.string, str) else tuple(m.string)
    return found


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


@cache
def _scale(currency: str) -> int:
    return get_currency_precision(currency)


def format_money(amount: int, currency: str, language: str) -> str:
    """Minor units as people write them: (1999, "EUR", "de") -> "19,99 €"."""
    return format_currency(Decimal(amount).scaleb(-_scale(currency)), currency, locale=locale(language))


def format_number(number: Decimal | int, language: str) -> str:
    """A quantity or rate without trailing noughts: (Decimal("1.500"), "de") -> "1,5"."""
    return format_decimal(number, locale=locale(language), decimal_quantization=False)


def format_quantity(quantity: Decimal, unit: str, language: str) -> str:
    """A quantity with its unit, pieces without: (Decimal("1.5"), "m", "de") -> "1,5 m", (Decimal(2), "pcs", "de") -> "2"."""
    number = format_number(quantity, language)
    return number if is_pieces(unit) else f"{number} {unit}"


def is_pieces(unit: str) -> bool:
    """Whether what bears this unit is counted in pieces."""
    return unit.lower() in PIECES


def _with_unit(quantity: Decimal, unit: str, language: str) -> str:
    if not is_pieces(unit):
        return format_quantity(quantity, unit, language)
    pieces = ngettext("{count} piece", "{count} pieces", 1 if quantity == 1 else 2)
    return pieces.format(count=LazyNumber(quantity)).in_language(language)


def format_day(day: date, language: str, form: str = "medium") -> str:
    """A day: (2026-11-24, "de") -> "24.11.2026". `form`: short, medium, long or a CLDR pattern."""
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
    if form in ("short", "weekday"):
        form = _minute_form(language, weekday=form == "weekday")
    return babel_datetime(moment.astimezone(ZoneInfo(zone)), format=form, locale=locale(language), tzinfo=ZoneInfo(zone))


def format_price(price: Decimal, currency: str, language: str) -> str:
    """A unit price in major units, with as many decimals as it has but never fewer than the currency: 12.3456 EUR stays exact."""
    digits = max(_scale(currency), -int(price.as_tuple().exponent))
    exact = price.quantize(Decimal(1).scaleb(-digits))
    return format_currency(exact, currency, locale=locale(language), currency_digits=False, decimal_quantization=False)
