"""Numbers as people type them, read in the language of the person who typed them; API keys send plain decimal text."""

import re
from decimal import Decimal
from functools import cache

from babel.numbers import get_currency_symbol, get_decimal_symbol

from backoffice_app.domain.core import money
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.rights import Actor, ActorKind
from backoffice_app.formats import locale
from backoffice_app.i18n import LazyMoney, LazyNumber, LazyText, _

SMALLEST = Decimal("0.000001")
"""Quantities have six decimals."""
LIKE = Decimal("1234.5")
"""The example that a refusal shows, written in the reader's language with the decimals of the currency."""
IN_THOUSANDS = 3
"""Digits of a group: with so many behind it, a separator may be that of thousands or that of decimals."""


def amount_of(actor: Actor, text: str, currency: str, field: str) -> int:
    """What `actor` typed as minor units of `currency`: a German's "2.500" is 2,500.00 EUR and never 2.50.

    Raises Invalid naming `field` for what is not a number, has more decimals than the currency, or can be read in two
    ways:
    then both readings are named.
    """
    if actor.kind is not ActorKind.USER:
        return money.parse(text, currency, field)
    if not text.strip():
        raise Invalid(
            field, _("Enter an amount such as {example}.").format(example=_as_money(LIKE, currency))
        )
    own, other = _readings(_without_currency(text, currency, actor.language), actor.language)
    found = own if own is not None else other
    if found is None:
        raise Invalid(
            field,
            _("“{value}” is not an amount such as {example}.").format(
                value=text, example=_as_money(LIKE, currency)
            ),
        )
    if _decimals(found) <= money.digits(currency):
        return money.round_half_up(found.scaleb(money.digits(currency)))
    if own is not None and other is not None:
        raise Invalid(field, two_readings(text, *(_as_money(one, currency) for one in (own, other))))
    raise Invalid(
        field, _("“{value}” has more decimals than {currency} has.").format(value=text, currency=currency)
    )


def quantity_of(actor: Actor, text: str, field: str, most: Decimal) -> Decimal:
    """What `actor` typed as a quantity of which there are `most`.

    Raises Invalid naming `field`, as `amount_of` does.
    """
    example = LazyNumber(Decimal("1.5"))
    no = _("“{value}” is not a quantity such as {example}.").format(value=text, example=example)
    if actor.kind is ActorKind.USER and not text.strip():
        raise Invalid(field, _("Enter a quantity such as {example}.").format(example=example))
    return _number_of(actor, text, field, most, no)


def price_of(actor: Actor, text: str, currency: str, field: str, most: Decimal) -> Decimal:
    """What `actor` typed as a unit price in major units, `most` at most, with or without the sign of `currency`.

    It may have more decimals than the currency. Raises Invalid naming `field`, as `amount_of` does.
    """
    no = _("“{value}” is not an amount such as {example}.").format(
        value=text, example=_as_money(LIKE, currency)
    )
    bare = _without_currency(text, currency, actor.language) if actor.kind is ActorKind.USER else text
    return _number_of(actor, bare, field, most, no)


def _number_of(actor: Actor, text: str, field: str, most: Decimal, no: LazyText) -> Decimal:
    if actor.kind is not ActorKind.USER:
        found: Decimal | None = money.parse_decimal(text, field)
    else:
        own, other = _readings(text, actor.language)
        if own is not None and other is not None and _decimals(own) == IN_THOUSANDS and other <= most:
            raise Invalid(field, two_readings(text, LazyNumber(own), LazyNumber(other)))
        found = own if own is not None else other
    if found is None:
        raise Invalid(field, no)
    if found % SMALLEST:
        raise Invalid(field, _("A quantity has six decimals at most."))
    return found


def two_readings(text: str, first: LazyMoney | LazyNumber, second: LazyMoney | LazyNumber) -> LazyText:
    """What asks which of two numbers is meant."""
    question = _("“{value}” can mean {first} or {second}. Please write it so that only one is possible.")
    return question.format(value=text, first=first, second=second)


def _readings(text: str, language: str) -> tuple[Decimal | None, Decimal | None]:
    """The number in the writing of `language`, and in the other one, if that gives another number.

    None where it is not well formed.
    """
    mark = get_decimal_symbol(locale(language))
    text = text.strip().replace("\N{MINUS SIGN}", "-")
    own, other = _read(text, mark), _read(text, "," if mark == "." else ".")
    return own, None if other == own else other


def _read(text: str, decimal: str) -> Decimal | None:
    found = _pattern(decimal).fullmatch(text)
    if found is None:
        return None
    whole = re.sub(r"\D", "", found["whole"])
    return (
        Decimal(f"{found['sign']}{whole}.{found['rest'] or '0'}")
        if found["rest"]
        else Decimal(f"{found['sign']}{whole}")
    )


@cache
def _pattern(decimal: str) -> re.Pattern[str]:
    thousands = "." if decimal == "," else ","
    groups = rf"\d{{1,3}}(?P<by>[{thousands}\u0020\u00a0\u202f\u2009'’])\d{{3}}(?:(?P=by)\d{{3}})*"
    return re.compile(
        rf"(?P<sign>-?)(?P<whole>{groups}|\d{{1,15}})(?:{re.escape(decimal)}(?P<rest>\d{{1,12}}))?", re.ASCII
    )


def _without_currency(text: str, currency: str, language: str) -> str:
    """The amount without the currency's sign or code before or behind it."""
    text = text.strip()
    for sign in (
        currency,
        get_currency_symbol(currency, locale(language)),
        get_currency_symbol(currency, "en"),
    ):
        if len(text) > len(sign):
            text = text.removeprefix(sign).removesuffix(sign).strip()
    return text


def _decimals(number: Decimal) -> int:
    """How many decimals were typed, zeros too."""
    return max(-int(number.as_tuple().exponent), 0)


def _as_money(number: Decimal, currency: str) -> LazyMoney | LazyNumber:
    """A reading as an amount where it is one, else as a number."""
    scaled = number.scaleb(money.digits(currency))
    return LazyMoney(int(scaled), currency) if scaled == scaled.to_integral_value() else LazyNumber(number)
