"""Service > Tasks: all tasks to look at, by when they are due; and how many of the colleague's own are due
today (W-9).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal_column, or_, select, true
from sqlmodel import Session

from backoffice_app.domain.core import clock
from backoffice_app.domain.core.errors import NotFound
from backoffice_app.domain.core.forms import Filled, FormView, fields_of, with_offers
from backoffice_app.domain.core.keyset import (
    CAP,
    Asked,
    Filter,
    KeysetList,
    ListView,
    Sort,
    as_count,
    as_id,
    as_moment,
    list_view,
    read_all,
    read_page,
    today_of,
)
from backoffice_app.domain.core.rights import Actor, ActorKind, Right
from backoffice_app.domain.core.search_text import fold
from backoffice_app.domain.core.shop import Shop, load_shop
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.people.colleagues import ME, value_of
from backoffice_app.domain.tasks.due import due_badge, due_text
from backoffice_app.domain.tasks.inputs import PRIORITY_NAMES, STATE_NAMES, TO_DO, ChangedTask, NewTask
from backoffice_app.domain.tasks.of_tasks import EDIT, NEW
from backoffice_app.domain.tasks.subject import TASK
from backoffice_app.formats import format_moment
from backoffice_app.i18n import _
from backoffice_app.models import Order, Task

(
    ID,
    ABOUT,
    TITLE,
    ORDER,
    CUSTOMER,
    ASSIGNEE,
    DUE,
    TONE,
    MARK,
    WORD,
    PRIORITY,
    STATE,
    DESCRIPTION,
    BY,
    IS_DONE,
) = range(15)
"""Where the texts of a row stand.

