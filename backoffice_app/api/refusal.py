"""What a request is told that gets no file: a person reads a page, a program a problem; a bug has a number that stands
in the log.
"""

import secrets
from collections.abc import Mapping
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response

from backoffice_app.api.door import HEADERS, page
from backoffice_app.api.problem import language_of, problem
from backoffice_app.api.turns import SECONDS, TooManyDrawn
from backoffice_app.archive import DamagedArchive
from backoffice_app.domain.core.errors import Invalid, NotFound, Refused
from backoffice_app.i18n import LazyText, _
from backoffice_app.printing import PrintedTooOften

log = structlog.get_logger(__name__)


def answer_with_pages(app: FastAPI) -> None:
    """From here on every refusal of `app` is a page or a problem, and so is a bug, with its number."""
    app.add_exception_handler(Invalid, _invalid)
    app.add_exception_handler(RequestValidationError, _wrong_parameter)
    app.add_exception_handler(NotFound, _not_found)
    app.add_exception_handler(Refused, _refused)
    for away in (OSError, DamagedArchive):
        app.add_exception_handler(away, _archive_away)
    app.add_exception_handler(Exception, _bug)


def say_no(
    request: Request,
    status: int,
    reason: LazyText,
    headers: Mapping[str, str] | None = None,
    *,
    form_at: str = "",
) -> Response:
    """The answer, in the caller's language where Kontor speaks it: a page where a browser asks for one,
    else a problem.

    `form_at`: the address of the page whose form posted a file, which the page leads back to.
    """
    if "text/html" not in request.headers.get("accept", ""):
        answer = problem(request, status, reason)
        answer.headers.update(headers or {})
        return answer
    texts = {
        "title": _("The file was not taken") if form_at else _("This can't be shown"),
        "wrong": reason,
        "back": _("Back to the form") if form_at else _("Back to Kontor"),
    }
    to = form_at or "/orders"
    return page("refusal.html", language_of(request), texts, status, {**HEADERS, **(headers or {})}, to=to)


def _invalid(request: Request, error: Any) -> Response:
    return say_no(request, 422, error.reason)


def _wrong_parameter(request: Request, _error: Any) -> Response:
    return say_no(request, 422, _("The address is not right."))


def _not_found(request: Request, _error: Any) -> Response:
    return say_no(request, 404, _("There is no such document."))


def _refused(request: Request, error: Any) -> Response:
    if isinstance(error, TooManyDrawn):
        return say_no(request, 503, error.reason, {"Retry-After": str(SECONDS)})
    if isinstance(error, PrintedTooOften):
        return say_no(request, 429, error.reason, {"Retry-After": "60"})
    return say_no(request, 409, error.reason)


def _archive_away(request: Request, error: Any) -> Response:
    log.error("file away", path=request.url.path, why=str(error))
    reason = _("The archive of documents can't be read or written right now. Try again in a minute.")
    return say_no(request, 503, reason, {"Retry-After": "60"})


def _bug(request: Request, error: Any) -> Response:
    number = secrets.token_hex(4)
    log.error("page bug", number=number, path=request.url.path, exc_info=error)
    return say_no(
        request, 500, _("Something broke here. In the log it has the number {number}.").format(number=number)
    )
