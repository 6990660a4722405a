"""The derived columns of an order, written in one place (ST-1); a property test proves stored equal to derived."""

from backoffice_app.domain.core.facets import facet_key, facet_values
from backoffice_app.domain.core.facts import Fact, fact
from backoffice_app.domain.core.search_text import fold
from backoffice_app.domain.core.states import derive
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order


@fact
class OrderCompleted(Fact):
    """Everything is shipped and settled; a derived state that changes leaves a fact (AUD-1)."""

    def sentence(self) -> LazyText:
        """What happened, for a person."""
        return _("The order is completed.")


def write_derived(order: Order) -> None:
    """Writes all that a list filters by or shows from the order's rows; `order` is loaded whole."""
    states = derive(order)
    order.status = states.status.value
    order.payment_state = states.payment.value
    order.shipping_state = states.shipping.value
    order.return_state = states.returns.value
    order.paid = states.paid
    order.open_amount = states.open_amount
    unpaid = [d.due_on for d in order.documents if d.kind == "invoice" and d.due_on] if states.open_amount else []
    order.due_on = min(unpaid) if unpaid else None
    billing = next((a for a in order.addresses if a.kind == "billing"), None)
    delivery = next((a for a in order.addresses if a.kind == "shipping"), billing)
    order.customer_name = billing.name if billing else ""
    order.company = billing.company if billing else ""
    order.country = delivery.country if delivery else ""
    order.sort_name = fold(order.customer_name or order.company)[:60]
    order.facet = facet_key(facet_values(order))
