"""`/api/v1/<path>/<number>/actions`: what may be done now, and the doing; a route for each action that is registered
(API-1).
"""

from collections.abc import Callable, Coroutine
from inspect import cleandoc
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from backoffice_app.api.auth import actor_of, only_of, require_scope
from backoffice_app.api.body import MIB, body_of, fields_of
from backoffice_app.api.problem import Problem, language_of
from backoffice_app.domain.core.actions import Action, asked_by, perform
from backoffice_app.domain.core.actions import preview as try_out
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.resources import RESOURCES, Resource
from backoffice_app.domain.core.subjects import Version
from backoffice_app.domain.rest_actions import ActionView, DoneView, done_view, id_of, offered_actions
from backoffice_app.i18n import _
from backoffice_app.marks import needs

LARGEST_BODY = MIB
"""Quantities of 10,000 lines have 250 kB."""
REFUSALS: dict[int | str, dict[str, object]] = {
    code: {"model": Problem} for code in (400, 401, 403, 404, 409, 412, 413, 415, 422)
}
PREVIEW_HELP = (
    "With 1 nothing is done: the answer says what would be done and made, and a refusal is the same."
)
SEEN_HELP = (
    "The version that was read, as `ETag` of the list of actions or `version` of the order; 412 "
    "where it changed since."
)
NO_KEY = _(
    "An action takes no such key. Send the version that was read as If-Match: then a repeated call is refused."
)
Seen = Annotated[str, Header(alias="If-Match", description=SEEN_HELP)]
Route = Callable[..., Coroutine[Any, Any, DoneView]]


def create_router() -> APIRouter:
    """The routes of all resources and their actions that are registered by now."""
    router = APIRouter(prefix="/v1", responses=REFUSALS)
    for path, resource in RESOURCES.items():
        _add_list(router, path, resource)
        for action in resource.actions():
            _add_action(router, path, resource, action)
    return router


def input_name(action: Action[Any, Any]) -> str:
    """What the description calls the input of an action: "EditAddressInput"."""
    return "".join(word.capitalize() for word in action.key.split("-")) + "Input"


def _add_list(router: APIRouter, path: str, resource: Resource[Any]) -> None:
    @needs(resource.right)
    def list_actions(request: Request, response: Response, number: str) -> list[ActionView]:
        actor, language = actor_of(request), language_of(request)
        views, version = offered_actions(
            actor, resource, number, only_of(actor, resource.reads_all), language
        )
        if version is not None:
            response.headers["ETag"] = f'"{version}"'
        return views

    router.add_api_route(
        f"/{path}/{{number}}/actions",
        list_actions,
        methods=["GET"],
        operation_id=f"list_{path}_actions",
        summary="What may be done now",
        description=(
            "All actions with their words, whether each may happen now with this key, if not why, "
            "and what it must be told."
        ),
        tags=[path.capitalize()],
    )


def _add_action(router: APIRouter, path: str, resource: Resource[Any], action: Action[Any, Any]) -> None:
    must = asked_by(action.input) == "must"
    schema = {"$ref": f"#/components/schemas/{input_name(action)}"}
    router.add_api_route(
        f"/{path}/{{number}}/actions/{action.key}",
        needs(action.right)(_route_of(resource, action)),
        methods=["POST"],
        operation_id=f"{path}_{action.key}".replace("-", "_"),
        summary=action.label.in_language("en"),
        description=cleandoc(action.run.__doc__ or ""),
        tags=[path.capitalize()],
        openapi_extra={
            "requestBody": {"required": must, "content": {"application/json": {"schema": schema}}}
        },
    )


def _route_of(resource: Resource[Any], action: Action[Any, Any]) -> Route:
    async def act(
        request: Request,
        response: Response,
        number: str,
        preview: Annotated[bool, Query(description=PREVIEW_HELP)] = False,
        seen: Seen = "",
    ) -> DoneView:
        actor = actor_of(request)
        require_scope(request, actor, resource.right)
        if "idempotency-key" in request.headers:
            raise Invalid("Idempotency-Key", NO_KEY)
        values = fields_of(await body_of(request, LARGEST_BODY))

        def do() -> DoneView:
            id_ = id_of(resource, number, only_of(actor, resource.reads_all))
            done = (try_out if preview else perform)(
                actor, action.key, id_, values, subject=resource.subject, seen=version_in(seen)
            )
            if resource.subject.version and not preview:
                response.headers["ETag"] = f'"{done.versions[1]}"'
            return done_view(done, language_of(request))

        return await run_in_threadpool(do)

    return act


def version_in(header: str) -> Version | None:
    """The version that `If-Match` names, such as `"7"`; None where it names none, or any."""
    text = header.strip().removeprefix("W/").strip('"')
    if text in {"", "*"}:
        return None
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else text
