"""Many press one button at the same moment, in threads and in processes: it happens once, and all others are told (W-5,
PAY-1, INV-1).
"""

import multiprocessing
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from databases import BEN, OWNER, TestShop
from sqlalchemy import Engine
from sqlmodel import Session, func, select
from wholeness import wrongs

from backoffice_app import db
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.errors import Refused
from backoffice_app.domain.core.rights import Actor, ActorKind
from backoffice_app.domain.core.shop import Administration, save_section
from backoffice_app.domain.core.work import work
from backoffice_app.domain.intake.take_in import take_in
from backoffice_app.models import Allocation, Customer, Document, History, Order, OutboxMail, Payment

PROCESSES, THREADS = 2, 10
CLICKS = PROCESSES * THREADS
fork = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Answer:
    """What one who pressed was told; `changed`: whether it was this click that did it."""

    clerk: int
    changed: bool
    message: str


Press = Callable[[int, Actor], Answer]


def pressing(key: str, order_id: int, answers: Sequence[str] = (), **values: object) -> Press:
    """A click on the button of an action. `{n}` in a value stands for the clerk's number.

    `answers`: what they said yes to.
    """

    def press(n: int, clerk: Actor) -> Answer:
        try:
            given = {k: v.format(n=n) if isinstance(v, str) else v for k, v in values.items()}
            done = perform(clerk, key, order_id, given, answers=answers)
        except Refused as no:
            return Answer(n, False, no.reason.in_language("en"))
        return Answer(n, done.changed, done.message.in_language("en"))

    return press


def in_two_processes(press: Press) -> list[Answer]:
    """What twenty clerks are told who press in the same moment, ten threads in each of two processes."""
    db.forget_engines()  # no connection may be shared with the children
    gate = fork.Barrier(CLICKS)
    pipes: list[Connection] = []
    children = []
    for process in range(PROCESSES):
        ours, theirs = fork.Pipe(duplex=False)
        child = fork.Process(
            target=_press_all, args=(press, range(process * THREADS, (process + 1) * THREADS), gate, theirs)
        )
        child.start()
        theirs.close()
        pipes.append(ours)
        children.append(child)
    answers = [answer for pipe in pipes for answer in pipe.recv()]
    for child in children:
        child.join(30)
    assert [child.exitcode for child in children] == [0] * PROCESSES
    return answers


def _press_all(
    press: Press, clerks: Sequence[int], gate: "multiprocessing.synchronize.Barrier", told: Connection
) -> None:
    def one(n: int) -> Answer:
        db.engine()
        gate.wait(60)
        return press(n, Actor(ActorKind.USER, f"Clerk {n}", BEN.rights, id=n))

    with ThreadPoolExecutor(len(clerks)) as threads:
        told.send(list(threads.map(one, clerks)))
    db.forget_engines()


def rows(table: type, *where: object) -> int:
    with Session(db.engine()) as session:
        return session.exec(select(func.count()).select_from(table).where(*where)).one()  # type: ignore[arg-type]


def the_one(answers: list[Answer]) -> Answer:
    """The one click that did it; all others were told the same."""
    assert len(answers) == CLICKS
    [winner] = [answer for answer in answers if answer.changed]
    assert len({answer.message for answer in answers if not answer.changed}) == 1
    return winner


def told(answers: list[Answer]) -> str:
    """What the others were told."""
    return next(answer.message for answer in answers if not answer.changed)


def test_w5_twenty_clicks_in_two_processes_ship_once_and_tell_all_others_who_and_when(shop: TestShop) -> None:
    order = shop.order(lines=2)
    answers = in_two_processes(pressing("ship", order.id or 0, tracking="NUMBER-{n}"))
    winner = the_one(answers)
    assert told(answers).startswith(f"Shipped already, by Clerk {winner.clerk} at ")
    after = shop.load(order.id or 0)
    assert [(s.state, s.shipped_by) for s in after.shipments] == [("shipped", f"Clerk {winner.clerk}")]
    assert [p.tracking_number for s in after.shipments for p in s.parcels] == [f"NUMBER-{winner.clerk}"]
    assert [line.shipped for line in after.lines] == [Decimal(2), Decimal(2)]
    assert (
        rows(OutboxMail, OutboxMail.kind == "tracking") == rows(History, History.kind == "OrderShipped") == 1
    )
    assert wrongs() == []


def test_pay1_twenty_clicks_in_two_processes_book_one_payment_and_tell_all_others_who_and_when(
    shop: TestShop,
) -> None:
    order = shop.order()
    answers = in_two_processes(pressing("pay", order.id or 0))
    assert told(answers).startswith(f"Paid already, booked by Clerk {the_one(answers).clerk} at ")
    assert [p.amount for p in shop.load(order.id or 0).payments] == [4480]
    assert (
        rows(Payment)
        == rows(Allocation)
        == rows(OutboxMail)
        == rows(History, History.kind == "PaymentBooked")
        == 1
    )
    assert wrongs() == []


