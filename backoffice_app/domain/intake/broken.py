"""An order that Kontor itself breaks on is refused with a number, and the rest of its file goes on (API-2)."""

import logging
import secrets

from backoffice_app.domain.core.errors import Invalid
from backoffice_app.i18n import _

log = logging.getLogger("kontor.intake")


def broken(error: Exception, index: int) -> Invalid:
    """What the report says of the order at `index`; the log has the traceback under the same number.

    An import is an edge like the API: anyone who repeats it can do nothing about the one order, and wants all the
    others.
    """
    number = secrets.token_hex(4)
    log.error("Order %d of an import could not be taken in; number %s", index, number, exc_info=error)
    return Invalid(
        "", _("Something broke here. In the log it has the number {number}.").format(number=number)
    )
