"""Which tone and icon a state has, in one place for list and window: done is gray, open is dark, only exceptions have a
ground.

Tones: "good" is done, gray with a check; "neutral" waits for something else, gray; "info" is normal work, dark with a
dot; "look" and "act" are exceptions, on amber and on red; "ended" is over; "draft" is gray on gray; "silent" is said by
other states beside it, so that it is read out and not seen. Never colour alone: icon and word.
"""

from datetime import date, timedelta

from babel.dates import format_skeleton

from backoffice_app.domain.core.choice_lists import name_in
from backoffice_app.domain.core.document_kinds import asks_for_money
from backoffice_app.domain.custom_status.manage import tone_of
from backoffice_app.domain.order.states import (
    FINISHED,
    IN_PROGRESS,
    STATE_NAMES,
    PaymentState,
    ReturnStep,
    ShipmentState,
    ShippingState,
    Status,
)
from backoffice_app.domain.returns.rules import STEP_NAMES
from backoffice_app.domain.window.views import BadgeView
from backoffice_app.formats import locale
from backoffice_app.i18n import LazyText, _, ngettext
from backoffice_app.models import CustomStatus, Document

STATUS_TONES = {
    Status.DRAFT: ("draft", "circle"),
    Status.ON_HOLD: ("look", "pause"),
    Status.AWAITING_PAYMENT: ("silent", "circle"),
    Status.AWAITING_SHIPMENT: ("silent", "circle"),
    Status.AWAITING_PICKUP: ("silent", "circle"),
    Status.READY_FOR_PICKUP: ("info", "circle-dot"),
    Status.COMPLETED: ("silent", "circle"),
    Status.PICKED_UP: ("silent", "circle"),
    Status.CANCELLED: ("ended", "ban"),
}
"""What payment and shipping say already is silent."""
ALONE_TONES = {
    Status.AWAITING_PAYMENT: ("neutral", "circle"),
    Status.AWAITING_SHIPMENT: ("info", "circle-dot"),
    Status.AWAITING_PICKUP: ("neutral", "circle"),
    Status.COMPLETED: ("good", "check"),
    Status.PICKED_UP: ("good", "check"),
}
"""The same where neither stands beside it."""
PAYMENT_TONES = {
    PaymentState.UNPAID: ("info", "circle-dot"),
    PaymentState.AUTHORISED: ("info", "circle-dot"),
    PaymentState.PART_PAID: ("info", "circle-dot"),
    PaymentState.PAID: ("good", "check"),
    PaymentState.OVERPAID: ("look", "clock"),
    PaymentState.PART_REFUNDED: ("good", "check"),
    PaymentState.REFUNDED: ("good", "check"),
    PaymentState.CHARGED_BACK: ("act", "triangle-alert"),
}
SHIPPING_TONES = {
    ShippingState.NOT_SHIPPED: ("info", "circle-dot"),
    ShippingState.PART_SHIPPED: ("info", "circle-dot"),
    ShippingState.SHIPPED: ("good", "check"),
    ShippingState.NOT_NEEDED: ("neutral", "circle"),
}
SHIPMENT_TONES: dict[str, tuple[str, str, LazyText]] = {
    ShipmentState.OPEN: ("info", "circle-dot", _("To ship")),
    ShipmentState.SHIPPED: ("good", "check", _("Shipped")),
    ShipmentState.CANCELLED: ("ended", "ban", _("Cancelled")),
}


RETURN_TONES: dict[str, tuple[str, str]] = {
    ReturnStep.REQUESTED: ("info", "circle-dot"),
    ReturnStep.APPROVED: ("info", "circle-dot"),
    IN_PROGRESS: ("info", "circle-dot"),
    ReturnStep.RECEIVED: ("info", "circle-dot"),
    ReturnStep.COMPLETED: ("good", "check"),
    ReturnStep.REJECTED: ("ended", "ban"),
    ReturnStep.CANCELLED: ("ended", "ban"),
}
SOON = timedelta(days=3)
"""What is due within these days is an exception already."""


FETCHED_NAMES = {
    ShippingState.NOT_SHIPPED: _("To pick up"),
    ShippingState.PART_SHIPPED: _("Part picked up"),
    ShippingState.SHIPPED: _("Picked up"),
}
FETCHED_SHIPMENTS: dict[str, LazyText] = {
    ShipmentState.OPEN: _("To pick up"),
    ShipmentState.SHIPPED: _("Picked up"),
}
"""What goods are called that their customer fetches."""


WAITING = frozenset({Status.DRAFT, Status.ON_HOLD, Status.AWAITING_PAYMENT})
"""Nothing is shipped yet: something else comes first."""


def status_badge(status: Status, language: str) -> BadgeView:
    """The system status, beside payment and shipping."""
    return BadgeView(*STATUS_TONES[status], STATE_NAMES[status].in_language(language))


def lone_status_badge(status: Status, language: str) -> BadgeView:
    """The system status where neither payment nor shipping stands beside it: it is always seen."""
    tone = ALONE_TONES.get(status, STATUS_TONES[status])
    return BadgeView(*tone, STATE_NAMES[status].in_language(language))


