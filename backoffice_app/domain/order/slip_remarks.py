"""What is printed below the lines of a packing slip; each remark is registered by the part that knows it (SHIP-1,
EXT-1).
"""

import logging
from collections.abc import Callable, Iterator

from sqlmodel import Session

from backoffice_app.models import Order
from backoffice_app.registry import Registry, require_takes

SlipRemark = Callable[[Session, Order, str], str]
"""`(session, order, language)` -> a paragraph, or "" for none."""
SLIP_REMARKS: Registry[SlipRemark] = Registry("remark of the packing slip")
log = logging.getLogger("kontor.documents")


def slip_remark(key: str) -> Callable[[SlipRemark], SlipRemark]:
    """Registers the function below as a remark of the packing slip. Raises ValueError for a key that is taken."""

    def register(remark: SlipRemark) -> SlipRemark:
        require_takes(f"The remark {key!r} of the packing slip", remark, "session", "order", "language")
        return SLIP_REMARKS.add(key, remark)

    return register


def slip_remarks(session: Session, order: Order, language: str) -> Iterator[str]:
    """The paragraphs for one order.

    A remark that fails is left out and logged: the slip can always be printed (INV-7).
    """
    for key, remark in SLIP_REMARKS.items():
        try:
            with session.begin_nested():
                paragraph = remark(session, order, language)
        except Exception:
            log.exception("The remark %s of the packing slip could not be made", key)
            continue
        if paragraph:
            yield paragraph


@slip_remark("options")
def options(_session: Session, order: Order, _language: str) -> str:
    """What the customer chose for the order as a whole."""
    return order.options
