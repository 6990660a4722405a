"""Actions on many orders at once: each order once and by itself, with a result that says why (O-5)."""

import json
import os
import random
import re
import time
from collections import Counter
from dataclasses import replace
from threading import Thread
from typing import Any

import pytest
from bulk_runs import read, run_to_its_end
from databases import BEN, OWNER, READER, WAREHOUSE, TestShop
from killing import killed_at
from sqlmodel import Session, col, func, select
from wholeness import wrongs

from backoffice_app import db
from backoffice_app.domain import people
from backoffice_app.domain.bulk import cancel_run, do_again, in_list_order, matching_numbers, start, work_on
from backoffice_app.domain.bulk.choose import freezing
from backoffice_app.domain.bulk.fitting import fitting
from backoffice_app.domain.bulk.views import ask, progress_of, results_file, run_view, said_of
from backoffice_app.domain.core.actions import ACTIONS, perform
from backoffice_app.domain.core.errors import Invalid, NotFound, Refused
from backoffice_app.domain.core.rights import Actor, Right, Role
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.listing import OrderFilter, list_orders
from backoffice_app.domain.listing.queries import query_of, streams_of
from backoffice_app.domain.listing.reader import Reader
from backoffice_app.domain.listing.rows import NUMBER
from backoffice_app.domain.listing.streams import Orders
from backoffice_app.generate import generate
from backoffice_app.models import BulkItem, BulkRun, History, Order, OutboxMail, Payment

GERMAN = replace(OWNER, language="de")


@pytest.fixture(autouse=True)
def colleagues(request: pytest.FixtureRequest) -> None:
    """Olga and Ben are there: a run looks up who began it, with the rights they hold now."""
    request.getfixturevalue("database" if "shop" in request.fixturenames else "sqlite")
    people.create_owner(email="olga@example.com", name=OWNER.name, password="a long password of ours")
    for actor, role in ((BEN, Role.STAFF), (WAREHOUSE, Role.WAREHOUSE)):
        people.add_user(
            OWNER,
            email=f"{actor.id}@example.com",
            name=actor.name,
            role=role,
            password="a long password of ours",
        )


def results(run_id: int, language: str = "en") -> dict[str, tuple[str, int, str]]:
    """By number of the order: state, status, and the sentence."""
    with Session(db.engine()) as session:
        items = session.exec(
            select(BulkItem).where(BulkItem.run_id == run_id).order_by(col(BulkItem.rank)),
        ).all()
        return {item.number: (item.state, item.status, said_of(item, language)) for item in items}


def done(actor: Actor, key: str, orders: list[Order], **values: object) -> int:
    run_id = start(actor, key, [order.number for order in orders], values)
    run_to_its_end(run_id)
    return run_id


def test_o5_each_order_has_its_result_and_the_mail_goes_once(shop: TestShop) -> None:
    first, second = shop.order(), shop.order()

    run_id = done(OWNER, "pay", [first, second])

    assert [result[:2] for result in results(run_id).values()] == [("done", 200)] * 2
    assert [shop.load(order.id or 0).payment_state for order in (first, second)] == ["paid", "paid"]
    with Session(db.engine()) as session:
        mails = session.exec(
            select(func.count()).select_from(OutboxMail).where(OutboxMail.kind == "payment-received"),
        ).one()
    assert mails == 2
    assert wrongs() == []
    with db.reading() as session:
        [progress] = progress_of(session, OWNER, "de")
    assert (progress.says, progress.is_over) == ("2 von 2 erledigt", True)


def test_o5_what_is_asked_counts_for_all(small_shop: TestShop) -> None:
    orders = [small_shop.order(), small_shop.order()]

    done(OWNER, "pay", orders, mail="off")

    with Session(db.engine()) as session:
        assert (
            session.exec(
                select(func.count()).select_from(OutboxMail).where(OutboxMail.kind == "payment-received"),
            ).one()
            == 0
        )


