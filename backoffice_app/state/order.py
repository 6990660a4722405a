"""The order window: one view of one order, one door for all its actions (W, T)."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.domain import drafts
from backoffice_app.domain.core.actions import Done
from backoffice_app.domain.core.errors import Asks, Away, Invalid, NotFound, Overtaken, Refused, Unknown
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.core.subjects import Reference, Version
from backoffice_app.domain.listing import OrderFilter, Place, Standing
from backoffice_app.domain.order import ORDER as ORDERS
from backoffice_app.domain.window import OrderView, OrderWindow
from backoffice_app.domain.window.declared import ActionView, Declared
from backoffice_app.domain.window.look import TRACKING
from backoffice_app.domain.window.queries import may_open
from backoffice_app.domain.window.registry import SLOTS, TABS, find_dialog
from backoffice_app.domain.window.views import Offer
from backoffice_app.i18n import LazyList, ngettext
from backoffice_app.state import hub, notices, presence
from backoffice_app.state.base import act, actor_of, changes, concerns, look, needs, page_of, put
from backoffice_app.state.order_blocks import Blocks, show, show_dialog
from backoffice_app.state.order_calls import (
    OF_FORM,
    Seen,
    changed,
    do,
    given_of,
    look_at,
    object_of,
    stand_of,
    stored_of,
)
from backoffice_app.state.order_dialog import OrderDialog
from backoffice_app.state.reread import reread
from backoffice_app.state.subjects import path_part, subject
from backoffice_app.state.visits import with_dialog

ORDER = subject("order", lambda state, _actor: path_part(state, 1))
TYPED = {"text", "textarea", "email", "tel", "number", "date", "time", "select-one", "url", "search"}
"""Kinds of fields that hold what was typed or chosen, as the browser calls them."""
OPENED_BY: dict[str, Callable[[str], EventSpec]] = {}
"""The event that opens a dialog with a state of its own, by the key of the dialog; it is given what `Shown` says."""
AFTER_UNDO: dict[str, Callable[["OrderState", Shown, Mapping[str, object]], Awaitable[None]]] = {}
"""What is done in the tab once the action of this key took something back: it is given what that was about, and its
values.
"""

log = logging.getLogger("kontor.order")


@with_dialog
class OrderState(OrderDialog, rx.State):
    """What the window of this tab shows; made for who looks at it, so a role without prices has none here (SEC-4)."""

    view: OrderView = OrderView()
    """The order itself. What the blocks show has vars of its own (`order_blocks`)."""
    tabs: list[list[str]] = []
    """The tabs, as [key, word, count, address]."""
    tab_name: str = ""
    """The word of the tab in sight."""
    unplaced: list[ActionView] = []
    """Actions that no block shows, for the bar at the bottom."""
    declared: list[list[Declared]] = [[] for _place in range(SLOTS)]
    """The blocks of the tab in sight that are plain data: those of its three columns, then those across them."""
    shown: str = "order"
    """The key of the tab in sight."""
    is_leaving: bool = False
    """Whether another order is on its way: what is still shown is of the one before, and nothing on it can
    be pressed.
    """
    missing: str = ""
    """The number that was asked for and does not exist."""
    place: Place = Place()
    """Where the order stands in the list one came from."""
    back: str = "/orders"
    """The address of that list."""
    also_here: list[str] = []
    """The names of colleagues who look at this order now."""
    also_here_said: str = ""
    """The same as a sentence; "" where there is nobody."""
    carried: str = ""
    """What the addresses of the window's tabs and of the orders beside it take along: "?view=to-ship", "" for the list
    of all.
    """
    _kind: str = ""
    """What the history is narrowed to, as the address says."""
    _list: OrderFilter = OrderFilter()
    _offers: list[Offer] = []
    """What may be done to the order, for the palette."""
    _opened: Standing | None = None
    """Where the order stood when it was opened: what is done to it then does not move the orders beside it."""
    _own: tuple[str, dict[Version, Version]] = ("", {})
    """Number of the order, and what this tab has changed of it: version before -> after.

    Its own changes do not overtake it.
    """

    @rx.event
    @needs(Right.READ)
    async def load(self) -> AsyncIterator[EventSpec | None]:
        """The window shows the order and the tab of the address; it follows what others do to it from now on.

        Its place in the list is read in an event of its own: nobody waits for it to see the order (P-6).
        """
        number, shown = str(self.number), str(self.tab or "")  # type: ignore[attr-defined]  # parts of the route
        shown, kind = shown if shown in TABS else "order", str(page_of(self).query_parameters.get("kind", ""))
        turns_page = self.view.number == number and (self.shown, self._kind) != (shown, kind)
        self._come_from(OrderFilter.parse(page_of(self).query_parameters), stays=turns_page)
        self.missing = ""
        self.shown, self._kind = shown, kind
        if self.view.number != number:
            self.is_leaving = True
            yield None  # shown at once, before the other one is read
            self.is_leaving = False
            self.place = Place()  # the orders beside another one are not those beside this
            await self._show(OrderWindow())
        await self._read(number)
        if self.view.id:
            hub.watch(self, self._room, OrderState.follow)  # type: ignore[arg-type]  # the decorator makes it a handler
            presence.enter(self, self._room, await actor_of(self), OrderState.see_who)  # type: ignore[arg-type]
        await self._see_who()
        yield OrderState.find_place()

    @rx.event
    @needs(Right.READ)
    async def find_place(self) -> None:
        """The orders before and after this one are those of the list one came from (W)."""
        self.place = Place()
        if self.view.number:
            self.place, self._opened = await look(
                stand_of, await actor_of(self), self.view.number, self._list, self._opened
            )

    @rx.event
    @needs(Right.READ)
    async def see_who(self) -> None:
        """Somebody else came to this order, or went."""
        await self._see_who()

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
        """Told that the order changed: reads it anew, unless this tab made the change and has it already; it may have
        left the list.
        """
        if self.view.id and await look(changed, self.view, await actor_of(self)):
            await self._read(self.view.number)
        return OrderState.find_place()

    @rx.event(temporal=True)
    @needs(Right.READ)
    @changes(ORDER)
    async def act(self, key: str, about: str, values: dict[str, str]) -> list[EventSpec] | EventSpec | None:
        """Does the action `key` to the order that `about` says, with the values of a form; right and rules are judged
        in `perform`.

        A form in the page, of which there may be many, names its action in the field `OF_FORM`; `key` is empty then.

        What it is about comes from the page, never from what this tab remembers: that may be of another order, or gone.
        """
        actor, shown, given = await actor_of(self), Shown.parse(about), dict(values)
        key = key or str(given.pop(OF_FORM, ""))
        if shown.form and self._done == (key, about, given):
            return None  # the second press of a double click; the first was answered
        try:
            done = await self._do_together(shown, given_of(given), partial(self._perform, actor, key))
        except Asks as asked:
            await self._read(shown.number)
            self._show_question(asked, key, given, actor.language)
            return None
        except (Invalid, Refused) as no:
            if not (isinstance(no, Overtaken) and shown.form):  # the form was filled anew then
                await self._read(shown.number)
            if not (shown.form and self.form):
                return notices.tell(no.reason, notices.REFUSED, about=shown.number)
            self._show_wrong(no, actor.language)
            return None
        self._remember(shown.number, done)
        self._done = (key, about, dict(values))
        await self._drop_draft(
            actor, replace(shown, form=TRACKING) if key == "ship" and await self._tracking() else shown
        )
        self._close()
        told = notices.done(done, shown)
        if leads := _leads_to(done):
            return [told, rx.redirect(leads)]
        return told if await self._read_after(shown.number) else [told, notices.unread(shown.number)]

    @rx.event(temporal=True)
    @needs(Right.READ)
    @changes(ORDER)
    async def pick(self, key: str, about: str, field: str, value: str) -> list[EventSpec] | EventSpec | None:
        """Does the action `key` with what was chosen from a list in the page as its `field`."""
        return await self.act(key, about, {field: value})

    @rx.event(temporal=True)
    @needs(Right.READ)
    @changes(ORDER, here=False)
    async def undo(self, key: str, about: str, action: str, values: str) -> EventSpec:
        """Takes back what the notice `key` told of, on whichever page it still stands: all that is sent is what the
        notice held.

        `values`: of the action that takes it back, as JSON. Right and rules are judged anew, as for any action.
        """
        shown, given = Shown.parse(about), object_of(values)
        notes = await self.get_state(notices.Notices)
        try:
            done = await act(do, await actor_of(self), action, shown, given, None)
        except (Invalid, Refused) as no:
            notes._forget(key)
            return notices.tell(no.reason, notices.REFUSED, about=shown.number)
        notes._forget(key)
        self._remember(shown.number, done)
        if action in AFTER_UNDO:
            try:
                await AFTER_UNDO[action](self, shown, given)
            except (Away, Refused, Unknown):  # it is taken back all the same
                log.warning("What followed the undo of %s could not be done", action)
        return notices.done(done, shown)

    @rx.event
    @needs(Right.READ)
    @concerns(ORDER)
    async def open(self, form: str, about: str, which: str) -> EventSpec | None:
        """Opens a dialog with what is known now; `which`: the part of the order it is about, such as the number of a
        shipment.
        """
        dialog, actor = find_dialog(form), await actor_of(self)
        if dialog is None or not may_open(dialog, actor):
            return None
        if dialog.own_state:
            return OPENED_BY[form](about)
        self._done = None
        await self._read(Shown.parse(about).number, form, which)
        self._ask(form)
        self._begin(self.asked, self._stored)
        self.drafted = await look(drafts.draft_of, actor, Shown.parse(self.asked), self._which)
        return None

    @rx.event(temporal=True)
    @needs(Right.READ)
    @changes(ORDER)
    async def keep(self, about: str, which: str, field: str, text: str, kind: str) -> None:
        """Keeps what is typed into the open dialog, so that it outlives the tab and the server.

        Choices are not text.
        """
        shown = Shown.parse(about)
        is_over = (
            self._done is not None and self._done[1] == about
        )  # what was typed last is told after the press that saved it
        dialog = find_dialog(shown.form)
        if dialog is not None and not dialog.own_state and field and kind in TYPED and not is_over:
            await act(drafts.keep, await actor_of(self), shown, which, {field: text})
            if dialog.kept and not self.form and self.view.number == shown.number:
                await self._read(
                    shown.number
                )  # it was closed before this was told: now the page can offer it

    @rx.event(temporal=True)
    @needs(Right.READ)
    @changes(ORDER)
    async def keep_tracking(self, about: str, field: str, text: str, kind: str) -> None:
        """Keeps the tracking number that is typed into the page, while one looks at another tab or order.

        A scanner presses Enter before this is told; a number that was shipped with is typed no longer.
        """
        is_over = self._done is not None and self._done[:2] == ("ship", about)
        if field != TRACKING or kind not in TYPED or is_over:
            return
        shown = replace(Shown.parse(about), form=TRACKING)
        await act(drafts.keep, await actor_of(self), shown, "", {TRACKING: text})
        if self.view.number == shown.number:
            blocks = await self.get_state(Blocks)
            put(blocks, {"shipping_method": replace(blocks.shipping_method, tracking=text)})

    @rx.event(temporal=True)
    @needs(Right.READ)
    @changes(ORDER)
    async def discard(self, about: str, form: str) -> None:
        """Throws away what was typed into the dialog `form` and not saved."""
        shown = Shown.parse(about)
        await act(drafts.drop, await actor_of(self), replace(shown, form=form))
        self._done = ("discard", about, {})
        self._close()
        await self._read(shown.number)

    @rx.event(temporal=True)
    @needs(Right.READ)
    @changes(ORDER, here=False)
    async def close(self, about: str, stays: bool) -> None:
        """Closes the dialog that is open; what was typed into it is thrown away, unless it outlives it."""
        if stays is not True:
            shown = Shown.parse(about)
            dialog = find_dialog(shown.form)
            is_kept = dialog is not None and dialog.kept
            if not is_kept:
                await act(drafts.drop, await actor_of(self), shown)
                self._done = ("close", about, {})
            self._close()
            if is_kept and self.view.number == shown.number:
                await self._read(shown.number)  # the page offers to go on with what was typed

    def _ask(self, form: str) -> None:
        """The dialog `form` is open, about the order as the window shows it."""
        self._close()
        self.form = form
        self.asked = Shown(ORDER, self.view.number, str(self.view.version), form).text

    def _remember(self, number: str, done: Done) -> None:
        """What this tab changed of the order `number` does not overtake it."""
        before, after = done.versions
        known = self._own[1] if self._own[0] == number else {}
        self._own = (number, {**known, before: after} if after != before else known)

    def _version_of(self, shown: Shown) -> Version | None:
        """The version that was shown; to a button, this tab's own changes since are no news.

        A dialog was filled once, so it is strict.
        """
        version: Version | None = shown.seen
        if version is None:
            return None
        known = self._own[1] if self._own[0] == shown.number and not shown.form else {}
        while version in known:
            version = known[version]
        return version

    def _row_asked(self) -> Reference:
        return ORDERS, self.view.id

    async def _look_again(self, shown: Shown) -> None:
        """The dialog shows how the order stands now; what is typed stays, and may be saved over it (W-16)."""
        if shown.form:
            await self._read(shown.number, shown.form, self._which)
            self.form, self.asked = (
                shown.form,
                Shown(ORDER, self.view.number, str(self.view.version), shown.form).text,
            )

    async def _perform(self, actor: Actor, key: str, shown: Shown, values: Mapping[str, object]) -> Done:
        return await act(do, actor, key, shown, values, self._version_of(shown))

    @property
    def _room(self) -> str:
        """The topic of the order, where those who look at it are together."""
        return f"order-{self.view.id}"

    async def _see_who(self) -> None:
        actor = await actor_of(self)
        names = presence.ROOMS.others(self._room, actor) if self.view.id else []
        said = (
            ngettext("{names} is here too", "{names} are here too", len(names)).format(names=LazyList(names))
            if names
            else None
        )
        put(self, {"also_here": names, "also_here_said": said.in_language(actor.language) if said else ""})

    def _come_from(self, wanted: OrderFilter, *, stays: bool) -> None:
        """`stays`: only another tab of the same order is shown, so it still stands where it stood when it
        was opened.
        """
        if not stays or wanted != self._list:
            self._opened = None
        self._list, self.back, self.carried = wanted, wanted.address(), wanted.address("")

    async def _read(self, number: str, dialog: str = "", which: str = "") -> None:
        """The window shows the order `number` as it is now, or that there isn't one; `dialog`, about `which`,
        is filled.
        """
        actor, seen = await actor_of(self), Seen(self.shown, self._kind, self.carried)
        try:
            await self._show(await look(look_at, actor, number, seen, dialog, which), dialog)
        except NotFound:
            await self._show(OrderWindow())
            self.missing = number

    async def _show(self, window: OrderWindow, dialog: str = "") -> None:
        """What is shown; what is as it was is not sent again."""
        put(
            self,
            {
                "view": window.order,
                "tabs": window.tabs,
                "tab_name": next((tab[1] for tab in window.tabs if tab[0] == self.shown), ""),
                "unplaced": window.unplaced,
                "declared": window.declared,
            },
        )
        self._offers = window.offers
        await show(self, window)
        if dialog:
            self._which, self._stored = window.which, stored_of(window, dialog)
            put(self, {"drawn": window.form})
            if window.dialog is not None:
                await show_dialog(self, dialog, window.dialog)

    async def _tracking(self) -> str:
        """The tracking number that is typed and not sent off yet."""
        return (await self.get_state(Blocks)).shipping_method.tracking

    async def _drop_draft(self, actor: Actor, shown: Shown) -> None:
        """What was saved is no draft any more; trouble with that may never hide that it was saved."""
        try:
            await act(drafts.drop, actor, shown)
        except (Away, Refused, Unknown):
            log.warning("A draft outlives what was saved")

    async def _read_after(self, number: str) -> bool:
        """Reads the views anew after something was done; whether that could be done."""
        return await reread(partial(self._read, number))


def _leads_to(done: Done) -> str:
    """The address that the window goes on to: the order that was made, the list where this one is gone; "" where it
    stays.
    """
    if made := done.made.get("orders"):
        return f"/orders/{made[0]}"
    return "/orders" if done.made.get("deleted") else ""
