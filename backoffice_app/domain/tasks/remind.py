"""Anyone who has a task that is due is reminded of it, once, by a mail in their language (W-9)."""

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from sqlalchemy import ColumnElement, literal_column
from sqlmodel import col, select

from backoffice_app.db import reading
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.jobs import each_minute
from backoffice_app.domain.core.languages import spoken
from backoffice_app.domain.core.rights import WORKER
from backoffice_app.domain.core.work import Work, work
from backoffice_app.domain.mail.colleagues import write_to_colleague
from backoffice_app.domain.mail.kinds import mail_kind
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.tasks.due import due_text
from backoffice_app.domain.tasks.facts import TaskReminded
from backoffice_app.domain.tasks.inputs import PRIORITY_NAMES
from backoffice_app.domain.tasks.subject import TASK, TOPIC
from backoffice_app.i18n import _
from backoffice_app.models import Order, Task, User
from backoffice_app.settings import settings

AT_ONCE = 200
# As the index says it: planners take it only then.
_WAITS: ColumnElement[bool] = literal_column(
    "reminded_at IS NULL AND assignee_id IS NOT NULL AND done_at IS NULL AND deleted_at IS NULL"
)


def example_values(order: Order, language: str) -> Mapping[str, object]:
    """The names that the text of a reminder uses, as for a task about this order: for a preview."""
    customer = order.customer_name or order.company
    told = {"title": _("Task").in_language(language), "order": order.number, "customer": customer}
    return {"task": dict.fromkeys(("due", "priority", "description", "by", "url"), "") | told, "person": ""}


TASK_DUE = mail_kind("task-due", _("Task due"), values=example_values)


@each_minute("Reminding of tasks that are due")
def remind_of_due_tasks() -> int:
    """Writes a mail for each task that is due and whose assignee was not reminded yet; returns how many.

    Each in its own transaction, which looks at the task again: it may run twice, at the same time, after any pause.
    """
    return sum(_remind(task_id) for task_id in _due())


def _due() -> Iterator[int]:
    due = (
        select(Task.id)
        .where(_WAITS, col(Task.comes_at) <= clock.now())
        .order_by(col(Task.comes_at))
        .limit(AT_ONCE)
    )
    with reading() as session:
        found = session.exec(due).all()
    yield from (id_ for id_ in found if id_ is not None)


def _remind(task_id: int) -> bool:
    """Whether a mail was written. A task of somebody who left is reminded of no more, until it is given to another."""
    with work(WORKER) as w:
        task = w.lock(TASK, task_id)
        is_over = task.done_at is not None or task.deleted_at is not None
        if is_over or task.reminded_at is not None or task.assignee_id is None or task.comes_at > w.at:
            return False
        task.reminded_at = w.at
        w.session.add(task)
        w.touch(TOPIC)
        person = w.session.get(User, task.assignee_id)
        if person is None or person.retired_at is not None:
            return False
        return _write(w, task, person)


def _write(w: Work, task: Task, person: User) -> bool:
    language = spoken(TASK_DUE.texts, person.language, w.shop.regional.language)
    order = w.session.get(Order, task.order_id) if task.order_id is not None else None
    values = {
        "title": task.title,
        "due": due_text(task, language),
        "priority": PRIORITY_NAMES[task.priority].in_language(language) if task.priority == "high" else "",
        "description": task.description,
        "order": order.number if order is not None else "",
        "customer": (order.customer_name or order.company) if order is not None else "",
        "by": task.created_by if task.created_by != person.name else "",
        "url": f"{settings().public_url}"
        + (f"/orders/{quote(order.number)}" if order is not None else "/tasks"),
    }
    mail = write_to_colleague(
        w,
        TASK_DUE,
        key=f"task/{task.id}/{TASK_DUE.key}/{int(task.comes_at.timestamp())}-{person.id}",
        recipient=person.email,
        language=language,
        names={"task": values, "person": person.name},
    )
    if mail is None:
        return False
    about = (ORDER, order.id or 0) if order is not None else task
    w.record(about, TaskReminded(title=task.title, recipient=person.name))
    return True
