"""A task is added, changed, ticked off, opened again, deleted: what each of these writes, whichever action it is for
(W-9).
"""

from dataclasses import dataclass
from datetime import date

from sqlmodel import col, func, select

from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.facts import Fact
from backoffice_app.domain.core.rights import ActorKind
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.order import ORDER, order_id
from backoffice_app.domain.people.colleagues import Colleague, colleague_of
from backoffice_app.domain.tasks.due import moment_due
from backoffice_app.domain.tasks.facts import (
    TaskAdded,
    TaskChanged,
    TaskDeleted,
    TaskDone,
    TaskReopened,
    TaskRestored,
)
from backoffice_app.domain.tasks.inputs import DONE, TO_DO, ChangedTask, NewTask, Priority, State
from backoffice_app.domain.tasks.subject import COUNT_TOPIC, TOPIC
from backoffice_app.i18n import _
from backoffice_app.models import Order, Task


@dataclass(frozen=True)
class Wanted:
    """What a task says. `day`, `at`: when it is due, None and "" without; `assignee`: None for nobody."""

    title: str
    description: str = ""
    assignee: Colleague | None = None
    day: date | None = None
    at: str = ""
    state: State = TO_DO
    priority: Priority = "normal"


def add_task(
    w: Work,
    order: Order | None,
    title: str,
    *,
    description: str = "",
    assignee: Colleague | None = None,
    day: date | None = None,
    at: str = "",
    priority: Priority = "normal",
) -> Task:
    """A new task, also one that Kontor itself gives: about `order`, which is locked, or about none.

    `day`, `at`: when it is due in the shop's time zone, `at` such as "14:30". Raises Invalid for a time without a day.
    """
    return put(w, order, Wanted(title, description, assignee, day, at, priority=priority))


def add_as_told(w: Work, order: Order | None, data: NewTask) -> Task:
    """A new task as a person filled it in. Raises Invalid naming the field."""
    assignee = colleague_of(w.session, w.actor, data.assignee, "assignee")
    return put(
        w,
        order,
        Wanted(
            data.title, data.description, assignee, data.date or None, data.time, data.status, data.priority
        ),
    )


def put(w: Work, order: Order | None, wanted: Wanted) -> Task:
    """Writes a new task and tells of it."""
    if wanted.at and wanted.day is None:
        raise Invalid("date", _("A time needs its day."))
    task = Task(
        order_id=order_id(order) if order is not None else None,
        title=wanted.title,
        description=wanted.description,
        priority=wanted.priority,
        state=wanted.state,
        created_at=w.at,
        created_by=w.actor.name,
        comes_at=w.at,
    )
    _end(w, task)
    _give(task, wanted.assignee)
    _plan(w, task, wanted.day, wanted.at)
    w.add(task)
    _tell(w, task, TaskAdded(title=task.title, assignee=task.assignee, due=task.due_on))
    if order is not None:
        recount(w, order)
    w.made("tasks", str(task.id))
    return task


def change(w: Work, task: Task, data: ChangedTask) -> bool:
    """The task is as the form says; False where nothing differs. Raises Invalid naming the field."""
    before = _texts(task)
    day = task.due_on if data.date is None else data.date or None
    at = task.due_time if data.time is None else data.time
    if data.date == "" and data.time is None:
        at = ""
    if at and day is None:
        raise Invalid("date", _("A time needs its day."))
    if data.assignee is not None:
        _give(task, colleague_of(w.session, w.actor, data.assignee, "assignee"))
    if (day, at) != (task.due_on, task.due_time):
        _plan(w, task, day, at)
    task.title = data.title or task.title
    task.description = task.description if data.description is None else data.description
    task.priority = data.priority or task.priority
    if data.status and data.status != task.state:
        was_done = task.state == DONE
        task.state = data.status
        if was_done != (task.state == DONE):
            _end(w, task)
    after = _texts(task)
    changed = [name for name, text in after.items() if before[name] != text]
    if not changed:
        return False
    old, new = ({name: texts[name] for name in changed} for texts in (before, after))
    _changed(w, task, TaskChanged(title=before["title"], old=old, new=new))
    return True


def complete(w: Work, task: Task) -> None:
    """The task is done, by the actor."""
    task.state, task.done_at, task.done_by = DONE, w.at, w.actor.name
    _changed(w, task, TaskDone(title=task.title))


def reopen(w: Work, task: Task) -> None:
    """The task is to do again; its assignee was reminded of it already."""
    task.state, task.done_at, task.done_by = TO_DO, None, ""
    _changed(w, task, TaskReopened(title=task.title))


def delete(w: Work, task: Task) -> None:
    """The task is shown nowhere any more; the history keeps what it said."""
    task.deleted_at = w.at
    _changed(w, task, TaskDeleted(title=task.title, says=task.description))


def restore(w: Work, task: Task) -> None:
    """The task is there again."""
    task.deleted_at = None
    _changed(w, task, TaskRestored(title=task.title))


def recount(w: Work, order: Order) -> None:
    """The order knows how many tasks it has, and how many of them are open; it is locked."""
    w.session.flush()
    of_order = (Task.order_id == order.id, col(Task.deleted_at).is_(None))
    counted = select(func.count(), func.count(col(Task.id)) - func.count(col(Task.done_at))).where(*of_order)
    order.task_count, order.open_task_count = w.session.exec(counted).one()


def _changed(w: Work, task: Task, happened: Fact) -> None:
    task.version += 1
    w.session.add(task)
    _tell(w, task, happened)
    if task.order_id is not None:
        recount(
            w,
            w.lock(ORDER, task.order_id)
            if not w.holds(ORDER, task.order_id)
            else w.session.get_one(Order, task.order_id),
        )


def _tell(w: Work, task: Task, happened: Fact) -> None:
    """Into the history of its order, or its own where it has none."""
    w.touch(TOPIC, COUNT_TOPIC)
    w.record((ORDER, task.order_id) if task.order_id is not None else task, happened)


def _give(task: Task, to: Colleague | None) -> None:
    """Anyone who gets a task is reminded of it, also where another one was."""
    if task.assignee_id != (to.id if to else None):
        task.reminded_at = None
    task.assignee_id, task.assignee = (to.id, to.name) if to else (None, "")


def _plan(w: Work, task: Task, day: date | None, at: str) -> None:
    """It is due then. Who sets a time for themselves that has passed already is not reminded of it."""
    task.due_on, task.due_time = day, at
    task.comes_at = moment_due(day, at, w.shop.regional.zone)
    is_own = w.actor.kind is ActorKind.USER and task.assignee_id == w.actor.id
    task.reminded_at = w.at if is_own and task.comes_at <= w.at else None


def _end(w: Work, task: Task) -> None:
    """When and by whom it was done follows from its state."""
    task.done_at, task.done_by = (w.at, w.actor.name) if task.state == DONE else (None, "")


def _texts(task: Task) -> dict[str, str]:
    due = f"{task.due_on.isoformat()} {task.due_time}".strip() if task.due_on else ""
    return {
        "title": task.title,
        "assignee": task.assignee,
        "due": due,
        "status": task.state,
        "priority": task.priority,
        "description": task.description,
    }
