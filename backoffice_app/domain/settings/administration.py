"""Settings > Administration: when invoices are made, what they promise, and how long goods may come back (INV-1,
RET-3).
"""

from typing import get_args

from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.shop import Administration
from backoffice_app.domain.settings.checks import is_number
from backoffice_app.domain.settings.section import section
from backoffice_app.i18n import _

LONGEST_TERM = 365
"""Days until payment is due, or in which goods may be sent back, at most."""
POLICIES: tuple[str, ...] = get_args(Administration.model_fields["invoice_policy"].annotation)


def days(value: str) -> str:
    """A term in whole days."""
    if not is_number(value, 3) or int(value) > LONGEST_TERM:
        raise Invalid("", _("Write a number of days from 0 to {longest}.").format(longest=LONGEST_TERM))
    return str(int(value))


ADMINISTRATION = section(
    "administration",
    _("Administration"),
    Administration,
    labels={
        "invoice_policy": _("Make invoices"),
        "payment_days": _("Days until payment is due"),
        "small_business": _("Small business"),
        "return_days": _("Days to send goods back"),
        "comment_on_slips": _("Customer's comment on packing slips"),
        "reminder_days": _("Days to pay after a reminder"),
        "delivery_times": _("Delivery times"),
        "outside_map": _("Map of an address opens in"),
    },
    checks={"payment_days": days, "return_days": days, "reminder_days": days},
)
