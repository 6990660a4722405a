"""How an order is paid and how it leaves, changed while it is open (W-15, W-17)."""

from typing import Annotated, ClassVar

from pydantic import Field
from sqlmodel import Session

from backoffice_app.domain.core.actions import Done, Input, action
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.forms import Asked
from backoffice_app.domain.core.payment_methods import USUAL, known_method, method_of, methods_of
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.shipping_methods import shipping_of
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.as_sent import codes_of_orders
from backoffice_app.domain.order.methods import shipping_of_order
from backoffice_app.domain.order.shippings import all_shippings, in_order
from backoffice_app.domain.order.states import FINISHED, ShipmentState, received
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order

KEY = "change-methods"


@fact
class MethodsChanged(Fact):
    """The order is paid or shipped in another way.

    `payment_...`, `shipping_...`: names as the customer reads them, "" where it stays.
    """

    about: ClassVar[About] = About.ORDER
    payment_old: str = ""
    payment_new: str = ""
    shipping_old: str = ""
    shipping_new: str = ""

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        payment = {"old": self.payment_old or "–", "new": self.payment_new}
        shipping = {"shipping_old": self.shipping_old or "–", "shipping_new": self.shipping_new}
        if self.payment_new and self.shipping_new:
            both = _(
                "{actor} changed the payment method from {old} to {new}, and shipping from {shipping_old} to "
                "{shipping_new}."
            )
            return both.format(**payment, **shipping)
        if self.payment_new:
            return _("{actor} changed the payment method from {old} to {new}.").format(**payment)
        return _("{actor} changed the shipping method from {old} to {new}.").format(
            old=shipping["shipping_old"], new=self.shipping_new
        )


class ChangeMethods(Input):
    """`payment_method`, `shipping_method`: codes; what is "" stays.

    What they cost stays too: that is changed with the lines.
    """

    payment_method: Annotated[str, Asked(_("Payment method"), kind="choice")] = Field(
        default="", max_length=100
    )
    shipping_method: Annotated[str, Asked(_("Shipping method"), kind="choice")] = Field(
        default="", max_length=100
    )


def why_not_change_methods(order: Order) -> LazyText | None:
    """W-17: what is over is not rewritten."""
    if order.cancelled_at:
        return _("The order is cancelled.")
    return _("The order is completed.") if order.status in FINISHED else None


@action(
    subject=ORDER,
    key=KEY,
    label=_("Change methods"),
    right=Right.EDIT,
    why_not=why_not_change_methods,
    input=ChangeMethods,
    asks="must",
    overwrites=True,
    even_unready=True,
)
def change_methods(w: Work, order: Order, data: ChangeMethods) -> Done:
    """The order is paid and shipped as told; who collects the money, and whether it is fetched, follow.

    Documents stay as they are. Raises Invalid for a code that is not known, and Refused for a payment method after
    money came in, and for a shipping method after something has left.
    """
    payment = _payment(w, order, data.payment_method)
    shipping = _shipping(w, order, data.shipping_method)
    if payment is None and shipping is None:
        return Done(_("Nothing was changed."), changed=False)
    changed = MethodsChanged(
        payment_old=order.payment_method_name if payment is not None else "",
        payment_new=payment or "",
        shipping_old=order.shipping_method_name if shipping is not None else "",
        shipping_new=shipping or "",
    )
    if payment is not None:
        method = method_of(w.session, data.payment_method, payment)
        order.payment_method, order.payment_method_name = data.payment_method, payment
        order.payment_collects, order.payment_by_provider = method.collects.value, False
        if not order.documents:
            order.invoicing = method.invoiced_by
    if shipping is not None:
        order.shipping_method, order.shipping_method_name = data.shipping_method, shipping
        leaves = shipping_of_order(w.session, order)
        order.pickup = leaves.pickup.value
        for shipment in order.shipments:
            if shipment.state == ShipmentState.OPEN:
                shipment.carrier = leaves.carrier
    w.record(order, changed)
    if payment is not None and order.documents:
        w.say(_("The invoice says what it said when it was issued."))
    return Done(_("Saved."))


def payment_choices(session: Session, order: Order, language: str) -> list[tuple[str, str]]:
    """The payment methods that the owner set up or orders came with, as (code, name in `language`); the order's own is
    among them.
    """
    found = {code: one.name_in(language) for code, one in methods_of(session).items()}
    if not found:
        found = {code: known_method(code).name_in(language) for code in USUAL}
    used = codes_of_orders(session, "payment_method")
    found |= {code: known_method(code).name_in(language) for code in used if code not in found}
    return _sorted(found, order.payment_method, order.payment_method_name)


def shipping_choices(session: Session, order: Order, language: str) -> list[tuple[str, str]]:
    """The shipping methods that can be chosen, as (code, name in `language`), in the owner's order; the order's own is
    among them.

    Those of the settings, of plug-ins, and those that orders came with; not what the owner took out of use.
    """
    own = order.shipping_method
    found = all_shippings(session)
    found[own] = shipping_of(session, own, order.shipping_method_name)
    return [
        (one.code, one.name_in(language))
        for one in in_order(found.values(), language)
        if one.code == own or not one.is_retired
    ]


def _sorted(found: dict[str, str], own: str, name: str) -> list[tuple[str, str]]:
    return sorted((found | {own: name or found.get(own, own)}).items(), key=lambda pair: pair[1].casefold())


def _payment(w: Work, order: Order, code: str) -> str | None:
    """The name of the payment method that is new, None where it stays."""
    if code in ("", order.payment_method):
        return None
    names = dict(payment_choices(w.session, order, order.language))
    if code not in names:
        raise Invalid("payment_method", _("There is no payment method {code}.").format(code=code))
    if received(order) or order.authorised_at:
        raise Refused(
            _("Money came in by {method} already. Take the payment back first.").format(
                method=order.payment_method_name
            )
        )
    return names[code]


def _shipping(w: Work, order: Order, code: str) -> str | None:
    """The name of the shipping method that is new, None where it stays."""
    if code in ("", order.shipping_method):
        return None
    names = dict(shipping_choices(w.session, order, order.language))
    if code not in names:
        raise Invalid("shipping_method", _("There is no shipping method {code}.").format(code=code))
    if any(line.shipped for line in order.lines) or order.pickup_ready_at:
        raise Refused(_("Something has left already, or is ready to be picked up. Take that back first."))
    return names[code]
