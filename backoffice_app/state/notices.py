"""Short messages at the edge of the page. A var, not `rx.toast`: what the server sends as script needs `eval`, which the CSP forbids."""

import asyncio
import secrets
from collections import OrderedDict
from typing import Any

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.i18n import LazyText
from backoffice_app.state.base import RUNNING, public

DONE = "done"
REFUSED = "refused"
ERROR = "error"
SECONDS = 10
"""How long a notice about something done stays; refusals and errors stay until they are closed."""

_WAITING: OrderedDict[str, tuple[LazyText, str, Any]] = OrderedDict()
"""What `tell` was given, until the tab it is meant for fetches it. Sentences and undo never travel through the browser."""


def tell(text: LazyText, kind: str = DONE, undo: object = None) -> EventSpec:
    """The event that shows `text` in the tab of the running event, in its user's language. Return or yield it from a handler.

    `undo` (what `perform` gave as undo) adds a button `Undo`.
    """
    key = secrets.token_urlsafe(8)
    _WAITING[key] = (text, kind, undo)
    while len(_WAITING) > 1000:  # tabs that went away before they fetched theirs
        _WAITING.popitem(last=False)
    return Notices.show(key)  # type: ignore[no-any-return, call-arg, arg-type]


def language() -> str:
    """The language of the colleague for whom the running event works; English without one."""
    actor = RUNNING.get()
    return actor.language if actor else "en"


class Notices(rx.State):
    """The notices of this tab, oldest first. Keys of each: key, text, kind (done, refused, error), undo ("1" or "")."""

    items: list[dict[str, str]] = []
    _undo: dict[str, Any] = {}
    _held: bool = False

    @rx.event
    @public
    async def show(self, key: str) -> EventSpec | None:
        """Puts the waiting notice into this tab. Unknown keys, also made-up ones, do nothing."""
        if key not in _WAITING:
            return None
        text, kind, undo = _WAITING.pop(key)
        self.items = [*self.items[-4:], {"key": key, "text": text.in_language(language()), "kind": kind, "undo": "1" if undo else ""}]
        if undo:
            self._undo = {**self._undo, key: undo}
        return Notices.clear_later(key) if kind == DONE else None  # type: ignore[no-any-return, call-arg, arg-type]

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
    @public
    async def close(self, key: str) -> None:
        """Takes the notice away now."""
        self._forget(key)

    @rx.event
    @public
    async def hold(self, rests: bool) -> None:
        """Pointer or focus came to the notices (true) or left them (false)."""
        self._held = rests is True

    def _forget(self, key: str) -> None:
        self.items = [item for item in self.items if item["key"] != key]
        self._undo = {k: v for k, v in self._undo.items() if k != key}
