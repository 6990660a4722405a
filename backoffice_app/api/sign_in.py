"""Signing in and out, and the first start: plain pages that need no script (SEC-1, SEC-3)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qsl, urlsplit

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from backoffice_app.api.auth import COOKIE, public
from backoffice_app.api.caller import address_of, is_foreign, is_secure
from backoffice_app.api.problem import language_of
from backoffice_app.domain import people
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import ROLE_NAMES
from backoffice_app.domain.people.passwords import AT_ONCE, LONGEST, SHORTEST
from backoffice_app.i18n import LazyText, _
from backoffice_app.settings import settings

HOME = "/orders"
LARGEST_FORM = 16_384
LONGEST_QUEUE = 40
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}

T = TypeVar("T")
router = APIRouter(include_in_schema=False)
pages = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
# Whoever waits for a hash waits here and holds no thread, so that a flood of sign-ins stops nothing else.
hashing = CapacityLimiter(AT_ONCE)


class TooManyAtOnce(Refused):
    """So many wait for their hash that one more would only wait longer."""

    def __init__(self) -> None:
        super().__init__(_("Too many people are signing in right now. Try again in a few seconds."))


@dataclass(frozen=True)
class Field:
    """One input of a form, its texts in the visitor's language. `tied`: ids of what describes it."""

    name: str
    label: str
    type: str
    complete: str
    value: str = ""
    hint: str = ""
    error: str = ""
    wrong: bool = False
    focus: bool = False
    longest: int = 254

    @property
    def tied(self) -> str:
        """The ids of hint, error, and of the message above the form that is about this field."""
        own = f"error-{self.name}" if self.error else "wrong" if self.wrong else ""
        return " ".join(filter(None, (own, f"hint-{self.name}" if self.hint else "")))


@router.get("/login")
@public
async def login(request: Request) -> Response:
    """The sign-in page; to the first set-up while there is nobody."""
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
    given = await _form(request)
    agent = request.headers.get("user-agent", "")
    try:
        token = await _hash(partial(people.sign_in, given.get("email", ""), given.get("password", ""), address_of(request), agent))
    except people.SignInPaused as paused:
        return _sign_in_page(request, given, paused.reason, 429, {"Retry-After": str(paused.seconds)})
    except Refused as refused:
        return _sign_in_page(request, given, refused.reason, 503 if isinstance(refused, TooManyAtOnce) else 401)
    if former := request.cookies.get(COOKIE):
        await to_thread.run_sync(people.end_session, former)
    return _let_in(request, token, local(given.get("next", "")))


@router.post("/session/end")
@public
async def sign_out(request: Request) -> Response:
    """The session is over, and the cookie gone."""
    await _form(request)
    if token := request.cookies.get(COOKIE):
        await to_thread.run_sync(people.end_session, token)
    answer = RedirectResponse("/login", 303, HEADERS)
    answer.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=is_secure(request))
    return answer


@router.get("/setup")
@public
async def setup(request: Request) -> Response:
    """The form that makes the owner, while there is nobody (SEC-3)."""
    if await to_thread.run_sync(people.has_users):
        return RedirectResponse("/login", 303, HEADERS)
    return _setup_page(request, {})


@router.post("/setup")
@public
async def create_owner(request: Request) -> Response:
    """The owner, signed in. Whoever comes second, even at the same moment, is led to the sign-in page."""
    given = await _form(request)
    if await to_thread.run_sync(people.has_users):
        return RedirectResponse("/login", 303, HEADERS)
    try:
        user_id = await _hash(partial(_create_owner, given, language_of(request)))
    except Invalid as wrong:
        return _setup_page(request, given, wrong)
    except Refused:
        return RedirectResponse("/login", 303, HEADERS)
    token = await to_thread.run_sync(people.open_session, user_id, request.headers.get("user-agent", ""))
    return _let_in(request, token, HOME)


def local(path: str) -> str:
    """A path of our own to go on to; the list of orders for anything that could lead elsewhere."""
    try:
        parts = urlsplit(path)
    except ValueError:
        return HOME
    elsewhere = parts.scheme or parts.netloc or not path.startswith("/") or path.startswith("//")
    if elsewhere or "\\" in path or not path.isprintable() or parts.path in {"/login", "/setup", "/session", "/session/end"}:
        return HOME
    return path


