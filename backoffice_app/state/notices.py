"""Short messages at the edge of the page. A var, not `rx.toast`: what the server sends as script needs `eval`, which the CSP forbids."""

import asyncio
import secrets
from collections import OrderedDict

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.domain.core.actions import Done, Undo, perform
from backoffice_app.domain.core.rights import Right
from backoffice_app.i18n import LazyText
from backoffice_app.state.base import RUNNING, actor_of, needs, public

DONE = "done"
REFUSED = "refused"
ERROR = "error"
SECONDS = 10
"""How long a notice about something done stays; refusals and errors stay until they are closed."""

Reverse = tuple[int, Undo]
"""The order and the action that takes back what was done to it."""

_WAITING: OrderedDict[str, tuple[LazyText, str, Reverse | None, str]] = OrderedDict()
"""What `tell` was given, until the tab it is meant for fetches it. Sentences and undo never travel through the browser."""


def done(what: Done, order_id: int, number: str) -> EventSpec:
    """The event that tells this tab what an action did to the order `number`, with a button `Undo` where it can be taken back (W-21)."""
    return tell(what.message, DONE, (order_id, what.undo) if what.undo else None, number)


def tell(text: LazyText, kind: str = DONE, reverse: Reverse | None = None, about: str = "") -> EventSpec:
    """The event that shows `text` in this tab, in its user's language. Return or yield it from a handler.

    `about`: the number of the order it speaks of, since it stays when the tab goes on to the next one.
    """
    key = secrets.token_urlsafe(8)
    _WAITING[key] = (text, kind, reverse, about)
    while len(_WAITING) > 1000:  # tabs that went away before they fetched theirs
        _WAITING.popitem(last=False)
    return Notices.show(key)


def language() -> str:
    """The language of the colleague for whom the running event works; English without one."""
    actor = RUNNING.get()
    return actor.language if actor else "en"


class Notices(rx.State):
    """The notices of this tab, oldest first. Keys of each: key, about, text, kind (done, refused, error), undo ("1" or "")."""

    items: list[dict[str, str]] = []
    _reverse: dict[str, Reverse] = {}
    _held: bool = False

    @rx.event
    @public
    async def show(self, key: str) -> EventSpec | None:
        """Puts the waiting notice into this tab. Unknown keys, also made-up ones, do nothing."""
        if key not in _WAITING:
            return None
        text, kind, reverse, about = _WAITING.pop(key)
        item = {"key": key, "about": about, "text": text.in_language(language()), "kind": kind, "undo": "1" if reverse else ""}
        self.items = [*self._staying(reverse), item]
        if reverse:
            self._reverse = {**self._reverse, key: reverse}
        return Notices.clear_later(key) if kind == DONE else None

    @rx.event(background=True)
    @public
    async def clear_later(self, key: str) -> None:
        """Takes the notice away after its time, later if pointer or focus rests on it."""
        held = True
        while held:
            await asyncio.sleep(SECONDS)
            async with self:
                held = self._held and any(item["key"] == key for item in self.items)
                if not held:
                    self._forget(key)

    @rx.event
    @needs(Right.READ)
    async def undo(self, key: str) -> EventSpec | None:
        """Takes back what the notice told of. Right and rules are judged anew, as for any action."""
        if key not in self._reverse:
            return None
        order_id, reverse = self._reverse[key]
        number = next((item["about"] for item in self.items if item["key"] == key), "")
        self._forget(key)
        return done(await asyncio.to_thread(perform, await actor_of(self), reverse.key, order_id, reverse.values), order_id, number)

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

    def _staying(self, reverse: Reverse | None) -> list[dict[str, str]]:
        """What stays beside a new notice: refusals and errors, and the last thing that was done to the same order and can be taken back.

        An `Undo` of another order, or one of a step that was taken back since, would be pressed by mistake.
        """
        same = [item for item in self.items if reverse and self._reverse.get(item["key"], (0,))[0] == reverse[0]][-1:]
        return [item for item in self.items if item["kind"] != DONE][-4:] + same

    def _forget(self, key: str) -> None:
        self.items = [item for item in self.items if item["key"] != key]
        self._reverse = {k: v for k, v in self._reverse.items() if k != key}
