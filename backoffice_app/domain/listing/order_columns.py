"""The columns that the order list has of itself (O-1)."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_time

from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shipping_methods import is_pickup_method
from backoffice_app.domain.listing.parts import ByState, Look, column
from backoffice_app.domain.listing.streams import BY_DATE, BY_NAME, BY_NUMBER, BY_TOTAL
from backoffice_app.domain.order.position import second_of
from backoffice_app.domain.order.states import STATE_NAMES, PaymentState, ReturnState, ShippingState, Status
from backoffice_app.domain.window.tones import payment_badge, shipping_badge, status_badge
from backoffice_app.formats import format_day, format_money, locale
from backoffice_app.i18n import _

Badge = tuple[str, str, str]
"""Tone, icon, label."""


def _moment(position: int, look: Look) -> str:
    """The minute for what came in today or yesterday, else the day; a person reads it at a glance."""
    local = datetime.fromtimestamp(second_of(position), UTC).astimezone(_zone(look.zone))
    near, text = _day_text(local.date(), look.today, look.language)
    return f"{text} {_minute_text(local.hour * 60 + local.minute, look.language)}" if near else text


def _names(name: str, company: str, _look: Look) -> tuple[str, str]:
    return name or company, company if name else ""


def _total(total: int, currency: str, look: Look) -> str:
    return format_money(total, currency, look.language)


def _status(status: str, custom: int | None, look: Look) -> Badge:
    """One of the shop's own statuses stands where the system status would (W-7)."""
    return look.custom.get(custom or 0) or _system_status(status, look.language)


def _payment(state: str, status: str, due: object, look: Look) -> Badge:
    return _payment_badge(state, "" if due is None else str(due), look.today, status, look.language)


def _shipping(state: str, status: str, method: str, method_name: str, pickup: str, look: Look) -> Badge:  # noqa: PLR0917  # the columns of the cell
    return _shipping_badge(state, status, is_pickup_method(method, method_name, pickup), look.language)


def _marks(*found: Any) -> tuple[str, ...]:
    """The word of each mark that is there, in the order of `MARKS`, "" for the others; a return says how much came
    back.
    """
    *there, has_ticket, returns, warned, look = found
    is_there = (
        *map(bool, there),
        bool(has_ticket) and Right.TICKETS in look.rights,
        returns != ReturnState.NONE,
        bool(warned),
    )
    return _mark_words(is_there, returns, look.language)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=4096)
def _day_text(day: date, today: str, language: str) -> tuple[bool, str]:
    """Whether the day is today or yesterday, and its name: "Today", "Thu 26 Nov", in other years "26/11/2025"."""
    now = date.fromisoformat(today)
    if day == now:
        return True, _("Today").in_language(language)
    if day == now - timedelta(days=1):
        return True, _("Yesterday").in_language(language)
    if day.year != now.year:
        return False, format_day(day, language)
    return False, format_skeleton("MMMEd", day, locale=locale(language)).replace(
        "., ", " ", 1
    )  # "Do 26. Nov.", as one reads it


@lru_cache(maxsize=4096)
def _minute_text(minute: int, language: str) -> str:
    return format_time(time(minute // 60, minute % 60), format="short", locale=locale(language))


@cache
def _system_status(status: str, language: str) -> Badge:
    badge = status_badge(Status(status), language)
    return badge.tone, badge.icon, badge.label


@lru_cache(maxsize=4096)
def _payment_badge(state: str, due: str, today: str, status: str, language: str) -> Badge:
    day = date.fromisoformat(due[:10]) if due else None
    badge = payment_badge(
        PaymentState(state), language, due=day, today=date.fromisoformat(today), status=Status(status)
    )
    return badge.tone, badge.icon, badge.label


@cache
def _shipping_badge(state: str, status: str, is_fetched: bool, language: str) -> Badge:
    badge = shipping_badge(ShippingState(state), language, status=Status(status), is_fetched=is_fetched)
    return badge.tone, badge.icon, badge.label


@cache
def _mark_words(there: tuple[bool, ...], returns: str, language: str) -> tuple[str, ...]:
    words = [STATE_NAMES[ReturnState(returns)] if word is None else word for word in MARKS]
    return tuple(
        word.in_language(language) if is_there else "" for word, is_there in zip(words, there, strict=True)
    )


column(
    "number",
    _("Number"),
    kind="order",
    sql="number",
    cell=lambda number, _look: number,
    sort=BY_NUMBER,
    rank=10,
    card=1,
    built=True,
)
column(
    "date", _("Date"), kind="moment", sql="position", cell=_moment, sort=BY_DATE, rank=20, card=5, built=True
)
column(
    "customer",
    _("Customer"),
    kind="customer",
    sql=("customer_name", "company"),
    cell=_names,
    sort=BY_NAME,
    up=True,
    rank=30,
    card=3,
    built=True,
)
column(
    "total",
    _("Total"),
    kind="money",
    sql=("total", "currency"),
    cell=_total,
    right=Right.PRICES,
    sort=BY_TOTAL,
    rank=40,
    card=2,
    built=True,
)
column(
    "status",
    _("Status"),
    kind="badge",
    sql=("status", "custom_status_id"),
    cell=_status,
    sort=ByState("status", tuple(sorted(Status))),
    rank=50,
    card=6,
    built=True,
)
column(
    "payment",
    _("Payment"),
    kind="badge",
    sql=("payment_state", "status", "due_on"),
    cell=_payment,
    right=Right.PRICES,
    sort=ByState("payment_state", tuple(sorted(PaymentState))),
    rank=60,
    card=6,
    built=True,
)
column(
    "shipping",
    _("Shipping"),
    kind="badge",
    sql=("shipping_state", "status", "shipping_method", "shipping_method_name", "pickup"),
    cell=_shipping,
    sort=ByState("shipping_state", tuple(sorted(ShippingState))),
    rank=70,
    card=6,
    built=True,
)
column(
    "source",
    _("Source"),
    kind="word",
    sql="source",
    cell=lambda source, _look: source,
    rank=80,
    wide=True,
    built=True,
)
MARKS = (_("Comment"), _("Note"), _("Task"), _("Ticket"), None, _("Address warning"))
"""The words of the marks, each at its own place; that of a return is its state."""
OPEN_TICKET = "SELECT order_id FROM ticket WHERE state IN ('open', 'to do') AND order_id IS NOT NULL"
"""The orders of tickets about which something has to be done."""
HAS_TICKET = f"EXISTS ({OPEN_TICKET} AND order_id = orders.id)"  # no value in it
column(
    "marks",
    _("Marks"),
    kind="marks",
    sql=(
        "comment <> ''",
        "note_count > 0",
        "open_task_count > 0",
        HAS_TICKET,
        "return_state",
        "address_warning",
    ),
    cell=_marks,
    rank=90,
    wide=True,
    built=True,
)
