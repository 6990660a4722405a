"""The REST API as one FastAPI app, mounted at `/api` (API-1)."""

import re
from typing import Any

from fastapi import Depends, FastAPI, HTTPException, Request

from backoffice_app import load
from backoffice_app.api import actions, bulk, customers, docs, orders, products, tasks, tickets
from backoffice_app.api.auth import gate
from backoffice_app.api.describe import describe
from backoffice_app.api.problem import answer_with_problems
from backoffice_app.api.timing import Timing
from backoffice_app.api.unavailable import answer_when_away
from backoffice_app.i18n import _
from backoffice_app.marks import public

DESCRIPTION = (
    "Orders come in and are read. Money and quantities are decimal text, never JSON numbers; times are RFC 3339. "
    "A field that is null is the same as one that is left out. Every refusal is an RFC 9457 problem that "
    "names the fields, at most fifty. "
    "A key that may only write reads the orders it sent itself and no others; with `orders:read` it reads all. "
    "What colleagues do by a button is an action here: `GET .../actions` lists them with what may happen now "
    "and if not why, "
    "`POST .../actions/<key>` does one. Each needs the scope that it names, for an order that the key can read. "
    "Amounts are decimal text in the order's currency, quantities decimal text by the rank of the line; "
    "shipments and payments "
    "go by their `number` in the order. "
    "Questions of customers are handed in as tickets; the answers go out by mail and are read here."
)
JSON = re.compile(r"application/([\w.-]+\+)?json", re.IGNORECASE)


def create_api() -> FastAPI:
    """The app: default deny, problem+json for every refusal, its description at `v1/openapi.json`, the page
    at `docs`.
    """
    load.domain()
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
    api.add_middleware(Timing)
    api.include_router(orders.router)
    api.include_router(customers.router)
    api.include_router(actions.create_router())
    api.include_router(bulk.router)
    api.include_router(products.router)
    api.include_router(tasks.router)
    api.include_router(tickets.router)
    api.include_router(docs.router)

    @api.get("/v1/openapi.json", include_in_schema=False)
    @public
    def openapi() -> dict[str, Any]:
        return describe(api)

    return api


async def require_json(request: Request) -> None:
    """415 for a call that brings anything but JSON, also where it does not say what it brings.

    It may bring nothing at all.
    """
    if "content-type" not in request.headers and not brings_body(request):
        return
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if request.method in {"POST", "PUT", "PATCH"} and not JSON.fullmatch(kind):
        raise HTTPException(415, _("Send the body as application/json."))


def brings_body(request: Request) -> bool:
    """Whether a call says that it has a body."""
    return "transfer-encoding" in request.headers or request.headers.get("content-length", "0") != "0"
