"""What one may do with the tasks of an order, in its window and its API (W-9).

The same without an order: `of_tasks.py`.
"""

from backoffice_app.domain.core.actions import Done, Undo, action
from backoffice_app.domain.core.errors import Invalid
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.tasks import changes
from backoffice_app.domain.tasks.inputs import ChangedTask, ChangedTaskOfOrder, NewTask, OneTask
from backoffice_app.domain.tasks.subject import task_of
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Order, Task

ADD, COMPLETE, REOPEN, EDIT, DELETE, RESTORE = (
    "add-task",
    "complete-task",
    "reopen-task",
    "edit-task",
    "delete-task",
    "restore-task",
)
GONE = _("The task was deleted.")
DONE_ALREADY = _("The task is done already.")
OPEN_ALREADY = _("The task is open already.")


def why_not(order: Order) -> LazyText | None:  # noqa: ARG001
    """W-17: there may be something to do about any order, also a completed or a cancelled one."""
    return None


@action(
    subject=ORDER,
    key=ADD,
    label=_("Add task"),
    right=Right.TASKS,
    why_not=why_not,
    input=NewTask,
    even_if_changed=True,
    bulk=True,
)
def add(w: Work, order: Order, data: NewTask) -> Done:
    """Give a task about the order to oneself or a colleague; when it is due, its assignee is reminded (W-9)."""
    task = changes.add_as_told(w, order, data)
    return Done(_("Task added."), undo=Undo(DELETE, {"task": str(task.id)}))


@action(
    subject=ORDER,
    key=COMPLETE,
    label=_("Finish task"),
    right=Right.TASKS,
    why_not=why_not,
    input=OneTask,
    even_if_changed=True,
)
def complete(w: Work, order: Order, data: OneTask) -> Done:
    """Tick a task of the order off (W-9)."""
    task = _there(w, order, data.task)
    if task.done_at is not None:
        return Done(DONE_ALREADY, changed=False)
    changes.complete(w, task)
    return Done(_("Task done."), undo=Undo(REOPEN, {"task": data.task}))


@action(
    subject=ORDER,
    key=REOPEN,
    label=_("Open task again"),
    right=Right.TASKS,
    why_not=why_not,
    input=OneTask,
    even_if_changed=True,
)
def reopen(w: Work, order: Order, data: OneTask) -> Done:
    """A task of the order that was done is to do again (W-9)."""
    task = _there(w, order, data.task)
    if task.done_at is None:
        return Done(OPEN_ALREADY, changed=False)
    changes.reopen(w, task)
    return Done(_("The task is open again."), undo=Undo(COMPLETE, {"task": data.task}))


@action(
    subject=ORDER,
    key=EDIT,
    label=_("Edit task"),
    right=Right.TASKS,
    why_not=why_not,
    input=ChangedTaskOfOrder,
    overwrites=True,
)
def edit(w: Work, order: Order, data: ChangedTaskOfOrder) -> Done:
    """Change a task of the order; what is left out stays as it is (W-9)."""
    task = _there(w, order, data.task)
    given = ChangedTask.model_validate(data.model_dump(exclude={"task"}))
    return (
        Done(_("Task saved."))
        if changes.change(w, task, given)
        else Done(_("Nothing was changed."), changed=False)
    )


@action(
    subject=ORDER,
    key=DELETE,
    label=_("Delete task"),
    right=Right.TASKS,
    why_not=why_not,
    input=OneTask,
    even_if_changed=True,
)
def delete(w: Work, order: Order, data: OneTask) -> Done:
    """Delete a task of the order; the history keeps it (W-9)."""
    task = task_of(w, order, data.task)
    if task.deleted_at is not None:
        return Done(GONE, changed=False)
    changes.delete(w, task)
    return Done(_("Task deleted."), undo=Undo(RESTORE, {"task": data.task}))


@action(
    subject=ORDER,
    key=RESTORE,
    label=_("Bring task back"),
    right=Right.TASKS,
    why_not=why_not,
    input=OneTask,
    offered=False,
    even_if_changed=True,
)
def restore(w: Work, order: Order, data: OneTask) -> Done:
    """Bring a task of the order back that was deleted (W-9)."""
    task = task_of(w, order, data.task)
    if task.deleted_at is None:
        return Done(_("The task is there."), changed=False)
    changes.restore(w, task)
    return Done(_("The task is there again."))


def _there(w: Work, order: Order, id_: str) -> Task:
    """A task of the order that was not deleted. Raises Invalid naming `task`."""
    task = task_of(w, order, id_)
    if task.deleted_at is not None:
        raise Invalid("task", GONE)
    return task