@pytest.mark.parametrize("language", ["en", "de"])
def test_o5_st3_a_skipped_order_says_the_sentence_of_the_button(small_shop: TestShop, language: str) -> None:
    held, free = small_shop.order(paid=True), small_shop.order(paid=True)
    perform(OWNER, "hold", held.id or 0, {"reason": "why"})

    run_id = done(OWNER, "ship", [held, free])

    with db.reading() as session:
        reason = ACTIONS["ship"].reason(load_shop(session), small_shop.load(held.id or 0))
    assert reason is not None
    assert results(run_id, language)[held.number] == ("skipped", 409, reason.in_language(language))
    assert results(run_id)[free.number][0] == "done"


@pytest.mark.parametrize("key", ["ship", "picked-up"])
def test_o5_what_a_person_is_asked_first_is_left_out_and_said_so_before_and_after(
    small_shop: TestShop, key: str
) -> None:
    fetched = {"shipping": {"method": "pickup", "name": "Abholung", "price": "4.90", "vat_rate": "19"}}
    changes: dict[str, Any] = fetched if key == "picked-up" else {}
    waits = small_shop.order(payment={"method": "prepaid", "name": "Vorkasse", "state": "open"}, **changes)
    free = small_shop.order(paid=True, **changes)
    both = [waits.number, free.number]

    with db.reading() as session:
        assert fitting(session, OWNER, both)[key] == (1, "")
        beforehand = ask(session, OWNER, key, both).description
    button = {"ship": "Shipped", "picked-up": "Picked up"}[key]
    reason = f"The order is not paid. Press “{button}” in the order itself: there you are asked first."
    assert beforehand == f"For 2 orders. 1 will be skipped: {reason}"
    found = results(done(OWNER, key, [waits, free]))
    assert found[waits.number][:2] == ("skipped", 409)
    assert found[waits.number][2].endswith("all the same? You answer this in the order itself.")
    assert found[free.number][0] == "done"


def test_o5_what_was_so_already_is_skipped_and_says_who_was_first(small_shop: TestShop) -> None:
    order = small_shop.order()
    perform(BEN, "pay", order.id or 0)

    run_id = done(OWNER, "pay", [order])

    state, status, said = results(run_id)[order.number]
    assert (state, status) == ("skipped", 409)
    assert said.startswith("Paid already, booked by Ben Beier")


def test_o5_wrong_input_is_refused_before_anything_begins(small_shop: TestShop) -> None:
    order = small_shop.order()

    with pytest.raises(Invalid) as wrong:
        start(OWNER, "hold", [order.number], {"until": "never"})

    assert wrong.value.field == "until"
    with Session(db.engine()) as session:
        assert session.exec(select(func.count()).select_from(BulkRun)).one() == 0


def test_o5_input_that_is_wrong_for_an_order_stands_in_its_result(small_shop: TestShop) -> None:
    order = small_shop.order()

    run_id = done(OWNER, "hold", [order], until="2020-01-01")

    assert results(run_id)[order.number] == ("skipped", 422, "The day is in the past.")
    with Session(db.engine()) as session:
        assert session.exec(select(BulkItem.field)).one() == "until"


def test_o5_an_unknown_number_and_a_doubled_one(small_shop: TestShop) -> None:
    order = small_shop.order()

    run_id = start(OWNER, "pay", [order.number, "no\0ne", order.number], {})
    run_to_its_end(run_id)

    assert [(state, status) for state, status, _said in results(run_id).values()] == [
        ("done", 200),
        ("skipped", 404),
    ]


