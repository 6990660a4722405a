"""A mail as its recipient sees it, and the files of the shop that go along with mails (M-1, M-5)."""

from collections.abc import Callable
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from backoffice_app.api.documents import judge
from backoffice_app.api.refusal import say_no
from backoffice_app.caller import is_foreign
from backoffice_app.db import reading
from backoffice_app.domain.core.errors import Invalid, NotFound, Refused
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.mail.queries import mail_page
from backoffice_app.domain.mail.shop_files import MOST_BYTES, content_of, find_file, keep_file
from backoffice_app.i18n import _
from backoffice_app.marks import needs

LARGEST = max(MOST_BYTES.values()) + 64 * 1024
"""Bytes of a posted form with its file."""
FORM = "/settings/mail"
"""The page with the forms of the files."""
POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; style-src "
    "'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""What a mail may do in a browser: look as it does, and nothing else."""
router = APIRouter(include_in_schema=False)


@router.get("/mails/{mail_id}.html")
@needs(Right.MAIL)
async def mail(request: Request, mail_id: int) -> Response:
    """The HTML of a mail in the outbox as it was sent (M-5)."""
    return await _answer(request, Right.MAIL, partial(_page, mail_id))


@router.get("/shop-files/{file_id}/{name}")
@needs(Right.MAIL)
async def shop_file(request: Request, file_id: int, name: str) -> Response:
    """A file that goes along with mails; `name` is only for the person who reads the address."""
    del name
    return await _answer(request, Right.MAIL, partial(_file, file_id))


@router.post("/shop-files")
@needs(Right.SETTINGS)
async def add_shop_file(request: Request) -> Response:
    """Takes a file for mails, or the logo, and leads back to the settings."""
    if is_foreign(request):
        raise HTTPException(403)
    actor = await run_in_threadpool(judge, request, Right.SETTINGS, None)
    if isinstance(actor, Response):
        return actor
    size = request.headers.get("content-length", "")
    if not size.isdecimal() or int(size) > LARGEST:  # without a length nobody knows how much comes
        return say_no(request, 413, _("The file is too large."), form_at=FORM)
    async with request.form(max_files=1, max_fields=4, max_part_size=1_000) as form:
        use, file = form.get("use"), form.get("file")
        if not isinstance(file, UploadFile) or not isinstance(use, str):
            return say_no(request, 422, _("Choose a file first."), form_at=FORM)
        data, name = await file.read(LARGEST), file.filename or ""
    try:
        await run_in_threadpool(keep_file, actor, use, name, data)
    except (Invalid, Refused) as no:
        return say_no(request, 422, no.reason, form_at=FORM)
    return RedirectResponse(FORM, 303, {"Cache-Control": "no-store"})


async def _answer(request: Request, right: Right, read: Callable[[Actor], Response]) -> Response:
    actor = await run_in_threadpool(judge, request, right, None)
    return actor if isinstance(actor, Response) else await run_in_threadpool(read, actor)


def _page(mail_id: int, actor: Actor) -> Response:
    with reading() as session:
        html = mail_page(session, mail_id, actor)
    if not html:
        raise NotFound(str(mail_id))
    return Response(
        html, media_type="text/html", headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    )


def _file(file_id: int, actor: Actor) -> Response:
    actor.require(Right.MAIL)
    with reading() as session:
        file = find_file(session, file_id)
        session.expunge(file)
    headers = {
        "Content-Disposition": "inline",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-cache",
    }
    return Response(content_of(file), media_type=file.media_type, headers=headers)
