"""What every state stands on: who is behind an event, and the marks that say who may call a handler (SEC-2)."""

import asyncio
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from http.cookies import CookieError, SimpleCookie
from typing import Any, TypeVar

import reflex as rx

from backoffice_app.domain import people
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.i18n import _

COOKIE = "kontor_session"
MARK = "kontor_right"
PUBLIC = "public"
Handler = TypeVar("Handler", bound=Callable[..., Any])
RUNNING: ContextVar[Actor | None] = ContextVar("running", default=None)
"""The actor of the event that runs now; the gate sets it, threads started by `asyncio.to_thread` inherit it."""


def session_token(cookies: str) -> str:
    """The session token in a `Cookie` header; "" where there is none."""
    try:
        morsel = SimpleCookie(cookies).get(COOKIE)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


async def actor_behind(cookies: str) -> Actor | None:
    """The colleague whose live session this `Cookie` header names; None if there is none or it has ended."""
    token = session_token(cookies)
    return await asyncio.to_thread(people.actor_of_session, token) if token else None


def cookies_of(state: rx.State) -> str:
    """The `Cookie` header of the handshake of this tab's socket. The server writes it, no client can."""
    headers = state._get_root_state().router_data.get("headers", {})
    return str(headers.get("cookie", "")) if isinstance(headers, Mapping) else ""


async def actor_of(state: rx.State) -> Actor:
    """The colleague for whom the running handler works. Raises Refused if the session has ended."""
    actor = RUNNING.get() or await actor_behind(cookies_of(state))
    if actor is None:
        raise Refused(_("You are signed out. Sign in again."))
    return actor


def public(handler: Handler) -> Handler:
    """Marks a handler that anybody may call, also without a session. Stands below `@rx.event`."""
    setattr(handler, MARK, PUBLIC)
    return handler


def needs(right: Right) -> Callable[[Handler], Handler]:
    """Marks a handler that only a colleague who holds `right` may call. Stands below `@rx.event`."""

    def mark(handler: Handler) -> Handler:
        setattr(handler, MARK, right)
        return handler

    return mark
