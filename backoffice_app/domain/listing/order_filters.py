"""The filters that the order list has of itself (O-3)."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum

from backoffice_app.domain.core import clock, money
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shop import Regional
from backoffice_app.domain.listing.order_columns import OPEN_TICKET
from backoffice_app.domain.listing.parts import AND, Condition, FilterGroup, list_filter
from backoffice_app.domain.order.position import first_position_of
from backoffice_app.domain.order.states import STATE_NAMES, PaymentState, ReturnState, ShippingState, Status
from backoffice_app.formats import format_day, locale
from backoffice_app.i18n import LazyNumber, LazyText, _

AMOUNT = r"\d{1,12}([.,]\d{1,4})?"
"""An amount as it stands in an address: decimals after a point or a comma, nothing between thousands."""
YES_NO = {"yes": _("Yes"), "no": _("No")}
DATE = FilterGroup("date", _("Date"))
AMOUNT_OF_ORDER = FilterGroup("amount", _("Amount"))
PERIODS = {
    "today": _("Today"),
    "yesterday": _("Yesterday"),
    "last-7-days": _("Last 7 days"),
    "last-30-days": _("Last 30 days"),
    "this-month": _("This month"),
    "last-month": _("Last month"),
}
"""Days that an address names by what they are today, so that a list that was kept shows other days tomorrow."""


def lowest_amount(text: str, currency: str) -> int:
    """The least amount in minor units that is not below the one that was typed."""
    return _minor(text, currency, ROUND_CEILING)


def highest_amount(text: str, currency: str) -> int:
    """The greatest amount in minor units that is not above the one that was typed."""
    return _minor(text, currency, ROUND_FLOOR)


def first_second(day: str, zone: str) -> int:
    """The first second of a day of the shop, in UTC (L-3)."""
    return int(clock.start_of_day(date.fromisoformat(day), zone).timestamp())


def second_after(day: str, zone: str) -> int:
    """The first second after a day of the shop, in UTC (L-3, E9)."""
    return first_second((date.fromisoformat(day) + timedelta(days=1)).isoformat(), zone)


def days_of(period: str, today: date) -> tuple[date, date]:
    """The first and the last day of one of the `PERIODS`; today is one of the last 7 days."""
    this_month = today.replace(day=1)
    if period in {"this-month", "last-month"}:
        first = this_month if period == "this-month" else (this_month - timedelta(days=1)).replace(day=1)
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    before = {"today": (0, 0), "yesterday": (1, 1), "last-7-days": (6, 0), "last-30-days": (29, 0)}[period]
    first, last = (today - timedelta(days=days) for days in before)
    return first, last


def _minor(text: str, currency: str, rounding: str) -> int:
    return int(_decimal(text).scaleb(money.digits(currency)).to_integral_value(rounding))


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _amount(text: str, language: str) -> str:
    return LazyNumber(_decimal(text).normalize()).in_language(language)


def _from_day(text: str, regional: Regional) -> Condition:
    return "position >= :date_from", {"date_from": first_position_of(first_second(text, regional.zone))}


def _to_day(text: str, regional: Regional) -> Condition:
    return "position < :date_to", {"date_to": first_position_of(second_after(text, regional.zone))}


def _in_period(text: str, regional: Regional) -> Condition:
    first, last = (day.isoformat() for day in days_of(text, clock.today(regional.zone)))
    begin = first_position_of(first_second(first, regional.zone))
    end = first_position_of(second_after(last, regional.zone))
    return AND.join(("position >= :date_begin", "position < :date_end")), {
        "date_begin": begin,
        "date_end": end,
    }


def _from_amount(text: str, regional: Regional) -> Condition:
    return "total >= :amount_from", {"amount_from": lowest_amount(text, regional.currency)}


def _to_amount(text: str, regional: Regional) -> Condition:
    return "total <= :amount_to", {"amount_to": highest_amount(text, regional.currency)}


def _has_open_task(text: str, _regional: Regional) -> Condition:
    return "open_task_count > 0" if text == "yes" else "open_task_count = 0", {}


def _has_note(text: str, _regional: Regional) -> Condition:
    return "note_count > 0" if text == "yes" else "note_count = 0", {}


def _filter_for_me(name: str, label: LazyText, *, count: str, waiting: str, rank: int) -> None:
    """Registers a filter of orders with something that waits for the colleague who looks, whose id is the parameter
    `name`.

    `count`: the column of orders that is above 0 where there may be some; `waiting`: the rows, in the words of their
    index.
    """

    def condition(_text: str, _regional: Regional, viewer: int) -> Condition:
        return f"{count} > 0 AND orders.id IN (SELECT order_id FROM {waiting})", {name: viewer}  # noqa: S608  # words of this file

    list_filter(name, label, of_viewer=condition, control="choice", choices={"me": _("Me")}, rank=rank)


def _tags(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple((f"#{tag.lower()}",) for tag in text.split())


def _has_ticket(text: str, _regional: Regional) -> Condition:
    return f"orders.id {'IN' if text == 'yes' else 'NOT IN'} ({OPEN_TICKET})", {}


def _is_amount(text: str) -> bool:
    return re.fullmatch(AMOUNT, text, re.ASCII) is not None


def _is_day(text: str) -> bool:
    try:
        return 1970 <= date.fromisoformat(text).year <= 2200
    except ValueError:
        return False


def _day(text: str, language: str) -> str:
    return format_day(date.fromisoformat(text), language)


def _country(code: str, language: str) -> str:
    return str(locale(language).territories.get(code, code))


def _of_customer(text: str, _regional: Regional) -> Condition:
    return "customer_id = (SELECT coalesce(merged_into_id, id) FROM customer WHERE number = :customer)", {
        "customer": text
    }


def _custom(text: str) -> int | str:
    return int(text) if text.isdecimal() else text


def _states(states: Iterable[StrEnum]) -> dict[str, LazyText]:
    return {state.value: STATE_NAMES[state] for state in states}


list_filter("status", _("Status"), dimension="status", control="ticks", choices=_states(Status), rank=5)
list_filter(
    "custom_status", _("Custom status"), dimension="custom_status_id", control="ticks", value=_custom, rank=10
)
list_filter(
    "payment",
    _("Payment"),
    dimension="payment_state",
    control="ticks",
    choices=_states(PaymentState),
    right=Right.PRICES,
    rank=15,
)
list_filter(
    "shipping",
    _("Shipping"),
    dimension="shipping_state",
    control="ticks",
    choices=_states(ShippingState),
    rank=20,
)
list_filter(
    "returns", _("Returns"), dimension="return_state", control="ticks", choices=_states(ReturnState), rank=25
)
list_filter("date", _("Date"), condition=_in_period, control="choice", choices=PERIODS, rank=28, group=DATE)
list_filter(
    "date_from",
    _("Date from"),
    condition=_from_day,
    control="day",
    accepts=_is_day,
    word=_day,
    rank=30,
    group=DATE,
    bound="low",
)
list_filter(
    "date_to",
    _("Date to"),
    condition=_to_day,
    control="day",
    accepts=_is_day,
    word=_day,
    rank=35,
    group=DATE,
    bound="high",
)
list_filter(
    "payment_method",
    _("Payment method"),
    dimension="payment_method",
    control="ticks",
    right=Right.PRICES,
    rank=40,
)
list_filter("shipping_method", _("Shipping method"), dimension="shipping_method", control="ticks", rank=45)
list_filter("country", _("Country"), dimension="country", control="ticks", word=_country, rank=50)
list_filter("source", _("Source"), dimension="source", control="ticks", rank=55)
list_filter(
    "amount_from",
    _("Amount from"),
    condition=_from_amount,
    control="amount",
    accepts=_is_amount,
    word=_amount,
    right=Right.PRICES,
    rank=60,
    group=AMOUNT_OF_ORDER,
    bound="low",
)
list_filter(
    "amount_to",
    _("Amount to"),
    condition=_to_amount,
    control="amount",
    accepts=_is_amount,
    word=_amount,
    right=Right.PRICES,
    rank=65,
    group=AMOUNT_OF_ORDER,
    bound="high",
)
list_filter(
    "address_warning",
    _("Address warning"),
    dimension="address_warning",
    value=lambda text: text == "yes",
    control="choice",
    choices=YES_NO,
    rank=80,
)
list_filter("tags", _("Tags"), words=_tags, control="text", rank=70)
list_filter(
    "printed",
    _("Printed"),
    dimension="printed",
    value=lambda text: text == "yes",
    control="choice",
    choices=YES_NO,
    rank=75,
)
list_filter(
    "has_open_task", _("Open task"), condition=_has_open_task, control="choice", choices=YES_NO, rank=80
)
list_filter("has_note", _("Note"), condition=_has_note, control="choice", choices=YES_NO, rank=85)
_filter_for_me(
    "assigned",
    _("Task assigned to"),
    count="open_task_count",
    waiting="task WHERE assignee_id = :assigned AND done_at IS NULL AND deleted_at IS NULL",
    rank=90,
)
_filter_for_me(
    "note_for",
    _("Unread note for"),
    count="note_count",
    waiting="order_note WHERE for_id = :note_for AND read_at IS NULL",
    rank=95,
)
list_filter(
    "has_ticket",
    _("Open ticket"),
    condition=_has_ticket,
    control="choice",
    choices=YES_NO,
    right=Right.TICKETS,
    rank=80,
)
list_filter("customer", _("Customer"), condition=_of_customer, rank=80)
