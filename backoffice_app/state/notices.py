"""Short messages at the edge of the page.

A var, not `rx.toast`: what the server sends as script needs `eval`, which the CSP forbids.
"""

import asyncio
import json
import secrets
from collections import OrderedDict

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.domain.core.actions import Done, Undo
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.order import ORDER
from backoffice_app.i18n import LazyText, _
from backoffice_app.settings import settings
from backoffice_app.state.base import page_of, public
from backoffice_app.state.me import ARRIVALS, Me

DONE = "done"
REFUSED = "refused"
ERROR = "error"
SECONDS = 0.0
"""How long a notice about something done stays; 0: as long as it can be undone.

Refusals and errors stay until they are closed, or the person presses Escape or goes to another page.
"""
SHORTEST = 4
"""Seconds in which a notice can be read, where nothing can be undone for so long."""

TAKEN_BACK = {"restore-payments": "not-paid"}
"""What the `Undo` of a step that took something back leaves nothing to do for: the `Undo` of what it took back."""
UNNUMBERED: set[str] = set()
"""Subjects whose number says nothing to a person, so that no notice shows it."""
Waiting = tuple[LazyText, str, Undo | None, Shown]
"""What a notice says, of which kind it is, what takes back what it tells of, and what it speaks of: its subject and
number.
"""

_WAITING: OrderedDict[str, Waiting] = OrderedDict()
"""What `tell` was given, until the tab it is meant for fetches it. Sentences never travel through the browser."""

_LEAVING: set[str] = set()
"""Keys of the notices whose time runs."""


def done(what: Done, shown: Shown) -> EventSpec:
    """The event that tells this tab what an action did to what was `shown`, with `Undo` where it can be taken back
    (W-21).
    """
    return tell(what.message, DONE, what.undo, shown.number, shown.kind)


def unread(number: str) -> EventSpec:
    """The event that tells that what was done is not shown yet."""
    return tell(
        _("It was done, but the page could not be read anew. Load it again to see it."), ERROR, about=number
    )


def tell(
    text: LazyText, kind: str = DONE, reverse: Undo | None = None, about: str = "", subject: str = ORDER.key
) -> EventSpec:
    """The event that shows `text` in this tab, in its user's language. Return or yield it from a handler.

    `about`: the number of what it speaks of, such as an order, since it stays when the tab goes on to the next one.
    `subject`: the key of its subject.
    """
    key = secrets.token_urlsafe(8)
    _WAITING[key] = (text, kind, reverse, Shown(subject, about))
    while len(_WAITING) > 1000:  # tabs that went away before they fetched theirs
        _WAITING.popitem(last=False)
    return Notices.show(key)


class Notices(rx.State):
    """The notices of this tab, oldest first.

    Keys of each: key, about (number of what it speaks of, such as an order, or ""), text, kind (done, refused, error),
    at (the path of the page).

    Where what was done can be taken back also undo (key of the action), undo_about (as `Shown` says it), undo_values
    (as JSON): the button sends all three, so that it takes back what the notice tells of, whatever else happened to
    this tab.
    """

    items: list[dict[str, str]] = []

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
        """Takes the notice away after its time, wherever the pointer rests: one that offers `Undo` no longer than that
        can be done.
        """
        async with self:
            item = next((item for item in self.items if item["key"] == key), None)
            if key in _LEAVING or item is None:
                return
            undo = settings().undo_seconds
            seconds = undo if item["undo"] else SECONDS or max(undo, SHORTEST)
        _LEAVING.add(key)
        try:
            await asyncio.sleep(seconds)
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
    async def clear_errors(self) -> None:
        """Takes the refusals and errors away; what was done can still be taken back."""
        self.items = [item for item in self.items if item["kind"] == DONE]

    def _arrive(self) -> None:
        """A page is shown: refusals and errors of the one before it are gone."""
        here = str(page_of(self).path)
        staying = [item for item in self.items if item["kind"] == DONE or item["at"] == here]
        if len(staying) < len(self.items):
            self.items = staying

    async def _add(
        self,
        text: LazyText | str,
        kind: str,
        reverse: Undo | None = None,
        about: Shown | None = None,
        key: str = "",
    ) -> None:
        """Puts a notice into this tab, in the language the tab is in: the session need not be known, nor the database
        be there.
        """
        language = (await self.get_state(Me)).code
        about = about or Shown(ORDER.key, "")
        number = "" if about.kind in UNNUMBERED else about.number
        item = {"key": key or secrets.token_urlsafe(8), "about": number, "kind": kind}
        item["text"] = text if isinstance(text, str) else text.in_language(language)
        item["at"] = str(page_of(self).path)
        item["undo"] = reverse.key if reverse else ""
        item["undo_about"] = about.text if reverse else ""
        item["undo_values"] = json.dumps(dict(reverse.values)) if reverse else ""
        same = [
            old for old in self._staying(item) if kind == DONE or old["text"] != item["text"]
        ]  # said once, however often it is pressed
        self.items = [*same, item]

    def _staying(self, new: dict[str, str]) -> list[dict[str, str]]:
        """What stays beside a new notice: refusals and errors, and the last thing that was done to the same row and can
        be taken back.

        An `Undo` of another order, or one of a step that was taken back since, would be pressed by mistake.
        """
        if new["kind"] != DONE:
            return self.items[
                -5:
            ]  # a refusal, or a page that can't be read, never hides what was done before it
        same = [
            item
            for item in self.items
            if new["undo"] and item["undo"] and item["undo_about"] == new["undo_about"]
        ][-1:]
        same = [item for item in same if item["undo"] != TAKEN_BACK.get(new["undo"])]
        return [item for item in self.items if item["kind"] != DONE][-4:] + same

    def _forget(self, key: str) -> None:
        """The notice is gone."""
        self.items = [item for item in self.items if item["key"] != key]


async def _arrived(tab: rx.State) -> None:
    """The tab shows another page."""
    (await tab.get_state(Notices))._arrive()


ARRIVALS.append(_arrived)
