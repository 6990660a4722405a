"""Money as whole minor units: parse, round, split. No float anywhere."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from backoffice_app.domain.core.errors import Invalid
from backoffice_app.formats import currency_digits
from backoffice_app.i18n import _

_EXACT = Context(prec=100)
"""Enough digits for any product of a price and a quantity, which decimal's own 28 are not; fractions would take ten
times as long.
"""
DECIMAL_TEXT = re.compile(r"-?\d{1,15}(\.\d{1,12})?", re.ASCII)


def round_half_up(amount: Fraction | Decimal) -> int:
    """The one rounding: half away from zero, so that +x and -x round alike."""
    if isinstance(amount, Decimal):
        return int(amount.to_integral_value(ROUND_HALF_UP))  # decimal's name for it
    whole = (2 * abs(amount.numerator) + amount.denominator) // (2 * amount.denominator)
    return whole if amount >= 0 else -whole


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` minor units by `weights`; the parts sum up to `total` exactly.

    Largest remainder, ties to the first. `weights`: at least one, none negative, sum > 0; `total` may be negative.
    Raises ValueError otherwise. (INV-4)
    """
    whole = sum(weights)
    if not weights or whole <= 0 or min(weights) < 0:
        raise ValueError("weights: at least one, none negative, sum > 0")
    if total < 0:
        return [-part for part in allocate(-total, weights)]
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % whole))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts


def percent(amount: int, rate: Decimal) -> int:
    """`rate` per cent of `amount` minor units, rounded once."""
    return round_half_up(Fraction(amount) * Fraction(rate) / 100)


def times(unit_price: Decimal, quantity: Decimal, currency: str) -> int:
    """`quantity` pieces at `unit_price` (major units, any number of decimals) in minor units, rounded once."""
    return round_half_up(_EXACT.multiply(unit_price, quantity).scaleb(digits(currency), _EXACT))


def digits(currency: str) -> int:
    """Decimals of a currency by ISO 4217: 2 for EUR, 0 for JPY."""
    return currency_digits(currency)


def to_decimal(amount: int, currency: str) -> Decimal:
    """Minor units as a decimal of major units: 1999 EUR -> 19.99."""
    return Decimal(amount).scaleb(-digits(currency))


def as_text(amount: int, currency: str) -> str:
    """Minor units as the plain decimal text of API and files: 1999 EUR -> "19.99"."""
    return f"{to_decimal(amount, currency):f}"


def parse_decimal(text: str, field: str) -> Decimal:
    """Decimal text such as "19.95" as a Decimal.

    Raises Invalid naming `field` for anything else, also for NaN and 1e5 (API-2).
    """
    if not isinstance(text, str) or not DECIMAL_TEXT.fullmatch(text.strip()):
        raise Invalid(field, _("“{value}” is no decimal number such as 19.95.").format(value=text))
    return Decimal(text.strip())


def parse(text: str, currency: str, field: str) -> int:
    """Decimal text as minor units of `currency`; Invalid naming `field` if it has more decimals than the currency
    (API-2).
    """
    scaled = parse_decimal(text, field).scaleb(digits(currency))
    if scaled != scaled.to_integral_value():
        raise Invalid(
            field, _("“{value}” has more decimals than {currency} has.").format(value=text, currency=currency)
        )
    return int(scaled)
