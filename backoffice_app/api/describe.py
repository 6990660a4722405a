"""The OpenAPI description of the API: what is sent, what comes back, which scope it needs (API-1)."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from backoffice_app.api import orders
from backoffice_app.api.problem import MEDIA_TYPE
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.orders.new_order import NewOrder
from backoffice_app.marks import MARK

SCHEMA_PATH = "#/components/schemas/{model}"


def describe(api: FastAPI) -> dict[str, Any]:
    """The OpenAPI description, with the order as it is sent, the key, the scope of each operation and the problems' media type."""
    if api.openapi_schema:
        return api.openapi_schema
    spec = get_openapi(title=api.title, version=api.version, description=api.description, routes=api.routes)
    sent = NewOrder.model_json_schema(ref_template=SCHEMA_PATH)
    schemas = spec["components"]["schemas"]
    schemas |= sent.pop("$defs")
    schemas["NewOrder"] = sent
    spec["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    spec["servers"] = [{"url": "/api"}]
    for route in orders.router.routes:
        if isinstance(route, APIRoute):
            for method in route.methods or ():
                operation = spec["paths"][route.path][method.lower()]
                right = getattr(route.endpoint, MARK, None)
                operation |= {"security": [{"key": []}], "x-scope": right.value if isinstance(right, Right) else ""}
                for code, answer in operation["responses"].items():
                    if code >= "400" and "content" in answer:
                        answer["content"] = {MEDIA_TYPE: next(iter(answer["content"].values()))}
    api.openapi_schema = spec
    return spec
