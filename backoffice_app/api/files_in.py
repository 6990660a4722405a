"""Files that are read and begin a run: orders to import, tracking numbers (API-2, O-8)."""

from collections.abc import Callable, Mapping
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from backoffice_app.api.documents import judge
from backoffice_app.api.refusal import say_no
from backoffice_app.caller import is_foreign
from backoffice_app.domain.bulk import imports, tracking
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.i18n import _
from backoffice_app.marks import needs

AROUND = 64 * 2**10
"""Bytes that a form has around its file at most."""
router = APIRouter(include_in_schema=False)
Use = Callable[[Actor, bytes, Mapping[str, str]], str]
"""What is done with the file and the other fields; returns the address of the page that shows it."""


@router.post("/imports")
@needs(Right.IMPORT)
async def try_import(request: Request) -> Response:
    """Begins the dry run of a file of orders, and leads to it (API-2)."""
    return await _take(request, Right.IMPORT, imports.LARGEST, _try, "/settings/import")


@router.post("/shipments/tracking-file")
@needs(Right.SHIP)
async def read_tracking(request: Request) -> Response:
    """Reads a file of tracking numbers, and leads to the page that shows them as a grid (O-8)."""
    return await _take(request, Right.SHIP, tracking.LARGEST * 4, _track, "/shipments/tracking")


async def _take(request: Request, right: Right, largest: int, use: Use, form_at: str) -> Response:
    if is_foreign(request):
        raise HTTPException(403)
    actor = await run_in_threadpool(judge, request, right, None)
    if isinstance(actor, Response):
        return actor
    size = request.headers.get("content-length", "")
    if (
        not size.isdecimal() or int(size[:20]) > largest + AROUND
    ):  # without a length nobody knows how much comes
        too_large = _("The file is too large: at most {size} MB are taken.").format(
            size=max(1, largest // 2**20)
        )
        return say_no(request, 413, too_large, form_at=form_at)
    async with request.form(max_files=1, max_fields=5, max_part_size=1_000) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            return say_no(request, 422, _("Choose a file first."), form_at=form_at)
        content = await file.read(largest + 1)
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
    try:
        page = await run_in_threadpool(partial(use, actor, content, fields))
    except (Invalid, Refused) as no:
        return say_no(request, 422 if isinstance(no, Invalid) else 409, no.reason, form_at=form_at)
    return RedirectResponse(page, 303, {"Cache-Control": "no-store"})


def _try(actor: Actor, content: bytes, fields: Mapping[str, str]) -> str:
    source = " ".join(fields.get("source", "").split())
    ticked = {name: fields.get(name) == "on" for name in ("issue", "notify")}
    return f"/bulk/{imports.try_file(actor, content, source=source, **ticked)}"


def _track(actor: Actor, content: bytes, _fields: Mapping[str, str]) -> str:
    tracking.keep_text(actor, tracking.text_in(content))
    return "/shipments/tracking"
