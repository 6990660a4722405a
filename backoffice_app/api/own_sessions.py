"""A colleague's own sessions: where one is signed in, and signing out there (SEC-1)."""

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from backoffice_app.api.door import HEADERS, actor_of, page, read_form, signed_out
from backoffice_app.domain import people
from backoffice_app.domain.core.rights import Right
from backoffice_app.i18n import _
from backoffice_app.marks import COOKIE, needs

HERE = "/sessions"
SIGN_IN_FIRST = f"/login?next={HERE}"
router = APIRouter(include_in_schema=False)


@router.get("/sessions")
@needs(Right.READ)
async def sessions(request: Request) -> Response:
    """The page with the caller's sessions."""
    actor = await actor_of(request)
    if actor is None:
        return RedirectResponse(SIGN_IN_FIRST, 303, HEADERS)
    rows = await run_in_threadpool(people.own_sessions, actor, request.cookies.get(COOKIE, ""))
    texts = {
        "title": _("Where you are signed in"),
        "this": _("This browser"),
        "first_seen": _("Signed in since"),
        "last_seen": _("Last used"),
        "end": _("Sign out"),
        "end_all": _("Sign out everywhere"),
        "password": _("Change password"),
        "back": _("Go to the orders"),
        "wrong": None,
    }
    return page("sessions.html", actor.language, texts, rows=rows)


@router.post("/sessions/end")
@needs(Right.READ)
async def end(request: Request) -> Response:
    """One of the caller's sessions is over; then the list again, or the sign-in page if it was this one."""
    given = await read_form(request)
    actor = await actor_of(request)
    if actor is not None:
        await run_in_threadpool(people.end_own_session, actor, given.get("session", ""))
    return await _list_or_sign_in(request)


@router.post("/sessions/end-all")
@needs(Right.READ)
async def end_all(request: Request) -> Response:
    """All of the caller's sessions are over, this one too."""
    await read_form(request)
    actor = await actor_of(request)
    if actor is not None:
        await run_in_threadpool(people.sign_out_everywhere, actor, actor.id)
    return await _list_or_sign_in(request)


async def _list_or_sign_in(request: Request) -> Response:
    return RedirectResponse(HERE, 303, HEADERS) if await actor_of(request) else signed_out(request)
