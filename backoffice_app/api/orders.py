"""`/api/v1/orders`: orders come in and are read (API-1)."""

from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Header, HTTPException, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from backoffice_app.api.auth import actor_of, only_of
from backoffice_app.api.problem import Problem
from backoffice_app.domain.core.errors import Invalid, NotFound, Refused, shortened
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.intake import json_text
from backoffice_app.domain.intake.take_in import take_in
from backoffice_app.domain.orders.new_order import NewOrder, parse_order
from backoffice_app.domain.rest_view import OrderPage, OrderView, order_page, order_view, view_of
from backoffice_app.i18n import _
from backoffice_app.marks import needs

LARGEST_BODY = 4 * 1024 * 1024
"""An order of 10,000 lines with all their fields has 2.2 MB; nothing that a shop sells needs twice that."""
BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewOrder"}}}}}
KEY_HELP = "Makes a repeated call safe: the same key gives the same order. A key that came with another body before is refused with 422."
REFUSALS: dict[int | str, dict[str, object]] = {code: {"model": Problem} for code in (400, 401, 403, 404, 409, 413, 415, 422)}
router = APIRouter(prefix="/v1/orders", tags=["Orders"])


@router.post("", status_code=201, openapi_extra=BODY, responses={200: {"model": OrderView}, **REFUSALS})
@needs(Right.ORDERS_WRITE)
async def create_order(
    request: Request, response: Response, idempotency_key: Annotated[str, Header(description=KEY_HELP)] = ""
) -> OrderView:
    """Take an order in: 201 with the new order; 200 with the same order for a repeated key or external reference.

    409 where the order of this reference came from another sender and this key may not read it.
    """
    raw = await body_of(request)
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
    """Read one order with its lines, totals, payments, shipments and documents. With `orders:write` alone: one that this key sent."""
    return order_view(number, only_of(actor_of(request)))


async def body_of(request: Request) -> bytes:
    """The body, up to 4 MiB; 413 for a larger one, before it was read to its end."""
    too_large = HTTPException(413, _("The body has more than {most} MiB.").format(most=LARGEST_BODY // 1024**2))
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told[:20]) > LARGEST_BODY:
        raise too_large
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > LARGEST_BODY:
            raise too_large
    return bytes(raw)


def _create(actor: Actor, raw: bytes, idempotency_key: str) -> tuple[OrderView, bool]:
    taken = take_in(actor, parse_body(raw), idempotency_key.strip())
    if taken.order:
        return view_of(taken.order), taken.created
    try:
        return order_view(taken.order_number, only_of(actor)), taken.created
    except NotFound:  # whoever guesses references is told that they are taken, and nothing of the order
        raise Refused(_("There is an order with this reference already; another sender brought it in.")) from None


def parse_body(raw: bytes) -> NewOrder:
    """The one order in a body. 400 if it is no JSON in UTF-8; InvalidOrder naming the fields if it is no order."""
    try:
        text = json_text.text_of(raw)
        if text.lstrip(json_text.BLANKS).startswith("["):
            found: object = [*islice(json_text.values(text), 1)]  # no order in any case, however many values follow
        else:
            [found] = json_text.values(text)
    except Invalid as unreadable:
        twice = _("The field {field} stands twice.").format(field=shortened(unreadable.field))
        raise HTTPException(400, twice if unreadable.field else unreadable.reason) from None  # translated by the handler
    return parse_order(found)
