"""Rows of the list as texts ready to show: patterns are made once, so fifty rows cost less than a millisecond (P-1)."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_time

from backoffice_app.domain.core.money import digits
from backoffice_app.domain.core.position import second_of
from backoffice_app.domain.core.states import STATE_NAMES, PaymentState, ReturnState, ShippingState, Status
from backoffice_app.domain.listing.reader import Reader
from backoffice_app.domain.listing.search import among, as_list
from backoffice_app.domain.window.tones import payment_badge, shipping_badge, status_badge
from backoffice_app.i18n import _, format_day, format_money, locale

COLUMNS = (
    "position, number, customer_name, company, total, currency, status, payment_state, shipping_state, return_state, source, "
    "comment <> '', due_on, custom_status_id"
)
NUMBER, DATE, CUSTOMER, COMPANY, TOTAL, STATUS, PAYMENT, SHIPPING, SOURCE, MARKS = 0, 1, 2, 3, 4, 5, 8, 11, 14, 15
"""Where the cells of a row stand; status, payment and shipping are three each: tone, icon, word. All are texts."""
Badge = tuple[str, str, str]


@dataclass(frozen=True)
class Look:
    """For whom rows are made: language, the shop's zone and day, and whether amounts and payments may be seen (SEC-4)."""

    language: str
    zone: str
    today: str
    sees_money: bool


def read_rows(reader: Reader, positions: Sequence[int], look: Look) -> list[list[str]]:
    """The rows of the orders at these positions, in this order."""
    if not positions:
        return []
    statement = f"SELECT {COLUMNS} FROM orders WHERE {among(reader, 'position')}"  # noqa: S608
    found = {row[0]: row for row in reader.rows(statement, {"positions": as_list(reader, positions)})}
    return show_rows(reader, [found[position] for position in positions if position in found], look)


def positions_of(reader: Reader, numbers: Sequence[str]) -> list[int]:
    """Where the orders of these numbers stand, in the order of the numbers."""
    if not numbers:
        return []
    names = {f"n{i}": number for i, number in enumerate(numbers)}
    statement = f"SELECT number, position FROM orders WHERE number IN ({', '.join(':' + name for name in names)})"  # noqa: S608
    found = dict(reader.rows(statement, dict(names)))
    return [found[number] for number in numbers if number in found]


def show_rows(reader: Reader, rows: Sequence[tuple[Any, ...]], look: Look) -> list[list[str]]:
    """Rows of `COLUMNS` as texts."""
    language = look.language
    day, minute, zone = _day_text, _minute_text, _zone(look.zone)
    own = _custom_statuses(reader, language) if any(row[13] for row in rows) else {}
    shown = []
    for position, number, name, company, total, currency, status, payment, shipping, returns, source, comment, due, custom in rows:
        local = datetime.fromtimestamp(second_of(position), UTC).astimezone(zone)
        overdue = due is not None and str(due) < look.today
        cells = [
            number,
            day(local.date(), language) + ", " + minute(local.hour * 60 + local.minute, language),
            name or company,
            company if name else "",
            money_texts(currency, language)(total) if look.sees_money else "",
            *(own.get(custom) or _status(status, language)),
            *(_payment(payment, overdue, status == Status.CANCELLED, language) if look.sees_money else ("", "", "")),
            *_shipping(shipping, language),
            source,
            _marks(bool(comment), returns, language),
        ]
        shown.append(cells)
    return shown


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=4096)
def _day_text(day: date, language: str) -> str:
    return format_day(day, language)


@lru_cache(maxsize=4096)
def _minute_text(minute: int, language: str) -> str:
    return format_time(time(minute // 60, minute % 60), format="short", locale=locale(language))


@cache
def _status(status: str, language: str) -> Badge:
    badge = status_badge(Status(status), language)
    return badge.tone, badge.icon, badge.label


@cache
def _payment(state: str, is_overdue: bool, is_cancelled: bool, language: str) -> Badge:
    badge = payment_badge(PaymentState(state), is_overdue, language)
    if is_cancelled and state in {PaymentState.UNPAID, PaymentState.AUTHORISED}:  # nobody waits for it any more
        return "neutral", "circle", badge.label
    return badge.tone, badge.icon, badge.label


@cache
def _shipping(state: str, language: str) -> Badge:
    badge = shipping_badge(ShippingState(state), language)
    return badge.tone, badge.icon, badge.label


@cache
def _marks(has_comment: bool, returns: str, language: str) -> str:
    marks = [_("Comment").in_language(language)] if has_comment else []
    if returns != ReturnState.NONE:
        marks.append(STATE_NAMES[ReturnState(returns)].in_language(language))
    return ", ".join(marks)


def _custom_statuses(reader: Reader, language: str) -> dict[int, Badge]:
    """The shop's own statuses; one stands where the system status would (W-7)."""
    found = {}
    for id_, names, colour in reader.rows("SELECT id, names, colour FROM custom_status", {}):
        by_language = json.loads(names)
        found[id_] = ("hue-" + colour, "", by_language.get(language) or by_language.get("en") or next(iter(by_language.values()), ""))
    return found


@cache
def money_texts(currency: str, language: str) -> Callable[[int], str]:
    """Writes minor units as `format_money` does, from a pattern taken from it once; where they would differ it is `format_money` itself."""

    def by_babel(amount: int) -> str:
        return format_money(amount, currency, language)

    fast = _pattern(currency, language)
    samples = (0, 1, 99, 100, 12345, 100_000, 123_456_789, -1, -12345, -123_456_789)
    return fast if all(fast(sample) == by_babel(sample) for sample in samples) else by_babel


def _pattern(currency: str, language: str) -> Callable[[int], str]:
    places = digits(currency)
    unit = 10**places
    sample, negative = format_money(1234567 * unit, currency, language), format_money(-1234567 * unit, currency, language)
    first, last = sample.index("1"), max(i for i, c in enumerate(sample) if c.isdigit())
    before, after = sample[:first], sample[last + 1 :]
    before_negative, after_negative = negative[: negative.index("1")], negative[max(i for i, c in enumerate(negative) if c.isdigit()) + 1 :]
    group, point = sample[first + 1], sample[last - places] if places else ""

    def text(amount: int) -> str:
        whole, rest = divmod(abs(amount), unit)
        number = f"{whole:,}".replace(",", group) + (f"{point}{rest:0{places}d}" if places else "")
        return f"{before_negative}{number}{after_negative}" if amount < 0 else f"{before}{number}{after}"

    return text
