"""The first start: who has the address from the terminal of `kontor run` makes the owner (SEC-3)."""

from collections.abc import Mapping
from functools import partial

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from backoffice_app.api.door import (
    HEADERS,
    HINT,
    HOME,
    Question,
    fields_of,
    in_turn,
    let_in,
    page,
    read_form,
    typed_twice,
)
from backoffice_app.api.problem import language_of
from backoffice_app.domain import people
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.i18n import _
from backoffice_app.marks import public

QUESTIONS = (
    Question("name", _("Your name"), "text", "name"),
    Question("email", _("E-mail"), "email", "username"),
    Question("password", _("Password"), "password", "new-password", HINT),
    Question("again", _("Password again"), "password", "new-password"),
)
router = APIRouter(include_in_schema=False)


@router.get("/setup")
@public
async def setup(request: Request) -> Response:
    """The form that makes the owner, while there is nobody, for who has the key; else what to do (SEC-3)."""
    key = request.query_params.get("key", "")
    return await _refusal(request, key) or _setup_page(request, {"key": key})


@router.post("/setup")
@public
async def create_owner(request: Request) -> Response:
    """The owner, signed in. Anyone who comes second, even at the same moment, is led to the sign-in page."""
    given = await read_form(request)
    if no := await _refusal(request, given.get("key", "")):
        return no
    try:
        user_id = await in_turn(partial(_create_owner, given, language_of(request)))
    except Invalid as wrong:
        return _setup_page(request, given, wrong)
    except Refused:
        return RedirectResponse("/login", 303, HEADERS)
    token = await to_thread.run_sync(people.open_session, user_id, request.headers.get("user-agent", ""))
    return await let_in(request, token, HOME)


async def _refusal(request: Request, key: str) -> Response | None:
    """The answer to who can't set up Kontor; None for who can.

    The key is asked first: it is gone once there is somebody.
    """
    is_key = await to_thread.run_sync(people.is_setup_key, key)
    if await to_thread.run_sync(people.has_users):
        return RedirectResponse("/login", 303, HEADERS)
    return None if is_key else _no_key_page(request)


def _no_key_page(request: Request) -> Response:
    texts = {
        "title": _("Set up Kontor"),
        "lead": _("This Kontor has no owner yet."),
        "todo": _(
            "Open the address that “kontor run” shows in its terminal. It ends with /setup?key=… and is valid once."
        ),
        "wrong": None,
    }
    return page("no_key.html", language_of(request), texts, 403)


def _create_owner(given: Mapping[str, str], language: str) -> int:
    password = typed_twice(given)
    return people.create_owner(
        email=given.get("email", ""), name=given.get("name", ""), password=password, language=language
    )


def _setup_page(request: Request, given: Mapping[str, str], wrong: Invalid | None = None) -> Response:
    language = language_of(request)
    texts = {
        "title": _("Set up Kontor"),
        "lead": _("Nobody uses this Kontor yet. You become its owner and can add colleagues later."),
        "button": _("Create owner"),
        "wrong": None,
    }
    fields = fields_of(QUESTIONS, given, wrong, language)
    return page(
        "ask.html",
        language,
        texts,
        422 if wrong else 200,
        action="/setup",
        fields=fields,
        key=given.get("key", ""),
    )
