"""The REST API as one FastAPI app, mounted at `/api` (API-1)."""

import re
from typing import Any

from fastapi import Depends, FastAPI, HTTPException, Request

from backoffice_app.api import docs, orders
from backoffice_app.api.auth import gate
from backoffice_app.api.describe import describe
from backoffice_app.api.problem import answer_with_problems
from backoffice_app.api.unavailable import answer_when_away
from backoffice_app.domain import everything
from backoffice_app.i18n import _
from backoffice_app.marks import public

DESCRIPTION = (
    "Orders come in and are read. Money and quantities are decimal text, never JSON numbers; times are RFC 3339. "
    "A field that is null is the same as one that is left out. Every refusal is an RFC 9457 problem that names the fields, at most fifty. "
    "A key that may only write reads the orders it sent itself and no others; with `orders:read` it reads all."
)
JSON = re.compile(r"application/([\w.-]+\+)?json", re.IGNORECASE)


def create_api() -> FastAPI:
    """The app: default deny, problem+json for every refusal, its description at `v1/openapi.json`, the page at `docs`."""
    api = FastAPI(
        title="Kontor",
        version="1",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(gate), Depends(require_json)],
        redirect_slashes=False,
    )
    answer_with_problems(api)
    answer_when_away(api)
    api.include_router(orders.router)
    api.include_router(docs.router)

    @api.get("/v1/openapi.json", include_in_schema=False)
    @public
    def openapi() -> dict[str, Any]:
        return describe(api)

    return api


async def require_json(request: Request) -> None:
    """415 for a call that brings anything but JSON, also where it does not say what it brings."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if request.method in {"POST", "PUT", "PATCH"} and not JSON.fullmatch(kind):
        raise HTTPException(415, _("Send the body as application/json."))


__all__ = ["create_api", "everything"]
