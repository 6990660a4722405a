"""Who else looks at something now (W-16): which tabs watch it, told from process to process and stored nowhere.

The other processes are told in the word that wakes them, who was there with it. One that dies is forgotten after `GOOD`
seconds, and each says anew who is there before that.
"""

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

import reflex as rx
from reflex.event import EventHandler

from backoffice_app import wake
from backoffice_app.domain.core.rights import Actor
from backoffice_app.state.base import socket_of
from backoffice_app.state.hub import HUB, watch

PREFIX = "here:"
PAUSE = 0.3
"""Seconds until it is told who is there: a tab that turns a page is there before and after."""
AGAIN, GOOD = 300.0, 700.0
"""Seconds after which it is told anew who is there, and for which that is believed."""
Person = tuple[int, str]
"""Id and name of a colleague."""


@dataclass
class Rooms:
    """Who is where. A room is a topic of the hub, such as "order-7"."""

    own: str = field(default_factory=lambda: secrets.token_hex(4))
    names: dict[str, Person] = field(default_factory=dict)
    """Client token of a tab -> whose it is."""
    told: dict[str, frozenset[Person]] = field(default_factory=dict)
    """Room -> who is there in this process, as it was told last."""
    elsewhere: dict[str, dict[str, tuple[float, frozenset[Person]]]] = field(default_factory=dict)
    """Room -> other process -> when it was heard, and who is there."""
    waiting: set[str] = field(default_factory=set)

    def others(self, room: str, actor: Actor) -> list[str]:
        """The names of all who are there but this colleague, in their order."""
        now = time.monotonic()
        heard = [people for at, people in self.elsewhere.get(room, {}).values() if now - at < GOOD]
        found = frozenset().union(self._here(room), *heard)
        return sorted({name for id_, name in found if id_ != actor.id}, key=str.casefold)

    def look_again(self, room: str) -> None:
        """Soon it is told who is there now, if that is news. On the event loop."""
        if room not in self.waiting and HUB.loop is not None and not HUB.loop.is_closed():
            self.waiting.add(room)
            HUB.loop.call_later(PAUSE, self._tell, room)

    def left(self, room: str, token: str) -> None:
        """A tab watches `room` no more, or lost its socket."""
        if token in self.names and (room in self.told or room in self.waiting):
            self.look_again(room)

    def heard(self, word: str) -> None:
        """What another process tells, or that words may have been lost. On the event loop."""
        if word == wake.EVERYTHING:
            self.elsewhere.clear()
            for room in self.told:
                wake.say([self._word(room)])
        if not word.startswith(PREFIX):
            return
        room, process, people = (unquote(part) for part in word.removeprefix(PREFIX).split(":", 2))
        known = self.elsewhere.setdefault(room, {})
        is_new = process not in known
        known[process] = (time.monotonic(), frozenset(_person(one) for one in people.split(",") if one))
        if is_new and room in self.told:
            wake.say([self._word(room)])  # it has just opened the room, and heard nothing before
        HUB.changed(topic_of(room))

    async def keep_telling(self) -> None:
        """The server's task: who is still there is told anew, and what was heard long ago is forgotten."""
        while True:
            await asyncio.sleep(AGAIN)
            wake.say(map(self._word, self.told))
            old = time.monotonic() - GOOD
            self.elsewhere = {
                room: kept
                for room, known in self.elsewhere.items()
                if (kept := {process: said for process, said in known.items() if said[0] > old and said[1]})
            }
            self.names = {
                token: who
                for token, who in self.names.items()
                if any(token in tabs for tabs in HUB.watching.values())
            }

    def _here(self, room: str) -> frozenset[Person]:
        connected = (
            set(HUB.app.event_namespace.sid_to_token.values())
            if HUB.app and HUB.app.event_namespace
            else set()
        )
        return frozenset(
            self.names[token]
            for token in HUB.watching.get(room, {})
            if token in self.names and token in connected
        )

    def _tell(self, room: str) -> None:
        self.waiting.discard(room)
        now = self._here(room)
        if now == self.told.get(room, frozenset()):
            return
        self.told[room] = now
        wake.say([self._word(room)])
        if not now:
            del self.told[room]
        HUB.changed(topic_of(room))

    def _word(self, room: str) -> str:
        people = ",".join(
            f"{id_}={quote(quote(name, safe=''), safe='')}" for id_, name in sorted(self.told[room])
        )
        return f"{PREFIX}{quote(room, safe='')}:{self.own}:{people}"


ROOMS = Rooms()


def topic_of(room: str) -> str:
    """The topic that changes when somebody comes or goes."""
    return f"who-is-at-{room}"


def enter(tab: rx.State, room: str, actor: Actor, refresh: EventHandler) -> None:
    """This tab, which watches `room`, is there from now on, until it watches it no more; `refresh` is run when others
    come or go.
    """
    ROOMS.names[socket_of(tab).client_token] = (actor.id, actor.name)
    watch(tab, topic_of(room), refresh)
    ROOMS.look_again(room)


def _person(text: str) -> Person:
    id_, _equals, name = text.partition("=")
    return int(id_), unquote(name)
