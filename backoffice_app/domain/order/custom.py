"""A custom status takes itself off an order that is paid, shipped or cancelled, where it says so; else only a person
does (W-7).
"""

import json
from typing import ClassVar, NamedTuple

from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.languages import name_among
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.order.states import PaymentState, ShippingState, Status
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import CustomStatus, Order

PAID, SHIPPED, CANCELLED = "paid", "shipped", "cancelled"
CLEARS: dict[str, LazyText] = {
    PAID: _("The order is paid"),
    SHIPPED: _("Everything is shipped"),
    CANCELLED: _("The order is cancelled"),
}
"""What can take a status off, as a person chooses it."""
_CLEARED = {
    PAID: _("The status “{name}” was taken off, because the order is paid."),
    SHIPPED: _("The status “{name}” was taken off, because everything is shipped."),
    CANCELLED: _("The status “{name}” was taken off, because the order is cancelled."),
}


@fact
class StatusCleared(Fact):
    """A custom status took itself off. `name`: in the shop's language; `by`: "paid", "shipped" or "cancelled"."""

    about: ClassVar[About] = About.ORDER
    name: str
    by: str

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _CLEARED[self.by].format(name=self.name)


class Stand(NamedTuple):
    """What of an order's derived states takes a status off."""

    paid: bool
    shipped: bool
    cancelled: bool


def stand_of(order: Order) -> Stand:
    """As the order's stored states say it."""
    is_paid = order.payment_state in {PaymentState.PAID, PaymentState.OVERPAID}
    return Stand(is_paid, order.shipping_state == ShippingState.SHIPPED, order.status == Status.CANCELLED)


def clear_status(w: Work, order: Order, before: Stand) -> bool:
    """Takes the custom status off an order that came to be paid, shipped or cancelled since `before`; True
    if it did.
    """
    now = stand_of(order)
    came = [
        name
        for name, was, is_now in zip((PAID, SHIPPED, CANCELLED), before, now, strict=True)
        if is_now and not was
    ]
    if not came or order.custom_status_id is None:
        return False
    status = w.session.get(CustomStatus, order.custom_status_id)
    by = next((one for one in came if status is not None and one in status.clears_on.split()), "")
    if status is None or not by:
        return False
    name = name_among(json.loads(status.names or "{}"), w.shop.regional.language)
    order.custom_status_id = None
    w.record(order, StatusCleared(name=name, by=by))
    return True
