"""The core's own rows of the dashboard.

Counts are kept or read from an index, so they are there at a million orders too (P-5).
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import bindparam, text
from sqlmodel import Session

from backoffice_app.domain.core import clock
from backoffice_app.domain.core.dashboard import CAP, Reading, Waiting, dashboard_row
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.listing import OrderFilter
from backoffice_app.domain.listing.queries import number_matching
from backoffice_app.domain.listing.reader import Reader
from backoffice_app.domain.mail.queries import failed_and_unclear
from backoffice_app.domain.notes import unread_by
from backoffice_app.domain.order.position import second_of
from backoffice_app.domain.order.states import TO_SHIP, Status
from backoffice_app.domain.order.views import (
    DIFFERING,
    DRAFTS,
    INVOICE_WAITS,
    ON_HOLD,
    OVERDUE,
    OVERPAID,
    READY_TO_SHIP,
    TO_PAY,
    ListView,
)
from backoffice_app.domain.returns.queries import DUE, OPEN, count_of
from backoffice_app.domain.tasks.queries import due_today
from backoffice_app.domain.tickets.queries import unanswered
from backoffice_app.i18n import LazyText, _, ngettext

_OVERDUE = text(
    "SELECT count(*), min(due_on), sum(open_amount), min(currency), max(currency) FROM "
    "(SELECT due_on, open_amount, currency FROM orders WHERE due_on < :today ORDER BY due_on LIMIT :cap) AS overdue"
)
_OLDEST = text("SELECT min(position) FROM orders WHERE status IN :waiting").bindparams(
    bindparam("waiting", expanding=True)
)
_AGAIN = text(
    "SELECT count(*) FROM (SELECT hold_until FROM orders WHERE status = :held ORDER BY position LIMIT :cap) AS held "
    "WHERE hold_until <= :today"
)


def _address(view: ListView) -> str:
    return f"/orders?view={view.key}"


def _one(session: Session, statement: Any, values: Mapping[str, object]) -> Any:
    return session.connection().execute(statement, values).one()


def _since(day: date, today: date) -> LazyText:
    days = max((today - day).days, 0)
    return (
        ngettext("the oldest for {count} day", "the oldest for {count} days", days)
        if days
        else _("all of today")
    )


@dashboard_row(
    key="overdue",
    label=_("Overdue invoices"),
    group="now",
    rank=10,
    href=_address(OVERDUE),
    icon="triangle-alert",
    right=Right.PRICES,
    is_urgent=True,
)
def overdue(seen: Reading) -> Waiting:
    """What should have been paid by now; its sum where all of it is in the shop's currency."""
    if not seen.counts.get(OVERDUE.key):
        return Waiting(0)
    row = _one(seen.session, _OVERDUE, {"today": seen.today.isoformat(), "cap": CAP + 1})
    count, oldest, amount, *currencies = row
    is_whole = count <= CAP and set(currencies) == {seen.regional.currency}
    return Waiting(
        count, int(amount) if is_whole else None, _since(date.fromisoformat(str(oldest)[:10]), seen.today)
    )


@dashboard_row(
    key="to-refund",
    label=_("To refund"),
    group="now",
    rank=20,
    href=_address(OVERPAID),
    icon="undo-2",
    right=Right.PRICES,
    is_urgent=True,
)
def refunds(seen: Reading) -> Waiting:
    """Orders that were paid too much."""
    return Waiting(seen.counts.get(OVERPAID.key, 0))


@dashboard_row(
    key="withdrawals",
    label=_("Withdrawals whose refund is due"),
    group="now",
    rank=30,
    href=f"/returns?state={DUE}",
    icon="clock",
    is_urgent=True,
)
def withdrawals(seen: Reading) -> Waiting:
    """Those of which the 14 days are nearly over, or are over (RET-4)."""
    found = count_of(seen.session, DUE)
    return Waiting(found, note=_("14 days from the withdrawal") if found else None)


@dashboard_row(
    key="mails",
    label=_("Mails that failed or are unclear"),
    group="now",
    rank=40,
    href="/outbox?state=failed",
    icon="send",
    right=Right.MAIL,
    is_urgent=True,
)
def mails(seen: Reading) -> Waiting:
    """Those that a person has to look at (M-3); the list is of what failed, or of what is unclear where nothing did."""
    failed, unclear = failed_and_unclear(seen.session)
    return Waiting(failed + unclear, href="/outbox?state=unclear" if unclear and not failed else "")


