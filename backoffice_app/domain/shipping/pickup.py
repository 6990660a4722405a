"""Orders that their customer fetches: `Ready for pick-up` and `Picked up`, in place of `Shipped` (W-5)."""

from dataclasses import replace
from typing import Annotated

from backoffice_app.domain.core.actions import Done, Input, NoInput, Undo, action
from backoffice_app.domain.core.forms import Asked
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail import (
    hold_all_back,
    hold_back_about,
    lock_mails_about,
    why_not_hold_back,
    write,
)
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.pickup import is_pickup
from backoffice_app.domain.orders.place import prepare_shipment
from backoffice_app.domain.shipping.actions import shipped_by
from backoffice_app.domain.shipping.facts import NotReadyForPickup, ReadyForPickup
from backoffice_app.domain.shipping.leaving import ask_for_money, send_off, undo_of, why_not_unasked
from backoffice_app.domain.shipping.rules import open_shipments, why_not_leave
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order
from backoffice_app.settings import settings

NOT_FETCHED = _("The customer does not pick this order up: it is shipped.")


def why_not_ready(order: Order) -> LazyText | None:
    """W-5: what is there, and not on hold, can be fetched."""
    if not is_pickup(order):
        return NOT_FETCHED
    if reason := why_not_leave(order):
        return reason
    return _("The order is ready for pick-up already.") if order.pickup_ready_at else None


class Ready(Input):
    """`mail`: whether the customer is told."""

    mail: Annotated[bool, Asked(_("Notify customer"))] = True


@action(
    subject=ORDER,
    key="ready-for-pickup",
    label=_("Ready for pick-up"),
    right=Right.SHIP,
    why_not=why_not_ready,
    input=Ready,
    shortcut="s",
    bulk=True,
)
def ready_for_pickup(w: Work, order: Order, data: Ready) -> Done:
    """The goods lie at the counter, and the customer is told that they can come (W-5)."""
    prepare_shipment(w, order)
    order.pickup_ready_at = w.at
    w.record(order, ReadyForPickup())
    about = f"pickup-{order.version}"
    if data.mail:
        ready = open_shipments(order)
        write(
            w, mail_kinds.READY_FOR_PICKUP, order, about=about, shipments=ready, delay=settings().undo_seconds
        )
    return Done(_("The order is ready for pick-up."), undo=Undo("not-ready"))


def why_not_take_back_ready(order: Order) -> LazyText | None:
    """W-5, W-21: as long as nobody has fetched it."""
    if not order.pickup_ready_at:
        return _("The order is not marked as ready for pick-up.")
    return why_not_leave(order)


@action(
    subject=ORDER,
    key="not-ready",
    label=_("Not ready"),
    right=Right.SHIP,
    why_not=why_not_take_back_ready,
    input=NoInput,
)
def not_ready(w: Work, order: Order, data: NoInput) -> Done:  # noqa: ARG001
    """The order is not ready after all; its mail is held back while it still waits (W-21)."""
    order.pickup_ready_at = None
    w.record(order, NotReadyForPickup())
    if not hold_back_about(w, order, mail_kinds.READY_FOR_PICKUP, "pickup-"):
        w.say(_("The customer has a mail that says it is ready."))
    return Done(_("The order is not ready for pick-up."))


def why_not_picked_up(order: Order) -> LazyText | None:
    """W-5: it need not have been said that it is ready; the customer may stand at the counter."""
    return why_not_leave(order) if is_pickup(order) else NOT_FETCHED


def picked_up_already(w: Work, order: Order) -> LazyText | None:
    """Pressed by two at once, one of them reads who was first."""
    return (
        shipped_by(w, order, _("Picked up already, noted by {name} at {time}.")) if is_pickup(order) else None
    )


@action(
    subject=ORDER,
    key="picked-up",
    label=_("Picked up"),
    right=Right.SHIP,
    why_not=why_not_picked_up,
    already=picked_up_already,
    input=NoInput,
    bulk=True,
    why_not_unasked=why_not_unasked,
)
def picked_up(w: Work, order: Order, data: NoInput) -> Done:  # noqa: ARG001
    """The customer has taken all that was left; they know it, so no mail tells it, and one that says it is ready is
    held back (W-5).
    """
    ask_for_money(w, order)
    prepare_shipment(w, order)
    leaving = open_shipments(order)
    undo = undo_of(leaving)
    send_off(w, order, leaving)
    ready_mail = _hold_ready_mail_back(w, order)
    return Done(
        _("The order was picked up."), undo=replace(undo, values={**undo.values, "ready_mail": ready_mail})
    )


def _hold_ready_mail_back(w: Work, order: Order) -> str:
    """The mail that says that the goods are ready stays here if it still waits.

    Returns what it is about; "" if none waited.
    """
    found = lock_mails_about(w, order, mail_kinds.READY_FOR_PICKUP)
    waiting = [(about, mail) for about, mail in found if why_not_hold_back(mail.state) is None]
    if not waiting:
        return ""
    hold_all_back(w, [mail for _about, mail in waiting])
    w.say(_("The mail that it is ready for pick-up is held back."))
    return waiting[-1][0]
