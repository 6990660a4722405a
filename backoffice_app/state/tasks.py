"""Service > Tasks: the list, whose state is the address, and the dialog in which a task is added or edited (W-9)."""

from collections.abc import Mapping
from dataclasses import replace

import reflex as rx
from reflex.event import EventSpec

from backoffice_app.db import reading
from backoffice_app.domain.core.actions import Done, Undo, perform
from backoffice_app.domain.core.errors import Invalid, NotFound, Refused
from backoffice_app.domain.core.forms import FormView, stored_in
from backoffice_app.domain.core.keyset import ListView, number_in
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shown import NOT_SHOWN, Shown
from backoffice_app.domain.core.subjects import Reference
from backoffice_app.domain.tasks.of_tasks import COMPLETE, DELETE, EDIT, NEW, OF_ORDER, REOPEN
from backoffice_app.domain.tasks.queries import (
    TASK_LIST,
    TaskForm,
    edit_form,
    new_form,
    order_number_of,
    tasks_page,
)
from backoffice_app.domain.tasks.subject import TASK, TASKS, TOPIC
from backoffice_app.state import hub, notices
from backoffice_app.state.base import act, actor_of, changes, concerns, look, needs
from backoffice_app.state.keyset import Listed, unread
from backoffice_app.state.order import ORDER
from backoffice_app.state.order_calls import given_of
from backoffice_app.state.reread import reread
from backoffice_app.state.subjects import subject
from backoffice_app.state.together import Together
from backoffice_app.state.visits import with_dialog

ONE = subject(TASK.key)
ALL = subject(TASKS.key)
BUTTONS = (COMPLETE, REOPEN, DELETE)
"""What the buttons of a row do."""
Answer = list[EventSpec] | EventSpec | None


@with_dialog
class TasksState(Listed, Together, rx.State):
    """One page of the list, made for who looks at it, and the dialog that is open."""

    view: ListView = unread(TASK_LIST)
    form: FormView = FormView()
    """The form that is open; its key is "" where none is."""
    wrong: str = ""
    wrong_field: str = ""
    _done: tuple[str, dict[str, str]] | None = None
    """What this tab saved last: the second press of a double click is the same once more."""

    @rx.event
    @needs(Right.READ)
    async def load(self) -> None:
        """The list shows what its address says; it follows what happens to tasks."""
        await self._show(tasks_page, arrived=True)
        hub.watch(self, TOPIC, TasksState.refresh)  # type: ignore[arg-type]  # the decorator makes it a handler

    @rx.event
    @needs(Right.READ)
    async def refresh(self) -> None:
        """The same page, read anew; what is typed into a dialog stays."""
        await self._again()

    @rx.event
    @needs(Right.READ)
    async def typed(self, text: str) -> None:
        """What is typed into the search box."""
        self._hear(TASK_LIST, text)

    @rx.event
    @needs(Right.READ)
    async def left(self, gone: bool) -> None:
        """One goes elsewhere; `gone`: the search box is out of sight."""
        self._leave(gone=gone is True)

    @rx.event
    @needs(Right.READ)
    async def apply(self, form: dict[str, str]) -> EventSpec:
        """Leads to the list with the filters of the form."""
        return self._chosen(TASK_LIST, form)

    @rx.event
    @needs(Right.TASKS)
    async def add(self) -> None:
        """Opens the dialog of a new task."""
        self._close()
        self._done = None
        self.form = await look(_new, await actor_of(self))
        self._begin(Shown(ALL, "0", "", NEW).text, {})

    @rx.event
    @needs(Right.TASKS)
    @concerns(ONE)
    async def open(self, about: str) -> EventSpec | None:
        """Opens the dialog of a task with what it says now."""
        self._close()
        self._done = None
        try:
            found = await look(_edit, await actor_of(self), number_in(Shown.parse(about).number))
        except NotFound:
            return notices.tell(NOT_SHOWN, notices.REFUSED)
        self.form = found.form
        self._begin(found.about, stored_in(found.form))
        return None

    @rx.event
    @needs(Right.READ)
    async def close(self, stays: bool) -> None:
        """Closes the dialog."""
        if stays is not True:
            self._close()

    @rx.event(temporal=True)
    @needs(Right.TASKS)
    @changes(ALL)
    async def create(self, about: str, values: dict[str, str]) -> Answer:
        """Adds the task of the form."""
        return await self._save(about, values, NEW, 0)

    @rx.event(temporal=True)
    @needs(Right.TASKS)
    @changes(ONE)
    async def save(self, about: str, values: dict[str, str]) -> Answer:
        """Saves what the form says of the task."""
        return await self._save(about, values, EDIT, number_in(Shown.parse(about).number))

    @rx.event(temporal=True)
    @needs(Right.TASKS)
    @changes(ONE)
    async def press(self, key: str, about: str) -> Answer:
        """Ticks a task off, opens it again or deletes it; the notice takes it back."""
        if key not in BUTTONS:
            return notices.tell(NOT_SHOWN, notices.REFUSED)
        actor, task = await actor_of(self), number_in(Shown.parse(about).number)
        try:
            done = await act(perform, actor, key, task, {}, subject=TASK)
        except (Invalid, Refused, NotFound) as no:
            return notices.tell(NOT_SHOWN if isinstance(no, NotFound) else no.reason, notices.REFUSED)
        said = await look(_told, done, task)
        return said if await reread(self._again) else [said, notices.unread("")]

    async def _save(self, about: str, values: Mapping[str, str], key: str, id_: int) -> Answer:
        actor, shown, given = await actor_of(self), Shown.parse(about), dict(values)
        if self._done == (about, given):
            return None  # the second press of a double click; the first was answered

        async def do(shown: Shown, wishes: Mapping[str, object]) -> Done:
            return await act(
                perform, actor, key, id_, wishes, subject=TASKS if key == NEW else TASK, seen=shown.seen
            )

        try:
            done = await self._do_together(shown, given_of(given), do)
        except (Invalid, Refused) as no:
            self.wrong, self.wrong_field = (
                no.reason.in_language(actor.language),
                no.field if isinstance(no, Invalid) else "",
            )
            return None
        self._done = (about, given)
        self._close()
        said = notices.tell(done.message)
        return said if await reread(self._again) else [said, notices.unread("")]

    def _row_asked(self) -> Reference:
        return TASK, number_in(Shown.parse(self.asked).number)

    async def _look_again(self, shown: Shown) -> None:
        found = await look(_edit, await actor_of(self), number_in(shown.number))
        self.asked, self._stored = found.about, stored_in(found.form)

    def _close(self) -> None:
        self.form, self.asked, self.wrong, self.wrong_field = FormView(), "", "", ""

    async def _again(self) -> None:
        await self._show(tasks_page)


def _new(actor: Actor) -> FormView:
    with reading() as session:
        return new_form(session, actor)


def _edit(actor: Actor, task_id: int) -> TaskForm:
    with reading() as session:
        return edit_form(session, actor, task_id)


def _told(done: Done, task_id: int) -> EventSpec:
    """What was done, with its way back where the task is about an order: the notices take back what was
    done to orders.
    """
    with reading() as session:
        order = order_number_of(session, task_id)
    if not order or done.undo is None:
        return notices.tell(done.message)
    undo = Undo(OF_ORDER[done.undo.key], {"task": str(task_id)})
    return notices.done(replace(done, undo=undo), Shown(ORDER, order))
