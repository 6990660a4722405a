"""Service > Tasks: the colleague's own and everybody's, with an order or without one (W-9)."""

import reflex as rx

from backoffice_app import i18n
from backoffice_app.domain.core.forms import FieldView
from backoffice_app.domain.core.rights import Right
from backoffice_app.domain.tasks.of_tasks import COMPLETE, DELETE, NEW, REOPEN
from backoffice_app.domain.tasks.queries import (
    ABOUT,
    ASSIGNEE,
    CUSTOMER,
    DESCRIPTION,
    DUE,
    ID,
    IS_DONE,
    MARK,
    ORDER,
    PRIORITY,
    STATE,
    TASK_LIST,
    TITLE,
    TONE,
    WORD,
)
from backoffice_app.pages import keyset
from backoffice_app.pages.frame import held, page
from backoffice_app.state.order_calls import BOX
from backoffice_app.state.pages import SERVICE, page_at
from backoffice_app.state.task_count import TASKS
from backoffice_app.state.tasks import TasksState
from backoffice_app.ui.badge import badge
from backoffice_app.ui.button import button, icon_button
from backoffice_app.ui.dialog import dialog, dialog_form
from backoffice_app.ui.frame import page_header
from backoffice_app.ui.kinds import joined
from backoffice_app.ui.layout import figure, quiet
from backoffice_app.ui.plain import drawn_field
from backoffice_app.ui.search import stay
from backoffice_app.ui.table import Column, Row, or_dash, table
from backoffice_app.ui.texts import _

S = TasksState
F = TasksState.form
LINKS = "[id^=task-]"
ADD = "add-task"


@page_at(
    "/tasks",
    i18n._("Tasks"),
    group=SERVICE,
    rank=20,
    icon="circle-check",
    key="a",
    count=TASKS.vars,
    on_load=[TasksState.load],
)
def tasks() -> rx.Component:
    """The page: tabs, filters, the rows with what can be done with each."""
    add = rx.cond(held(Right.TASKS), button(_("Add task"), picture="plus", key=ADD, on_click=S.add()))
    return page(
        keyset.tools(TASK_LIST, S, on_apply=S.apply, more=add),
        keyset.listing(S, _list(), _nothing()),
        _dialog(),
        header=page_header(_("Tasks"), keyset.search_box(_("Search tasks"), S)),
        here="/tasks",
        refresh=S.refresh,
        on_menu_press=keyset.leaves(S),
        flush=True,
        keys=keyset.keys(LINKS, has_filter=True),
        listed=keyset.listed_keys(_("Edit the task"), has_filter=True),
    )


def _list() -> rx.Component:
    return table(
        _("Tasks"),
        [
            Column(_("Title"), _title, place=1, extra_class="fill"),
            Column(_("Order"), _order, place=3, extra_class="one-line"),
            Column(_("Assignee"), lambda r: or_dash(r[ASSIGNEE]), place=4, extra_class="one-line"),
            Column(_("Date"), _due, place=5, extra_class="one-line", sort=keyset.sorted_by(S, "due")),
            Column(_("Priority"), lambda r: quiet(r[PRIORITY]), place=6),
            Column(_("Status"), lambda r: quiet(r[STATE]), extra_class="wide-only"),
            Column(_("Actions"), _more, place=2, hide_head=True, shown=held(Right.TASKS)),
        ],
        S.view.rows,
        cards=True,
        sticky=True,
        known_by=ID,
        on_row_press=stay(),
    )


def _tick(r: Row) -> rx.Component:
    """The circle that ticks it off, or opens it again."""
    again = icon_button(
        "circle-check",
        _("Open again") + ": " + r[TITLE],
        key=joined("tick-", r[ID]),
        on_click=S.press(REOPEN, r[ABOUT]),
    )
    finish = icon_button(
        "circle",
        _("Finish") + ": " + r[TITLE],
        key=joined("tick-", r[ID]),
        on_click=S.press(COMPLETE, r[ABOUT]),
    )
    return rx.cond(r[IS_DONE] != "", again, finish)


def _title(r: Row) -> rx.Component:
    """The circle and, for who may edit it, a button that opens it, else its words."""
    opens = rx.el.button(
        r[TITLE],
        type="button",
        class_name="link",
        dir="auto",
        id=joined("task-", r[ID]),
        on_click=S.open(r[ABOUT]),
    )
    shown = rx.cond(held(Right.TASKS), rx.fragment(_tick(r), " ", opens), rx.el.span(r[TITLE], dir="auto"))
    note = rx.el.span(quiet(" ", r[DESCRIPTION], small=True), class_name="row-note")
    return rx.el.span(shown, rx.cond(r[DESCRIPTION] != "", note))


def _order(r: Row) -> rx.Component:
    customer = rx.cond(r[CUSTOMER] != "", quiet(" · ", r[CUSTOMER]))
    return rx.cond(
        r[ORDER] != "",
        rx.el.span(rx.el.a(figure(r[ORDER]), href=joined("/orders/", r[ORDER])), customer),
        rx.el.span("–", class_name="dash"),
    )


def _due(r: Row) -> rx.Component:
    return rx.el.span(or_dash(r[DUE]), " ", rx.cond(r[WORD] != "", badge(r[TONE], r[MARK], r[WORD])))


def _more(r: Row) -> rx.Component:
    return icon_button(
        "trash-2",
        _("Delete") + ": " + r[TITLE],
        key=joined("delete-", r[ID]),
        on_click=S.press(DELETE, r[ABOUT]),
    )


def _nothing() -> rx.Component:
    none_yet = _("No task to do."), _("Add one here, or on the page of an order.")
    return keyset.nothing(S, "circle-check", none_yet, _("No task matches."))


def _dialog() -> rx.Component:
    """The form of a new task, or of one that is edited."""
    form = rx.cond(F.key == NEW, _form(S.create(S.asked)), _form(S.save(S.asked)))
    opener = rx.cond(F.key == NEW, ADD, joined("task-", F.which))
    return dialog(F.title, form, shown=F.key != "", on_open_change=S.close, opener=opener)


def _form(on_submit: rx.event.EventSpec) -> rx.Component:
    return dialog_form(
        rx.foreach(F.fields, _field),
        on_submit=on_submit,
        submit=F.submit,
        error=rx.cond(F.fields.map(lambda field: field.name).contains(S.wrong_field), "", S.wrong),
    )


def _field(field: rx.Var[FieldView]) -> rx.Component:
    wrong = rx.cond(S.wrong_field == field.name, S.wrong, "").to(str)
    return drawn_field(field, value=field.value, error=wrong, key=joined("field-", field.name), box=BOX)
