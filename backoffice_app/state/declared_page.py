"""The page of plain data that the address names (EXT-1)."""

import reflex as rx

from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.declared_pages import PageView, read_page
from backoffice_app.state.base import actor_of, look, needs, page_of
from backoffice_app.state.subjects import path_part


class DeclaredPageState(rx.State):
    """What the page shows; made for who looks at it."""

    view: PageView = PageView()
    ready: bool = False
    """Whether it was read: until then its skeleton stands there."""

    @rx.event
    @needs(Right.READ)
    async def load(self) -> None:
        """The page as its address says."""
        self.view = await look(
            read_page, await actor_of(self), path_part(self, 1), dict(page_of(self).query_parameters)
        )
        self.ready = True

    @rx.event
    @needs(Right.READ)
    async def refresh(self) -> None:
        """The same in the language that was chosen just now."""
        await self.load()
