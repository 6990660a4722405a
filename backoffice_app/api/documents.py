"""PDFs: by random id for an API key or a colleague with the right; printed together for colleagues (INV-3, W-3, W-6)."""

import logging
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import PlainTextResponse, Response
from starlette.concurrency import run_in_threadpool

from backoffice_app import printing
from backoffice_app.api.auth import actor_behind, holds, note_no_key
from backoffice_app.api.problem import language_of
from backoffice_app.domain import people
from backoffice_app.domain.core.errors import Busy, NotFound, Refused
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.rest_view import document_version
from backoffice_app.i18n import LazyText, _
from backoffice_app.marks import COOKIE, needs
from backoffice_app.security_log import Event, log_event

Language = Annotated[str, Query(pattern="^[a-zA-Z-]{0,10}$")]
Print = Callable[[Actor], tuple[str, bytes]]
log = logging.getLogger("kontor.errors")
router = APIRouter(include_in_schema=False)


@router.get("/documents/{public_id}.pdf")
@needs(Right.PRICES)
async def document(request: Request, public_id: str) -> Response:
    """The archived file of an issued document, for a colleague with the right or a key that reads orders."""
    return await _answer(request, Right.PRICES, lambda _actor: _file(public_id), key_right=Right.ORDERS_READ)


@router.get("/orders/{number}/invoices.pdf")
@needs(Right.PRICES)
async def invoices(request: Request, number: str, language: Language = "") -> Response:
    """All documents of an order in one file, in their own language or as translations (W-3, INV-12)."""
    return await _answer(request, Right.PRICES, lambda actor: printing.print_invoices(actor, number, language))


@router.get("/packing-slips/{number}.pdf")
@needs(Right.READ)
async def packing_slip(request: Request, number: str, language: Language = "") -> Response:
    """The packing slip of a shipment (W-6)."""
    return await _answer(request, Right.READ, lambda actor: (f"{number}.pdf", printing.print_packing_slip(actor, number, language)))


def _file(public_id: str) -> tuple[str, bytes]:
    version_id, number = document_version(public_id)
    return f"{number}.pdf", printing.file_of(version_id)


async def _answer(request: Request, right: Right, print_it: Print, *, key_right: Right | None = None) -> Response:
    return await run_in_threadpool(_printed, request, right, print_it, key_right)


def _printed(request: Request, right: Right, print_it: Print, key_right: Right | None) -> Response:
    """401 for nobody, 403 without the right, and only then whether there is such a thing: numbers can't be guessed from outside."""
    actor = _caller(request, key_right)
    if actor is None:
        note_no_key(request)
        return _no(request, 401, _("Sign in first, or send a valid API key."))
    if not (actor.may(right) or (key_right and holds(actor, key_right))):
        log_event(Event.RIGHT_MISSING, actor, right=right.value, path=request.url.path)
        return _no(request, 403, _("You do not have the right to do this. Ask the owner of the shop."))
    try:
        name, data = print_it(actor)
    except NotFound:
        return _no(request, 404, _("There is no such document."))
    except Busy:
        raise
    except (OSError, printing.DamagedArchive) as error:
        log.error("%s can't be given out: %s", request.url.path, error)
        return _no(request, 503, _("The archive of documents can't be read or written right now. Try again in a minute."))
    except Refused as refused:
        return _no(request, 409, refused.reason)
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-cache"}
    return Response(data, media_type="application/pdf", headers=headers)


def _caller(request: Request, key_right: Right | None) -> Actor | None:
    """The colleague whose session this is; where keys are taken, the key in the header goes first."""
    key = actor_behind(request) if key_right else None
    token = request.cookies.get(COOKIE, "")
    return key or (people.actor_of_session(token) if token else None)


def _no(request: Request, status: int, reason: LazyText) -> Response:
    headers = {401: {"WWW-Authenticate": 'Bearer realm="Kontor"'}, 503: {"Retry-After": "60"}}.get(status, {})
    return PlainTextResponse(reason.in_language(language_of(request)), status, headers)
