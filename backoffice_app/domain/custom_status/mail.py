"""The mail that tells the customer that their order has a custom status (W-7, M-1)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import object_session

from backoffice_app.domain.core.choice_lists import name_in
from backoffice_app.domain.mail import mail_kind
from backoffice_app.i18n import _
from backoffice_app.models import CustomStatus


def status_values(order: Any, language: str) -> Mapping[str, object]:
    """What the mail says of the order's custom status: `status`, its name in the language of the mail; "" where it has
    none.
    """
    session = object_session(order)
    found = (
        session.get(CustomStatus, order.custom_status_id)
        if session is not None and order.custom_status_id
        else None
    )
    return {"status": name_in(found, language) if found else ""}


STATUS_CHANGED = mail_kind("status-changed", _("Status changed"), values=status_values)
