"""The order window: one view of one order, one door for all its actions (W, T)."""

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.db import reading
from backoffice_app.domain import (
    drafts,
    everything,  # noqa: F401  # registers the actions
)
from backoffice_app.domain.core.actions import Done, perform
from backoffice_app.domain.core.errors import Away, Invalid, NotFound, Overtaken, Refused, Unknown
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shown import NOT_SHOWN, Shown
from backoffice_app.domain.core.whole import id_of_number
from backoffice_app.domain.listing import OrderFilter, Place, Standing, find_place
from backoffice_app.domain.window import OrderWindow, history_tab, order_window
from backoffice_app.domain.window.changes import has_changed
from backoffice_app.domain.window.views import DocumentView, HistoryTab, LineView, ShipmentView
from backoffice_app.state import hub, notices
from backoffice_app.state.base import act, actor_of, changes, concerns, look, needs
from backoffice_app.state.reread import reread
from backoffice_app.state.subjects import path_part, subject

ORDER = subject("order", lambda state, _actor: path_part(state, 1))
TABS = ("order", "customer", "products", "invoices", "shipments", "history")
OUTLIVES = ("customer-mail",)
"""Dialogs whose text is kept when they are closed."""
TYPED = {"text", "textarea", "email", "tel", "number", "date", "time", "select-one", "url", "search"}
"""Kinds of fields that hold what was typed or chosen, as the browser calls them."""
FORMS = ("pay", "billing", "shipping", "shipment", "part-shipment", "invoice", "hold")
"""Dialogs that `open` fills; `customer-mail` has a state of its own."""

log = logging.getLogger("kontor.order")


