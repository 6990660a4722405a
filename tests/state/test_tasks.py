"""The page of tasks and the count in the menu without a browser: each button does one thing once, for who may (SEC-2,
W-9).
"""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import reflex as rx
from databases import BEN, OWNER, READER, TestShop
from reflex.istate.data import RouterData
from substates import substate

from backoffice_app.db import reading
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.rights import Actor
from backoffice_app.domain.core.shown import Shown
from backoffice_app.domain.tasks.queries import ABOUT, ID, TITLE
from backoffice_app.models import Task
from backoffice_app.state import menu_count, notices
from backoffice_app.state.base import RUNNING
from backoffice_app.state.menu_count import MenuCounts
from backoffice_app.state.task_count import TASKS
from backoffice_app.state.tasks import TasksState


class Tab:
    """A tab at the list of tasks; handlers run as the events of that colleague would."""

    def __init__(self, actor: Actor = BEN, **query: str) -> None:
        self.actor = actor
        self.root = rx.State()
        self.state: Any = substate(self.root, TasksState)
        address = "/tasks" + (
            "?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else ""
        )
        self.root.router = RouterData.from_router_data(
            {"pathname": "/tasks", "asPath": address, "query": query, "token": "t", "headers": {}}
        )
        self.do("load")

    def do(self, handler: str, *arguments: object) -> Any:
        RUNNING.set(self.actor)
        return asyncio.run(getattr(self.state, handler)(*arguments))

    def row(self, title: str) -> list[str]:
        return next(row for row in self.state.view.rows if row[TITLE] == title)

    def titles(self) -> list[str]:
        return [row[TITLE] for row in self.state.view.rows]


@pytest.fixture(autouse=True)
def nobody_afterwards() -> Iterator[None]:
    TASKS.kept.clear()
    yield
    RUNNING.set(None)


def told(answer: Any) -> tuple[str, str]:
    """What a notice says, and the action that takes it back."""
    text, _kind, undo, _about = notices._WAITING[str(answer.args[0][1]._var_value)]
    return text.in_language("en"), undo.key if undo else ""


def test_w9_a_task_is_added_once_however_often_it_is_pressed(small_shop: TestShop) -> None:
    tab = Tab()
    tab.do("add")
    assert [one.name for one in tab.state.form.fields][:4] == ["title", "assignee", "date", "time"]
    about, values = tab.state.asked, {"title": "Order boxes", "assignee": "me"}
    tab.do("create", about, {"title": "", "assignee": "me"})
    assert (tab.state.wrong_field, tab.titles()) == ("title", [])
    tab.do("create", about, values)
    tab.do("create", about, values)
    assert (tab.titles(), tab.state.form.key) == (["Order boxes"], "")


def test_w9_what_is_done_on_the_page_can_be_taken_back_where_it_is_about_an_order(
    small_shop: TestShop,
) -> None:
    order = small_shop.order()
    perform(OWNER, "add-task", order.id or 0, {"title": "Call"})
    perform(OWNER, "new-task", 0, {"title": "Alone"})
    tab = Tab()
    assert told(tab.do("press", "task-done", tab.row("Call")[ABOUT])) == ("Task done.", "reopen-task")
    assert told(tab.do("press", "task-done", tab.row("Alone")[ABOUT])) == ("Task done.", "")
    assert tab.titles() == []
    assert told(tab.do("press", "edit-task", Shown("task", "1").text))[1] == ""
    done = Tab(which="done")
    assert set(done.titles()) == {"Call", "Alone"}
    assert told(done.do("press", "task-delete", done.row("Call")[ABOUT])) == ("Task deleted.", "restore-task")


def test_w16_what_a_colleague_changed_meanwhile_is_kept_or_asked(small_shop: TestShop) -> None:
    perform(OWNER, "new-task", 0, {"title": "Alone"})
    tab = Tab()
    id_ = int(tab.row("Alone")[ID])

    def stored() -> tuple[str, str]:
        with reading() as session:
            task = session.get_one(Task, id_)
            return task.title, task.priority

    tab.do("open", tab.row("Alone")[ABOUT])
    perform(OWNER, "task-edit", id_, {"priority": "high"})
    tab.do("save", tab.state.asked, {"title": "Mine", "priority": "normal"})
    assert (tab.state.form.key, stored()) == ("", ("Mine", "high"))

    tab.do("open", tab.row("Mine")[ABOUT])
    perform(OWNER, "task-edit", id_, {"title": "Theirs"})
    tab.do("save", tab.state.asked, {"title": "Ours", "priority": "high"})
    assert (tab.state.wrong_field, stored()) == ("title", ("Theirs", "high"))
    assert tab.state.wrong == f"{OWNER.name} changed this to “Theirs” just now. To overwrite it, save again."
    tab.do("save", tab.state.asked, {"title": "Ours", "priority": "high"})
    assert (tab.state.form.key, stored()) == ("", ("Ours", "high"))


def test_w9_the_menu_counts_what_is_due_today_and_ones_own(small_shop: TestShop) -> None:
    today = clock.today("Europe/Berlin").isoformat()
    for title, whose, day in (
        ("a", "me", today),
        ("b", "me", "2020-01-01"),
        ("c", "me", "2090-01-01"),
        ("d", "", today),
    ):
        perform(BEN, "new-task", 0, {"title": title, "assignee": whose, "date": day})
    root = rx.State()
    for actor, shown, label in ((BEN, "2", "2 are due today"), (OWNER, "", ""), (READER, "", "")):
        asyncio.run(menu_count.follow(root, actor, "en"))
        count: Any = substate(root, MenuCounts)
        assert (count.shown["tasks"], count.label["tasks"]) == (shown, label)
