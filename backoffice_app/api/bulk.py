"""`/api/v1/bulk`: one action on many orders, with a result for each (O-5)."""

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from starlette.concurrency import run_in_threadpool

from backoffice_app.api.auth import actor_of, only_of, require_scope
from backoffice_app.api.body import MIB, body_of, fields_of
from backoffice_app.api.problem import Problem, language_of
from backoffice_app.domain.bulk import cancel_run, find_offer, start
from backoffice_app.domain.bulk.rest import (
    MOST_BY_API,
    BulkRunView,
    NewBulkRun,
    bulk_run_view,
    require_action,
)
from backoffice_app.domain.core.actions import parse_input
from backoffice_app.domain.core.rights import Right
from backoffice_app.marks import needs

BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewBulkRun"}}},
    }
}
KEY_HELP = (
    "Makes a repeated call safe: the same key gives the same run. A key of another run is refused with 422."
)
CODES = (400, 401, 403, 404, 409, 413, 415, 422)
REFUSALS: dict[int | str, dict[str, object]] = {code: {"model": Problem} for code in CODES}
router = APIRouter(prefix="/v1/bulk", tags=["Bulk"])


@router.post("", status_code=202, openapi_extra=BODY, responses=REFUSALS)
@needs(Right.ORDERS_READ)
async def start_bulk_run(
    request: Request,
    response: Response,
    idempotency_key: Annotated[str, Header(description=KEY_HELP)] = "",
) -> BulkRunView:
    """Begin an action on many orders: 202 with the run, which goes on in the background.

    Each order is a transaction of its own.

    Needs the scope of the action besides. A number that this key can't read becomes a result with status 404.
    """
    actor = actor_of(request)
    asked = parse_input(NewBulkRun, fields_of(await body_of(request, MIB)))
    require_action(asked.action)
    require_scope(request, actor, find_offer(asked.action).right)

    def begin() -> BulkRunView:
        once = idempotency_key.strip()
        told = {name: value for name, value in asked.input.items() if value is not None}
        run_id = start(
            actor,
            asked.action,
            asked.numbers,
            told,
            once=once,
            sent_by=only_of(actor),
            most=MOST_BY_API,
        )
        return bulk_run_view(run_id, actor, language_of(request))

    view = await run_in_threadpool(begin)
    response.headers["Location"] = f"{request.scope.get('root_path', '')}/v1/bulk/{view.id}"
    return view


@router.get("/{number}", responses=REFUSALS)
@needs(Right.ORDERS_READ)
def read_bulk_run(request: Request, number: int) -> BulkRunView:
    """Read a run that this key began: how far it is, and the result of each order."""
    return bulk_run_view(number, actor_of(request), language_of(request))


@router.post("/{number}/cancel", responses=REFUSALS)
@needs(Right.ORDERS_READ)
def cancel_bulk_run(request: Request, number: int) -> BulkRunView:
    """Leave out the orders that still wait; what was done stays done. 409 where the run is over."""
    actor = actor_of(request)
    cancel_run(actor, number)
    return bulk_run_view(number, actor, language_of(request))
