"""`Notify customer` mails how an order stands; `Send reminder` asks for the money that is due, one level a day at most
(W-14).
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import ClassVar

from backoffice_app.domain.core import clock
from backoffice_app.domain.core.actions import SAID, Done, Input, NoInput, Undo, action
from backoffice_app.domain.core.document_kinds import asks_for_money
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.payment_methods import Collects
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shop import Shop
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.mail import undo_writing, write
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.states import invoices, open_amount
from backoffice_app.formats import format_day, format_money
from backoffice_app.i18n import LazyDay, LazyText, _
from backoffice_app.models import Document, Order, Shipment
from backoffice_app.settings import settings

LAST_LEVEL = 3
NO_ADDRESS = _("The customer has no e-mail address.")


@fact
class ReminderSent(Fact):
    """The customer was reminded to pay.

    `level`: from 1; `document`: the number of the invoice, "" where there isn't one.
    """

    about: ClassVar[About] = About.PAYMENT
    level: int
    document: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        if self.document:
            return _("{actor} sent reminder {level} of invoice {number}.").format(
                level=self.level, number=self.document
            )
        return _("{actor} sent payment reminder {level}.").format(level=self.level)


@fact
class ReminderTakenBack(Fact):
    """A reminder was held back before it left, so it does not count."""

    about: ClassVar[About] = About.PAYMENT
    level: int

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("{actor} took back reminder {level}.").format(level=self.level)


def why_not_notify(order: Order) -> LazyText | None:
    """W-14: whatever the state of an order is, it can be told."""
    return None if order.email else NO_ADDRESS


@action(
    subject=ORDER,
    key="notify",
    label=_("Notify customer"),
    right=Right.EDIT,
    why_not=why_not_notify,
    input=NoInput,
    asks="must",  # the dialog shows the mail first
    bulk=True,
)
def notify(w: Work, order: Order, data: NoInput) -> Done:  # noqa: ARG001
    """Mail the customer how the order stands (W-14). A second press within a version of the order writes nothing."""
    about = f"status-{order.version}"
    mail = write(
        w,
        mail_kinds.ORDER_STATUS,
        order,
        about=about,
        shipments=shipped(order),
        delay=settings().undo_seconds,
    )
    if mail is None:
        return Done(
            _(
                "No mail was written: the customer was told of this state already, or this mail is switched off."
            ),
            changed=False,
        )
    return Done(SAID, undo=Undo("hold-back-notice", {"about": about}))


class HeldBack(Input):
    """`about`: which mail, as it was written."""

    about: str


@action(
    subject=ORDER,
    key="hold-back-notice",
    label=_("Undo"),
    right=Right.EDIT,
    why_not=lambda _order: None,
    input=HeldBack,
    offered=False,
)
def hold_back_notice(w: Work, order: Order, data: HeldBack) -> Done:
    """The mail stays in the outbox while it still waits there (W-21)."""
    return undo_writing(w, order, mail_kinds.ORDER_STATUS, data.about)


def shipped(order: Order) -> list[Shipment]:
    """What has left of the order."""
    return [one for one in order.shipments if one.shipped_at and one.state == "shipped"]


def overdue(order: Order, today: date) -> Document | None:
    """The invoice that is due longest and not paid; None where there isn't one."""
    due = [
        (one.due_on, one.id or 0, one)
        for one in invoices(order)
        if one.open_amount > 0 and one.due_on and one.due_on < today
    ]
    return min(due, key=lambda found: found[:2])[2] if due else None


def next_level(order: Order, document: Document | None) -> int:
    """The level of the next reminder about this invoice, or about the order: after the last level it stays the last."""
    is_same = order.reminder_level and order.reminded_of == (document.number if document else "")
    return min(order.reminder_level + 1, LAST_LEVEL) if is_same else 1


def why_not_remind(order: Order) -> LazyText | None:
    """W-14: money must be open, and the customer is the one to send it."""
    if order.cancelled_at:
        return _("The order is cancelled.")
    if open_amount(order) == 0:
        return _("The order is paid.") if order.payments else _("Nothing is open.")
    if order.on_hold_since:
        return _("The order is on hold. Resume it first.")
    if order.payment_collects in {Collects.DEBIT.value, Collects.COURIER.value, Collects.COUNTER.value}:
        return _("The customer need not do anything: the money is collected from them.")
    if not order.email:
        return NO_ADDRESS
    return None


def why_not_yet(shop: Shop, order: Order) -> LazyText | None:
    """W-14: an invoice that is not due is not reminded of, and nobody twice on one day."""
    today = clock.today(shop.regional.zone)
    if order.reminded_on == today:
        return _("A reminder was sent today already.")
    found = overdue(order, today)
    open_ones = [
        one for one in order.documents if asks_for_money(one.kind) and one.open_amount > 0 and one.due_on
    ]
    if found is None and open_ones:
        return _("The invoice is due on {day}.").format(
            day=LazyDay(min(one.due_on for one in open_ones if one.due_on))
        )
    return None


@action(
    subject=ORDER,
    key="remind",
    label=_("Send reminder"),
    right=Right.INVOICE,
    why_not=why_not_remind,
    why_not_in=why_not_yet,
    input=NoInput,
    asks="must",  # the dialog shows the mail first
    bulk=True,
)
def remind(w: Work, order: Order, data: NoInput) -> Done:  # noqa: ARG001
    """Send the next reminder of the invoice that is due, or without an invoice a reminder to pay (W-14, INV-10)."""
    today = clock.today(w.shop.regional.zone)
    document = overdue(order, today)
    level = next_level(order, document)
    about = f"{document.number if document else 'order'}-level-{level}-{today.isoformat()}-{order.version}"
    mail = write(
        w,
        mail_kinds.REMINDER,
        order,
        about=about,
        documents=[document] if document else [],
        delay=settings().undo_seconds,
        more=reminder_of(w.shop, order, document, level),
    )
    if mail is None:
        raise Refused(_("No reminder was written: this mail is switched off."))
    order.reminder_level, order.reminded_on, order.reminded_of = (
        level,
        today,
        document.number if document else "",
    )
    w.record(order, ReminderSent(level=level, document=order.reminded_of))
    return Done(SAID, undo=Undo("take-back-reminder", {"about": about}))


def reminder_of(
    shop: Shop, order: Order, document: Document | None, level: int
) -> Callable[[str], Mapping[str, object]]:
    """Language -> what the reminder says besides: its level, the amount, since when it is due, and by when to pay."""
    amount = document.open_amount if document else open_amount(order)
    pay_by = clock.today(shop.regional.zone) + timedelta(days=shop.administration.reminder_days)

    def names(language: str) -> Mapping[str, object]:
        due = format_day(document.due_on, language) if document and document.due_on else ""
        money = format_money(amount, order.currency, language)
        return {
            "reminder": {
                "level": str(level),
                "amount": money,
                "due": due,
                "pay_by": format_day(pay_by, language),
            }
        }

    return names


@action(
    subject=ORDER,
    key="take-back-reminder",
    label=_("Undo"),
    right=Right.INVOICE,
    why_not=lambda _order: None,
    input=HeldBack,
    offered=False,
)
def take_back_reminder(w: Work, order: Order, data: HeldBack) -> Done:
    """The reminder stays in the outbox while it still waits there, and does not count (W-21)."""
    done = undo_writing(w, order, mail_kinds.REMINDER, data.about)
    level = order.reminder_level
    order.reminder_level, order.reminded_on = max(level - 1, 0), None
    w.record(order, ReminderTakenBack(level=level))
    return done
