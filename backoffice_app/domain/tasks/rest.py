"""Tasks as the REST API tells them (API-1, W-9)."""

from datetime import date as Day  # noqa: N812  # a field is called `date`
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Row, Select, select
from sqlmodel import Session, col

from backoffice_app.db import reading
from backoffice_app.domain.core.cursor import row_after
from backoffice_app.domain.core.errors import NotFound
from backoffice_app.domain.core.resources import Resource, offer
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.subjects import LARGEST_ID
from backoffice_app.domain.tasks.subject import TASK
from backoffice_app.models import Order, Task


class TaskView(BaseModel):
    """A task. `order`: the number of its order, null without one; `status`: to_do, in_progress or done.

    `assignee_id`: null for nobody; `date`, `time`: when it is due in the shop's time zone, null and "" where nothing is
    set.
    """

    id: int
    order: str | None
    title: str
    description: str
    assignee_id: int | None
    assignee: str
    date: Day | None
    time: str
    status: str
    priority: str
    created_at: datetime
    created_by: str
    done_at: datetime | None
    done_by: str
    version: int


class TaskPage(BaseModel):
    """Some tasks, newest first; `next` is what `after` takes for the ones that follow, null at the end."""

    tasks: list[TaskView]
    next: str | None


def readable_task(session: Session, number: str, sent_by: int | None) -> Task:
    """A task that was not deleted; with `sent_by` only one about an order that this API key brought in.

    Raises NotFound.
    """
    id_ = min(TASK.find(session, number), LARGEST_ID)
    statement = select(Task).where(col(Task.id) == id_, col(Task.deleted_at).is_(None))
    if sent_by is not None:
        statement = statement.join(Order, col(Order.id) == col(Task.order_id)).where(
            col(Order.sent_by) == sent_by
        )
    found: Task | None = session.execute(statement).scalars().first()
    if found is None:
        raise NotFound(number)
    return found


TASK_RESOURCE = offer(Resource(TASK, "tasks", Right.TASKS, readable_task))
"""Tasks, whose actions the API offers."""


def task_view(number: str, sent_by: int | None = None) -> TaskView:
    """One task by its id. Raises NotFound."""
    with reading() as session:
        task = readable_task(session, number, sent_by)
        return _view(session.execute(_wanted().where(col(Task.id) == task.id)).one())


def task_page(limit: int, after: str, *, is_open: bool, sent_by: int | None = None) -> TaskPage:
    """At most `limit` (up to 200) tasks that follow the cursor `after`, newest first.

    Raises Invalid naming `limit` or `after`.
    """
    follows = row_after(limit, after)
    statement = _wanted().where(col(Task.deleted_at).is_(None)).order_by(col(Task.id).desc()).limit(limit + 1)
    if follows is not None:
        statement = statement.where(col(Task.id) < follows)
    if is_open:
        statement = statement.where(col(Task.done_at).is_(None))
    if sent_by is not None:
        statement = statement.where(col(Order.sent_by) == sent_by)
    with reading() as session:
        found = session.execute(statement).all()
    views = [_view(row) for row in found[:limit]]
    return TaskPage(tasks=views, next=str(views[-1].id) if len(found) > limit else None)


def _wanted() -> Select[Any]:
    both: Select[Any] = select(Task, col(Order.number))  # type: ignore[assignment]
    return both.outerjoin(Order, col(Order.id) == col(Task.order_id))


def _view(row: Row[Any]) -> TaskView:
    task: Task = row.Task
    number: str | None = row.number
    return TaskView(
        id=task.id or 0,
        order=number,
        title=task.title,
        description=task.description,
        assignee_id=task.assignee_id,
        assignee=task.assignee,
        date=task.due_on,
        time=task.due_time,
        status=task.state.replace(" ", "_"),
        priority=task.priority,
        created_at=task.created_at,
        created_by=task.created_by,
        done_at=task.done_at,
        done_by=task.done_by,
        version=task.version,
    )
