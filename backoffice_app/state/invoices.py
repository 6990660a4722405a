"""Sales > Invoices: all documents about money; the list's state is the address."""

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.domain.core.keyset import ListView
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.listing.invoices import INVOICES, invoices_page
from backoffice_app.state import hub
from backoffice_app.state.base import needs
from backoffice_app.state.keyset import Listed, unread


class InvoicesState(Listed, rx.State):
    """One page of the list, made for who looks at it."""

    view: ListView = unread(INVOICES)

    @rx.event
    @needs(Right.PRICES)
    async def load(self) -> None:
        """The list shows what its address says; it follows what others do."""
        await self._show(invoices_page, arrived=True)
        hub.watch(self, "orders", InvoicesState.refresh)  # type: ignore[arg-type]  # the decorator makes it a handler

    @rx.event
    @needs(Right.PRICES)
    async def refresh(self) -> None:
        """The same page, read anew."""
        await self._show(invoices_page)

    @rx.event
    @needs(Right.PRICES)
    async def typed(self, text: str) -> None:
        """What is typed into the search box."""
        self._hear(INVOICES, text)

    @rx.event
    @needs(Right.PRICES)
    async def left(self, gone: bool) -> None:
        """One goes elsewhere; `gone`: the search box is out of sight."""
        self._leave(gone=gone is True)

    @rx.event
    @needs(Right.PRICES)
    async def apply(self, form: dict[str, str]) -> EventSpec:
        """Leads to the list with the filters of the form; search, tab and order stay."""
        return self._chosen(INVOICES, form)
