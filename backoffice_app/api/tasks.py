"""`/api/v1/tasks`: tasks are read and added; what is done with one is an action (API-1, W-9)."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from backoffice_app.api.auth import actor_of, only_of
from backoffice_app.api.body import MIB, body_of, fields_of
from backoffice_app.api.problem import Problem
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.tasks import TASKS
from backoffice_app.domain.tasks.inputs import NewTask
from backoffice_app.domain.tasks.of_tasks import NEW
from backoffice_app.domain.tasks.rest import TaskPage, TaskView, task_page, task_view
from backoffice_app.marks import needs

REFUSALS: dict[int | str, dict[str, object]] = {
    code: {"model": Problem} for code in (400, 401, 403, 404, 409, 413, 415, 422)
}
BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": NewTask.model_json_schema()}},
    }
}
router = APIRouter(prefix="/v1/tasks", tags=["Tasks"], responses=REFUSALS)


@router.get("")
@needs(Right.TASKS)
def list_tasks(
    request: Request,
    limit: Annotated[int, Query(description="How many, at most 200.")] = 50,
    after: Annotated[str, Query(description="`next` of the page before.")] = "",
    open: Annotated[bool, Query(description="With 1 only those still to do.")] = False,  # noqa: A002  # as in the address
) -> TaskPage:
    """Read tasks, newest first, page by page. With `orders:write` alone: those about orders that this key sent."""
    return task_page(limit, after, is_open=open, sent_by=only_of(actor_of(request)))


@router.get("/{number}")
@needs(Right.TASKS)
def read_task(request: Request, number: str) -> TaskView:
    """Read one task by its id. What can be done with it is at `/actions` below it."""
    return task_view(number, only_of(actor_of(request)))


@router.post("", status_code=201, openapi_extra=BODY)
@needs(Right.TASKS)
async def create_task(request: Request, response: Response) -> TaskView:
    """Add a task about no order. One about an order is added by the action `add-task` of the order."""
    actor = actor_of(request)
    values = fields_of(await body_of(request, MIB))

    def create() -> TaskView:
        [made] = perform(actor, NEW, 0, values, subject=TASKS).made["tasks"]
        return task_view(made)

    task = await run_in_threadpool(create)
    response.headers["Location"] = f"{request.scope.get('root_path', '')}/v1/tasks/{task.id}"
    return task
