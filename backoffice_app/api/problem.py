"""Answers that say no, as RFC 9457 problem+json, naming the field (API-1)."""

import logging
import re
import secrets
from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from backoffice_app.domain.core.errors import LONGEST_PATH, Invalid, NotFound, Overtaken, Refused, shortened
from backoffice_app.domain.core.wrong_input import invalid_of
from backoffice_app.domain.orders.new_order import InvalidOrder
from backoffice_app.i18n import UI_LANGUAGES, LazyText, _

MEDIA_TYPE = "application/problem+json"
TITLES: dict[int, LazyText] = {
    400: _("The request cannot be read."),
    401: _("A valid API key is missing."),
    403: _("This API key may not do that."),
    404: _("There is no such thing."),
    405: _("This cannot be done here."),
    409: _("The rules say no."),
    412: _("Somebody changed it meanwhile."),
    413: _("The request is too large."),
    415: _("The body is of another kind than this takes."),
    422: _("Some fields are wrong."),
    500: _("Something broke here."),
    503: _("Kontor can't answer right now"),
}
log = logging.getLogger("kontor.api")


class FieldProblem(BaseModel):
    """One field that is wrong: its path as the caller wrote it, the same as a JSON pointer, and why."""

    field: str
    pointer: str
    detail: str


class Problem(BaseModel):
    """RFC 9457: what is wrong with a request, and with which of its fields."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    instance: str = ""
    errors: list[FieldProblem] = []


def problem(
    request: Request,
    status: int,
    detail: LazyText | None = None,
    errors: Iterable[Invalid] = (),
    rest: LazyText | None = None,
    **headers: str,
) -> JSONResponse:
    """The answer, in the caller's language where Kontor speaks it.

    `rest`: how many more errors there are than `errors` names.
    """
    language = language_of(request)
    fields = [
        FieldProblem(field=e.field, pointer=pointer(e.field), detail=e.reason.in_language(language))
        for e in errors
    ]
    title = TITLES.get(status, _("The request was refused.")).in_language(language)
    sentences = [f"{e.field}: {e.detail}" if e.field else e.detail for e in fields] + (
        [rest.in_language(language)] if rest else []
    )
    said = detail.in_language(language) if detail else "; ".join(sentences) or title
    told = Problem(
        title=title,
        status=status,
        detail=said,
        instance=shortened(request.url.path, LONGEST_PATH),
        errors=fields,
    )
    return JSONResponse(told.model_dump(), status, media_type=MEDIA_TYPE, headers=headers)


def language_of(request: Request) -> str:
    """The first language of the request that the UI speaks; English without one."""
    wanted = re.findall(r"[a-z]{2}", request.headers.get("accept-language", "").lower())
    return next((language for language in wanted if language in UI_LANGUAGES), "en")


def pointer(field: str) -> str:
    """The JSON pointer of a field's path: "lines[0].sku" -> "#/lines/0/sku"."""
    return "#" + "".join(f"/{step}" for step in re.findall(r"[^.\[\]]+", field))


def answer_with_problems(app: FastAPI) -> None:
    """From here on every refusal of `app` is a problem+json, and a bug one with a number that stands in the log."""
    app.add_exception_handler(InvalidOrder, _invalid_order)
    app.add_exception_handler(Invalid, _invalid)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(NotFound, _not_found)
    app.add_exception_handler(RequestValidationError, _wrong_parameter)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _bug)


def _invalid_order(request: Request, error: Any) -> JSONResponse:
    return problem(request, 422, errors=error.problems, rest=error.rest)


def _invalid(request: Request, error: Any) -> JSONResponse:
    return problem(request, 422, errors=[error, *error.others])


def _refused(request: Request, error: Any) -> JSONResponse:
    return problem(request, 412 if isinstance(error, Overtaken) else 409, error.reason)


def _not_found(request: Request, error: Any) -> JSONResponse:
    return problem(request, 404, _("There is no “{what}”.").format(what=shortened(error.what)))


def _wrong_parameter(request: Request, error: Any) -> JSONResponse:
    return problem(request, 422, errors=[invalid_of(one | {"loc": one["loc"][1:]}) for one in error.errors()])


def _http(request: Request, error: Any) -> JSONResponse:
    detail = error.detail if isinstance(error.detail, LazyText) else None
    return problem(request, error.status_code, detail, **(error.headers or {}))


def _bug(request: Request, error: Any) -> JSONResponse:
    number = secrets.token_hex(4)
    log.error("Error %s at %s", number, request.url.path, exc_info=error)
    return problem(
        request, 500, _("Something broke here. In the log it has the number {number}.").format(number=number)
    )
