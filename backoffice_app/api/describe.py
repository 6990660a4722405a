"""The OpenAPI description of the API: what is sent, what comes back, which scope it needs (API-1)."""

from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from backoffice_app.api.actions import input_name
from backoffice_app.api.problem import MEDIA_TYPE
from backoffice_app.domain.bulk.rest import NewBulkRun
from backoffice_app.domain.core.resources import RESOURCES
from backoffice_app.domain.core.rights import AnyRight
from backoffice_app.domain.orders.new_order import NewOrder
from backoffice_app.domain.tickets.take_in import NewTicket
from backoffice_app.marks import MARK

SCHEMA_PATH = "#/components/schemas/{model}"


def describe(api: FastAPI) -> dict[str, Any]:
    """The OpenAPI description, with what is sent, the key, the scope of each operation and the problems' media type."""
    if api.openapi_schema:
        return api.openapi_schema
    spec = get_openapi(title=api.title, version=api.version, description=api.description, routes=api.routes)
    for name, schema in _sent():
        _add(spec["components"]["schemas"], name, schema)
    spec["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    spec["servers"] = [{"url": "/api"}]
    for route in _described(api.routes):
        for method in route.methods or ():
            operation = spec["paths"][route.path][method.lower()]
            right = getattr(route.endpoint, MARK, None)
            operation |= {
                "security": [{"key": []}],
                "x-scope": right.value if isinstance(right, AnyRight) else "",
            }
            for code, answer in operation["responses"].items():
                if code >= "400" and "content" in answer:
                    answer["content"] = {MEDIA_TYPE: next(iter(answer["content"].values()))}
    api.openapi_schema = spec
    return spec


def _sent() -> Iterator[tuple[str, dict[str, Any]]]:
    """The schema of each body that is sent, with its name."""
    yield "NewOrder", NewOrder.model_json_schema(ref_template=SCHEMA_PATH)
    for resource in RESOURCES.values():
        for action in resource.actions():
            yield input_name(action), action.input.model_json_schema(ref_template=SCHEMA_PATH)
    yield "NewTicket", NewTicket.model_json_schema(ref_template=SCHEMA_PATH)
    yield "NewBulkRun", NewBulkRun.model_json_schema(ref_template=SCHEMA_PATH)


def _add(schemas: dict[str, Any], name: str, schema: dict[str, Any]) -> None:
    """Takes in a schema with those inside it. Raises ValueError where two that differ have one name."""
    for inner, own in (*schema.pop("$defs", {}).items(), (name, schema)):
        if schemas.setdefault(inner, own) != own:
            raise ValueError(f"two schemas of the API are called {inner}")


def _described(routes: Iterable[BaseRoute]) -> Iterator[APIRoute]:
    """The routes that the description names, those of the routers that were included too."""
    for route in routes:
        if isinstance(route, APIRoute):
            if route.include_in_schema:
                yield route
        elif hasattr(route, "original_router"):
            yield from _described(route.original_router.routes)
