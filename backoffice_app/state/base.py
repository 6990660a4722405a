"""What every state stands on: who is behind an event, and the threads it works in; the marks of its handlers are handed
on from here.

Two pools of threads, so that clicks which wait for a locked order leave room for everybody who only looks (SEC-2).
"""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context
from functools import partial
from typing import ParamSpec, TypeVar, cast

import reflex as rx
from reflex.istate.data import ReflexURL, SessionData
from starlette.requests import HTTPConnection, cookie_parser

from backoffice_app.caller import address_of
from backoffice_app.domain import people
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.rights import Actor
from backoffice_app.i18n import _
from backoffice_app.marks import COOKIE, changes, concerns, needs, public

__all__ = [
    "RUNNING",
    "act",
    "actor_behind",
    "actor_of",
    "address_behind",
    "changes",
    "concerns",
    "cookies_of",
    "look",
    "needs",
    "page_of",
    "public",
    "put",
    "session_token",
    "socket_of",
]

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
_LOOKING = ThreadPoolExecutor(12, "kontor-look")
_ACTING = ThreadPoolExecutor(12, "kontor-act")
"""Both together take fewer connections than a process has (`db.POOL`), so that clicks which wait for a lock leave some
to the rest.
"""

RUNNING: ContextVar[Actor | None] = ContextVar("running", default=None)
"""The actor of the event that runs now; the gate sets it, threads started by `asyncio.to_thread` inherit it."""


def session_token(cookies: str) -> str:
    """The session token in a `Cookie` header; "" where there isn't one."""
    return cookie_parser(cookies).get(
        COOKIE, ""
    )  # what other programs on this host left beside it does not concern us


async def actor_behind(cookies: str) -> Actor | None:
    """The colleague whose live session this `Cookie` header names; None if there isn't one or it has ended."""
    token = session_token(cookies)
    return await look(people.actor_of_session, token) if token else None


def cookies_of(state: rx.State) -> str:
    """The `Cookie` header of the handshake of this tab's socket. The server writes it, no client can."""
    headers = state._get_root_state().router_data.get("headers", {})
    return str(headers.get("cookie", "")) if isinstance(headers, Mapping) else ""


def address_behind(state: rx.State) -> str:
    """The address this tab's socket comes from; "" for an event of our own, such as a live refresh."""
    sent = state._get_root_state().router_data
    headers = sent.get("headers", {})
    headers = headers if isinstance(headers, Mapping) else {}
    known = [
        (str(name).lower().encode("latin-1", "replace"), str(value).encode("latin-1", "replace"))
        for name, value in headers.items()
    ]
    return address_of(
        HTTPConnection({"type": "http", "headers": known, "client": (str(sent.get("ip", "")), 0)})
    )


def page_of(state: rx.State) -> ReflexURL:
    """The address of the page that this tab shows.

    Of `state.router` each reading makes a tracked copy of all that it holds.
    """
    return cast("ReflexURL", state._get_root_state().rx_router_url.href)


def socket_of(state: rx.State) -> SessionData:
    """The socket of this tab: `client_token` stays while the tab lives, `session_id` is another one for each
    connection.
    """
    return state._get_root_state().rx_router_session


async def actor_of(state: rx.State) -> Actor:
    """The colleague for whom the running handler works. Raises Refused if the session has ended."""
    actor = RUNNING.get() or await actor_behind(cookies_of(state))
    if actor is None:
        raise Refused(_("You are signed out. Sign in again."))
    return actor


async def look(read: Callable[Given, Answer], *given: Given.args, **named: Given.kwargs) -> Answer:
    """What `read` returns, run in a thread kept for what only reads: plain values in, frozen views out."""
    return await _run(_LOOKING, partial(read, *given, **named))


async def act(change: Callable[Given, Answer], *given: Given.args, **named: Given.kwargs) -> Answer:
    """What `change` returns, run in a thread kept for what changes something, which may wait for a lock."""
    return await _run(_ACTING, partial(change, *given, **named))


def put(state: rx.State, values: Mapping[str, object]) -> None:
    """The vars have these values. Those that have them already are not touched."""
    for name, value in values.items():
        if getattr(state, name) != value:
            setattr(state, name, value)


async def _run(threads: ThreadPoolExecutor, call: Callable[[], Answer]) -> Answer:
    return await asyncio.get_running_loop().run_in_executor(threads, copy_context().run, call)
