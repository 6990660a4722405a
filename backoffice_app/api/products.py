"""`/api/v1/products`: products are read and added; what is done with one is an action (API-1, STK-1)."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from backoffice_app.api.auth import actor_of, only_of
from backoffice_app.api.body import MIB, body_of, fields_of
from backoffice_app.api.problem import Problem
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.stock.actions import NewProduct
from backoffice_app.domain.stock.rest import ProductPage, ProductView, product_of_sku, product_page
from backoffice_app.domain.stock.subject import CATALOGUE
from backoffice_app.marks import needs

REFUSALS: dict[int | str, dict[str, object]] = {
    code: {"model": Problem} for code in (400, 401, 403, 404, 409, 413, 415, 422)
}
BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": NewProduct.model_json_schema()}},
    }
}
router = APIRouter(prefix="/v1/products", tags=["Products"], responses=REFUSALS)


@router.get("")
@needs(Right.ORDERS_READ)
def list_products(
    request: Request,
    limit: Annotated[int, Query(description="How many, at most 200.")] = 50,
    after: Annotated[str, Query(description="`next` of the page before.")] = "",
) -> ProductPage:
    """Read products, newest first, page by page. With `orders:write` alone: none."""
    return product_page(limit, after, only_of(actor_of(request)))


@router.get("/{sku}")
@needs(Right.ORDERS_READ)
def read_product(request: Request, sku: str) -> ProductView:
    """Read one product by its SKU. What can be done with it is at `/actions` below it."""
    return product_of_sku(sku, only_of(actor_of(request)))


@router.post("", status_code=201, openapi_extra=BODY)
@needs(Right.EDIT)
async def create_product(request: Request, response: Response) -> ProductView:
    """Add a product. Amounts and quantities are decimal text; `on_hand` "" where nobody counts it."""
    actor = actor_of(request)
    values = fields_of(await body_of(request, MIB))

    def create() -> ProductView:
        [sku] = perform(actor, "new-product", 0, values, subject=CATALOGUE).made["products"]
        return product_of_sku(sku)

    product = await run_in_threadpool(create)
    response.headers["Location"] = (
        f"{request.scope.get('root_path', '')}/v1/products/{quote(product.sku, safe='')}"
    )
    return product
