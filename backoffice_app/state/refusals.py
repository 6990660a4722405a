"""A press on a button that can't be used tells why not, in the words of the rule that refuses on the server (ST-3)."""

import reflex as rx

from backoffice_app.domain.core.rights import Right
from backoffice_app.state.base import needs
from backoffice_app.state.notices import REFUSED, Notices
from backoffice_app.state.order import OrderState
from backoffice_app.state.order_blocks import Actions, var_of


class Refusals(rx.State):
    """Has nothing of its own: the reasons are those that this tab was sent with the buttons."""

    @rx.event
    @needs(Right.READ)
    async def tell(self, key: str) -> None:
        """A notice with the reason why the action `key` can't be done now; nothing for one that can."""
        placed, window = await self.get_state(Actions), await self.get_state(OrderState)
        found = [getattr(placed, var_of(str(key)), None), *(one for one in window.unplaced if one.key == key)]
        reason = next((one.reason for one in found if one is not None and one.reason), "")
        if reason:
            await (await self.get_state(Notices))._add(reason, REFUSED)
