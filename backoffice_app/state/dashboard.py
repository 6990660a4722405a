"""The dashboard of this tab; it follows what colleagues do (Dashboard)."""

import reflex as rx

from backoffice_app.db import reading
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.dashboard.read import DashboardView, read_dashboard
from backoffice_app.state import hub
from backoffice_app.state.base import actor_of, look, needs


class DashboardState(rx.State):
    """What the page shows; made for who looks at it."""

    view: DashboardView = DashboardView()
    is_read: bool = False
    """Whether it was read: until then its skeleton stands there."""

    @rx.event
    @needs(Right.READ)
    async def load(self) -> None:
        """All rows as they are now."""
        await self._read()
        hub.watch(self, "orders", DashboardState.refresh)  # type: ignore[arg-type]  # the decorator makes it a handler

    @rx.event
    @needs(Right.READ)
    async def refresh(self) -> None:
        """The rows are read anew, where they stand."""
        await self._read()

    async def _read(self) -> None:
        self.view = await look(_dashboard, await actor_of(self))
        self.is_read = True


def _dashboard(actor: Actor) -> DashboardView:
    with reading() as session:
        return read_dashboard(session, actor)
