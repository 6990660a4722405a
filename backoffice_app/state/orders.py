"""The order list: its address is its state, and colleagues' changes show in place (O-1 to O-4, O-6)."""

from collections.abc import Mapping
from dataclasses import replace

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.db import reading
from backoffice_app.domain.core.errors import Invalid, NotFound, Refused
from backoffice_app.domain.core.keyset import number_in
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shown import NOT_SHOWN, Shown
from backoffice_app.domain.listing import OrderFilter, counts, locate, new_since
from backoffice_app.domain.listing.queries import read_again
from backoffice_app.domain.listing.rows import NUMBER
from backoffice_app.domain.listing.saved import KEPT, delete_view, keep_view, kept_by
from backoffice_app.domain.listing.views import OrderListView, order_list, tab_rows
from backoffice_app.domain.orders.draft import begin_draft
from backoffice_app.i18n import _, ngettext
from backoffice_app.state import hub, notices
from backoffice_app.state.base import act, actor_of, changes, look, needs, page_of
from backoffice_app.state.bulk import BulkChoice
from backoffice_app.state.order_filter import OrderFilterState
from backoffice_app.state.reread import reread
from backoffice_app.state.search_box import box_for, heard, left_with
from backoffice_app.state.subjects import subject
from backoffice_app.state.visits import with_dialog

NEW = subject("new-order")
VIEW = subject(KEPT)
BEGIN = Shown(NEW, "new").text
"""What the event of `New order` is about."""
SCAN = 6
"""A text of so many characters may be a scanned code: if it names one order exactly, Enter opens that order (O-2)."""


@with_dialog
class OrdersState(rx.State):
    """The page of the list that this tab shows, made for who looks at it."""

    view: OrderListView = OrderListView()
    is_read: bool = False
    """Whether the list was read at all: until then its skeleton stands there."""
    fresh: str = ""
    """What the pill says: "3 new orders", or nothing."""
    box: int = 0
    """Which search box is in sight: another one is drawn where the address came to name another search than
    was typed.
    """
    form: str = ""
    """Which dialog is open: "keep", or none."""
    wrong: str = ""
    wrong_field: str = ""
    _typed: list[str] = [""]

    @rx.event
    @needs(Right.READ)
    async def load(self) -> None:
        """The list shows what its address says; it follows what others do to the orders in sight."""
        self.fresh = ""
        await self._read()
        self.box, self._typed = box_for(self.box, self._typed, self.view.query)
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
        if gone := set(numbers) - {row[NUMBER] for row in rows}:
            (await self.get_state(BulkChoice))._forget(gone, self.view.view, actor)

    @rx.event
    @needs(Right.READ)
    async def typed(self, text: str) -> None:
        """The search box leads to the list of `text` by itself: when that is read, the box is right as it is."""
        self._typed = heard(self._typed, OrderFilter.parse({"q": str(text)}).q)

    @rx.event
    @needs(Right.READ)
    async def left(self, gone: bool) -> None:
        """One goes elsewhere; `gone`: the search box is out of sight."""
        self._typed = left_with(self.view.query, gone=gone is True)

    @rx.event
    @needs(Right.READ)
    async def enter(self, form: dict[str, str]) -> EventSpec | None:
        """Enter in the search: a scanned code opens its order, which takes the address of this list along (O-2)."""
        text = str(form.get("q", "")).strip().removeprefix("#")
        number = await look(_located, text) if len(text) >= SCAN or text.isdigit() else None
        return rx.redirect(self._wanted().address(f"/orders/{number}")) if number else None

    @rx.event(temporal=True)
    @needs(Right.EDIT)
    @changes(NEW)
    async def begin(self, about: str) -> EventSpec:  # noqa: ARG002  # the gate judges it
        """Makes an empty draft and leads to it (W-18)."""
        number = await act(begin_draft, await actor_of(self))
        return rx.redirect(f"/orders/{number}")

    @rx.event
    @needs(Right.READ)
    async def open_keeping(self) -> None:
        """Opens the dialog that keeps this list as a view."""
        self._close()
        self.form = "keep"

    @rx.event
    @needs(Right.READ)
    async def close(self, stays: bool) -> None:
        """Closes the dialog."""
        if stays is not True:
            self._close()

    @rx.event(temporal=True)
    @needs(Right.READ)
    @changes(VIEW)
    async def keep(self, about: str, values: dict[str, str]) -> list[EventSpec] | EventSpec | None:  # noqa: ARG002
        """Keeps the list that the form names as a view of this colleague, or for everybody (O-4)."""
        actor = await actor_of(self)
        try:
            await act(
                keep_view,
                actor,
                values.get("name", ""),
                values.get("query", ""),
                is_shared=values.get("shared") == "on",
            )
        except (Invalid, Refused) as no:
            self.wrong, self.wrong_field = (
                no.reason.in_language(actor.language),
                no.field if isinstance(no, Invalid) else "",
            )
            return None
        self._close()
        said = notices.tell(_("The view is kept."))
        return said if await reread(self._read) else [said, notices.unread("")]

    @rx.event(temporal=True)
    @needs(Right.READ)
    @changes(VIEW)
    async def forget(self, about: str) -> list[EventSpec] | EventSpec:
        """Deletes the view that is in sight; the list stays as it is, so that it can be kept anew."""
        try:
            name = await act(delete_view, await actor_of(self), number_in(Shown.parse(about).number))
        except Refused as no:
            return notices.tell(no.reason, notices.REFUSED)
        except NotFound:
            return notices.tell(NOT_SHOWN, notices.REFUSED)
        said = notices.tell(_("The view {name} is deleted.").format(name=name))
        return said if await reread(self._read) else [said, notices.unread("")]

    def _close(self) -> None:
        self.form, self.wrong, self.wrong_field = "", "", ""

    def _wanted(self) -> OrderFilter:
        parameters: Mapping[str, str] = page_of(self).query_parameters
        return OrderFilter.parse(parameters)

    async def _read(self) -> None:
        actor, wanted = await actor_of(self), self._wanted()
        self.view = await look(_list, actor, wanted)
        self.is_read = True
        await (await self.get_state(OrderFilterState))._arrived(wanted, actor)
        choice = await self.get_state(BulkChoice)
        choice._show_page([row[NUMBER] for row in self.view.rows], self.view.view, actor)


def _list(actor: Actor, wanted: OrderFilter) -> OrderListView:
    with reading() as session:
        return order_list(session, wanted, actor, actor.language)


def _located(text: str) -> str | None:
    with reading() as session:
        return locate(session, text)


def _follow(
    actor: Actor, wanted: OrderFilter, numbers: list[str], newest: int
) -> tuple[list[list[str]], list[list[str]], str]:
    with reading() as session:
        rows = read_again(session, numbers, wanted, actor, actor.language)
        counted, views = counts(session, actor, actor.language), kept_by(session, actor)
        tabs = tab_rows(counted, wanted.seen_by(actor), actor, actor.language, views)
        fresh = new_since(session, newest)
    return (
        rows,
        tabs,
        ngettext("{count} new order", "{count} new orders", fresh).in_language(actor.language)
        if fresh
        else "",
    )
