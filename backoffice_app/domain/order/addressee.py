"""Who documents and mails about an order are for: their language, their name, and the number they know the order by
(INV-12, M-2).
"""

from collections.abc import Container

from sqlmodel import Session

from backoffice_app.domain.core.languages import spoken
from backoffice_app.domain.core.shop import Shop
from backoffice_app.models import Customer, Order

LONGEST_KNOWN = 20
"""Characters of a shop's reference that people may know; what is longer is an id of machines."""


def known_number(order: Order) -> str:
    """The order's number in the shop as the customer saw it, such as "#1001"; else the shop's reference if it is short;
    else "".
    """
    reference = order.external_reference if len(order.external_reference) <= LONGEST_KNOWN else ""
    known = order.number_at_source or reference
    return "" if known == order.number else known


def customer_of(session: Session, order: Order) -> Customer | None:
    """The customer who ordered, if the order has one; one query at most."""
    return session.get(Customer, order.customer_id) if order.customer_id else None


def language_of(session: Session, shop: Shop, order: Order, offered: Container[str]) -> str:
    """The language of a document or mail about the order: its own, else the customer's, else the shop's, of those that
    are `offered`.
    """
    if own := spoken(offered, order.language, last=""):
        return own
    customer = customer_of(session, order)
    return spoken(offered, customer.language if customer else "", shop.regional.language)


def name_of(order: Order, customer: Customer | None) -> str:
    """What to call the customer where the address names nobody: by their account, else by their e-mail address."""
    person = f"{customer.first_name} {customer.last_name}".strip() if customer else ""
    return person or (customer.company if customer else "") or order.email
