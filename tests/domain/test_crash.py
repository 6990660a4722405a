"""A process that dies at any moment leaves every order whole, and a repetition doubles nothing (API-1, INV-2, M-3)."""

import multiprocessing
import os
import random
import signal
from multiprocessing.connection import Connection

from databases import TestShop
from sqlmodel import func, select
from wholeness import wrongs

from backoffice_app import db
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.rights import Actor, ActorKind, Right
from backoffice_app.domain.intake.take_in import take_in
from backoffice_app.domain.orders.new_order import NewOrder
from backoffice_app.models import Customer, Document, IdempotencyKey, Order, OutboxMail, Payment, Shipment

ORDERS, KILLS = 60, 24
SHOP = Actor(ActorKind.API_KEY, "A shop", frozenset({Right.ORDERS_WRITE, Right.PAY, Right.SHIP}), id=7)
fork = multiprocessing.get_context("fork")


def take_in_pay_and_ship(orders: list[NewOrder], told: Connection) -> None:
    """What the process that is killed does, from the first order on in each life: what is done already changes nothing."""
    for n, new in enumerate(orders):
        taken = take_in(SHOP, new, f"key-{n}")
        if n % 2:
            perform(SHOP, "pay", taken.order_id)
        if n % 3 == 0:
            perform(SHOP, "ship", taken.order_id, {"tracking": f"T-{n}"})
        if taken.created:
            told.send(n)
    told.send(-1)


def live_and_die(orders: list[NewOrder], steps: int, moment: float) -> bool:
    """Runs the process and kills it by SIGKILL, `moment` seconds after its `steps`th new order. True if it came to its end before."""
    ours, theirs = fork.Pipe(duplex=False)
    process = fork.Process(target=take_in_pay_and_ship, args=(orders, theirs))
    process.start()
    theirs.close()
    ended = any(ours.recv() == -1 for _step in range(steps)) or (ours.poll(moment) and ours.recv() == -1)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join(30)
    assert process.exitcode in {0, -signal.SIGKILL}
    ours.close()
    return ended


def test_api1_a_bulk_intake_killed_at_random_moments_loses_nothing_and_doubles_nothing(shop: TestShop) -> None:
    wishes = {n: {"customer": {"email": f"c{n % 7}@example.com"}} for n in range(ORDERS)}
    orders = [shop.new_order(lines=1 + n % 4, provider=n % 5 == 0 and n % 2 == 0, **wishes[n]) for n in range(ORDERS)]
    dice = random.Random(1)  # the same moments in each run, as far as a machine can
    db.forget_engines()  # no connection may be shared with the children
    for _kill in range(KILLS):
        assert not live_and_die(orders, steps=dice.randint(1, 2), moment=dice.random() / 50)
    assert wrongs() == []
    while not live_and_die(orders, steps=ORDERS + 1, moment=0):
        pass
    assert wrongs() == []
    with db.reading() as session:
        counts = {t.__name__: session.exec(select(func.count()).select_from(t)).one() for t in (Order, Document, Shipment, IdempotencyKey)}
        assert counts == dict.fromkeys(counts, ORDERS)
        assert session.exec(select(func.count()).select_from(Customer)).one() == 7
        mails = dict(session.exec(select(OutboxMail.kind, func.count()).group_by(OutboxMail.kind)).all())
        assert mails == {"order-confirmation": ORDERS, "payment-received": ORDERS // 2, "tracking": ORDERS // 3}
        by_provider = len([n for n in range(ORDERS) if n % 10 == 0])
        assert session.exec(select(func.count()).select_from(Payment)).one() == ORDERS // 2 + by_provider
