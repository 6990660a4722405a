"""The kinds of fields an order from outside is made of: decimal text, moments, codes and bounded texts."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated

from babel import Locale, UnknownLocaleError
from babel.core import get_global, parse_locale
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema

from backoffice_app.domain.core import clock
from backoffice_app.domain.core.errors import LONE_SURROGATE, Invalid
from backoffice_app.domain.core.money import parse_decimal
from backoffice_app.domain.core.visible import visible
from backoffice_app.i18n import _

TERRITORIES = frozenset(t for t in get_global("territory_currencies") if re.fullmatch("[A-Z]{2}", t)) - {
    "EU",
    "UN",
    "ZZ",
}
FIRST_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=2)
"""How far a moment may lie in the future: the clock of a shop is wrong by its zone and a day, never by more."""
_TENDERS = [
    tender for tenders in get_global("territory_currencies").values() for tender in tenders if tender[3]
]
LAST_DAYS: dict[str, date] = {}
"""Each currency that is or was money for everybody -> the last day on which it was; `date.max` for those of today."""
for _code, _first, _last, _is_tender in _TENDERS:
    LAST_DAYS[_code] = max(LAST_DAYS.get(_code, date.min), date(*_last) if _last else date.max)
CURRENCIES = frozenset(code for code, last in LAST_DAYS.items() if last >= FIRST_MOMENT.date())
"""Money that an order may be in, each up to its last day: no test codes, no gold, no units of account (XTS,
XAU, CLF).
"""
WEB_ADDRESS = re.compile(r"https?://[A-Za-z0-9.\[\]:-]+(?:[/?#][!#-;=?-Z_a-z~\[\]@]*)?")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
KEEPS_ITS_REGION = {"pt-BR"}


def _decimal(
    value: object, places: int, largest: Decimal, *, positive: bool = False, signed: bool = False
) -> Decimal:
    if isinstance(value, int | float | Decimal):
        raise Invalid(
            "", _("Is a JSON number. Send it as text, such as “19.95”, so that no digit gets lost.")
        )
    if not isinstance(value, str):
        raise Invalid("", _("Must be decimal text, such as “19.95”."))
    number = parse_decimal(value, "")
    if number < 0 and not signed:
        raise Invalid("", _("{value} is less than zero.").format(value=value))
    if positive and number == 0:
        raise Invalid("", _("Must be more than zero."))
    if abs(number) > largest:
        raise Invalid("", _("{value} is too large.").format(value=value))
    if number != round(number, places):
        raise Invalid("", _("{value} has more than {places} decimals.").format(value=value, places=places))
    return number + 0  # -0.00 is 0.00


def _amount(value: object) -> Decimal:
    number = _signed_amount(value)
    if number < 0:
        raise Invalid(
            "",
            _("{value} is less than zero. What comes off an order is sent as a discount.").format(
                value=f"{number:f}"
            ),
        )
    return number


def _signed_amount(value: object) -> Decimal:
    return _decimal(value, 6, Decimal(10) ** 10, signed=True)


def _quantity(value: object) -> Decimal:
    return _decimal(value, 6, Decimal(10) ** 7, positive=True)


def _some_quantity(value: object) -> Decimal:
    return _decimal(value, 6, Decimal(10) ** 7)


def _rate(value: object) -> Decimal:
    return _decimal(value, 4, Decimal(100))


def _moment(value: object) -> datetime:
    if not isinstance(value, str) or not MOMENT.fullmatch(value):
        raise Invalid("", _("Must be a time with its zone, such as 2026-11-20T18:04:11+01:00."))
    try:
        moment = datetime.fromisoformat(value.upper().replace(" ", "T")).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid("", _("“{value}” is no time that exists.").format(value=value)) from None
    if moment < FIRST_MOMENT:
        raise Invalid("", _("“{value}” lies before 1970.").format(value=value))
    if moment > clock.now() + AHEAD:
        raise Invalid("", _("“{value}” lies more than two days in the future.").format(value=value))
    return moment


def _country(value: str) -> str:
    code = value.strip().upper()
    if code not in TERRITORIES:
        raise Invalid("", _("“{value}” is no country code such as DE.").format(value=value))
    return code


def _currency(value: str) -> str:
    code = value.strip().upper()
    if code not in CURRENCIES:
        raise Invalid("", _("“{value}” is no currency code such as EUR.").format(value=value))
    return code


def language_code(value: str) -> str:
    """The language that a code names, as Kontor keeps it: "de-FR" -> "de", "pt_BR" -> "pt-BR".

    "" if nobody knows the language.

    Babel lists no pair of a language and a country where it is rarely spoken; shops send them all the same.
    """
    code = value.strip().replace("_", "-")
    try:
        language, *_parts = parse_locale(code, sep="-")
        try:
            locale = Locale.parse(code, sep="-")
        except UnknownLocaleError:
            locale = Locale.parse(language)
    except (ValueError, UnknownLocaleError):
        return ""
    full = f"{locale.language}-{locale.territory}"
    return full if full in KEEPS_ITS_REGION else locale.language


def _language(value: str) -> str:
    if not value:
        return ""
    code = language_code(value)
    if not code:
        raise Invalid("", _("“{value}” is no language code such as de.").format(value=value))
    return code


def _email(value: str) -> str:
    """The normal form of an address; any other text unchanged, since no order is turned away for it (W-20)."""
    try:
        return validate_email(
            value, check_deliverability=False, globally_deliverable=False, test_environment=True
        ).normalized
    except EmailNotValidError:
        return value


def _web_address(value: str) -> str:
    """An address that a mail can lead to, or nothing."""
    if value and not WEB_ADDRESS.fullmatch(value):
        raise Invalid("", _("Must be a web address such as https://pay.example.com/1."))
    return value


def _clean(value: object, longest: int, *, lines: bool) -> str:
    if not isinstance(value, str):
        raise Invalid("", _("Must be text."))
    if LONE_SURROGATE.search(value):
        raise Invalid("", _("Holds half a character (a lone surrogate), which is no text."))
    if len(value) > 10 * longest:  # however much of it is blank or invisible
        raise Invalid(
            "",
            _("Has {count} characters; at most {longest} are taken.").format(
                count=len(value), longest=longest
            ),
        )
    if not value.isascii():
        value = visible(unicodedata.normalize("NFC", value), marks=lines)
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(_kept(c, lines) for c in value).strip()
    if len(kept) > longest:
        raise Invalid(
            "",
            _("Has {count} characters; at most {longest} are taken.").format(
                count=len(kept), longest=longest
            ),
        )
    return kept


def _kept(character: str, lines: bool) -> str:
    if character.isprintable() or (lines and character == "\n") or unicodedata.category(character) == "Cf":
        return character  # Cf: what `visible` has left of joiners and direction marks
    return " " if character.isspace() else ""


@dataclass(frozen=True)
class Longest:
    """How many characters a text of this kind may have."""

    characters: int


def _text(longest: int, *, lines: bool = False) -> tuple[BeforeValidator, Longest]:
    return BeforeValidator(lambda value: _clean(value, longest, lines=lines)), Longest(longest)


def plain(number: Decimal) -> str:
    """Decimal text without an exponent."""
    return f"{number:f}"


def _decimal_field(check: BeforeValidator, example: str) -> tuple[object, ...]:
    return (
        check,
        PlainSerializer(plain, return_type=str),
        WithJsonSchema({"type": "string", "examples": [example]}),
    )


Amount = Annotated[Decimal, *_decimal_field(BeforeValidator(_amount), "19.95")]
SignedAmount = Annotated[Decimal, *_decimal_field(BeforeValidator(_signed_amount), "-8.10")]
Quantity = Annotated[Decimal, *_decimal_field(BeforeValidator(_quantity), "1.5")]
SomeQuantity = Annotated[Decimal, *_decimal_field(BeforeValidator(_some_quantity), "1")]
Rate = Annotated[Decimal, *_decimal_field(BeforeValidator(_rate), "19")]
AwareMoment = Annotated[datetime, BeforeValidator(_moment)]

Code = Annotated[str, *_text(100)]
Name = Annotated[str, *_text(200)]
Title = Annotated[str, *_text(500)]
Comment = Annotated[str, *_text(10_000, lines=True)]
Tag = Annotated[str, *_text(255)]
Email = Annotated[str, *_text(254), AfterValidator(_email)]
PayLink = Annotated[str, *_text(2_000), AfterValidator(_web_address)]
Country = Annotated[str, *_text(10), AfterValidator(_country)]
Currency = Annotated[str, *_text(10), AfterValidator(_currency)]
Language = Annotated[str, *_text(20), AfterValidator(_language)]
