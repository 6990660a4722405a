"""Billing data that a program changes once the invoice is issued makes a task, so that it is not passed over in silence
(W-17).
"""

from backoffice_app.domain.core.facts import on
from backoffice_app.domain.core.rights import ActorKind
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.order.states import invoices
from backoffice_app.domain.orders.facts import AddressChanged
from backoffice_app.domain.tasks.changes import add_task
from backoffice_app.i18n import _
from backoffice_app.models import Order

TITLE = _("Billing address changed after invoice {number}: does it need correcting?")


@on(AddressChanged)
def give_a_task(w: Work, order: Order, happened: AddressChanged) -> None:
    """A colleague who changes the address is told by the dialog; of a program's change a task tells.

    `order` is loaded whole.
    """
    issued = [document.number for document in invoices(order)]
    if happened.kind != "billing" or w.actor.kind is not ActorKind.API_KEY or not issued:
        return
    title = TITLE.format(number=", ".join(issued)).in_language(w.shop.regional.language)
    add_task(
        w, order, title[:200], description=f"{happened.old}\n→ {happened.new}", day=w.today, priority="high"
    )
