"""The mail that tells the customer that their order has a custom status (W-7, M-1)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import object_session
from sqlmodel import Session

from backoffice_app.domain.core.choice_lists import in_use, name_in
from backoffice_app.domain.custom_status.statuses import all_statuses
from backoffice_app.domain.mail import mail_kind
from backoffice_app.domain.order.states import STATE_NAMES, derive
from backoffice_app.i18n import _
from backoffice_app.models import CustomStatus


def status_values(order: Any, language: str) -> Mapping[str, object]:
    """What the mail says of the order's custom status: `status`, its name in the language of the mail.

    Where it has none, as in the preview of the template, it is the first of the shop; where the shop has none
    either, the system status.
    """
    session = object_session(order)
    if not isinstance(session, Session):
        return {"status": ""}
    chosen = session.get(CustomStatus, order.custom_status_id) if order.custom_status_id else None
    shown = chosen or next(iter(in_use(all_statuses(session))), None)
    if shown is None:
        return {"status": STATE_NAMES[derive(order).status].in_language(language)}
    return {"status": name_in(shown, language)}


STATUS_CHANGED = mail_kind("status-changed", _("Status changed"), values=status_values)