@dashboard_row(
    key="to-ship", label=_("To ship"), group="today", rank=10, href=_address(READY_TO_SHIP), icon="truck"
)
def to_ship(seen: Reading) -> Waiting:
    """What can leave, and since when the oldest waits."""
    count = seen.counts.get(READY_TO_SHIP.key, 0)
    if not count:
        return Waiting(0)
    (position,) = _one(seen.session, _OLDEST, {"waiting": sorted(map(str, TO_SHIP))})
    if position is None:
        return Waiting(count)
    day = clock.day_of(datetime.fromtimestamp(second_of(position), UTC), seen.regional.zone)
    return Waiting(count, note=_since(day, seen.today))


@dashboard_row(
    key="to-invoice",
    label=_("To invoice"),
    group="today",
    rank=20,
    href=_address(INVOICE_WAITS),
    icon="receipt-text",
    right=Right.PRICES,
)
def to_invoice(seen: Reading) -> Waiting:
    """Invoices that the policy wants and that lack something (INV-1)."""
    count = seen.counts.get(INVOICE_WAITS.key, 0)
    return Waiting(count, note=_("something is missing, such as the tax case") if count else None)


@dashboard_row(
    key="returns",
    label=_("Returns to receive or settle"),
    group="today",
    rank=30,
    href=f"/returns?state={OPEN}",
    icon="package",
)
def returns(seen: Reading) -> Waiting:
    """All that are not closed."""
    return Waiting(count_of(seen.session, OPEN))


@dashboard_row(
    key="on-hold", label=_("On hold"), group="today", rank=40, href=_address(ON_HOLD), icon="pause"
)
def on_hold(seen: Reading) -> Waiting:
    """What waits for a person, and how many of these are to be looked at again today (W-13)."""
    count = seen.counts.get(ON_HOLD.key, 0)
    if not count:
        return Waiting(0)
    (again,) = _one(
        seen.session, _AGAIN, {"held": Status.ON_HOLD.value, "today": seen.today.isoformat(), "cap": CAP}
    )
    return Waiting(
        count,
        note=ngettext("{count} to be looked at today", "{count} to be looked at today", again)
        if again
        else None,
    )


@dashboard_row(
    key="differing",
    label=_("Sent differently"),
    group="today",
    rank=50,
    href=_address(DIFFERING),
    icon="git-compare",
)
def differing(seen: Reading) -> Waiting:
    """Orders that their shop sent differently later (API-1)."""
    return Waiting(seen.counts.get(DIFFERING.key, 0))


@dashboard_row(
    key="to-pay",
    label=_("To pay"),
    group="soon",
    rank=10,
    href=_address(TO_PAY),
    icon="banknote",
    right=Right.PRICES,
)
def to_pay(seen: Reading) -> Waiting:
    """What customers still owe."""
    return Waiting(seen.counts.get(TO_PAY.key, 0))


@dashboard_row(key="drafts", label=_("Drafts"), group="soon", rank=20, href=_address(DRAFTS), icon="pencil")
def drafts(seen: Reading) -> Waiting:
    """Orders that were begun and not placed (W-18)."""
    return Waiting(seen.counts.get(DRAFTS.key, 0))


@dashboard_row(
    key="tickets",
    label=_("Tickets to answer"),
    group="today",
    rank=5,
    href="/tickets?view=unanswered",
    icon="messages-square",
    right=Right.TICKETS,
)
def tickets(seen: Reading) -> Waiting:
    """Questions of customers that nobody has answered (T-6)."""
    return Waiting(unanswered(seen.session))


@dashboard_row(
    key="tasks",
    label=_("My tasks due today"),
    group="today",
    rank=60,
    href="/tasks?which=mine",
    icon="list-todo",
)
def tasks(seen: Reading) -> Waiting:
    """What this colleague has to do today, or had to do before (W-9)."""
    return Waiting(due_today(seen.session, seen.actor, seen.regional.zone))


@dashboard_row(
    key="notes",
    label=_("Notes for me"),
    group="today",
    rank=65,
    href="/orders?note_for=me",
    icon="sticky-note",
)
def notes(seen: Reading) -> Waiting:
    """What colleagues wrote to this one, which was not yet read (W-11)."""
    return Waiting(unread_by(seen.session, seen.actor))


@dashboard_row(
    key="addresses",
    label=_("Addresses to look at"),
    group="today",
    rank=70,
    href="/orders?address_warning=yes",
    icon="map-pin-off",
)
def addresses(seen: Reading) -> Waiting:
    """Orders whose address looks wrong (W-20)."""
    wanted = OrderFilter(address_warning="yes")
    return Waiting(number_matching(Reader(seen.session), wanted, seen.actor, seen.regional))
