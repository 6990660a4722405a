"""The derived columns of an order, written in one place (ST-1); a property test proves stored equal to derived."""

from datetime import date
from typing import ClassVar

from backoffice_app.domain.core.facts import About, Fact, fact
from backoffice_app.domain.core.search_text import fold
from backoffice_app.domain.order.address_findings import check_addresses, has_warning
from backoffice_app.domain.order.facets import facet_key, facet_values
from backoffice_app.domain.order.states import derive, invoices
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
        due_on=_due_on(order) if states.open_amount else None,
        customer_name=name,
        company=company,
        country=delivery.country if delivery else "",
        sort_name=fold(name or company)[:60],
        return_count=len(order.returns),
        refund_count=len(order.refunds),
    )
    check_addresses(order)
    _write(order, address_warning=has_warning(order))
    _write(order, facet=facet_key(facet_values(order)))


def _due_on(order: Order) -> date | None:
    """The earliest day on which an invoice that is still open is due; one that is paid or cancelled is not
    waited for.
    """
    return min((d.due_on for d in invoices(order) if d.due_on and d.open_amount > 0), default=None)


def _write(order: Order, **columns: object) -> None:
    """Sets what differs: setting a column costs far more than looking at it."""
    for name, value in columns.items():
        if getattr(order, name) != value:
            setattr(order, name, value)
