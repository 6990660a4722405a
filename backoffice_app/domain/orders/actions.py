"""What one may change on an order itself: its addresses, and whether it waits."""

from typing import Literal

from pydantic import Field, field_validator

from backoffice_app.domain.core.actions import Done, Input, NoInput, Undo, action
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.states import Status, left_to_ship
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.orders.facts import AddressChanged, OrderHeld, OrderResumed
from backoffice_app.i18n import LazyText, _, locale, one_after_the_other
from backoffice_app.models import Order, OrderAddress

Kind = Literal["billing", "shipping"]
FIELDS = ("name", "company", "street", "addition", "postcode", "city", "region", "country")


class EditAddress(Input):
    """The whole address as it shall be; `country`: ISO 3166 alpha-2, or the country's name in English or German."""

    kind: Kind
    name: str = Field(default="", max_length=200)
    company: str = Field(default="", max_length=200)
    street: str = Field(default="", max_length=200)
    addition: str = Field(default="", max_length=200)
    postcode: str = Field(default="", max_length=20)
    city: str = Field(default="", max_length=200)
    region: str = Field(default="", max_length=200)
    country: str = Field(default="", max_length=100)

    @field_validator("country")
    @classmethod
    def _is_a_country(cls, value: str) -> str:
        code = value.strip().upper()
        named = [known for lang in ("en", "de") for known, name in locale(lang).territories.items() if name.upper() == code]
        code = next((known for known in named if len(known) == 2), code)
        if len(code) != 2 or code not in locale("en").territories:
            raise Invalid("country", _("“{value}” is no country code such as DE.").format(value=value))
        return code


def why_not_edit_address(order: Order) -> LazyText | None:
    """W-17: addresses may change until everything has left."""
    if order.cancelled_at:
        return _("The order is cancelled.")
    if any(line.shipped for line in order.lines) and not any(left_to_ship(line) for line in order.lines):
        return _("Everything has been shipped to this address.")
    return None


def what_stays(order: Order, kind: Kind) -> list[LazyText]:
    """What a change of this address leaves as it is, for the dialog to say and for the answer (INV-3, W-17). `order` is loaded whole."""
    stays = []
    invoices = [document.number for document in order.documents if document.kind == "invoice"]
    if kind == "billing" and len(invoices) == 1:
        stays.append(_("The issued invoice {number} keeps the address it was issued with.").format(number=invoices[0]))
    elif kind == "billing" and invoices:
        stays.append(_("The issued invoices {numbers} keep the address they were issued with.").format(numbers=", ".join(invoices)))
    goes_there = kind == "shipping" or all(address.kind == "billing" for address in order.addresses)
    if goes_there and any(shipment.state == "shipped" for shipment in order.shipments):
        stays.append(_("What has left is not redirected. A packing slip printed from now on shows the new address."))
    return stays


@action(key="edit-address", label=_("Edit"), right=Right.EDIT, why_not=why_not_edit_address, input=EditAddress, shortcut="e", fills=True)
def edit_address(w: Work, order: Order, data: EditAddress) -> Done:
    """Change one address of the order; its own shipping address is made where it had none. Issued invoices keep theirs (W-1, INV-3)."""
    if not (data.name or data.company):
        raise Invalid("name", _("A name or a company is needed."))
    own = next((a for a in order.addresses if a.kind == data.kind), None)
    billing = next((a for a in order.addresses if a.kind == "billing"), None)
    address = own or OrderAddress(kind=data.kind, **(billing.model_dump(include=set(FIELDS)) if billing else {}))
    changed = [field for field in FIELDS if getattr(address, field) != getattr(data, field)]
    if not changed:
        return Done(_("Nothing was changed."), changed=False)
    stays = what_stays(order, data.kind)
    if own is None:
        order.addresses.append(address)
    old = ", ".join(getattr(address, field) or "–" for field in changed)
    new = ", ".join(getattr(data, field) or "–" for field in changed)
    for field in changed:
        setattr(address, field, getattr(data, field))
    w.record(order, AddressChanged(kind=data.kind, fields=" ".join(changed), old=old, new=new))
    return Done(one_after_the_other(_("Address saved."), *stays))


class Hold(Input):
    """`reason`: why the order waits, for colleagues."""

    reason: str = Field(default="", max_length=500)


def why_not_hold(order: Order) -> LazyText | None:
    """W-13: only what is still to be done can wait."""
    if order.cancelled_at:
        return _("The order is cancelled.")
    if order.on_hold_since:
        return _("The order is on hold already.")
    if order.status == Status.COMPLETED:
        return _("The order is completed.")
    return None


@action(key="hold", label=_("On hold", "button"), right=Right.EDIT, why_not=why_not_hold, input=Hold, shortcut="h")
def hold(w: Work, order: Order, data: Hold) -> Done:
    """Nothing ships and no invoice is made by policy until the order is resumed (W-13)."""
    order.on_hold_since, order.hold_reason = w.at, data.reason
    w.record(order, OrderHeld(reason=data.reason))
    return Done(_("The order is on hold."), undo=Undo("resume"))


def why_not_resume(order: Order) -> LazyText | None:
    """W-13."""
    return None if order.on_hold_since else _("The order is not on hold.")


@action(key="resume", label=_("Resume"), right=Right.EDIT, why_not=why_not_resume, input=NoInput, shortcut="h")
def resume(w: Work, order: Order, data: NoInput) -> Done:  # noqa: ARG001
    """The order goes on where it stood (W-13)."""
    order.on_hold_since, order.hold_reason = None, ""
    w.record(order, OrderResumed())
    return Done(_("The order is resumed."))
