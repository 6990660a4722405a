"""The derived columns of an order, written in one place (ST-1); a property test proves stored equal to derived."""

from typing import ClassVar

from backoffice_app.domain.core.facets import facet_key, facet_values
from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.search_text import fold
from backoffice_app.domain.core.states import derive
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order


@fact
class OrderCompleted(Fact):
    """Everything is shipped and settled; a derived state that changes leaves a fact (AUD-1)."""

    about: ClassVar[About] = About.ORDER

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("The order is completed.")


def write_derived(order: Order) -> None:
    """Writes all that a list filters by or shows from the order's rows; `order` is loaded whole."""
    states = derive(order)
    unpaid = [d.due_on for d in order.documents if d.kind == "invoice" and d.due_on] if states.open_amount else []
    billing = next((a for a in order.addresses if a.kind == "billing"), None)
    delivery = next((a for a in order.addresses if a.kind == "shipping"), billing)
    name, company = (billing.name, billing.company) if billing else ("", "")
    _write(
        order,
        status=states.status.value,
        payment_state=states.payment.value,
        shipping_state=states.shipping.value,
        return_state=states.returns.value,
        paid=states.paid,
        open_amount=states.open_amount,
        due_on=min(unpaid) if unpaid else None,
        customer_name=name,
        company=company,
        country=delivery.country if delivery else "",
        sort_name=fold(name or company)[:60],
    )
    _write(order, facet=facet_key(facet_values(order)))


def _write(order: Order, **columns: object) -> None:
    """Sets what differs: setting a column costs far more than looking at it."""
    for name, value in columns.items():
        if getattr(order, name) != value:
            setattr(order, name, value)
