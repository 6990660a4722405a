"""PDFs: by random id for an API key or a colleague with the right; printed together for colleagues (INV-3, W-3, W-6).

GET shows a file and changes nothing, so that a link on another site changes nothing either.
POST prints: it marks and records, and leads to the file.
"""

from collections.abc import Callable
from functools import partial
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from backoffice_app import printing
from backoffice_app.api.auth import actor_behind, holds, note_no_key, only_of
from backoffice_app.api.door import read_form
from backoffice_app.api.refusal import say_no
from backoffice_app.api.turns import drawing
from backoffice_app.domain import people
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.i18n import _
from backoffice_app.marks import COOKIE, needs
from backoffice_app.security_log import Event, log_event

Language = Annotated[str, Query(pattern="^[a-zA-Z-]{0,10}$")]
router = APIRouter(include_in_schema=False)


@router.get("/documents/{public_id}.pdf")
@needs(Right.PRICES)
async def document(request: Request, public_id: str) -> Response:
    """The archived file of an issued document, for a colleague with the right or a key that reads the order."""
    return await show(
        request,
        Right.PRICES,
        lambda actor: printing.find_document(public_id, only_of(actor)),
        key_right=Right.ORDERS_READ,
    )


@router.get("/orders/{number}/invoices.pdf")
@needs(Right.PRICES)
async def invoices(request: Request, number: str, language: Language = "") -> Response:
    """All documents of an order in one file, in their own language or as translations (W-3, INV-12)."""
    return await show(request, Right.PRICES, lambda actor: printing.find_invoices(actor, number, language))


@router.post("/orders/{number}/invoices.pdf")
@needs(Right.PRICES)
async def print_invoices(request: Request, number: str) -> Response:
    """The order counts as printed, copies are recorded; on to the file (O-3, INV-12)."""
    return await _print(
        request, Right.PRICES, lambda actor, language: printing.print_invoices(actor, number, language)
    )


@router.get("/packing-slips/{number}.pdf")
@needs(Right.READ)
async def packing_slip(request: Request, number: str, language: Language = "") -> Response:
    """The packing slip of a shipment (W-6)."""
    return await show(request, Right.READ, lambda actor: printing.find_packing_slip(actor, number, language))


@router.post("/packing-slips/{number}.pdf")
@needs(Right.READ)
async def print_packing_slip(request: Request, number: str) -> Response:
    """The order counts as printed; on to the file (O-3)."""
    return await _print(
        request, Right.READ, lambda actor, _language: printing.print_packing_slip(actor, number)
    )


@router.get("/return-slips/{number}.pdf")
@needs(Right.READ)
async def return_slip(request: Request, number: str, language: Language = "") -> Response:
    """The slip of a return, for a colleague or a key that reads the order (RET-3)."""
    found = partial(printing.find_return_slip, number, language)
    return await show(request, Right.READ, lambda actor: found(only_of(actor)), key_right=Right.ORDERS_READ)


@router.post("/return-slips/{number}.pdf")
@needs(Right.READ)
async def print_return_slip(request: Request, number: str) -> Response:
    """What no font has is noted; on to the file (INV-7)."""
    return await _print(
        request, Right.READ, lambda actor, _language: printing.print_return_slip(actor, number)
    )


async def show(
    request: Request, right: Right, find: Callable[[Actor], printing.Print], *, key_right: Right | None = None
) -> Response:
    """The file; what is not at hand is drawn in its turn. Refusals and bugs are answered by `refusal`."""
    actor = await run_in_threadpool(judge, request, right, key_right)
    if isinstance(actor, Response):
        return actor
    found = await run_in_threadpool(find, actor)
    data = found.at_hand if found.at_hand is not None else await drawing.run(actor, found.draw)
    headers = {
        "Content-Disposition": f'inline; filename="{found.name}"',
        "Cache-Control": "private, no-cache",
    }
    return Response(data, media_type="application/pdf", headers=headers)


async def _print(request: Request, right: Right, do: Callable[[Actor, str], None]) -> Response:
    """Done, and on to the file of the same address; 403 for a page of another site."""
    language = (await read_form(request)).get("language", "")
    actor = await run_in_threadpool(judge, request, right, None)
    if isinstance(actor, Response):
        return actor
    await run_in_threadpool(partial(do, actor, language))
    wanted = "?" + urlencode({"language": language}) if language else ""
    return RedirectResponse(quote(request.scope["path"]) + wanted, 303, {"Cache-Control": "no-store"})


def judge(request: Request, right: Right, key_right: Right | None) -> Actor | Response:
    """401 for nobody, 403 without the right, and only then whether there is such a thing: numbers can't be guessed from
    outside.
    """
    actor = _caller(request, key_right)
    if actor is None:
        note_no_key(request)
        return say_no(
            request,
            401,
            _("Sign in first, or send a valid API key."),
            {"WWW-Authenticate": 'Bearer realm="Kontor"'},
        )
    if not (actor.may(right) or (key_right and holds(actor, key_right))):
        log_event(Event.RIGHT_MISSING, actor, right=right.value, path=request.url.path)
        return say_no(request, 403, _("You do not have the right to do this. Ask the owner of the shop."))
    return actor


def _caller(request: Request, key_right: Right | None) -> Actor | None:
    """The colleague whose session this is; where keys are taken, the key in the header goes first."""
    key = actor_behind(request) if key_right else None
    token = request.cookies.get(COOKIE, "")
    return key or (people.actor_of_session(token) if token else None)