class OrderState(rx.State):
    """What the window of this tab shows; made for who looks at it, so a role without prices has none here (SEC-4)."""

    view: OrderWindow = OrderWindow()
    """All but what has vars of its own: an order may have thousands of lines, and only what changed is sent."""
    lines: list[LineView] = []
    shipments: list[ShipmentView] = []
    history: HistoryTab = HistoryTab()
    shown: str = "order"
    """The key of the tab in sight."""
    missing: str = ""
    """The number that was asked for and does not exist."""
    form: str = ""
    """Which dialog is open: one of FORMS, or none."""
    asked: str = ""
    """What the open dialog is about, as `Shown` says it: the order, the version it was filled from, the dialog."""
    shipment: ShipmentView = ShipmentView()
    """The shipment whose dialog is open."""
    document: DocumentView = DocumentView()
    """The invoice whose dialog is open."""
    drafted: dict[str, str] = {}
    """What this colleague had typed into the open dialog before, by field."""
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
    _own: tuple[str, dict[int, int]] = ("", {})
    """Number of the order, and what this tab has changed of it: version before -> after. Its own changes do not overtake it."""
    _done: tuple[str, str, dict[str, str]] | None = None
    """What this tab did last: the second press of a double click is the same once more."""

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
        self.form, self.asked, self.wrong, self.wrong_field, self.missing = "", "", "", "", ""
        self.shown, self._kind = shown, kind
        if self.view.number != number:
            self._show(OrderWindow(), HistoryTab())
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
            self.place, self._opened = await look(_stand, await actor_of(self), self.view.number, self._list, self._opened)

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
        if self.view.id and await look(_changed, self.view, await actor_of(self)):
            await self._read(self.view.number)
        return OrderState.find_place()

    @rx.event(temporal=True)
    @needs(Right.READ)
    @changes(ORDER)
    async def act(self, key: str, about: str, values: dict[str, str]) -> list[EventSpec] | EventSpec | None:
        """Does the action `key` to the order that `about` says, with the values of a form; right and rules are judged in `perform`.

        What it is about comes from the page, never from what this tab remembers: that may be of another order, or gone.
        """
        actor, shown, given = await actor_of(self), Shown.parse(about), dict(values)
        if shown.form and self._done == (key, about, given):
            return None  # the second press of a double click; the first was answered
        try:
            done = await act(do, actor, key, shown, _given(given), self._version_of(shown))
        except (Invalid, Refused) as no:
            await self._read(shown.number)
            if isinstance(no, Overtaken) and shown.form:
                self._show_what_changed(shown)
            if not (shown.form and self.form):
                return notices.tell(no.reason, notices.REFUSED, about=shown.number)
            self.wrong = no.reason.in_language(actor.language)
            self.wrong_field = no.field if isinstance(no, Invalid) else ""
            return None
        self._remember(shown.number, done)
        self._done = (key, about, given)
        await self._drop_draft(actor, shown)
        self.form, self.asked, self.wrong, self.wrong_field = "", "", "", ""
        told = notices.done(done, shown)
        return told if await self._read_after(shown.number) else [told, notices.unread(shown.number)]

    @rx.event(temporal=True)
    @needs(Right.READ)
    @changes(ORDER, here=False)
    async def undo(self, key: str, about: str, action: str, values: str) -> EventSpec:
        """Takes back what the notice `key` told of, on whichever page it still stands: all that is sent is what the notice held.

        `values`: of the action that takes it back, as JSON. Right and rules are judged anew, as for any action.
        """
        shown, given = Shown.parse(about), _object(values)
        notes = await self.get_state(notices.Notices)
        try:
            done = await act(do, await actor_of(self), action, shown, given, None)
        except (Invalid, Refused) as no:
            notes._forget(key)
            return notices.tell(no.reason, notices.REFUSED, about=shown.number)
        notes._forget(key)
        self._remember(shown.number, done)
        return notices.done(done, shown)

    @rx.event
    @needs(Right.READ)
    @concerns(ORDER)
    async def open(self, form: str, about: str, which: str) -> None:
        """Opens a dialog with what is known now; `which`: the number of a shipment or an invoice.

        Without one, a part is taken from the oldest open shipment that has more than one piece.
        """
        if form not in FORMS:
            return
        await self._read(Shown.parse(about).number)
        if form == "part-shipment" and not which:
            which = next((number for number, _word in self.view.to_part), "")
        self.shipment = next((s for s in self.shipments if s.number == which), ShipmentView())
        self.document = next((d for d in self.view.documents if d.number == which), DocumentView())
        self._ask(form)
        self.drafted = await look(drafts.draft_of, await actor_of(self), Shown.parse(self.asked), which)

    @rx.event(temporal=True)
    @needs(Right.READ)
    @changes(ORDER)
    async def keep(self, about: str, which: str, field: str, text: str, kind: str) -> None:
        """Keeps what is typed into the open dialog, so that it outlives the tab and the server. Choices are not text."""
        shown = Shown.parse(about)
        if shown.form in FORMS and field and kind in TYPED:
            await act(drafts.keep, await actor_of(self), shown, which, {field: text})

    @rx.event(temporal=True)
    @needs(Right.READ)
    @changes(ORDER, here=False)
    async def close(self, about: str, stays: bool) -> None:
        """Closes the dialog that is open; what was typed into it is thrown away."""
        if stays is not True:
            shown = Shown.parse(about)
            if shown.form not in OUTLIVES:
                await act(drafts.drop, await actor_of(self), shown)
            self.form, self.asked, self.wrong, self.wrong_field = "", "", "", ""

    def _ask(self, form: str) -> None:
        """The dialog `form` is open, about the order as the window shows it."""
        self.form, self.wrong, self.wrong_field = form, "", ""
        self.asked = Shown(ORDER, self.view.number, str(self.view.version), form).text

    def _remember(self, number: str, done: Done) -> None:
        """What this tab changed of the order `number` does not overtake it."""
        before, after = done.versions
        known = self._own[1] if self._own[0] == number else {}
        self._own = (number, {**known, before: after} if after != before else known)

    def _version_of(self, shown: Shown) -> int | None:
        """The version that was shown; to a button, this tab's own changes since are no news. A dialog was filled once, so it is strict."""
        if not shown.version.isdecimal():
            return None
        version, known = int(shown.version), self._own[1] if self._own[0] == shown.number and not shown.form else {}
        while version in known:
            version = known[version]
        return version

    def _show_what_changed(self, shown: Shown) -> None:
        """The dialog shows how the order stands now; what is typed stays, and may be saved over it (W-16)."""
        self.form, self.asked = shown.form, Shown(ORDER, self.view.number, str(self.view.version), shown.form).text
        self.shipment = next((s for s in self.shipments if s.number == self.shipment.number), self.shipment)

    def _come_from(self, wanted: OrderFilter, *, stays: bool) -> None:
        """`stays`: only another tab of the same order is shown, so it still stands where it stood when it was opened."""
        if not stays or wanted != self._list:
            self._opened = None
        self._list, self.back, self.carried = wanted, wanted.address(), wanted.address("")

    async def _read(self, number: str) -> None:
        """The window shows the order `number` as it is now, or that there is none."""
        actor = await actor_of(self)
        kind = self._kind if self.shown == "history" else None
        try:
            self._show(*await look(_look, actor, number, kind, self.carried))
        except NotFound:
            self._show(OrderWindow(), HistoryTab())
            self.missing = number

    def _show(self, view: OrderWindow, history: HistoryTab) -> None:
        """What is shown; what is as it was is not sent again."""
        if self.lines != view.lines:
            self.lines = view.lines
        if self.shipments != view.shipments:
            self.shipments = view.shipments
        if self.history != history:
            self.history = history
        self.view = replace(view, lines=[], shipments=[])

    def _whole(self) -> OrderWindow:
        """All that the window shows, as one view."""
        return replace(self.view, lines=list(self.lines), shipments=list(self.shipments))

    async def _drop_draft(self, actor: Actor, shown: Shown) -> None:
        """What was saved is no draft any more; trouble with that may never hide that it was saved."""
        try:
            await act(drafts.drop, actor, shown)
        except (Away, Refused, Unknown):
            log.warning("A draft outlives what was saved")

    async def _read_after(self, number: str) -> bool:
        """Reads the views anew after something was done; whether that could be done."""
        return await reread(partial(self._read, number))


def do(actor: Actor, key: str, shown: Shown, values: Mapping[str, object], seen: int | None) -> Done:
    """Does the action `key` to the order that was shown. Raises what `perform` raises."""
    with reading() as session:
        order_id = id_of_number(session, shown.number)
    return perform(actor, key, order_id, values, seen=seen)


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


def _object(text: str) -> dict[str, object]:
    """A JSON object. Raises Refused for what no page sends."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refused(NOT_SHOWN)
    return found


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