def test_pay1_twenty_clicks_in_two_processes_take_one_payment_back_once(shop: TestShop) -> None:
    order = shop.order()
    perform(BEN, "pay", order.id or 0)
    answers = in_two_processes(pressing("not-paid", order.id or 0))
    assert the_one(answers).message == "The payment of €44.80 was taken back."
    assert [p.amount for p in shop.load(order.id or 0).payments] == [4480, -4480]
    assert wrongs() == []


def test_inv1_twenty_clicks_in_two_processes_issue_one_invoice(shop: TestShop) -> None:
    with work(OWNER) as w:
        save_section(w.session, "administration", Administration(invoice_policy="by hand"))
    order = shop.order()
    answers = in_two_processes(pressing("invoice", order.id or 0))
    assert the_one(answers).message == "Invoice RE-2026-0001 issued."
    assert told(answers) == "Invoice RE-2026-0001 was issued already."
    assert rows(Document) == 1
    assert wrongs() == []


def test_inv6_twenty_clicks_in_two_processes_issue_one_credit_note_of_all(shop: TestShop) -> None:
    order = shop.order(paid=True)
    values = {"invoice": "RE-2026-0001", "quantities": {"1": "2"}, "shipping": "4.90"}
    winner = the_one(in_two_processes(pressing("credit-note", order.id or 0, **values)))
    assert winner.message == "Credit note GS-2026-0001 issued: €44.80."
    assert len(shop.load(order.id or 0).documents) == 2
    assert wrongs() == []


def test_w17_twenty_clicks_in_two_processes_cancel_one_invoice_once(shop: TestShop) -> None:
    order = shop.order(paid=True)
    press = pressing(
        "cancel-invoice", order.id or 0, invoice="RE-2026-0001", answers=["cancel-RE-2026-0001-4480"]
    )
    assert the_one(in_two_processes(press)).message == "Invoice RE-2026-0001 is cancelled by ST-2026-0001."
    assert len(shop.load(order.id or 0).documents) == 2
    assert wrongs() == []


def test_w21_a_shipment_is_taken_back_once_by_twenty(shop: TestShop) -> None:
    order = shop.order()
    done = perform(BEN, "ship", order.id or 0)
    assert done.undo

    undo = pressing(done.undo.key, order.id or 0, **done.undo.values)
    assert the_one(in_two_processes(undo)).message == "The order is not shipped."
    assert [line.shipped for line in shop.load(order.id or 0).lines] == [0]
    assert wrongs() == []


def test_api1_twenty_orders_of_one_new_address_make_one_customer(shop: TestShop) -> None:
    orders = [shop.new_order() for _ in range(CLICKS)]

    def press(n: int, clerk: Actor) -> Answer:
        taken = take_in(clerk, orders[n])
        return Answer(n, taken.created, taken.order_number)

    answers = in_two_processes(press)
    assert len({answer.message for answer in answers if answer.changed}) == CLICKS
    assert rows(Order) == CLICKS
    assert rows(Customer) == 1
    assert wrongs() == []


def test_everything_at_once_on_one_order_leaves_it_whole(shop: TestShop) -> None:
    order = shop.order(lines=3)
    number = order.shipments[0].number
    address = {"kind": "billing", "name": "Clerk {n}", "country": "DE"}
    presses = [
        pressing("ship", order.id or 0, tracking="N-{n}"),
        pressing("pay", order.id or 0, amount="1.00"),
        pressing("not-paid", order.id or 0),
        pressing("hold", order.id or 0, reason="{n}"),
        pressing("resume", order.id or 0),
        pressing("undo-ship", order.id or 0, shipments=[number]),
        pressing("edit-address", order.id or 0, **address),
        pressing("edit-shipment", order.id or 0, shipment=number, tracking="M-{n}"),
        pressing("invoice", order.id or 0),
        pressing("pay", order.id or 0),
    ]

    def press(n: int, clerk: Actor) -> Answer:
        return presses[n % len(presses)](n, clerk)

    assert len(in_two_processes(press)) == CLICKS
    assert wrongs() == []


def test_p9_a_commit_that_fails_lets_the_next_writer_in(tmp_path: Path) -> None:
    """As on a full disk: nothing of it stays, and neither turn nor lock stays with an idle connection."""
    engine = db.make_engine(f"sqlite:///{tmp_path}/shop.sqlite3")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE one (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql(
            "CREATE TABLE many (one INTEGER REFERENCES one DEFERRABLE INITIALLY DEFERRED)"
        )

    with pytest.raises(sqlite3.IntegrityError), engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO many VALUES (5)")

    begun = time.monotonic()
    with ThreadPoolExecutor(1) as other:
        other.submit(_insert_one, engine).result()
    assert time.monotonic() - begun < 5
    with engine.connect() as connection:
        assert connection.exec_driver_sql(
            "SELECT (SELECT count(*) FROM one), (SELECT count(*) FROM many)"
        ).one() == (1, 0)
    engine.dispose()


def _insert_one(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO one VALUES (1)")