def custom_badge(status: CustomStatus, language: str) -> BadgeView:
    """A custom status, which stands where the system status would (W-7)."""
    return BadgeView(tone_of(status.colour), "", name_in(status, language))


def payment_badge(
    state: PaymentState,
    language: str,
    *,
    due: date | None = None,
    today: date | None = None,
    status: Status | None = None,
) -> BadgeView:
    """The payment state; what is overdue or due soon says so instead, but for a charge-back, which is why it is open at
    all.

    `due`: the day until which what is open is to be paid, None where nothing is; `today`: in the shop's zone.
    `status`: of the order. A cancelled one waits for no money, and what was paid for it goes back; one that is finished
    unpaid was credited in full.
    """
    if status is Status.CANCELLED and state is PaymentState.OVERPAID:
        return BadgeView("act", "triangle-alert", _("To refund").in_language(language))
    if state in {PaymentState.UNPAID, PaymentState.AUTHORISED}:
        if status is Status.CANCELLED:
            return BadgeView("neutral", "circle", STATE_NAMES[state].in_language(language))
        if status in FINISHED:
            return BadgeView("neutral", "circle", _("Nothing open").in_language(language))
    if due is not None and today is not None and state is not PaymentState.CHARGED_BACK:
        if due < today:
            return BadgeView("act", "triangle-alert", overdue_for((today - due).days, language))
        if due <= today + SOON:
            day = format_skeleton("MMMd", due, locale=locale(language))
            return BadgeView("look", "clock", _("Due {day}").format(day=day).in_language(language))
    return BadgeView(*PAYMENT_TONES[state], STATE_NAMES[state].in_language(language))


def overdue_for(days: int, language: str) -> str:
    """Since how many days something is overdue, as short as a column of the list."""
    return ngettext("Overdue {count} day", "Overdue {count} days", days).in_language(language)


def shipping_badge(
    state: ShippingState, language: str, *, status: Status | None = None, is_fetched: bool = False
) -> BadgeView:
    """The shipping state; `is_fetched`: in the words of an order that its customer picks up.

    `status`: of the order. What may not be shipped now does not say "To ship": it waits for the money or is on hold.
    """
    if state is ShippingState.NOT_SHIPPED and status is Status.CANCELLED:
        return BadgeView("neutral", "circle", "–")
    if state is ShippingState.NOT_SHIPPED and status in WAITING:
        return BadgeView(
            "neutral",
            "circle",
            (_("Not picked up") if is_fetched else _("Not shipped")).in_language(language),
        )
    name = FETCHED_NAMES.get(state, STATE_NAMES[state]) if is_fetched else STATE_NAMES[state]
    return BadgeView(*SHIPPING_TONES[state], name.in_language(language))


def shipment_badge(
    state: str,
    language: str,
    *,
    is_fetched: bool = False,
    merged_into: str = "",
    status: Status | None = None,
) -> BadgeView:
    """The state of one shipment. `merged_into`: the number of the one that took all of it, if one did.

    `status`: of the order. An open shipment waits as its order does: it does not say "To ship" before it may leave.
    """
    if state == ShipmentState.OPEN and status in WAITING:
        return shipping_badge(ShippingState.NOT_SHIPPED, language, status=status, is_fetched=is_fetched)
    tone, icon, name = SHIPMENT_TONES[state]
    if merged_into:
        name = _("Merged into {number}").format(number=merged_into)
    elif is_fetched and state in FETCHED_SHIPMENTS:
        name = FETCHED_SHIPMENTS[state]
    return BadgeView(tone, icon, name.in_language(language))


def return_badge(step: str, language: str) -> BadgeView:
    """Where a return is, as `step_of` says it."""
    return BadgeView(*RETURN_TONES[step], STEP_NAMES[step].in_language(language))


def document_badge(
    document: Document,
    today: date,
    language: str,
    *,
    is_cancelled: bool = False,
    is_refunded: bool = False,
    credited: int = 0,
) -> BadgeView:
    """Open, overdue, part paid or paid, from what is still open of the document; a credit note is to refund, refunded
    or settled.

    `credited`: how much of an invoice credit notes took back, in minor units.
    `is_cancelled`: an invoice that was taken back; `is_refunded`: a credit note that money went back for.
    """
    if is_cancelled:
        return BadgeView("ended", "ban", _("Cancelled").in_language(language))
    if not asks_for_money(document.kind):
        return _credit_badge(document, language, is_refunded=is_refunded)
    if document.open_amount == 0:
        word = _("Credited") if credited and credited == document.total else _("Paid")
        return BadgeView("good", "check", word.in_language(language))
    if document.due_on and document.due_on < today:
        return BadgeView("act", "triangle-alert", overdue_for((today - document.due_on).days, language))
    if document.open_amount < document.total - credited:
        return BadgeView("info", "circle-dot", _("Part paid").in_language(language))
    return BadgeView("info", "circle-dot", _("Open").in_language(language))


def _credit_badge(document: Document, language: str, *, is_refunded: bool) -> BadgeView:
    if document.open_amount:
        return BadgeView("act", "triangle-alert", _("To refund").in_language(language))
    return BadgeView("good", "check", (_("Refunded") if is_refunded else _("Settled")).in_language(language))
