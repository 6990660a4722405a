"""The plain pages by the door: their look, their forms, and what sits behind them.

No script, and none allowed (SEC-1, SEC-2).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qsl

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException

from backoffice_app.api.problem import TITLES, language_of
from backoffice_app.caller import cookie_name, is_foreign, is_secure
from backoffice_app.domain import people
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.people.passwords import AT_ONCE, LONGEST, SHORTEST
from backoffice_app.i18n import LazyText, _
from backoffice_app.marks import COOKIE, KNOWN_BROWSER
from backoffice_app.settings import settings

HOME = "/dashboard"
LARGEST_FORM = 16_384
LONGEST_QUEUE = 40
HINT = _("At least {count} characters, any you like; a few words are easy to keep in mind.").format(
    count=SHORTEST
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}

T = TypeVar("T")
pages = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
)
# Anyone who waits for a hash waits here and holds no thread, so that a flood of sign-ins stops nothing else.
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


@dataclass(frozen=True)
class Question:
    """One thing a form asks for; passwords are never filled in again."""

    name: str
    label: LazyText
    type: str
    complete: str
    hint: LazyText | None = None


def fields_of(
    questions: Sequence[Question], given: Mapping[str, str], wrong: Invalid | None, language: str
) -> list[Field]:
    """The inputs with what was typed, the error at the one that is wrong, and the focus there or on the first."""
    first = wrong.field if wrong else questions[0].name
    fields = []
    for asked in questions:
        secret, bad = asked.type == "password", wrong is not None and wrong.field == asked.name
        fields.append(
            Field(
                asked.name,
                asked.label.in_language(language),
                asked.type,
                asked.complete,
                value="" if secret else given.get(asked.name, "")[:254],
                hint=asked.hint.in_language(language) if asked.hint else "",
                error=wrong.reason.in_language(language) if wrong and bad else "",
                wrong=bad,
                focus=asked.name == first,
                longest=LONGEST if secret else 254,
            )
        )
    return fields


def typed_twice(given: Mapping[str, str]) -> str:
    """The new password. Raises Invalid if it is not the same both times."""
    if given.get("password", "") != given.get("again", ""):
        raise Invalid("again", _("The two passwords are not the same."))
    return given.get("password", "")


async def read_form(request: Request) -> dict[str, str]:
    """The posted fields. 403 for a page of another site, 413 for more than a form of ours ever holds."""
    if is_foreign(request):
        raise HTTPException(403)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise HTTPException(413)
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def answer_with_pages(app: FastAPI) -> None:
    """From here on whatever a route of `app` refuses before it is asked, such as a form that is too large, is a plain
    page for a person.
    """
    app.add_exception_handler(HTTPException, _plain_page)
    app.add_exception_handler(RequestValidationError, _plain_page)


def _plain_page(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 422
    own = (error.headers or {}) if isinstance(error, HTTPException) else {}
    said = (
        _("This was sent by a page of another site.")
        if status == 403
        else TITLES.get(status, _("The request was refused."))
    )
    return PlainTextResponse(said.in_language(language_of(request)), status, {**own, **HEADERS})


async def in_turn(call: Callable[[], T]) -> T:
    """Runs what hashes a password, a few at a time. Raises TooManyAtOnce."""
    if hashing.statistics().tasks_waiting >= LONGEST_QUEUE:
        raise TooManyAtOnce
    return await to_thread.run_sync(call, limiter=hashing)


async def let_in(request: Request, token: str, to: str) -> Response:
    """On to `to`, with the cookie of a new session, and one by which this browser is known the next time.

    No script reads them.
    """
    answer = RedirectResponse(to, 303, HEADERS)
    browser = await to_thread.run_sync(people.remember_browser, token, request.cookies.get(KNOWN_BROWSER, ""))
    for name, value, lasts in (
        (COOKIE, token, settings().session_days),
        (KNOWN_BROWSER, browser, people.KNOWN_FOR.days),
    ):
        answer.set_cookie(
            cookie_name(request, name),
            value,
            max_age=lasts * 86_400,
            httponly=True,
            samesite="lax",
            secure=is_secure(request),
        )
    return answer


def signed_out(request: Request) -> Response:
    """To the sign-in page, without the cookie of the session. The browser stays known."""
    answer = RedirectResponse("/login", 303, HEADERS)
    answer.delete_cookie(
        cookie_name(request, COOKIE), httponly=True, samesite="lax", secure=is_secure(request)
    )
    return answer


async def actor_of(request: Request) -> Actor | None:
    """The colleague who is signed in; None if nobody is."""
    token = request.cookies.get(COOKIE)
    return await to_thread.run_sync(people.actor_of_session, token) if token else None


def page(
    template: str,
    language: str,
    texts: Mapping[str, LazyText | None],
    status: int = 200,
    headers: Mapping[str, str] = HEADERS,
    **values: object,
) -> Response:
    """The page made from `template`, its texts in `language`."""
    said = {name: text.in_language(language) if text else "" for name, text in texts.items()}
    return HTMLResponse(
        pages.get_template(template).render(language=language, **said, **values), status, headers
    )
