"""A process that dies at any moment leaves every order whole, and a repetition doubles nothing (API-1, INV-2, M-3)."""

import os
import random
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection

import pytest
from databases import TestShop
from killing import fork, killed_at
from saying_yes import say_yes
from sqlmodel import func, select
from wholeness import wrongs

from backoffice_app import db
from backoffice_app.domain.core.actions import perform
from backoffice_app.domain.core.rights import RIGHTS_OF, Actor, ActorKind, Right, Role
from backoffice_app.domain.intake.take_in import take_in
from backoffice_app.domain.orders.new_order import NewOrder
from backoffice_app.models import Customer, Document, IdempotencyKey, Order, OutboxMail, Payment, Shipment

ORDERS, KILLS = 60, 24
SHOP = Actor(ActorKind.API_KEY, "A shop", frozenset({Right.ORDERS_WRITE, Right.PAY, Right.SHIP}), id=7)


def take_in_pay_and_ship(orders: list[NewOrder], told: Connection) -> None:
    """What the process that is killed does, from the first order on in each life: what is done already
    changes nothing.
    """
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
    """Runs the process and kills it by SIGKILL, `moment` seconds after its `steps`th new order.

    True if it came to its end before.
    """
    db.forget_engines()  # no connection may be shared with the child
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


def test_api1_a_bulk_intake_killed_at_random_moments_loses_nothing_and_doubles_nothing(
    shop: TestShop,
) -> None:
    wishes = {n: {"customer": {"email": f"c{n % 7}@example.com"}} for n in range(ORDERS)}
    orders = [
        shop.new_order(lines=1 + n % 4, provider=n % 5 == 0 and n % 2 == 0, **wishes[n])
        for n in range(ORDERS)
    ]
    dice = random.Random(1)  # the same moments in each run, as far as a machine can
    for _kill in range(KILLS):
        assert not live_and_die(orders, steps=dice.randint(1, 2), moment=dice.random() / 50)
    assert wrongs() == []
    while not live_and_die(orders, steps=ORDERS + 1, moment=0):
        pass
    assert wrongs() == []
    with db.reading() as session:
        counts = {
            t.__name__: session.exec(select(func.count()).select_from(t)).one()
            for t in (Order, Document, Shipment, IdempotencyKey)
        }
        assert counts == dict.fromkeys(counts, ORDERS)
        assert session.exec(select(func.count()).select_from(Customer)).one() == 7
        mails = dict(session.exec(select(OutboxMail.kind, func.count()).group_by(OutboxMail.kind)).all())
        assert mails == {
            "order-confirmation": ORDERS,
            "payment-received": ORDERS // 2,
            "tracking": ORDERS // 3,
        }
        by_provider = len([n for n in range(ORDERS) if n % 10 == 0])
        assert session.exec(select(func.count()).select_from(Payment)).one() == ORDERS // 2 + by_provider


STATEMENTS_TRIED = int(os.environ.get("KONTOR_KILLS", "5"))
"""At so many statements of each action, drawn at random, its process dies; `make nightly` tries more."""
CLERK = Actor(ActorKind.USER, "Ada", RIGHTS_OF[Role.OWNER], id=1, role=Role.OWNER)


def _shipped_and_paid(shop: TestShop) -> Order:
    order = shop.order(lines=2, paid=True)
    perform(CLERK, "ship", order.id or 0)
    return shop.load(order.id or 0)


def _with_return(shop: TestShop) -> Order:
    order = _shipped_and_paid(shop)
    perform(CLERK, "create-return", order.id or 0, {"quantities": {"1": "2"}})
    perform(
        CLERK,
        "receive-return",
        order.id or 0,
        {"return": shop.load(order.id or 0).returns[0].number, "restock": True},
    )
    return shop.load(order.id or 0)


def _unpaid(shop: TestShop) -> Order:
    return shop.order(
        payment={"method": "prepaid", "name": "Vorkasse", "state": "open", "invoiced_by": "provider"}
    )


def _overpaid(shop: TestShop) -> Order:
    order = _shipped_and_paid(shop)
    perform(CLERK, "credit-note", order.id or 0, {"invoice": order.documents[0].number, "amount": "5"})
    return shop.load(order.id or 0)


def _to_a_bare_street(shop: TestShop) -> Order:
    return shop.order(
        shipping_address={
            "name": "Ada",
            "street": "Lindenallee",
            "postcode": "14467",
            "city": "Potsdam",
            "country": "DE",
        }
    )


BEGUN: dict[str, tuple[Callable[[TestShop], Order], Callable[[Order], dict[str, object]]]] = {
    "credit-note": (
        _shipped_and_paid,
        lambda order: {"invoice": order.documents[0].number, "quantities": {"1": "1"}, "restock": True},
    ),
    "cancel-invoice": (_shipped_and_paid, lambda order: {"invoice": order.documents[0].number}),
    "correct-invoice": (_shipped_and_paid, lambda order: {"invoice": order.documents[0].number}),
    "complete-return": (_with_return, lambda order: {"return": order.returns[0].number}),
    "cancel": (lambda shop: shop.order(lines=2, paid=True), lambda _order: {"reason": "why"}),
    "add-task": (lambda shop: shop.order(), lambda _order: {"title": "Call"}),
    "address-is-right": (_to_a_bare_street, lambda _order: {"kind": "shipping"}),
    "remind": (_unpaid, lambda _order: {}),
    "refund": (_overpaid, lambda _order: {"amount": "5", "key": "form-1"}),
}


def run_until(statement: int, key: str, order: Order, values: dict[str, object]) -> int:
    """How many statements the action took in a process of its own; 0 if it was killed."""
    return killed_at(statement, lambda: say_yes(CLERK, key, order.id or 0, values))


@pytest.mark.twins
@pytest.mark.parametrize("key", BEGUN)
def test_w13_killed_between_any_two_statements_an_action_is_done_or_not_begun(
    shop: TestShop, key: str
) -> None:
    begin, values_of = BEGUN[key]
    order, twin = begin(shop), begin(shop)
    statements = run_until(0, key, twin, values_of(twin) | ({"key": "twin"} if key == "refund" else {}))
    assert statements > 10
    dice = random.Random(key)  # the same statements in each run
    for statement in sorted(
        dice.sample(range(1, statements - 8), min(STATEMENTS_TRIED, statements - 9))
    ):  # a second one may take fewer
        assert run_until(statement, key, order, values_of(order)) == 0, (
            f"not killed at {statement} of {statements}"
        )
        assert shop.load(order.id or 0).version == order.version
        assert wrongs() == []
    for statement in range(statements - 8, statements + 1):  # about the commit, where it is done or not
        was_killed = not run_until(statement, key, order, values_of(order))
        now = shop.load(order.id or 0)
        assert now.version == order.version + 1 or (was_killed and now.version == order.version)
        assert wrongs() == []
        if now.version != order.version:
            return
    assert run_until(0, key, order, values_of(order))
    assert shop.load(order.id or 0).version == order.version + 1
    assert wrongs() == []