`WORD`: that it is due today or late, with tone and icon before it, else ""; `STATE`: "" while nobody has begun;
`IS_DONE`: "yes" or "".
"""
MINE, LATE, OVER = "mine", "late", "done"
TABS = {MINE: _("Mine"), LATE: _("Overdue"), OVER: _("Done")}
_T, _O = Task.__table__.c, Order.__table__.c  # type: ignore[attr-defined]
# The conditions are written as those of the indexes are: planners take these only when told so.
_OPEN: ColumnElement[bool] = literal_column("task.done_at IS NULL AND task.deleted_at IS NULL")
_DONE: ColumnElement[bool] = literal_column("task.done_at IS NOT NULL AND task.deleted_at IS NULL")
Condition = ColumnElement[bool]


def _in_tab(tab: str, shop: Shop) -> Condition:
    if tab != LATE:
        return true()  # whose they are, and that they are done, `_wanted` says
    today = today_of(shop)
    with_time = and_(_T.due_time != "", _T.comes_at < clock.now())
    return and_(
        _T.comes_at < clock.start_of_day(today + timedelta(days=1), shop.regional.zone),
        or_(_T.due_on < today, with_time),
    )


def _with_state(state: str, _shop: Shop) -> Condition:
    found: Condition = _T.state == state
    return found


def _with_priority(priority: str, _shop: Shop) -> Condition:
    found: Condition = _T.priority == priority
    return found


def _due_by(day: str, _shop: Shop) -> Condition:
    found: Condition = _T.due_on <= date.fromisoformat(day)
    return found


def _about(value: str, _shop: Shop) -> Condition:
    found: Condition = _T.order_id.is_(None) if value == "none" else _T.order_id.is_not(None)
    return found


def _given(value: str, _shop: Shop) -> Condition:
    found: Condition = _T.assignee_id.is_(None) if value == "nobody" else _T.assignee_id.is_not(None)
    return found


TASK_LIST = KeysetList(
    path="/tasks",
    sorts={
        "due": Sort((_T.comes_at, _T.id), (as_moment, as_id), up=True),
        "done": Sort(
            (_T.done_at, _T.id), (as_moment, as_id), only=_T.done_at.is_not(None), within=("which", OVER)
        ),
    },
    filters={
        "which": Filter(_("Tasks"), _in_tab, TABS),
        "state": Filter(
            _("Status"), _with_state, {key: STATE_NAMES[key] for key in ("to do", "in progress")}
        ),
        "priority": Filter(_("Priority"), _with_priority, PRIORITY_NAMES),
        "assigned": Filter(
            _("Assignee"), _given, {"somebody": _("A colleague"), "nobody": _("Nobody in particular")}
        ),
        "about": Filter(_("Order"), _about, {"order": _("About an order"), "none": _("Without an order")}),
        "due_by": Filter(_("Due by"), _due_by),
    },
    tabs="which",
)


@dataclass(frozen=True)
class TaskForm:
    """The form of a task. `about`: what its event is about; `form`: its fields, drawn from the input of its action."""

    about: str = ""
    form: FormView = field(default_factory=FormView)


def tasks_page(session: Session, parameters: Mapping[str, object], actor: Actor) -> ListView:
    """The page of tasks that the address asks for. Raises Refused without the right to read."""
    actor.require(Right.READ)
    shop, asked = load_shop(session), TASK_LIST.parse(parameters)
    page, asked = read_page(session, asked, _wanted(asked, actor))
    counts = {
        MINE: as_count(_count(session, _mine(actor)), actor.language),
        LATE: as_count(_count(session, _in_tab(LATE, shop)), actor.language),
    }
    rows = [_row(row, shop, actor.language) for row in page.rows]
    return list_view(asked, page, rows, actor, counts=counts)


def tasks_file(session: Session, parameters: Mapping[str, object], actor: Actor) -> Iterator[list[object]]:
    """All tasks that the list shows on all its pages, as rows of a file: first the heads."""
    actor.require(Right.READ)
    heads = (
        _("Title"),
        _("Order"),
        _("Customer"),
        _("Assignee"),
        _("Date"),
        _("Time", "of day"),
        _("Status"),
        _("Priority"),
        _("Description"),
        _("By"),
    )
    yield [head.in_language(actor.language) for head in heads]
    asked = TASK_LIST.parse(parameters)
    for rows in read_all(session, asked, _wanted(asked, actor)):
        for row in rows:
            words = (
                STATE_NAMES[row.state].in_language(actor.language),
                PRIORITY_NAMES[row.priority].in_language(actor.language),
            )
            known = (row.title, row.order_number or "", _customer(row), row.assignee)
            yield [*known, row.due_on, row.due_time, *words, row.description, row.created_by]


def due_today(session: Session, actor: Actor, zone: str) -> int:
    """How many open tasks of this colleague are due today or late, counted up to 1,001, in one statement along the
    index: for the menu.
    """
    if actor.kind is not ActorKind.USER:
        return 0
    end = clock.start_of_day(clock.today(zone) + timedelta(days=1), zone)
    return _count(session, and_(_mine(actor), _T.comes_at < end))


def new_form(session: Session, actor: Actor) -> FormView:
    """The form of a new task without an order; it is assigned to the caller. Raises Refused without the right."""
    actor.require(Right.TASKS)
    filled = with_offers(session, NewTask, Filled({"assignee": ME}), actor.language)
    title, submit = _("Add task"), _("Create")
    return FormView(
        NEW,
        title.in_language(actor.language),
        submit.in_language(actor.language),
        fields_of(NewTask, filled, actor.language),
        key=NEW,
    )


def edit_form(session: Session, actor: Actor, task_id: int) -> TaskForm:
    """The form of a task, with what it says now. Raises NotFound, and Refused without the right."""
    actor.require(Right.TASKS)
    task = session.get(Task, task_id)
    if task is None or task.deleted_at is not None:
        raise NotFound(str(task_id))
    values = {
        "title": task.title,
        "assignee": value_of(actor, task.assignee_id),
        "date": task.due_on.isoformat() if task.due_on else "",
        "time": task.due_time,
        "status": task.state,
        "priority": task.priority,
        "description": task.description,
    }
    filled, title, submit = (
        with_offers(session, ChangedTask, Filled(values), actor.language),
        _("Edit task"),
        _("Save"),
    )
    fields = fields_of(ChangedTask, filled, actor.language)
    form = FormView(
        EDIT,
        title.in_language(actor.language),
        submit.in_language(actor.language),
        fields,
        key=EDIT,
        which=str(task_id),
    )
    return TaskForm(about_of(task_id, task.version, EDIT), form)


def about_of(task_id: int, version: int, form: str = "") -> str:
    """A task as events name it."""
    return Shown(TASK.key, str(task_id), str(version), form).text


def order_number_of(session: Session, task_id: int) -> str:
    """The number of the order that a task is about; "" if it is about none, or not there."""
    found = session.execute(
        select(_O.number).join_from(Order, Task, _O.id == _T.order_id).where(_T.id == task_id)
    ).scalar()
    return found or ""


def _mine(actor: Actor) -> Condition:
    found: Condition = _T.assignee_id == (actor.id if actor.kind is ActorKind.USER else -1)
    return found


def _count(session: Session, condition: Condition) -> int:
    some = select(_T.id).where(_OPEN, condition).limit(CAP + 1).subquery()
    return int(session.execute(select(func.count()).select_from(some)).scalar_one())


def _wanted(asked: Asked, actor: Actor) -> Select[Any]:
    own = (
        _T.id,
        _T.version,
        _T.title,
        _T.description,
        _T.assignee,
        _T.due_on,
        _T.due_time,
        _T.state,
        _T.priority,
        _T.comes_at,
    )
    more = (
        _T.created_by,
        _T.done_at,
        _T.done_by,
        _O.number.label("order_number"),
        _O.customer_name,
        _O.company,
    )
    tab = asked.text("which")
    tasks, orders = (table.__table__ for table in (Task, Order))  # type: ignore[union-attr]
    statement = select(*own, *more).select_from(tasks.outerjoin(orders, _T.order_id == _O.id))
    statement = statement.where(_DONE if tab == OVER else _OPEN)
    if tab == MINE:
        statement = statement.where(_mine(actor))
    return statement.where(*_having(asked.q)) if asked.q else statement


def _having(query: str) -> list[Condition]:
    """The words of a search, each in title, description, assignee, number or customer of the order,
    whatever the case.
    """
    found: list[Condition] = []
    for word in dict.fromkeys(query.lstrip("#").split()):
        texts = (_T.title, _T.description, _T.assignee, _O.number)
        tests = [func.lower(text).contains(word.lower(), autoescape=True) for text in texts]
        tests += [text.contains(word, autoescape=True) for text in texts[:3]]
        tests += [
            _O.sort_name.contains(fold(word), autoescape=True),
            func.lower(_O.company).contains(word.lower(), autoescape=True),
        ]
        found.append(or_(*tests))
    return found


def _row(row: Row[Any], shop: Shop, language: str) -> list[str]:
    zone = shop.regional.zone
    task = Task(
        id=row.id,
        title=row.title,
        due_on=row.due_on,
        due_time=row.due_time,
        comes_at=row.comes_at,
        done_at=row.done_at,
        created_at=row.comes_at,
    )
    tone, mark, word = due_badge(task, zone) or ("neutral", "circle", None)
    done = (
        _("Done by {name}, {time}").format(
            name=row.done_by, time=format_moment(row.done_at, language, zone, "short")
        )
        if row.done_at
        else None
    )
    state = done or (STATE_NAMES[row.state] if row.state != TO_DO else None)
    return [
        str(row.id),
        about_of(row.id, row.version),
        row.title,
        row.order_number or "",
        _customer(row),
        row.assignee,
        due_text(task, language),
        tone,
        mark,
        word.in_language(language) if word is not None else "",
        PRIORITY_NAMES[row.priority].in_language(language) if row.priority != "normal" else "",
        state.in_language(language) if state is not None else "",
        " ".join(row.description.split())[:200],
        row.created_by,
        "yes" if row.done_at else "",
    ]


def _customer(row: Row[Any]) -> str:
    return row.customer_name or row.company or ""
