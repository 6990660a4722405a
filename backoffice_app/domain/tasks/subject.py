"""The subjects "task" and "tasks": one, and all of them together, which a new one is added to."""

from dataclasses import dataclass

from sqlmodel import col, select

from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.subjects import LARGEST_ID, Subject, lock_row, register
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.order import ORDER, order_id
from backoffice_app.i18n import _
from backoffice_app.models import Order, Task

TOPIC = "tasks"
"""What open lists of tasks listen to."""
COUNT_TOPIC = "task-count"
"""What the count in the menu listens to, on each page: a tab has one handler for a topic."""
_ROW = lock_row(Task)


@dataclass(frozen=True)
class AllTasks:
    """All tasks together: what a new one without an order is added to."""


def _lock(w: Work, id_: int) -> Task:
    """The order of a task is locked before it, as an action on the order does it, so that the two never wait for each
    other.
    """
    found = (
        w.session.exec(select(Task.order_id).where(Task.id == id_)).first() if 0 < id_ <= LARGEST_ID else None
    )
    if found is not None and not w.holds(ORDER, found):
        w.lock(ORDER, found)
    return _ROW(w, id_)


TASK: Subject[Task] = register(
    Subject(
        key="task", row=Task, lock=_lock, topic=lambda id_: f"task-{id_}", version=lambda task: task.version
    )
)
TASKS: Subject[AllTasks] = register(
    Subject(key="tasks", row=AllTasks, lock=lambda _w, _id: AllTasks(), id_of=lambda _all: 0)
)


def task_of(w: Work, order: Order, id_: str) -> Task:
    """The task of this order with this id, locked. Raises Invalid naming `task` where the order has none such."""
    known = int(id_) if id_.isascii() and id_.isdecimal() and len(id_) < 19 else 0
    found = w.session.exec(select(Task.order_id).where(col(Task.id) == known)).first()
    if found != order_id(order):
        raise Invalid("task", _("The order has no such task."))
    return w.lock(TASK, known)
