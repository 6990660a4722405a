"""An intake that is killed at any point loses nothing and doubles nothing (API-2, INV-2)."""

import json
import multiprocessing
import os
import random
import signal
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from databases import BEN, TestShop
from sqlmodel import func, select
from wholeness import stored_counts

from backoffice_app import db
from backoffice_app.domain.history import Break, verify_chain
from backoffice_app.domain.intake.take_in import Outcome, import_files
from backoffice_app.domain.order.views import ALL
from backoffice_app.models import Customer, Document, Order, OrderSearch, Payment, Shipment

ORDERS = 150
KILLS = 20
fork = multiprocessing.get_context("fork")


def run_import(file: Path, told: Connection) -> None:
    """What the process that is killed does: it imports, and tells of each order that it has committed."""
    for _row in import_files(BEN, [file], issue=True):
        told.send(1)


def import_and_kill(file: Path, after: int, moment: float) -> None:
    """Starts an import and kills it by SIGKILL, `moment` seconds after it told of its `after`th order."""
    ours, theirs = fork.Pipe(duplex=False)
    process = fork.Process(target=run_import, args=(file, theirs))
    process.start()
    theirs.close()
    try:
        for _order in range(after):
            ours.recv()
    except EOFError:
        pass  # it came to its end before
    ours.poll(moment)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join(30)
    ours.close()


@pytest.mark.twins
def test_api2_an_import_killed_twenty_times_loses_nothing_and_doubles_nothing(
    shop: TestShop, tmp_path: Path
) -> None:
    file = tmp_path / "orders.json"
    file.write_text(json.dumps([shop.new_order(provider=True).as_json() for _ in range(ORDERS)]))
    dice = random.Random(4)  # the same twenty points in each run, as far as a machine can
    db.forget_engines()  # no connection may be shared with the children
    for kill in range(1, KILLS + 1):
        import_and_kill(file, after=kill * 5 + dice.randint(0, 4), moment=dice.random() / 100)
    rows = list(import_files(BEN, [file], issue=True))
    assert {row.outcome for row in rows} <= {Outcome.IMPORTED, Outcome.SKIPPED}
    with db.reading() as session:
        counts = {
            t.__name__: session.exec(select(func.count()).select_from(t)).one()
            for t in (Order, Document, Payment, Shipment, OrderSearch, Customer)
        }
        numbers = session.exec(select(Document.number).order_by(Document.number)).all()
        breaks = [step for step in verify_chain(session) if isinstance(step, Break)]
        in_view = stored_counts(session)[ALL.key]
    assert counts == {
        "Order": ORDERS,
        "Document": ORDERS,
        "Payment": ORDERS,
        "Shipment": ORDERS,
        "OrderSearch": ORDERS,
        "Customer": 1,
    }
    assert [int(number[-4:]) for number in numbers] == list(range(1, ORDERS + 1))
    assert breaks == []
    assert in_view == ORDERS
