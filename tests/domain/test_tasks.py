"""Tasks of colleagues: given, done, due, reminded of once (W-9)."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from databases import BEN, OWNER, READER, WAREHOUSE, TestShop
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marks_in_rows import marks_of
from sqlalchemy import event
from sqlmodel import col, func, select

from backoffice_app import db
from backoffice_app.db import reading
from backoffice_app.domain import people
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.actions import perform, preview
from backoffice_app.domain.core.errors import Invalid, Overtaken, Refused
from backoffice_app.domain.core.rights import COMMAND, RIGHTS_OF, Actor, ActorKind, Right, Role
from backoffice_app.domain.core.work import work
from backoffice_app.domain.history import history_of
from backoffice_app.domain.listing import OrderFilter, list_orders
from backoffice_app.domain.listing.rows import NUMBER
from backoffice_app.domain.order import ORDER
from backoffice_app.domain.tasks import TASK, add_task
from backoffice_app.domain.tasks.due import due_badge, is_late, moment_due
from backoffice_app.domain.tasks.queries import (
    ASSIGNEE,
    DUE,
    TITLE,
    WORD,
    due_today,
    edit_form,
    tasks_file,
    tasks_page,
)
from backoffice_app.domain.tasks.queries import ORDER as ORDER_AT
from backoffice_app.domain.tasks.remind import remind_of_due_tasks
from backoffice_app.domain.window import order_window
from backoffice_app.domain.window.declared import Declared
from backoffice_app.models import History, Order, OutboxMail, Task

NOON = datetime(2026, 11, 30, 11, 0, tzinfo=UTC)
SHOP = Actor(ActorKind.API_KEY, "A shop", frozenset({Right.TASKS, Right.READ}), id=7)


def add(order: Order, actor: Actor = BEN, **values: Any) -> str:
    return perform(actor, "add-task", order.id or 0, {"title": "Call the customer", **values}).made["tasks"][
        0
    ]


def task(id_: str | int) -> Task:
    with reading() as session:
        found = session.get_one(Task, int(id_))
        session.expunge(found)
    return found


def block(order: Order, actor: Actor = OWNER, language: str = "en", key: str = "tasks") -> Declared:
    with reading() as session:
        window = order_window(session, order.number, actor, language)
    return next(one for place in window.declared for one in place if one.key == key)


def colleague(name: str, email: str, language: str = "de", role: Role = Role.STAFF) -> Actor:
    id_ = people.add_user(
        OWNER, email=email, name=name, role=role, password="long enough for all of us", language=language
    )
    return Actor(ActorKind.USER, name, RIGHTS_OF[role], id=id_, role=role)


def facts(order: Order) -> list[str]:
    with reading() as session:
        return [
            entry.sentence
            for entry in history_of(session, (ORDER, order.id or 0), OWNER, "en", "Europe/Berlin")
        ]


def listed(actor: Actor = OWNER, **filters: str) -> dict[str, str]:
    with reading() as session:
        rows = list_orders(session, OrderFilter(**filters), actor, "en").rows
    return {row[NUMBER]: marks_of(row) for row in rows}


def page(actor: Actor = BEN, **address: object) -> list[list[str]]:
    with reading() as session:
        return tasks_page(session, address, actor).rows


def test_w9_o1_o3_a_task_stands_on_its_order_in_the_list_and_in_the_history(shop: TestShop) -> None:
    order, other = shop.order(), shop.order()
    assert block(order).parts == []
    assert block(order).empty == "No task."
    with clock.at(NOON):
        add(
            order,
            assignee="me",
            date="2026-11-30",
            time="14:30",
            priority="high",
            description="Wants blue instead.",
        )
        [entry] = block(order).parts[0].listed
        assert (entry.title, entry.text, entry.state) == ("Call the customer", "Wants blue instead.", "Today")
        assert entry.small == "Ben Beier · 30 Nov 2026, 14:30 · Priority: High"
    assert (
        facts(order)[0] == "Ben Beier added the task “Call the customer” for Ben Beier, due on 30 Nov 2026."
    )
    assert listed() == {order.number: "Task", other.number: ""}
    assert list(listed(has_open_task="yes")) == [order.number]
    assert list(listed(has_open_task="no")) == [other.number]
    assert list(listed(BEN, assigned="me")) == [order.number]
    assert listed(OWNER, assigned="me") == {}


def test_w9_a_task_is_ticked_off_once_and_opened_again(small_shop: TestShop) -> None:
    order = small_shop.order()
    id_ = add(order)
    done = perform(OWNER, "complete-task", order.id or 0, {"task": id_})
    assert done.undo is not None
    again = perform(BEN, "complete-task", order.id or 0, {"task": id_})
    assert (done.changed, again.changed) == (True, False)
    assert (small_shop.load(order.id or 0).open_task_count, small_shop.load(order.id or 0).task_count) == (
        0,
        1,
    )
    [entry] = block(order).parts[0].listed
    assert entry.is_over
    assert entry.first[0].label == "Open task Call the customer again"
    assert listed(has_open_task="yes") == {}
    perform(OWNER, done.undo.key, order.id or 0, done.undo.values)
    assert (task(id_).state, task(id_).done_by, small_shop.load(order.id or 0).open_task_count) == (
        "to do",
        "",
        1,
    )


def test_w9_a_task_that_is_deleted_stays_in_the_history_and_can_come_back(small_shop: TestShop) -> None:
    order = small_shop.order()
    id_ = add(order, description="All of it")
    gone = perform(BEN, "delete-task", order.id or 0, {"task": id_})
    assert block(order).parts == []
    assert facts(order)[0] == "Ben Beier deleted the task “Call the customer”."
    with pytest.raises(Invalid):
        perform(BEN, "edit-task", order.id or 0, {"task": id_, "title": "New"})
    assert not perform(BEN, "delete-task", order.id or 0, {"task": id_}).changed
    assert gone.undo is not None
    perform(BEN, gone.undo.key, order.id or 0, gone.undo.values)
    assert [one.title for one in block(order).parts[0].listed] == ["Call the customer"]


def test_w9_what_is_left_out_of_an_edit_stays_and_empty_clears(small_shop: TestShop) -> None:
    order = small_shop.order()
    id_ = add(order, assignee="me", date="2026-12-01", time="9:05", description="Text")
    with reading() as session:
        form = edit_form(session, BEN, int(id_)).form
    assert {one.name: one.value for one in form.fields} == {
        "title": "Call the customer",
        "assignee": "me",
        "date": "2026-12-01",
        "time": "09:05",
        "status": "to do",
        "priority": "normal",
        "description": "Text",
    }
    perform(BEN, "edit-task", order.id or 0, {"task": id_, "priority": "low", "status": "in progress"})
    kept = task(id_)
    assert (kept.assignee_id, kept.due_time, kept.priority, kept.state) == (2, "09:05", "low", "in progress")
    assert facts(order)[0] == (
        "Ben Beier changed the task “Call the customer”: Priority from Normal to Low, Status from To do to In progress."
    )
    perform(BEN, "task-edit", int(id_), {"assignee": "", "date": ""}, subject=TASK)
    cleared = task(id_)
    assert (cleared.assignee_id, cleared.assignee, cleared.due_on, cleared.due_time) == (None, "", None, "")
    assert not perform(BEN, "task-edit", int(id_), {"assignee": ""}, subject=TASK).changed
    with pytest.raises(Overtaken):
        perform(BEN, "task-edit", int(id_), {"title": "Mine"}, subject=TASK, seen=1)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": " "}, "title"),
        ({"time": "25:00", "date": "2026-12-01"}, "time"),
        ({"time": "12:00"}, "date"),
        ({"date": "2026-13-01"}, "date"),
        ({"assignee": "nobody@example.com"}, "assignee"),
        ({"assignee": "999"}, "assignee"),
        ({"priority": "urgent"}, "priority"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_w9_a_wrong_field_is_named_and_nothing_is_kept(
    values: dict[str, str], field: str, small_shop: TestShop
) -> None:
    order = small_shop.order()
    with pytest.raises(Invalid) as no:
        add(order, **values)
    assert no.value.field.startswith(field)
    assert small_shop.load(order.id or 0).task_count == 0


def test_w9_only_colleagues_with_access_get_tasks(small_shop: TestShop) -> None:
    order, anna = small_shop.order(), colleague("Anna Acht", "anna@example.com")
    assert task(add(order, assignee="Anna@Example.com")).assignee_id == anna.id
    assert task(add(order, assignee=str(anna.id))).assignee == "Anna Acht"
    people.retire_user(OWNER, anna.id)
    with pytest.raises(Invalid):
        add(order, assignee="anna@example.com")
    with pytest.raises(Invalid, match="API key"):
        add(order, SHOP, assignee="me")


def test_sec2_who_reads_sees_tasks_and_changes_none(small_shop: TestShop) -> None:
    order = small_shop.order()
    id_ = add(order, WAREHOUSE)
    for key, values in (
        ("add-task", {"title": "x"}),
        ("complete-task", {"task": id_}),
        ("delete-task", {"task": id_}),
    ):
        with pytest.raises(Refused):
            perform(READER, key, order.id or 0, values)
    [entry] = block(order, READER).parts[0].listed
    assert (entry.title, entry.first, entry.buttons, block(order, READER).head) == (
        "Call the customer",
        [],
        [],
        [],
    )


def test_w13_cancelling_says_how_many_tasks_stay(small_shop: TestShop) -> None:
    order = small_shop.order()
    first, _second = add(order), add(order)
    add(order, status="done")
    told = [one.in_language("de") for one in preview(OWNER, "cancel", order.id or 0, {}).told]
    assert "2 offene Aufgaben bleiben." in told
    perform(OWNER, "cancel", order.id or 0, {})
    perform(OWNER, "complete-task", order.id or 0, {"task": first})
    assert small_shop.load(order.id or 0).open_task_count == 1


def test_w9_a_task_of_another_order_is_none_of_this_one(small_shop: TestShop) -> None:
    mine, other = small_shop.order(), small_shop.order()
    id_ = add(other)
    for key in ("complete-task", "reopen-task", "edit-task", "delete-task", "restore-task"):
        for which in (id_, "0", "x", "9" * 20):
            with pytest.raises(Invalid) as no:
                perform(BEN, key, mine.id or 0, {"task": which})
            assert no.value.field == "task"
    assert task(id_).version == 1


def test_w9_kontor_itself_gives_a_task(small_shop: TestShop) -> None:
    order = small_shop.order()
    with work(COMMAND) as w:
        made = add_task(w, w.lock(ORDER, order.id or 0), "Check the address", day=date(2026, 12, 24))
        alone = add_task(w, None, "Order boxes")
    assert (made.created_by, small_shop.load(order.id or 0).open_task_count) == ("kontor command", 1)
    assert task(alone.id or 0).order_id is None
    assert [(row[TITLE], row[ORDER_AT]) for row in page()] == [
        ("Check the address", order.number),
        ("Order boxes", ""),
    ]


# --- when it is due
# --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "at", "zone", "utc"),
    [
        (date(2026, 11, 30), "", "Europe/Berlin", "2026-11-30T07:00"),
        (date(2026, 7, 1), "14:30", "Europe/Berlin", "2026-07-01T12:30"),
        (date(2026, 10, 25), "02:30", "Europe/Berlin", "2026-10-25T00:30"),  # the day of 25 hours
        (date(2026, 3, 29), "02:30", "Europe/Berlin", "2026-03-29T01:30"),  # a time that the clocks leave out
        (date(2026, 1, 1), "00:00", "Pacific/Auckland", "2025-12-31T11:00"),
    ],
)
def test_l3_w9_a_task_is_due_by_the_clocks_of_the_shop(day: date, at: str, zone: str, utc: str) -> None:
    assert moment_due(day, at, zone) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "at", "word"),
    [
        (date(2026, 11, 29), "", "Late"),
        (date(2026, 11, 30), "", "Today"),
        (date(2026, 11, 30), "11:59", "Late"),
        (date(2026, 11, 30), "12:01", "Today"),
        (date(2026, 12, 1), "", ""),
        (None, "", ""),
    ],
)
def test_w9_only_what_is_due_today_or_late_has_a_badge(day: date | None, at: str, word: str) -> None:
    one = Task(
        title="x", due_on=day, due_time=at, comes_at=moment_due(day, at, "Europe/Berlin"), created_at=NOON
    )
    with clock.at(NOON):
        badge = due_badge(one, "Europe/Berlin")
        assert (badge[2].in_language("en") if badge else "") == word
        assert is_late(one, NOON, NOON.date()) == (word == "Late")
        one.done_at = NOON
        assert due_badge(one, "Europe/Berlin") is None


def mails() -> list[OutboxMail]:
    with reading() as session:
        found = list(
            session.exec(
                select(OutboxMail).where(OutboxMail.kind == "task-due").order_by(col(OutboxMail.id))
            ).all()
        )
        session.expunge_all()
    return found


def test_w9_who_has_a_task_is_reminded_once_in_their_language_and_never_the_customer(shop: TestShop) -> None:
    anna = colleague("Anna Acht", "anna@example.com", "de")
    with clock.at(NOON):
        order = shop.order()
        id_ = add(
            order,
            assignee=str(anna.id),
            date="2026-12-01",
            time="10:00",
            priority="high",
            description="Blau statt grün.",
        )
        assert remind_of_due_tasks() == 0
    with clock.at(NOON + timedelta(days=3)):  # after a pause in which nothing ran
        assert remind_of_due_tasks() == 1
        assert remind_of_due_tasks() == 0
    [mail] = mails()
    assert (mail.recipient, mail.language, mail.order_id) == ("anna@example.com", "de", None)
    assert mail.subject == "Aufgabe fällig am 01.12.2026, 10:00: Call the customer"
    for said in (
        "Guten Tag Anna Acht,",
        f"Bestellung: {order.number} (Ada Kovač)",
        "Priorität: Hoch",
        "Von: Ben Beier",
        "Blau statt grün.",
    ):
        assert said in mail.body
    assert f"/orders/{order.number}" in mail.body
    assert facts(order)[0] == "A reminder of the task “Call the customer” goes to Anna Acht."
    with clock.at(NOON + timedelta(days=3)):
        perform(BEN, "edit-task", order.id or 0, {"task": id_, "date": "2026-12-20"})
    with clock.at(NOON + timedelta(days=30)):
        assert remind_of_due_tasks() == 1  # another day, another reminder
    assert len(mails()) == 2


def test_w9_what_is_done_deleted_or_of_nobody_reminds_nobody(small_shop: TestShop) -> None:
    anna, otto = colleague("Anna Acht", "anna@example.com"), colleague("Otto Ohm", "otto@example.com")
    with clock.at(NOON):
        order = small_shop.order()
        given = {"assignee": str(anna.id), "date": "2026-12-01"}
        done, gone, _nobodys = add(order, **given), add(order, **given), add(order, date="2026-12-01")
        left = add(order, assignee=str(otto.id), date="2026-12-01")
        perform(BEN, "complete-task", order.id or 0, {"task": done})
        perform(BEN, "delete-task", order.id or 0, {"task": gone})
        people.retire_user(OWNER, otto.id)
    with clock.at(NOON + timedelta(days=3)):
        assert remind_of_due_tasks() == 0
        perform(BEN, "edit-task", order.id or 0, {"task": left, "assignee": str(anna.id)})
        assert remind_of_due_tasks() == 1
    assert [mail.recipient for mail in mails()] == ["anna@example.com"]


def test_w9_many_workers_remind_once(shop: TestShop) -> None:
    anna = colleague("Anna Acht", "anna@example.com")
    with clock.at(NOON):
        add(shop.order(), assignee=str(anna.id), date="2026-11-01")
    start = Barrier(4)

    def sweep() -> None:
        start.wait()
        remind_of_due_tasks()

    threads = [Thread(target=sweep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mails()) == 1


# --- the page
# ---------------------------------------------------------------------------------------------------------------------


def test_w9_the_page_shows_ones_own_everybodys_overdue_and_done_ones(shop: TestShop) -> None:
    with clock.at(NOON):
        order = shop.order()
        add(order, title="Later", date="2026-12-24", assignee="me")
        add(order, title="Late", date="2026-11-01", priority="high")
        add(order, title="Some day")
        perform(OWNER, "new-task", 0, {"title": "Mine today", "assignee": "me", "date": "2026-11-30"})
        done = add(order, title="Over", assignee="me")
        perform(BEN, "complete-task", order.id or 0, {"task": done})

        def titles(actor: Actor = BEN, **address: object) -> list[str]:
            return [row[TITLE] for row in page(actor, **address)]

        assert titles() == ["Late", "Mine today", "Later", "Some day"]
        assert titles(sort="due", direction="down") == ["Some day", "Later", "Mine today", "Late"]
        assert (titles(which="mine"), titles(OWNER, which="mine")) == (["Later"], ["Mine today"])
        assert titles(which="late") == ["Late"]
        assert titles(which="done") == ["Over"]
        assert titles(which="done", sort="done") == ["Over"]
        assert titles(priority="high") == ["Late"]
        assert titles(due_by="2026-11-30") == ["Late", "Mine today"]
        assert titles(about="none") == ["Mine today"]
        assert titles(assigned="nobody") == ["Late", "Some day"]
        assert titles(q=order.number) == ["Late", "Later", "Some day"]
        assert titles(q="kovac LATE") == ["Late", "Later"]
        assert titles(q="%") == []
        assert [(row[ASSIGNEE], row[DUE], row[WORD]) for row in page(which="late")] == [
            ("", "1 Nov 2026", "Late")
        ]
        with reading() as session:
            assert (due_today(session, OWNER, "Europe/Berlin"), due_today(session, BEN, "Europe/Berlin")) == (
                1,
                0,
            )
            heads, *rows = tasks_file(session, {"which": "done"}, READER)
        assert (heads[0], rows[0][0], rows[0][3]) == ("Title", "Over", "Ben Beier")


def test_w9_the_list_goes_on_where_its_page_ended(small_shop: TestShop) -> None:
    with work(OWNER) as w:
        for n in range(120):
            add_task(
                w, None, f"Task {n:03}", day=date(2026, 12, 1) + timedelta(days=n % 7) if n % 5 else None
            )
    seen: list[str] = []
    with reading() as session:
        view = tasks_page(session, {}, OWNER)
        while True:
            seen += [row[TITLE] for row in view.rows]
            if not view.older:
                break
            view = tasks_page(
                session,
                {
                    "page": view.older.partition("page=")[2]
                    .replace("%7E", "~")
                    .replace("%3A", ":")
                    .replace("%2B", "+")
                },
                OWNER,
            )
    assert len(seen) == len(set(seen)) == 120


# --- whatever is done in whatever order
# -------------------------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "complete", "reopen", "delete", "restore", "edit"]),
        st.integers(0, 3),
        st.booleans(),
    ),
    max_size=14,
)


@given(steps=STEPS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_w9_the_order_always_knows_how_many_of_its_tasks_are_open(
    small_shop: TestShop, steps: list[tuple[str, int, bool]]
) -> None:
    order = small_shop.order()
    ids: list[str] = []
    for key, which, by_task in steps:
        if key == "add":
            ids.append(add(order))
            continue
        if not ids:
            continue
        id_ = ids[which % len(ids)]
        values = {"status": ["to do", "in progress", "done"][which % 3]} if key == "edit" else {}
        names = {"complete": "task-done"}
        try:
            if by_task:
                perform(BEN, names.get(key, f"task-{key}"), int(id_), values, subject=TASK)
            else:
                perform(BEN, f"{key}-task", order.id or 0, {"task": id_, **values})
        except (Invalid, Refused):
            continue
    with reading() as session:
        rows = session.exec(select(Task).where(Task.order_id == order.id)).all()
    there = [row for row in rows if row.deleted_at is None]
    now = small_shop.load(order.id or 0)
    assert (now.task_count, now.open_task_count) == (
        len(there),
        len([row for row in there if row.done_at is None]),
    )
    assert all((row.state == "done") == (row.done_at is not None) for row in rows)


def test_w9_of_two_who_tick_it_off_at_once_one_has_done_it(shop: TestShop) -> None:
    order = shop.order()
    id_ = add(order)
    start, said = Barrier(2), []

    def press(by_task: bool) -> None:
        start.wait()
        if by_task:
            said.append(perform(OWNER, "task-done", int(id_), {}, subject=TASK).changed)
        else:
            said.append(perform(BEN, "complete-task", order.id or 0, {"task": id_}).changed)

    threads = [Thread(target=press, args=(by_task,)) for by_task in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == [False, True]
    with db.reading() as session:
        assert (
            session.exec(select(func.count()).select_from(History).where(History.kind == "TaskDone")).one()
            == 1
        )


def test_w17_billing_data_that_a_program_changes_after_issue_makes_a_task(small_shop: TestShop) -> None:
    order = small_shop.order()
    program = Actor(ActorKind.API_KEY, "A shop", frozenset({Right.EDIT}), id=7)
    perform(OWNER, "edit-address", order.id or 0, {"kind": "billing", "city": "Potsdam"})
    perform(program, "edit-address", order.id or 0, {"kind": "shipping", "city": "Potsdam"})
    assert small_shop.load(order.id or 0).task_count == 0
    perform(program, "edit-address", order.id or 0, {"kind": "billing", "city": "Bernau"})
    [entry] = block(order).parts[0].listed
    assert entry.title == "Billing address changed after invoice RE-2026-0001: does it need correcting?"
    assert entry.text == "Potsdam\n→ Bernau"
    assert entry.small.endswith("Priority: High")


def test_p6_an_order_with_every_block_filled_takes_at_most_eighteen_statements(small_shop: TestShop) -> None:
    order = small_shop.order(lines=2, paid=True, comment="Please ring", tags=["gift"])
    add(order, assignee="me")
    add(order, status="done")
    for key, values in (
        ("add-note", {"note": "x"}),
        ("attach-file", {"name": "a.txt", "content": "aGVsbG8="}),
        ("ship", {"tracking": "T-1"}),
        ("create-return", {"quantities": {"1": "1"}}),
    ):
        perform(OWNER, key, order.id or 0, values)
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    block(order)
    event.remove(db.engine(), "before_cursor_execute", note)
    assert len(sent) <= 18, sent
