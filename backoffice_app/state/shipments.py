"""Sales > Shipments: all shipments; the list's state is the address."""

import reflex as rx

from backoffice_app.domain.core.keyset import ListView
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.listing.shipments import SHIPMENTS, shipments_page
from backoffice_app.state import hub
from backoffice_app.state.base import needs
from backoffice_app.state.keyset import Listed, unread


class ShipmentsState(Listed, rx.State):
    """One page of the list, made for who looks at it."""

    view: ListView = unread(SHIPMENTS)

    @rx.event
    @needs(Right.READ)
    async def load(self) -> None:
        """The list shows what its address says; it follows what others do."""
        await self._show(shipments_page, arrived=True)
        hub.watch(self, "orders", ShipmentsState.refresh)  # type: ignore[arg-type]  # the decorator makes it a handler

    @rx.event
    @needs(Right.READ)
    async def refresh(self) -> None:
        """The same page, read anew."""
        await self._show(shipments_page)

    @rx.event
    @needs(Right.READ)
    async def typed(self, text: str) -> None:
        """What is typed into the search box."""
        self._hear(SHIPMENTS, text)

    @rx.event
    @needs(Right.READ)
    async def left(self, gone: bool) -> None:
        """One goes elsewhere; `gone`: the search box is out of sight."""
        self._leave(gone=gone is True)
