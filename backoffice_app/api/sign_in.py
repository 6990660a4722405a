"""Signing in and out (SEC-1, SEC-3)."""

from collections.abc import Mapping
from functools import partial
from urllib.parse import urlsplit

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from backoffice_app.api import own_password, own_sessions, set_up
from backoffice_app.api.door import (
    HEADERS,
    HOME,
    Field,
    TooManyAtOnce,
    in_turn,
    let_in,
    page,
    read_form,
    signed_out,
)
from backoffice_app.api.problem import language_of
from backoffice_app.caller import address_of
from backoffice_app.domain import people
from backoffice_app.domain.core.errors import Busy, Refused
from backoffice_app.domain.core.rights import ROLE_NAMES
from backoffice_app.domain.people.passwords import LONGEST
from backoffice_app.i18n import LazyText, _
from backoffice_app.marks import COOKIE, KNOWN_BROWSER, public
from backoffice_app.settings import settings

NOT_AGAIN = {"/login", "/setup", "/session", "/session/end", "/sessions/end", "/sessions/end-all"}
router = APIRouter(include_in_schema=False)
router.include_router(set_up.router)
router.include_router(own_password.router)
router.include_router(own_sessions.router)


@router.get("/login")
@public
async def login(request: Request) -> Response:
    """The sign-in page; while there is nobody, to the page that says how the owner is made."""
    if not await to_thread.run_sync(people.has_users):
        return RedirectResponse("/setup", 303, HEADERS)
    return _sign_in_page(request, {"next": request.query_params.get("next", "")})


@router.get("/session")
@public
async def session() -> Response:
    """Where a reload leads after a refused sign-in."""
    return RedirectResponse("/login", 303, HEADERS)


@router.post("/session")
@public
async def sign_in(request: Request) -> Response:
    """A session cookie and on to the page one wanted; or the form again, with the reason."""
    given = await read_form(request)
    agent, browser = request.headers.get("user-agent", ""), request.cookies.get(KNOWN_BROWSER, "")
    email, password = given.get("email", ""), given.get("password", "")
    try:
        token = await in_turn(
            partial(
                people.sign_in,
                email,
                password,
                address_of(request),
                agent,
                browser,
                language=language_of(request),
            )
        )
    except people.SignInPaused as paused:
        return _sign_in_page(request, given, paused.reason, 429, {"Retry-After": str(paused.seconds)})
    except Busy:
        raise
    except Refused as refused:
        return _sign_in_page(
            request, given, refused.reason, 503 if isinstance(refused, TooManyAtOnce) else 401
        )
    if former := request.cookies.get(COOKIE):
        await to_thread.run_sync(people.end_session, former)
    return await let_in(request, token, local(given.get("next", "")))


@router.post("/session/end")
@public
async def sign_out(request: Request) -> Response:
    """The session is over, and the cookie gone."""
    await read_form(request)
    if token := request.cookies.get(COOKIE):
        await to_thread.run_sync(people.end_session, token)
    return signed_out(request)


def local(path: str) -> str:
    """A path of our own to go on to; the list of orders for anything that could lead elsewhere."""
    try:
        parts = urlsplit(path)
    except ValueError:
        return HOME
    elsewhere = parts.scheme or parts.netloc or not path.startswith("/") or path.startswith("//")
    if elsewhere or "\\" in path or not path.isprintable() or parts.path in NOT_AGAIN:
        return HOME
    return path


def _sign_in_page(
    request: Request,
    given: Mapping[str, str],
    wrong: LazyText | None = None,
    status: int = 200,
    more: Mapping[str, str] | None = None,
) -> Response:
    language = language_of(request)
    email, bad = given.get("email", "")[:254], wrong is not None
    fields = [
        Field(
            "email", _("E-mail").in_language(language), "email", "username", email, wrong=bad, focus=not email
        ),
        Field(
            "password",
            _("Password").in_language(language),
            "password",
            "current-password",
            wrong=bad,
            focus=bool(email),
            longest=LONGEST,
        ),
    ]
    texts = {"title": _("Sign in"), "button": _("Sign in"), "wrong": wrong}
    headers = HEADERS | dict(more or {})
    return page(
        "sign_in.html",
        language,
        texts,
        status,
        headers,
        fields=fields,
        next=given.get("next", ""),
        demo=_demo(language),
    )


def _demo(language: str) -> dict[str, object] | None:
    """What the demo says loudly: that it is one, and how to get in (SEC-3)."""
    if not settings().demo:
        return None
    return {
        "title": _("This is a demo").in_language(language),
        "warning": _(
            "Its passwords are known to everybody: no real data in here. Sign in as one of these:"
        ).in_language(language),
        "accounts": [
            (email, ROLE_NAMES[role].in_language(language))
            for email, (_name, role) in people.DEMO_ACCOUNTS.items()
        ],
        "password_label": _("The password of all:").in_language(language),
        "password": people.DEMO_PASSWORD,
    }
