"""`/api/v1/orders`: orders come in and are read (API-1)."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from backoffice_app.api.auth import actor_of, only_of
from backoffice_app.api.body import MIB, body_of, value_of
from backoffice_app.api.problem import Problem
from backoffice_app.domain.core.errors import NotFound, Refused
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.intake.take_in import take_in
from backoffice_app.domain.orders.new_order import parse_order
from backoffice_app.domain.rest_models import DifferenceView, OrderPage, OrderView, TakenOrderView
from backoffice_app.domain.rest_view import order_page, order_view, view_of
from backoffice_app.i18n import _
from backoffice_app.marks import needs

LARGEST_BODY = 4 * MIB
"""An order of 10,000 lines with all their fields has 2.2 MB; nothing that a shop sells needs twice that."""
BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewOrder"}}},
    }
}
KEY_HELP = (
    "Makes a repeated call safe: the same key gives the same order. A key that came with another body "
    "before is refused with 422."
)
REFUSALS: dict[int | str, dict[str, object]] = {
    code: {"model": Problem} for code in (400, 401, 403, 404, 409, 413, 415, 422)
}
router = APIRouter(prefix="/v1/orders", tags=["Orders"])


@router.post("", status_code=201, openapi_extra=BODY, responses={200: {"model": TakenOrderView}, **REFUSALS})
@needs(Right.ORDERS_WRITE)
async def create_order(
    request: Request, response: Response, idempotency_key: Annotated[str, Header(description=KEY_HELP)] = ""
) -> TakenOrderView:
    """Take an order in: 201 with the new order; 200 with the same order for a repeated key or external reference.

    Of an order that is there and is sent again, new payments, refunds, shipments, returns and cancellations are booked;
    `differs` names all else in which it differs, and a person decides.

    409 where the order of this reference came from another sender and this key may not read it.
    """
    raw = await body_of(request, LARGEST_BODY)
    order, created = await run_in_threadpool(_create, actor_of(request), raw, idempotency_key)
    response.status_code = 201 if created else 200
    response.headers["Location"] = f"{request.scope.get('root_path', '')}/v1/orders/{order.number}"
    return order


@router.get("", responses=REFUSALS)
@needs(Right.ORDERS_READ)
def list_orders(
    request: Request,
    limit: Annotated[int, Query(description="How many, at most 200.")] = 50,
    after: Annotated[str, Query(description="`next` of the page before.")] = "",
) -> OrderPage:
    """Read orders, newest first, page by page. With `orders:write` alone: those that this key sent."""
    return order_page(limit, after, only_of(actor_of(request)))


@router.get("/{number}", responses=REFUSALS)
@needs(Right.ORDERS_READ)
def read_order(request: Request, number: str) -> OrderView:
    """Read one order with its lines, totals, payments, shipments and documents.

    With `orders:write` alone: one that this key sent.
    """
    return order_view(number, only_of(actor_of(request)))


def _create(actor: Actor, raw: bytes, idempotency_key: str) -> tuple[TakenOrderView, bool]:
    taken = take_in(actor, parse_order(value_of(raw)), idempotency_key.strip())
    differs = [DifferenceView(field=one.field, kept=one.kept, sent=one.sent) for one in taken.again.differs]
    try:
        view = view_of(taken.order) if taken.order else order_view(taken.order_number, only_of(actor))
        return TakenOrderView(**dict(view), differs=differs), taken.created
    except NotFound:  # anyone who guesses references is told that they are taken, and nothing of the order
        raise Refused(
            _("There is an order with this reference already; another sender brought it in.")
        ) from None
