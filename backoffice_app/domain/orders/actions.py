"""What one may change on an order itself: its addresses, and whether it waits."""

from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from backoffice_app.domain.core.actions import Done, Input, NoInput, Undo, action
from backoffice_app.domain.core.document_kinds import asks_for_money
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.forms import Asked
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.pickup import is_pickup
from backoffice_app.domain.order.states import FINISHED, ShipmentState, left_to_ship
from backoffice_app.domain.orders.facts import AddressChanged, OrderHeld, OrderResumed
from backoffice_app.formats import locale
from backoffice_app.i18n import LazyMoment, LazyText, _, one_after_the_other
from backoffice_app.models import Order, OrderAddress

Kind = Literal["billing", "shipping"]
JUST_NOW = timedelta(minutes=2)
"""For so long the second one reads who was first."""
FIELDS = ("name", "company", "street", "addition", "postcode", "city", "region", "country")
NOBODY = _("A name or a company is needed.")


class EditAddress(Input):
    """The fields of the address as they shall be; what is left out stays.

    `country`: ISO 3166 alpha-2, or its name in English or German.
    """

    kind: Kind
    name: str | None = Field(default=None, max_length=200)
    company: str | None = Field(default=None, max_length=200)
    street: str | None = Field(default=None, max_length=200)
    addition: str | None = Field(default=None, max_length=200)
    postcode: str | None = Field(default=None, max_length=20)
    city: str | None = Field(default=None, max_length=200)
    region: str | None = Field(default=None, max_length=200)
    country: str | None = Field(default=None, max_length=100)

    @field_validator("company")
    @classmethod
    def _is_somebody(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value == info.data.get("name") == "":
            raise Invalid("name", NOBODY)
        return value

    @field_validator("country")
    @classmethod
    def _is_a_country(cls, value: str | None) -> str | None:
        if value is None:
            return None
        code = value.strip().upper()
        named = [
            known
            for lang in ("en", "de")
            for known, name in locale(lang).territories.items()
            if name.upper() == code
        ]
        code = next((known for known in named if len(known) == 2), code)
        if len(code) != 2 or code not in locale("en").territories:
            raise Invalid("country", _("“{value}” is no country code such as DE.").format(value=value))
        return code


def why_not_edit_address(order: Order) -> LazyText | None:
    """W-17: the addresses of a cancelled order stay."""
    return _("The order is cancelled.") if order.cancelled_at else None


def why_not_edit(order: Order, kind: Kind) -> LazyText | None:
    """W-17: as `why_not_edit_address`; and where everything went stays known.

    Nothing is shipped to a billing address.
    """
    if reason := why_not_edit_address(order):
        return reason
    is_gone = any(line.shipped for line in order.lines) and not any(
        left_to_ship(line) for line in order.lines
    )
    if kind != "shipping" or not is_gone:
        return None
    return (
        _("Everything has been picked up.")
        if is_pickup(order)
        else _("Everything has been shipped to this address.")
    )


def what_stays(order: Order, kind: Kind) -> list[LazyText]:
    """What a change of this address leaves as it is, for the dialog to say and for the answer (INV-3, W-17).

    `order` is loaded whole.
    """
    stays = []
    invoices = [one.number for one in order.documents if asks_for_money(one.kind) and not one.is_taken_back]
    if kind == "billing" and len(invoices) == 1:
        text = _(
            "The issued invoice {number} keeps the address it was issued with. If that is wrong, correct the invoice."
        )
        stays.append(text.format(number=invoices[0]))
    elif kind == "billing" and invoices:
        text = _(
            "The issued invoices {numbers} keep the address they were issued with. If that is wrong, correct "
            "the invoices."
        )
        stays.append(text.format(numbers=", ".join(invoices)))
    goes_there = kind == "shipping" or all(address.kind == "billing" for address in order.addresses)
    if goes_there and any(shipment.state == ShipmentState.SHIPPED for shipment in order.shipments):
        stays.append(
            _("What has left is not redirected. A packing slip printed from now on shows the new address.")
        )
    return stays


@action(
    subject=ORDER,
    key="edit-address",
    label=_("Edit"),
    right=Right.EDIT,
    why_not=why_not_edit_address,
    input=EditAddress,
    shortcut="e",
    overwrites=True,
    even_unready=True,
)
def edit_address(w: Work, order: Order, data: EditAddress) -> Done:
    """Change one address of the order; its own shipping address is made where it had none.

    Issued invoices keep theirs (W-1, INV-3).
    """
    if reason := why_not_edit(order, data.kind):
        raise Refused(reason)
    own = next((a for a in order.addresses if a.kind == data.kind), None)
    billing = next((a for a in order.addresses if a.kind == "billing"), None)
    address = own or OrderAddress(
        kind=data.kind, **(billing.model_dump(include=set(FIELDS)) if billing else {})
    )
    given = {field: value for field in FIELDS if (value := getattr(data, field)) is not None}
    if not given.get("name", address.name) and not given.get("company", address.company):
        raise Invalid("name", NOBODY)
    changed = [field for field, value in given.items() if getattr(address, field) != value]
    if not changed:
        return Done(_("Nothing was changed."), changed=False)
    stays = what_stays(order, data.kind)
    if own is None:
        order.addresses.append(address)
    old = ", ".join(getattr(address, field) or "–" for field in changed)
    new = ", ".join(given[field] or "–" for field in changed)
    for field in changed:
        setattr(address, field, given[field])
    w.record(order, AddressChanged(kind=data.kind, fields=" ".join(changed), old=old, new=new))
    return Done(one_after_the_other(_("Address saved."), *stays))


class Hold(Input):
    """`reason`: why the order waits, for colleagues; `until`: the day on which it is to be looked at again, which
    resumes nothing.
    """

    reason: Annotated[str, Asked(_("Reason"), _("For colleagues; the customer does not see it."))] = Field(
        default="", max_length=500
    )
    until: Annotated[date | None, Asked(_("Look at it again on"))] = None

    @field_validator("until", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return value or None


def why_not_hold(order: Order) -> LazyText | None:
    """W-13: only what is still to be done can wait."""
    if order.cancelled_at:
        return _("The order is cancelled.")
    if order.on_hold_since:
        return _("The order is on hold already.")
    if order.status in FINISHED:
        return _("The order is completed.")
    return None


def say_who_was_first(w: Work, order: Order) -> LazyText | None:
    """Of two who press at once, the second reads who was first, and when.

    Raises Refused with that; None where it was not just now.
    """
    if why_not_hold(order) is None or order.cancelled_at:
        return None
    at, name, said = max(
        _events(order), key=lambda event: event[0], default=(None, "", _("The order is completed."))
    )
    if at is None or not name or not timedelta(0) <= w.at - at <= JUST_NOW:
        return None
    raise Refused(said.format(name=name, time=LazyMoment(at, w.shop.regional.zone, w.at)))


def _events(order: Order) -> list[tuple[datetime, str, LazyText]]:
    """What put the order on hold, or may have completed it: when, who did it, and the sentence with {name}
    and {time}.
    """
    if order.on_hold_since:
        held = _("The order is on hold already: {name} put it on hold at {time}.")
        return [(order.on_hold_since, order.held_by, held)]
    shipped = _("The order is completed: {name} shipped it at {time}.")
    picked_up = _("The order is completed: {name} noted at {time} that it was picked up.")
    paid = _("The order is completed: {name} booked the payment at {time}.")
    gone = picked_up if is_pickup(order) else shipped
    left = [
        (shipment.shipped_at, shipment.shipped_by, gone)
        for shipment in order.shipments
        if shipment.shipped_at
    ]
    return left + [(payment.booked_at, payment.actor_name, paid) for payment in order.payments]


@action(
    subject=ORDER,
    key="hold",
    label=_("On hold", "button"),
    right=Right.EDIT,
    why_not=why_not_hold,
    already=say_who_was_first,
    input=Hold,
    asks="must",  # the reason may be left out, but is asked for
    shortcut="h",
    bulk=True,
)
def hold(w: Work, order: Order, data: Hold) -> Done:
    """Nothing ships and no invoice is made by policy until the order is resumed (W-13)."""
    if data.until is not None and data.until < w.today:
        raise Invalid("until", _("The day is in the past."))
    order.on_hold_since, order.hold_reason, order.held_by, order.hold_until = (
        w.at,
        data.reason,
        w.actor.name,
        data.until,
    )
    w.record(order, OrderHeld(reason=data.reason, until=data.until))
    return Done(_("The order is on hold."), undo=Undo("resume"))


def why_not_resume(order: Order) -> LazyText | None:
    """W-13."""
    return None if order.on_hold_since else _("The order is not on hold.")


@action(
    subject=ORDER,
    key="resume",
    label=_("Resume"),
    right=Right.EDIT,
    why_not=why_not_resume,
    input=NoInput,
    shortcut="h",
    bulk=True,
)
def resume(w: Work, order: Order, data: NoInput) -> Done:  # noqa: ARG001
    """The order goes on where it stood (W-13)."""
    order.on_hold_since, order.hold_reason, order.held_by, order.hold_until = None, "", "", None
    w.record(order, OrderResumed())
    return Done(_("The order is resumed."))
