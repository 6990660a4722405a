"""A colleague's own password (SEC-1)."""

from collections.abc import Mapping
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from backoffice_app.api.door import (
    HEADERS,
    HINT,
    HOME,
    Question,
    TooManyAtOnce,
    actor_of,
    fields_of,
    in_turn,
    let_in,
    page,
    read_form,
    typed_twice,
)
from backoffice_app.domain import people
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.i18n import _
from backoffice_app.marks import COOKIE, needs

QUESTIONS = (
    Question("former", _("Password until now"), "password", "current-password"),
    Question("password", _("New password"), "password", "new-password", HINT),
    Question("again", _("New password again"), "password", "new-password"),
)
router = APIRouter(include_in_schema=False)


@router.get("/password")
@needs(Right.READ)
async def form(request: Request) -> Response:
    """The form for a new password."""
    actor = await actor_of(request)
    return _page(actor) if actor else RedirectResponse("/login?next=/password", 303, HEADERS)


@router.post("/password")
@needs(Right.READ)
async def change(request: Request) -> Response:
    """The colleague has the new password, and of all sessions only a new one in this browser."""
    given = await read_form(request)
    actor = await actor_of(request)
    if actor is None:
        return RedirectResponse("/login?next=/password", 303, HEADERS)
    session, agent = request.cookies.get(COOKIE, ""), request.headers.get("user-agent", "")
    try:
        token = await in_turn(partial(_change, actor, given, session, agent))
    except Invalid as wrong:
        return _page(actor, wrong)
    except (people.SignInPaused, TooManyAtOnce) as wait:
        return _page(actor, Invalid("former", wait.reason))
    except Refused:
        return _page(actor, Invalid("former", _("This is not your password.")))
    return await let_in(request, token, HOME)


def _change(actor: Actor, given: Mapping[str, str], session: str, agent: str) -> str:
    return people.change_own_password(actor, given.get("former", ""), typed_twice(given), session, agent)


def _page(actor: Actor, wrong: Invalid | None = None) -> Response:
    texts = {
        "title": _("Change password"),
        "lead": _("It signs you out everywhere else."),
        "button": _("Change password"),
        "sessions": _("Where you are signed in"),
        "back": _("Go to the orders"),
        "wrong": None,
    }
    fields = fields_of(QUESTIONS, {}, wrong, actor.language)
    return page("ask.html", actor.language, texts, 422 if wrong else 200, action="/password", fields=fields)
