"""The drawn maps of places: by a point to nearly a kilometre, so that no address stands in the path (W-1)."""

from gzip import compress

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from backoffice_app.api.documents import judge
from backoffice_app.api.refusal import say_no
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.places.data import Point
from backoffice_app.domain.places.drawing import DRAWN, draw
from backoffice_app.i18n import _
from backoffice_app.marks import needs

router = APIRouter(include_in_schema=False)
HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Vary": "Accept-Encoding",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
}


@router.get("/maps/{drawn}/{country}/{latitude},{longitude}.svg")
@needs(Right.READ)
async def place(request: Request, drawn: int, country: str, latitude: int, longitude: int) -> Response:
    """The map around a point in hundredths of a degree, its country set off.

    The same address always gives the same map.
    """
    refused = await run_in_threadpool(judge, request, Right.READ, None)
    if isinstance(refused, Response):
        return refused
    if drawn != DRAWN or not (abs(latitude) <= 9_000 and abs(longitude) <= 18_000 and len(country) == 2):
        return say_no(request, 404, _("There is no such map."))
    picture = (await run_in_threadpool(draw, country, Point(latitude, longitude))).encode()
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(picture, media_type="image/svg+xml", headers=HEADERS)
    return Response(
        compress(picture, mtime=0),
        media_type="image/svg+xml",
        headers={**HEADERS, "Content-Encoding": "gzip"},
    )
