"""Settings > Workflow > Order status: the shop's own statuses (W-7). For the owner alone."""

from typing import ClassVar

import reflex as rx

from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.custom_status import manage
from backoffice_app.domain.custom_status.manage import LIST, StatusRow, statuses_page
from backoffice_app.state.base import actor_of, changes, look, needs
from backoffice_app.state.row_dialog import Answer, OwnersList
from backoffice_app.state.subjects import subject
from backoffice_app.state.visits import with_dialog

STATUS, STATUSES = subject(manage.KIND), subject("order-statuses")


@with_dialog
class OrderStatusState(OwnersList, rx.State):
    """The statuses, and the one whose dialog is open."""

    FORM: ClassVar[str] = "status"
    EMPTY: ClassVar[StatusRow] = StatusRow()
    rows: list[StatusRow] = []
    chosen: StatusRow = StatusRow()
    """The status whose dialog is open."""

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(STATUSES)
    async def add(self, about: str, values: dict[str, str]) -> Answer:  # noqa: ARG002  # the gate judges it
        """A new status."""
        return await self._do(lambda actor: LIST.add(actor, values))

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(STATUS)
    async def save(self, about: str, seen: dict[str, str], values: dict[str, str]) -> Answer:
        """Saves the status of the dialog."""
        return await self._save_entry(LIST, about, seen, values)

    @rx.event(temporal=True)
    @needs(Right.SETTINGS)
    @changes(STATUS)
    async def change(self, about: str, what: str) -> Answer:
        """One place "up" or "down", "retire", or "use" again."""
        return await self._change_entry(LIST, about, what)

    async def _read(self) -> None:
        actor = await actor_of(self)
        self.rows = await look(statuses_page, actor, actor.language)
        self.ready = True
