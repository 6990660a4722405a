"""How numbers, money, quantities and days are written in a language (L-1)."""

import copy
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import cast
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date as babel_date
from babel.dates import format_datetime as babel_datetime
from babel.numbers import NumberPattern, format_decimal

WITHOUT_DECIMALS = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()  # noqa: SIM905
)

WITH_THREE = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")

DIGITS = dict.fromkeys(WITHOUT_DECIMALS, 0) | dict.fromkeys(WITH_THREE, 3) | {"CLF": 4, "UYW": 4}
"""Decimals of the currencies that do not have two, by ISO 4217."""

LETTERS_AT_FIGURES = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")

PIECES = frozenset({"", "piece", "pieces", "pcs", "pc", "stk", "h87", "c62"})
"""Units that go without saying: what is counted, not measured."""

MEASURED = frozenset(
    "m cm mm dm km lfm mtr cmt mmt dmt kmt meter metre meters metres "  # noqa: SIM905
    "m² m2 cm² cm2 qm sqm mtk m³ m3 cbm mtq kg kgm g gr grm gram grams gramm mg mgm t tne "
    "l ltr liter litre liters litres dl dlt cl clt ml mlt hl h hr hrs hur hour hours std stunde stunden "
    "min minutes day days tag tage yd yrd ft fot in inh lb lbs lbr oz onz kwh kwt".split()
)
"""Units of what is measured and may be divided: lengths, areas, weights, times, with the codes of UN/ECE.

All others are counted.
"""


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
    """Decimals of a currency by ISO 4217: 2 for EUR, 0 for JPY.

    CLDR, and so Babel, says 0 for some whose small coins are gone, as RSD.
    """
    return DIGITS.get(currency.upper(), 2)


@cache
def _money_pattern(language: str, digits: int) -> NumberPattern:
    """How amounts are written in `language`, with `digits` decimals."""
    pattern = copy.copy(locale(language).currency_formats["standard"])
    pattern.frac_prec = (digits, digits)
    return cast(NumberPattern, pattern)


def _written(amount: Decimal, currency: str, language: str, digits: int) -> str:
    """An amount with its currency; letters never touch the figures (CLDR's currencySpacing, which Babel leaves out)."""
    written = _money_pattern(language, digits).apply(
        amount, locale(language), currency=currency, currency_digits=False
    )
    return LETTERS_AT_FIGURES.sub("\u00a0", written)


KEPT = 8192
"""Texts of numbers and moments that a process keeps: pages and papers say the same ones again and again, and Babel
takes its time.
"""

SAMPLES = (0, 1, 99, 100, 12_345, 100_000, 123_456_789, 98_765_432_101, -1, -12_345, -123_456_789)
"""Amounts that a pattern must write as Babel does."""


def format_money(amount: int, currency: str, language: str) -> str:
    """Minor units as people write them: (1999, "EUR", "de") -> "19,99 €"."""
    return _writes(currency, language)(int(amount))  # sums come as decimals from PostgreSQL


@cache
def _writes(currency: str, language: str) -> Callable[[int], str]:
    """Writes minor units as Babel does, from a pattern that is taken from it once; where they would differ it is Babel
    itself.
    """
    digits = currency_digits(currency)

    def babel(amount: int) -> str:
        return _written(Decimal(amount).scaleb(-digits), currency, language, digits)

    quick = _pattern(babel(1_234_567 * 10**digits), babel(-1_234_567 * 10**digits), digits)
    return quick if quick and all(quick(sample) == babel(sample) for sample in SAMPLES) else babel


def _pattern(sample: str, negative: str, digits: int) -> Callable[[int], str] | None:
    """Writes minor units as 1,234,567 and its negative are written in the samples; None where no figures of ours stand
    there.
    """
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
    """A quantity or rate without trailing zeros: (Decimal("1.500"), "de") -> "1,5"."""
    return _number(str(number), language)


@lru_cache(maxsize=KEPT)
def _number(number: str, language: str) -> str:
    return format_decimal(Decimal(number), locale=locale(language), decimal_quantization=False)


def format_quantity(quantity: Decimal, unit: str, language: str) -> str:
    """A quantity with its unit, pieces without: (Decimal("1.5"), "m", "de") -> "1,5 m", (Decimal(2), "pcs", "de") ->
    "2".
    """
    number = format_number(quantity, language)
    return number if is_pieces(unit) else f"{number} {unit}"


def is_pieces(unit: str) -> bool:
    """Whether what bears this unit is counted in pieces."""
    return unit.lower() in PIECES


def is_measured(unit: str) -> bool:
    """Whether what has this unit may be divided, as 1.5 m of cloth; pieces, pairs, boxes can't (ST-2)."""
    return unit.strip(" .").lower() in MEASURED


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
    """An aware moment in the shop's zone: "24.11.2026, 10:12:00" (L-3).

    `form` "short": the day as elsewhere, without the seconds; "weekday": with the name of the day before it.
    """
    return _moment(moment, language, zone, form)


@lru_cache(maxsize=KEPT)
def _moment(moment: datetime, language: str, zone: str, form: str) -> str:
    if form in ("short", "weekday"):
        form = _minute_form(language, weekday=form == "weekday")
    return babel_datetime(
        moment.astimezone(ZoneInfo(zone)), format=form, locale=locale(language), tzinfo=ZoneInfo(zone)
    )


def format_price(price: Decimal, currency: str, language: str) -> str:
    """A unit price in major units, with as many decimals as it has but never fewer than the currency: 12.3456 EUR stays
    exact.
    """
    decimals = -int(price.normalize().as_tuple().exponent)
    return _written(price, currency, language, max(currency_digits(currency), decimals))
