"""The kinds of numbers there are, and how they are written before the shop sets its own (INV-2)."""

from dataclasses import dataclass

from backoffice_app.i18n import LazyText, _
from backoffice_app.registry import Registry


@dataclass(frozen=True)
class Series:
    """A kind of number.

    `prefix` holds the year as "{year}" if the counter starts at 1 each year; `digits`: at least so many.

    `dated`: the number bears a legal day, so it waits while the clock is wrong.
    """

    key: str
    label: LazyText
    prefix: str
    digits: int = 0
    first: int = 1
    dated: bool = False

    @property
    def is_yearly(self) -> bool:
        """Whether the counter starts at 1 each year."""
        return "{year}" in self.prefix


SERIES: Registry[Series] = Registry("number series")
"""Key -> number series."""


def number_series(
    key: str,
    label: LazyText,
    prefix: str,
    *,
    digits: int = 0,
    first: int = 1,
    dated: bool = False,
) -> Series:
    """Registers a number series; returns it.

    Raises ValueError for a key that is taken, or the prefix of another series.
    """
    if twin := next(
        (other.key for other in SERIES.values() if other.prefix == prefix and other.key != key), ""
    ):
        raise ValueError(f"The number series {key!r} has the same prefix {prefix!r} as {twin!r}.")
    return SERIES.add(key, Series(key, label, prefix, digits, first, dated))


def dated_series() -> list[str]:
    """The keys of the series whose numbers bear a legal day."""
    return [key for key, one in SERIES.items() if one.dated]


ORDERS = number_series("order", _("Orders"), "", first=10_001)
CUSTOMERS = number_series("customer", _("Customers"), "C-", first=1_001)
SHIPMENTS = number_series("shipment", _("Packing slips"), "L-{year}-", digits=4)
RETURNS = number_series("return", _("Returns"), "R-{year}-", digits=4)
TICKETS = number_series("ticket", _("Tickets"), "T-{year}-", digits=4)
