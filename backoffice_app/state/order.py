"""The order window: one view of one order, one door for all its actions (W, T)."""

import asyncio
from collections.abc import Mapping

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.db import reading
from backoffice_app.domain import everything  # noqa: F401  # registers the actions
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Invalid, NotFound, Overtaken, Refused
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.listing import OrderFilter, Place, Standing, find_place
from backoffice_app.domain.window import OrderWindow, history_tab, order_window
from backoffice_app.domain.window.changes import has_changed
from backoffice_app.domain.window.views import DocumentView, HistoryTab, ShipmentView
from backoffice_app.state import hub, notices
from backoffice_app.state.base import actor_of, needs

TABS = ("order", "customer", "products", "invoices", "shipments", "history")
FILLED_FORMS = ("edit-address", "edit-shipment", "part-shipment")
"""Actions whose dialog starts with what is there: what others changed meanwhile is not overwritten unseen (W-16)."""
FORMS = ("pay", "billing", "shipping", "shipment", "part-shipment", "invoice", "hold")
"""Dialogs that `open` fills; `customer-mail` has a state of its own."""


class OrderState(rx.State):
    """What the window of this tab shows; made for who looks at it, so a role without prices has none here (SEC-4)."""

    view: OrderWindow = OrderWindow()
    history: HistoryTab = HistoryTab()
    shown: str = "order"
    """The key of the tab in sight."""
    missing: str = ""
    """The number that was asked for and does not exist."""
    form: str = ""
    """Which dialog is open: one of FORMS, or none."""
    shipment: ShipmentView = ShipmentView()
    """The shipment whose dialog is open."""
    document: DocumentView = DocumentView()
    """The invoice whose dialog is open."""
    wrong: str = ""
    """What the rules or the input object to in the open dialog."""
    wrong_field: str = ""
    place: Place = Place()
    """Where the order stands in the list one came from."""
    back: str = "/orders"
    """The address of that list."""
    carried: str = ""
    """What the addresses of the window's tabs and of the orders beside it take along: "?view=to-ship", "" for the list of all."""
    _kind: str = ""
    """What the history is narrowed to, as the address says."""
    _list: OrderFilter = OrderFilter()
    _opened: Standing | None = None
    """Where the order stood when it was opened: what is done to it then does not move the orders beside it."""
    _seen: int = 0
    """The version of the order that the open dialog was filled from (W-16)."""

    @rx.event
    @needs(Right.READ)
    async def load(self) -> EventSpec:
        """The window shows the order and the tab of the address; it follows what others do to it from now on.

        Its place in the list is read in an event of its own: nobody waits for it to see the order (P-6).
        """
        number, shown = str(self.number), str(self.tab or "")  # type: ignore[attr-defined]  # parts of the route
        shown, kind = shown if shown in TABS else "order", str(self.router.url.query_parameters.get("kind", ""))
        turns_page = self.view.number == number and (self.shown, self._kind) != (shown, kind)
        self._come_from(OrderFilter.parse(self.router.url.query_parameters), stays=turns_page)
        self.form, self.wrong, self.wrong_field, self.missing = "", "", "", ""
        self.shown, self._kind = shown, kind
        if self.view.number != number:
            self.view, self.history = OrderWindow(), HistoryTab()
        await self._read(number)
        if self.view.id:
            hub.watch(self, f"order-{self.view.id}", OrderState.follow)  # type: ignore[arg-type]  # the decorator makes it a handler
        return OrderState.find_place()

    @rx.event
    @needs(Right.READ)
    async def find_place(self) -> None:
        """The orders before and after this one are those of the list one came from (W)."""
        self.place = Place()
        if self.view.number:
            self.place, self._opened = await asyncio.to_thread(_stand, await actor_of(self), self.view.number, self._list, self._opened)

    @rx.event
    @needs(Right.READ)
    async def refresh(self) -> EventSpec:
        """The views are read anew; what is typed into a dialog stays."""
        if self.view.number:
            await self._read(self.view.number)
        return OrderState.find_place()

    @rx.event
    @needs(Right.READ)
    async def follow(self) -> EventSpec:
        """Told that the order changed: reads it anew, unless this tab made the change and has it already; it may have left the list."""
        if self.view.id and await asyncio.to_thread(_changed, self.view, await actor_of(self)):
            await self._read(self.view.number)
        return OrderState.find_place()

    @rx.event
    @needs(Right.READ)
    async def act(self, key: str, values: dict[str, str]) -> EventSpec | None:
        """Does the action `key` to this order with the values of a form; right and rules are judged in `perform`."""
        actor = await actor_of(self)
        if key in FILLED_FORMS and not self.form:
            return None  # the second click of a double click: the first has closed the dialog
        seen = self._seen if key in FILLED_FORMS else None
        try:
            done = await asyncio.to_thread(perform, actor, key, self.view.id, _given(values), seen=seen)
        except (Invalid, Refused) as no:
            await self._read(self.view.number)
            if isinstance(no, Overtaken):
                self._show_what_changed()
            if not self.form:
                return notices.tell(no.reason, notices.REFUSED, about=self.view.number)
            self.wrong = no.reason.in_language(actor.language)
            self.wrong_field = no.field if isinstance(no, Invalid) else ""
            return None
        order_id, number = self.view.id, self.view.number
        self.form, self.wrong, self.wrong_field = "", "", ""
        await self._read(number)
        return notices.done(done, order_id, number)

    @rx.event
    @needs(Right.READ)
    async def open(self, form: str, which: str) -> None:
        """Opens a dialog with what is known now; `which`: the number of a shipment or an invoice.

        Without one, a part is taken from the oldest open shipment that has more than one piece.
        """
        if form not in FORMS:
            return
        await self._read(self.view.number)
        if form == "part-shipment" and not which:
            which = next((number for number, _word in self.view.to_part), "")
        self.shipment = next((s for s in self.view.shipments if s.number == which), ShipmentView())
        self.document = next((d for d in self.view.documents if d.number == which), DocumentView())
        self.form, self.wrong, self.wrong_field, self._seen = form, "", "", self.view.version

    @rx.event
    @needs(Right.READ)
    async def close(self, stays: bool) -> None:
        """Closes the dialog that is open."""
        if stays is not True:
            self.form, self.wrong, self.wrong_field = "", "", ""

    def _show_what_changed(self) -> None:
        """The dialog shows how the order stands now; what is typed stays, and may be saved over it (W-16)."""
        self._seen = self.view.version
        self.shipment = next((s for s in self.view.shipments if s.number == self.shipment.number), self.shipment)

    def _come_from(self, wanted: OrderFilter, *, stays: bool) -> None:
        """`stays`: only another tab of the same order is shown, so it still stands where it stood when it was opened."""
        if not stays or wanted != self._list:
            self._opened = None
        self._list, self.back, self.carried = wanted, wanted.address(), wanted.address("")

    async def _read(self, number: str) -> None:
        actor = await actor_of(self)
        kind = self._kind if self.shown == "history" else None
        try:
            self.view, self.history = await asyncio.to_thread(_look, actor, number, kind, self.carried)
        except NotFound:
            self.view, self.history, self.missing = OrderWindow(), HistoryTab(), number


def _look(actor: Actor, number: str, kind: str | None, carried: str) -> tuple[OrderWindow, HistoryTab]:
    with reading() as session:
        view = order_window(session, number, actor, actor.language)
        return view, HistoryTab() if kind is None else history_tab(session, view, actor, actor.language, kind, carried=carried)


def _stand(actor: Actor, number: str, wanted: OrderFilter, opened: Standing | None) -> tuple[Place, Standing | None]:
    with reading() as session:
        try:
            return find_place(session, number, wanted, actor, actor.language, opened=opened)
        except NotFound:
            return Place(), None


def _changed(shown: OrderWindow, actor: Actor) -> bool:
    with reading() as session:
        return has_changed(session, shown, actor)


def _given(values: Mapping[str, object]) -> dict[str, object]:
    """The fields of a form as texts, `quantities.2` being the value 2 of `quantities`.

    A client may send anything, the action's input model refuses what is not its own.
    """
    given: dict[str, object] = {}
    for name, value in values.items():
        whole, _dot, part = str(name).partition(".")
        inner = given.setdefault(whole, {}) if part else None
        if isinstance(inner, dict):
            inner[part] = value
        else:
            given[str(name)] = value
    return given
