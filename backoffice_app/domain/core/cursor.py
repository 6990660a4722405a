"""The pages of the lists that programs read: how many, and after which row (API-1)."""

from backoffice_app.domain.core.errors import Invalid
from backoffice_app.i18n import _

MOST = 200
"""Rows of one page."""


def row_after(limit: int, after: str) -> int | None:
    """The number of the row that a page of `limit` rows follows, as the page before gave it out; None for the first
    page.

    Raises Invalid naming `limit` or `after`.
    """
    if not 1 <= limit <= MOST:
        raise Invalid("limit", _("Must lie between 1 and {most}.").format(most=MOST))
    if after and not (after.isascii() and after.isdigit() and int(after) < 2**63):
        raise Invalid("after", _("Is no cursor that this list gave out."))
    return int(after) if after else None
