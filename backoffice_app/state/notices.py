"""Short messages at the edge of the page. A var, not `rx.toast`: what the server sends as script needs `eval`, which the CSP forbids."""

import asyncio
import json
import secrets
from collections import OrderedDict

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.domain.core.actions import Done, Undo
from backoffice_app.domain.core.shown import Shown
from backoffice_app.i18n import LazyText, _
from backoffice_app.state.base import public
from backoffice_app.state.me import Me

DONE = "done"
REFUSED = "refused"
ERROR = "error"
SECONDS = 10
"""How long a notice about something done stays; refusals and errors stay until they are closed."""

MOST_ROUNDS = 30
"""How many times that is waited for a pointer that rests on it."""

Waiting = tuple[LazyText, str, Undo | None, str]
"""What a notice says, of which kind it is, what takes back what it tells of, and the number of the order it speaks of."""

_WAITING: OrderedDict[str, Waiting] = OrderedDict()
"""What `tell` was given, until the tab it is meant for fetches it. Sentences never travel through the browser."""

_LEAVING: set[str] = set()
"""Keys of the notices whose time runs."""


def done(what: Done, shown: Shown) -> EventSpec:
    """The event that tells this tab what an action did to the order that was `shown`, with `Undo` where it can be taken back (W-21)."""
    return tell(what.message, DONE, what.undo, shown.number)


def unread(number: str) -> EventSpec:
    """The event that tells that what was done is not shown yet."""
    return tell(_("It was done, but the page could not be read anew. Load it again to see it."), ERROR, about=number)


def tell(text: LazyText, kind: str = DONE, reverse: Undo | None = None, about: str = "") -> EventSpec:
    """The event that shows `text` in this tab, in its user's language. Return or yield it from a handler.

    `about`: the number of the order it speaks of, since it stays when the tab goes on to the next one.
    """
    key = secrets.token_urlsafe(8)
    _WAITING[key] = (text, kind, reverse, about)
    while len(_WAITING) > 1000:  # tabs that went away before they fetched theirs
        _WAITING.popitem(last=False)
    return Notices.show(key)


class Notices(rx.State):
    """The notices of this tab, oldest first. Keys of each: key, about (number of an order or ""), text, kind (done, refused, error).

    Where what was done can be taken back also undo (key of the action), undo_about (as `Shown` says it), undo_values (as JSON): the
    button sends all three, so that it takes back what the notice tells of, whatever else happened to this tab.
    """

    items: list[dict[str, str]] = []
    _held: bool = False

    @rx.event
    @public
    async def show(self, key: str) -> EventSpec | None:
        """Puts the waiting notice into this tab. Unknown keys, also made-up ones, do nothing."""
        if key not in _WAITING:
            return None
        text, kind, reverse, about = _WAITING.pop(key)
        await self._add(text, kind, reverse, about, key)
        return Notices.clear_later(key) if kind == DONE else None

    @rx.event(background=True)
    @public
    async def clear_later(self, key: str) -> None:
        """Takes the notice away after its time, later if pointer or focus rests on it, but not for ever: the tab may be gone."""
        async with self:
            if key in _LEAVING or not self._is_there(key):
                return
        _LEAVING.add(key)
        try:
            for _round in range(MOST_ROUNDS):
                await asyncio.sleep(SECONDS)
                async with self:
                    if not (self._held and self._is_there(key)):
                        break
            async with self:
                self._forget(key)
        finally:
            _LEAVING.discard(key)

    @rx.event
    @public
    async def close(self, key: str) -> None:
        """Takes the notice away now."""
        self._forget(key)

    @rx.event
    @public
    async def hold(self, rests: bool) -> None:
        """Pointer or focus came to the notices (true) or left them (false)."""
        self._held = rests is True

    async def _add(self, text: LazyText, kind: str, reverse: Undo | None = None, about: str = "", key: str = "") -> None:
        """Puts a notice into this tab, in the language the tab is in: the session need not be known, nor the database be there."""
        language = (await self.get_state(Me)).code
        item = {"key": key or secrets.token_urlsafe(8), "about": about, "text": text.in_language(language), "kind": kind}
        item["undo"] = reverse.key if reverse else ""
        item["undo_about"] = Shown("order", about).text if reverse else ""
        item["undo_values"] = json.dumps(dict(reverse.values)) if reverse else ""
        same = [old for old in self._staying(item) if kind == DONE or old["text"] != item["text"]]  # said once, however often it is pressed
        self.items = [*same, item]

    def _staying(self, new: dict[str, str]) -> list[dict[str, str]]:
        """What stays beside a new notice: refusals and errors, and the last thing that was done to the same order and can be taken back.

        An `Undo` of another order, or one of a step that was taken back since, would be pressed by mistake.
        """
        if new["kind"] != DONE:
            return self.items[-5:]  # a refusal, or a page that can't be read, never hides what was done before it
        same = [item for item in self.items if new["undo"] and item["undo"] and item["about"] == new["about"]][-1:]
        return [item for item in self.items if item["kind"] != DONE][-4:] + same

    def _is_there(self, key: str) -> bool:
        return any(item["key"] == key for item in self.items)

    def _forget(self, key: str) -> None:
        """The notice is gone."""
        self.items = [item for item in self.items if item["key"] != key]
