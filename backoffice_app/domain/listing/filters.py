"""What a list shows, as one value that is read from an address and written to it again (O-3, E10)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from urllib.parse import urlencode

from backoffice_app.domain.core import clock, money
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.states import PaymentState, ReturnState, ShippingState, Status
from backoffice_app.domain.core.views import View

OVERDUE = "overdue"
VIEWS = (
    View.ALL.value,
    View.TO_PAY.value,
    View.TO_SHIP.value,
    View.ON_HOLD.value,
    OVERDUE,
    View.OVERPAID.value,
    View.RETURNS_OPEN.value,
    View.DRAFTS.value,
)
"""The tabs, in their order (O-4)."""
MONEY_VIEWS = frozenset({View.TO_PAY.value, OVERDUE, View.OVERPAID.value})
SORTS = ("date", "number", "customer", "total", "status", "payment", "shipping")
MONEY_FIELDS = ("payment", "payment_method", "amount_from", "amount_to")
CHOICES = {
    "status": frozenset(Status),
    "payment": frozenset(PaymentState),
    "shipping": frozenset(ShippingState),
    "returns": frozenset(ReturnState),
    "printed": frozenset({"yes", "no"}),
    "view": frozenset(VIEWS),
    "sort": frozenset(SORTS),
    "direction": frozenset({"up", "down"}),
}
AMOUNT = r"\d{1,12}([.,]\d{1,4})?"
"""An amount as it is typed: decimals after a point or a comma, nothing between thousands."""
NO_FILTERS = ("view", "q", "sort", "direction", "page")
"""Fields that are no filters: they have no chip."""


@dataclass(frozen=True)
class OrderFilter:
    """All that decides what the list shows. Every field is text as it stands in the address; "" is "any".

    `date_from`, `date_to`: days in the shop's zone, both included (L-3). `amount_from`, `amount_to`: decimal text in the shop's
    currency, both included. `tags`: words parted by blanks, all of them. `page`: a cursor of `OrderPage`, "last", or "" for the first.
    """

    view: str = "all"
    q: str = ""
    status: str = ""
    custom_status: str = ""
    payment: str = ""
    shipping: str = ""
    returns: str = ""
    date_from: str = ""
    date_to: str = ""
    payment_method: str = ""
    shipping_method: str = ""
    country: str = ""
    source: str = ""
    amount_from: str = ""
    amount_to: str = ""
    tags: str = ""
    printed: str = ""
    sort: str = "date"
    direction: str = "down"
    page: str = ""

    @classmethod
    def parse(cls, parameters: Mapping[str, str]) -> "OrderFilter":
        """From the parameters of an address. What is unknown or makes no sense is left out: an old link still shows a list."""
        known = {f.name: str(parameters.get(f.name, "")).replace("\0", "").strip()[:200] for f in fields(cls)}
        wanted = {name: value for name, value in known.items() if value and value in CHOICES.get(name, (value,))}
        found = cls(**wanted)
        nonsense = [name for name in ("date_from", "date_to") if not _is_day(getattr(found, name))]
        nonsense += [name for name in ("amount_from", "amount_to") if not re.fullmatch(AMOUNT, getattr(found, name), re.ASCII)]
        return replace(found, **dict.fromkeys(nonsense, ""))

    def parameters(self) -> dict[str, str]:
        """What of it has to stand in an address: all that is not as without an address."""
        return {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != f.default}

    def address(self, path: str = "/orders", **changes: str) -> str:
        """The address of this list with `changes`; a change of what is shown leads back to the first page."""
        changed = replace(self, page="", **{k: v for k, v in changes.items() if k != "page"}) if changes else self
        query = urlencode(replace(changed, page=changes.get("page", changed.page)).parameters())
        return f"{path}?{query}" if query else path

    def active(self) -> list[str]:
        """The names of the filters that are on, in the order of the fields."""
        return [f.name for f in fields(self) if f.name not in NO_FILTERS and getattr(self, f.name)]

    def cleared(self) -> "OrderFilter":
        """The same list without its filters; view, search and sorting stay."""
        return replace(self, page="", **dict.fromkeys(self.active(), ""))

    def seen_by(self, actor: Actor) -> "OrderFilter":
        """What of it this actor may ask for: without the right to prices nothing that tells of money (SEC-4)."""
        if actor.may(Right.PRICES):
            return self
        changes = dict.fromkeys(MONEY_FIELDS, "")
        if self.view in MONEY_VIEWS:
            changes["view"] = "all"
        if self.sort in {"total", "payment"}:
            changes |= {"sort": "date", "page": ""}
        return replace(self, **changes)

    def seconds(self, zone: str) -> tuple[int | None, int | None]:
        """The first second of the wanted days and the first one after them, in UTC; None where there is no bound (L-3, E9)."""
        first = _second(date.fromisoformat(self.date_from), zone) if self.date_from else None
        after = _second(date.fromisoformat(self.date_to) + timedelta(days=1), zone) if self.date_to else None
        return first, after

    def amounts(self, currency: str) -> tuple[int | None, int | None]:
        """The lowest and the highest amount wanted, in minor units; a bound that is no amount is none."""
        return _amount(self.amount_from, currency, ROUND_CEILING), _amount(self.amount_to, currency, ROUND_FLOOR)


def _is_day(value: str) -> bool:
    try:
        return 1970 <= date.fromisoformat(value).year <= 2200
    except ValueError:
        return False


def _second(day: date, zone: str) -> int:
    return int(clock.start_of_day(day, zone).timestamp())


def _amount(text: str, currency: str, rounding: str) -> int | None:
    if not re.fullmatch(AMOUNT, text, re.ASCII):
        return None
    return int(Decimal(text.replace(",", ".")).scaleb(money.digits(currency)).to_integral_value(rounding))
