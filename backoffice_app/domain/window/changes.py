"""Whether what a window shows is still how the order stands."""

from sqlmodel import Session, select

from backoffice_app.models import Order


def has_changed(session: Session, order_id: int, version: int) -> bool:
    """Whether the order is no longer at `version`; one small read, for windows that are told "something changed" (O-6)."""
    return session.exec(select(Order.version).where(Order.id == order_id)).first() != version