def test_o5_a_bug_fails_one_order_with_a_number_and_stops_no_other(
    small_shop: TestShop,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    orders = [small_shop.order() for _n in range(3)]
    broken, right = orders[1].id, ACTIONS["pay"].run

    def run(w: object, order: Order, data: object) -> object:
        if order.id == broken:
            raise ZeroDivisionError
        return right(w, order, data)  # type: ignore[arg-type]

    monkeypatch.setitem(ACTIONS, "pay", replace(ACTIONS["pay"], run=run))
    run_id = done(OWNER, "pay", orders)

    assert [result[:2] for result in results(run_id).values()] == [
        ("done", 200),
        ("failed", 500),
        ("done", 200),
    ]
    with Session(db.engine()) as session:
        number = session.exec(select(BulkItem.error).where(BulkItem.state == "failed")).one()
    assert number
    assert number in results(run_id)[orders[1].number][2]


def test_o5_sec4_who_may_not_ship_begins_nothing(small_shop: TestShop) -> None:
    order = small_shop.order(paid=True)

    with pytest.raises(Refused):
        start(READER, "ship", [order.number], {})
    with pytest.raises(NotFound):
        start(OWNER, "edit-address", [order.number], {})  # says nothing of many at once


def test_o5_sec2_a_right_that_was_lost_meanwhile_ends_the_run(small_shop: TestShop) -> None:
    order = small_shop.order(paid=True)
    run_id = start(BEN, "ship", [order.number], {})
    people.change_role(OWNER, BEN.id, Role.READ_ONLY)

    run_to_its_end(run_id)

    assert results(run_id)[order.number][:2] == ("skipped", 403)
    assert small_shop.load(order.id or 0).shipping_state == "not_shipped"


def test_o5_sec2_a_retired_colleagues_run_does_nothing_more(small_shop: TestShop) -> None:
    order = small_shop.order(paid=True)
    run_id = start(BEN, "ship", [order.number], {})
    people.retire_user(OWNER, BEN.id)

    run_to_its_end(run_id)

    assert results(run_id)[order.number][:2] == ("skipped", 403)


def test_o5_sec2_nobody_sees_or_ends_the_run_of_somebody_else(small_shop: TestShop) -> None:
    order = small_shop.order()
    run_id = start(OWNER, "pay", [order.number], {})

    with pytest.raises(NotFound):
        cancel_run(BEN, run_id)
    with pytest.raises(NotFound):
        do_again(BEN, run_id)
    with db.reading() as session:
        with pytest.raises(NotFound):
            run_view(session, run_id, BEN, "en")
        assert progress_of(session, BEN, "en") == []
        with pytest.raises(NotFound):
            list(results_file(session, run_id, BEN))
        with pytest.raises(NotFound):  # the amounts of its results are no longer for this person
            run_view(session, run_id, replace(OWNER, rights=frozenset({Right.READ})), "en")


def test_o5_a_second_start_with_the_same_key_is_the_same_run(shop: TestShop) -> None:
    one, two = shop.order(), shop.order()
    begun: list[int] = []

    def begin() -> None:
        begun.append(start(OWNER, "pay", [one.number], {}, once="dialog-1"))

    threads = [Thread(target=begin) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(begun) == 4
    assert len(set(begun)) == 1
    with pytest.raises(Invalid):
        start(OWNER, "pay", [two.number], {}, once="dialog-1")
    assert start(BEN, "pay", [two.number], {}, once="dialog-1") not in begun


def test_o5_the_rest_can_be_left_out_and_done_again(small_shop: TestShop) -> None:
    orders = [small_shop.order() for _n in range(3)]
    numbers = [order.number for order in orders]
    run_id = start(OWNER, "pay", numbers, {"mail": False})
    work_on.work_on(run_id, 1, seconds=0.000_001)  # a turn that is over after one order, or before it

    with pytest.raises(Refused):
        do_again(OWNER, run_id)
    said = cancel_run(OWNER, run_id).in_language("en")
    states = [state for state, _status, _said in results(run_id).values()]
    work_on.work_on(run_id, 2)

    assert [state for state, _status, _said in results(run_id).values()] == states
    assert states.count("cancelled") >= 2
    assert said.startswith(str(states.count("cancelled")))
    again = do_again(OWNER, run_id)
    run_to_its_end(again)
    assert do_again(OWNER, run_id) == again
    assert json.loads(read(again).input) == {"mail": False}
    assert [small_shop.load(order.id or 0).payment_state for order in orders] == ["paid"] * 3
    with pytest.raises(Refused):
        do_again(OWNER, again)


def test_o5_two_people_with_overlapping_runs_do_each_order_once(shop: TestShop) -> None:
    orders = [shop.order() for _n in range(12)]
    numbers = [order.number for order in orders]
    runs = [start(OWNER, "pay", numbers, {}), start(BEN, "pay", numbers[::-1], {})]
    threads = [Thread(target=run_to_its_end, args=(run_id,)) for run_id in runs for _twice in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with Session(db.engine()) as session:
        assert session.exec(select(func.count()).select_from(Payment)).one() == len(orders)
    mine, theirs = map(results, runs)
    for number in numbers:
        assert sorted([mine[number][0], theirs[number][0]]) == ["done", "skipped"]
        skipped, other = (mine, BEN) if mine[number][0] == "skipped" else (theirs, OWNER)
        assert skipped[number][2].startswith(f"Paid already, booked by {other.name}")
    assert wrongs() == []


def run_until(statement: int, run_id: int) -> int:
    """How many statements a turn of the run took in a process of its own; 0 if it was killed."""
    turn = read(run_id).turn
    return killed_at(statement, lambda: work_on.work_on(run_id, turn))


def paid_times(orders: list[Order]) -> list[int]:
    """How many payments each order has, and by its history."""
    with Session(db.engine()) as session:
        rows = Counter(session.exec(select(Payment.order_id)).all())
        facts = Counter(session.exec(select(History.subject_id).where(History.kind == "PaymentBooked")).all())
    assert rows == facts
    return [rows[order.id] for order in orders]


def test_o5_killed_between_any_two_statements_each_order_is_done_once(shop: TestShop) -> None:
    orders, twins = [shop.order() for _n in range(2)], [shop.order() for _n in range(2)]
    statements = run_until(0, start(OWNER, "pay", [order.number for order in twins], {}))
    assert statements > 30
    run_id = start(OWNER, "pay", [order.number for order in orders], {})
    dice = random.Random(5)
    for statement in sorted(dice.sample(range(1, statements), int(os.environ.get("KONTOR_KILLS", "5")) * 2)):
        if read(run_id).ended_at is not None or run_until(statement, run_id):
            break
        states = [state for state, _status, _said in results(run_id).values()]
        assert paid_times(orders) == [int(state == "done") for state in states]
        assert wrongs() == []
    run_to_its_end(run_id)
    assert paid_times(orders) == [1, 1]
    assert [state for state, _status, _said in results(run_id).values()] == ["done", "done"]


def test_o5_a_turn_that_ends_puts_the_next_one_into_the_queue_once(small_shop: TestShop) -> None:
    orders = [small_shop.order() for _n in range(3)]
    run_id = start(OWNER, "pay", [order.number for order in orders], {})

    work_on.work_on(run_id, 1, seconds=0.000_001)
    work_on.work_on(run_id, 1, seconds=0.000_001)  # the same job once more, after a crash

    assert read(run_id).turn == 2
    assert work_on.stranded_runs(10) == {f"bulk-{run_id}-2": run_id}
    work_on.pick_up(run_id, f"bulk-{run_id}-1")
    assert read(run_id).turn == 2
    work_on.pick_up(run_id, f"bulk-{run_id}-2")
    assert read(run_id).turn == 3
    run_to_its_end(run_id)
    assert work_on.stranded_runs(10) == {}


def test_o5_the_set_is_frozen_in_the_order_of_the_list(shop: TestShop) -> None:
    numbers = [shop.order(paid=n % 2 == 0).number for n in range(6)]
    paid, by_total = (
        OrderFilter.parse({"payment": "paid"}),
        OrderFilter.parse({"sort": "total", "direction": "up"}),
    )
    with db.reading() as session:
        assert matching_numbers(session, OrderFilter(), OWNER) == numbers[::-1]
        frozen = matching_numbers(session, paid, OWNER)
        assert frozen == numbers[4::-2]
        assert sorted(matching_numbers(session, by_total, OWNER)) == sorted(numbers)
        assert matching_numbers(session, OrderFilter.parse({"q": numbers[2]}), OWNER) == [numbers[2]]
        assert in_list_order(session, [numbers[1], numbers[4], "none"], OrderFilter()) == [
            numbers[4],
            numbers[1],
        ]
        with pytest.raises(Refused):
            matching_numbers(session, OrderFilter(), OWNER, most=5)
    shop.order(paid=True)
    run_id = start(OWNER, "pay", frozen, {})
    assert list(results(run_id)) == frozen


@pytest.mark.parametrize("sort", ["date", "number", "customer", "total", "payment", "shipping"])
def test_o5_what_is_frozen_is_what_the_list_shows_page_by_page(small_shop: TestShop, sort: str) -> None:
    generate(db.engine(), 300, 7, lambda _done: None)
    for wish in (
        {},
        {"view": "to-ship"},
        {"payment": "paid,unpaid", "country": "DE"},
        {"q": "a"},
        {"amount_from": "50", "shipping": "shipped"},
    ):
        wanted = OrderFilter.parse({**wish, "sort": sort})
        shown: list[str] = []
        with db.reading() as session:
            page = list_orders(session, wanted, OWNER, "en")
            shown += [row[NUMBER] for row in page.rows]
            while page.older:
                page = list_orders(session, replace(wanted, page=page.older), OWNER, "en")
                shown += [row[NUMBER] for row in page.rows]
            frozen = matching_numbers(session, wanted, OWNER)
            assert frozen == shown, wish
            assert in_list_order(session, sorted(frozen), wanted) == frozen, wish


def test_o5_freezing_reads_along_an_index(database: str) -> None:
    generate(db.engine(), 20_000 if os.environ.get("KONTOR_LARGE") else 3_000, 7, lambda _done: None)
    for wish in (
        {"payment": "paid"},
        {"view": "to-ship"},
        {"country": "DE", "payment": "unpaid"},
        {"sort": "total", "payment": "paid"},
    ):
        wanted = OrderFilter.parse(wish)
        with db.reading() as session:
            if not db.is_sqlite(session):
                session.connection().exec_driver_sql("SET LOCAL enable_seqscan = off")
            reader = Reader(session)
            [stream] = streams_of(
                reader,
                wanted,
                query_of(wanted, OWNER),
                load_shop(session).regional,
                20_000,
            )
            assert isinstance(stream, Orders)
            statement, values = freezing(reader, stream, down=True)
            how = "EXPLAIN QUERY PLAN " if db.is_sqlite(session) else "EXPLAIN "
            plan = "\n".join(str(row) for row in reader.rows(how + statement, values | {"limit": 20_001}))
            assert re.search("ix_orders|orders_position_key", plan), plan
            assert not re.search(r"SCAN orders(?! USING)|Seq Scan on orders", plan), plan


@pytest.mark.parametrize("count", [150, pytest.param(1_000, marks=pytest.mark.slow)])
def test_o5_p13_an_order_costs_little_beyond_its_action(small_shop: TestShop, count: int) -> None:
    generate(db.engine(), 4 * count + 200, 7, lambda _done: None)
    with Session(db.engine()) as session:
        orders = session.exec(select(Order).where(Order.status == "completed").limit(count + 50)).all()
    alone, many = orders[:50], orders[50:]
    assert len(many) == count
    begun = time.process_time()
    for order in alone:
        perform(OWNER, "print-invoices", order.id or 0, {})
    each_alone = (time.process_time() - begun) / len(alone)
    begun = time.process_time()
    runs = [done(OWNER, "print-invoices", list(many[at : at + 500])) for at in range(0, count, 500)]
    each = (time.process_time() - begun) / len(many)

    states = Counter(state for run_id in runs for state, _status, _said in results(run_id).values())
    assert states == {"done": len(many)}
    assert each - each_alone <= 0.02, (each, each_alone)


def test_o5_a_dialog_starts_empty_and_says_for_how_many(small_shop: TestShop) -> None:
    held, free = small_shop.order(paid=True), small_shop.order(paid=True)
    perform(OWNER, "hold", held.id or 0, {"reason": "why"})

    with db.reading() as session:
        form = ask(session, GERMAN, "ship", [held.number, free.number])
        hold = ask(session, OWNER, "hold", [free.number])
        with pytest.raises(Refused):
            ask(session, READER, "ship", [free.number])

    assert [(field.name, field.value) for field in form.fields] == [("mail", "on")]
    assert form.description.startswith("Für 2 Bestellungen. 1 wird übersprungen:")
    assert [(field.name, field.value) for field in hold.fields] == [("reason", ""), ("until", "")]