def _create_owner(given: Mapping[str, str], language: str) -> int:
    password = given.get("password", "")
    if password != given.get("again", ""):
        raise Invalid("again", _("The two passwords are not the same."))
    return people.create_owner(email=given.get("email", ""), name=given.get("name", ""), password=password, language=language)


async def _form(request: Request) -> dict[str, str]:
    """The posted fields. 403 for a page of another site, 413 for more than a form of ours ever holds."""
    if is_foreign(request):
        raise HTTPException(403)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise HTTPException(413)
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


async def _hash(call: Callable[[], T]) -> T:
    """Runs what hashes a password, a few at a time. Raises TooManyAtOnce."""
    if hashing.statistics().tasks_waiting >= LONGEST_QUEUE:
        raise TooManyAtOnce
    return await to_thread.run_sync(call, limiter=hashing)


def _let_in(request: Request, token: str, to: str) -> Response:
    answer = RedirectResponse(to, 303, HEADERS)
    lasts = settings().session_days * 86_400
    answer.set_cookie(COOKIE, token, max_age=lasts, httponly=True, samesite="lax", secure=is_secure(request))
    return answer


def _sign_in_page(
    request: Request, given: Mapping[str, str], wrong: LazyText | None = None, status: int = 200, more: Mapping[str, str] | None = None
) -> Response:
    language = language_of(request)
    email, bad = given.get("email", "")[:254], wrong is not None
    fields = [
        Field("email", _("E-mail").in_language(language), "email", "username", email, wrong=bad, focus=not email),
        Field(
            "password", _("Password").in_language(language), "password", "current-password", wrong=bad, focus=bool(email), longest=LONGEST
        ),
    ]
    texts = {"title": _("Sign in"), "button": _("Sign in"), "wrong": wrong}
    headers = HEADERS | dict(more or {})
    return _page(request, "sign_in.html", texts, status, headers, fields=fields, next=given.get("next", ""), demo=_demo(language))


def _demo(language: str) -> dict[str, object] | None:
    """What the demo says loudly: that it is one, and how to get in (SEC-3)."""
    if not settings().demo:
        return None
    return {
        "title": _("This is a demo").in_language(language),
        "warning": _("Its passwords are known to everybody: no real data in here. Sign in as one of these:").in_language(language),
        "accounts": [(email, ROLE_NAMES[role].in_language(language)) for email, (_name, role) in people.DEMO_ACCOUNTS.items()],
        "password_label": _("The password of all:").in_language(language),
        "password": people.DEMO_PASSWORD,
    }


def _setup_page(request: Request, given: Mapping[str, str], wrong: Invalid | None = None) -> Response:
    language = language_of(request)
    hint = _("At least {count} characters, any you like; a few words are easy to keep in mind.").format(count=SHORTEST)
    asked: tuple[tuple[str, LazyText, str, str, LazyText | None], ...] = (
        ("name", _("Your name"), "text", "name", None),
        ("email", _("E-mail"), "email", "username", None),
        ("password", _("Password"), "password", "new-password", hint),
        ("again", _("Password again"), "password", "new-password", None),
    )
    first = wrong.field if wrong else "name"
    fields = []
    for name, label, kind, complete, more in asked:
        bad = wrong is not None and wrong.field == name
        fields.append(
            Field(
                name,
                label.in_language(language),
                kind,
                complete,
                value="" if kind == "password" else given.get(name, "")[:254],
                hint=more.in_language(language) if more else "",
                error=wrong.reason.in_language(language) if wrong and bad else "",
                wrong=bad,
                focus=name == first,
                longest=LONGEST if kind == "password" else 254,
            )
        )
    texts = {
        "title": _("Set up Kontor"),
        "lead": _("Nobody uses this Kontor yet. Whoever fills this in becomes its owner and can add colleagues later."),
        "button": _("Create owner"),
        "wrong": None,
    }
    return _page(request, "setup.html", texts, 422 if wrong else 200, HEADERS, fields=fields)


def _page(
    request: Request, template: str, texts: Mapping[str, LazyText | None], status: int, headers: Mapping[str, str], **values: object
) -> Response:
    language = language_of(request)
    said = {name: text.in_language(language) if text else "" for name, text in texts.items()}
    return HTMLResponse(pages.get_template(template).render(language=language, **said, **values), status, headers)
