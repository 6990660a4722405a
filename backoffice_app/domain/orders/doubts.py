"""What a person should look at in an order that came in, and for which no order is turned away (W-20)."""

from collections.abc import Iterator

from backoffice_app.domain.mail import addresses
from backoffice_app.domain.orders.new_order import NewOrder
from backoffice_app.i18n import LazyText, _


def doubts_of(new: NewOrder) -> Iterator[LazyText]:
    """Warnings, each a sentence with its reason."""
    email = new.customer.email
    found = addresses(email)
    if email and not found:
        yield _("“{address}” is no e-mail address: no mail goes to this customer.").format(address=email)
    elif len(found) > 1:
        yield _("The order has several e-mail addresses; mails go to {addresses}.").format(
            addresses=", ".join(found)
        )
