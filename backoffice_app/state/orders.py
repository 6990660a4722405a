"""The order list: its address is its state, and colleagues' changes show in place (O-1 to O-4, O-6)."""

from collections.abc import Mapping
from dataclasses import fields, replace

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.db import reading
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.listing import OrderFilter, counts, locate, new_since
from backoffice_app.domain.listing.filters import NO_FILTERS
from backoffice_app.domain.listing.queries import read_again
from backoffice_app.domain.listing.views import OrderListView, order_list, tab_rows
from backoffice_app.i18n import ngettext
from backoffice_app.state import hub
from backoffice_app.state.base import actor_of, look, needs

SCAN = 6
"""A text of so many characters may be a scanned code: if it names one order exactly, Enter opens that order (O-2)."""


class OrdersState(rx.State):
    """The page of the list that this tab shows, made for who looks at it."""

    view: OrderListView = OrderListView()
    is_read: bool = False
    """Whether the list was read at all: until then its skeleton stands there."""
    fresh: str = ""
    """What the pill says: "3 new orders", or nothing."""
    _opened: str = ""
    """The text on which Enter opened an order: the search for it that is still under way must not lead back to the list."""

    @rx.event
    @needs(Right.READ)
    async def load(self) -> None:
        """The list shows what its address says; it follows what others do to the orders in sight."""
        self.fresh, self._opened = "", ""
        await self._read()
        hub.watch(self, "orders", OrdersState.follow)  # type: ignore[arg-type]  # the decorator makes it a handler

    @rx.event
    @needs(Right.READ)
    async def refresh(self) -> None:
        """The list is read anew, with what came in meanwhile."""
        self.fresh = ""
        await self._read()

    @rx.event
    @needs(Right.READ)
    async def follow(self) -> None:
        """Something changed: the rows in sight show it where they stand; new orders wait behind the pill (O-6)."""
        actor = await actor_of(self)
        numbers = [row[0] for row in self.view.rows]
        rows, tabs, fresh = await look(_follow, actor, self._wanted(), numbers, int(self.view.newest))
        self.view = replace(self.view, rows=rows, tabs=tabs)
        self.fresh = fresh

    @rx.event(supersedes=True)
    @needs(Right.READ)
    async def search(self, text: str) -> EventSpec | None:
        """Leads to the list of what matches; a newer letter takes the place of an unfinished search, and who has left is left alone."""
        if self.router.url.path.strip("/") != "orders" or (self._opened and str(text).strip() == self._opened):
            return None
        wanted = replace(self._wanted(), q=str(text).strip()[:200], page="")
        return rx.redirect(wanted.address(), replace=True)

    @rx.event
    @needs(Right.READ)
    async def enter(self, form: dict[str, str]) -> EventSpec | None:
        """Enter in the search: a scanned code opens its order, which takes the address of this list along (O-2)."""
        text = str(form.get("q", "")).strip()
        number = await look(_located, text) if len(text) >= SCAN or text.isdigit() else None
        if number:
            self._opened = text
            return rx.redirect(self._wanted().address(f"/orders/{number}"))
        return rx.redirect(replace(self._wanted(), q=text[:200], page="").address(), replace=True)

    @rx.event
    @needs(Right.READ)
    async def apply(self, form: dict[str, str]) -> EventSpec:
        """Leads to the list with the filters of the form; search, view and sorting stay."""
        known = {f.name for f in fields(OrderFilter)} - set(NO_FILTERS)
        values = {name: str(value) for name, value in form.items() if name in known}
        wanted = OrderFilter.parse({**self._wanted().cleared().parameters(), **values})
        return rx.redirect(wanted.address())

    def _wanted(self) -> OrderFilter:
        parameters: Mapping[str, str] = self.router.url.query_parameters
        return OrderFilter.parse(parameters)

    async def _read(self) -> None:
        actor = await actor_of(self)
        self.view = await look(_list, actor, self._wanted())
        self.is_read = True


def _list(actor: Actor, wanted: OrderFilter) -> OrderListView:
    with reading() as session:
        return order_list(session, wanted, actor, actor.language)


def _located(text: str) -> str | None:
    with reading() as session:
        return locate(session, text)


def _follow(actor: Actor, wanted: OrderFilter, numbers: list[str], newest: int) -> tuple[list[list[str]], list[list[str]], str]:
    with reading() as session:
        rows = read_again(session, numbers, actor, actor.language)
        tabs = tab_rows(counts(session, actor, actor.language), wanted.seen_by(actor), actor, actor.language)
        fresh = new_since(session, newest)
    return rows, tabs, ngettext("{count} new order", "{count} new orders", fresh).in_language(actor.language) if fresh else ""
