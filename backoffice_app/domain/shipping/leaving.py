"""Shipments leave the house, and are taken back: quantities, facts, and the one mail that tells of it (W-5, W-21)."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from backoffice_app.domain.core.actions import Undo
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.mail import MailKind, hold_all_back, lock_mails_about, write
from backoffice_app.domain.shipping.facts import OrderShipped, ShippingUndone, TrackingChanged, by_unit
from backoffice_app.i18n import _
from backoffice_app.models import Order, Parcel, Shipment
from backoffice_app.settings import settings

UNDO_WITHIN = timedelta(minutes=10)
"""Longer than any notice offers `Undo`; what left before, or came in as shipped, stays shipped."""
ABOUT = re.compile(r"shipment-(\d+(?:\+\d+)*)-")
"""What a mail about shipments begins with in its business key: their ids."""


def _on_one_line(number: str) -> str:
    return "".join(letter for letter in " ".join(number.split()) if letter.isprintable() or letter == "\0")  # Input refuses NUL by name


TrackingNumber = Annotated[str, Field(max_length=100), AfterValidator(_on_one_line)]
"""As it can be read off a label: one line and no control characters, since it stands in a mail to the customer."""


def numbers_of(shipment: Shipment) -> list[str]:
    """The tracking numbers of its parcels."""
    return [parcel.tracking_number for parcel in shipment.parcels]


def undo_of(shipments: Sequence[Shipment]) -> Undo:
    """What puts these shipments back as they are now; made before they leave (W-21)."""
    return Undo("undo-ship", {"shipments": [s.number for s in shipments], "before": {s.number: numbers_of(s) for s in shipments}})


def send_off(w: Work, order: Order, shipments: Sequence[Shipment], tracking: str = "", carrier: str = "") -> None:
    """These open shipments leave together: a fact for each, and one mail that tells of all that left (W-5).

    `tracking` is the parcel of whatever has no number yet: each shipment without one gets it. Where each has its own, it is one
    more parcel of the first, unless one of them bears it already. `carrier`: the shipment's own if empty.
    """
    _label(shipments, tracking, carrier)
    for shipment in shipments:
        for packed in shipment.lines:
            packed.line.shipped += packed.quantity
        shipment.state, shipment.shipped_at, shipment.shipped_by = "shipped", w.at, w.actor.name
    w.session.flush()
    for shipment in shipments:
        quantities = by_unit((packed.line.unit, packed.quantity) for packed in shipment.lines)
        w.record(order, OrderShipped(shipment=shipment.number, quantities=quantities, tracking=", ".join(numbers_of(shipment))))
    kind = MailKind.TRACKING if any(shipment.parcels for shipment in shipments) else MailKind.SHIPPED
    about = f"shipment-{'+'.join(str(shipment.id) for shipment in shipments)}-{order.version}"
    write(w, kind, order, about=about, shipments=shipments, delay=settings().undo_seconds)


def take_back(w: Work, order: Order, shipments: Sequence[Shipment], before: Mapping[str, Sequence[str]]) -> None:
    """These shipments are open again, with the tracking numbers they had `before`, and their mail is held back (W-21).

    Raises Refused for what left a while ago, for what was told in a mail that is on its way, and for a part of what one mail tells of.
    """
    if any(shipment.shipped_at is None or w.at - shipment.shipped_at > UNDO_WITHIN for shipment in shipments):
        raise Refused(_("This was shipped a while ago, so shipping can't be undone any more."))
    _hold_mails_back(w, order, shipments)
    for shipment in shipments:
        for packed in shipment.lines:
            packed.line.shipped -= packed.quantity
        shipment.state, shipment.shipped_at, shipment.shipped_by = "open", None, ""
        w.record(order, ShippingUndone(shipment=shipment.number))
        relabel(w, order, shipment, before.get(shipment.number, numbers_of(shipment)))


def relabel(w: Work, order: Order, shipment: Shipment, numbers: Sequence[str]) -> bool:
    """The parcels of a shipment are those of `numbers`; False if they were so already."""
    old = numbers_of(shipment)
    if old == list(numbers):
        return False
    kept = {parcel.tracking_number: parcel for parcel in shipment.parcels}
    shipment.parcels = [kept.get(number) or Parcel(tracking_number=number, carrier=shipment.carrier) for number in numbers]
    w.session.flush()
    w.record(order, TrackingChanged(shipment=shipment.number, old=", ".join(old), new=", ".join(numbers)))
    return True


def _label(shipments: Sequence[Shipment], tracking: str, carrier: str) -> None:
    if not tracking:
        return
    bare = [shipment for shipment in shipments if not shipment.parcels]
    is_known = any(tracking in numbers_of(shipment) for shipment in shipments)
    for shipment in bare or ([] if is_known else shipments[:1]):
        shipment.parcels.append(Parcel(tracking_number=tracking, carrier=carrier or shipment.carrier))


def _hold_mails_back(w: Work, order: Order, shipments: Sequence[Shipment]) -> None:
    """No mail tells of these shipments any more; one that tells of others too would leave them untold, so they come back together."""
    taken, gone = {s.id for s in shipments}, {s.id: s.number for s in order.shipments if s.state == "shipped"}
    found = ((_told_in(about), mail) for about, mail in lock_mails_about(w, order, MailKind.TRACKING, MailKind.SHIPPED))
    telling = [(told, mail) for told, mail in found if told & taken]
    for told, _mail in telling:
        if (told & gone.keys()) - taken:
            together = ", ".join(number for id_, number in gone.items() if id_ in told)
            raise Refused(
                _("The shipments {numbers} left with one click and one mail: they can only be taken back together.").format(
                    numbers=together
                )
            )
    if not hold_all_back(w, [mail for _told, mail in telling]):
        raise Refused(_("The mail to the customer is on its way, so shipping can't be undone any more."))


def _told_in(about: str) -> set[int | None]:
    """The ids of the shipments a mail tells of."""
    ids = ABOUT.match(about)
    return {int(id_) for id_ in ids[1].split("+")} if ids else set()
