"""Choosing orders in the list, and beginning what is done to them all (O-5)."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import reflex as rx
from databases import BEN, OWNER, READER, WAREHOUSE, TestShop
from reflex.istate.data import RouterData
from saying_yes import say_yes
from sqlmodel import Session, select
from substates import substate

from backoffice_app import db
from backoffice_app.domain.bulk import work_on
from backoffice_app.domain.core.errors import NotFound, Refused
from backoffice_app.domain.core.rights import Actor, Role
from backoffice_app.domain.orders.draft import begin_draft
from backoffice_app.domain.people import add_user, create_owner
from backoffice_app.models import BulkItem, BulkRun, Order
from backoffice_app.state.base import RUNNING
from backoffice_app.state.bulk import BulkChoice
from backoffice_app.state.bulk_progress import BulkProgress
from backoffice_app.state.bulk_run import BulkRunsState, BulkRunState
from backoffice_app.state.orders import OrdersState


class Tab:
    """A tab at an address of the list; handlers run as the events of that colleague would."""

    def __init__(self, actor: Actor = OWNER, **query: str) -> None:
        self.actor = actor
        self.root = rx.State()
        self.list, self.choice, self.progress, self.run, self.runs = (
            self._state(kind) for kind in (OrdersState, BulkChoice, BulkProgress, BulkRunState, BulkRunsState)
        )
        self.go(**query)

    def _state(self, kind: Any) -> Any:
        return substate(self.root, kind)

    def at(self, path: str, **query: str) -> None:
        address = path + ("?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else "")
        self.root.router = RouterData.from_router_data(
            {"pathname": path, "asPath": address, "query": query, "token": "t", "headers": {}},
        )

    def go(self, **query: str) -> None:
        """The address changes, and the list is loaded."""
        self.at("/orders", **query)
        self.do(self.list, "load")

    def do(self, state: Any, handler: str, *arguments: object) -> Any:
        """Runs a handler."""
        RUNNING.set(self.actor)
        return asyncio.run(getattr(state, handler)(*arguments))

    def tick(self, *numbers: str, on: bool = True) -> None:
        for number in numbers:
            self.do(self.choice, "tick", number, on)

    def press(self, key: str, **values: str) -> None:
        """Opens the dialog of an action and sends it."""
        self.do(self.choice, "open", key)
        self.do(self.choice, "do", self.choice.about, values)


@pytest.fixture(autouse=True)
def nobody_afterwards() -> Iterator[None]:
    yield
    RUNNING.set(None)


def runs() -> list[BulkRun]:
    with Session(db.engine()) as session:
        return list(session.exec(select(BulkRun).order_by(BulkRun.id)).all())  # type: ignore[arg-type]


def orders() -> list[Order]:
    with Session(db.engine()) as session:
        return list(session.exec(select(Order)).all())


def items(run: BulkRun) -> list[str]:
    with Session(db.engine()) as session:
        return list(
            session.exec(
                select(BulkItem.number).where(BulkItem.run_id == run.id).order_by(BulkItem.rank),
            ).all()
        )  # type: ignore[arg-type]


def test_o5_the_choice_survives_search_filter_and_page_until_it_is_cleared(small_shop: TestShop) -> None:
    first, second, paid = (
        small_shop.order().number,
        small_shop.order().number,
        small_shop.order(paid=True).number,
    )
    tab = Tab(replace(OWNER, language="de"))
    tab.tick(first, paid)

    assert (tab.choice.count, tab.choice.says, tab.choice.all_ticked) == (2, "2 gewählt", False)
    tab.go(payment="paid")
    assert (tab.choice.ticked, tab.choice.says, tab.choice.all_ticked) == (
        [paid],
        "2 gewählt, 1 nicht auf dieser Seite",
        True,
    )
    tab.do(tab.choice, "tick_page", False)
    tab.go(q=second)
    assert (tab.choice.ticked, tab.choice.says) == ([], "1 gewählt, 1 nicht auf dieser Seite")
    tab.tick(first)  # not in sight: no page sends it
    tab.tick(second)
    tab.go(sort="number", direction="up")
    assert tab.choice.ticked == [first, second]
    tab.do(tab.choice, "clear")
    assert (tab.choice.count, tab.choice.ticked, tab.choice.says) == (0, [], "0 gewählt")


def test_o5_a_range_reaches_from_the_order_chosen_before_to_this_one(small_shop: TestShop) -> None:
    first, second, third, fourth = (small_shop.order().number for _n in range(4))
    tab = Tab(sort="number", direction="up")
    tab.tick(first)
    tab.do(tab.choice, "tick", third, True, True)
    assert tab.choice.ticked == [first, second, third]
    tab.do(tab.choice, "tick_through", second)  # backwards, and chosen already: both are put down
    assert tab.choice.ticked == [first]
    tab.do(tab.choice, "tick_through", fourth)
    assert tab.choice.ticked == [first, second, third, fourth]

    tab.go(q=first)
    tab.do(tab.choice, "tick_through", first)  # the one before is not in sight: no range
    assert tab.choice.says == "3 chosen, 3 not on this page"
    tab.do(tab.choice, "tick_through", "made-up")
    assert tab.choice.count == 3


def test_o5_only_boxes_that_the_browser_did_not_tick_are_drawn_anew(small_shop: TestShop) -> None:
    """A box that is drawn anew loses the focus."""
    first, second, third = (small_shop.order().number for _n in range(3))
    tab = Tab(sort="number", direction="up")
    tab.tick(first)
    assert tab.choice.turns == {}
    tab.do(tab.choice, "tick", third, True, True)
    assert tab.choice.turns == {second: 1}
    tab.do(tab.choice, "clear")
    assert tab.choice.turns == {first: 1, second: 2, third: 1}


def test_o5_an_order_that_is_gone_is_neither_chosen_nor_counted(small_shop: TestShop) -> None:
    kept, drafted = begin_draft(OWNER), begin_draft(OWNER)
    tab = Tab(view="drafts")
    tab.tick(kept, drafted)
    [row] = [row for row in orders() if row.number == drafted]

    say_yes(BEN, "delete-draft", row.id or 0)
    tab.do(tab.list, "follow")

    assert (tab.choice.ticked, tab.choice.says, tab.choice.all_ticked) == ([kept], "1 chosen", True)


def test_o5_the_menu_says_to_how_many_each_action_applies_and_why_to_none(small_shop: TestShop) -> None:
    numbers = [small_shop.order(paid=paid).number for paid in (True, False)]
    tab = Tab(replace(OWNER, language="de"))
    tab.tick(numbers[0])
    tab.do(tab.choice, "judge", True)
    assert tab.choice.fits["hold"] == ["1", ""]
    assert tab.choice.fits["export"] == ["1", ""]
    assert tab.choice.fits["pay"][0] == "0"
    assert tab.choice.fits["pay"][1] == "Nichts ist offen."

    tab.tick(numbers[1])
    assert tab.choice.fits == {}, "of another choice"
    tab.do(tab.choice, "judge", True)
    assert tab.choice.fits["pay"] == ["1", ""]
    reader = Tab(READER)
    reader.tick(*numbers)
    reader.do(reader.choice, "judge", True)
    assert list(reader.choice.fits) == ["export", "export-lines"]


def test_o5_what_prints_has_a_button_of_its_own_for_who_may(small_shop: TestShop) -> None:
    assert [key for key, _word in Tab().choice.prints] == ["print-invoices", "print-packing-slips"]
    assert [key for key, _word in Tab(WAREHOUSE).choice.prints] == ["print-packing-slips"]
    assert Tab(READER).choice.prints == []


def test_o5_all_that_match_are_frozen_at_the_click(small_shop: TestShop) -> None:
    paid = [small_shop.order(paid=True).number for _n in range(3)]
    other = small_shop.order().number
    tab = Tab(payment="paid")
    tab.do(tab.choice, "choose_all")
    late = small_shop.order(paid=True).number
    tab.go()
    tab.tick(other)
    tab.press("hold", reason="why")

    [run] = runs()
    assert items(run) == [other, *reversed(paid)]  # in the order of the list that is in sight
    assert late not in items(run)
    assert tab.choice.form.key == ""
    assert tab.choice.count == 4  # kept for what is done next


def test_o5_two_presses_of_one_dialog_are_one_run_and_the_next_dialog_is_empty(small_shop: TestShop) -> None:
    order = small_shop.order()
    tab = Tab()
    tab.tick(order.number)
    tab.do(tab.choice, "open", "hold")
    about = tab.choice.about
    for _twice in range(2):
        tab.do(tab.choice, "do", about, {"reason": "why"})
    tab.do(tab.choice, "open", "hold")

    assert len(runs()) == 1
    assert [field.value for field in tab.choice.form.fields] == ["", ""]
    assert tab.choice.about != about


def test_o5_what_is_wrong_stands_at_its_field_and_begins_nothing(small_shop: TestShop) -> None:
    tab = Tab()
    order = small_shop.order()
    tab.go()
    tab.tick(order.number)
    tab.press("hold", until="never")

    assert (tab.choice.wrong_field, bool(tab.choice.wrong), tab.choice.form.key) == ("until", True, "hold")
    assert runs() == []
    tab.do(tab.choice, "close", False)
    assert (tab.choice.form.key, tab.choice.wrong) == ("", "")


def test_o5_sec4_each_role_is_offered_what_it_may_do_and_the_next_step_of_the_view(
    small_shop: TestShop,
) -> None:
    order = small_shop.order(paid=True)
    warehouse, owner = Tab(WAREHOUSE, view="to-ship"), Tab(view="to-pay")

    assert [key for key, _word in warehouse.choice.menu] == [
        "ship",
        "ready-for-pickup",
        "picked-up",
        "add-task",
        "tag",
        "untag",
        "print-packing-slips",
        "export",
        "export-lines",
    ]
    assert (
        warehouse.choice.next_step,
        owner.choice.next_step,
        Tab(READER, view="to-ship").choice.next_step,
    ) == ("ship", "pay", "")
    assert [key for key, _word in Tab(READER).choice.menu] == ["export", "export-lines"]
    reader = Tab(READER)
    reader.tick(order.number)
    with pytest.raises(Refused):
        reader.do(reader.choice, "open", "ship")
    with pytest.raises(NotFound):
        reader.do(reader.choice, "open", "edit-address")
    assert reader.choice.form.key == ""


def test_o5_the_progress_shows_in_each_tab_of_who_began_it_and_in_no_other(small_shop: TestShop) -> None:
    create_owner(email="olga@example.com", name=OWNER.name, password="a long password of ours")
    add_user(OWNER, email="ben@example.com", name=BEN.name, role=Role.STAFF, password="a long password")
    order = small_shop.order()
    mine, elsewhere, of_ben = Tab(), Tab(), Tab(BEN)
    mine.tick(order.number)
    mine.press("pay")
    [run] = runs()
    for tab in (elsewhere, of_ben):
        tab.do(tab.progress, "refresh")

    assert [(view.done, view.size, view.is_over) for view in mine.progress.runs] == [(0, 1, False)]
    assert elsewhere.progress.runs == mine.progress.runs
    assert of_ben.progress.runs == []
    work_on.work_on(run.id or 0, run.turn)
    elsewhere.do(elsewhere.progress, "refresh")
    assert [(view.says, view.is_over) for view in elsewhere.progress.runs] == [("1 of 1 done", True)]
    elsewhere.do(elsewhere.progress, "put_away", str(run.id))
    elsewhere.do(elsewhere.progress, "refresh")
    assert elsewhere.progress.runs == []
    elsewhere.do(elsewhere.runs, "load")
    assert [(row[0], row[3]) for row in elsewhere.runs.rows] == [(str(run.id), "1 of 1 done")]


def test_o5_a_run_is_left_out_and_done_again_from_its_page(
    small_shop: TestShop,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    create_owner(email="olga@example.com", name=OWNER.name, password="a long password of ours")
    orders = [small_shop.order().number for _n in range(2)]
    tab = Tab()
    tab.tick(*orders)
    tab.press("pay")
    [run] = runs()
    monkeypatch.setattr(BulkRunState, "bulk_run", str(run.id), raising=False)
    tab.at(f"/bulk/{run.id}", result="cancelled")
    tab.do(tab.run, "load")
    assert (tab.run.view.again, tab.run.view.tab, len(tab.run.view.rows)) == (0, "", 2)
    tab.do(tab.run, "cancel", tab.run.view.progress.about)
    tab.do(tab.run, "refresh")

    assert (tab.run.view.again, tab.run.view.tab) == (2, "cancelled")
    assert [tab_row[0] for tab_row in tab.run.view.tabs] == ["", "cancelled"]
    leads = tab.do(tab.run, "do_again", tab.run.view.progress.about)
    path = [str(value._var_value) for name, value in leads.args if str(name) == "path"]
    assert path == [f"/bulk/{runs()[-1].id}"]
    assert items(runs()[-1]) == items(run)
    other = Tab(BEN)
    with pytest.raises(NotFound):
        other.do(other.run, "cancel", tab.run.view.progress.about)
    other.do(other.run, "load")
    assert other.run.view.missing
