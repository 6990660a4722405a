"""An order is given a custom status, by a person, in bulk or by the API (W-7)."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, field_validator

from backoffice_app.domain.core.actions import Done, Input, Undo, action
from backoffice_app.domain.core.choice_lists import in_use, name_in
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.forms import Asked
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.custom_status.facts import StatusSet
from backoffice_app.domain.custom_status.mail import STATUS_CHANGED
from backoffice_app.domain.custom_status.statuses import NO_STATUS, all_statuses, choices, meant
from backoffice_app.domain.mail import hold_all_back, lock_mails_about, write
from backoffice_app.domain.order import ORDER
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import CustomStatus, Order
from backoffice_app.settings import settings

SET = "set-status"
NONE = {"", "none", NO_STATUS.message.casefold()}
"""What takes the custom status off."""


class SetStatus(Input):
    """`status`: the id of a custom status, or its name in any language; "" for none.

    `mail`: whether the customer is told, of a status that is told at all.
    """

    status: Annotated[str, Asked(_("Custom status"), offers=choices)] = Field(max_length=200)
    mail: Annotated[bool, Asked(_("Notify customer"), _("Of a status that tells the customer."))] = True

    @field_validator("status", mode="before")
    @classmethod
    def _by_id(cls, value: object) -> object:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def why_not_set_status(_order: Order) -> LazyText | None:
    """W-7: whatever has become of an order, it can be marked."""
    return None


@action(
    subject=ORDER,
    key=SET,
    label=_("Set status"),
    right=Right.EDIT,
    why_not=why_not_set_status,
    input=SetStatus,
    even_if_changed=True,
    bulk=True,
)
def set_status(w: Work, order: Order, data: SetStatus) -> Done:
    """The custom status stands where the system status would; none shows that again.

    A mail of the status before that still waits stays.

    Raises Invalid for a status that there is not, or that is not in use any more.
    """
    statuses = all_statuses(w.session)
    old = next((one for one in statuses if one.id == order.custom_status_id), None)
    new = _wanted(data.status, statuses, old)
    if new is old:
        return Done(
            _("The order has this status already.") if new else _("The order has no custom status."),
            changed=False,
        )
    _keep_waiting(w, order, old)
    order.custom_status_id = new.id if new else None
    language = w.shop.regional.language
    w.record(
        order, StatusSet(old=name_in(old, language) if old else "", new=name_in(new, language) if new else "")
    )
    if new is not None and new.mails and data.mail:
        write(w, STATUS_CHANGED, order, about=_about(order, new), delay=settings().undo_seconds)
    values = {"status": str(old.id) if old else "", "instead": str(new.id) if new else ""}
    said = (
        _("The status is “{status}”.").format(status=name_in(new, w.actor.language))
        if new
        else _("The custom status is taken off.")
    )
    return Done(said, undo=Undo("restore-status", values))


class RestoreStatus(Input):
    """`status`: the id of the one before, "" for none; `instead`: of the one that it is put in place of."""

    status: str = Field(default="", max_length=20, pattern=r"^\d*$")
    instead: str = Field(default="", max_length=20, pattern=r"^\d*$")


@action(
    subject=ORDER,
    key="restore-status",
    label=_("Undo"),
    right=Right.EDIT,
    why_not=why_not_set_status,
    input=RestoreStatus,
    even_if_changed=True,
    offered=False,
)
def restore_status(w: Work, order: Order, data: RestoreStatus) -> Done:
    """The status is what it was, and the mail of the other one stays while it still waits.

    Raises Refused if it was changed again since.
    """
    if str(order.custom_status_id or "") != data.instead:
        raise Refused(_("The status was changed again since."))
    statuses = all_statuses(w.session)
    before = next((one for one in statuses if str(one.id) == data.status), None)
    current = next((one for one in statuses if one.id == order.custom_status_id), None)
    if not _keep_waiting(w, order, current):
        w.say(_("The mail about it has left already."))
    order.custom_status_id = before.id if before else None
    language = w.shop.regional.language
    w.record(
        order,
        StatusSet(
            old=name_in(current, language) if current else "", new=name_in(before, language) if before else ""
        ),
    )
    return Done(_("The status is what it was."))


def _wanted(typed: str, statuses: Sequence[CustomStatus], old: CustomStatus | None) -> CustomStatus | None:
    if typed.casefold() in NONE:
        return None
    found = meant(in_use(statuses), typed) or (old if old is not None and meant([old], typed) else None)
    if found is not None:
        return found
    if meant(statuses, typed) is not None:
        raise Invalid("status", _("The status “{value}” is not in use any more.").format(value=typed))
    raise Invalid("status", _("There is no custom status “{value}”.").format(value=typed))


def _about(order: Order, status: CustomStatus) -> str:
    return f"status-{status.id}-{order.version}"


def _keep_waiting(w: Work, order: Order, status: CustomStatus | None) -> bool:
    """The mail that tells of `status` and still waits stays in the outbox. False if one has left."""
    if status is None or not status.mails:
        return True
    mine = [
        mail
        for about, mail in lock_mails_about(w, order, STATUS_CHANGED)
        if about.startswith(f"status-{status.id}-")
    ]
    return hold_all_back(w, mine[-1:])
