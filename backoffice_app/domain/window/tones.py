"""Which tone and icon a state has, in one place for list and window. Never colour alone: icon and word."""

from datetime import date

from backoffice_app.domain.core.states import STATE_NAMES, PaymentState, ShippingState, Status
from backoffice_app.domain.window.views import BadgeView
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Document

STATUS_TONES = {
    Status.DRAFT: ("neutral", "circle"),
    Status.ON_HOLD: ("look", "pause"),
    Status.AWAITING_PAYMENT: ("info", "circle-dot"),
    Status.AWAITING_SHIPMENT: ("info", "circle-dot"),
    Status.COMPLETED: ("neutral", "archive"),
    Status.CANCELLED: ("ended", "ban"),
}
PAYMENT_TONES = {
    PaymentState.UNPAID: ("look", "clock"),
    PaymentState.AUTHORISED: ("info", "circle-dot"),
    PaymentState.PART_PAID: ("info", "circle-dot"),
    PaymentState.PAID: ("good", "check"),
    PaymentState.OVERPAID: ("act", "triangle-alert"),
    PaymentState.PART_REFUNDED: ("ended", "ban"),
    PaymentState.REFUNDED: ("ended", "ban"),
}
SHIPPING_TONES = {
    ShippingState.NOT_SHIPPED: ("look", "clock"),
    ShippingState.PART_SHIPPED: ("info", "circle-dot"),
    ShippingState.SHIPPED: ("good", "check"),
    ShippingState.NOT_NEEDED: ("neutral", "circle"),
}
SHIPMENT_TONES: dict[str, tuple[str, str, LazyText]] = {
    "open": ("look", "clock", _("To ship")),
    "shipped": ("good", "check", _("Shipped")),
    "cancelled": ("ended", "ban", _("Cancelled")),
}


def status_badge(status: Status, language: str) -> BadgeView:
    """The system status."""
    return BadgeView(*STATUS_TONES[status], STATE_NAMES[status].in_language(language))


def payment_badge(state: PaymentState, is_overdue: bool, language: str) -> BadgeView:
    """The payment state; what is overdue says so instead."""
    if is_overdue:
        return BadgeView("act", "triangle-alert", _("Overdue").in_language(language))
    return BadgeView(*PAYMENT_TONES[state], STATE_NAMES[state].in_language(language))


def shipping_badge(state: ShippingState, language: str) -> BadgeView:
    """The shipping state."""
    return BadgeView(*SHIPPING_TONES[state], STATE_NAMES[state].in_language(language))


def shipment_badge(state: str, language: str) -> BadgeView:
    """The state of one shipment."""
    tone, icon, name = SHIPMENT_TONES[state]
    return BadgeView(tone, icon, name.in_language(language))


def document_badge(document: Document, today: date, language: str) -> BadgeView:
    """Open, overdue, part paid or paid, from what is still open of the document."""
    if document.kind != "invoice":
        return BadgeView("neutral", "circle", _("Issued").in_language(language))
    if document.open_amount == 0:
        return BadgeView("good", "check", _("Paid").in_language(language))
    if document.due_on and document.due_on < today:
        return BadgeView("act", "triangle-alert", _("Overdue").in_language(language))
    if document.open_amount < document.total:
        return BadgeView("info", "circle-dot", _("Part paid").in_language(language))
    return BadgeView("look", "clock", _("Open").in_language(language))
