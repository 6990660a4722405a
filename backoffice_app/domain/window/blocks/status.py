"""The block *Status*: the custom status to choose, and the system status that it stands for (W-7)."""

from backoffice_app.domain.core.actions import ACTIONS
from backoffice_app.domain.core.choice_lists import in_use, name_in
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.custom_status.actions import SET
from backoffice_app.domain.custom_status.statuses import NO_STATUS
from backoffice_app.domain.order.states import STATE_NAMES, Status
from backoffice_app.domain.window.declared import Declared, Entry, declare, entries, facts, select
from backoffice_app.domain.window.look import Look
from backoffice_app.domain.window.registry import Button, Way, block, ways
from backoffice_app.i18n import _

SETTINGS = "/settings/workflow/order-status"
"""Where custom statuses are made."""


@block(key="status", tab="order", column=3, rank=5, title=_("Status"), buttons=[Button(SET, in_part=True)])
def status(look: Look) -> Declared:
    """The select, and below it the system status. Not there while there is no custom status."""
    own = look.custom_status(look.order.custom_status_id)
    offered = in_use(look.custom_statuses)
    if own is None and not offered:
        return declare()
    options = [("", look.text(NO_STATUS)), *((str(one.id), name_in(one, look.language)) for one in offered)]
    if own is not None and own not in offered:
        options.append((str(own.id), name_in(own, look.language)))
    chosen = select(SET, "status", look.text(_("Custom status")), options, str(own.id) if own else "")
    may_choose = look.actor.may(ACTIONS[SET].right)
    return declare(
        *([chosen] if own is not None or may_choose else []),
        facts((look.text(_("System status")), look.text(STATE_NAMES[Status(look.order.status)]))),
    )


@ways(SET)
def status_ways(look: Look) -> list[Way]:
    """Each status that the order does not have, at once."""
    own = look.order.custom_status_id
    found = [
        Way(str(one.id), name_in(one, look.language), values={"status": str(one.id)})
        for one in in_use(look.custom_statuses)
    ]
    none = [Way("none", look.text(NO_STATUS), values={"status": ""})] if own is not None else []
    return [*(way for way in found if way.which != str(own)), *none]


@block(key="status-hint", tab="order", column=3, rank=95, right=Right.SETTINGS, title=_("Custom status"))
def status_hint(look: Look) -> Declared:
    """Where those who may create a custom status do so, while there isn't one."""
    if look.custom_statuses or look.beside.statuses:
        return declare()
    where = look.text(_("Create a custom status"))
    return declare(
        entries(Entry(title=where, link=SETTINGS, small=look.text(_("Settings > Workflow > Order status"))))
    )
