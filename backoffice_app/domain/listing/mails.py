"""The mails of the outbox, found as orders are (M-5)."""

from collections.abc import Iterator, Mapping

from sqlmodel import Session

from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.listing.found import orders_of
from backoffice_app.domain.mail.queries import address_of, mails_file


def orders_searched(session: Session, text: str, actor: Actor) -> list[int]:
    """The ids of the orders whose mails a search shows; none without one."""
    return orders_of(session, text, actor)[0] if text else []


def outbox_file(session: Session, parameters: Mapping[str, object], actor: Actor) -> Iterator[list[object]]:
    """All mails that the list shows on all its pages, as rows of a file: first the heads. Raises Refused without the
    right.
    """
    address = address_of(parameters)
    return mails_file(session, address, actor, orders_searched(session, address.text, actor))
