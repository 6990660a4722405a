"""Which payment and shipping methods orders came with, and what their shops called them."""

from typing import Literal

from sqlmodel import Session, col, select

from backoffice_app.models import Order, OrderFacet

Dimension = Literal["payment_method", "shipping_method"]
"""The column of the code; that of the name ends with "_name"."""


def codes_of_orders(session: Session, dimension: Dimension) -> list[str]:
    """The codes of all methods that orders have; read from the facets, which are few."""
    code = getattr(OrderFacet, dimension)
    return list(session.exec(select(code).where(col(code) != "").distinct()).all())


def name_as_sent(session: Session, dimension: Dimension, code: str) -> str:
    """What an order with this method calls it, "" if none does; found by its facet, of which there is an index."""
    facets = (
        select(OrderFacet.key)
        .where(getattr(OrderFacet, dimension) == code)
        .order_by(col(OrderFacet.seq))
        .limit(20)
    )
    name = getattr(Order, f"{dimension}_name")
    for key in session.exec(facets).all():
        if found := session.exec(select(name).where(Order.facet == key).limit(1)).first():
            return str(found)
    return ""
