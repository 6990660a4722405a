"""Files of orders: attached by a form that the browser sends by itself, and downloaded by their random id (W-21)."""

import base64
from collections.abc import AsyncGenerator
from functools import partial
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

from backoffice_app.api.documents import judge
from backoffice_app.api.refusal import say_no
from backoffice_app.caller import is_foreign
from backoffice_app.db import reading
from backoffice_app.domain.attached import ATTACH, LARGEST, Download, read_file
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Invalid, Refused
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.order.whole import id_of_number
from backoffice_app.i18n import _
from backoffice_app.marks import needs

AROUND = 64 * 2**10
"""Bytes that a form has around its file at most."""
SAFELY = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}
"""A file is saved, never opened as a page: whatever is in it runs nowhere."""
router = APIRouter(include_in_schema=False)


@router.get("/orders/{number}/files/{public_id}")
@needs(Right.READ)
async def download(request: Request, number: str, public_id: str) -> Response:
    """The file, to be saved; 404 for one that was removed or belongs to another order."""
    actor = await run_in_threadpool(judge, request, Right.READ, None)
    if isinstance(actor, Response):
        return actor
    found = await run_in_threadpool(_read, number, public_id)
    name = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
    return Response(
        found.content, media_type="application/octet-stream", headers={**SAFELY, "Content-Disposition": name}
    )


@router.post("/orders/{number}/files")
@needs(Right.TASKS)
async def attach(request: Request, number: str) -> Response:
    """Attaches the file of the form, and leads back to the order; a page says why it was not taken. 403 for a page of
    another site.
    """
    if is_foreign(request):
        raise HTTPException(403)
    actor = await run_in_threadpool(judge, request, Right.TASKS, None)
    if isinstance(actor, Response):
        return actor
    back = f"/orders/{quote(number, safe='')}"
    try:
        name, content = await _posted(request)
        await run_in_threadpool(partial(_attach, actor, number, name, content))
    except (Invalid, Refused) as no:
        return say_no(request, 422 if isinstance(no, Invalid) else 409, no.reason, form_at=back)
    return RedirectResponse(back, 303, {"Cache-Control": "no-store"})


def _read(number: str, public_id: str) -> Download:
    with reading() as session:
        return read_file(session, number, public_id)


def _attach(actor: Actor, number: str, name: str, content: bytes) -> None:
    with reading() as session:
        order_id = id_of_number(session, number)
    perform(actor, ATTACH, order_id, {"name": name, "content": base64.b64encode(content)}, subject=ORDER)


async def _posted(request: Request) -> tuple[str, bytes]:
    """Name and bytes of the file in the form. Raises Invalid for a form without one, or a file that is too large."""
    too_large = Invalid(
        "content", _("The file is too large: at most {size} MB are taken.").format(size=LARGEST // 2**20)
    )

    async def stream() -> AsyncGenerator[bytes, None]:
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
            if size > LARGEST + AROUND:
                raise too_large
            yield chunk

    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told[:20]) > LARGEST + AROUND:
        raise too_large
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Invalid("name", _("Choose a file first."))
    try:
        form = await MultiPartParser(request.headers, stream(), max_files=1, max_fields=5).parse()
    except MultiPartException:
        raise Invalid("name", _("Choose a file first.")) from None
    found = form.get("file")
    try:
        if not isinstance(found, UploadFile) or not found.filename:
            raise Invalid("name", _("Choose a file first."))
        return found.filename, await found.read()
    finally:
        await form.close()
