"""A colleague says that an address is right, whatever the checks found in it (W-20)."""

from typing import ClassVar, Literal

from backoffice_app.domain.core.actions import Done, Input, action
from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.address_findings import has_warning, open_findings
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order

NOTHING_WRONG = _("Nothing in this address looks wrong.")


@fact
class AddressConfirmed(Fact):
    """A colleague said that an address is right; `findings`: what had looked wrong in it, as kinds of
    `domain/places/checks.py`.
    """

    about: ClassVar[About] = About.CUSTOMER
    kind: str
    findings: list[str]

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        if self.kind == "billing":
            return _("{actor} said that the billing address is right.")
        return _("{actor} said that the shipping address is right.")


class AddressIsRight(Input):
    """`kind`: which address."""

    kind: Literal["billing", "shipping"]


def why_not_address_is_right(order: Order) -> LazyText | None:
    """W-20: only what looks wrong can be said to be right."""
    return None if has_warning(order) else NOTHING_WRONG


def is_right_already(_w: Work, order: Order) -> LazyText | None:
    """The second press of two reads that it was done."""
    is_said = any(address.confirmed and address.confirmed == address.checked for address in order.addresses)
    return _("The address counts as right already.") if is_said and not has_warning(order) else None


@action(
    subject=ORDER,
    key="address-is-right",
    label=_("Address is right"),
    right=Right.EDIT,
    why_not=why_not_address_is_right,
    already=is_right_already,
    input=AddressIsRight,
    even_unready=True,
)
def address_is_right(w: Work, order: Order, data: AddressIsRight) -> Done:
    """Silence what looks wrong in one address, until the address changes (W-20)."""
    address = next((one for one in order.addresses if one.kind == data.kind), None)
    found = open_findings(order, address) if address is not None else []
    if address is None or not found:
        return Done(NOTHING_WRONG, changed=False)
    address.confirmed = address.checked
    w.record(order, AddressConfirmed(kind=data.kind, findings=[finding.kind for finding in found]))
    return Done(_("The address counts as right now."))
