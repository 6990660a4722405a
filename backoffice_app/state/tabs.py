"""The open tabs of this process: what their sockets may say, whose they are, and when what they remember goes (SEC-1,
SEC-2).

A session that ends, and a role that changes, end in open tabs too: the tab's state is emptied, its page loads anew, by
full load, and its socket closes. A tab that closed is remembered for an hour.
"""

import asyncio
import hashlib
import time
from collections.abc import Coroutine
from contextvars import Context
from typing import Any

import reflex as rx
from reflex.app import EventNamespace
from reflex.istate.manager.memory import StateManagerMemory
from reflex_base.constants import SocketEvent

from backoffice_app import wake
from backoffice_app.domain.core.errors import Away
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.people import of_sessions
from backoffice_app.security_log import Event, log_event
from backoffice_app.state import hub
from backoffice_app.state.base import actor_behind, session_token
from backoffice_app.state.me import Me

FROM_A_TAB = frozenset({"event", "ping", "client_error"})
"""All that Reflex' own client sends. Whatever else comes is written by hand."""
KEPT = 3_600.0
"""Seconds that a closed tab is remembered, so that a lost connection loses nothing."""
ROUND = 30.0
MOST_CLOSED = 500
"""Closed tabs that are remembered; the longest closed goes first."""
LONGEST_ADDRESS = 16_000


class Namespace(EventNamespace):
    """Reflex' namespace, which takes from a client what a tab sends and nothing else.

    python-socketio hands each event `x` of a client to `on_x`: one named `connect` would write the handshake of its own
    socket anew, cookie and all, and one named `disconnect` would untie it from its tab.
    """

    async def trigger_event(self, event: object, *args: Any) -> object:
        """Passes on what the server itself says, and what a tab sends; a client that sends anything else loses its
        socket.
        """
        if isinstance(event, str) and (event in FROM_A_TAB or self._is_the_servers(event, *args)):
            return await super().trigger_event(event, *args)
        sid = str(args[0])
        log_event(Event.SOCKET_REFUSED, why="not what a tab sends")
        await self.app.sio.disconnect(sid, namespace=self.namespace)  # type: ignore[union-attr]
        return None

    async def on_event(self, sid: str, data: Any) -> None:
        """Takes an event with the address as a tab says it and nothing else: all of it would stay in memory."""
        if isinstance(data, dict):
            address = _address(data.get("router_data"))
            if len(repr(address)) > LONGEST_ADDRESS:
                log_event(Event.SOCKET_REFUSED, why="an address that no page has")
                await self.app.sio.disconnect(sid, namespace=self.namespace)  # type: ignore[union-attr]
                return
            data = {**data, "router_data": address}
        await super().on_event(sid, data)

    def on_disconnect(self, sid: str) -> asyncio.Task[Any] | None:
        """A tab lost its socket: anyone who looks at the same as it did is told."""
        token = self.sid_to_token.get(sid)
        if token is not None:
            hub.lost(token)
        return super().on_disconnect(sid)

    def _is_the_servers(self, event: object, sid: str, *rest: object) -> bool:
        """A handshake comes with the server's own record of it, and a socket ends that the server has given
        up already.
        """
        sockets = self.app.sio
        if sockets is None:
            return False
        if event == "connect":
            return (
                bool(rest)
                and rest[0] is sockets.get_environ(sid, self.namespace)
                and sid not in self._static_router_data
            )
        return event == "disconnect" and not sockets.manager.is_connected(sid, self.namespace)


def _address(sent: object) -> dict[str, object]:
    """Path and query of an address, as a tab sends them."""
    return (
        {name: sent[name] for name in ("pathname", "asPath", "query") if name in sent}
        if isinstance(sent, dict)
        else {}
    )


class Tabs:
    """All tabs of this process."""

    def __init__(self, app: rx.App) -> None:
        if app.sio is None:
            raise AssertionError("an app without sockets")
        self.app = app
        self.sockets = app.sio
        self.namespace = Namespace("/_event", app)
        app._event_namespace = self.namespace
        app.sio.register_namespace(self.namespace)
        self.running: set[asyncio.Task[None]] = set()
        OPEN.append(self)

    @property
    def states(self) -> StateManagerMemory:
        """What the tabs remember."""
        found = self.app.state_manager
        if not isinstance(found, StateManagerMemory):
            raise TypeError("the state of tabs is in memory, always: rxconfig.py was not read")
        return found

    def heard(self, topic: str) -> None:
        """A topic changed: where it is the sessions of a colleague, or unknown, each open tab is asked whose it is.

        On the event loop.
        """
        if topic == wake.EVERYTHING or topic.startswith(of_sessions("")):
            self._later(self._look_again())

    def begin_anew(self, sid: str) -> None:
        """This socket's tab is emptied and loads its page anew; the door then leads where it belongs."""
        self._later(self._begin_anew(sid))

    async def forget_closed(self) -> None:
        """The server's task that forgets tabs which closed an hour ago."""
        while True:
            await asyncio.sleep(ROUND)
            self.forget(time.time() - KEPT)

    def forget(self, before: float) -> None:
        """Forgets tabs without a socket whose last event was before this moment (seconds since 1970), and all beyond
        the newest few.
        """
        states = self.states
        closed = [
            (at, token)
            for at, token in states._token_expires_at.values()
            if token.ident not in self.namespace.token_to_sid
        ]
        closed.sort(key=lambda one: one[0], reverse=True)
        for n, (expires, token) in enumerate(closed):
            if n >= MOST_CLOSED or expires - states.token_expiration < before:
                states._purge_token(token)
                hub.forget(token.ident)

    async def _look_again(self) -> None:
        for sid, token in list(self.namespace.sid_to_token.items()):
            try:
                actor = await actor_behind(self._cookies(sid))
            except Away:  # the next event of each tab asks again
                return
            known = next((state for key, state in self.states.states.items() if token in key), None)
            whose = known.get_substate(Me.get_full_name().split("."))._whose if known is not None else ""
            if actor is None or (whose and whose != whose_is(actor, self._cookies(sid))):
                await self._begin_anew(sid)

    async def _begin_anew(self, sid: str) -> None:
        """Told as Reflex tells a tab of another version of the app: that loads the page, and nothing of it stays in the
        browser.
        """
        token = self.namespace.sid_to_token.get(sid)
        if token is None:
            return
        await self.namespace.emit(
            str(SocketEvent.STATE_MISMATCH), {"backend": "", "reload_cooldown_ms": 0}, to=sid
        )
        await self.sockets.disconnect(sid, namespace=self.namespace.namespace)
        hub.forget(token)
        for _expires, known in list(self.states._token_expires_at.values()):
            if known.ident == token:
                self.states._purge_token(known)

    def _cookies(self, sid: str) -> str:
        headers = self.namespace._static_router_data.get(sid, {}).get("headers", {})
        return str(headers.get("cookie", ""))

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work, context=Context())
        self.running.add(task)
        task.add_done_callback(self.running.discard)


OPEN: list[Tabs] = []
"""The tabs of this process, once the app is put together."""


def whose_is(actor: Actor, cookies: str) -> str:
    """Whose tab it is: a digest of the session, and the role as long as it is this one."""
    return hashlib.sha256(f"{session_token(cookies)} {actor.role}".encode()).hexdigest()


def begin_anew(sid: str) -> None:
    """The tab of this socket is emptied and loads its page anew."""
    for tabs in OPEN:
        tabs.begin_anew(sid)
