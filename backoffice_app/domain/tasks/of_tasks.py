"""What one may do with a task by itself, on the page of the tasks and in its API, whether it is about an order or not
(W-9).
"""

from backoffice_app.domain.core.actions import Done, NoInput, Undo, action
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.core.work import Work
from backoffice_app.domain.tasks import changes
from backoffice_app.domain.tasks.actions import DONE_ALREADY, GONE, OPEN_ALREADY
from backoffice_app.domain.tasks.inputs import ChangedTask, NewTask
from backoffice_app.domain.tasks.subject import TASK, TASKS, AllTasks
from backoffice_app.i18n import LazyText, _
from backoffice_app.models import Task

NEW, COMPLETE, REOPEN, EDIT, DELETE, RESTORE = (
    "new-task",
    "task-done",
    "task-reopen",
    "task-edit",
    "task-delete",
    "task-restore",
)
OF_ORDER = {
    COMPLETE: "complete-task",
    REOPEN: "reopen-task",
    DELETE: "delete-task",
    RESTORE: "restore-task",
}
"""The actions of an order that do the same to one of its tasks, by which the window takes back what was done here."""


def why_not_new(all_tasks: AllTasks) -> LazyText | None:  # noqa: ARG001
    """There is always room for one more."""
    return None


@action(subject=TASKS, key=NEW, label=_("Add task"), right=Right.TASKS, why_not=why_not_new, input=NewTask)
def new(w: Work, all_tasks: AllTasks, data: NewTask) -> Done:  # noqa: ARG001
    """Give a task that is about no order to oneself or a colleague (W-9)."""
    changes.add_as_told(w, None, data)
    return Done(_("Task added."))


def why_not(task: Task) -> LazyText | None:
    """A task that was deleted is only brought back."""
    return GONE if task.deleted_at is not None else None


def done_already(w: Work, task: Task) -> LazyText | None:  # noqa: ARG001
    """Pressed by two at once, the second reads that it is done."""
    return DONE_ALREADY if task.done_at is not None and task.deleted_at is None else None


@action(
    subject=TASK,
    key=COMPLETE,
    label=_("Finish task"),
    right=Right.TASKS,
    why_not=why_not,
    already=done_already,
    input=NoInput,
    even_if_changed=True,
)
def complete(w: Work, task: Task, data: NoInput) -> Done:  # noqa: ARG001
    """Tick the task off (W-9)."""
    changes.complete(w, task)
    return Done(_("Task done."), undo=Undo(REOPEN))


def open_already(w: Work, task: Task) -> LazyText | None:  # noqa: ARG001
    """Pressed by two at once, the second reads that it is open."""
    return OPEN_ALREADY if task.done_at is None and task.deleted_at is None else None


@action(
    subject=TASK,
    key=REOPEN,
    label=_("Open task again"),
    right=Right.TASKS,
    why_not=why_not,
    already=open_already,
    input=NoInput,
    even_if_changed=True,
)
def reopen(w: Work, task: Task, data: NoInput) -> Done:  # noqa: ARG001
    """The task is to do again (W-9)."""
    changes.reopen(w, task)
    return Done(_("The task is open again."), undo=Undo(COMPLETE))


@action(
    subject=TASK,
    key=EDIT,
    label=_("Edit task"),
    right=Right.TASKS,
    why_not=why_not,
    input=ChangedTask,
    overwrites=True,
)
def edit(w: Work, task: Task, data: ChangedTask) -> Done:
    """Change the task; what is left out stays as it is (W-9)."""
    return (
        Done(_("Task saved."))
        if changes.change(w, task, data)
        else Done(_("Nothing was changed."), changed=False)
    )


def gone_already(w: Work, task: Task) -> LazyText | None:  # noqa: ARG001
    """Pressed by two at once, the second reads that it is gone."""
    return GONE if task.deleted_at is not None else None


@action(
    subject=TASK,
    key=DELETE,
    label=_("Delete task"),
    right=Right.TASKS,
    why_not=why_not,
    already=gone_already,
    input=NoInput,
    even_if_changed=True,
)
def delete(w: Work, task: Task, data: NoInput) -> Done:  # noqa: ARG001
    """Delete the task; the history keeps it (W-9)."""
    changes.delete(w, task)
    return Done(_("Task deleted."), undo=Undo(RESTORE))


def why_not_restore(task: Task) -> LazyText | None:
    """Only what was deleted can be brought back."""
    return _("The task is there.") if task.deleted_at is None else None


@action(
    subject=TASK,
    key=RESTORE,
    label=_("Bring task back"),
    right=Right.TASKS,
    why_not=why_not_restore,
    input=NoInput,
    offered=False,
    even_if_changed=True,
)
def restore(w: Work, task: Task, data: NoInput) -> Done:  # noqa: ARG001
    """Bring the task back (W-9)."""
    changes.restore(w, task)
    return Done(_("The task is there again."))
