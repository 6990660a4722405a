"""Shipments leave the house, and are taken back: quantities, facts, and the one mail that tells of it (W-5, W-21)."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from backoffice_app.domain.core.actions import Undo
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail import hold_all_back, lock_mails_about, why_not_hold_back, write
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.order.paying import waits_for_money
from backoffice_app.domain.order.pickup import is_pickup
from backoffice_app.domain.order.states import ShipmentState, left_to_ship, open_amount
from backoffice_app.domain.shipping.facts import (
    OrderPickedUp,
    OrderShipped,
    ShippingUndone,
    TrackingChanged,
    by_unit,
)
from backoffice_app.i18n import LazyMoney, LazyText, _
from backoffice_app.models import Order, Parcel, Shipment
from backoffice_app.settings import settings

UNDO_WITHIN = timedelta(minutes=10)
"""Longer than any notice offers `Undo`; what left before, or came in as shipped, stays shipped."""
ABOUT = re.compile(r"shipment-(\d+(?:\+\d+)*)-")
"""What a mail about shipments begins with in its business key: their ids."""


LONGEST = 100
"""Characters of one tracking number."""


def as_scanned(number: str) -> str:
    """A tracking number as a scanner reads it: without the blanks between the groups of a label, and without control
    characters, since it stands in a mail to the customer.
    """
    # Input refuses NUL by name.
    return "".join(
        letter for letter in number if letter == "\0" or (letter.isprintable() and not letter.isspace())
    )


def numbers_in(text: str) -> list[str]:
    """The tracking numbers of a field that holds several, parted by commas."""
    return [number for part in text.split(",") if (number := as_scanned(part))]


def _each_as_scanned(text: str) -> str:
    numbers = numbers_in(text)
    if any(len(number) > LONGEST for number in numbers):
        raise Invalid("", _("Has more than {longest} characters.").format(longest=LONGEST))
    return ", ".join(numbers)


TrackingNumber = Annotated[str, Field(max_length=LONGEST), AfterValidator(as_scanned)]
"""Of one parcel."""
TrackingNumbers = Annotated[str, Field(max_length=10 * LONGEST), AfterValidator(_each_as_scanned)]
"""Of all parcels of a shipment, parted by commas: as one types them, and as the window shows them."""


def numbers_of(shipment: Shipment) -> list[str]:
    """The tracking numbers of its parcels."""
    return [parcel.tracking_number for parcel in shipment.parcels]


def undo_of(shipments: Sequence[Shipment]) -> Undo:
    """What puts these shipments back as they are now; made before they leave (W-21)."""
    return Undo(
        "undo-ship",
        {"shipments": [s.number for s in shipments], "before": {s.number: numbers_of(s) for s in shipments}},
    )


def why_not_unasked(order: Order) -> LazyText | None:
    """Why a run over many orders leaves this one out: `ask_for_money` would ask."""
    if not waits_for_money(order) or not any(map(left_to_ship, order.lines)):
        return None
    if is_pickup(order):
        return _("The order is not paid. Press “Picked up” in the order itself: there you are asked first.")
    return _("The order is not paid. Press “Shipped” in the order itself: there you are asked first.")


def ask_for_money(w: Work, order: Order) -> None:
    """Asks a person first who ships what the customer was to pay before it leaves. Payment never forbids it (W-5)."""
    if not waits_for_money(order):
        return
    still_open = open_amount(order)
    if is_pickup(order):
        with_amount = _("The order is not paid: {open} are open. Hand it over all the same?")
        without = _("The order is not paid. Hand it over all the same?")
    else:
        with_amount = _("The order is not paid: {open} are open. Ship it all the same?")
        without = _("The order is not paid. Ship it all the same?")
    sees = w.actor.may(Right.PRICES)
    w.ask(
        f"unpaid-{still_open}",
        with_amount.format(open=LazyMoney(still_open, order.currency)) if sees else without,
    )


def send_off(
    w: Work,
    order: Order,
    shipments: Sequence[Shipment],
    tracking: str = "",
    carrier: str = "",
    *,
    mail: bool = True,
) -> None:
    """These open shipments leave together: a fact for each, and one mail that tells of all that left, unless it is left
    out (W-5).

    `tracking` is the parcel of whatever has no number yet: each shipment without one gets it. Where each has its own,
    it is one more parcel of the first, unless one of them bears it already. `carrier`: the shipment's own if empty.
    """
    label(shipments, tracking, carrier)
    for shipment in shipments:
        for packed in shipment.lines:
            packed.line.shipped += packed.quantity
        shipment.state, shipment.shipped_at, shipment.shipped_by = (
            ShipmentState.SHIPPED.value,
            w.at,
            w.actor.name,
        )
    w.session.flush()
    fetched = is_pickup(order)
    for shipment in shipments:
        quantities = by_unit((packed.line.unit, packed.quantity) for packed in shipment.lines)
        shipped = OrderShipped(
            shipment=shipment.number, quantities=quantities, tracking=", ".join(numbers_of(shipment))
        )
        w.made("shipments", shipment.number)
        w.record(
            order, OrderPickedUp(shipment=shipment.number, quantities=quantities) if fetched else shipped
        )
    if fetched or not mail:
        return  # who fetched it knows it
    kind = mail_kinds.TRACKING if any(shipment.parcels for shipment in shipments) else mail_kinds.SHIPPED
    about = f"shipment-{'+'.join(str(shipment.id) for shipment in shipments)}-{order.version}"
    write(w, kind, order, about=about, shipments=shipments, delay=settings().undo_seconds)


def take_back(
    w: Work, order: Order, shipments: Sequence[Shipment], before: Mapping[str, Sequence[str]]
) -> None:
    """These shipments are open again, with the tracking numbers they had `before`, and their mail is held back (W-21).

    Raises Refused for what left a while ago, for what was told in a mail that is on its way, and for a part of what one
    mail tells of.
    """
    if any(shipment.shipped_at is None or w.at - shipment.shipped_at > UNDO_WITHIN for shipment in shipments):
        raise Refused(_("This was shipped a while ago, so shipping can't be undone any more."))
    if not _hold_mails_back(w, order, shipments):
        raise Refused(_("The mail to the customer is on its way, so shipping can't be undone any more."))
    for shipment in shipments:
        _open_again(w, order, shipment)
        relabel(w, order, shipment, before.get(shipment.number, numbers_of(shipment)))


def take_back_later(w: Work, order: Order, shipment: Shipment) -> None:
    """A shipment that was marked as shipped by mistake is open again, whenever that is noticed; it keeps its tracking
    numbers (W-5).

    A mail that still waits is held back; where the customer has one, the actor is told. Raises Refused where a mail
    that waits tells of other shipments too.
    """
    if not _hold_mails_back(w, order, [shipment]):
        w.say(_("The customer has a mail that says it was shipped."))
    _open_again(w, order, shipment)


def _open_again(w: Work, order: Order, shipment: Shipment) -> None:
    for packed in shipment.lines:
        packed.line.shipped -= packed.quantity
    shipment.state, shipment.shipped_at, shipment.shipped_by = ShipmentState.OPEN.value, None, ""
    w.made("shipments", shipment.number)
    w.record(order, ShippingUndone(shipment=shipment.number))


def relabel(w: Work, order: Order, shipment: Shipment, numbers: Sequence[str]) -> bool:
    """The parcels of a shipment are those of `numbers`; False if they were so already."""
    old = numbers_of(shipment)
    if old == list(numbers):
        return False
    kept = {parcel.tracking_number: parcel for parcel in shipment.parcels}
    shipment.parcels = [
        kept.get(number) or Parcel(tracking_number=number, carrier=shipment.carrier) for number in numbers
    ]
    w.session.flush()
    w.made("shipments", shipment.number)
    w.record(order, TrackingChanged(shipment=shipment.number, old=", ".join(old), new=", ".join(numbers)))
    return True


def label(shipments: Sequence[Shipment], tracking: str, carrier: str) -> None:
    """`tracking` is the parcel of whatever has no number yet, else one more parcel of the first of these shipments; ""
    labels nothing. Of several numbers each further one is one more parcel.
    """
    for number in numbers_in(tracking):
        bare = [shipment for shipment in shipments if not shipment.parcels]
        is_known = any(number in numbers_of(shipment) for shipment in shipments)
        for shipment in bare or ([] if is_known else shipments[:1]):
            shipment.parcels.append(Parcel(tracking_number=number, carrier=carrier or shipment.carrier))


def _hold_mails_back(w: Work, order: Order, shipments: Sequence[Shipment]) -> bool:
    """No mail that still waits tells of these shipments any more.

    False where one is on its way or was sent; then none is held back.

    Raises Refused for a mail that waits and tells of others too: they would be left untold, so they come back together.
    """
    taken, gone = (
        {s.id for s in shipments},
        {s.id: s.number for s in order.shipments if s.state == ShipmentState.SHIPPED},
    )
    found = (
        (_told_in(about), mail)
        for about, mail in lock_mails_about(w, order, mail_kinds.TRACKING, mail_kinds.SHIPPED)
    )
    telling = [(told, mail) for told, mail in found if told & taken]
    if any(why_not_hold_back(mail.state) for _told, mail in telling):
        return False
    for told, _mail in telling:
        if (told & gone.keys()) - taken:
            together = ", ".join(number for id_, number in gone.items() if id_ in told)
            raise Refused(
                _(
                    "The shipments {numbers} left with one click and one mail: they can only be taken back together."
                ).format(numbers=together)
            )
    return hold_all_back(w, [mail for _told, mail in telling])


def _told_in(about: str) -> set[int | None]:
    """The ids of the shipments a mail tells of."""
    ids = ABOUT.match(about)
    return {int(id_) for id_ in ids[1].split("+")} if ids else set()
