"""`/api/v1/customers` and `/api/v1/custom-statuses`: read; what is done to a customer is an action (API-1)."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from backoffice_app.api.auth import actor_of, only_of
from backoffice_app.api.problem import Problem
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.rest_customers import (
    CustomerPage,
    CustomerView,
    custom_statuses,
    customer_page,
    customer_view,
)
from backoffice_app.domain.rest_models import CustomStatusView
from backoffice_app.marks import needs

REFUSALS: dict[int | str, dict[str, object]] = {
    code: {"model": Problem} for code in (400, 401, 403, 404, 422)
}
router = APIRouter(prefix="/v1", tags=["Customers"])


@router.get("/customers", responses=REFUSALS)
@needs(Right.ORDERS_READ)
def list_customers(
    request: Request,
    limit: Annotated[int, Query(description="How many, at most 200.")] = 50,
    after: Annotated[str, Query(description="`next` of the page before.")] = "",
    email: Annotated[str, Query(description="Only those with this address.")] = "",
) -> CustomerPage:
    """Read customers, newest first, page by page. With `orders:write` alone: none."""
    return customer_page(limit, after, email, only_of(actor_of(request)))


@router.get("/customers/{number}", responses=REFUSALS)
@needs(Right.ORDERS_READ)
def read_customer(request: Request, number: str) -> CustomerView:
    """Read one customer. One who was merged into another names that one in `merged_into`."""
    return customer_view(number, only_of(actor_of(request)))


@router.get("/custom-statuses", responses=REFUSALS, tags=["Orders"])
@needs(Right.ORDERS_READ)
def list_custom_statuses() -> list[CustomStatusView]:
    """Read the shop's own statuses, which `set-status` takes by id or by name."""
    return custom_statuses()
