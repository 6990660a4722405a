"""The tasks of the order: what is to do, who does it and when; a circle ticks one off (W-9, S45 to S47)."""

from sqlmodel import col, select

from backoffice_app.domain.core.forms import Filled
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.people.colleagues import ME, value_of
from backoffice_app.domain.tasks.actions import ADD, COMPLETE, DELETE, EDIT, REOPEN
from backoffice_app.domain.tasks.due import due_badge, due_text
from backoffice_app.domain.tasks.inputs import IN_PROGRESS, PRIORITY_NAMES, STATE_NAMES
from backoffice_app.domain.window.declared import Declared, Entry, EntryButton, declare, entries
from backoffice_app.domain.window.look import Look
from backoffice_app.domain.window.registry import Button, Dialog, Way, add_dialog, block, ways
from backoffice_app.i18n import _
from backoffice_app.models import Task

DONE_SHOWN = 3
MOST = 50


@block(
    key="tasks",
    tab="order",
    column=3,
    rank=30,
    title=_("Tasks"),
    buttons=[
        Button(ADD, in_head=True),
        *(Button(one, in_part=True) for one in (COMPLETE, REOPEN, EDIT, DELETE)),
    ],
)
def tasks(look: Look) -> Declared:
    """Open tasks by when they are due, then those that were done last."""
    found = _tasks(look)
    open_ones = [task for task in found if task.done_at is None]
    done = sorted(
        (task for task in found if task.done_at is not None),
        key=lambda task: task.done_at or task.created_at,
        reverse=True,
    )
    shown = [_open(task, look) for task in open_ones] + [_done(task, look) for task in done[:DONE_SHOWN]]
    return declare(*([entries(*shown)] if shown else []), empty=look.text(_("No task.")))


def _tasks(look: Look) -> list[Task]:
    """The tasks of the order, read once; an order without any is not asked for them."""
    return look.once("tasks", lambda: _read(look)) if look.order.task_count else []


def _read(look: Look) -> list[Task]:
    mine = select(Task).where(Task.order_id == look.order.id, col(Task.deleted_at).is_(None))
    return list(
        look.session.exec(
            mine.order_by(col(Task.done_at).is_not(None), col(Task.comes_at), col(Task.id)).limit(MOST)
        ).all()
    )


def _open(task: Task, look: Look) -> Entry:
    badge = due_badge(task, look.zone)
    tone, icon, word = badge or ("neutral", "circle", None)
    says = [task.assignee or look.text(_("Nobody in particular")), due_text(task, look.language)]
    says += [look.text(STATE_NAMES[task.state])] if task.state == IN_PROGRESS else []
    says += [_priority(task, look)] if task.priority != "normal" else []
    return Entry(
        title=task.title,
        text=task.description,
        small=" · ".join(filter(None, says)),
        tone=tone,
        icon=icon,
        state=look.text(word),
        first=[_button("circle", _("Finish task {title}"), COMPLETE, task, look)],
        buttons=[
            EntryButton(
                "pencil",
                look.text(_("Edit task {title}").format(title=task.title)),
                EDIT,
                opens=EDIT,
                which=str(task.id),
            ),
            _button("trash-2", _("Delete task {title}"), DELETE, task, look),
        ],
    )


def _done(task: Task, look: Look) -> Entry:
    by = _("Done by {name}, {time}").format(
        name=task.done_by, time=look.moment(task.done_at) if task.done_at else ""
    )
    first = [_button("circle-check", _("Open task {title} again"), REOPEN, task, look)]
    return Entry(title=task.title, small=look.text(by), is_over=True, first=first)


def _button(icon: str, label: object, action: str, task: Task, look: Look) -> EntryButton:
    says = look.text(label.format(title=task.title))  # type: ignore[attr-defined]
    return EntryButton(icon, says, action, which=str(task.id), sends={"task": str(task.id)})


def _priority(task: Task, look: Look) -> str:
    return f"{look.text(_('Priority'))}: {look.text(PRIORITY_NAMES[task.priority])}"


def _added(_look: Look, _which: str) -> Filled:
    return Filled({"assignee": ME})


def _edited(look: Look, which: str) -> Filled:
    """What the task says; what it is of goes along unseen."""
    task = next((one for one in _tasks(look) if str(one.id) == which), None)
    if task is None:
        return Filled(hidden={"task": which})
    values = {
        "title": task.title,
        "assignee": value_of(look.actor, task.assignee_id),
        "date": task.due_on.isoformat() if task.due_on else "",
        "time": task.due_time,
        "status": task.state,
        "priority": task.priority,
        "description": task.description,
    }
    return Filled(values, hidden={"task": which})


def _first(look: Look) -> str:
    return next((str(one.id) for one in _tasks(look) if one.done_at is None), "")


add_dialog(Dialog(ADD, ADD, fill=_added, submit=_("Create"), kept=True))
add_dialog(Dialog(EDIT, EDIT, fill=_edited, submit=_("Save"), first=_first, kept=True, merges=True))


@ways(COMPLETE)
def ways_to_complete(look: Look) -> list[Way]:
    """One for each open task."""
    return _each(look, is_done=False)


@ways(REOPEN)
def ways_to_reopen(look: Look) -> list[Way]:
    """One for each task that is done."""
    return _each(look, is_done=True)


@ways(EDIT)
def ways_to_edit(look: Look) -> list[Way]:
    """One for each open task, by its dialog."""
    return [Way(str(task.id), task.title, dialog=EDIT) for task in _offered(look) if task.done_at is None]


@ways(DELETE)
def ways_to_delete(look: Look) -> list[Way]:
    """One for each open task."""
    return _each(look, is_done=False)


def _each(look: Look, *, is_done: bool) -> list[Way]:
    found = [task for task in _offered(look) if (task.done_at is not None) == is_done]
    return [Way(str(task.id), task.title, values={"task": str(task.id)}) for task in found]


def _offered(look: Look) -> list[Task]:
    return _tasks(look) if look.actor.may(Right.TASKS) else []
