"""While the database is away: 503 with a sentence and a time to come back, never a bare 500."""

import logging

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backoffice_app.api.door import HEADERS, page
from backoffice_app.api.problem import language_of, problem
from backoffice_app.domain.core.errors import Away, Busy, Unknown, WrongClock
from backoffice_app.i18n import LazyText, _

RETRY_AFTER = "5"
"""Seconds."""
TRYING_AGAIN = 1013
"""The websocket's code for "try again later"."""
log = logging.getLogger("kontor.errors")


def answer_when_away(app: FastAPI) -> None:
    """From here on what a route of `app` can't do just now, for want of the database or of the right time, is answered
    with 503.
    """
    for kind in (Away, Busy, Unknown, WrongClock):
        app.add_exception_handler(kind, _answer)


class Unavailable:
    """An ASGI wrapper for what stands before all routes, such as the look at the session."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on; answers where that fails before a word was said."""
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except (Away, Busy, Unknown) as error:
            if begun:
                raise
            if scope["type"] == "websocket":
                log.warning("No tab can be connected: %s", error)
                await send({"type": "websocket.close", "code": TRYING_AGAIN})
            else:
                await _answer(Request(scope), error)(scope, receive, send)


def _answer(request: Request, error: Exception) -> Response:
    """A page for people, a problem for programs."""
    if not isinstance(error, Away | Busy | Unknown | WrongClock):
        raise error
    log.warning("%s %s: %s", request.method, request.url.path, error)
    if request.url.path.startswith("/api/"):
        return problem(request, 503, error.reason, (), None, **{"Retry-After": RETRY_AFTER})
    return _page(language_of(request), error.reason)


def _page(language: str, reason: LazyText) -> Response:
    texts = {
        "title": _("Kontor can't answer right now"),
        "wrong": reason,
        "lead": _("Reload this page in a few seconds."),
    }
    return page("unavailable.html", language, texts, 503, HEADERS | {"Retry-After": RETRY_AFTER})
